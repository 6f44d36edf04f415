"""A start that is not empty: customers who are already there when the run begins.

Comes in: a configuration with `run.start_with`, such as `{email: 300, phone: 12}`. Goes out: the configuration that is
simulated, with one more stream of replayed arrivals for each channel named. They join a deferred channel, or one that
is open, at time zero, and one that is closed then at its first opening. So agents are busy and queues stand from the
first moment on.

They are first contacts like any other: with their own segment, reason, patience and luck, counted as offered if they
fall into the measured window (with `run.warm_up=1s` those of time zero do not). Their service begins with the run: with
exponential times that is exactly a centre in mid-run, with others an approximation. Streams of the demand keep their
customers to the bit.
"""

from __future__ import annotations

from ..errors import InputError, Problem, nearest
from ..model.base import FrozenDict
from ..model.calendar import cycle_of, spans_of
from ..model.centre import Configuration
from ..model.people import Stream
from ..model.units import DAY

PREFIX = "already there: "


def started(config: Configuration) -> Configuration:
    """The configuration to simulate; raises InputError for a channel that the centre does not have open."""
    asked = {name: count for name, count in config.run.start_with.items() if count}
    if not asked:
        return config
    problems = [
        Problem(f"run.start_with.{name}", f"unknown or closed channel{nearest(name, config.open_channels)}")
        for name in asked
        if name not in config.open_channels
    ]
    if problems:
        raise InputError(problems)
    streams = {f"{PREFIX}{name}": _stream(config, name, count) for name, count in asked.items()}
    demand = config.demand.model_copy(update={"streams": FrozenDict({**config.demand.streams, **streams})})
    return config.model_copy(update={"demand": demand})


def _stream(config: Configuration, name: str, count: int) -> Stream:
    return Stream(times=(_opening(config, name),) * count, first_channel={name: 1.0})


def _opening(config: Configuration, name: str) -> float:
    """Seconds from the start until the channel takes a contact; 0 if it never opens."""
    channel, begin = config.channels[name], config.run.start.weekday() * DAY
    if channel.kind == "deferred":
        return 0.0
    cycle = cycle_of(config.channels.values(), config.run)
    spans = spans_of(channel, config.run, cycle)
    waits = [0.0 if start <= begin < end else (start - begin) % cycle for start, end in spans]
    return min(waits, default=0.0)

"""Volumes and handle times that the formulas are given.

Comes in: a configuration and, where it was simulated, what its plan gave. Goes out: contacts an interval and seconds a
contact, by live channel and slot. Where customers come to a channel only as their first contact, these are the stated
numbers, exactly as a planner would type them into a calculator. Where redials, switches or reopened issues add to
them, nobody states what arrives in the end, and the simulated plan says it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...chance.streams import Streams
from ...model.centre import Configuration
from ...model.channels import Queued
from ...model.units import DAY
from .observed import Observed
from .slots import Slots, open_by_slot

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Volume:
    """What one channel is asked to handle, by slot."""

    contacts: Floats
    """offered in the slot on one day"""
    rate: Floats
    """the same a second"""
    handle: Floats
    """time of an agent that a contact takes, s, of an agent who has no other"""
    stated: bool
    """whether the configuration says so; else the simulated plan does"""


def stated_alone(config: Configuration, channel: str) -> bool:
    """Whether customers come to the channel with their first contact only, and for all the same time."""
    spec = config.channels[channel]
    varied = isinstance(spec, Queued) and (spec.by_reason or spec.by_segment or spec.by_pool or spec.turns.probability)
    stay = config.journeys.stay
    mixes = [
        row.mix(name, stay)
        for name, by_outcome in config.journeys.rows.items() for rows in by_outcome.values() for row in rows
    ]  # fmt: skip
    pushed = [each.deflection for each in config.channels.values() if isinstance(each, Queued) and each.deflection]
    reached = any(mix.get(channel, 0.0) > 0 for mix in (*mixes, *(each.to for each in pushed)))
    comes_back = any(config.channels[name].reopen > 0 for name in config.open_channels)
    return not varied and not reached and not comes_back


def volumes(config: Configuration, slots: Slots, channel: str, plan: Observed | None) -> Volume:
    """Stated volumes, or those simulated at the plan where none are stated."""
    contacts, handle = stated_contacts(config, slots, channel), _stated_handle(config, slots, channel)
    if plan is None or stated_alone(config, channel):
        return Volume(contacts, contacts / slots.length, handle, True)
    return observed_volume(config, slots, channel, plan)


def observed_volume(config: Configuration, slots: Slots, channel: str, observed: Observed) -> Volume:
    """What a simulation gave, with its mean handle time throughout."""
    spec = config.channels[channel]
    assert isinstance(spec, Queued)
    mean = float(observed.value("channel", channel, "aht")[0]) * _alone(config, channel, observed)
    handle = spec.mean_handle if np.isnan(mean) or mean == 0 else mean
    contacts = observed.offered(channel)[1:] / slots.days_by_slot
    return Volume(contacts, contacts / slots.length, np.full(slots.count, handle), False)


def _alone(config: Configuration, channel: str, observed: Observed) -> float:
    """What a handled contact would take an agent who has no other, as a share of what it took: below 1 where agents
    hold several at a time. It is the mean work stated over the mean time observed without hand-overs."""
    spec = config.channels[channel]
    shares = any(
        pool.concurrency.get(channel, getattr(spec, "concurrency", 1)) > 1
        for pool in config.staffing.values()
        if channel in pool.serves
    )
    mean = float(observed.value("channel", channel, "aht")[0])
    return min(1.0, spec.mean_handle / mean) if shares and isinstance(spec, Queued) and mean > 0 else 1.0


def stated_contacts(config: Configuration, slots: Slots, channel: str) -> Floats:
    """First contacts with the channel by slot, mean of the slot's days; those that find it closed do not count."""
    streams, number = Streams(config), config.open_channels.index(channel)
    days = np.zeros((len(slots.measured), slots.per_day))
    for source in streams.sources:
        segments = np.diff(source.segments, prepend=0.0)
        share = segments @ np.diff(source.first_channel, axis=1, prepend=0.0)[:, number] / segments.sum()
        for row, day in enumerate(slots.measured):
            days[row] += share * in_slots(streams.rates_by_channel(source, day)[number], slots.per_day)
    return slots.by_slot(days) * (open_by_slot(config, slots, channel) > 0)


def in_slots(counts: Floats, size: int) -> Floats:
    """Counts by equal intervals of a day, in `size` intervals of it."""
    fine = np.lcm(counts.size, size)
    return np.asarray(np.repeat(counts / (fine // counts.size), fine // counts.size).reshape(size, -1).sum(axis=1))


def _stated_handle(config: Configuration, slots: Slots, channel: str) -> Floats:
    """Mean handle time by slot: service, wrap-up and their factor by interval."""
    spec = config.channels[channel]
    assert isinstance(spec, Queued)
    if spec.service_factors is None:
        return np.full(slots.count, spec.mean_handle)
    step = spec.service_factors.interval
    values = np.array(spec.service_factors.values)
    middles = np.arange(slots.per_day) * slots.length + min(slots.length, step) / 2
    table = [values[((day * DAY + middles) // step).astype(np.int64) % values.size] for day in slots.measured]
    return spec.mean_handle * slots.by_slot(np.array(table))

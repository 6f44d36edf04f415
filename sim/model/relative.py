"""Relative keys: more calls, longer talks, two agents fewer, said as a planner says them.

Comes in: a configuration with `channels.*.aht_factor`, `staffing.*.plus`, `staffing.*.factor`, `demand.channels` or
`demand.dates`. Goes out: the same centre with plain numbers only, so that nothing below has to know these keys. A
planner's own data apply the same functions to the imported numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import InputError, Problem, nearest
from .base import FrozenDict
from .channels import AnyChannel, Factors, Queued
from .mechanisms import Variation
from .people import Customers, Demand, Pool, Segment, Stream
from .units import DAY, DAYS

if TYPE_CHECKING:
    from .centre import Configuration

WEEK_OF_DAYS = 7


def resolved(config: Configuration) -> Configuration:
    """The configuration without relative keys; the same object if it has none. Raises InputError for one that cannot
    act: agents added to shifts, a factor on a channel where nobody begins."""
    channels = {name: with_handle_times(channel) for name, channel in config.channels.items()}
    pools = {name: with_agents(name, pool, config.run.start) for name, pool in config.staffing.items()}
    parts: dict[str, object] = {}
    if any(channels[name] is not channel for name, channel in config.channels.items()):
        parts["channels"] = FrozenDict(channels)
    if any(pools[name] is not pool for name, pool in config.staffing.items()):
        parts["staffing"] = FrozenDict(pools)
    if config.demand.channels or config.demand.dates:
        parts["demand"], parts["customers"] = _with_demand(config.demand, config.customers)
    return config.model_copy(update=parts) if parts else config


def with_handle_times(channel: AnyChannel) -> AnyChannel:
    """The channel with all its handle times multiplied by `aht_factor`."""
    if not isinstance(channel, Queued) or channel.aht_factor == 1.0:
        return channel
    factor = channel.aht_factor
    update: dict[str, object] = {"aht_factor": 1.0, "service": channel.service.scaled(factor)}
    if channel.wrap_up is not None:
        update["wrap_up"] = channel.wrap_up.scaled(factor)
    for name in ("by_segment", "by_reason", "by_pool"):
        variations: Mapping[str, Variation] = getattr(channel, name)
        update[name] = FrozenDict({key: _varied(each, factor) for key, each in variations.items()})
    return channel.model_copy(update=update)


def _varied(variation: Variation, factor: float) -> Variation:
    laws = {name: getattr(variation, name) for name in ("service", "wrap_up")}
    return variation.model_copy(update={name: law.scaled(factor) for name, law in laws.items() if law is not None})


def with_agents(name: str, pool: Pool, start: dt.date) -> Pool:
    """The group with its agents times `factor` and then `plus` in every interval that has any; never below none.

    `start` is the run's first day: where weekdays differ, numbers by interval of a week take the place of a profile.
    """
    if pool.plus == 0 and pool.factor == 1:
        return pool
    if pool.shifts:
        what = "is staffed by shifts, which name their agents: change the agents of the shifts"
        raise InputError(Problem(f"staffing.{name}.{'plus' if pool.plus else 'factor'}", what))
    neutral = pool.model_copy(update={"plus": 0.0, "factor": 1.0})
    if pool.counts is not None:
        values = tuple(_agents(value, pool) for value in pool.counts.values)
        return neutral.model_copy(update={"counts": pool.counts.model_copy(update={"values": values})})
    if pool.plus == 0:
        return neutral.model_copy(update={"agents": pool.agents * pool.factor})
    top = max(*pool.profile, 1e-300)
    days = [pool.weekday.get(DAYS[(start.weekday() + day) % WEEK_OF_DAYS], 1.0) for day in range(WEEK_OF_DAYS)]
    values = tuple(_agents(pool.agents * share / top * day, pool) for day in days for share in pool.profile)
    counts = Factors.model_construct(interval=DAY / len(pool.profile), values=values)
    return neutral.model_copy(update={"agents": 0.0, "weekday": FrozenDict(), "counts": counts})


def _agents(value: float, pool: Pool) -> float:
    return max(0.0, value * pool.factor + pool.plus) if value > 0 else 0.0


def _with_demand(demand: Demand, customers: Customers) -> tuple[Demand, Customers]:
    """Streams and segments with the factors by channel and by date in them."""
    factors = demand.channels
    _check_channels(demand, customers)
    segments = customers.segments
    shares = {name: each.share * _weight(each.first_channel, factors) for name, each in segments.items()}
    total = sum(shares.values())
    streams = {}
    for name, stream in demand.streams.items():
        if demand.dates and stream.times is not None:
            raise InputError(Problem("demand.dates", f"stream {name} replays its arrivals, which have no factor"))
        streams[name] = _stream(_on_dates(stream, demand.dates), customers, factors, total)
    changed = demand.model_copy(update={"streams": FrozenDict(streams), "channels": FrozenDict(), "dates": {}})
    if all(stream.first_channel for stream in demand.streams.values()):
        return changed, customers  # each stream has a mix of its own, and its segments stay as they are
    tilted = {name: _tilted(each, shares[name] / total, factors) for name, each in segments.items()}
    return changed, customers.model_copy(update={"segments": FrozenDict(tilted)})


def _check_channels(demand: Demand, customers: Customers) -> None:
    """Raises InputError for a channel where no customer begins: a factor on none would do nothing."""
    mixes = [segment.first_channel for segment in customers.segments.values()]
    mixes += [stream.first_channel for stream in demand.streams.values()]
    known = list(dict.fromkeys(name for mix in mixes for name, share in mix.items() if share > 0))
    problems = [
        Problem(f"demand.channels.{name}", f"no customer begins there{nearest(name, known)}")
        for name in demand.channels if name not in known
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def _weight(mix: Mapping[str, float], factors: Mapping[str, float]) -> float:
    """How many times as many customers of a mix there are."""
    return sum(share * factors.get(name, 1.0) for name, share in mix.items()) if mix else 1.0


def _mix(mix: Mapping[str, float], factors: Mapping[str, float]) -> FrozenDict[str, float]:
    weight = _weight(mix, factors)
    return FrozenDict({name: share * factors.get(name, 1.0) / weight for name, share in mix.items()})


def _tilted(segment: Segment, share: float, factors: Mapping[str, float]) -> Segment:
    return segment.model_copy(update={"share": share, "first_channel": _mix(segment.first_channel, factors)})


def _on_dates(stream: Stream, dates: Mapping[dt.date, float]) -> Stream:
    if not dates:
        return stream
    every = {**stream.dates, **{date: factor * stream.dates.get(date, 1.0) for date, factor in dates.items()}}
    return stream.model_copy(update={"dates": every})


def _stream(stream: Stream, customers: Customers, factors: Mapping[str, float], total: float) -> Stream:
    """A stream with as many times more customers as its own mix of first channels and segments makes of the factors."""
    if not factors:
        return stream
    if stream.first_channel:
        update: dict[str, object] = {"first_channel": _mix(stream.first_channel, factors)}
        return _times(stream, _weight(stream.first_channel, factors)).model_copy(update=update)
    if not stream.segments:
        return _times(stream, total)
    shares = {
        name: share * _weight(customers.segments[name].first_channel, factors)
        for name, share in stream.segments.items()
    }
    own = sum(shares.values())
    tilted = FrozenDict({name: share / own for name, share in shares.items()})
    return _times(stream, own).model_copy(update={"segments": tilted})


def _times(stream: Stream, factor: float) -> Stream:
    """The stream with `factor` times the customers; raises InputError for one that replays its arrivals."""
    if factor == 1.0:
        return stream
    if stream.rates is not None:
        values = tuple(value * factor for value in stream.rates.values)
        return stream.model_copy(update={"rates": stream.rates.model_copy(update={"values": values})})
    if stream.per_day is None:
        raise InputError(Problem("demand.channels", "a stream replays its arrivals, which have no factor"))
    changed = {"per_day": stream.per_day * factor}
    if stream.sd is not None:
        changed["sd"] = stream.sd * factor
    return stream.model_copy(update=changed)

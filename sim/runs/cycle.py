"""After how long a centre repeats itself: a week, a day, or nothing that repeats.

Comes in: a configuration. Goes out: the cycle of its demand, its staff and its opening hours. Runs shorter than a cycle
speak of a part of it only, and two moments are comparable if they are whole cycles apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..model.centre import Configuration
from ..model.channels import Factors
from ..model.people import Pool, Stream
from ..model.units import DAY, DAYS, WEEK


def cycle(config: Configuration) -> float:
    """Seconds: `WEEK` where weekdays differ, `DAY` where only times of day do, 0 for a centre that is always the same;
    infinite for replayed arrivals, single dates and anything else that does not repeat."""
    return max(_cycles(config), default=0.0)


def _cycles(config: Configuration) -> Iterator[float]:
    for stream in config.demand.streams.values():
        yield _of_stream(stream)
    for pool in config.staffing.values():
        yield _of_pool(pool)
    for name in config.open_channels:
        channel = config.channels[name]
        yield float("inf") if channel.dates else _of_hours(channel.hours)


def _of_stream(stream: Stream) -> float:
    if stream.times is not None or stream.dates:
        return float("inf")
    return max(_of_profile(stream.profile, stream.weekday), _of_factors(stream.rates))


def _of_pool(pool: Pool) -> float:
    if any(shift.days != "daily" for shift in pool.shifts):
        return WEEK
    return max(DAY if pool.shifts else 0.0, _of_profile(pool.profile, pool.weekday), _of_factors(pool.counts))


def _of_profile(profile: Collection[float], weekday: Mapping[str, float]) -> float:
    if len({weekday.get(day, 1.0) for day in DAYS}) > 1:
        return WEEK
    return DAY if len(set(profile)) > 1 else 0.0


def _of_factors(factors: Factors | None) -> float:
    if factors is None or len(set(factors.values)) == 1:
        return 0.0
    length = len(factors.values) * factors.interval
    return next((each for each in (DAY, WEEK) if each % length == 0), float("inf"))


def _of_hours(hours: Collection[tuple[float, float]]) -> float:
    if list(hours) == [(0.0, WEEK)] or not hours:
        return 0.0
    days = [sorted((s % DAY, e - s) for s, e in hours if s // DAY == day) for day in range(7)]
    return DAY if all(day == days[0] for day in days) else WEEK

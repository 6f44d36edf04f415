"""Customers by key: their times and what they are, compiled, for whole days at once.

Comes in: counts by interval, or customers, and cumulative weights. Goes out: arrays, filled in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .jit import compiled, part_of_kernel
from .keys import WHOLE_DAY, Purpose, entity_of
from .philox import uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ARRIVAL, _ARRIVAL_INTERVAL = int(Purpose.ARRIVAL), int(Purpose.ARRIVAL_INTERVAL)
_SEGMENT, _REASON, _FIRST_CHANNEL = int(Purpose.SEGMENT), int(Purpose.REASON), int(Purpose.FIRST_CHANNEL)

AT_ONCE = 512
"""draws"""


@compiled
def draw(seed: int, replication: int, entities: Ints, purpose: int, u: Floats) -> None:
    """A uniform for each entity."""
    for i in range(entities.size):
        u[i] = uniform(seed, replication, entities[i], 0, purpose)


@compiled
def fill(
    seed: int, replication: int, stream: int, day: int, counts: Ints, length: float, until: float, luck: Floats,
    begins: Ints, times: Floats, entities: Ints,
) -> int:  # fmt: skip
    """Times and entities of those who come before `until`, by time and then by entity, but for the interval that
    `until` cuts: how many. `luck` has room for the largest count, and `begins` for one more."""
    come = 0
    for interval in range(counts.size):
        count, first = counts[interval], come
        when, who = times[first : first + count], entities[first : first + count]
        if day * 86400.0 + (interval + 1) * length > until:
            key = (seed, replication, entity_of(stream, day, interval, 0))
            return first + _fill_before(until, *key, day * 86400.0, float(interval), length, luck, when, who)
        for number in range(count):
            who[number] = entity_of(stream, day, interval, number)
        draw(seed, replication, who, _ARRIVAL, luck[:count])
        _begin(luck[:count], begins[: count + 1])
        for number in range(count):  # each into the part of the interval in which it comes
            part = _part(luck[number], count)
            when[begins[part]] = day * 86400.0 + (interval + luck[number]) * length
            who[begins[part]] = entity_of(stream, day, interval, number)
            begins[part] += 1
        _sort_neighbours(when, who)
        while come < first + count and times[come] < until:
            come += 1
    return come


@part_of_kernel
def _fill_before(
    until: float, seed: int, replication: int, first: int, midnight: float, interval: float, length: float,
    luck: Floats, times: Floats, entities: Ints,
) -> int:  # fmt: skip
    """Times and entities, by number, of those of an interval who come before `until`: how many. `first` is the entity
    of its first customer. Most may come later: so that they touch little memory, they are drawn some at a time."""
    kept = 0
    for begin in range(0, times.size, AT_ONCE):
        count = min(AT_ONCE, times.size - begin)
        for i in range(count):
            luck[i] = uniform(seed, replication, first + begin + i, 0, _ARRIVAL)
        for i in range(count):
            time = midnight + (interval + luck[i]) * length
            times[kept], entities[kept] = time, first + begin + i
            kept += time < until
    return kept


@part_of_kernel
def _part(u: float, parts: int) -> int:
    """In which of so many equal parts of the unit interval a uniform lies."""
    return min(int(u * parts), parts - 1)


@part_of_kernel
def _begin(luck: Floats, begins: Ints) -> None:
    """Fills in where each part of the interval begins, if the customers stand in the order of their parts."""
    begins[:] = 0
    for number in range(luck.size):
        begins[_part(luck[number], luck.size) + 1] += 1
    for part in range(luck.size):
        begins[part + 1] += begins[part]


@part_of_kernel
def _sort_neighbours(times: Floats, entities: Ints) -> None:
    """Sorts by time and then by entity what stands close to its place."""
    for i in range(1, times.size):
        time, entity, k = times[i], entities[i], i
        while k > 0 and (times[k - 1] > time or (times[k - 1] == time and entities[k - 1] > entity)):
            times[k], entities[k] = times[k - 1], entities[k - 1]
            k -= 1
        times[k], entities[k] = time, entity


@compiled
def fill_day(
    seed: int, replication: int, stream: int, day: int, cumulative: Floats, length: float, times: Floats, entities: Ints
) -> None:
    """Times and entities of a count of the whole day, which fall on intervals by key."""
    for number in range(times.size):
        entity = entity_of(stream, day, WHOLE_DAY, number)
        interval = _pick(uniform(seed, replication, entity, 0, _ARRIVAL_INTERVAL), cumulative)
        u = uniform(seed, replication, entity, 0, _ARRIVAL)
        times[number] = day * 86400.0 + (interval + u) * length
        entities[number] = entity


@compiled
def _pick(u: float, cumulative: Floats) -> int:
    """The first index whose cumulative share exceeds u; never one of zero share."""
    total = cumulative[-1]
    choice = 0
    before = 0.0
    for i in range(cumulative.size):
        if cumulative[i] > before:
            choice = i
            before = cumulative[i]
            if u * total < before:
                break
    return choice


@compiled
def draw_attributes(
    seed: int, replication: int, entities: Ints, interval: Ints, segments: Floats, reasons: Floats,
    first_channel: Floats, segment: Ints, reason: Ints, channel: Ints,
) -> None:  # fmt: skip
    """Segments, reasons and first channels of customers who came in these intervals, from cumulative weights."""
    for i in range(entities.size):
        entity, k = entities[i], interval[i]
        s = _pick(uniform(seed, replication, entity, 0, _SEGMENT), segments[k]) if segments.shape[1] > 1 else 0
        segment[i] = s
        reason[i] = _pick(uniform(seed, replication, entity, 0, _REASON), reasons[s]) if reasons.shape[1] > 1 else 0
        channel[i] = 0
        if first_channel.shape[2] > 1:
            channel[i] = _pick(uniform(seed, replication, entity, 0, _FIRST_CHANNEL), first_channel[k, s])

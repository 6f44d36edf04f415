"""Customers by key: their times and what they are, compiled, for whole days at once.

Comes in: counts by interval, or customers, and cumulative weights. Goes out: arrays, filled in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .jit import compiled
from .keys import WHOLE_DAY, Purpose, entity_of
from .philox import uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ARRIVAL, _ARRIVAL_INTERVAL = int(Purpose.ARRIVAL), int(Purpose.ARRIVAL_INTERVAL)
_SEGMENT, _REASON, _FIRST_CHANNEL = int(Purpose.SEGMENT), int(Purpose.REASON), int(Purpose.FIRST_CHANNEL)


@compiled
def draw(seed: int, replication: int, entities: Ints, purpose: int, u: Floats) -> None:
    """A uniform for each entity."""
    for i in range(entities.size):
        u[i] = uniform(seed, replication, entities[i], 0, purpose)


@compiled
def fill(
    seed: int, replication: int, stream: int, day: int, counts: Ints, length: float, until: float, times: Floats,
    entities: Ints,
) -> int:  # fmt: skip
    """Times and entities of those who come before `until`: how many."""
    end = 0
    for interval in range(counts.size):
        begin, end = end, end + counts[interval]
        t, e = times[begin:end], entities[begin:end]
        for i in range(e.size):
            e[i] = entity_of(stream, day, interval, i)
        draw(seed, replication, e, _ARRIVAL, t)
        for i in range(t.size):
            t[i] = day * 86400.0 + (interval + t[i]) * length
        if day * 86400.0 + (interval + 1) * length >= until:
            end = begin + _keep_before(until, t, e)
    return end


@compiled
def _keep_before(until: float, times: Floats, entities: Ints) -> int:
    """Moves those before `until` to the front: how many."""
    kept = 0
    for i in range(times.size):
        time = times[i]
        times[kept], entities[kept] = time, entities[i]
        kept += time < until
    return kept


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
        channel[i] = _pick(uniform(seed, replication, entity, 0, _FIRST_CHANNEL), first_channel[k, s])

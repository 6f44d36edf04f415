"""Times cut into days and intervals of the day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled, part_of_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ONE: Ints = np.zeros(0, dtype=np.int64)
"""instead of the run of each thing: there is one"""


def whole_times(time: Floats, length: float) -> Ints:
    """How often a length fits into each time, which is not below zero, as a whole: `time // length`.

    >>> whole_times(np.array([0.0, 86399.99999999999, 86400.0]), 86400.0).tolist()
    [0, 0, 1]
    """
    if not float(length).is_integer():
        return np.asarray((time // length).astype(np.int64))
    result = np.empty(time.size, dtype=np.int64)
    _whole_times(np.ascontiguousarray(time), float(length), result)
    return result


def interval_codes(time: Floats, day: float, interval: float) -> Ints:
    """Of each time the day and the interval of the day as one number: days from time zero x intervals of a day +
    interval. The last interval of a day lasts until midnight."""
    intervals = round(day / interval)
    if not float(interval).is_integer():
        days = whole_times(time, day)
        return days * intervals + np.minimum(whole_times(time - days * day, interval), intervals - 1)
    result = np.empty(time.size, dtype=np.int64)
    _interval_codes(np.ascontiguousarray(time), day, float(interval), intervals, result)
    return result


def seconds(early: Floats, late: Floats, which: Bools) -> Floats:
    """Seconds from the early to the late time of those which; 0 for others, and where one of both did not happen."""
    result = np.empty(early.size)
    _seconds(np.ascontiguousarray(early), np.ascontiguousarray(late), which, result)
    return result


def waits(contacts: Mapping[str, NDArray[Any]], stopped: Floats, run: Ints = ONE) -> Floats:
    """Seconds from joining to the answer, or to the end without one, whichever was first; or until the run stopped.
    `stopped` is by run, `run` says of each contact of which run it is."""
    times = [np.ascontiguousarray(contacts[name]) for name in ("arrived", "answered", "ended")]
    result = np.empty(times[0].size)
    _waits(stopped, run, result, *times)
    return result


@part_of_kernel
def _whole(time: float, length: float) -> int:
    """`time // length` for whole lengths, without its slow remainder."""
    times = int(time / length)
    return times - 1 if times * length > time else times  # the quotient may have been rounded up to a whole number


@compiled
def _whole_times(time: Floats, length: float, result: Ints) -> None:
    """Fills in how often the length fits."""
    for i in range(time.size):
        result[i] = _whole(time[i], length)


@compiled
def _interval_codes(time: Floats, day: float, interval: float, intervals: int, result: Ints) -> None:
    """Fills in the codes."""
    for i in range(time.size):
        days = _whole(time[i], day)
        result[i] = days * intervals + min(_whole(time[i] - days * day, interval), intervals - 1)


@compiled
def _seconds(early: Floats, late: Floats, which: Bools, result: Floats) -> None:
    """Fills in the seconds."""
    for i in range(early.size):
        length = late[i] - early[i]
        result[i] = length if which[i] and length == length else 0.0


@compiled
def _waits(stopped: Floats, run: Ints, result: Floats, arrived: Floats, answered: Floats, ended: Floats) -> None:
    """Fills in the waits."""
    for i in range(arrived.size):
        until = answered[i] if answered[i] <= ended[i] or ended[i] != ended[i] else ended[i]
        result[i] = (until if until == until else stopped[run[i] if run.size else 0]) - arrived[i]

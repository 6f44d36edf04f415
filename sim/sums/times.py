"""Times cut into days and intervals of the day."""

from __future__ import annotations

from math import floor

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled, part_of_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def whole_times(time: Floats, length: float) -> Ints:
    """How often a length fits into each time as a whole: `time // length`.

    >>> whole_times(np.array([0.0, 86399.99999999999, 86400.0]), 86400.0).tolist()
    [0, 0, 1]
    """
    result = np.empty(time.size, dtype=np.int64)
    _whole_times(np.ascontiguousarray(time), float(length), result)
    return result


def interval_codes(time: Floats, day: float, interval: float) -> Ints:
    """Of each time the day and the interval of the day as one number: days from time zero x intervals of a day +
    interval. The last interval of a day lasts until midnight."""
    result = np.empty(time.size, dtype=np.int64)
    _interval_codes(np.ascontiguousarray(time), day, float(interval), round(day / interval), result)
    return result


@part_of_kernel
def _whole(time: float, length: float) -> int:
    """`time // length`, without its slow remainder where the length is a whole number."""
    if length != floor(length):
        return int(time // length)
    times = floor(time / length)
    return int(times - 1 if times * length > time else times)  # the quotient may have been rounded up to a whole number


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

"""Sums of many columns at once, by place.

Comes in: for each of many things (cells, pieces of time, pairs of a cell and a kind) a place, and a row of numbers.
Goes out: the sum of the rows of each place. A log has a hundred weights to be summed in the same way, so they are the
columns of one array, and one pass sums them all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def row_sums(places: Ints, rows: Floats, size: int) -> Floats:
    """(size, columns): sums of the things' `rows` (things, columns), each in all the places that `places` (., things)
    says. Raises IndexError for a place beyond `size`."""
    every, once = np.arange(len(rows)), np.ones(len(rows), dtype=np.int64)
    total = np.zeros((size, rows.shape[1]))
    for place in places:
        _add(place, every, once, np.ascontiguousarray(rows), total)
    return total


def row_sums_by_kind(place: Ints, kind: Ints, number: Ints, rows: Floats, size: int) -> Floats:
    """(size, columns): sums by place, where each of `rows` (kinds, columns) is that of a kind of things, and `number`
    says how many of a kind there are in a place. Raises IndexError for a place beyond `size`, or no kind of these."""
    total = np.zeros((size, rows.shape[1]))
    _add(place, kind, number, np.ascontiguousarray(rows), total)
    return total


def _add(place: Ints, kind: Ints, number: Ints, rows: Floats, total: Floats) -> None:
    """Adds, and raises IndexError for what machine code would read or write beyond its tables."""
    if not _add_rows(place, kind, number, rows, total):
        raise IndexError(f"places are 0 to {len(total) - 1}, got {place.min()} to {place.max()}; or no such kind")


@compiled
def _add_rows(place: Ints, kind: Ints, number: Ints, rows: Floats, total: Floats) -> bool:
    """Adds to the total of each place the row of the kind, so many times: whether all of them are there."""
    for i in range(place.size):
        here, row = place[i], kind[i]
        if here < 0 or here >= total.shape[0] or row < 0 or row >= rows.shape[0]:
            return False
        for column in range(rows.shape[1]):
            total[here, column] += rows[row, column] * number[i]
    return True

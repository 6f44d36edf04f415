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
    total = np.zeros((size, rows.shape[1]))
    if not _add_rows(places, np.ascontiguousarray(rows), total):
        raise IndexError(f"places of {len(rows)} things are 0 to {size - 1}, got {places.min()} to {places.max()}")
    return total


def row_sums_by_kind(place: Ints, kind: Ints, number: Ints, rows: Floats, size: int) -> Floats:
    """(size, columns): sums by place, where each of `rows` (kinds, columns) is that of a kind of things, and `number`
    says how many of a kind there are in a place. Raises IndexError for a place beyond `size`, or no kind of these."""
    total = np.zeros((size, rows.shape[1]))
    if not _add_kinds(place, kind, number, np.ascontiguousarray(rows), total):
        raise IndexError(f"places are 0 to {size - 1}, got {place.min()} to {place.max()}; or there is no such kind")
    return total


# Both say whether all places are there: machine code would write beyond a table, whatever is there.


@compiled
def _add_rows(places: Ints, rows: Floats, total: Floats) -> bool:
    """Adds each row to the totals of its places."""
    for place in places:
        if place.size != rows.shape[0]:
            return False
        for i in range(place.size):
            if place[i] < 0 or place[i] >= total.shape[0]:
                return False
            for column in range(rows.shape[1]):
                total[place[i], column] += rows[i, column]
    return True


@compiled
def _add_kinds(place: Ints, kind: Ints, number: Ints, rows: Floats, total: Floats) -> bool:
    """Adds to the total of each place the row of the kind, so many times."""
    for i in range(place.size):
        here, row = place[i], kind[i]
        if here < 0 or here >= total.shape[0] or row < 0 or row >= rows.shape[0]:
            return False
        for column in range(rows.shape[1]):
            total[here, column] += rows[row, column] * number[i]
    return True

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


EACH: Ints = np.zeros(0, dtype=np.int64)
"""instead of kinds: each thing is one of its own, and counts once"""


def row_sums(places: Ints, rows: Floats, size: int, kind: Ints = EACH, number: Ints = EACH) -> Floats:
    """(size, columns): sums of the things' `rows` (things, columns), each in all the places that `places` (., things)
    says. With `kind` and `number` each of the things stands for so many of a kind, and `rows` (kinds, columns) are
    those of kinds. Raises IndexError for a place beyond `size`, or no row of these."""
    total = np.zeros((size, rows.shape[1]))
    if not _add_rows(places, kind, number, np.ascontiguousarray(rows), total):
        text = f"places are 0 to {size - 1}, got {places.min()} to {places.max()}; rows are 0 to {len(rows) - 1}"
        raise IndexError(f"{text}, got {kind.min()} to {kind.max()}" if kind.size else f"{text}, one for each thing")
    return total


@compiled
def _add_rows(places: Ints, kind: Ints, number: Ints, rows: Floats, total: Floats) -> bool:
    """Adds to the totals of its places each thing's row: whether all of these are there. Machine code would write
    beyond a table, whatever is there."""
    for which in range(places.shape[0]):
        for i in range(places.shape[1]):
            here, row, times = places[which, i], i, 1
            if kind.size:
                row, times = kind[i], number[i]
            if here < 0 or here >= total.shape[0] or row < 0 or row >= rows.shape[0]:
                return False
            for column in range(rows.shape[1]):
                total[here, column] += rows[row, column] * times
    return True

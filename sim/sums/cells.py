"""Codes of cells and kinds taken apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled

Ints = NDArray[np.int64]


def apart(codes: Ints, size: int) -> tuple[Ints, Ints, Ints]:
    """Of rising codes the remainder of each by `size`, the place of its quotient among those that differ, and these.

    >>> [each.tolist() for each in apart(np.array([120, 129, 205]), 10)]
    [[0, 9, 5], [0, 0, 1], [12, 20]]
    """
    remainder, place, quotients = np.empty((3, codes.size), dtype=np.int64)
    return remainder, place, quotients[: _apart(codes, size, remainder, place, quotients)]


@compiled
def _apart(codes: Ints, size: int, remainder: Ints, place: Ints, quotients: Ints) -> int:
    """Fills in all three; how many quotients differ."""
    count = 0
    for i in range(codes.size):
        quotient = codes[i] // size
        remainder[i] = codes[i] - quotient * size
        if count == 0 or quotient != quotients[count - 1]:
            quotients[count] = quotient
            count += 1
        place[i] = count - 1
    return count

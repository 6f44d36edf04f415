"""Codes of cells and kinds taken apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled

Ints = NDArray[np.int64]


def apart(codes: Ints, sizes: tuple[int, ...]) -> tuple[Ints, Ints, Ints]:
    """Of rising codes the last digit of each, the place of what is before it among all that differ, and the digits of
    these, (digits but the last, different ones). `sizes` are of all digits but the first, which has any size.

    >>> last, place, digits = apart(np.array([120, 129, 205]), (2, 10))
    >>> last.tolist(), place.tolist(), digits.tolist()
    ([0, 9, 5], [0, 0, 1], [[6, 10], [0, 0]])
    """
    last, place = np.empty((2, codes.size), dtype=np.int64)
    digits = np.empty((len(sizes), codes.size), dtype=np.int64)
    count = _apart(codes, np.array(sizes, dtype=np.int64), last, place, digits)
    return last, place, digits[:, :count]


@compiled
def _apart(codes: Ints, sizes: Ints, last: Ints, place: Ints, digits: Ints) -> int:
    """Fills in last digits, places and digits; how many places there are."""
    count, behind = 0, sizes.size - 1
    for i in range(codes.size):
        rest = codes[i] // sizes[behind]
        last[i] = codes[i] - rest * sizes[behind]
        if i == 0 or rest != codes[i - 1] // sizes[behind]:
            for digit in range(behind, 0, -1):
                digits[digit, count] = rest % sizes[digit - 1]
                rest //= sizes[digit - 1]
            digits[0, count] = rest
            count += 1
        place[i] = count - 1
    return count

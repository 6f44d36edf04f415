"""Different codes and the place among them of each; sums by place.

Comes in: a whole number for each of many things (contacts, journeys), of which few differ. Goes out: the different ones
in rising order, and for each thing its place among them. A table of codes is filled while the things go by, so neither
their number nor the largest code matters, and nothing is sorted but what differs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled, part_of_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def distinct(code: Ints) -> tuple[Ints, Ints]:
    """The different codes in rising order, and the place among them of each.

    >>> distinct(np.array([7, -1, 7, 2]))
    (array([-1,  2,  7]), array([2, 0, 2, 1]))
    """
    codes, place = np.empty(code.size, dtype=np.int64), np.empty(code.size, dtype=np.int64)
    codes = codes[: _distinct(np.ascontiguousarray(code), *_table(code.size), codes, place)]
    order = np.argsort(codes)
    rank = np.empty(codes.size, dtype=np.int64)
    rank[order] = np.arange(codes.size)
    return codes[order], rank[place]


def sequences(kind: Ints, kinds: int, owner: Ints, owners: Ints, first: Ints) -> Ints:
    """A number for each owner, the same for owners with the same `first` mark (from 0) and the same things in the same
    order; `kind` is below `kinds`, and things and owners are sorted by owner."""
    number = np.empty(owners.size, dtype=np.int64)
    _sequences(kind, kinds, owner, owners, first, *_table(kind.size + owners.size), number)
    return number


def sums(place: Ints, values: NDArray[Any], size: int) -> Floats:
    """(size,): sums of values by place, in the order of the things: `np.bincount` with weights, several times as
    fast. Raises ValueError where there is not one value for each place."""
    total, values = np.zeros(size), np.ascontiguousarray(values, dtype=np.float64)
    if values.shape != place.shape:
        raise ValueError(f"one value for each of {place.size}, got an array of shape {values.shape}")
    _sums(place, values, total)
    return total


def _table(most: int) -> tuple[Ints, Ints]:
    """An empty table of at most so many codes: codes and their numbers from 1, twice the room that they need."""
    return np.empty(2 * most + 1, dtype=np.int64), np.zeros(2 * most + 1, dtype=np.int64)


@part_of_kernel
def _slot(code: int, codes: Ints, numbers: Ints) -> int:
    """Where in the table a code is, or would be."""
    slot = code % codes.size
    while numbers[slot] > 0 and codes[slot] != code:
        slot = slot + 1 if slot + 1 < codes.size else 0
    return slot


@compiled
def _distinct(code: Ints, codes: Ints, numbers: Ints, different: Ints, place: Ints) -> int:
    """Fills in the different codes as they come and the place of each; how many there are."""
    count = 0
    for i in range(code.size):
        slot = _slot(code[i], codes, numbers)
        if numbers[slot] == 0:
            different[count] = code[i]
            count += 1
            codes[slot], numbers[slot] = code[i], count
        place[i] = numbers[slot] - 1
    return count


@compiled
def _sequences(
    kind: Ints, kinds: int, owner: Ints, owners: Ints, first: Ints, codes: Ints, numbers: Ints, number: Ints
) -> None:
    """Each beginning of a sequence has a number; one thing more makes of it another, by a code of both."""
    thing, count = 0, 0
    for i in range(owners.size):
        code = -1 - first[i]
        while True:
            slot = _slot(code, codes, numbers)
            if numbers[slot] == 0:
                count += 1
                codes[slot], numbers[slot] = code, count
            if thing == owner.size or owner[thing] != owners[i]:
                break
            code = numbers[slot] * kinds + kind[thing]
            thing += 1
        number[i] = numbers[slot]


@compiled
def _sums(place: Ints, values: Floats, total: Floats) -> None:
    """Adds each value to the total of its place."""
    for i in range(place.size):
        total[place[i]] += values[i]

"""Different codes and the place among them of each; sums by place.

Comes in: a whole number for each of many things (contacts, journeys), of which few differ. Goes out: the different ones
in rising order, and for each thing its place among them. Codes that lie close together are looked up in a table of all
that could be, others in one that is filled while the things go by; nothing is sorted but what differs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled, part_of_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SMALL = 256
"""codes: a table for so many costs nothing"""


def distinct(code: Ints) -> tuple[Ints, Ints]:
    """The different codes in rising order, and the place among them of each.

    >>> distinct(np.array([7, -1, 7, 2]))
    (array([-1,  2,  7]), array([2, 0, 2, 1]))
    """
    code, place = np.ascontiguousarray(code), np.empty(code.size, dtype=np.int64)
    low, span = _reach(code)
    if span <= 2 * code.size + SMALL:
        rank, codes = np.zeros(span, dtype=np.int64), np.empty(span, dtype=np.int64)
        return codes[: _ranked(code, low, rank, codes, place)], place
    size, count = SMALL, -1
    while count < 0:
        size, codes = 8 * size, np.empty(4 * size, dtype=np.int64)
        count = _distinct(code, *_table(size), codes, place)
    order = np.argsort(codes[:count])
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return codes[order], rank[place]


def sequences(kind: Ints, codes: Ints, owner: Ints, owners: Ints, first: Ints) -> tuple[Ints, int]:
    """A number for each owner, the same for owners with the same `first` mark (from 0) and things of the same kinds in
    the same order, and how many numbers there could be. `kind` is the place of a thing's code among `codes`; things and
    owners are sorted by owner. Which of two numbers is higher follows from marks and codes alone, not from who came
    first (but for one pair in 2e9), so that sums in the order of numbers are the same to the bit whoever is there."""
    number, size, count = np.empty(owners.size, dtype=np.int64), SMALL, -1
    while count < 0:
        size *= 8
        marks = np.zeros(size, dtype=np.int64)
        count = _sequences(kind, codes, owner, owners, first, *_table(size), number, marks)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(marks[:count], kind="stable")] = np.arange(count)
    return rank[number], count


def sums(place: Ints, values: NDArray[Any], size: int) -> Floats:
    """(size,): sums of values by place, in the order of the things: `np.bincount` with weights, several times as
    fast. Raises ValueError where there is not one value for each place, IndexError for a place beyond `size`."""
    total, values = np.zeros(size), np.ascontiguousarray(values, dtype=np.float64)
    if values.shape != place.shape:
        raise ValueError(f"one value for each of {place.size}, got an array of shape {values.shape}")
    _add(place, values, total)
    return total


def split(values: Floats, kind: Ints, row: Ints, sizes: Ints) -> list[Floats]:
    """The values of each row, in the order of the things: `row` says of each kind in which row its things are, or that
    they are in none, below zero; `sizes` how many each row has."""
    ends = np.cumsum(sizes)
    found, begins = np.empty(int(sizes.sum())), ends - sizes
    _split(np.ascontiguousarray(values), kind, row, begins.copy(), found)
    return [found[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]


def _table(size: int) -> tuple[Ints, Ints]:
    """An empty table of codes and their numbers from 1; its size is a power of two."""
    return np.empty(size, dtype=np.int64), np.zeros(size, dtype=np.int64)


@compiled
def _reach(code: Ints) -> tuple[int, int]:
    """The lowest code, and how many there are from it to the highest."""
    if not code.size:
        return 0, 0
    low = high = code[0]
    for i in range(code.size):
        low, high = min(low, code[i]), max(high, code[i])
    return low, high - low + 1


@compiled
def _ranked(code: Ints, low: int, rank: Ints, codes: Ints, place: Ints) -> int:
    """Fills in the different codes and the place of each, and says how many there are; `rank`, of zeros, has a cell for
    every code from `low`."""
    count = 0
    for i in range(code.size):
        rank[code[i] - low] = 1
    for c in range(rank.size):
        if rank[c]:
            codes[count], rank[c] = low + c, count
            count += 1
    for i in range(code.size):
        place[i] = rank[code[i] - low]
    return count


@part_of_kernel
def _slot(code: int, codes: Ints, numbers: Ints) -> int:
    """Where in the table a code is, or would be."""
    last = codes.size - 1
    slot = (code ^ code >> 11 ^ code >> 25) & last
    while numbers[slot] > 0 and codes[slot] != code:
        slot = (slot + 1) & last
    return slot


@compiled
def _distinct(code: Ints, codes: Ints, numbers: Ints, different: Ints, place: Ints) -> int:
    """Fills in the different codes as they come and the place of each; how many there are, or -1 where the table of
    `codes` is too small for them."""
    count = 0
    for i in range(code.size):
        slot = _slot(code[i], codes, numbers)
        if numbers[slot] == 0:
            if 2 * count == codes.size:
                return -1
            different[count] = code[i]
            count += 1
            codes[slot], numbers[slot] = code[i], count
        place[i] = numbers[slot] - 1
    return count


@part_of_kernel
def _mixed(mark: int, code: int) -> int:
    """A mark below 2^31 of a mark and what follows it; no product is beyond 63 bits."""
    return (mark * 1_103_515_245 + code + 1) % 2_147_483_647


@compiled
def _sequences(
    kind: Ints, codes: Ints, owner: Ints, owners: Ints, first: Ints, table: Ints, numbers: Ints, number: Ints,
    marks: Ints,
) -> int:  # fmt: skip
    """Each beginning of a sequence has a number; one thing more makes of it another, by a code of both. `marks` tells
    sequences apart by number. How many there are, or -1 where the table is too small for them."""
    thing, count = 0, 0
    for i in range(owners.size):
        code, mark = -1 - first[i], _mixed(0, first[i])
        while True:
            slot = _slot(code, table, numbers)
            if numbers[slot] == 0:
                if 2 * count == table.size:
                    return -1
                count += 1
                table[slot], numbers[slot] = code, count
            if thing == owner.size or owner[thing] != owners[i]:
                break
            code, mark = numbers[slot] * codes.size + kind[thing], _mixed(mark, codes[kind[thing]])
            thing += 1
        number[i] = numbers[slot] - 1
        marks[number[i]] = mark
    return count


def _add(place: Ints, values: Floats, total: Floats) -> None:
    """Adds each value to the total of its place. Raises IndexError for a place that there is not: machine code would
    write there, whatever it is."""
    if not _sums(place, values, total):
        raise IndexError(f"places are 0 to {total.size - 1}, got {place.min()} to {place.max()}")


@compiled
def _sums(place: Ints, values: Floats, total: Floats) -> bool:
    """Adds each value to the total of its place: whether there is one for each."""
    for i in range(place.size):
        if place[i] < 0 or place[i] >= total.size:
            return False
        total[place[i]] += values[i]
    return True


@compiled
def _split(values: Floats, kind: Ints, row: Ints, next_of: Ints, found: Floats) -> None:
    """Puts each value where the next one of its row goes."""
    for i in range(kind.size):
        mine = row[kind[i]]
        if mine >= 0:
            found[next_of[mine]] = values[i]
            next_of[mine] += 1

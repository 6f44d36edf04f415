"""Many arrays in one block of memory: to allocate, copy or hand over each by itself takes longer than a short run.

Comes in: the columns of a table of the log, and how many rows it has; or arrays of any kind. Goes out: columns to be
filled, also as compiled functions take them; or the same arrays side by side, which one copy fills anew.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle, address_of, handed, is_handed

_tuple: Any = namedtuple


ALIGNED = 8
"""bytes: every array begins at a multiple of them"""


def in_one_block(arrays: Mapping[str, NDArray[Any]]) -> tuple[NDArray[np.uint8], dict[str, NDArray[Any]]]:
    """The block, and copies of the arrays in it, by name."""
    sizes = (-(-array.nbytes // ALIGNED) * ALIGNED for array in arrays.values())
    *begins, size = accumulate(sizes, initial=0)
    block = np.zeros(size + ALIGNED, dtype=np.uint8)
    copies = {
        name: np.ndarray(array.shape, array.dtype, block, at)
        for (name, array), at in zip(arrays.items(), begins, strict=True)
    }
    for name, array in arrays.items():
        copies[name][...] = array
    return block, copies


class Columns:
    """The columns of one table, of any number of rows."""

    def __init__(self, name: str, kinds: Mapping[str, Any]) -> None:
        self._kinds = {name: np.dtype(kind) for name, kind in kinds.items()}
        sizes = [kind.itemsize for kind in self._kinds.values()]
        widest = sorted(range(len(sizes)), key=lambda i: -sizes[i])  # so each is where its type may be
        *begins, self._width = accumulate((sizes[i] for i in widest), initial=0)
        self._begins = np.array(begins)[np.argsort(widest)]
        """bytes of a row in the columns before"""
        self._tuple = _tuple(name, tuple(kinds))
        nothing = {name: np.empty(0, dtype=kind) for name, kind in self._kinds.items()}
        self._type = Bundle(self._tuple(**nothing)).type
        self._none = nothing, handed(self._tuple(**nothing))

    def empty(self, rows: int) -> tuple[dict[str, NDArray[Any]], Any]:
        """Columns of so many rows, to be filled; and the same as compiled functions take them."""
        if rows == 0:
            return self._none
        block = np.empty(rows * self._width, dtype=np.uint8)
        begins = self._begins * rows
        columns = {
            name: np.ndarray(rows, kind, block, at)
            for (name, kind), at in zip(self._kinds.items(), begins.tolist(), strict=True)
        }
        if not is_handed():
            return columns, self._tuple(**columns)
        table = np.full(2 * len(columns), rows)
        table[::2] = begins + address_of(block)
        return columns, Bundle.of(self._type, [*columns.values()], table)

"""Many arrays in one block of memory: to allocate, copy or hand over each by itself takes longer than a short run.

Comes in: the columns of a table of the log, and how many rows it has; or arrays by name. Goes out: columns to be
filled, or a tuple of copies of the arrays side by side, which one copy fills anew; both also as compiled functions take
them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from itertools import accumulate
from typing import Any, Generic, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle, address_of, handed, in_one_block, is_handed

_tuple: Any = namedtuple


T = TypeVar("T", bound=NamedTuple)


class Placed(Generic[T]):
    """A tuple of arrays, most of them in one block; and the same as compiled functions take it."""

    def __init__(self, kind: type[T], arrays: Mapping[str, NDArray[Any]], others: Mapping[str, NDArray[Any]]) -> None:
        """Copies of the arrays are in the block, the others beside it."""
        self.block, begins = in_one_block(arrays.values())
        self._start = self.block.copy()
        views = {
            name: np.ndarray(array.shape, array.dtype, self.block, at)
            for (name, array), at in zip(arrays.items(), begins.tolist(), strict=True)
        }
        self.values = self.live = cast(Any, kind)(**views, **others)
        if is_handed():
            addresses = dict(zip(arrays, (begins + address_of(self.block)).tolist(), strict=True))
            addresses |= {name: address_of(array) for name, array in others.items()}
            self.live = Bundle.at([addresses[name] for name in kind._fields], self.values)

    def begin_again(self) -> None:
        """The arrays in the block are as they were at first."""
        self.block[...] = self._start


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
        self._type = Bundle.of(self._tuple(**nothing)).type
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
        return columns, Bundle(self._type, table, block)

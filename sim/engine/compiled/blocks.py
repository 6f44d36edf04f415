"""Many arrays in one block of memory: to allocate, copy or hand over each by itself takes longer than a short run.

Comes in: the columns of a table of the log, and how many rows it has; or a tuple of arrays. Goes out: columns to be
filled, or copies of the arrays side by side, which one copy fills anew; both also as compiled functions take them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from copy import copy
from itertools import accumulate
from typing import Any, Generic, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle, address_of, handed, in_one_block, is_handed

_tuple: Any = namedtuple


T = TypeVar("T", bound=NamedTuple)


class Placed(Generic[T]):
    """A tuple of arrays in one block; and the same as compiled functions take it."""

    def __init__(self, values: T) -> None:
        """Copies of the arrays."""
        self.block, begins = in_one_block(values)
        self._begins = begins.tolist()
        self.values = self._views(values, self.block)
        self.live = cast(T, Bundle.placed(self.values, self.block, begins)) if is_handed() else self.values

    def copy(self) -> Placed[T]:
        """In a block of its own."""
        other = copy(self)
        other.block = self.block.copy()
        other.values = other.live = self._views(self.values, other.block)
        if is_handed():
            bundle, further = cast(Any, self.live), address_of(other.block) - address_of(self.block)
            other.live = bundle.moved(further, other.block)
        return other

    def _views(self, values: T, block: NDArray[np.uint8]) -> T:
        """Arrays like those of `values` in the block."""
        kind, arrays = cast(Any, type(values)), cast("tuple[NDArray[Any], ...]", values)
        places = zip(arrays, self._begins, strict=True)
        return cast(T, kind(*(np.ndarray(array.shape, array.dtype, block, at) for array, at in places)))


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

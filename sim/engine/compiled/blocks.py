"""Many arrays in one block of memory: to allocate, copy or hand over each by itself takes longer than a short run.

Comes in: the columns of a table of the log, and how many rows it has; or the shapes of arrays by name. Goes out:
columns to be filled, or a tuple of arrays side by side, which one copy fills anew; both also as compiled functions take
them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping
from itertools import accumulate
from math import prod
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from .bundle import WORD, Bundle, BundleType, address_of, handed, is_handed

_tuple: Any = namedtuple


T = TypeVar("T", bound=NamedTuple)


Shapes: TypeAlias = "tuple[Any, int | tuple[int, ...], str]"
"""a type of numbers, a shape, and the names of the arrays that have them"""
_TYPES: dict[Any, BundleType] = {}
"""of tuples that are placed"""


class Placed(Generic[T]):
    """A tuple of arrays, most of them in one block; and the same as compiled functions take it."""

    def __init__(
        self,
        kind: type[T],
        shapes: Iterable[Shapes],
        copies: Mapping[str, NDArray[Any]],
        others: Mapping[str, NDArray[Any]],
    ) -> None:
        """In the block are zeros of these shapes, and copies; the others are beside it."""
        places = [(name, np.dtype(each), shape) for each, shape, names in shapes for name in names.split()]
        places += [(name, array.dtype, array.shape) for name, array in copies.items()]
        sizes = (-(-each.itemsize * (shape if isinstance(shape, int) else prod(shape)) // WORD) * WORD
                 for _, each, shape in places)  # fmt: skip
        *begins, size = accumulate(sizes, initial=0)
        self.block = np.zeros(size + WORD, dtype=np.uint8)
        arrays = {
            name: np.ndarray(shape, each, self.block, at)
            for (name, each, shape), at in zip(places, begins, strict=True)
        }
        for name, array in copies.items():
            arrays[name][...] = array
        named = {**arrays, **others}
        self.values = self.live = kind._make([named[name] for name in kind._fields])
        if is_handed():
            address = address_of(self.block)
            addresses = {name: address + at for name, at in zip(arrays, begins, strict=True)}
            addresses |= {name: address_of(array) for name, array in others.items()}
            self.live = self._bundle([addresses[name] for name in self.values._fields])

    def _bundle(self, addresses: list[int]) -> Any:
        """The types of the fields are always the same."""
        kind, arrays = type(self.values), cast("tuple[NDArray[Any], ...]", self.values)
        if kind not in _TYPES:
            _TYPES[kind] = Bundle.of(self.values).type
        return Bundle(_TYPES[kind], _TYPES[kind].table(arrays, addresses), arrays)

    def begins_so(self) -> None:
        """What the arrays in the block are now, they are at the beginning."""
        self._start = self.block.copy()

    def begin_again(self) -> None:
        """The arrays in the block are as they were at the beginning."""
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

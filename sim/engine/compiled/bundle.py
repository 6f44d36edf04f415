"""Many arrays behind one address: how the machine code is handed the model and the state.

Comes in: a named tuple of arrays and numbers. Goes out: the same, to be handed to compiled functions, where it is one
pointer to a table of addresses and sizes, and `s.load[agent]` reads as it does in plain Python. A field may be such a
bundle itself (`m.felt.tolerance`): its table is a part of the whole's. As a tuple, eighty arrays would be five hundred
arguments of every call, which took minutes to compile. Without Numba the tuple itself is what is handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import numba
import numba.extending
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.typing.templates import AttributeTemplate
from numba.np import arrayobj
from numpy.typing import NDArray

T = TypeVar("T", bound=NamedTuple)
Ints = NDArray[np.int64]
_CONFIG: Any = numba.config
_NUMBA: Any = numba.extending
_ARRAYS: Any = arrayobj
Kind: TypeAlias = "tuple[str, int, int] | BundleType"
_WIDTHS: dict[type, Mapping[str, int]] = {}
NO_AXES = -1
ANY = -1
"""number of columns that a table's type does not say"""
_WORD = 8
"""bytes of a number of the table: a number of the tuple is one, an array is its address and the length of each axis"""


def fixed_widths(of: type, widths: Mapping[str, int]) -> None:
    """Says which tables of a named tuple have how many columns in every centre: machine code then knows where each row
    and each column is, and need not multiply by a number that it must look up."""
    _WIDTHS[of] = widths


def is_handed() -> bool:
    """Whether compiled functions take bundles, rather than the tuples themselves."""
    return not _CONFIG.DISABLE_JIT


def handed(values: T) -> T:
    """The tuple as compiled functions take it; who holds the result keeps its arrays alive."""
    return cast(T, Bundle.of(values)) if is_handed() else values


def packed(values: T) -> T:
    """A copy of the tuple as compiled functions take it, for what never changes: that is much quicker than to ask each
    array where it is."""
    return cast(T, Bundle.copy_of(values)) if is_handed() else values


def changed(bundle: T, **fields: Any) -> T:
    """The same with other values, of the same types, in some fields."""
    return cast(T, cast(Any, bundle).changed(fields)) if is_handed() else bundle._replace(**fields)


def with_numbers(bundle: T, **numbers: int) -> T:
    """The same bundle with other numbers in some fields, for whoever has it alone."""
    if not is_handed():
        return bundle._replace(**numbers)
    cast(Any, bundle).set_numbers(numbers)
    return bundle


class Bundle:
    """The table of where the arrays of a named tuple, or a dataclass, are."""

    def __init__(self, type: BundleType, table: Ints, arrays: Any, others: Mapping[str, Any] | None = None) -> None:
        self.type, self.table, self.address = type, table, address_of(table)
        self.arrays, self.others = arrays, others or {}
        """kept alive: the arrays that it was made of, and those that fields have instead by now"""

    @classmethod
    def of(cls, values: Any) -> Bundle:
        """That of the arrays themselves. Raises TypeError for one with another number of columns than is fixed."""
        parts = _Parts(values)
        return cls(parts.type, parts.table([address_of(array) for array in parts.arrays]), parts.arrays)

    @classmethod
    def copy_of(cls, values: Any) -> Bundle:
        """That of copies in one block."""
        parts = _Parts(values)
        block, begins = in_one_block(parts.arrays)
        return cls(parts.type, parts.table(begins + address_of(block)), block)

    @classmethod
    def at(cls, addresses: list[int], values: Any) -> Bundle:
        """That of arrays of which is known where they are."""
        parts = _Parts(values)
        return cls(parts.type, parts.table(addresses), parts.arrays)

    def changed(self, fields: Mapping[str, Any]) -> Bundle:
        """A copy with other arrays and numbers in these fields. Raises TypeError for one of another type."""
        table = self.table.copy()
        values = {field: _held(value) for field, value in fields.items()}
        for field, value in values.items():
            number, place = self.type.places[field]
            kind = self.type.kinds[number]
            if isinstance(kind, BundleType) or _kind(value, kind[2]) != kind:
                raise TypeError(f"{field} was {kind}, not {_kind(value, ANY)}")
            words = (address_of(value), *value.shape) if isinstance(value, np.ndarray) else (_word(value),)
            table[place : place + len(words)] = words
        return Bundle(self.type, table, self.arrays, {**self.others, **values})

    def set_numbers(self, numbers: Mapping[str, int]) -> None:
        """Puts whole numbers into fields that are such."""
        for field, value in numbers.items():
            self.table[self.type.places[field][1]] = value


def in_one_block(arrays: Iterable[NDArray[Any]]) -> tuple[NDArray[np.uint8], Ints]:
    """Copies of the arrays side by side, and where in the block each begins: a multiple of a word."""
    begins: list[int] = []
    pieces: list[Any] = []
    size = 0
    for array in arrays:
        begins.append(size)
        pieces.append(array)
        size += array.nbytes
        if rest := -size % _WORD:
            pieces.append(bytes(rest))
            size += rest
    return np.frombuffer(bytearray().join([*pieces, bytes(_WORD)]), dtype=np.uint8), np.array(begins)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """Fields of a class of named tuples or a dataclass; none of anything else."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return tuple(getattr(kind, "_fields", ()))


_TYPES: dict[tuple[Any, ...], BundleType] = {}
"""by what is in a bundle, field by field"""


class _Parts:
    """What is in a bundle, and in those within it."""

    def __init__(self, values: Any) -> None:
        self.arrays: list[NDArray[Any]] = []
        self.whole: list[int] = []
        self.real: list[float] = []
        self._sorts: list[Any] = []
        self._add(values)
        sorts = tuple(self._sorts)
        if sorts not in _TYPES:
            _TYPES[sorts] = _type_for(values)
        self.type = _TYPES[sorts]

    def _add(self, values: Any) -> None:
        kind: Any = type(values)
        add = self._sorts.append
        add(kind)
        for value in values if isinstance(values, tuple) else [getattr(values, name) for name in _names(kind)]:
            if isinstance(value, np.ndarray):
                self.arrays.append(np.ascontiguousarray(value))
                add((value.dtype, value.ndim))
            elif isinstance(value, float):
                self.real.append(value)
                add(float)
            elif _names(cast(Any, type(value))):
                self._add(value)
            else:
                self.whole.append(value)
                add(int)

    def table(self, addresses: Any) -> Ints:
        """The table of a bundle of these parts, whose arrays are at these addresses. Raises TypeError for one with
        another number of columns than is fixed."""
        table = np.empty(self.type.length, dtype=np.int64)
        for number, width in self.type.widths:
            _kind(self.arrays[number], width)
        table[self.type.addresses] = addresses
        table[self.type.axes] = [length for array in self.arrays for length in array.shape]
        table[self.type.whole] = self.whole
        table.view(np.float64)[self.type.real] = self.real
        return table


def _type_for(values: Any) -> BundleType:
    names, widths = _names(cast(Any, type(values))), _WIDTHS.get(type(values), {})
    each = ((name, getattr(values, name)) for name in names)
    kinds = tuple(_type_for(v) if _names(cast(Any, type(v))) else _kind(v, widths.get(name, ANY)) for name, v in each)
    return bundle_type(type(values).__name__, names, kinds)


def _held(value: Any) -> Any:
    return np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value


def address_of(table: NDArray[Any]) -> int:
    """Where the table's numbers are."""
    return table.ctypes.data


def _kind(value: Any, width: int) -> tuple[str, int, int]:
    """Data type, number of axes, a number has none, and columns, if that is fixed. Raises TypeError for a table with
    another number of columns."""
    if isinstance(value, np.ndarray):
        if width not in (ANY, value.shape[-1]):
            raise TypeError(f"a table of {width} columns has {value.shape[-1]}")
        return _name(value.dtype), value.ndim, width
    return ("<f8" if isinstance(value, float) else "<i8"), NO_AXES, ANY


@cache
def _name(kind: Any) -> str:
    """Of a type of numbers, as NumPy writes it; that takes longer than to remember it."""
    return str(kind.str)


def _word(number: float) -> int:
    return int(np.float64(number).view(np.int64)) if isinstance(number, float) else int(number)


class BundleType(types.Type):
    """The type of bundles of such fields: by field its type, its number and its place in the table."""

    def __init__(self, name: str, names: tuple[str, ...], kinds: tuple[Kind, ...]) -> None:
        self.fields = {field: _type(kind) for field, kind in zip(names, kinds, strict=True)}
        lengths = [kind.length if isinstance(kind, BundleType) else 1 + max(kind[1], 0) for kind in kinds]
        starts = [0, *np.cumsum(lengths, dtype=np.int64).tolist()]
        self.places = dict(zip(names, enumerate(starts), strict=False))
        self.kinds = kinds
        self.length: int = starts[-1]
        """words of the table"""
        self.leaves = [*_leaves(kinds, starts)]
        """place and kind of each array and number, those of bundles within included"""
        arrays = [leaf for leaf in self.leaves if leaf[1][1] != NO_AXES]
        self.widths = [(i, kind[2]) for i, (_, kind) in enumerate(arrays) if kind[2] != ANY]
        self.addresses = np.array([place for place, _ in arrays], dtype=np.int64)
        self.axes = np.array([place + 1 + axis for place, kind in arrays for axis in range(kind[1])], dtype=np.int64)
        self.whole, self.real = (
            np.array([place for place, kind in self.leaves if kind == (name, NO_AXES, ANY)], dtype=np.int64)
            for name in ("<i8", "<f8")
        )
        self.spelling: str = f"{name}: {[kind.spelling if isinstance(kind, BundleType) else kind for kind in kinds]}"
        super().__init__(name=name)

    @property
    def key(self) -> str:
        """What makes two types equal; Numba hashes it at every call, and Python remembers the hash of a string."""
        return self.spelling


def _leaves(kinds: tuple[Kind, ...], starts: list[int]) -> Iterator[tuple[int, tuple[str, int, int]]]:
    for kind, start in zip(kinds, starts, strict=False):
        if isinstance(kind, BundleType):
            yield from ((start + place, each) for place, each in kind.leaves)
        else:
            yield start, kind


def _type(kind: Kind) -> Any:
    if isinstance(kind, BundleType):
        return kind
    number = numba.from_dtype(np.dtype(kind[0]))
    return number if kind[1] == NO_AXES else types.Array(number, kind[1], "C")


@cache
def bundle_type(name: str, names: tuple[str, ...], kinds: tuple[Kind, ...]) -> BundleType:
    """The type of bundles of such fields; one for each class, as long as its fields keep their types."""
    return BundleType(name, names, kinds)


@_NUMBA.typeof_impl.register(Bundle)
def _type_of(bundle: Bundle, _: Any) -> BundleType:
    return bundle.type


_NUMBA.register_model(BundleType)(_NUMBA.models.OpaqueModel)


@_NUMBA.unbox(BundleType)
def _unbox(_: BundleType, bundle: Any, c: Any) -> Any:
    """From the Python object to its address."""
    address = c.pyapi.object_getattr_string(bundle, "address")
    number = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return _NUMBA.NativeValue(c.builder.inttoptr(number, ir.IntType(8).as_pointer()))


@_NUMBA.infer_getattr
class _Fields(AttributeTemplate):
    """The types of the fields."""

    key = BundleType

    def generic_resolve(self, bundle: BundleType, field: str) -> Any:  # type: ignore[override]
        """The type of a field; None for a name that is none."""
        return bundle.fields.get(field)


@_NUMBA.lower_getattr_generic(BundleType)
def _field(context: Any, builder: Any, bundle: BundleType, value: Any, field: str) -> Any:
    """A number, an array that nobody counts references to, or a bundle within."""
    kind, (number, place) = bundle.fields[field], bundle.places[field]

    def address(of: int) -> Any:
        """Of a word of the field's part of the table."""
        return builder.gep(value, [ir.Constant(ir.IntType(64), _WORD * (place + of))])

    def word(of: int, of_type: Any) -> Any:
        """The word itself, loaded."""
        at = address(of)
        loaded = builder.load(builder.bitcast(at, of_type.as_pointer()))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))  # the table never changes while we run
        return loaded

    if isinstance(kind, BundleType):
        return address(0)
    if not isinstance(kind, types.Array):
        return word(0, context.get_value_type(kind))
    array = _ARRAYS.make_array(kind)(context, builder)
    whole, size = context.get_value_type(types.intp), context.get_abi_sizeof(context.get_data_type(kind.dtype))
    shape = [word(1 + axis, whole) for axis in range(kind.ndim)]
    _, _, width = cast("tuple[str, int, int]", bundle.kinds[number])
    if width != ANY:
        shape[-1] = context.get_constant(types.intp, width)
    strides = [context.get_constant(types.intp, size)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    data = word(0, context.get_data_type(kind.dtype).as_pointer())
    _ARRAYS.populate_array(array, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
    return array._getvalue()

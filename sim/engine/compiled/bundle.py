"""Many arrays behind one address: how the machine code is handed the model and the state.

Comes in: a named tuple of arrays and numbers. Goes out: the same, to be handed to compiled functions, where it is one
pointer to a table of addresses and sizes, and `s.load[agent]` reads as it does in plain Python. A field may be such a
bundle itself (`m.felt.tolerance`): its table is a part of the whole's. As a tuple, eighty arrays would be five hundred
arguments of every call, which took minutes to compile. Without Numba the tuple itself is what is handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    return cast(T, Bundle(values)) if is_handed() else values


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
    """A named tuple, or a dataclass, and the table of where its arrays are."""

    def __init__(self, values: Any) -> None:
        names = _names(cast(Any, type(values)))
        self.values = [_held(getattr(values, name)) for name in names]
        """kept alive"""
        widths = _WIDTHS.get(type(values), {})
        kinds = tuple(_kind(value, widths.get(name, ANY)) for name, value in zip(names, self.values, strict=True))
        self.type = bundle_type(type(values).__name__, names, kinds)
        self.table = np.array([word for value in self.values for word in _words(value)], dtype=np.int64)
        self.address = address_of(self.table)

    @classmethod
    def of(cls, type: BundleType, values: list[Any], table: NDArray[np.int64]) -> Bundle:
        """The bundle of a type whose table is known."""
        bundle = cls.__new__(cls)
        bundle.values, bundle.type, bundle.table, bundle.address = values, type, table, address_of(table)
        return bundle

    def changed(self, fields: dict[str, Any]) -> Bundle:
        """A copy with other values in these fields. Raises TypeError for a value of another type."""
        copy = Bundle.of(self.type, list(self.values), self.table.copy())
        for field, given in fields.items():
            value, (number, place) = _held(given), self.type.places[field]
            kind = self.type.kinds[number]
            if _kind(value, ANY if isinstance(kind, BundleType) else kind[2]) != kind:
                raise TypeError(f"{field} was {kind}, not {_kind(value, ANY)}")
            copy.values[number], words = value, _words(value)
            copy.table[place : place + len(words)] = words
        return copy

    def set_numbers(self, numbers: dict[str, int]) -> None:
        """Puts whole numbers into fields that are such."""
        for field, value in numbers.items():
            number, place = self.type.places[field]
            self.values[number] = self.table[place] = value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """Fields of a class of named tuples or a dataclass; none of anything else."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return tuple(getattr(kind, "_fields", ()))


def _held(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value)
    return Bundle(value) if _names(cast(Any, type(value))) else value


def address_of(table: NDArray[Any]) -> int:
    """Where the table's numbers are."""
    return table.ctypes.data


def _kind(value: Any, width: int) -> Kind:
    """Data type, number of axes, a number has none, and columns, if that is fixed; of a bundle its type. Raises
    TypeError for a table with another number of columns than is fixed."""
    if isinstance(value, np.ndarray):
        if width not in (ANY, value.shape[-1]):
            raise TypeError(f"a table of {width} columns has {value.shape[-1]}")
        return _name(value.dtype), value.ndim, width
    if isinstance(value, Bundle):
        return value.type
    return ("<f8" if isinstance(value, float) else "<i8"), NO_AXES, ANY


@cache
def _name(kind: Any) -> str:
    """Of a type of numbers, as NumPy writes it; that takes longer than to remember it."""
    return str(kind.str)


def _words(value: Any) -> tuple[int, ...]:
    if isinstance(value, np.ndarray):
        return (address_of(value), *value.shape)
    if isinstance(value, Bundle):
        return tuple(value.table.tolist())
    return (int(np.float64(value).view(np.int64)) if isinstance(value, float) else int(value),)


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
        self.spelling: str = f"{name}: {[kind.spelling if isinstance(kind, BundleType) else kind for kind in kinds]}"
        super().__init__(name=name)

    @property
    def key(self) -> str:
        """What makes two types equal; Numba hashes it at every call, and Python remembers the hash of a string."""
        return self.spelling


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

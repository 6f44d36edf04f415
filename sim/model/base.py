"""What every part of a centre is built from: frozen, strict pydantic models and frozen mappings."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, NoReturn, TypeVar, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, field_validator, model_validator
from pydantic_core import PydanticCustomError

K = TypeVar("K")
V = TypeVar("V")


TRUTH = "truth_for_a_number"
"""the type of pydantic's error for it; its context has the field and the value"""
LARGEST = 1e12
"""of any number in a configuration: 30,000 years in seconds, more money and more people than there are"""
NAME = re.compile(r"^\w[\w -]{0,63}$")
"""What a channel, a segment, an agent group or a scenario may be called: it becomes part of paths and tables."""


class Part(BaseModel):
    """A part of a centre: immutable, no unknown keys, finite numbers, truth values and numbers kept apart."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, content: Any) -> Any:
        """YAML reads yes, on and true as truth values, and Python counts those as 1."""
        if isinstance(content, Mapping):
            for name in _numeric(cls) & content.keys():
                for value in _values(content[name]):
                    if isinstance(value, bool):
                        raise PydanticCustomError(TRUTH, "{field}: {value}", {"field": name, "value": value})
        return content

    @field_validator("*", mode="after")
    @classmethod
    def _of_this_world(cls, value: Any) -> Any:
        """Sizes that no centre has, and texts that would move a console's cursor, are slips."""
        for each in _values(value):
            if isinstance(each, (int, float)) and not -LARGEST <= each <= LARGEST:
                raise ValueError(f"must be a number up to {LARGEST:g}, got {each:g}")
            if isinstance(each, str) and not all(letter.isprintable() or letter in "\n\t" for letter in each):
                raise ValueError(f"must not hold control characters, got {each!r}")
        return value


@cache
def _numeric(part: type[Part]) -> frozenset[str]:
    """Fields of numbers, or of lists and tables of numbers, which take no truth value."""
    kinds = {name: set(_kinds(field.annotation)) for name, field in part.model_fields.items()}
    return frozenset(name for name, each in kinds.items() if each & {int, float} and not each & {bool, Any, Part})


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types at the leaves of an annotation; any part of a centre is `Part`."""
    if get_origin(annotation) is Literal:
        yield from {type(value) for value in get_args(annotation)}
    elif get_origin(annotation) is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType, tuple, dict, list):
        for each in get_args(annotation):
            yield from _kinds(each)
    else:
        yield Part if isinstance(annotation, type) and issubclass(annotation, Part) else annotation


def _values(value: Any) -> Iterator[Any]:
    """The values of nested lists and tables, keys among them; parts look after themselves."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield key
            yield from _values(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _values(each)
    else:
        yield value


def keys_of(model: type[BaseModel]) -> dict[str, str]:
    """The keys of a part as a file says them -> names of its fields (`else` is no name in Python)."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


class FrozenDict(dict[K, V]):
    """A mapping that refuses changes: parameters are not mutable, and a centre is shared between replications."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("parameters are frozen: build a new centre instead")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))

    def __deepcopy__(self, memo: dict[int, Any]) -> FrozenDict[K, V]:
        return self


def _none_is_empty(value: Any) -> Any:
    """An empty YAML block (`pairs:`) reads as None; an entry set to null is an entry taken away."""
    if value is None:
        return {}
    return {k: v for k, v in value.items() if v is not None} if isinstance(value, Mapping) else value


Table = Annotated[dict[str, V], BeforeValidator(_none_is_empty), AfterValidator(FrozenDict)]
"""A frozen mapping from names; `null` removes an entry that a base file set."""

"""What every part of a centre is built from: frozen, strict pydantic models and frozen mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

K = TypeVar("K")
V = TypeVar("V")


class Part(BaseModel):
    """A part of a centre: immutable, no unknown keys, no NaN, no silent conversion of text to numbers' neighbours."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True, arbitrary_types_allowed=True)


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

"""Which keys the model knows at a path, beyond those that some YAML file mentions."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from .base import keys_of
from .centre import Configuration
from .laws import Law


@dataclass(frozen=True)
class Unknown:
    """The first part of a path that the composed configuration lacks, and the names it could have been."""

    depth: int
    known: tuple[str, ...]


def first_unknown(path: Sequence[str], base: Mapping[str, Any]) -> Unknown | None:
    """Where `path` leaves what `base` holds; None if it does not."""
    node: Any = base
    options: list[Any] = [Configuration]
    for depth, name in enumerate(path):
        if not isinstance(node, Mapping) or name not in node:
            here = [str(key) for key in node] if isinstance(node, Mapping) else []
            return Unknown(depth, tuple(dict.fromkeys([*here, *_fields(options)])))
        options = _below(options, name)
        node = node[name]
    return None


def is_known(path: Sequence[str], base: Mapping[str, Any]) -> bool:
    """Whether the model has this key: fields by name; entries of a table if they are plain values or are in `base`;
    whatever is below a table of anything.

    Whole new parts (a channel, a pool, a stream) are not: a misspelt `staffing.phnoe.agents` must not make a pool.
    """
    node: Any = base
    options: list[Any] = [Configuration]
    for name in path:
        there = isinstance(node, Mapping) and name in node
        opens = any(get_origin(each) is dict and not _holds_parts(get_args(each)[1]) for each in options)
        if Any in options:
            return True
        if not (there or opens or name in _fields(options)):
            return False
        options = _below(options, name)
        node = node[name] if there else None
    return True


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _fields(options: Sequence[Any]) -> list[str]:
    return [name for each in options if _is_model(each) for name in keys_of(each)]


def _below(options: Sequence[Any], name: str) -> list[Any]:
    """What an annotation leads to one key further down."""
    found: list[Any] = []
    for each in options:
        if _is_model(each):
            field = each.model_fields.get(keys_of(each).get(name, ""))
            found += _flat(field.annotation) if field else []
        elif get_origin(each) is dict:
            found += _flat(get_args(each)[1])
    return found


def _flat(annotation: Any) -> list[Any]:
    """The alternatives of an annotation; a tuple of parts may be written as one part (a single row)."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _flat(get_args(annotation)[0])
    if origin in (Union, types.UnionType, tuple):
        return [leaf for each in get_args(annotation) for leaf in _flat(each)]
    return [annotation]


def _holds_parts(annotation: Any) -> bool:
    """Whether an annotation leads to parts of a centre; a law of times counts as a value (`20 s`)."""
    leaves = _flat(annotation)
    if any(get_origin(leaf) is dict and _holds_parts(get_args(leaf)[1]) for leaf in leaves):
        return True
    return any(_is_model(leaf) and not issubclass(leaf, Law) for leaf in leaves)

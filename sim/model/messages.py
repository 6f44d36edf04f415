"""Pydantic's errors in a planner's words: path, what is allowed, the value, the nearest known name."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ..errors import Problem, nearest
from .base import TRUTH, keys_of

_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("above", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("below", "lt"),
}
_KINDS = {
    "finite_number": "a finite number", "float_parsing": "a number", "float_type": "a number",
    "int_parsing": "a whole number", "int_type": "a whole number",
    "int_from_float": "a whole number", "bool_parsing": "true or false", "bool_type": "true or false",
    "string_type": "a text", "dict_type": "a mapping of names to values", "mapping_type": "a mapping",
    "tuple_type": "a list", "list_type": "a list", "model_type": "a mapping", "model_attributes_type": "a mapping",
}  # fmt: skip


def problems_of(error: ValidationError, model: type[BaseModel], container: Mapping[str, Any]) -> list[Problem]:
    """One `Problem` for every error that pydantic found in `container`."""
    return [_problem(detail, model, container) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails, model: type[BaseModel], container: Mapping[str, Any]) -> Problem:
    path, models = _walk(detail["loc"], model, container)
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = sorted({name for cls in models for name in keys_of(cls)})
        return Problem(path, f"unknown key{nearest(str(detail['loc'][-1]), known)}")
    if kind == "missing":
        return Problem(path, "is missing")
    if kind in _BOUNDS:
        words, key = _BOUNDS[kind]
        return Problem(path, f"must be {words} {context[key]:g}, got {value}")
    if kind == "literal_error":
        allowed = [text.strip("'") for text in str(context["expected"]).replace(" or ", ", ").split(", ")]
        hint = nearest(str(value), allowed)
        return Problem(path, f"must be one of {', '.join(allowed)}, got {value!r}{hint if '?' in hint else ''}")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        got = f", got {context['tag']!r}" if "tag" in context else ""
        return Problem(f"{path}.kind", f"must be one of self_service, live, deferred{got}")
    if kind == TRUTH:
        where = f"{path}.{context['field']}" if path else str(context["field"])
        return Problem(where, f"must be a number, got {str(context['value']).lower()}")
    if kind == "too_short":
        return Problem(path, f"must hold at least {context['min_length']}, got {context['actual_length']}")
    if kind == "string_pattern_mismatch":
        return Problem(path, f"is not of the form asked for, got {value!r}")
    if kind in _KINDS:
        return Problem(path, f"must be {_KINDS[kind]}, got {value!r}")
    return Problem(path, detail["msg"].removeprefix("Value error, "))


def _walk(loc: Sequence[int | str], model: Any, container: Any) -> tuple[str, list[type[BaseModel]]]:
    """The path as the user wrote it (no union tags of pydantic's, no wrapped lists), and the models at its parent."""
    path, value = "", container
    candidates, parents = _models(model), _models(model)
    for part in loc:
        is_key = isinstance(value, Mapping) and (part in value or any(part in keys_of(cls) for cls in candidates))
        is_item = isinstance(part, int) and isinstance(value, (list, tuple))
        last_missing = part is loc[-1] and isinstance(value, Mapping) and isinstance(part, str)
        if not (is_key or is_item or (last_missing and not _is_tag(part, candidates))):
            if isinstance(part, str) and _is_tag(part, candidates):
                candidates = [cls for cls in candidates if part in str(cls.model_fields["kind"].annotation)]
            continue
        path += f"[{part}]" if is_item else f".{part}" if path else str(part)
        parents = candidates
        candidates = [sub for cls in candidates for sub in _below(cls, part)] or candidates
        value = value[part] if is_item or (isinstance(value, Mapping) and part in value) else None
    return path, parents


def _is_tag(part: int | str, candidates: list[type[BaseModel]]) -> bool:
    kinds = [str(cls.model_fields["kind"].annotation) for cls in candidates if "kind" in cls.model_fields]
    return any(f"'{part}'" in kind for kind in kinds)


def _below(cls: type[BaseModel], part: int | str) -> list[type[BaseModel]]:
    field = cls.model_fields.get(keys_of(cls).get(str(part), ""))
    return _models(field.annotation) if field is not None else []


def _models(annotation: Any) -> list[type[BaseModel]]:
    """All models an annotation can lead to, looked for through containers and unions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Annotated, Union, types.UnionType, tuple, dict, list):
        return [found for argument in get_args(annotation) for found in _models(argument)]
    return []

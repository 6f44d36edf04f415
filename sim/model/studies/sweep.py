"""A sweep in one job: which factors, which values, which design.

Comes in: the mapping `study.sweep`. Goes out: a checked `Sweep`. A factor is a key of the configuration with a list of
values or a range. Keys are written as the configuration is nested or with dots, so these are the same:

    factors: {integration: {level: [0, 0.5, 1]}}
    factors: {integration.level: [0, 0.5, 1]}
    study.sweep.factors.integration.level=[0,0.5,1]       (command line)

A list of `{key, values}` was rejected: it cannot be changed a factor at a time on the command line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from ..base import FrozenDict, Part
from ..digest import OUTSIDE
from ..units import parse_duration

MOST = 2**20
"""points of a design"""
RANGE = {"low", "high", "integer"}
RESERVED = ("point", "hash", "status", "error", "id", "key", "name", "scope", "measure")
"""columns of a study's own tables"""
_KEY = re.compile(r"^\w[\w -]{0,63}(\.\w[\w -]{0,63})*$")

_Inner = Any | dict[str, Any | dict[str, Any | dict[str, Any | dict[str, Any]]]]
Tree = dict[str, Any | dict[str, _Inner]]  # spelled out: the command line asks annotations how deep a key may go


class Factor(Part):
    """Either `values`, or a range from `low` to `high` (both times if `seconds`; whole numbers if `integer`)."""

    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    integer: bool = False
    seconds: bool = False


def _factors(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Factor]]:
    """Keys with dots and their factors, in the order written; raises ValueError."""
    for name, node in tree.items():
        key = f"{above}{name}"
        if isinstance(node, Factor):
            yield key, node
        elif isinstance(node, (list, tuple)):
            if not node:
                raise ValueError(f"{key}: needs at least one value")
            yield key, Factor(values=tuple(node))
        elif isinstance(node, Mapping) and _is_range(node):
            yield key, _range(key, node)
        elif isinstance(node, Mapping):
            yield from _factors(node, f"{key}.")
        elif node is not None:  # null takes a factor away
            raise ValueError(f"{key}: must be a list of values or {{low, high}}, got {node!r}")


def _is_range(node: Mapping[str, Any]) -> bool:
    ends = [node[name] for name in ("low", "high") if name in node]
    return bool(ends) and not any(isinstance(end, (list, tuple, Mapping)) for end in ends)


def _range(key: str, node: Mapping[str, Any]) -> Factor:
    if not {"low", "high"} <= node.keys() <= RANGE:
        raise ValueError(f"{key}: a range is {{low, high}} or {{low, high, integer}}, got {', '.join(map(str, node))}")
    ends, whole = (node["low"], node["high"]), node.get("integer", False)
    seconds = any(isinstance(end, str) for end in ends)
    if not seconds and not all(isinstance(end, (int, float)) and math.isfinite(end) for end in ends):
        raise ValueError(f"{key}: low and high must be numbers or times, got {ends[0]!r} and {ends[1]!r}")
    low, high = (parse_duration(end) if seconds else float(end) for end in ends)
    if not isinstance(whole, bool) or (whole and (seconds or low != int(low) or high != int(high))):
        raise ValueError(f"{key}: integer is true or false, and true needs whole numbers as low and high")
    if not low < high:
        raise ValueError(f"{key}: low must be below high, got {ends[0]} and {ends[1]}")
    return Factor(low=low, high=high, integer=whole, seconds=seconds)


def _checked(tree: Mapping[str, Any]) -> FrozenDict[str, Factor]:
    found: dict[str, Factor] = {}
    for key, factor in _factors(tree):
        if key in found:
            raise ValueError(f"{key}: is given twice, with dots and nested")
        if any(key == name or key.startswith(f"{name}.") for name in OUTSIDE):
            raise ValueError(f"{key}: cannot be a factor of a sweep")
        if key == "scenarios" and not all(isinstance(value, str) for value in factor.values or (None,)):
            raise ValueError("scenarios: must be a list of names, such as [siloed, one_digital_channel]")
        if not _KEY.match(key) or key in RESERVED:
            raise ValueError(f"{key!r}: is no key of the configuration")
        found[key] = factor
    return FrozenDict(found)


if TYPE_CHECKING:
    Factors = Mapping[str, Factor]
else:
    Factors = Annotated[Tree, AfterValidator(_checked)]


class Sweep(Part):
    """A design over factors, run as one job with everything finished on disk.

    `grid`: all combinations of the values; `zip`: first values together, second values together, ...;
    `latin_hypercube` and `sobol` (scrambled): `points` points that fill the ranges evenly (a list of values counts as
    equally likely ones).
    """

    design: Literal["grid", "zip", "latin_hypercube", "sobol"] = "grid"
    factors: Factors = Field(
        default_factory=lambda: FrozenDict({}), description="key: [values] or {low, high, integer}"
    )
    points: int = Field(64, ge=1, le=MOST, description="of latin_hypercube and sobol; sobol wants a power of 2")
    seed: int = Field(1, ge=0, lt=2**32, description="of the design; the chance of the runs is run.seed")
    block: int = Field(10, ge=1, description="replications of one task")
    against: int = Field(0, ge=0, le=MOST, description="number of the point that differences of results are from")
    measures: tuple[str, ...] = Field((), description="the only ones to take, by name, such as abandoned; none: all")
    folder: str | None = Field(None, description="where the study is kept; null: outputs/sweeps/<hash of the study>")

    @model_validator(mode="after")
    def _fits(self) -> Sweep:
        if self.design == "sobol" and self.points & (self.points - 1):
            low = 1 << (self.points.bit_length() - 1)
            raise ValueError(f"points: must be a power of 2 for sobol, such as {low} or {2 * low}, got {self.points}")
        if self.design in ("grid", "zip"):
            for key, factor in self.factors.items():
                if not factor.values:
                    raise ValueError(f"factors.{key}: {self.design} needs a list of values, not a range")
        counts = [len(factor.values) for factor in self.factors.values()]
        if self.design == "zip" and len(set(counts)) > 1:
            each = ", ".join(f"{key} {count}" for key, count in zip(self.factors, counts, strict=True))
            raise ValueError(f"factors: zip needs equally many values of each, got {each}")
        if self.design == "grid" and math.prod(counts) > MOST:
            raise ValueError(f"factors: a grid of {math.prod(counts):,} points; at most {MOST:,}")
        return self

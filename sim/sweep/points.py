"""From the values of a point to its configuration and to its hash, by which a store knows it again.

Comes in: the plain resolved configuration and values by key. Goes out: a plain configuration for each point (parts that
no factor touches are shared, not copied) and a hash. Composing every point with Hydra costs 0.3 s a point; this takes
about 0.1 ms. The hash covers what is simulated (seed, engine and schema among it) and leaves out how often, on how many
workers, and what is drawn.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InputError, Problem
from ..model.origin import with_values as set_values
from ..model.studies.sweep import OUTSIDE
from .design import Values

RULE = 1
"""Part of every hash: another number for another way of making them."""
SCENARIOS = "scenarios"
"""The factor that chooses a base configuration instead of setting a value in it."""
Bases = Mapping[str, Mapping[str, Any]]
"""By scenario what `simulated` returns; the only one is named '' where scenarios are no factor."""
HASH = 15  # hexadecimal digits: two of a million points share one with probability 4e-7


@dataclass(frozen=True, slots=True)
class Point:
    """One row of the design; points with equal configurations have equal hashes and run once."""

    number: int
    hash: str
    values: Values


def simulated(container: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a configuration that a result depends on."""
    found = dict(container)
    for key in OUTSIDE:
        section, _, name = key.partition(".")
        if not name:
            found.pop(section, None)
        elif isinstance(found.get(section), Mapping):
            found[section] = {each: value for each, value in found[section].items() if each != name}
    return found


def with_values(base: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """`base` with values set at keys with dots; raises InputError where a key leads through a value or a list."""
    try:
        return set_values(base, values)
    except ValueError as error:
        key, what = error.args
        raise InputError(Problem(f"study.sweep.factors.{key}", what)) from None


def scenario_of(values: Values) -> str:
    """The name of a point's base configuration."""
    return str(values.get(SCENARIOS, ""))


def point_of(bases: Bases, values: Values) -> dict[str, Any]:
    """The plain configuration of a point."""
    return with_values(bases[scenario_of(values)], {key: value for key, value in values.items() if key != SCENARIOS})


def numbered(bases: Bases, design: list[Values]) -> Iterator[Point]:
    """The points of a design. Sections that no factor touches are hashed once."""
    touched = {key.split(".")[0] for values in design for key in values if key != SCENARIOS}
    untouched = {
        name: {section: digest(value) for section, value in base.items() if section not in touched}
        for name, base in bases.items()
    }
    for number, values in enumerate(design):
        point = point_of(bases, values)
        mine = untouched[scenario_of(values)] | {name: digest(point[name]) for name in touched}
        yield Point(number, "p" + digest([RULE, mine])[:HASH], values)  # a letter: no reader takes it for a number


def digest(value: Any) -> str:
    """SHA-256 of plain data; the order of keys and 1 against 1.0 make no difference."""
    return hashlib.sha256(json.dumps(_canonical(value), sort_keys=True, default=str).encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _canonical(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(each) for each in value]
    return value

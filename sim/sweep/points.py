"""From the values of a point to its configuration and to its hash, by which a store knows it again.

Comes in: the plain resolved configuration and values by key. Goes out: a plain configuration for each point (parts that
no factor touches are shared, not copied) and a hash. Composing every point with Hydra costs 0.3 s a point; this takes
less than 1 ms. The hash covers what is simulated, as it was validated (`2 min` is `120 s`), and leaves out how often,
on how many workers, and what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..model.digest import OUTSIDE, digest, section_digest, without
from ..model.origin import with_values as set_values
from .design import Values

RULE = 2
"""Part of every hash: another number for another way of making them."""
SCENARIOS = "scenarios"
"""The factor that chooses a base configuration instead of setting a value in it."""
Bases = Mapping[str, Mapping[str, Any]]
"""By scenario what `simulated` returns; the only one is named '' where scenarios are no factor."""
MOST = 10_000
"""hashes that are remembered"""
HASH = 15  # hexadecimal digits: two of a million points share one with probability 4e-7


@dataclass(frozen=True, slots=True)
class Point:
    """One row of the design; points with equal configurations have equal hashes and run once."""

    number: int
    hash: str
    values: Values


def simulated(container: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a configuration that a result depends on."""
    return without(container, OUTSIDE)


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


def touched(values: Values) -> dict[str, str]:
    """Sections in which the values of a point are set, with what is set there.

    >>> touched({"run.seed": 7, "run.end": "cut", "scenarios": "siloed"})
    {'run': "[('run.seed', 7), ('run.end', 'cut')]"}
    """
    found: dict[str, list[tuple[str, Any]]] = {}
    for key, value in values.items():
        if key != SCENARIOS:
            found.setdefault(key.split(".")[0], []).append((key, value))
    return {section: repr(pairs) for section, pairs in found.items()}


def numbered(bases: Bases, design: list[Values], folders: Sequence[Path] = ()) -> Iterator[Point]:
    """The points of a design, files that they name being looked for in `folders`. A section is hashed once for each
    choice of what is set in it, as long as it is remembered."""
    known: dict[tuple[str, str, str], str] = {}
    for number, values in enumerate(design):
        point, scenario, said = point_of(bases, values), scenario_of(values), touched(values)
        if len(known) > MOST:
            known.clear()
        mine: dict[str, str] = {}
        for name, section in point.items():
            key = scenario, name, said.get(name, "")
            if key not in known:
                known[key] = section_digest(name, section, folders)
            mine[name] = known[key]
        yield Point(number, "p" + digest([RULE, mine])[:HASH], values)  # a letter: no reader takes it for a number


def identity(bases: Bases, factors: Sequence[str], folders: Sequence[Path] = ()) -> str:
    """The hash of a study without its design: the same factors on the same bases, so that a design can grow."""
    rest = {name: without_keys(base, factors) for name, base in bases.items()}
    sections = {
        name: {part: section_digest(part, value, folders) for part, value in base.items()}
        for name, base in rest.items()
    }
    return digest([sorted(factors), sections if "" in bases else sorted(factors)])


def without_keys(base: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """A plain mapping without some keys with dots, however deep."""
    found = dict(base)
    for key in keys:
        *path, last = key.split(".")
        node: Any = found
        for name in path:
            if not isinstance(node.get(name), Mapping):
                break
            node[name] = dict(node[name])
            node = node[name]
        else:
            node.pop(last, None)
    return found

"""What a configuration was read from, so that nobody has to carry the plain mapping beside it.

Comes in: the plain resolved mapping, and where there was one the command line. Goes out: an `Origin`, which a
`Configuration` holds (`Configuration.origin`). A sweep sets keys of the mapping, a manifest writes it, and a run on a
planner's own data asks which keys were stated on purpose and which describe the centre as it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .centre import Configuration

Tree = Mapping[str, Any]


class Library(Protocol):
    """Where scenarios and other files come from: the shipped folders and the user's own."""

    def compose(self, overrides: Sequence[str]) -> Configuration:
        """The configuration that the command line with these overrides would run."""

    def scenarios(self) -> Sequence[str]:
        """Names of all scenarios, the baseline first."""

    def comparable(self) -> Sequence[str]:
        """Names of those that change the centre asked for rather than bring one of their own."""


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a configuration comes from. All origins are equal: they are no part of what a configuration says."""

    source: Tree
    """plain and resolved, as it would stand in one YAML file"""
    overrides: tuple[str, ...] = ()
    """the command line as typed"""
    stated: frozenset[str] = frozenset()
    """keys with dots that were set on purpose: typed, in the scenario's file, or by code (`Configuration.at`)"""
    recorded: Tree | None = None
    """the plain configuration of the centre in which `data.intervals` was recorded; None: `source` is that centre"""
    notes: tuple[str, ...] = ()
    """what was chosen for the user on the way"""
    changes: Tree = field(default_factory=dict)
    """values set by code, by key with dots (`Configuration.at`)"""
    library: Library | None = None
    """where the overrides were read; None: the configuration was a mapping"""
    written: object = None
    """the configuration before its relative keys were resolved (`sim.model.relative`)"""
    folders: tuple[Path, ...] = ()
    """where files that it names are looked for, beside the working folder"""
    sections: Mapping[str, object] = field(default_factory=dict)
    """the checked parts as they were read: a part that is no longer the same object was changed by code"""

    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, Origin)

    __hash__ = None  # type: ignore[assignment]

    def states(self, key: str) -> bool:
        """Whether a key, something above it or something below it was set on purpose."""
        return any(key == name or key.startswith(f"{name}.") or name.startswith(f"{key}.") for name in self.stated)


def folders_of(config: Configuration) -> tuple[Path, ...]:
    """The folders in which files that a configuration names are looked for, beside the working folder."""
    return config.origin.folders if config.origin else ()


def leaves(tree: Tree, above: str = "") -> Iterator[tuple[str, Any]]:
    """Keys with dots and their values, in file order; an empty mapping is a value."""
    for name, node in tree.items():
        key = f"{above}{name}"
        if isinstance(node, Mapping) and node:
            yield from leaves(node, f"{key}.")
        else:
            yield key, node


def differing(one: Tree, other: Tree) -> set[str]:
    """Keys whose values differ between two plain mappings, or that only one of them has."""
    mine, theirs = dict(leaves(one)), dict(leaves(other))
    return {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}


def with_values(base: Tree, values: Tree) -> dict[str, Any]:
    """`base` with values set at keys with dots; parts that no key touches are shared, not copied.

    Raises ValueError naming the key that leads through a value or a list.
    """
    point = dict(base)
    for key, value in values.items():
        *path, last = key.split(".")
        node = point
        for name in path:
            child = node.get(name)
            if child is not None and not isinstance(child, Mapping):
                raise ValueError(key, f"leads through {name!r}, which is not a mapping here but {child!r}")
            node[name] = dict(child or {})
            node = node[name]
        node[last] = value
    return point

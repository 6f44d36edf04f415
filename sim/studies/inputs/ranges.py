"""Ranges held against the centre at hand: what they move, from where, and whether the centre takes both ends.

Comes in: `study.ranges`, the plain configuration and the validated one. Goes out: one `Input` for each range, and the
names of those that this centre has no use for. A key that leads through a `null` (a centre without that channel) or
below a disabled channel is left out; any other key that the configuration does not have is a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, Problem, nearest
from ...model.base import Part, keys_of
from ...model.centre import Configuration
from ...model.origin import folders_of
from ...model.studies.inputs import Range
from ...model.units import format_duration, parse_duration
from ...sweep.design import Values
from ...sweep.points import simulated, with_values

Floats = NDArray[np.float64]
WHERE = "study.ranges"
CLOSE = 1e-9
DECIDED = ("service", "service_factors", "wrap_up", "aht_factor", "patience", "deadline", "hours")
"""of a channel, what a file of intervals says, or the fit to it"""


class _Absent(Exception):
    """The centre took that part away."""


@dataclass(frozen=True)
class Input:
    """A parameter (or several that move together) with its range. `present` is the value of today, s for times; 1 for
    a factor. `values` are today's values by key, as the simulation takes them."""

    name: str
    range: Range
    present: float
    values: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What a planner reads."""
        return self.range.label or self.name.replace("_", " ")

    def at(self, u: float) -> float:
        """The value at probability `u`."""
        return self.range.at(u, self.present)

    def said(self, value: float) -> str:
        """A value as a planner writes it."""
        if self.range.seconds:
            return format_duration(value)
        return f"x {value:.3g}" if self.range.by == "factor" else f"{value:.3g}"

    def set_to(self, value: float) -> dict[str, Any]:
        """The values of all its keys when the parameter has this value."""
        if self.range.by == "factor":
            return {key: _scaled(today, value) for key, today in self.values.items()}
        if self.range.by == "mix":
            mine, total = self.range.key[0], sum(self.values.values())
            rest = (total - value) / (total - self.present)
            return {key: value if key == mine else today * rest for key, today in self.values.items()}
        return dict.fromkeys(self.values, f"{value!r} s" if self.range.seconds else value)


def _scaled(today: Any, factor: float) -> Any:
    if isinstance(today, tuple):
        return [_scaled(each, factor) for each in today]
    if isinstance(today, str):
        number, _, unit = today.partition(" ")
        return f"{float(number) * factor!r} {unit}"
    return today * factor


def decided_by_a_file(key: str) -> bool:
    """Whether a file of intervals, or the fit to it, says the value at a key."""
    path = key.split(".")
    return path[0] in ("demand", "staffing") or (path[0] == "channels" and len(path) > 2 and path[2] in DECIDED)


def inputs_of(
    config: Configuration, container: Mapping[str, Any], only: Sequence[str] = (), file: frozenset[str] = frozenset()
) -> tuple[list[Input], list[str]]:
    """Inputs by name and the names left out.

    `file` are names of inputs that a planner's file brings itself (`own`): ranges about what it decides, or that lack
    the present value, are left out. Raises InputError for every range that the centre cannot take.
    """
    ranges = config.study.ranges
    known = [*ranges, *sorted(file)]
    problems = [
        Problem("study.*.only", f"no range {name!r}{nearest(name, known)}") for name in only if name not in known
    ]
    found, left, owner = [], [], dict[str, str]()
    for name, each in ranges.items():
        if only and name not in only:
            continue
        if file and any(map(decided_by_a_file, each.key)):
            left.append(name)
            continue
        try:
            one = _input(name, each, config, container)
            for key in one.values:
                if key in owner:
                    raise ValueError(f"moves {key}, which {owner[key]} moves already")
                owner[key] = name
            found.append(one)
        except _Absent:
            left.append(name)
        except ValueError as error:
            if file:  # the shipped ranges are about the shipped centre
                left.append(name)
                continue
            problems.append(Problem(f"{WHERE}.{name}", str(error)))
    if not (found or problems or file):
        hint = "choose a set, such as ranges=assumptions" if not ranges else "this centre has none of the parameters"
        problems.append(Problem(WHERE, f"nothing to vary: {hint}"))
    problems = problems or [problem for each in found for problem in _refused(each, container, folders_of(config))]
    if problems:
        raise InputError(problems)
    return found, left


def today_of(of: Mapping[str, Any], config: Configuration, container: Mapping[str, Any]) -> dict[str, Any]:
    """Today's values of keys that a study sets to others. Raises InputError for keys that the centre does not have, or
    that have no single value."""
    found, problems = dict[str, Any](), []
    for key in of:
        try:
            value = _value(key, config, container)
            if not isinstance(value, (bool, int, float, str)):
                raise ValueError(f"{key} has no single value")
            timed = isinstance(of[key], str) and not isinstance(value, str)
            found[key] = f"{value!r} s" if timed else value
        except _Absent:
            problems.append(Problem(f"study.of.{key}", "this centre does not have it"))
        except ValueError as error:
            problems.append(Problem(f"study.of.{key}", str(error)))
    if problems:
        raise InputError(problems)
    return found


def _input(name: str, asked: Range, config: Configuration, container: Mapping[str, Any]) -> Input:
    values = {key: _value(key, config, container) for key in asked.key}
    low, high = asked.ends
    if asked.by == "factor":
        today, values = 1.0, {key: _stated(key, container) for key in asked.key}
    elif asked.by == "mix":
        values = values if len(values) > 1 else _siblings(asked.key[0], config, container)
        today = _number(asked.key[0], values[asked.key[0]])
        if sum(values.values()) - today < CLOSE:
            raise ValueError("is the whole mix: there is nothing to take from")
    else:
        numbers = {_number(key, value) for key, value in values.items()}
        if len(numbers) > 1:
            raise ValueError(f"keys have different values ({', '.join(map(str, sorted(numbers)))}): use by factor")
        (today,) = numbers
    if not low - CLOSE <= today <= high + CLOSE:
        least, most = (format_duration(end) if asked.seconds else f"{end:g}" for end in (low, high))
        said = format_duration(today) if asked.seconds else f"{today:g}"
        raise ValueError(f"must contain the present value {said}, goes from {least} to {most}")
    return Input(name, asked, float(today), values)


def _number(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{key} is no number but {value!r}")
    return value


def _stated(key: str, container: Mapping[str, Any]) -> Any:
    """The value as the file states it, times in seconds with their unit: what a factor multiplies."""
    node: Any = container
    for name in key.split("."):
        node = node.get(name) if isinstance(node, Mapping) else None
    if isinstance(node, str):
        return f"{parse_duration(node)!r} s"
    if isinstance(node, (list, tuple)):
        return tuple(_number(key, each) for each in node)
    return _number(key, node)


def _siblings(key: str, config: Configuration, container: Mapping[str, Any]) -> dict[str, float]:
    """All entries of the mix that a key is in."""
    above = key.rpartition(".")[0]
    mix = _value(above, config, container)
    if not isinstance(mix, Mapping):
        raise ValueError(f"by mix: {above} is no mix")
    return {f"{above}.{name}": float(share) for name, share in mix.items()}


def _value(key: str, config: Configuration, container: Mapping[str, Any]) -> Any:
    """The value at a key of the validated configuration: numbers, times in seconds."""
    path = key.split(".")
    if path[0] in ("study", "run", "data", "scenario"):
        raise ValueError(f"{key} is not about the centre")
    if _taken_away(path, container):
        raise _Absent
    node: Any = config
    for depth, name in enumerate(path):
        node = _step(node, name, ".".join(path[: depth + 1]))
        if node is None or (depth == 1 and path[0] == "channels" and not node.enabled):
            raise _Absent
    return node


def _step(node: Any, name: str, said: str) -> Any:
    if isinstance(node, tuple) and len(node) == 1:  # a single row of journeys
        node = node[0]
    if isinstance(node, Part):
        keys = keys_of(type(node))
        if name in keys:
            return getattr(node, keys[name])
        known: Sequence[str] = list(keys)
    elif isinstance(node, Mapping):
        if name in node:
            return node[name]
        known = [str(each) for each in node]
    else:
        raise ValueError(f"{said} leads through a single value")
    raise ValueError(f"unknown key {said}{nearest(name, known)}")


def _taken_away(path: Sequence[str], container: Mapping[str, Any]) -> bool:
    node: Any = container
    for name in path:
        if not isinstance(node, Mapping) or name not in node:
            return False
        node = node[name]
        if node is None:
            return True
    return False


def _refused(one: Input, container: Mapping[str, Any], folders: Sequence[Path]) -> list[Problem]:
    """What the centre says against the ends of a range."""
    problems, base = [], simulated(container)
    for end in one.range.ends:
        try:
            Configuration.from_mapping(with_values(base, one.set_to(end)), folders)
        except InputError as error:
            said = f"{one.said(end)}: "
            problems += [Problem(f"{WHERE}.{one.name}", f"{said}{each}") for each in error.problems]
    return problems


def placed(inputs: Sequence[Input], u: Floats) -> Floats:
    """Values of the inputs at points of the unit cube, (points, inputs)."""
    return np.array([[one.at(x) for one, x in zip(inputs, row, strict=True)] for row in u.tolist()])


def together(inputs: Sequence[Input], values: Sequence[float]) -> Values:
    """The values of all keys when the inputs have these values."""
    return {key: each for one, value in zip(inputs, values, strict=True) for key, each in one.set_to(value).items()}

"""The points of a multirun (`-m`) against the first of them, paired.

Comes in: what each point left in its folder: estimates and what each replication adds to them (`paired.json`). Goes
out: differences from the first point that ran, as words, as a table, and for a picture. All points have the same
customers with the same luck, so a difference is known far better than either side; two intervals side by side hide it.
For each measure the intervals of all points hold together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tabulate import tabulate

from ...files import write_text
from ...reports.headlines import HEADLINES
from ...reports.numbers import say
from ...reports.points import Point, swept_keys
from ...runs.replicate import Results
from .rows import COLUMNS, row_of
from .study import Difference, Key, Side, paired, side_of
from .until import as_kpi

FILE = "paired.json"


@dataclass(frozen=True)
class PointDifferences:
    """Differences of points from a first one, called `baseline`; `point` has the number of each by name."""

    baseline: str
    folder: Path
    """of the baseline"""
    points: Mapping[str, int]
    differences: tuple[Difference, ...]
    confidence: float
    currency: str

    @property
    def together(self) -> str:
        """What the confidence holds for."""
        return f"For each measure the {self.confidence:.0%} intervals of all points hold together (Bonferroni)."


def write_side(results: Results, folder: Path) -> Path:
    """What a point leaves for the comparison with the others, of the measures of a comparison and the headlines."""
    config = results.config
    measures = (*config.study.measures, *(f"{scope}.{name}.{measure}" for scope, name, measure, _ in HEADLINES))
    side = {".".join(key): [value, added.tolist()] for key, (value, added) in side_of(results, measures).items()}
    content = {
        "seed": config.run.seed, "replications": list(results.replications), "group": config.run.group,
        "confidence": config.run.confidence, "currency": config.economics.currency, "measures": side,
    }  # fmt: skip
    return write_text(folder / FILE, json.dumps(content) + "\n")


def point_differences(points: Sequence[Point]) -> PointDifferences | None:
    """Points with the seed and the replications of the first that ran; None where there is no second one."""
    keys = swept_keys(points)
    read = [(point, _read(point.folder)) for point in points if point.status == "ok"]
    told = [(point, content) for point, content in read if content]
    if not told:
        return None
    first, base = told[0]
    luck = ("seed", "replications", "group", "confidence")
    others = {
        _name(point, keys): (point.number, _side(content)) for point, content in told[1:]
        if all(content[key] == base[key] for key in luck)
    }  # fmt: skip
    if not others or len(base["replications"]) < 2:
        return None
    found = _by_measure(_side(base), {name: side for name, (_, side) in others.items()}, base)
    numbers = {name: number for name, (number, _) in others.items()}
    return PointDifferences(
        _name(first, keys), first.folder, numbers, tuple(found), base["confidence"], str(base["currency"])
    )


def _by_measure(baseline: Side, others: Mapping[str, Side], said: Mapping[str, Any]) -> list[Difference]:
    """Differences, measure by measure, in the order of points."""
    found = [
        each for key in baseline
        for each in paired({key: baseline[key]}, others, said["confidence"], int(said["seed"]))
    ]  # fmt: skip
    order = {name: place for place, name in enumerate(others)}
    return sorted(found, key=lambda each: order[each.scenario])


def _read(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _side(content: Mapping[str, Any]) -> Side:
    return {_key(name): (float(value), np.array(added)) for name, (value, added) in content["measures"].items()}


def _key(name: str) -> Key:
    scope, of, measure = name.split(".")
    return scope, of, measure


def _name(point: Point, keys: Sequence[str]) -> str:
    return " ".join(f"{key}={point.settings[key]}" for key in keys if key in point.settings) or f"point {point.number}"


def columns() -> tuple[str, ...]:
    """Columns of differences.csv."""
    return ("point", *COLUMNS)


def rows(found: PointDifferences) -> list[list[object]]:
    """Rows of differences.csv."""
    return [[found.points[each.scenario], *row_of(each)] for each in found.differences]


def words(found: PointDifferences) -> str:
    """A row for each point, a column for each headline; what cannot be told stands in brackets."""
    cells = {(each.scenario, each.key): each for each in found.differences}
    shown = [line for line in HEADLINES if any(key == line[:3] for _, key in cells)]
    table = [[str(number), name, *(_cell(cells.get((name, line[:3])), found.currency) for line in shown)]
             for name, number in found.points.items()]  # fmt: skip
    header = ["point", "", *(title for *_, title in shown)]
    align = ["right", "left"] + ["right"] * len(shown)
    text = tabulate(table, header, tablefmt="simple", colalign=align, disable_numparse=True)
    return (
        f"Differences from {found.baseline}, paired: the same customers with the same luck\n{text}\n{found.together} "
        "In brackets: cannot be told from no difference."
    )


def _cell(each: Difference | None, currency: str) -> str:
    if each is None or np.isnan(each.difference):
        return "–"
    text = ("+" if each.difference > 0 else "") + say(as_kpi(each), currency).replace(" %", " points")
    return f"({text})" if each.verdict == "cannot tell" else text

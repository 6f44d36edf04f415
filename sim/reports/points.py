"""The points of a sweep as data: read from their folders, written as one CSV file, printed as one table."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from .. import files
from ..statistics.kpis import FIELDS, Kpi
from .headlines import HEADLINES
from .numbers import say


@dataclass(frozen=True)
class Point:
    """One combination of a sweep: `status` is ok, mistake (the user's) or failed (the program's)."""

    number: int
    folder: Path
    status: str
    error: str
    settings: dict[str, str]
    kpis: list[dict[str, str]]


def written_points(folder: Path) -> dict[Path, int]:
    """The files of all points below a sweep's folder, and when each was written, ns."""
    return {path: path.stat().st_mtime_ns for path in folder.glob("*/point.json")}


def read_points(folder: Path, before: Mapping[Path, int] | None = None) -> list[Point]:
    """All points below a sweep's folder, in order, without those that were there `before` and were not written since:
    another sweep's, or somebody else's."""
    points = []
    for path, written in written_points(folder).items():
        if (before or {}).get(path) == written:
            continue
        said = json.loads(path.read_text(encoding="utf-8"))
        settings = dict(word.lstrip("+").split("=", 1) for word in said["overrides"] if "=" in word)
        kpis = path.with_name("kpis.csv")
        rows: list[dict[str, str]] = []
        if kpis.is_file():
            with kpis.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
        points.append(Point(said["point"], path.parent, said["status"], said["error"], settings, rows))
    return sorted(points, key=lambda point: point.number)


def swept_keys(points: Sequence[Point]) -> list[str]:
    """Keys whose values differ between points; all keys where there is but one point."""
    keys = dict.fromkeys(key for point in points for key in point.settings)
    return [key for key in keys if len(points) == 1 or len({point.settings.get(key) for point in points}) > 1]


def write_csv(path: Path, points: Sequence[Point]) -> None:
    """The long form: one line per point and measure; a point without results has one line that says why."""
    keys = swept_keys(points)
    rows = []
    for point in points:
        start = [point.number, point.folder.name, *(point.settings.get(key, "") for key in keys)]
        rows += [
            [*start, point.status, point.error, *(kpi.get(name, "") for name in FIELDS)] for kpi in point.kpis or [{}]
        ]
    files.write_csv(path, ["point", "folder", *keys, "status", "error", *FIELDS], rows)


def table(points: Sequence[Point]) -> str:
    """One row a point: number, swept keys, headline measures with their intervals; a failed point says so below."""
    keys = swept_keys(points)
    shown = [line for line in HEADLINES if any(_find(point, *line[:3]) for point in points)]
    header = ["point", *keys, *(title for *_, title in shown)]
    rows = [
        [str(point.number), *(point.settings.get(key, "") for key in keys), *_cells(point, shown)] for point in points
    ]
    align = ["right"] + ["left"] * len(keys) + ["right"] * len(shown)
    text = str(tabulate(rows, header, tablefmt="simple", colalign=align, disable_numparse=True))
    failed = [f"point {p.number}: {p.status}: {p.error.splitlines()[0]}" for p in points if p.status != "ok"]
    return "\n".join([text, *failed])


def _cells(point: Point, shown: Sequence[tuple[str, str, str, str]]) -> list[str]:
    if point.status != "ok":
        return [point.status] * bool(shown) + [""] * (len(shown) - 1)
    return [say(_find(point, *line[:3])) for line in shown]


def _find(point: Point, scope: str, name: str, measure: str) -> Kpi | None:
    for row in point.kpis:
        whole = row.get("interval", "all") == "all"
        if whole and (row["scope"], row["name"], row["measure"]) == (scope, name, measure):
            mean, half = float(row["mean"] or "nan"), float(row["half_width"] or "nan")
            return Kpi(scope, name, measure, "all", mean, half, int(row.get("n", 0)), row["unit"])
    return None

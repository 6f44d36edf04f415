"""The points of a sweep as data: read from their folders, written as one CSV file, printed as one table."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KPI_COLUMNS = ("scope", "name", "measure", "interval", "mean", "half_width", "lower", "upper", "n", "unit")
WHOLE = ("", "all", "whole")  # how the whole measured window may be named in the column `interval`


@dataclass(frozen=True)
class Point:
    """One combination of a sweep: `status` is ok, mistake (the user's) or failed (the program's)."""

    number: int
    folder: Path
    status: str
    error: str
    settings: dict[str, str]
    kpis: list[dict[str, str]]


def read_points(folder: Path) -> list[Point]:
    """All points below a sweep's folder, in order."""
    points = []
    for path in folder.glob("*/point.json"):
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
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["point", "folder", *keys, "status", "error", *KPI_COLUMNS])
        for point in points:
            start = [point.number, point.folder.name, *(point.settings.get(key, "") for key in keys)]
            for kpi in point.kpis or [{}]:
                writer.writerow([*start, point.status, point.error, *(kpi.get(name, "") for name in KPI_COLUMNS)])


def headlines() -> Sequence[tuple[str, str, str, str]]:
    """(scope, name, measure, title) of the measures that the table of a sweep shows."""
    try:
        from ..reports.headlines import HEADLINES
    except ImportError:
        return ()
    return tuple(HEADLINES)


def table(points: Sequence[Point]) -> str:
    """One row a point: number, swept keys, headline measures with their half-widths; a failed point says so."""
    keys = swept_keys(points)
    shown = [line for line in headlines() if any(_find(point, *line[:3]) for point in points)]
    rows = [["point", *keys, *(title for *_, title in shown)]]
    for point in points:
        cells = [_cell(_find(point, *line[:3])) for line in shown]
        if point.status != "ok":
            cells = [f"{point.status}: {point.error.splitlines()[0]}"]
        rows.append([str(point.number), *(point.settings.get(key, "") for key in keys), *cells])
    return _aligned(rows)


def _find(point: Point, scope: str, name: str, measure: str) -> dict[str, str] | None:
    rows = [k for k in point.kpis if (k["scope"], k["name"], k["measure"]) == (scope, name, measure)]
    return next((row for row in rows if row.get("interval", "") in WHOLE), None)


def _cell(kpi: dict[str, str] | None) -> str:
    if kpi is None or not kpi["mean"]:
        return "-"
    mean, half = float(kpi["mean"]), float(kpi["half_width"] or "nan")
    scale, digits = (100.0, 1) if kpi.get("unit") == "share" else (1.0, 2 if abs(mean) < 100 else 0)
    sign = " %" if kpi.get("unit") == "share" else ""
    width = "" if half != half else f" ± {half * scale:,.{digits}f}"
    return f"{mean * scale:,.{digits}f}{width}{sign}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; an error text in the last column of its row widens nothing."""
    full = [row for row in rows if len(row) == len(rows[0])]
    widths = [max(len(row[i]) for row in full) for i in range(len(rows[0]))]
    lines = [[cell.ljust(widths[i]) for i, cell in enumerate(row[:-1])] + [row[-1]] for row in rows]
    return "\n".join("  ".join(line).rstrip() for line in lines)

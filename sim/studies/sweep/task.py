"""`study=sweep`: a design of many points, gone on with after a crash.

Comes in: a configuration with `study.sweep`. Goes out: the sweep's own folder, and a table of its first points.
Misspelt factors are refused before anything runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError, Problem, nearest
from ...model.centre import Configuration
from ...model.known_keys import first_unknown, is_known
from ...model.origin import folders_of, with_values
from ...reports.headlines import HEADLINES
from ...reports.points import Point, table
from ...sweep.points import SCENARIOS
from ...sweep.run import Swept, run_sweep, summary
from ...sweep.tables import read_study
from ..alternatives import check_scenarios, scenario
from ..base import Keep, Study, nothing

SHOWN = 20
"""rows of the table"""


class Sweep(Study):
    """The points of a design. Its files lie in a folder of its own, which has the same name each time."""

    kind = "sweep"

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.scenarios = _scenarios(config)
        for base in [each.source for each in self.scenarios.values()] or [config.source]:
            check_keys(config, base)

    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Runs or goes on with the sweep."""
        ground = self.stand(progress)
        values = ground.values
        bases = {name: with_values(each.source, values) for name, each in self.scenarios.items()}
        base = with_values(self.config.source, values)
        self.swept = [
            run_sweep(base, progress=progress, scenarios=bases, own=ground.own, folders=folders_of(self.config))
        ]

    @property
    def result(self) -> Swept:
        """The finished sweep."""
        return self.swept[0]

    def write(self, folder: Path) -> list[Path]:
        """Nothing: the sweep has written its own folder."""
        return []

    def words(self) -> str:
        """The first points, and where all of them are."""
        if not self.swept:
            return ""
        points, folder = shown_points(self.result), self.result.folder
        more = f"and {len(points) - SHOWN:,} more in results.csv\n" if len(points) > SHOWN else ""
        files = "results.csv, results.parquet, design.csv, parts/"
        return f"{table(points[:SHOWN])}\n{more}\n{summary(self.result)}\nResults: {folder}/ ({files})"

    def interrupted(self, folder: Path) -> str:
        """The same command goes on."""
        return "what is finished is on disk: the same command goes on from there"


def _scenarios(config: Configuration) -> dict[str, Configuration]:
    """Where scenarios are a factor, each composed with the overrides as typed; empty otherwise."""
    factor = config.study.sweep.factors.get(SCENARIOS)
    names = list(dict.fromkeys(map(str, factor.values))) if factor else []
    if names:
        check_scenarios(config, {f"study.sweep.factors.{SCENARIOS}": names})
    return {name: scenario(config, name) for name in names}


def check_keys(config: Configuration, container: Mapping[str, Any]) -> None:
    """Raises InputError for every factor that is no key of the configuration, with the nearest known name."""
    problems = []
    for key in config.study.sweep.factors:
        if key == SCENARIOS:
            continue
        path = key.split(".")
        unknown = first_unknown(path, container)
        if unknown is not None and not is_known(path, container):
            where = ".".join(path[: unknown.depth + 1])
            hint = nearest(path[unknown.depth], unknown.known)
            problems.append(Problem(f"study.sweep.factors.{where}", f"unknown key{hint}"))
    if problems:
        raise InputError(problems)


def shown_points(swept: Swept) -> list[Point]:
    """All points as the table wants them; numbers for those that are shown."""
    wanted = {line[:3] for line in HEADLINES}
    columns = read_study(swept.folder)
    kpis: dict[int, list[dict[str, str]]] = {}
    for i in np.flatnonzero(columns["point"] < SHOWN):
        if (columns["scope"][i], columns["name"][i], columns["measure"][i]) in wanted:
            row = {name: str(columns[name][i]) for name in ("scope", "name", "measure", "mean", "half_width", "unit")}
            kpis.setdefault(int(columns["point"][i]), []).append(row)
    return [
        Point(
            point.number, swept.folder, swept.status(point),
            swept.failed[point.hash].error if point.hash in swept.failed else "",
            {key: str(value) for key, value in point.values.items()}, kpis.get(point.number, []),
        )
        for point in swept.points
    ]  # fmt: skip

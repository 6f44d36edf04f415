"""`study=sweep` on the command line: misspelt factors refused, one table printed, failures in the exit code.

Comes in: a validated configuration and its plain container. Goes out: the study's folder and a table of its first
points. Hydra's folder of the run stays empty and is removed: a study's folder has the same name each time.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, Problem, nearest
from ..model import Configuration
from ..reports.headlines import HEADLINES
from ..sweep.points import SCENARIOS
from ..sweep.run import Swept, run_sweep, summary
from ..sweep.tables import read_study
from . import gather, points
from .compose import check_scenarios, compose_scenario
from .schema import first_unknown, is_known

SHOWN = 20  # rows of the table


def run_sweep_study(
    config: Configuration, container: Mapping[str, Any], folder: Path, overrides: Sequence[str]
) -> None:
    """Runs or goes on with the sweep; a point that failed makes the exit code 1 (2 if all were refused)."""
    scenarios = _scenarios(config, overrides)
    for base in scenarios.values() or [container]:
        check_keys(config, base)
    for each in (folder, folder.parent):
        if each.is_dir() and not any(each.iterdir()):
            each.rmdir()
    try:
        swept = run_sweep(container, progress=True, scenarios=scenarios)
    except KeyboardInterrupt:
        print("what is finished is on disk: the same command goes on from there", file=sys.stderr)
        raise
    told = _told(swept)
    gather.SWEEPS.append(told)
    print(points.table(told[:SHOWN]))
    if len(told) > SHOWN:
        print(f"and {len(told) - SHOWN:,} more in results.csv")
    print(f"\n{summary(swept)}\nResults: {swept.folder}/ (results.csv, results.parquet, design.csv, parts/)")


def _scenarios(config: Configuration, overrides: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Where scenarios are a factor, each composed with the overrides as typed; empty otherwise."""
    factor = config.study.sweep.factors.get(SCENARIOS)
    names = dict.fromkeys(map(str, factor.values)) if factor else {}
    check_scenarios({f"study.sweep.factors.{SCENARIOS}": names})
    return {name: compose_scenario(name, overrides) for name in names}


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


def _told(swept: Swept) -> list[points.Point]:
    """All points as the table of a sweep wants them; numbers for those that are shown."""
    wanted = {line[:3] for line in HEADLINES}
    columns = read_study(swept.folder)
    kpis: dict[int, list[dict[str, str]]] = {}
    for i in np.flatnonzero(columns["point"] < SHOWN):
        if (columns["scope"][i], columns["name"][i], columns["measure"][i]) in wanted:
            row = {name: str(columns[name][i]) for name in ("scope", "name", "measure", "mean", "half_width", "unit")}
            kpis.setdefault(int(columns["point"][i]), []).append(row)
    return [
        points.Point(
            point.number, swept.folder, swept.status(point),
            swept.failed[point.hash].error if point.hash in swept.failed else "",
            {key: str(value) for key, value in point.values.items()}, kpis.get(point.number, []),
        )
        for point in swept.points
    ]  # fmt: skip

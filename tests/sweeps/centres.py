"""Tiny centres for sweeps: a queue that takes milliseconds, as a plain container with a sweep."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from sim.sweep.configurations import Configurations
from sim.sweep.run import Swept, run_sweep
from sim.sweep.tables import read_study
from sim.sweep.tasks import Outcome, Task
from sim.sweep.work import run_tasks

SEED = 20261122  # declared before the first run
FACTORS = {"staffing.team.agents": [4, 5, 6], "channels.phone.patience.mean": ["1 min", "3 min"]}


def queue(folder: Path, factors: Any = FACTORS, measure: str = "20 min", **options: Any) -> dict[str, Any]:
    """M/M/c+M for `measure`; `options` are keys of `run` (replications, workers, ...) or of `study.sweep`."""
    run = {"warm_up": 0, "measure": measure, "end": "drain", "seed": SEED, "replications": 4, "workers": 1}
    sweep = {"folder": str(folder), "block": 2, "factors": factors}
    for key, value in options.items():
        (run if key in ("seed", "replications", "workers", "precision", "confidence") else sweep)[key] = value
    return {
        "channels": {
            "phone": {
                "kind": "live",
                "service": {"law": "exponential", "mean": "1 min"},
                "patience": {"law": "exponential", "mean": "2 min"},
            }
        },
        "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
        "demand": {"streams": {"calls": {"per_day": 8640}}},
        "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
        "staffing": {"team": {"agents": 5, "serves": {"phone": 1}}},
        "run": run,
        "study": {"kind": "sweep", "sweep": sweep},
    }


def run_task(task: Task, configurations: Configurations) -> Outcome:
    """One task alone."""
    return next(run_tasks([task], configurations))


def sweep(folder: Path, *args: Any, **options: Any) -> Swept:
    """Runs it."""
    return run_sweep(queue(folder, *args, **options))


def design(folder: Path) -> list[dict[str, str]]:
    """design.csv."""
    with (folder / "design.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def same_results(one: Path, other: Path) -> None:
    """Asserts that two stores hold the same tables, to the last digit."""
    mine, theirs = read_study(one), read_study(other)
    assert list(mine) == list(theirs)
    for name, column in mine.items():
        np.testing.assert_array_equal(column, theirs[name], err_msg=name)


def rows_of_parts(folder: Path) -> tuple[int, int]:
    """(rows, different rows) of all parts: equal if nothing is doubled."""
    import duckdb

    parts = str(folder / "parts" / "*.parquet")
    query = "SELECT count(*), count(DISTINCT (hash, replication, scope, name, measure)) FROM read_parquet(?)"
    ((rows, different),) = duckdb.execute(query, [parts]).fetchall()
    return rows, different

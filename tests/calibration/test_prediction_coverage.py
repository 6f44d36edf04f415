"""Does a prediction interval hold the other month? Files of an independent program, whose second month has other luck,
other days and other rosters than the first: counted over declared seeds.

The planner has the first month with its results, and of the second what a planner has: a forecast, the first month's
mean volumes and handle time, with the agents planned. Days are 10 % apart in volume and rosters of weeks 4 % apart, of
which the file shows nothing. Slow: `python -m pytest -m slow tests/calibration/test_prediction_coverage.py -n 0` adds
to outputs/gallery/prediction_coverage.csv the seeds that it lacks.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration.compared import interval_sums
from sim.calibration.own_centre import OwnCentre
from sim.calibration.prediction import predictions
from sim.runs.replicate import gathered

from .known_truth import Truth, write_file
from .recorded import ROOT

SEEDS = range(20260501, 20260601)  # declared before the first run
TRUTH = Truth(days=40, busyness=0.1, roster=0.04)
"""eight weeks, from 2 March to 24 April 2026: four are fitted, four predicted"""
FITTED, PREDICTED = "2026-03-02..2026-03-29", "2026-03-30..2026-04-26"
GALLERY = ROOT / "outputs" / "gallery" / "prediction_coverage.csv"
COLUMNS = ("date", "seed", "quantity", "in_the_file", "predicted", "low", "high", "holds")


def rows_of(folder: Path, seed: int) -> list[dict[str, object]]:
    """What is predicted of the second month of a seed's file, and whether it came."""
    came, path = folder / f"came_{seed}.csv", folder / f"forecast_{seed}.csv"
    write_file(came, TRUTH, seed)
    truth = results(write_forecast(came, path))
    words = ["centre=phone", f"data.intervals={path}", f"data.fit={FITTED}", f"data.predict={PREDICTED}",
             "data.replications=4", "run.replications=6", "run.workers=1", "engine=auto"]  # fmt: skip
    own = OwnCentre(sim.load(words))
    sums = gathered(own.as_recorded(), partial(interval_sums, interval=float(own.table.interval)))
    today = dt.date.today().isoformat()
    rows = []
    for each in predictions(own, sums):
        low, high = each.interval
        told = [f"{value:.4g}" for value in (truth[each.quantity], each.predicted, low, high)]
        rows.append(
            dict(zip(COLUMNS, (today, seed, each.quantity, *told, low <= truth[each.quantity] <= high), strict=True))
        )
    return rows


def write_forecast(came: Path, path: Path) -> list[dict[str, str]]:
    """The file with the second month as it was planned; returns that month's rows as they came."""
    with came.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    half = len(rows) // 2
    by_time: dict[str, list[float]] = {}
    for row in rows[:half]:
        by_time.setdefault(row["start"][11:], []).append(float(row["offered"]))
    offered = [float(row["offered"]) for row in rows[:half]]
    usual = np.average([float(row["aht_s"] or 0) for row in rows[:half]], weights=offered)
    unknown = {"aht_s": f"{usual:.1f}", "abandoned_pct": "", "sl_pct": ""}
    planned = [row | unknown | {"offered": f"{np.mean(by_time[row['start'][11:]]):.2f}"} for row in rows[half:]]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows[:half], *planned])
    return rows[half:]


def results(rows: list[dict[str, str]]) -> dict[str, float]:
    """What a month had, by quantity of a prediction."""
    offered = np.array([float(row["offered"]) for row in rows])
    shares = {"abandoned": "abandoned_pct", "service level": "sl_pct"}
    told = {what: float(offered @ [float(row[column] or 0) for row in rows]) for what, column in shares.items()}
    return {"offered": float(offered.sum())} | {what: each / offered.sum() / 100 for what, each in told.items()}


@pytest.mark.slow
def test_the_interval_holds_the_other_month_in_ninety_of_a_hundred(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = list(read())
    for seed in SEEDS:
        if not any(int(str(row["seed"])) == seed for row in rows):
            rows += rows_of(tmp_path, seed)
            write(rows)
    for quantity in ("offered", "abandoned", "service level"):
        mine = [str(row["holds"]) == "True" for row in rows if row["quantity"] == quantity]
        assert sum(mine) >= 0.9 * len(mine), quantity


def read() -> list[dict[str, object]]:
    """What earlier runs left."""
    if not GALLERY.exists():
        return []
    with GALLERY.open(newline="", encoding="utf-8") as file:
        return [dict(row) for row in csv.DictReader(file)]


def write(rows: list[dict[str, object]]) -> None:
    """All seeds so far."""
    with GALLERY.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)

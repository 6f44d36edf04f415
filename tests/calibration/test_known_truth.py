"""Files of known truth, made by an independent program: patience and the factor on agents come back with intervals that
cover them.

Seeds are declared here, before any run. The whole evidence is slow: `python -m pytest -m slow tests/calibration -n 0`
writes outputs/gallery/known_truth.csv.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import partial
from pathlib import Path

import pytest

import sim
from sim.calibration.check import comparisons
from sim.calibration.compared import interval_sums
from sim.calibration.fit.solve import fit
from sim.calibration.own_centre import OwnCentre
from sim.runs.replicate import gathered

from .known_truth import Truth, write_file
from .recorded import ROOT

SEEDS = range(20260301, 20260401)
TRUTHS = (Truth(), Truth(factor=1.1), Truth(factor=0.9, patience=120.0), Truth(calls=30.0, agents=7, patience=300.0))
EVERY_DAY = 20260228
NOISE = 4.2
"""of Student's t with 11 degrees of freedom 0.15 % lie farther out"""
GALLERY = ROOT / "outputs" / "gallery" / "known_truth.csv"
COLUMNS = (
    "seed", "patience", "patience_found", "patience_low", "patience_high",
    "factor", "factor_found", "factor_low", "factor_high",
)  # fmt: skip


def found(folder: Path, truth: Truth, seed: int, replications: int = 8, engine: str = "simpy") -> dict[str, float]:
    """What a fit finds in the file of a seed."""
    path = folder / f"truth_{seed}.csv"
    write_file(path, truth, seed)
    words = [
        "centre=phone",
        f"data.intervals={path}",
        f"data.replications={replications}",
        "run.workers=1",
        f"engine={engine}",
    ]
    own = OwnCentre(sim.load(words))
    findings = {each.parameter: each for each in fit(own.baseline, own.fit_table, lambda *_: None).findings}
    row: dict[str, float] = {"seed": seed, "patience": truth.patience, "factor": truth.factor}
    for parameter, name in (("patience", "patience"), ("staffing", "factor")):
        each = findings[parameter]
        row |= {f"{name}_found": each.value, f"{name}_low": each.low or 0.0, f"{name}_high": each.high or float("inf")}
    return row


def covered(row: dict[str, float], name: str) -> bool:
    return row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]


def test_a_biased_roster_is_told_from_patience(tmp_path: Path) -> None:
    """Two weeks in which the file shows a tenth fewer agents than were there: both intervals hold the truth."""
    row = found(tmp_path, Truth(factor=1.1), EVERY_DAY, replications=4)
    assert covered(row, "patience"), row
    assert covered(row, "factor"), row
    assert row["factor_low"] > 1.0


def test_saturdays_come_back_no_worse_than_mondays(tmp_path: Path) -> None:
    """Two weeks from Monday to Saturday, Saturdays with 40 % of the calls and agents: patience and factor, one number
    for all days, are of the whole file, and each Saturday is as near to it as a Monday, in its own noise."""
    path = tmp_path / "saturdays.csv"
    write_file(path, Truth(days=12, week=6), EVERY_DAY + 1)
    words = ["centre=phone", f"data.intervals={path}", "data.replications=4", "run.workers=1", "run.replications=12"]
    own = OwnCentre(sim.load(words))
    config = own.as_recorded()
    sums = gathered(config, partial(interval_sums, interval=float(own.table.interval)))
    far = {
        day: [abs(each.simulated - each.imported) / each.deviation for each in comparisons(own.table, config, sums)
              if each.when.startswith(day) and each.quantity != "offered"]
        for day in ("Monday", "Saturday")
    }  # fmt: skip
    assert len(far["Monday"]) == len(far["Saturday"]) == 4
    assert max(far["Saturday"]) < NOISE
    assert max(far["Monday"]) < NOISE


@pytest.mark.slow
def test_intervals_cover_the_truth_in_ninety_of_a_hundred_files(tmp_path: Path) -> None:
    rows = [found(tmp_path, TRUTHS[k % len(TRUTHS)], seed, engine="auto") for k, seed in enumerate(SEEDS)]
    write_rows(GALLERY, rows)
    for name in ("patience", "factor"):
        assert sum(covered(row, name) for row in rows) >= 90, name


def write_rows(path: Path, rows: list[dict[str, float]]) -> None:
    """Dated results."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["date", *COLUMNS, "covers_patience", "covers_factor"])
        for row in rows:
            cells = [f"{row[name]:.4g}" if name != "seed" else str(row[name]) for name in COLUMNS]
            writer.writerow([dt.date.today().isoformat(), *cells, covered(row, "patience"), covered(row, "factor")])

"""A planner's path to its end: a file of volumes, the study, its answer run as a scenario, the roster as own data."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sim.cli.app import main

SEED = 20261127  # declared before the first run
HALF_HOURS, CALLS, HANDLE, EXACT = 6, 37, 240, 8
"""M/M/c: 7 agents answer 74 % within 20 s, 8 answer 88 %"""
QUIET = ["run.workers=1", "run.plots=false", f"run.seed={SEED}"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def volumes(here: Path) -> Path:
    """A morning of equal half-hours."""
    path = here / "mine.csv"
    rows = [f"2026-03-02 {9 + n // 2:02d}:{30 * (n % 2):02d},phone,{CALLS},{HANDLE}" for n in range(HALF_HOURS)]
    path.write_text("\n".join(["start,channel,offered,aht_s", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def study(here: Path) -> Path:
    """The folder of the study on the file."""
    words = [f"data.intervals={volumes(here)}", "study=staffing", "study.staffing.confirm=150"]
    assert main([*words, *QUIET, "hydra.run.dir=study"]) == 0
    return here / "study"


def phone(folder: Path, measure: str) -> tuple[float, float]:
    """Mean and half width of a measure of the phone over the whole run."""
    with (folder / "kpis.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["scope"] == "channel" and row["interval"] == "all"]
    (row,) = (row for row in rows if row["measure"] == measure and row["name"] == "phone")
    return float(row["mean"]), float(row["half_width"])


def test_volumes_alone_are_staffed_and_the_answer_meets_the_target_when_it_runs(study: Path) -> None:
    """By the study, by its scenario, and by a run of the roster file as a planner's own data."""
    with (study / "staffing.csv").open(newline="") as file:
        assert [int(row["required"]) for row in csv.DictReader(file)] == [EXACT] * HALF_HOURS
    assert json.loads((study / "manifest.json").read_text())["confirmed"] is True
    runs = {
        "scenario": ["--config-dir", str(study), "scenarios=required"],
        "roster": [f"data.intervals={study / 'required.csv'}", "data.agents=net", "channels.phone.patience=null"],
    }
    for name, words in runs.items():
        assert main([*words, *QUIET, "run.replications=20", f"hydra.run.dir={name}"]) == 0
        folder = study.parent / name
        level, half = phone(folder, "service_level")
        assert level - half > 0.8
        assert phone(folder, "offered")[0] == pytest.approx(HALF_HOURS * CALLS)
        assert phone(folder, "abandoned")[0] == 0  # the study assumed that nobody hangs up, and so does its answer

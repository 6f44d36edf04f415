"""What matters and how sure, on a planner's own file: the fit's intervals are the ranges, Erlang A the measure."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import sim
from sim.cli.app import main
from sim.studies.base import study_of
from sim.studies.inputs.task import WhatMatters
from sim.theory import ErlangA

SEED = 20261203  # declared before the first run
CALLS, HANDLE, AGENTS, PATIENCE = 40, 240.0, 5, 180.0
"""a half-hour of a small line, all day alike"""
QUEUE = ErlangA(CALLS / 30, HANDLE / 60, AGENTS, PATIENCE / 60)
OWN = "phone_patience,phone_agents,phone_handle_time,volumes"
WORDS = ["data.intervals=line.csv", "centre=phone", "run.workers=1", f"run.seed={SEED}", "data.replications=8"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two days of a line in its steady state."""
    monkeypatch.chdir(tmp_path)
    left, level = 100 * QUEUE.p_abandon, 100 * QUEUE.p_served_within(20 / 60)
    starts = [f"2026-03-0{day} {8 + half // 2:02d}:{30 * (half % 2):02d}" for day in (2, 3) for half in range(20)]
    rows = [f"{start},phone,{CALLS},{HANDLE:g},{AGENTS},{left:.2f},{level:.2f}" for start in starts]
    text = "\n".join(["start,channel,offered,aht_s,agents,abandoned_pct,sl_pct", *rows])
    (tmp_path / "line.csv").write_text(text + "\n", encoding="utf-8")
    return tmp_path


def test_the_tornado_varies_what_the_fit_does_not_know() -> None:
    words = [*WORDS, "study=sensitivity", "study.sensitivity.methods=[tornado]", "run.replications=6",
             f"study.sensitivity.only=[{OWN}]",
             "study.sensitivity.measures=[channel.phone.abandoned]"]  # fmt: skip
    study = study_of(sim.load(words))
    assert isinstance(study, WhatMatters)
    study.answer()
    inputs = {each.name: each for each in study.study.inputs}
    assert set(inputs) == set(OWN.split(","))
    change = {(each.input, each.index): each.value for each in study.findings}
    assert change["phone_patience", "low"] > 0 > change["phone_patience", "high"]
    assert change["phone_agents", "low"] > 0 > change["phone_agents", "high"]
    assert change["volumes", "low"] < 0 < change["volumes", "high"]
    assert change["phone_handle_time", "low"] < 0 < change["phone_handle_time", "high"]
    fitted = study.ground.own.fitted().findings  # type: ignore[union-attr]
    patience = next(each for each in fitted if each.parameter == "patience")
    assert inputs["phone_patience"].range.ends == pytest.approx(
        (patience.low / patience.value, patience.high / patience.value)
    )
    assert "agents, phone" in study.words()


def test_two_intervals_and_a_name_that_is_none(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quick = [*WORDS, "study=uncertainty", "study.uncertainty.sets=8", "run.replications=3", "run.plots=false",
             f"study.uncertainty.only=[{OWN}]"]  # fmt: skip
    assert main([*quick, "study.uncertainty.measures=[channel.phone.abandoned]", "hydra.run.dir=out"]) == 0
    with (here / "out" / "uncertainty.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    value, half, lower, upper = (float(row[name]) for name in ("value", "half_width", "lower", "upper"))
    assert lower < value - half < value + half < upper
    assert float(row["input_share"]) > 0.5
    said = capsys.readouterr().out
    assert "8 sets of 4 parameters" in said
    assert "drawn together, by a bootstrap of its 2 days; the strongest tie is" in said
    assert main([*quick, "study.uncertainty.only=[phone_patienc]"]) == 2
    assert "did you mean 'phone_patience'?" in capsys.readouterr().err

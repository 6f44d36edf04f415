"""Every study stands on a planner's own days: each says of the file what a plain run of the same what-if says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim
from sim.calibration import own_centre
from sim.calibration.imported import start_of_fit
from sim.plots.words import caption, subtitle
from sim.studies.base import Study

from .recorded import constant_rows, write_rows

SEED = 20261204  # declared before the first run
WORDS = ["data.intervals=small line.csv", "centre=phone", "run.workers=1", "run.replications=3", f"run.seed={SEED}"]
LEFT = ("channel", "phone", "abandoned")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two days of a busy line; nothing is fitted."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(own_centre, "fit", lambda config, table, *_: start_of_fit(config, table))
    write_rows(tmp_path / "small line.csv", constant_rows("phone", 20, 200, 3))
    return tmp_path


def left(*words: str) -> float:
    """Abandoned of a plain run."""
    return sim.replicate(sim.load([*WORDS, *words])).kpis[LEFT].mean


def study(*words: str) -> Study:
    made = sim.run(sim.load([*WORDS, *words]))
    assert isinstance(made, Study)
    return made


def test_compare_by_the_users_name_and_the_same_numbers() -> None:
    answer = study("study=compare", "study.against.staffing.phone.plus=[-1]")
    assert list(answer.results) == ["small line", "staffing.phone.plus=-1"]  # type: ignore[attr-defined]
    by_name = {name: each.kpis[LEFT].mean for name, each in answer.results.items()}  # type: ignore[attr-defined]
    assert by_name == {"small line": left(), "staffing.phone.plus=-1": left("staffing.phone.plus=-1")}
    assert "siloed" not in answer.words()


def test_a_scenario_that_changes_nothing_on_the_users_centre_is_said_to() -> None:
    """Joined channels, where there is one: the same digits, and no table of zeros."""
    words = study("study=compare", "study.scenarios=[one_digital_channel]").words()
    assert "changes nothing here" in words
    assert "cannot tell" not in words.split("Differences are")[0]
    other = study("study=compare", "study.against.staffing.phone.plus=[-1]").words()
    assert "changes nothing here" not in other


def test_select_takes_the_roster_with_fewest_lost() -> None:
    words = ["study.select.measure=channel.phone.abandoned", "study.select.first=4", "study.select.most=8"]
    answer = study("study=select", "study.against.staffing.phone.plus=[1,-1]", *words, "study.select.within=0.05")
    assert "staffing.phone.plus=1 is best" in answer.words()
    assert "siloed" not in answer.words()


def test_sweep_points_are_plain_runs(here: Path) -> None:
    study("study=sweep", "study.sweep.factors={demand.scale: [0.8, 1.2]}", "study.sweep.folder=points")
    found = sim.read_study(here / "points")
    mine = (found["scope"] == "channel") & (found["measure"] == "abandoned")
    assert sorted(found["mean"][mine]) == pytest.approx([left("demand.scale=0.8"), left("demand.scale=1.2")])


def test_worth_says_what_shorter_calls_are_worth_in_agents_of_the_file() -> None:
    """A fifth less of handle time frees about a fifth of three agents, 0.6."""
    answer = study(
        "study=worth", "study.worth.of=channels.phone.aht_factor", "study.worth.levels=[1, 0.8]", "study.worth.sets=0",
        "study.worth.origins=false", "study.worth.confirm=false", "study.worth.constraints=[channel.phone.abandoned]",
        "study.worth.allocation=[proportional]",
    )  # fmt: skip
    freed = re.search(r"at 0.8 frees ([\d.]+) agents", answer.words())
    assert freed is not None
    assert 0.3 < float(freed[1]) < 0.9
    assert "siloed" not in answer.words()


def test_a_folder_and_a_caption_have_the_users_name() -> None:
    config = sim.load([*WORDS, "data.name=Bonn hotline"])
    assert sim.replicate(config).config.scenario.name == "Bonn hotline"
    assert sim.replicate(config).config.scenario.question == ""


def test_pictures_carry_the_users_name_and_no_scenario() -> None:
    results = sim.replicate(sim.load(WORDS))
    assert subtitle(results) == "small line"
    assert caption(results).startswith("small line · 3 replications")

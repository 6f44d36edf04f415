"""`study=select` on the command line: a race whose winner is known, its words and files, and refusals."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import pytest

import sim
from sim.cli.app import main
from sim.errors import InputError
from sim.model import Configuration
from sim.model.studies.select import Select
from sim.studies.select.study import Designs

CALM = """\
# @package _global_
scenario: {{name: {name}, question: "{name}?", change: agents, expect: shorter waits, source: known}}
staffing: {{phone: {{agents: {agents}}}}}
"""
TINY = [
    "study=select", "centre=single_queue", "run=quick", "run.warm_up=0", "run.measure=4 h", "run.end=drain",
    "run.workers=1", "study.scenarios=[four,five]", "study.select.measure=channel.phone.asa", "study.select.within=15",
    "study.select.first=6", "channels.phone.target={within: 20 s}",
]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two scenarios: one and two agents more than M/M/3 at 80 % load."""
    (tmp_path / "scenarios").mkdir()
    for name, agents in (("four", 4), ("five", 5)):
        (tmp_path / "scenarios" / f"{name}.yaml").write_text(CALM.format(name=name, agents=agents))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_race_is_won_by_most_agents(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Waits by Erlang C: 194 s, 24 s and 5 s: five agents lead by more than `within`."""
    assert main(TINY) == 0
    said = capsys.readouterr().out
    assert "five is best (ASA phone), or within 15 s of the best, with 95% probability" in said
    assert "single_queue" in said
    assert "out after" in said
    (folder,) = (here / "outputs").glob("*/*_single_queue")
    with (folder / "selection.csv").open(newline="") as file:
        rows = {row["scenario"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["single_queue", "four", "five"]
    assert rows["five"]["chosen"] == "True"
    assert rows["five"]["out_after"] == ""
    assert float(rows["five"]["mean"]) < float(rows["four"]["mean"]) < float(rows["single_queue"]["mean"])
    with (folder / "values.csv").open(newline="") as file:
        values = list(csv.DictReader(file))
    assert len(values) == sum(int(row["replications"]) for row in rows.values())
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["study"], manifest["chosen"]) == ("select", "five")


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("study.scenarios=[fore]", "unknown scenario 'fore'; did you mean 'four'?"),
        ("study.select={within: 0, procedure: rinot}", "study.select.within: must be above 0"),
        ("study.select.most=3", "must be at most `most` (3), got 6"),
    ],
)
def test_mistakes_are_said(here: Path, capsys: pytest.CaptureFixture[str], word: str, says: str) -> None:
    assert main([*TINY, word]) == 2
    assert says in capsys.readouterr().err


@cache
def queue() -> Configuration:
    return sim.load(["centre=single_queue", "run.measure=4 h", "run.warm_up=0", "run.workers=1"])


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        ("channel.phone.abandonned", "did you mean 'channel.phone.abandoned'"),
        ("abandoned", "must be scope.name.measure"),
        ("pool.phone.occupancy", "study.select.better: nobody knows which direction"),
    ],
)
def test_measures_that_cannot_be_raced_are_refused(measure: str, says: str) -> None:
    config = queue()
    with pytest.raises(InputError, match=says):
        Designs({"one": config, "two": config}, Select(measure=measure)).draw([0], 0, 1)

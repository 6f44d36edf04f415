"""`study=staffing` on the command line: files, words, and an answer that runs at once."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml

from sim.cli.app import main
from sim.studies.staffing.confirmation import Confirmation
from sim.studies.staffing.search import Search, agents_of

TINY = [
    "study=staffing", "centre=single_queue", "run=quick", "run.replications=2", "run.warm_up=0", "run.measure=1 d",
    "run.workers=1", "run.plots=false", "study.staffing.interval=12 h", "study.staffing.confirm=20",
    "channels.phone.patience={law: exponential, mean: 2 min}", "demand.streams.all.per_day=600",
]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def folder_of(here: Path) -> Path:
    (folder,) = (here / "outputs").glob("*/*_single_queue")
    return folder


def test_files_words_and_the_answer_as_a_scenario(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*TINY, "staffing.phone.agents=9"]) == 0
    said, folder = capsys.readouterr().out, folder_of(here)
    for words in ("Agents on duty", "Confirmed on", "Erlang C", "shrinkage of 30%", "scheduled FTE", "95% confidence"):
        assert words in said
    with (folder / "staffing.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["interval"] for row in rows] == ["00:00", "12:00"]
    assert all(float(row["over_under"]) == float(row["plan"]) - int(row["required"]) > 0 for row in rows)
    answer = yaml.safe_load((folder / "scenarios" / "required.yaml").read_text())["staffing"]["phone"]["counts"]
    assert answer["values"][:2] == [int(row["required"]) for row in rows]
    assert json.loads((folder / "manifest.json").read_text())["confirmed"] is True
    (line,) = (line for line in said.splitlines() if line.startswith("Run the answer"))
    assert "staffing.phone.agents" not in line
    assert main([*TINY[1:8], *TINY[10:], "--config-dir", str(folder), "scenarios=required"]) == 0
    assert "required: What if every interval" in capsys.readouterr().out


def test_an_interrupted_search_writes_what_it_has(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(search: Search, tell: object) -> None:
        numbers = search.answer
        search.take(numbers, search.simulate(agents_of(search.groups, search.ladders, numbers)))
        raise KeyboardInterrupt

    monkeypatch.setattr(Search, "run", stop)
    assert main(TINY) == 130
    folder = folder_of(here)
    assert json.loads((folder / "manifest.json").read_text())["confirmed"] is False
    assert (folder / "scenarios" / "required.yaml").is_file()
    assert (folder / "baseline" / "kpis.csv").is_file()
    assert "has the agents found so far" in capsys.readouterr().err


def test_a_confirmation_interrupted_in_its_first_round_confirms_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(check: Confirmation, tell: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Confirmation, "run", stop)
    assert main(TINY) == 130
    with (folder_of(here) / "staffing.csv").open(newline="") as file:
        assert {row["confirmed"] for row in csv.DictReader(file)} == {"False"}
    assert "Not confirmed: the numbers are what the search reached." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("study.staffing.max_occupancy=0", "study.staffing.max_occupancy: must be above 0"),
        ("study.staffing.groups=[fone]", "unknown agent group 'fone'; did you mean 'phone'?"),
        ("study.staffing.intervall=1 h", "did you mean 'interval'"),
        ("study.staffing.interval=7 h", "study.staffing.interval: the interval must divide a day"),
        ("run.measure=30 h", "run.measure: must be whole days for study=staffing, got 30 h"),
    ],
)
def test_mistakes_are_said(here: Path, capsys: pytest.CaptureFixture[str], word: str, says: str) -> None:
    assert main([*TINY, word]) == 2
    assert says in capsys.readouterr().err

"""`study=sweep` on the command line: spelling of factors, table, exit codes, a stable folder, nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.cli.app import main
from sim.sweep.points import numbered

from .centres import design, sweep

TINY = ["study=sweep", "centre=single_queue", "run=quick", "run.replications=2", "run.warm_up=0", "run.measure=1 h",
        "run.workers=1"]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_sweep_and_the_same_command_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*TINY, "study.sweep.factors.demand.scale=[0.1,0.2]", "study.sweep.factors.run.seed=" + str([*range(11)])]
    assert main(words) == 0
    first = capsys.readouterr().out
    assert "22 points, 22 ok; 22 tasks run now" in first
    assert "and 2 more in results.csv" in first
    assert main(words) == 0
    again = capsys.readouterr().out
    assert again == first.replace("22 tasks", "0 tasks")
    (folder,) = (here / "outputs" / "sweeps").iterdir()
    names = {"study.json", "design.csv", "parts", "results.csv", "results.parquet"}
    assert {path.name for path in folder.iterdir()} == names
    assert [path.name for path in (here / "outputs").iterdir()] == ["sweeps"]  # no empty folder of a run


def test_exit_codes_of_failed_points(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*TINY, "study.sweep.factors={demand.scale: [0.1, -1]}"]) == 1
    out, error = capsys.readouterr()
    assert "mistake: demand.scale: must be at least 0, got -1" in out
    assert error.count("error: demand.scale=-1: demand.scale: must be at least 0, got -1") == 1
    assert main([*TINY, "study.sweep.factors={demand.scale: [-1]}"]) == 2


def test_misspelt_factors_are_refused_together(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    factors = "study.sweep.factors={demand.scal: [1], integration.levl: [0], demnd.scale: [1]}"
    assert main([*TINY, factors]) == 2
    error = capsys.readouterr().err
    assert "error: study.sweep.factors.demand.scal: unknown key; did you mean 'scale'?" in error
    assert "error: study.sweep.factors.integration.levl: unknown key; did you mean 'level'?" in error
    assert "error: study.sweep.factors.demnd: unknown key; did you mean 'demand'?" in error
    assert not [path for path in here.rglob("*") if path.is_file()]


def test_scenarios_are_a_factor_like_others(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["study=sweep", "run.replications=1", "run.warm_up=0", "run.measure=1 d", "run.workers=1", "run.end=cut"]
    factors = "study.sweep.factors={scenarios: [siloed, one_digital_channel], demand.scale: [0.02, 0.03]}"
    assert main([*words, factors, "study.sweep.folder=here"]) == 0
    assert "4 points, 4 ok; 4 tasks run now" in capsys.readouterr().out
    found = sim.read_study(here / "here")
    mine = sim.replicate(sim.load([*words[1:], "scenarios=one_digital_channel", "demand.scale=0.03"])).kpis
    chosen = (found["scenarios"] == "one_digital_channel") & (found["demand.scale"] == 0.03)
    chosen &= (found["scope"] == "journey") & (found["measure"] == "contacts")
    assert found["mean"][chosen] == pytest.approx([mine["journey", "all", "contacts"].mean])
    assert len(set(found["mean"][(found["scope"] == "journey") & (found["measure"] == "contacts")])) > 2
    assert main([*words, "study.sweep.factors.scenarios=[siloed,one_digital]"]) == 2
    error = capsys.readouterr().err
    assert "study.sweep.factors.scenarios: unknown scenario 'one_digital'; did you mean 'one_digital_channel'?" in error


def test_a_sample_in_the_folder_of_ones_own_is_there_at_every_point(here: Path) -> None:
    """A constant sample of 90 s: handle times at all points are those of the file, whatever the patience."""
    (here / "mine").mkdir()
    (here / "mine" / "talks.csv").write_text("talk\n90\n90\n")
    law = "channels.phone.service={law: sample, file: talks.csv, column: talk, mean: null, cv: null}"
    words = ["study=sweep", "centre=single_queue", "run.replications=1", "run.warm_up=0", "run.measure=2 h",
             "run.workers=1", law, "study.sweep.folder=points"]  # fmt: skip
    factors = "study.sweep.factors={channels.phone.wrap_up: [0 s, 30 s], demand.scale: [0.5, 1]}"
    assert main(["--config-dir", str(here / "mine"), *words, factors]) == 0
    found = sim.read_study(here / "points")
    aht = found["mean"][(found["measure"] == "aht") & (found["scope"] == "channel")]
    assert sorted(aht) == pytest.approx([90, 90, 120, 120])


def test_a_sample_that_has_changed_is_another_study(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The hashes cover the numbers of files, wherever they lie: no old result is taken for a new one."""
    (here / "mine").mkdir()
    law = "channels.phone.service={law: sample, file: talks.csv, column: talk, mean: null, cv: null}"
    words = ["--config-dir", str(here / "mine"), "study=sweep", "centre=single_queue", "run.replications=1",
             "run.warm_up=0", "run.measure=2 h", "run.workers=1", law, "study.sweep.factors={demand.scale: [1]}",
             "study.sweep.folder=points"]  # fmt: skip
    codes, hashes = [], []
    for talk in (90, 60):
        (here / "mine" / "talks.csv").write_text(f"talk\n{talk}\n{talk}\n")
        codes.append(main(words))
        bases = {"": {"channels": {"phone": {"kind": "live", "service": {
            "law": "sample", "file": "talks.csv", "column": "talk"}}}}}  # fmt: skip
        hashes += [point.hash for point in numbered(bases, [{}], [here / "mine"])]
    assert codes == [0, 2]
    assert "holds another study" in capsys.readouterr().err
    assert hashes[0] != hashes[1]


def test_a_mistake_at_every_point_is_told_ten_times_and_not_a_thousand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    swept = sweep(tmp_path / "study", {"demand.scale": [-1 - i for i in range(30)]}, replications=1)
    error = capsys.readouterr().err
    assert error.count("error: demand.scale=") == 10
    assert f"10 points went wrong; errors of further ones are in {tmp_path / 'study'}/design.csv" in error
    assert [row["status"] for row in design(swept.folder)] == ["mistake"] * 30

"""`python -m sim rerun`: the same numbers again, altered numbers noticed, mistakes in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.app import main
from sim.cli.load import _read_again
from sim.errors import InputError
from sim.model import Configuration

TINY = ["centre=single_queue", "run=quick", "run.replications=2", "run.warm_up=0", "run.measure=1 h", "run.workers=1",
        "run.plots=false"]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def altered(path: Path, old: str, new: str) -> None:
    """Changes a file where it says `old`."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_run_again_is_equal_and_an_altered_number_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sim.run(sim.load([*TINY, "staffing.phone.plus=1"]), "first")
    assert main(["rerun", "first"]) == 0
    out = capsys.readouterr().out
    assert "equal: every value is the same" in out
    assert "program: the same" in out
    assert main(["rerun", "first/manifest.json"]) == 0
    line = next(each for each in Path("first/kpis.csv").read_text().splitlines() if ",offered,all," in each)
    altered(Path("first/kpis.csv"), line, line.replace(line.split(",")[4], "77", 1))
    capsys.readouterr()
    assert main(["rerun", "first"]) == 1
    out = capsys.readouterr().out
    assert "offered.all mean: was 77, now " in out
    assert "different: 1 of" in out


def test_another_seed_and_another_program_are_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sim.run(sim.load(TINY), "first")
    manifest = json.loads(Path("first/manifest.json").read_text())
    manifest["configuration"]["run"]["seed"] += 1
    manifest["source_sha256"] = "0" * 64
    Path("first/manifest.json").write_text(json.dumps(manifest))
    done = sim.rerun("first")
    assert not done.equal
    assert done.different
    assert "source 000000000000" in done.program[0]


def test_a_comparison_again_is_equal_in_all_its_runs(here: Path) -> None:
    sim.run(sim.load(["study=compare", *TINY, "study.against=[{staffing.phone.agents: 4}]"]), "study")
    done = sim.rerun("study")
    assert done.equal
    assert done.compared > 100


def test_a_point_of_a_sweep_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["study=sweep", *TINY, "study.sweep.factors.staffing.phone.agents=[3,4]", "study.sweep.folder=swept"]
    sim.run(sim.load(words))
    assert main(["rerun", "swept", "point=1"]) == 0
    out = capsys.readouterr().out
    assert "point 1 (staffing.phone.agents=4; 2 replications)" in out
    assert "equal" in out
    assert main(["rerun", "swept"]) == 2
    assert "say point=0 to point=1" in capsys.readouterr().err
    assert main(["rerun", "swept", "point=2"]) == 2
    assert "has no point 2" in capsys.readouterr().err
    study = json.loads(Path("swept/study.json").read_text())
    study["configuration"]["run"]["seed"] += 1
    Path("swept/study.json").write_text(json.dumps(study))
    assert main(["rerun", "swept", "point=0"]) == 1
    assert "replication 0 centre.all." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "takes one folder, got 0"),
        (["nowhere"], "there is no such folder"),
        (["empty"], "holds neither manifest.json (a run) nor study.json (a sweep)"),
        (["bad"], "cannot be read"),
        (["bad", "point=x"], "must be a whole number, got 'x'"),
        (["bad", "pont=1"], "did you mean 'point'?"),
        (["list"], "holds no configuration"),
    ],
)
def test_mistakes_are_said(here: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "empty").mkdir()
    for name, text in (("bad", "{"), ("list", "[]")):
        (here / name).mkdir()
        (here / name / "manifest.json").write_text(text)
    assert main(["rerun", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_manifest_of_somebody_else_reaches_no_other_machine(here: Path) -> None:
    sim.run(sim.load(TINY), "first")
    manifest = json.loads(Path("first/manifest.json").read_text())
    manifest["configuration"]["exec"] = {"kind": "dask", "address": "tcp://203.0.113.1:8786"}
    manifest["configuration"]["study"]["page"] = "written.md"
    Path("first/manifest.json").write_text(json.dumps(manifest))
    assert sim.rerun("first").equal
    assert not Path("written.md").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"run": {"large": True, "measure": "3600 d", "warm_up": "0 s"}}, "run.large=true"),
        ({"finished": [*range(500)]}, "500 of them, where 2 were asked for"),
    ],
)
def test_a_manifest_of_somebody_else_gives_itself_no_leave_to_take_hours(
    changed: dict[str, Any], said: str, here: Path
) -> None:
    sim.run(sim.load([*TINY, "run.replications=2"]), "first")
    manifest = json.loads(Path("first/manifest.json").read_text())
    manifest["configuration"]["run"] |= changed.get("run", {})
    manifest["configuration"]["demand"]["scale"] = 1000 if "run" in changed else 1
    if "finished" in changed:
        manifest |= {"interrupted": True, "finished_replications": changed["finished"]}
    Path("first/manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=said):
        sim.rerun("first")


def test_a_point_of_somebody_else_gives_itself_no_leave_either(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    factors = "study.sweep.factors={demand.scale: [1]}"
    sim.run(sim.load([*TINY, "run.large=true", "study=sweep", factors, "study.sweep.folder=swept"]))
    monkeypatch.setattr("sim.runs.size.LONGEST", 0.0)
    with pytest.raises(InputError, match="run.large=true"):
        sim.rerun("swept", point=0)
    assert sim.rerun("swept", point=0, large=True).equal


def test_a_manifest_of_somebody_else_is_no_sweep_that_writes_where_it_likes(here: Path) -> None:
    sim.run(sim.load(TINY), "first")
    manifest = json.loads(Path("first/manifest.json").read_text())
    manifest["configuration"]["study"] = {"kind": "sweep", "sweep": {"factors": {"demand.scale": [1]}, "folder": "x"}}
    Path("first/manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="is no sweep"):
        sim.rerun("first")
    assert not Path("x").exists()


def test_a_replication_that_is_named_twice_counts_once(here: Path) -> None:
    sim.run(sim.load([*TINY, "run.replications=3"]), "first")
    manifest = json.loads(Path("first/manifest.json").read_text())
    manifest |= {"interrupted": True, "finished_replications": [0, 1, 1]}
    Path("first/manifest.json").write_text(json.dumps(manifest))
    assert any(each.endswith("n: was 3, now 2") for each in sim.rerun("first").different)


def test_a_sample_that_has_changed_is_named(here: Path) -> None:
    Path("times.csv").write_text("60\n120\n240\n")
    law = "channels.phone.service={law: sample, file: times.csv, mean: null}"
    sim.run(sim.load([*TINY, law, "demand.scale=3"]), "first")
    first = json.loads(Path("first/manifest.json").read_text())
    assert list(first["files"]) == ["times.csv"]
    assert sim.rerun("first").equal
    Path("times.csv").write_text("60\n120\n241\n")
    done = sim.rerun("first")
    assert not done.equal
    assert any(each.startswith("file times.csv has changed: ") for each in done.program)
    sim.run(sim.load([*TINY, law, "demand.scale=3"]), "second")
    second = json.loads(Path("second/manifest.json").read_text())
    assert first["configuration_sha256"] != second["configuration_sha256"]


def test_a_race_again_is_equal(here: Path) -> None:
    sim.run(
        sim.load(["study=select", *TINY, "study.against={staffing.phone.agents: 4}", "study.select.most=10"]), "race"
    )
    assert sim.rerun("race").equal


def test_a_run_that_ended_when_precise_is_run_to_the_same_end(here: Path) -> None:
    asked = "run.precision=[{measure: channel.phone.aht, relative: 0.4}]"
    sim.run(sim.load([*TINY, asked, "run.max_replications=25"]), "first")
    assert sim.rerun("first").equal


@pytest.mark.parametrize("asked", [[], ["run.precision=[{measure: channel.phone.aht, relative: 0.001}]"]])
def test_an_interrupted_run_is_run_again_as_far_as_it_came(
    here: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    """Replications finish in any order: Ctrl-C may leave the first and the third."""

    def cut_short(
        config: Configuration, one: Callable[[Configuration, int], Any], numbers: Sequence[int]
    ) -> Iterator[Any]:
        """The first and the third replication, then Ctrl-C."""
        for number in (numbers[2], numbers[0]):
            yield one(config, number)
        raise KeyboardInterrupt

    config = sim.load([*TINY, "demand.scale=3", *asked])
    config = config.at({"run.replications": 4})
    with monkeypatch.context() as patch:
        patch.setattr("sim.runs.replicate._results", cut_short)
        assert sim.run(config, "first").results.interrupted
    manifest = json.loads(Path("first/manifest.json").read_text())
    assert (manifest["finished_replications"], manifest["interrupted"]) == ([0, 2], True)
    done = sim.rerun("first")
    assert done.equal
    assert done.compared > 100
    altered(Path("first/manifest.json"), " 2\n", " 3\n")
    assert not sim.rerun("first").equal


OWN = ["data.intervals=mine.csv", "run.replications=2", "run.workers=1", "run.plots=false"]
HALF_HOURS = "start,channel,offered,aht_s,agents,abandoned_pct\n" + "".join(
    f"2026-01-05T{hour:02d}:{half}0:00,{channel},{20 + hour},300,9,4\n"
    for hour in range(8, 18) for half in (0, 3) for channel in ("phone", "chat")
)  # fmt: skip


@pytest.mark.parametrize("channels", [("phone", "chat"), ("phone",)])
def test_a_manifest_of_own_data_is_read_as_it_ran(here: Path, channels: tuple[str, ...]) -> None:
    """The centre that was chosen for the file is in the manifest already: choosing again from it left channels in."""
    kept = [line for line in HALF_HOURS.splitlines() if line.split(",")[1] in ("channel", *channels)]
    Path("mine.csv").write_text("\n".join(kept) + "\n")
    words = [*OWN, "demand.scale=1.1"]
    asked = sim.load(words)
    assert asked.origin is not None
    again = _read_again(asked.source, words, sorted(asked.origin.stated))
    assert again == asked
    assert again.origin is not None
    assert again.origin.recorded == asked.origin.recorded
    assert again.origin.stated == asked.origin.stated


@pytest.mark.slow
def test_own_data_again_are_equal_also_compared_and_swept(here: Path) -> None:
    Path("mine.csv").write_text(HALF_HOURS)
    sim.run(sim.load([*OWN, "demand.scale=1.1"]), "run")
    assert sim.rerun("run").equal
    against = ["study=compare", "study.against={demand.scale: 1.1}", "study.measures=[channel.phone.abandoned]"]
    sim.run(sim.load([*OWN, *against]), "compared")
    assert sim.rerun("compared").equal
    sim.run(sim.load([*OWN, "study=sweep", "study.sweep.factors.demand.scale=[1,1.1]", "study.sweep.folder=swept"]))
    assert sim.rerun("swept", point=1).equal

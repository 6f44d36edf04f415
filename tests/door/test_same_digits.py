"""Python and the command line give the same digits: own data, a detected warm-up, studies; nothing is ignored."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import sim
from sim.api import Run
from sim.calibration import fits, own_centre
from sim.calibration.imported import start_of_fit
from sim.cli.app import main
from sim.errors import InputError
from sim.runs.replicate import Results
from sim.studies.select.task import Race

SMALL = ["centre=single_queue", "run.replications=2", "run.warm_up=0", "run.measure=4 h", "run.end=drain",
         "run.workers=1", "run.plots=false"]  # fmt: skip
OWN = ["centre=phone", "data.intervals=my.csv", "run.replications=2", "run.workers=1", "run.plots=false"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with a file of one day; the fit stops at its start."""
    rows = [f"2025-03-03 {hour:02d}:00,phone,20,200,3,5,80" for hour in range(9, 13)]
    text = "start,channel,offered,aht_s,agents,abandoned_pct,sl_pct\n" + "\n".join(rows) + "\n"
    (tmp_path / "my.csv").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(own_centre, "fit", lambda config, table, *_: start_of_fit(config, table))
    monkeypatch.setattr(fits, "read", lambda path: None)


def written(name: str = "kpis.csv") -> list[dict[str, str]]:
    """The rows of the only such file that the command line has left in outputs/, its own or a baseline's."""
    (path,) = Path("outputs").glob(f"*/*/{name}")
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def same(rows: list[dict[str, str]], results: Results) -> bool:
    """Whether all means are the same to the last digit."""
    columns = results.kpis.columns()
    means = ["" if mean is None or mean != mean else str(mean) for mean in columns["mean"]]
    return [row["mean"] for row in rows] == means


@pytest.mark.parametrize("what_if", [[], ["staffing.phone.plus=-1", "demand.scale=1.2"]])
def test_own_data(what_if: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*OWN, *what_if]) == 0
    config = sim.load([*OWN, *what_if])
    results = sim.replicate(config)
    assert results.kpis["channel", "phone", "offered"].mean == pytest.approx(80 * (1.2 if what_if else 1), abs=1)
    assert same(written(), results)
    done = sim.run(config)
    assert isinstance(done, Run)
    assert same(written(), done.results)
    assert bool(done.differences) == bool(what_if)
    printed = capsys.readouterr().out
    assert ("The what-if beside the centre as recorded" in printed) == bool(what_if)
    if what_if:
        rows = {row["measure"]: float(row["difference"]) for row in written("comparison.csv")}
        assert rows == {each.measure: each.difference for each in done.differences}
        assert rows["offered"] == pytest.approx(16, abs=1)
    log = sim.simulate(config)
    offered = results.observations[0]["channel", "offered"].top[0, 0]
    inside = (log.contacts["arrived"] >= log.window[0]) & (log.contacts["arrived"] < log.window[1])
    assert inside.sum() == offered


def timeless(text: str) -> str:
    """Without the seconds that a run took."""
    return re.sub(r"\d+\.\d s;", "s;", text)


@pytest.mark.parametrize(
    "words", [SMALL, OWN, [*OWN, "staffing.phone.plus=-1"], [*SMALL, "study=compare", "study.against.demand.scale=2"]],
    ids=["plain", "own", "what_if", "study"],
)  # fmt: skip
def test_the_words_of_a_run_are_what_the_command_line_prints(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """All of them but the seconds that it took, and the line that names the folder."""
    words = [*words, "engine=simpy"]
    assert main(words) == 0
    printed, *files = re.split(r"\nResults(?: after \d+ s)?: ", capsys.readouterr().out)
    assert [each.count("\n") for each in files] == [1]
    assert timeless(printed).strip() == timeless(sim.run(sim.load(words)).words()).strip()


def test_a_detected_warm_up(capsys: pytest.CaptureFixture[str]) -> None:
    words = [*SMALL, "run.detect_warm_up=mser5", "demand.scale=0.1"]
    assert main(words) == 0
    assert "warm-up detected" in capsys.readouterr().err
    results = sim.replicate(sim.load(words))
    assert results.config.run.detect_warm_up is False
    assert same(written(), results)


def test_any_changes_are_compared() -> None:
    agents = "study.against.staffing.phone.agents=[4,5]"
    assert main([*SMALL, "study=compare", agents]) == 0
    rows = written("comparison.csv")
    answer = sim.compare(sim.load(SMALL), {"staffing.phone.agents": 4}, {"staffing": {"phone": {"agents": 5}}})
    assert list(answer.results) == ["single_queue", "staffing.phone.agents=4", "staffing.phone.agents=5"]
    assert [float(row["difference"]) for row in rows] == [each.difference for each in answer.differences]
    waits = {each.scenario: each.difference for each in answer.differences if each.measure == "abandoned"}
    assert all(value <= 0 for value in waits.values())


def test_own_data_are_compared_and_selected_on_the_fitted_baseline() -> None:
    against = [{"staffing.phone.plus": -1}, {"staffing.phone.plus": 1}]
    answer = sim.compare(sim.load(OWN), *against)
    offered = {name: results.kpis["channel", "phone", "offered"].mean for name, results in answer.results.items()}
    assert set(offered.values()) == {80.0}
    fewer, more = (answer.results[f"staffing.phone.plus={n}"].kpis["channel", "phone", "abandoned"] for n in (-1, 1))
    assert more.mean < fewer.mean
    words = ["study=select", "study.select.measure=channel.phone.abandoned", "study.select.within=0.05",
             "study.against.staffing.phone.plus=[-2,2]", "study.select.first=4", "study.select.most=20"]  # fmt: skip
    race = sim.run(sim.load([*OWN, *words]))
    assert isinstance(race, Race)
    assert race.selection is not None
    assert race.designs.names[race.selection.best or 0] != "staffing.phone.plus=-2"


def test_one_configuration_is_not_a_study() -> None:
    config = sim.load([*SMALL, "study=compare"])
    for function in (sim.replicate, sim.simulate):
        with pytest.raises(InputError, match="study: .* runs one configuration: sim.run"):
            function(config)
    with pytest.raises(InputError, match=r"run\.log: replicate writes no files"):
        sim.replicate(sim.load([*SMALL, "run.log=true"]))


def test_only_a_comparison_takes_precision() -> None:
    words = [*SMALL, "study=select", "study.against.demand.scale=2", "run.max_replications=9",
             "run.precision=[{measure: channel.phone.asa, relative: 0.1}]"]  # fmt: skip
    with pytest.raises(InputError, match=r"run\.precision: study=select runs the same replications"):
        sim.run(sim.load(words))


def test_the_objective_of_a_sweeper_is_there_for_python() -> None:
    done = sim.run(sim.load([*SMALL, "study.objective=channel.phone.asa"]))
    assert isinstance(done, Run)
    assert done.objective == done.results.kpis["channel.phone.asa"].mean
    unknown = sim.run(sim.load([*SMALL, "study.objective=channel.phone.asaa"]))
    assert isinstance(unknown, Run)
    with pytest.raises(InputError, match=r"study\.objective: unknown measure .* did you mean"):
        _ = unknown.objective


def test_a_mapping_is_read_without_hydra() -> None:
    typed = sim.load([*SMALL, "staffing.phone.agents=4"])
    assert sim.load(typed.source) == typed
    assert sim.load(typed.model_dump(mode="json", by_alias=True)) == typed
    part = sim.load({"staffing": {"phone": {"agents": 30}}})
    assert part.staffing["phone"].agents == 30
    assert sim.load({"staffing.phone.agents": 30}) == part == sim.load(["staffing.phone.agents=30"])
    assert sim.load(SMALL, changes={"staffing.phone.agents": 4}) == typed
    with pytest.raises(InputError, match="did you mean 'staffing'"):
        sim.load({"stafing.phone.agents": 3})


def test_a_bare_text_is_no_list_of_overrides() -> None:
    with pytest.raises(InputError, match="overrides are a list, not one text"):
        sim.load("staffing.phone.agents=30")


def test_own_data_are_swept_on_the_fitted_baseline() -> None:
    words = ["study=sweep", "study.sweep.factors.staffing.phone.plus=[-1,0,1]", "study.sweep.folder=here"]
    assert main([*OWN, *words]) == 0
    columns = sim.read_study("here", ["channel.phone.offered", "channel.phone.abandoned"])
    offered = columns["mean"][columns["measure"] == "offered"]
    abandoned = columns["mean"][columns["measure"] == "abandoned"]
    assert offered.tolist() == [80.0] * 3
    alone = [sim.replicate(sim.load([*OWN, f"staffing.phone.plus={plus}"])).kpis for plus in (-1, 0, 1)]
    assert abandoned.tolist() == pytest.approx([kpis["channel", "phone", "abandoned"].mean for kpis in alone])

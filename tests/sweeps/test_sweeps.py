"""What a store promises: duplicates once, only what is missing, failures as rows, the same on any number of workers."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.model import Configuration
from sim.runs.replicate import replicate
from sim.sweep.configurations import Configurations
from sim.sweep.parts import Writer, held
from sim.sweep.points import simulated, with_values
from sim.sweep.run import run_sweep, summary
from sim.sweep.tasks import Outcome, Task

from .centres import FACTORS, design, queue, rows_of_parts, run_task, same_results, sweep

AGENTS = "staffing.team.agents"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted sweep on one worker."""
    folder = tmp_path_factory.mktemp("whole")
    assert sweep(folder).tasks == 12
    return folder


def test_estimates_are_those_of_single_runs(whole: Path) -> None:
    found = sim.read_study(whole)
    for point in (0, 5):
        values = {AGENTS: [4, 6][point == 5], "channels.phone.patience.mean": ["1 min", "3 min"][point == 5]}
        kpis = replicate(Configuration.from_mapping(with_values(queue(whole), values))).kpis
        mine = {
            (found["scope"][i], found["name"][i], found["measure"][i]): i
            for i in np.flatnonzero(found["point"] == point)
        }
        rows = [kpi for kpi in kpis if kpi.interval == "all"]
        assert len(rows) == len(mine)
        for kpi in rows:
            i = mine[kpi.scope, kpi.name, kpi.measure]
            assert (found["n"][i], found["unit"][i], found[AGENTS][i]) == (kpi.n, kpi.unit, values[AGENTS]), kpi
            for name in ("mean", "half_width", "lower", "upper"):
                assert found[name][i] == pytest.approx(getattr(kpi, name), rel=1e-9, abs=1e-12, nan_ok=True)


def test_two_workers_give_the_same(whole: Path, tmp_path: Path) -> None:
    sweep(tmp_path, workers=2, block=1)
    same_results(whole, tmp_path)


def test_a_point_does_not_depend_on_its_neighbours(whole: Path, tmp_path: Path) -> None:
    sweep(tmp_path, {AGENTS: [6], "channels.phone.patience.mean": ["3 min"]})
    alone, among = sim.read_study(tmp_path), sim.read_study(whole)
    assert np.array_equal(alone["mean"], among["mean"][among["point"] == 5], equal_nan=True)


def test_equal_points_run_once_and_each_has_its_rows(tmp_path: Path) -> None:
    swept = sweep(tmp_path, {AGENTS: [4, 5, 4, 4.0]})
    assert swept.tasks == 4
    assert "4 points (2 different), 4 ok" in summary(swept)
    found = sim.read_study(tmp_path)
    first, again = (found["mean"][found["point"] == point] for point in (0, 3))
    assert first.size > 20
    assert np.array_equal(first, again, equal_nan=True)


def test_the_same_command_runs_only_what_is_missing(whole: Path, tmp_path: Path) -> None:
    for levels in ([4], [5], [6]):  # a part for each
        sweep(tmp_path, FACTORS | {AGENTS: levels})
    assert sweep(tmp_path).tasks == 0
    parts = sorted((tmp_path / "parts").iterdir())
    assert len(parts) >= 3
    parts[0].write_bytes(parts[0].read_bytes()[:-9])  # cut short, as by a power cut
    parts[1].write_bytes(b"PAR1" + bytes(99) + b"PAR1")  # whole by its looks only
    (tmp_path / "parts" / "x.1.tmp").touch()  # left by one that died while writing
    left = sum(map(len, held(tmp_path / "parts").replications.values()))
    assert sweep(tmp_path, workers=2).tasks == (24 - left) / 2 > 0
    same_results(whole, tmp_path)


def test_a_part_that_repeats_another_is_removed(whole: Path, tmp_path: Path) -> None:
    """Two processes at the same study may each write the same runs."""
    sweep(tmp_path)
    part, *others = (tmp_path / "parts").iterdir()
    part.with_name("again.parquet").write_bytes(part.read_bytes())
    found = held(tmp_path / "parts")
    assert len(found.files) == len(list((tmp_path / "parts").iterdir())) == 1 + len(others)
    assert sum(map(len, found.replications.values())) == 24
    assert sweep(tmp_path).tasks == 0
    same_results(whole, tmp_path)


def test_more_replications_and_other_blocks_go_on_with_the_same_store(tmp_path: Path) -> None:
    sweep(tmp_path / "grown", replications=3, block=2)
    assert sweep(tmp_path / "grown", replications=7, block=4).tasks == 6
    sweep(tmp_path / "new", replications=7)
    same_results(tmp_path / "grown", tmp_path / "new")
    rows, different = rows_of_parts(tmp_path / "grown")
    assert rows == different
    sweep(tmp_path / "grown", replications=3)  # fewer: the others are left out
    assert set(sim.read_study(tmp_path / "grown")["n"]) == {0, 3}  # none has a value of some measures


@pytest.mark.parametrize("workers", [1, 2])
def test_a_point_that_is_refused_is_a_row_and_the_others_go_on(tmp_path: Path, workers: int) -> None:
    swept = sweep(tmp_path, {AGENTS: [4, -1, 5]}, workers=workers)
    found = sim.read_study(tmp_path)
    (row,) = np.flatnonzero(found["point"] == 1)
    assert found["status"][row] == "mistake"
    assert found["error"][row] == f"{AGENTS}: must be at least 0, got -1"
    assert np.isnan(found["mean"][row])
    assert {found["status"][i] for i in np.flatnonzero(found["point"] != 1)} == {"ok"}
    assert [row["status"] for row in design(tmp_path)] == ["ok", "mistake", "ok"]
    assert "2 ok, 1 refused" in summary(swept)


def test_all_points_refused_still_make_a_table(tmp_path: Path) -> None:
    sweep(tmp_path, {AGENTS: [-1, -2]})
    assert list(sim.read_study(tmp_path)["status"]) == ["mistake", "mistake"]


def test_a_store_of_another_schema_is_refused_by_runs_and_readers(tmp_path: Path) -> None:
    sweep(tmp_path, {AGENTS: [4]}, replications=1)
    path = tmp_path / "study.json"
    study = json.loads(path.read_text())
    for schema, text in ((0, "has schema 0 of the store, this version has 4"), (5, "a newer version")):
        path.write_text(json.dumps(study | {"schema": schema}))
        with pytest.raises(InputError, match=text):
            sweep(tmp_path, {AGENTS: [4]}, replications=1)
        with pytest.raises(InputError, match=text):
            sim.read_study(tmp_path)
    path.write_text(json.dumps(study | {"versions": {"switchboard-sim": "0.0.1"}}))
    with pytest.raises(InputError, match="was begun with another program"):
        sweep(tmp_path, {AGENTS: [4]}, replications=1)
    assert sim.read_study(tmp_path)["status"][0] == "ok"  # reading is no mixing


def put_for_ever(writer: Writer, outcome: Outcome) -> None:
    """More than may wait."""
    while True:
        writer.put(outcome)


def test_a_disk_that_refuses_stops_the_study(tmp_path: Path) -> None:
    """No error of the writer's thread is lost, and nothing waits for it for ever."""
    outcome = run_task(Task("p", {}, 0, 1), Configurations({"": simulated(queue(tmp_path))}))
    with pytest.raises(duckdb.Error), Writer(tmp_path / "gone") as writer:
        writer.put(outcome)
    with pytest.raises(duckdb.Error), Writer(tmp_path / "gone") as writer:
        put_for_ever(writer, outcome)


def test_some_measures_can_be_read_alone(whole: Path) -> None:
    found = sim.read_study(whole, ["journey.all.resolved", "channel.phone.abandoned"])
    assert sorted(set(zip(found["scope"], found["name"], found["measure"], strict=True))) == [
        ("channel", "phone", "abandoned"), ("journey", "all", "resolved"),
    ]  # fmt: skip
    assert found["point"].tolist() == sorted([*range(6)] * 2)


def test_reading_what_is_no_study_or_not_finished(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no study.json"):
        sim.read_study(tmp_path)
    (tmp_path / "study.json").write_text((whole / "study.json").read_text())
    with pytest.raises(InputError, match="is not finished"):
        sim.read_study(tmp_path)


def test_the_query_of_the_manual_sees_the_parts(whole: Path) -> None:
    from sim.sweep import store

    assert store.__doc__ is not None
    query = store.__doc__[store.__doc__.index("    SELECT") :].partition(";")[0]
    assert "union_by_name=true" in query
    rows = duckdb.sql(query.replace("outputs/sweeps/...", str(whole)))
    means = {(row[0], row[-2]): row[-1] for row in rows.fetchall() if row[-2] == "resolved"}
    found = sim.read_study(whole)
    chosen = (found["measure"] == "resolved") & (found["scope"] == "journey")
    assert [means[point, "resolved"] for point in found["point"][chosen]] == pytest.approx(found["mean"][chosen])


def test_the_study_says_what_it_is(whole: Path) -> None:
    study = json.loads((whole / "study.json").read_text())
    assert (study["schema"], study["points"], study["replications"], study["factors"]) == (4, 6, 4, list(FACTORS))
    assert study["configuration"]["staffing"]["team"]["agents"] == 5
    assert {"run", "design"} == set(study["seeds"])
    assert study["versions"]["numpy"]


def test_what_a_sweep_cannot_do_is_refused(tmp_path: Path) -> None:
    precise = queue(tmp_path, precision=[{"measure": "journey.all.resolved", "relative": 0.1}])
    with pytest.raises(InputError, match="run.precision: a sweep runs run.replications at every point"):
        run_sweep(precise)
    assert not (tmp_path / "study.json").exists()

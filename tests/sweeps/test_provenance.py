"""Which program gave a number, and which configuration: studies never mix, and spelling makes no difference."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import numpy as np
import pytest

from sim import provenance
from sim.errors import InputError
from sim.model import Configuration
from sim.model.digest import configuration_digest
from sim.model.studies.inputs import Range
from sim.studies.inputs.points import run_points
from sim.studies.inputs.ranges import Input
from sim.sweep import parts, store
from sim.sweep.parts import sources
from sim.sweep.points import numbered, simulated
from sim.sweep.run import run_sweep

from .centres import queue, sweep

AGENTS = "staffing.team.agents"
PATIENCE = "channels.phone.patience.mean"


def another_program(monkeypatch: pytest.MonkeyPatch, source: str = "f" * 64) -> None:
    """An engine that was altered without a new version."""
    for module in (provenance, parts, store):
        monkeypatch.setattr(module, "source_hash", lambda: source)


def test_the_hash_covers_the_source_and_the_commit_is_that_of_the_tree() -> None:
    assert re.fullmatch("[0-9a-f]{64}", provenance.source_hash())
    assert provenance.commit() is None or re.fullmatch("[0-9a-f]{40}", str(provenance.commit()))
    assert provenance.differences(provenance.program()) == []


def test_an_altered_program_of_the_same_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(tmp_path / "study", {AGENTS: [4]}, replications=1)
    another_program(monkeypatch)
    with pytest.raises(InputError, match=r"another program \(source .*results would be mixed"):
        sweep(tmp_path / "study", {AGENTS: [4]}, replications=2)
    (tmp_path / "study" / "study.json").unlink()  # parts know by themselves who wrote them
    with pytest.raises(InputError, match="holds parts of another program"):
        sweep(tmp_path / "study", {AGENTS: [4]}, replications=2)


def test_it_can_be_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    container = queue(tmp_path / "study", {AGENTS: [4]}, replications=1)
    container["study"]["on_change"] = "apart"
    assert run_sweep(container).folder.name == "study"
    another_program(monkeypatch)
    monkeypatch.setattr("sim.sweep.run.source_hash", lambda: "f" * 64)
    other = run_sweep(container)
    assert (other.folder.name, other.tasks) == ("study-ffffffff", 1)
    assert run_sweep(container).tasks == 0


def test_points_of_a_study_are_begun_anew_by_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that nobody named is nobody's affair: a long search is not lost because its points were there."""
    monkeypatch.chdir(tmp_path)
    container = queue(tmp_path, replications=1)
    del container["study"]["sweep"]["folder"]
    agents = Input("agents", Range(key=AGENTS, low=4, high=6), 5.0, {AGENTS: 5.0})
    first = run_points(container, [agents], np.array([[4.0]]), 1)
    another_program(monkeypatch)
    monkeypatch.setattr("sim.sweep.run.source_hash", lambda: "f" * 64)
    assert run_points(container, [agents], np.array([[4.0]]), 1).folder.name == f"{first.folder.name}-ffffffff"


def test_every_part_says_who_wrote_it(tmp_path: Path) -> None:
    sweep(tmp_path, {AGENTS: [4, 5]}, replications=1)
    assert sources(tmp_path / "parts") == [provenance.source_hash()]
    study = json.loads((tmp_path / "study.json").read_text())
    assert study["source_sha256"] == provenance.source_hash()
    assert study["versions"]["numpy"]


def test_another_study_in_the_same_folder_is_refused_and_a_larger_design_is_not(tmp_path: Path) -> None:
    sweep(tmp_path, {AGENTS: [4]}, replications=1)
    assert sweep(tmp_path, {AGENTS: [4, 5]}, replications=1).tasks == 1
    with pytest.raises(InputError, match="holds another study"):
        sweep(tmp_path, {AGENTS: [4], PATIENCE: ["1 min"]}, replications=1)
    with pytest.raises(InputError, match="holds another study"):
        sweep(tmp_path, {AGENTS: [4]}, replications=1, seed=2)


@pytest.mark.parametrize("values", [["2 min", "120 s", "2min", "120.0 s"]])
def test_points_are_the_same_however_they_are_spelled(values: list[str], tmp_path: Path) -> None:
    bases = {"": simulated(queue(tmp_path))}
    assert len({point.hash for point in numbered(bases, [{PATIENCE: value} for value in values])}) == 1
    other = list(numbered(bases, [{PATIENCE: "121 s"}, {PATIENCE: "no time"}, {PATIENCE: "none at all"}]))
    assert len({point.hash for point in other}) == 3, "what cannot be read is told apart as it stands"


def test_the_hash_of_a_configuration_does_not_depend_on_workers(tmp_path: Path) -> None:
    one, two = (Configuration.from_mapping(queue(tmp_path, workers=count)) for count in (1, 2))
    assert configuration_digest(one) == configuration_digest(two)
    assert configuration_digest(Configuration.from_mapping(queue(tmp_path, seed=3))) != configuration_digest(one)


def test_stores_hold_null_and_never_nan(tmp_path: Path) -> None:
    sweep(tmp_path, {AGENTS: [4, -1]}, replications=1)  # one replication: no interval
    query = "SELECT count(*) FILTER (isnan(half_width)), count(*) FILTER (half_width IS NULL) FROM read_parquet(?)"
    nan, null = duckdb.execute(query, [str(tmp_path / "results.parquet")]).fetchone() or (1, 0)
    assert nan == 0
    assert null > 20

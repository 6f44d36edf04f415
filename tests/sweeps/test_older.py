"""A study of each schema of the store, as written in its time (`older/`), opens for ever and can be gone on with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.sweep.parts import held
from sim.sweep.points import numbered, simulated
from sim.sweep.schema import SCHEMA, STEPS
from sim.sweep.store import Store

OLDER = Path(__file__).parent / "older"
AGENTS = "staffing.team.agents"
COLUMNS = ["point", AGENTS, "scope", "name", "measure", "mean", "half_width", "lower", "upper", "confidence", "n",
           "unit", "status", "error"]  # fmt: skip
ABANDONED = {0: (0.3838120104438642, 0.2708996912539704), 2: (0.27676240208877284, 0.19260072541400086)}
"""point: mean and half width over the centre, as written on 2026-11-22"""


def test_there_is_a_study_of_each_schema_and_a_step_to_the_next() -> None:
    assert {path.name for path in OLDER.iterdir()} == {f"schema_{number}" for number in range(1, SCHEMA + 1)}
    assert list(STEPS) == list(range(1, SCHEMA))


@pytest.mark.parametrize("schema", range(1, SCHEMA + 1))
def test_its_results_read_as_those_of_today(schema: int) -> None:
    found = sim.read_study(OLDER / f"schema_{schema}")
    assert list(found) == COLUMNS
    for point, numbers in ABANDONED.items():
        chosen = (found["point"] == point) & (found["scope"] == "centre") & (found["measure"] == "abandoned")
        (row,) = np.flatnonzero(chosen)
        assert (found["mean"][row], found["half_width"][row]) == pytest.approx(numbers, rel=1e-12)
        assert (found["n"][row], found["confidence"][row], found["unit"][row]) == (3, 0.95, "share")
    (refused,) = np.flatnonzero(found["point"] == 1)
    assert (found["status"][refused], found[AGENTS][refused]) == ("mistake", -1)
    assert np.isnan(found["confidence"][refused])


@pytest.mark.parametrize("schema", range(1, SCHEMA + 1))
def test_what_it_holds_need_not_run_again(schema: int, tmp_path: Path) -> None:
    shutil.copytree(OLDER / f"schema_{schema}", tmp_path / "copy")
    store = Store(tmp_path / "copy")
    study = store.study()
    assert (study["schema"], study["read_as"], study["confidence"]) == (SCHEMA, schema, 0.95)
    design = [{AGENTS: agents} for agents in (4, 5)]
    four, five = (point.hash for point in numbered({"": simulated(study["configuration"])}, design))
    assert held(store.parts).replications == {four: {0, 1, 2}, five: {0, 1, 2}}
    assert json.loads((OLDER / f"schema_{schema}" / "study.json").read_text())["schema"] == schema

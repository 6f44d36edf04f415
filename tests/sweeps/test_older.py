"""A study of each schema of the store, as written in its time (`older/`), opens for ever and can be gone on with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.provenance import source_hash
from sim.sweep.run import run_sweep
from sim.sweep.schema import SCHEMA, STEPS
from sim.sweep.store import Store

OLDER = Path(__file__).parent / "older"
AGENTS = "staffing.team.agents"
COLUMNS = ["point", AGENTS, "scope", "name", "measure", "mean", "half_width", "lower", "upper", "confidence",
           "difference", "difference_half_width", "n", "unit", "status", "error"]  # fmt: skip
ABANDONED = {0: (0.3838120104438642, 0.2708996912539704), 2: (0.27676240208877284, 0.19260072541400086)}
"""point: mean and half width over the centre, as written on 2026-11-22"""
SINCE_3 = {0: (0.4151436031331593, 0.19614454629526457), 2: (0.27154046997389036, 0.18734000368451648)}
"""as written on 2026-11-26, with other draws and another interval"""


def test_there_is_a_study_of_each_schema_and_a_step_to_the_next() -> None:
    assert {path.name for path in OLDER.iterdir()} == {f"schema_{number}" for number in range(1, SCHEMA + 1)}
    assert list(STEPS) == list(range(1, SCHEMA))


@pytest.mark.parametrize("schema", range(1, SCHEMA + 1))
def test_its_results_read_as_those_of_today(schema: int) -> None:
    found = sim.read_study(OLDER / f"schema_{schema}")
    assert list(found) == COLUMNS
    for point, numbers in (ABANDONED if schema < 3 else SINCE_3).items():
        chosen = (found["point"] == point) & (found["scope"] == "centre") & (found["measure"] == "abandoned")
        (row,) = np.flatnonzero(chosen)
        assert (found["mean"][row], found["half_width"][row]) == pytest.approx(numbers, rel=1e-12)
        assert (found["n"][row], found["confidence"][row], found["unit"][row]) == (3, 0.95, "share")
    (refused,) = np.flatnonzero(found["point"] == 1)
    assert (found["status"][refused], found[AGENTS][refused]) == ("mistake", -1)
    assert np.isnan(found["confidence"][refused])


@pytest.mark.parametrize("schema", range(1, SCHEMA + 1))
def test_what_another_program_began_is_not_gone_on_with(
    schema: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them was written by this source, so none is mixed with its results."""
    monkeypatch.setattr("sim.provenance.source_hash", lambda: "f" * 64)  # until the next change, the last one was
    shutil.copytree(OLDER / f"schema_{schema}", tmp_path / "copy")
    store = Store(tmp_path / "copy")
    study = store.study()
    assert (study["schema"], study["read_as"], study["confidence"]) == (SCHEMA, schema, 0.95)
    container = study["configuration"]
    container["study"]["sweep"]["folder"] = str(tmp_path / "copy")
    with pytest.raises(InputError, match="was begun with another program"):
        run_sweep(container)
    apart = run_sweep({**container, "study": {**container["study"], "on_change": "apart"}})
    assert apart.folder.name == f"copy-{source_hash()[:8]}"
    assert apart.tasks == 6
    assert json.loads((OLDER / f"schema_{schema}" / "study.json").read_text())["schema"] == schema

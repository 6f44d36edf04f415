"""Paired columns of a sweep: differences from one of its points, as study=compare would say them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.model import Configuration
from sim.runs.replicate import replicate
from sim.studies.compare.study import compare
from sim.sweep.columns import columns_of
from sim.sweep.store import Store
from sim.sweep.tables import read_study

from .centres import queue, sweep

AGENTS = {"staffing.team.agents": [4, 5, 6]}
MEASURES = ("channel.phone.abandoned", "channel.phone.wait_p90", "pool.team.occupancy", "journey.all.journeys")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("swept") / "study"
    sweep(folder, AGENTS)
    return folder


def of(folder: Path, measure: str, column: str) -> Any:
    """A column of a measure, by point."""
    found = read_study(folder, [measure])
    return found[column][np.argsort(found["point"])]


@pytest.mark.parametrize("measure", MEASURES)
def test_differences_from_the_first_point_are_those_of_a_comparison(swept: Path, measure: str) -> None:
    container = queue(swept, AGENTS)
    config = Configuration.from_mapping({key: part for key, part in container.items() if key != "study"})
    sides = {agents: replicate(config.at({"staffing.team.agents": agents})) for agents in (4, 6)}
    (exact,) = compare(sides[4], {"six": sides[6]}, [measure])
    assert of(swept, measure, "difference")[2] == pytest.approx(exact.difference, rel=1e-9)
    assert of(swept, measure, "difference_half_width")[2] == pytest.approx(exact.half_width, rel=1e-9)


def test_the_point_itself_has_none(swept: Path) -> None:
    assert np.isnan(of(swept, "channel.phone.abandoned", "difference")[0])


def test_another_point_can_be_named_and_it_is_the_same_study(swept: Path) -> None:
    before = of(swept, "channel.phone.abandoned", "difference")[2]
    again = sweep(swept, AGENTS, against=2)
    assert again.tasks == 0
    assert of(swept, "channel.phone.abandoned", "difference")[0] == pytest.approx(-before, rel=1e-12)
    with pytest.raises(InputError, match="study.sweep.against: the design has no point 3"):
        sweep(swept, AGENTS, against=3)
    sweep(swept, AGENTS)


def test_a_point_that_was_refused_has_no_differences_and_gives_none(tmp_path: Path) -> None:
    sweep(tmp_path / "study", {"staffing.team.agents": [-1, 5, 6]})
    assert np.isnan(read_study(tmp_path / "study")["difference"]).all()


def test_times_in_seconds_are_numbers_and_their_unit_is_said(tmp_path: Path) -> None:
    factors = {"channels.phone.patience.mean": {"low": "1 min", "high": "3 min"}}
    sweep(tmp_path / "study", factors, design="latin_hypercube", points=2)
    found = read_study(tmp_path / "study")
    assert found["channels.phone.patience.mean"].dtype == np.float64
    assert Store(tmp_path / "study").study()["units"] == {"channels.phone.patience.mean": "s"}


@pytest.mark.parametrize(
    ("values", "column"),
    [(["1.5 s", "20 s"], [1.5, 20.0]), (["2 min", "20 s"], ["2 min", "20 s"]), (["s", "5 s"], ["s", "5 s"]),
     ([True, False], [True, False]), ([1, 2.5], [1, 2.5]), (["siloed"], ["siloed"])],
)  # fmt: skip
def test_columns_keep_their_type(values: list[Any], column: list[Any]) -> None:
    assert columns_of(values) == column

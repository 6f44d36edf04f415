"""What a planner's centre is called, wherever a name of it is shown: by its own name, never by the shipped centre's."""

from __future__ import annotations

import pytest

import sim
from sim.calibration.own_centre import called
from sim.plots.words import caption
from sim.runs.replicate import Results
from sim.statistics.estimates import Kpis
from sim.sweep.run import folder_of

OWN = "data.intervals=tests/dirty/exports/base.csv"


@pytest.mark.parametrize(
    ("words", "name"),
    [([OWN], "base"), ([OWN, "data.name=Our Hotline"], "Our Hotline"), ([], "siloed"),
     (["scenarios=one_digital_channel"], "one_digital_channel")],
)  # fmt: skip
def test_pictures_and_folders_of_studies_carry_the_name(words: list[str], name: str) -> None:
    config = sim.load([*words, "study=sweep", "study.sweep.factors.demand.scale=[1,2]"])
    assert called(config) == name
    assert name in caption(Results(config, Kpis([]), (), (0, 1), 0.0))
    assert folder_of(config, {"": {}}).name.startswith(name.replace(" ", "_"))

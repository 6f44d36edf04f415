"""What a planner's centre is called, wherever a name of it is shown: by its own name, never by the shipped centre's."""

from __future__ import annotations

from dataclasses import replace

import pytest

import sim
from sim.calibration.imported import Finding, start_of_fit
from sim.calibration.own_centre import OwnCentre, called
from sim.plots.words import caption
from sim.runs.replicate import Results
from sim.statistics.estimates import Kpis
from sim.studies.inputs.own import own_inputs, own_names
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


def test_what_has_no_key_of_its_own_is_no_input_of_a_study(monkeypatch: pytest.MonkeyPatch) -> None:
    """The spread of handle times was once varied as patience."""
    own = OwnCentre(sim.load([OWN]))
    spread = Finding("phone", "handle_time_cv", 0.95, "of its mean", 0.8, 1.2, "aht_s")
    fit = replace(start_of_fit(own.baseline, own.fit_table), findings=(spread,))
    monkeypatch.setattr(own, "fitted", lambda: fit)
    names = {each.name for each in own_inputs(own)}
    assert names <= own_names(own.asked)

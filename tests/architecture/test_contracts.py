"""Numbers and names that stand in two places agree."""

from __future__ import annotations

from typing import get_args

import pytest

from sim.engine.simpy import simulation, stations
from sim.log import tables as log
from sim.measures import catalogue
from sim.measures.measure import Estimator, Measure, Unit
from sim.model.outcomes import INSTANT, POSSIBLE, ROW_NAMES, End, Outcome
from sim.rules import decisions as rules
from sim.rules import draws as steps


def test_outcome_numbers_of_the_rules() -> None:
    for name in ("RESOLVED", "FAILED", "TRANSFERRED", "ABANDONED"):
        assert getattr(rules, name) == Outcome[name]
    for name in ("ABANDONED", "BLOCKED", "CLOSED", "BALKED", "UNANSWERED"):
        assert getattr(stations, name) == Outcome[name]
    for name in ("RESOLVED", "CLOSED"):
        assert getattr(simulation, name) == Outcome[name]


def test_outcomes_fit_a_byte_and_name_rows() -> None:
    assert max(Outcome) < 128
    assert max(End) < 128
    for names in POSSIBLE.values():
        assert set(names) < set(ROW_NAMES)
    assert set(INSTANT) < set(ROW_NAMES)


def test_columns_of_the_channels_table_are_counted() -> None:
    names = (
        "SERVICE", "WRAP_UP", "PATIENCE", "ZERO_SHARE", "REDIAL", "ABANDONMENT", "ABANDON_AT", "TRANSFER", "REOPEN",
        "REOPEN_DELAY", "TIME_SAVED", "REMOVED", "JOURNEY_LEG", "FAILURE", "NEEDS", "AUTHORITY", "DIFFICULTY",
        "DEFLECT", "TURN", "TURN_DELAY", "SILENT", "DETECTION", "SEEN", "HARDER_WORK", "READING", "PACE", "ODDS",
        "ATTENTION",
    )  # fmt: skip
    numbers = [getattr(steps, name) for name in names]
    assert sorted(numbers) == list(range(len(numbers)))
    firsts = (steps.SERVICE_FACTORS, steps.PATIENCE_FACTORS, steps.FAILURE_FACTORS)
    assert sorted(numbers + [first + i for first in firsts for i in range(3)]) == list(range(steps.PROFILE_COLUMNS))


def test_names_in_the_log_are_unique() -> None:
    assert len({*log.CONTACT_COLUMNS}) == 14
    assert {"entity", "number", "channel", "arrived", "answered", "ended", "released"} <= set(log.CONTACT_COLUMNS)


def test_measures_are_declared_once() -> None:
    """No name stands for two measures, whatever their rows."""
    names = [measure.name for measure in catalogue.SHIPPED]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("measure", catalogue.SHIPPED, ids=lambda each: each.name)
def test_each_measure_is_described(measure: Measure) -> None:
    assert catalogue.describe(measure.name) is measure
    assert measure.estimator in get_args(Estimator)
    assert (measure.estimator == "quantile") == (0 < measure.share < 1)
    assert measure.title
    assert measure.formula
    assert measure.unit in get_args(Unit)
    assert measure.better in ("higher", "lower", "")
    assert measure.name.isidentifier()


def test_unknown_measures_are_refused() -> None:
    with pytest.raises(KeyError):
        catalogue.describe("happiness")

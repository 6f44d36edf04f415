"""Numbers and names that stand in two places agree."""

from __future__ import annotations

from typing import get_args

import pytest

from sim.coded.centre import AGENT_RULES
from sim.engine.simpy import simulation, stations
from sim.log import codes
from sim.log import tables as log
from sim.measures import catalogue
from sim.measures.measure import Estimator, Measure, Unit
from sim.model.journeys import AgentRule, QueueRule
from sim.model.outcomes import INSTANT, POSSIBLE, ROW_NAMES, End, Outcome
from sim.rules import decisions as rules
from sim.rules import numbers
from tests.extreme.small import centre, live, lived, team

from .test_imports import SIM, imports


def test_outcome_numbers_of_the_rules() -> None:
    for name in ("RESOLVED", "FAILED", "TRANSFERRED", "ABANDONED", "BLOCKED", "CLOSED", "BALKED"):
        assert getattr(rules, name) == Outcome[name]
    for name in ("ABANDONED", "TIMED_OUT", "UNANSWERED"):
        assert getattr(stations, name) == Outcome[name]
    for name in ("RESOLVED", "CLOSED"):
        assert getattr(simulation, name) == Outcome[name]


def test_codes_of_the_rules_are_those_of_the_log() -> None:
    for context in codes.Context:
        assert getattr(rules, context.name) == context
    for enum in (codes.Via, codes.Flag, codes.PostKind):
        for code in enum:
            assert getattr(codes, code.name or "") == code
    assert sum(codes.Flag) < 128


def test_every_agent_rule_has_its_function() -> None:
    """A rule that the schema knows and no engine does would only fail in a run."""
    assert set(AGENT_RULES) == set(get_args(AgentRule))
    assert sorted(AGENT_RULES.values()) == list(range(len(AGENT_RULES)))
    assert set(get_args(QueueRule)) == {"priority", "longest_queue"}


@pytest.mark.parametrize("rule", get_args(AgentRule))
def test_every_agent_rule_chooses_in_a_run(rule: AgentRule) -> None:
    """Two calls and two agents: both are answered at once, by one agent each."""
    config = centre({"phone": live()}, {"team": team(2)}, [0, 10], routing={"agent_rule": rule})
    assert sorted(contact.agent for contact in lived(config)) == [0, 1]


def test_the_simpy_engine_reads_the_coded_centre_only() -> None:
    """Of the model it knows outcomes and units; a configuration only passes through."""
    for path in (SIM / "engine" / "simpy").glob("*.py"):
        known = {name for name in imports(path) if name.startswith("sim.model.") and name.count(".") == 2}
        assert known <= {"sim.model.outcomes", "sim.model.units", "sim.model.centre"}, path


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
    places = [getattr(numbers, name) for name in names]
    assert sorted(places) == list(range(len(places)))
    firsts = (numbers.SERVICE_FACTORS, numbers.PATIENCE_FACTORS, numbers.FAILURE_FACTORS)
    assert sorted(places + [first + i for first in firsts for i in range(3)]) == list(range(numbers.PROFILE_COLUMNS))


def test_the_log_has_the_columns_that_measures_read() -> None:
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

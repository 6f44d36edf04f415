"""The catalogue as a whole: counts and pieces of a log that add up, shares that are shares, nothing infinite."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import sim
from sim import engine
from sim.measures.catalogue import describe
from sim.measures.contacts import OUTCOME_COUNTS
from sim.measures.observe import Observations, added, observe
from sim.model import Configuration
from sim.runs.replicate import replicate
from tests.invariants.random_centres import centres

EVERY = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def observed(mapping: dict[str, Any]) -> tuple[Configuration, Observations]:
    config = Configuration.from_mapping(mapping)
    return config, observe(engine.simulate(config, 3, 0), config)


@EVERY
@given(mapping=centres())
def test_each_contact_offered_is_in_one_count(mapping: dict[str, Any]) -> None:
    _, found = observed(mapping)
    counts = sum(found["channel", measure.name].top for measure in OUTCOME_COUNTS)
    assert np.array_equal(counts, found["channel", "offered"].top)


@EVERY
@given(mapping=centres())
def test_pieces_of_a_log_add_up_to_the_whole(mapping: dict[str, Any]) -> None:
    """Cut in the middle of the window: sums, largest values and small samples are those of the whole."""
    config = Configuration.from_mapping(mapping)
    log = engine.simulate(config, 3, 0)
    start, end = log.window
    parts = [observe(replace(log, window=w), config) for w in ((start, (start + end) / 2), ((start + end) / 2, end))]
    shortened = [{key: _whole_column(table) for key, table in part.items()} for part in parts]
    whole = observe(log, config)
    together = added(shortened[0], shortened[1])
    for (scope, name), table in together.items():
        if name in ("backlog_age", "integration_cost", "cost") or name.startswith("cost_per"):
            continue  # of the end of the window, and prices by its length
        expected = whole[scope, name].top[:, :1]
        assert table.top == pytest.approx(expected, rel=1e-9, abs=1e-3, nan_ok=True), (scope, name)


def _whole_column(table: Any) -> Any:
    bottom = None if table.bottom is None else table.bottom[:, :1]
    return replace(table, top=table.top[:, :1], bottom=bottom)


def test_a_value_needs_the_whole_log() -> None:
    config = sim.load(["centre=single_queue", "run.warm_up=0", "run.measure=1 h", "run.workers=1"])
    found = observe(engine.simulate(config, 1, 0), config)
    assert ("channel", "virtual_wait") in found
    assert ("channel", "virtual_wait") not in added(found, found)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(mapping=centres())
def test_published_numbers_are_finite_and_shares_are_shares(mapping: dict[str, Any]) -> None:
    mapping["run"] = mapping.get("run", {}) | {"replications": 2, "workers": 1}
    results = replicate(Configuration.from_mapping(mapping))
    for kpi in results.kpis:
        assert not math.isinf(kpi.mean), kpi
        if describe(kpi.measure).unit == "share" and not math.isnan(kpi.mean):
            assert 0 <= kpi.mean <= 1, kpi

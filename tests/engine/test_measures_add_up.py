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
from sim.log.tables import Log
from sim.measures import pieces
from sim.measures.catalogue import QUANTILES, describe
from sim.measures.contacts import OUTCOME_COUNTS
from sim.measures.measure import Measure
from sim.measures.observe import Observations, observe
from sim.measures.pieces import Sums, lacking
from sim.measures.samples import MOST
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


def part_of(log: Log, since: float, until: float) -> Log:
    """A part of a log. The pieces of a run have each spell of duty once; here it is in both parts, and that in which it
    ends says what was missed of its breaks."""
    ends = log.duties["end"]
    missed = np.where((since < ends) & (ends <= until), log.duties["missed"], 0.0)
    return replace(log, part=(since, until), duties=log.duties | {"missed": missed})


@EVERY
@given(mapping=centres())
def test_pieces_of_a_log_add_up_to_the_whole(mapping: dict[str, Any]) -> None:
    """Cut in the middle of the window: sums, largest values and small samples are those of the whole; from more than a
    thousand waits samples are thinned."""
    config = Configuration.from_mapping(mapping)
    log = engine.simulate(config, 3, 0)
    start, end = log.window
    middle, came, whole, sums = (start + end) / 2, log.customers["arrived"], observe(log, config), Sums(config)
    sums.add(replace(part_of(log, -math.inf, middle), counted=came < middle))
    sums.add(replace(part_of(log, middle, math.inf), counted=came >= middle))
    thinned = {*QUANTILES, "virtual_wait"} if log.contacts["entity"].size > MOST else ()
    for key, table in sums.observations().items():
        assert key[1] in thinned or table.top == pytest.approx(whole[key].top, rel=1e-9, abs=1e-3, nan_ok=True), key


def test_a_value_of_no_sums_needs_the_whole_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every shipped one says what it is made of; one of an extension need not."""
    config = sim.load(["centre=single_queue", "run.warm_up=0", "run.measure=1 h", "run.workers=1"])
    assert lacking(config) == []
    own = Measure("own", "Own", "1", "a number of the whole", "value", lambda facts: [])
    monkeypatch.setattr(pieces, "asked", lambda *_: (own,))
    assert lacking(config) == ["own"]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(mapping=centres())
def test_published_numbers_are_finite_and_shares_are_shares(mapping: dict[str, Any]) -> None:
    mapping["run"] = mapping.get("run", {}) | {"replications": 2, "workers": 1}
    results = replicate(Configuration.from_mapping(mapping))
    for kpi in results.kpis:
        assert not math.isinf(kpi.mean), kpi
        if describe(kpi.measure).unit == "share" and not math.isnan(kpi.mean):
            assert 0 <= kpi.mean <= 1, kpi

"""Sequential replications: they stop when precise enough, at the ceiling, and never before the floor."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import InputError
from sim.runs.replicate import Results, replicate
from sim.statistics.estimates import estimate
from sim.statistics.intervals import doubted
from sim.statistics.precision import FLOOR

from .test_compare import queue


def run(until: dict[str, object], start: int = 4, most: int = 60) -> Results:
    """The queue of the comparison tests with two hours measured, until as precise as asked."""
    config = queue(6, 1).config
    changed = type(config.run).model_validate(
        {"warm_up": "1 h", "measure": "2 h", "end": "drain", "seed": config.run.seed, "workers": 1,
         "replications": start, "max_replications": most, "precision": [until]}
    )  # fmt: skip
    return replicate(config.changed(run=changed))


def test_absolute_precision_is_reached_and_not_overshot_by_much() -> None:
    results = run({"measure": "channel.phone.abandoned", "half_width": 0.02})
    kpi = results.kpis["channel", "phone", "abandoned"]
    assert kpi.half_width <= 0.02
    assert FLOOR <= kpi.n < 60


def test_relative_precision_allows_r_over_1_plus_r() -> None:
    kpi = run({"measure": "channel.phone.abandoned", "relative": 0.1}).kpis["channel", "phone", "abandoned"]
    assert kpi.half_width <= kpi.mean * 0.1 / 1.1


def test_the_floor_holds_for_easy_precision() -> None:
    assert len(run({"measure": "journey.all.contacts", "half_width": 1.0}).replications) == FLOOR


def test_the_ceiling_holds_for_impossible_precision() -> None:
    assert len(run({"measure": "channel.phone.asa", "half_width": 1e-9}, most=13).replications) == 13


def test_an_interval_that_ends_a_run_doubts_its_error_where_replications_are_skewed() -> None:
    """The same replications fixed beforehand have the same estimate, and a narrower interval."""
    results = run({"measure": "channel.phone.asa", "half_width": 30.0})
    fixed = results.config.changed(run=results.config.run.model_copy(update={"precision": ()}))
    ended, plain = results.kpis["channel.phone.asa"], estimate(results.observations, fixed)["channel.phone.asa"]
    assert ended.mean == plain.mean
    assert ended.skewness == plain.skewness != 0
    wider = ended.half_width / plain.half_width
    assert wider == pytest.approx(1 + abs(plain.skewness) * math.sqrt(1.5 / plain.n), rel=0.05)
    assert doubted(np.array(2.0), np.array(0.0), 20) == 2.0


def test_an_unknown_measure_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"run.precision: no measure .* did you mean 'channel.phone.abandoned'"):
        run({"measure": "channel.phone.abandond", "half_width": 0.1})


def test_without_precision_the_number_is_fixed() -> None:
    results = queue(6, 3)
    assert len(results.replications) == 3
    assert not math.isnan(results.kpis["journey", "all", "resolved"].half_width)

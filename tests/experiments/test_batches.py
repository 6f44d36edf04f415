"""Batch means: intervals of one long run, what they add up to, and when they are not to be trusted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiments.batches import von_neumann
from sim.experiments.replicate import Results, replicate

from .many_queues import Queue

SEED = 20261124  # declared before the first run
QUEUE = Queue(1440, 5, 4.0, 8.0, 1.0)


def run(**changes: object) -> Results:
    """The queue for ten days in one run."""
    return replicate(QUEUE.config(SEED, **{"measure": "10 d", "replications": 1, **changes}))


@pytest.fixture(scope="module")
def whole() -> Results:
    return run()


@pytest.fixture(scope="module")
def cut() -> Results:
    return run(batches=20)


def test_values_are_those_of_the_whole_window(whole: Results, cut: Results) -> None:
    for kpi in whole.kpis:
        mine = cut.kpis[kpi.scope, kpi.name, kpi.measure, kpi.interval]
        assert mine.mean == pytest.approx(kpi.mean, rel=1e-9, nan_ok=True), kpi
        assert math.isnan(kpi.half_width)


def test_intervals_come_from_the_batches(cut: Results) -> None:
    for key, exact in QUEUE.exact.items():
        kpi = cut.kpis[key]
        assert kpi.n == 20
        assert abs(kpi.mean - exact) <= kpi.half_width * 3.3 / 2.09, key  # t(0.975, 19) is 2.09
    offered = cut.kpis["channel", "phone", "offered"]
    assert abs(offered.mean - 14_400) < 3.3 * 120
    assert 2.09 * 60 < offered.half_width < 2.09 * 200  # the Poisson total's is 2.09 x 120
    assert math.isnan(cut.kpis["channel", "phone", "longest_wait"].half_width)
    assert math.isnan(cut.kpis["channel", "phone", "offered", "2026-01-06"].half_width)


def test_independent_batches_raise_no_alarm_and_short_ones_do(cut: Results) -> None:
    assert cut.notes == ()
    (note,) = run(measure="12 h", batches=150).notes
    assert note.startswith("run.batches: batches of 4.8 min depend on their neighbours (channel.phone.wait")


def test_von_neumann_is_standard_normal_for_independent_values() -> None:
    rng = np.random.default_rng(SEED)
    found = np.array([von_neumann(rng.normal(size=20)) for _ in range(2000)])
    assert abs(found.mean()) < 3.3 / math.sqrt(2000)
    assert abs(found.std() - 1) < 3.3 / math.sqrt(4000)
    assert von_neumann(np.arange(20.0)) > 3
    assert von_neumann(np.ones(20)) == 0


def test_batches_go_with_one_replication() -> None:
    with pytest.raises(InputError, match="batches cut one long run"):
        run(batches=5, replications=2)

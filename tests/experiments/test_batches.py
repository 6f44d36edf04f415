"""Batch means: intervals of one long run, what they add up to, and when they are not to be trusted."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.runs.replicate import Results, replicate
from sim.statistics.batches import dependence_warnings, estimate_batches, von_neumann

from .coverage import may_be
from .many_queues import Queue, lived, observed

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


# Coverage ------------------------------------------------------------------------------------------------------------

TABLE = Path(__file__).resolve().parents[2] / "outputs" / "gallery" / "coverage_batches.csv"
FIELDS = (
    "batch", "contacts", "batches", "measure", "experiments", "covered", "coverage", "alarms", "within_93_97", "seed",
    "date",
)  # fmt: skip
BUSY = Queue(600, 2, 4.0, 6.0, 1.0)


def long_runs(measure: str, batches: int, experiments: int) -> tuple[dict[str, int], int]:
    """(experiments that cover by measure, experiments in which batches were said to depend on their neighbours)."""
    config = BUSY.config(SEED, measure=measure, batches=batches, replications=1)
    start, end = config.run.warm_up, config.run.warm_up + config.run.measure
    edges = np.linspace(start, end, batches + 1)
    covered, alarms = dict.fromkeys((key[2] for key, value in BUSY.exact.items() if value), 0), 0
    for number in range(experiments):
        run = lived(config, number)
        parts = [observed(config, run, window) for window in zip(edges[:-1], edges[1:], strict=True)]
        kpis = estimate_batches(observed(config, run, (start, end)), parts, config)
        alarms += bool(list(dependence_warnings(parts, config)))
        for key, exact in BUSY.exact.items():
            if key[2] in covered:
                covered[key[2]] += bool(abs(kpis[key].mean - exact) <= kpis[key].half_width)
    return covered, alarms


def test_batches_of_a_day_cover() -> None:
    covered, _ = long_runs("10 d", 10, 60)
    assert all(may_be(each, 60) for each in covered.values()), covered


@pytest.mark.slow
def test_a_thousand_long_runs() -> None:
    """Twenty batches of a day, of three hours and of half an hour: too short, and the alarm mostly is silent."""
    today, rows = dt.date.today().isoformat(), []
    for batch, measure, contacts in (("1 d", "20 d", 600), ("3 h", "60 h", 75), ("30 min", "10 h", 12.5)):
        covered, alarms = long_runs(measure, 20, 1000)
        for name, hits in covered.items():
            inside = "yes" if 930 <= hits <= 970 else "no"
            rows.append((batch, contacts, 20, name, 1000, hits, hits / 1000, alarms, inside, SEED, today))
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([FIELDS, *rows])
    assert all(row[8] == "yes" for row in rows if row[0] == "1 d")


def test_the_committed_table_shows_when_batches_are_long_enough() -> None:
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["within_93_97"] for row in rows if row["batch"] == "1 d"} == {"yes"}
    assert max(int(row["alarms"]) for row in rows if row["batch"] == "1 d") < 1000 * (0.05 + 3.3 * 0.007)
    assert "no" in {row["within_93_97"] for row in rows if row["batch"] == "30 min"}  # and the alarm is a weak one: 8 %

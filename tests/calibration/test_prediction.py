"""What is unknown of another month: its size from the fitted one, and an interval whose parts add up."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration import own_centre
from sim.calibration.compared import interval_sums
from sim.calibration.imported import Finding, Fitted, start_of_fit
from sim.calibration.intervals.table import IntervalTable
from sim.calibration.own_centre import OwnCentre
from sim.calibration.prediction import BUSYNESS, LUCK, Prediction, predictions, unknowns

from .recorded import constant_rows, write_rows
from .test_days import table_of

NOTHING = Fitted({}, {}, {}, {})
SEED = 20260401


def weeks_of(factors: list[float], noise: float = 0.0, seed: int = SEED) -> IntervalTable:
    """Weeks of 3200 contacts a day: a level by week, and a factor by day of so much standard deviation."""
    table = table_of({day: list(range(9, 17)) for day in range(7 * len(factors))})
    level = np.repeat(factors, 7) * (1 + noise * np.random.default_rng(seed).standard_normal(7 * len(factors)))
    return replace(table, offered=200 * level[:, None] * np.where(np.isnan(table.offered), np.nan, 1.0))


def test_volumes_vary_as_the_weeks_of_the_file_do_and_days_that_are_alike_have_no_busyness() -> None:
    """Weeks of 22,400 contacts: their variance, less Poisson's, and a fifth of it since their mean is that of five."""
    factors = [1.0, 1.1, 0.9, 1.05, 0.95]
    found = unknowns(weeks_of(factors), NOTHING)
    variance = np.var(np.log(factors), ddof=1)
    assert found["volumes"].size == pytest.approx(math.sqrt(1.2 * variance - 1 / 22_400), rel=1e-3)
    assert found[BUSYNESS].size == 0.0
    assert found["handle time"].size == pytest.approx(0.0, abs=1e-9)


def test_busyness_is_the_spread_of_days_beyond_poisson() -> None:
    """3200 contacts a day and a factor of 20 %, 20 weeks: within 3 standard errors of a standard deviation."""
    found = unknowns(weeks_of([1.0] * 20, noise=0.2), NOTHING)[BUSYNESS]
    expected = math.sqrt(0.2**2 - 1 / 3200)
    assert found.size == pytest.approx(expected, abs=3 * expected / math.sqrt(2 * 19 * 6))


def test_weeks_that_differ_by_the_luck_of_their_days_alone_are_not_counted_twice() -> None:
    """Days 20 % apart make weeks 20 / sqrt(7) % apart; what is left for volumes is that the mean of twenty is not sure:
    over ten files a twentieth of the weeks' variance, and what luck leaves over, half of the time none."""
    sizes = [unknowns(weeks_of([1.0] * 20, noise=0.2, seed=SEED + k), NOTHING)["volumes"].size for k in range(10)]
    least = 0.2 / math.sqrt(7 * 20)
    assert 0.8 * least < np.median(sizes) < 0.6 * 0.2 / math.sqrt(7)


def test_a_short_file_tells_nothing_of_other_weeks_and_the_fit_tells_of_roster_and_patience() -> None:
    """The roster of another month differs from the fitted one's by 3 % more, as assumed, or as weeks of the file do."""
    finding = Finding("phone", "staffing", 1.0, "factor", math.exp(-0.0392), math.exp(0.0392), "sl_pct")
    found = unknowns(weeks_of([1.0]), Fitted({}, {}, {}, {}, findings=(finding,)))
    assert found["volumes"].source == found["patience"].source == "assumed"
    assert found["roster"].size == pytest.approx(math.hypot(0.02, 0.03), rel=1e-3)
    told = unknowns(weeks_of([1.0]), Fitted({}, {}, {}, {}, findings=(finding,)), weekly_roster=0.05)
    assert told["roster"].size == pytest.approx(math.hypot(0.02, 0.05), rel=1e-3)


def test_variances_add_and_shares_stay_shares() -> None:
    each = Prediction("phone", "abandoned", None, 0.05, {LUCK: 0.03, "volumes": 0.04})
    assert each.deviation == pytest.approx(0.05)
    assert each.interval == pytest.approx((0.0, 0.05 + 1.96 * 0.05), abs=1e-4)


def test_a_part_measured_on_four_weeks_has_students_reach() -> None:
    """All of it from three degrees of freedom: 3.18 standard deviations; beside a larger sure part nearly 1.96."""
    alone = Prediction("phone", "offered", None, 100.0, {"volumes": 10.0}, {"volumes": 3.0})
    assert alone.interval[1] == pytest.approx(131.82, abs=0.01)
    beside = Prediction("phone", "offered", None, 1000.0, {LUCK: 100.0, "volumes": 10.0}, {"volumes": 3.0})
    assert beside.interval[1] == pytest.approx(1000 + 1.96 * math.hypot(100, 10), abs=0.1)


def test_every_part_is_there_and_volumes_pass_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of two days: volumes assumed 5 % off are 5 % of what is offered; more agents or fewer do not change it."""
    write_rows(tmp_path / "two.csv", constant_rows("phone", 20, 200, 3, 5.0))
    monkeypatch.setattr(own_centre, "fit", lambda config, table, *_: start_of_fit(config, table))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    words = ["centre=phone", f"data.intervals={tmp_path / 'two.csv'}", "run.workers=1", "run.replications=3"]
    own = OwnCentre(sim.load([*words, "data.fit=2025-03-03", "data.predict=2025-03-04"]))
    sums = [interval_sums(sim.simulate(own.as_recorded(), k), own.as_recorded(), 1800.0) for k in range(3)]
    offered, abandoned = predictions(own, sums)[:2]
    assert offered.predicted == pytest.approx(320)
    assert offered.parts["volumes"] == pytest.approx(0.05 * 320, rel=0.1)
    assert offered.parts["roster"] == 0
    assert offered.parts[BUSYNESS] > 0.1 * 320
    assert min(abandoned.parts[name] for name in (LUCK, "volumes", "handle time", "roster", "patience")) > 0

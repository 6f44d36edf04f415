"""Intervals of few replications: skewed, bounded, never seen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from sim.statistics.intervals import interval, skewness, weak


def ends(values: np.ndarray, possible: str, trials: float = 100.0) -> tuple[float, float]:
    n = values.size
    error = values.std(ddof=1) / np.sqrt(n)
    skew = skewness(values[:, None] - values.mean())[0]
    low, high = interval(
        np.array([values.mean()]),
        np.array([error]),
        np.array([skew]),
        n,
        0.95,
        possible,
        np.array([trials]),  # type: ignore[arg-type]
    )
    return float(low[0]), float(high[0])


def test_without_skewness_it_is_student_t() -> None:
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9])
    half = special.stdtrit(8, 0.975) * values.std(ddof=1) / 3
    assert ends(values, "any") == pytest.approx((5 - half, 5 + half))


def test_a_long_tail_above_moves_both_ends_up() -> None:
    values = np.array([1.0, 1, 1, 2, 2, 2, 3, 3, 9, 20])
    plain = special.stdtrit(9, 0.975) * values.std(ddof=1) / np.sqrt(10)
    low, high = ends(values, "positive")
    assert low > values.mean() - plain
    assert high > values.mean() + plain


def test_skewness_is_the_one_that_packages_give() -> None:
    values = np.array([1.0, 1, 1, 2, 2, 2, 3, 3, 9, 20])
    assert skewness(values[:, None] - values.mean())[0] == pytest.approx(stats.skew(values, bias=False))
    assert skewness(values[:4, None])[0] == 0  # of four replications nobody can tell


@pytest.mark.parametrize("values", [[0.98, 1.0, 1.0], [0.0, 0.01, 0.3], [0.5, 0.5, 0.4]])
def test_shares_stay_between_0_and_1(values: list[float]) -> None:
    low, high = ends(np.array(values), "share")
    assert 0 < low < np.mean(values) < high < 1


def test_what_was_never_seen_is_bounded_by_the_trials() -> None:
    """The exact binomial bound (Clopper and Pearson 1934): 1 - 0.025 ** (1 / 100)."""
    assert ends(np.zeros(5), "share", 100.0) == pytest.approx((0.0, 1 - 0.025**0.01))
    assert ends(np.ones(5), "share", 100.0) == pytest.approx((0.025**0.01, 1.0))


def test_a_count_that_was_never_seen_is_bounded_by_poisson() -> None:
    assert ends(np.zeros(10), "count") == pytest.approx((0.0, -np.log(0.025) / 10))


def test_one_replication_has_no_interval() -> None:
    nan = np.array([np.nan])
    for possible in ("share", "count", "positive", "any"):
        found = interval(np.array([0.0]), nan, np.array([0.0]), 1, 0.95, possible, np.array([5.0]))  # type: ignore[arg-type]
        assert np.isnan(found).all()


def test_only_skewness_beyond_chance_is_called_weak() -> None:
    assert not weak(1.0, 10)
    assert weak(2.5, 10)
    assert not weak(2.5, 40)

"""Pooled quantiles and the jackknife, against NumPy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sim.measures.catalogue import QUANTILES
from sim.measures.samples import MOST, sorted_samples
from sim.runs.replicate import Results
from sim.statistics.estimates import estimate, jackknife_with_interval, pseudo_values, ratio_with_interval
from sim.statistics.quantiles import pooled_quantile
from sim.studies.compare.study import linearised

from .many_queues import Queue, observations

SEED = 20261128  # declared before the first run


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.95, 1.0])
def test_all_values_kept_give_numpys_quantile(share: float) -> None:
    rng = np.random.default_rng(SEED)
    values = [np.sort(rng.exponential(size=size)) for size in (40, 1, 0, 300)]
    found = pooled_quantile(values, [v.size for v in values], share, 0.95)
    assert found.value == pytest.approx(np.quantile(np.concatenate(values), share), rel=1e-12)


def test_many_values_are_thinned_and_weigh_what_they_stand_for() -> None:
    """20,000 waits of one replication and 500 of another: within a 1/1000 in probability of all of them."""
    rng = np.random.default_rng(SEED + 1)
    rows = [rng.exponential(size=20_000), 5 + rng.exponential(size=500)]
    samples = sorted_samples([np.sort(row) for row in rows])
    assert ([v.size for v in samples.values], samples.sizes) == ([MOST, 500], (20_000, 500))
    for share in (0.5, 0.9, 0.95):
        found = pooled_quantile(samples.values, samples.sizes, share, 0.95).value
        low, high = np.quantile(np.concatenate(rows), [share - 0.001, share + 0.001])
        assert low <= found <= high


def test_ends_of_quantiles() -> None:
    empty, one = np.zeros(0), np.array([3.0])
    assert np.isnan(pooled_quantile([empty, empty], [0, 0], 0.5, 0.95).value)
    alone = pooled_quantile([one], [1], 0.5, 0.95)
    assert (alone.value, np.isnan(alone.half_width)) == (3.0, True)
    same = pooled_quantile([one, np.array([3.0, 3.0])], [1, 2], 0.9, 0.95)
    assert (same.value, same.half_width, same.residuals.tolist()) == (3.0, 0.0, [0.0, 0.0])


def test_what_replications_add_gives_the_interval_back() -> None:
    """Residuals have mean 0 and the standard error that the half width says: comparisons pair them."""
    config = Queue(600, 2, 4.0, 6.0, 1.0).config(SEED)
    runs = tuple(observations(config, number) for number in range(12))
    results = Results(config, estimate(runs, config), runs, tuple(range(12)), 0.0)
    for measure in QUANTILES:
        kpi = results.kpis["channel", "phone", measure]
        value, residuals = linearised(results, ("channel", "phone", measure))
        half = special.stdtrit(11, 0.975) * residuals.std(ddof=1) / np.sqrt(12)
        assert (value, kpi.n) == (kpi.mean, 12)
        assert residuals.sum() == pytest.approx(0, abs=1e-9)
        assert half == pytest.approx(kpi.half_width, rel=1e-9)


def test_the_jackknife_by_hand() -> None:
    """1/2, 3/4 and 2/2: the ratio 6/8, without each 5/6, 3/4 and 4/6."""
    top, bottom = np.array([1.0, 3.0, 2.0]), np.array([2.0, 4.0, 2.0])
    expected = [3 * 6 / 8 - 2 * each for each in (5 / 6, 3 / 4, 4 / 6)]
    assert pseudo_values(top, bottom).tolist() == pytest.approx(expected)
    mean, half = jackknife_with_interval(top, bottom, 0.95)
    assert mean == pytest.approx(np.mean(expected))
    assert half == pytest.approx(special.stdtrit(2, 0.975) * np.std(expected, ddof=1) / np.sqrt(3))


def test_the_jackknife_where_one_replication_holds_all() -> None:
    mean, half = jackknife_with_interval(np.array([1.0, 0.0]), np.array([4.0, 0.0]), 0.95)
    assert (mean, np.isnan(half)) == (0.25, True)
    assert np.isnan(jackknife_with_interval(np.array([1.0]), np.array([4.0]), 0.95)[1])


def test_delta_and_jackknife_agree_for_many_replications() -> None:
    rng = np.random.default_rng(SEED + 2)
    bottom = rng.poisson(400, 500).astype(float)
    top = rng.binomial(bottom.astype(int), 0.1).astype(float)
    delta, jackknife = ratio_with_interval(top, bottom, 0.95), jackknife_with_interval(top, bottom, 0.95)
    assert jackknife[0] == pytest.approx(delta[0], rel=1e-5)
    assert jackknife[1] == pytest.approx(delta[1], rel=1e-2)

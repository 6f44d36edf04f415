"""Indices where they are known: the Ishigami function, a product, noise alone; two intervals with known variances."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from sim.studies.inputs.designs import STEP, latin_hypercube, one_at_a_time, saltelli, trajectories
from sim.studies.inputs.screening import changes, morris, sobol
from sim.studies.inputs.sums import Sums
from sim.studies.inputs.uncertainty import joined, without_noise

SEED = 20261122  # declared before the first run
A, B = 7.0, 0.1
FIRST = (0.313905, 0.442411, 0.0)
TOTAL = (0.557589, 0.442411, 0.243684)
"""of the Ishigami function with a = 7, b = 0.1 (Ishigami and Homma 1990): V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8,
V13 = 8 b^2 pi^8 / 225"""


def ishigami(u: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[..., 0]) + A * np.sin(x[..., 1]) ** 2 + B * x[..., 2] ** 4 * np.sin(x[..., 0]))


def product(u: np.ndarray) -> np.ndarray:
    """Effects over the whole range: 3 + 4 (c - 1/2), -2, 4 a, 0; levels 0, 1/3, 2/3, 1 are equally likely."""
    return np.asarray(3 * u[..., 0] - 2 * u[..., 1] + 4 * (u[..., 2] - 0.5) * u[..., 0])


def silent(values: np.ndarray) -> np.ndarray:
    return np.zeros((*values.shape, 2))


def test_the_exact_indices_of_the_ishigami_function() -> None:
    """The constants above from their formulas."""
    parts = 0.5 * (1 + B * math.pi**4 / 5) ** 2, A**2 / 8, 8 * B**2 * math.pi**8 / 225
    whole = sum(parts)
    assert (parts[0] / whole, parts[1] / whole) == pytest.approx(FIRST[:2], abs=1e-6)
    assert ((parts[0] + parts[2]) / whole, parts[2] / whole) == pytest.approx((TOTAL[0], TOTAL[2]), abs=1e-6)


def test_sobol_indices_of_the_ishigami_function() -> None:
    """99.9 % intervals, six of them."""
    values = ishigami(saltelli(1024, 3, SEED))
    found = sobol(values, silent(values), 0.999, 999, SEED)
    for index, exact in ((found.first, FIRST), (found.total, TOTAL)):
        assert (index.lower <= exact).all()
        assert (exact <= index.upper).all()
        assert (index.upper - index.lower < 0.3).all()
    assert (found.noise, found.points) == (0.0, 1024)


def test_the_estimators_are_scipys() -> None:
    from scipy.stats import sobol_indices

    values = ishigami(saltelli(64, 3, SEED))
    found = sobol(values, silent(values), 0.95, 99, SEED)
    theirs = sobol_indices(func={"f_A": values[:1], "f_B": values[1:2], "f_AB": values[2:, None]}, n=64)
    assert found.first.value == pytest.approx(theirs.first_order)
    assert found.total.value == pytest.approx(theirs.total_order)


def test_intervals_of_sobol_cover() -> None:
    """Forty designs of 256 points: nominal 95 % intervals of total indices hold 80 % at least (bootstrap of a small
    sample), and not just one of the three."""
    hits = []
    for seed in range(40):
        values = ishigami(saltelli(256, 3, SEED + seed))
        total = sobol(values, silent(values), 0.95, 99, SEED).total
        hits.append((total.lower <= TOTAL) & (total.upper >= TOTAL))
    assert (np.mean(hits, axis=0) >= 0.8).all()


def test_points_that_failed_are_left_out() -> None:
    values = ishigami(saltelli(256, 3, SEED))
    values[3, 7] = math.nan
    found = sobol(values, silent(values), 0.95, 99, SEED)
    assert found.points == 255
    assert np.isfinite(found.total.value).all()


def test_trajectories_move_every_input_once() -> None:
    design = trajectories(50, 5, SEED)
    steps = np.diff(design, axis=1)
    assert ((steps != 0).sum(axis=1) == 1).all()
    assert ((steps != 0).sum(axis=2) == 1).all()
    assert np.allclose(np.abs(steps[steps != 0]), STEP)
    assert set(np.round(np.unique(design), 9)) == {0.0, 0.333333333, 0.666666667, 1.0}
    first = np.abs(steps[:, 0]).argmax(axis=1)
    assert set(first) == set(range(5))  # in any order


def test_effects_of_a_product() -> None:
    """mu* 3, 2, 2, 0; sigma 4 x standard deviation of the levels where there is an interaction; 99.9 % intervals."""
    design = trajectories(200, 4, SEED)
    found = morris(design, product(design), silent(product(design)), 0.999, 999, SEED)
    levels = 4 * np.std([0, 1 / 3, 2 / 3, 1])
    for index, exact in ((found.strength, [3, 2, 2, 0]), (found.spread, [levels, 0, levels, 0])):
        assert (index.lower <= np.array(exact) + 1e-9).all()
        assert (np.array(exact) <= index.upper + 1e-9).all()
    assert found.mean[1] == pytest.approx(-2)
    assert (found.noise == 0).all()


def test_an_input_without_effect_shows_about_the_noise() -> None:
    """Independent noise of known size: mu* of nothing is sqrt(2/pi) times an effect's standard error."""
    rng, n = np.random.default_rng(SEED), 8
    design = trajectories(400, 3, SEED)
    noise = rng.normal(0, 0.6, (*design.shape[:2], n))
    values = design[..., 0] * 5 + noise.mean(axis=-1)
    found = morris(design, values, noise - noise.mean(axis=-1, keepdims=True), 0.99, 99, SEED)
    exact = math.sqrt(2 / math.pi) * 0.6 * math.sqrt(2 / n) / STEP
    assert found.noise == pytest.approx(np.full(3, exact), rel=0.05)
    assert found.strength.lower[1] < exact < found.strength.upper[1]
    assert found.strength.lower[0] > 4


def test_a_trajectory_with_a_failed_point_is_left_out() -> None:
    design = trajectories(10, 4, SEED)
    values = product(design)
    values[2, 1] = math.nan
    assert morris(design, values, silent(values), 0.95, 99, SEED).trajectories == 9


def test_changes_are_paired() -> None:
    """What all points have in common is no noise of a change."""
    rng = np.random.default_rng(SEED)
    points = one_at_a_time(np.array([1.0, 2.0]), np.array([0.0, 1.0]), np.array([3.0, 5.0]))
    assert points.tolist() == [[1, 2], [0, 2], [3, 2], [1, 1], [1, 5]]
    luck = rng.normal(0, 10, 6)
    values = points @ [2.0, -1.0]
    residuals = np.tile(luck - luck.mean(), (5, 1))
    found = changes(values, residuals, 0.95)
    assert found.value.tolist() == [[-2, 4], [1, -3]]
    assert found.upper - found.lower == pytest.approx(np.zeros((2, 2)), abs=1e-9)


def test_a_change_from_what_has_no_value_has_none() -> None:
    """Work of a channel that nobody came to, for each contact: the numerator is there and the denominator is 0, today
    and with twice the patience."""
    key = ("channel", "phone", "cost")
    sums = Sums(key, np.array([[9.0, 8.0], [6.0, 7.0], [9.0, 8.0]]), np.array([[0.0, 0.0], [2.0, 1.0], [0.0, 0.0]]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = changes(sums.values, sums.residuals, 0.95)
    assert np.isnan(sums.values).tolist() == [True, False, True]
    assert np.isnan([found.value, found.lower, found.upper]).all()


def test_latin_hypercube_is_even() -> None:
    u = latin_hypercube(16, 3, SEED)
    assert (np.sort((u * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()


INPUT, COMMON, NOISE = 2.0, 5.0, 3.0
"""standard deviations of a known two-level experiment"""


def experiment(rng: np.random.Generator, sets: int, replications: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Deviations of sets from today, their residuals, and today's own replications."""
    luck = rng.normal(0, COMMON, replications)
    today = luck + rng.normal(0, NOISE, replications)
    runs = rng.normal(0, INPUT, (sets, 1)) + luck + rng.normal(0, NOISE, (sets, replications))
    residuals = runs - runs.mean(axis=1, keepdims=True) - (today - today.mean())
    return runs.mean(axis=1) - today.mean(), residuals, today


def test_the_spread_of_inputs_is_not_inflated_by_noise() -> None:
    """Mean of 400 estimates within 3.3 standard errors of the exact variance; the raw one is twice as large."""
    rng = np.random.default_rng(SEED)
    raw, clean = [], []
    for _ in range(400):
        deviations, residuals, _ = experiment(rng, 64, 2)
        raw.append(deviations.var(ddof=1))
        clean.append(without_noise(deviations, residuals)[0].var(ddof=1))
    assert abs(np.mean(clean) - INPUT**2) < 3.3 * np.std(clean) / 20
    assert np.mean(raw) == pytest.approx(INPUT**2 + NOISE**2 / 2, rel=0.05)


def test_without_inputs_that_matter_only_noise_is_left() -> None:
    rng = np.random.default_rng(SEED)
    residuals = rng.normal(0, 1, (50, 2))
    deviations = residuals.mean(axis=1)
    share = without_noise(deviations, residuals - deviations[:, None])[1]
    assert share < 0.6  # a difference of two equal variances
    shrunk, share = without_noise(np.zeros(50), residuals - deviations[:, None])
    assert (share, shrunk.any()) == (0.0, False)


def test_the_joined_interval_covers() -> None:
    """Truth: today's true value plus the deviation of a fresh set. 64 sets know the outer 2.5 % roughly: 92 to 98 %."""
    rng, hits = np.random.default_rng(SEED), []
    for _ in range(400):
        _, _, today = experiment(rng, 2, 400)
        deviations = rng.normal(0, INPUT, 64)
        error = math.hypot(COMMON, NOISE) / math.sqrt(400)
        low, high = joined(today.mean() + deviations, error, [0.025, 0.975])
        hits.append(low < rng.normal(0, INPUT) < high)
    assert 0.92 <= np.mean(hits) <= 0.98


def test_joined_without_error_is_the_sets_own() -> None:
    assert joined(np.arange(101.0), 0.0, [0.5]) == [50.0]
    assert joined(np.zeros(5), 1.0, [0.975])[0] == pytest.approx(1.96, abs=1e-3)

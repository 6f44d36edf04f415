"""Laws: each against its mean, variance and distribution function; seeds and bounds are declared here, beforehand."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from sim.chance.sampler import normal_quantile, sample, standard_gamma
from sim.coded.profiles import LawBook
from sim.model import Law

Floats = NDArray[np.float64]
SEED, DRAWS = 20260110, 12_000
ENTITY, LEG, PURPOSE = 3 << 45, 1 << 8, 7 << 16
KS_BOUND = math.sqrt(-math.log(0.5e-5) / 2 / DRAWS)
"""exceeded with probability 1e-5"""

LAWS: dict[str, dict[str, object]] = {
    "constant": {"law": "constant", "mean": "3 min"},
    "uniform": {"law": "uniform", "low": "20 s", "high": "3 min"},
    "exponential": {"law": "exponential", "mean": "4 min"},
    "gamma": {"law": "gamma", "mean": "4 min", "shape": 2.5},
    "erlang": {"law": "gamma", "mean": "4 min", "shape": 3},
    "gamma by cv": {"law": "gamma", "mean": "4 min", "cv": 0.4},
    "gamma, shape below 1": {"law": "gamma", "mean": "4 min", "shape": 0.4},
    "lognormal": {"law": "lognormal", "mean": "5 min", "cv": 1.2},
    "lognormal by median": {"law": "lognormal", "median": "4 min", "sigma": 0.6},
    "weibull": {"law": "weibull", "mean": "3 min", "shape": 0.7},
    "weibull, rising": {"law": "weibull", "mean": "3 min", "shape": 2.2},
    "mixture": {
        "law": "mixture",
        "parts": [
            {"share": 0.3, "law": "exponential", "mean": "1 min"},
            {"share": 0.0, "law": "constant", "mean": "1 h"},
            {"share": 0.7, "law": "gamma", "mean": "6 min", "shape": 4},
        ],
    },
    "empirical": {"law": "empirical", "quantiles": ["10 s", "30 s", "1 min", "1 min", "10 min"]},
}


def _weibull_variance(mean: float, shape: float) -> float:
    return mean**2 * (math.gamma(1 + 2 / shape) / math.gamma(1 + 1 / shape) ** 2 - 1)


def _pieces_variance(q: list[float]) -> float:
    """Variance of a law whose quantile function is straight between evenly spaced values."""
    mean = sum(a + b for a, b in zip(q, q[1:], strict=False)) / 2 / (len(q) - 1)
    return sum((a * a + a * b + b * b) / 3 for a, b in zip(q, q[1:], strict=False)) / (len(q) - 1) - mean**2


MOMENTS: dict[str, tuple[float, float]] = {  # mean and variance by hand, s and s^2
    "constant": (180, 0),
    "uniform": (100, 160**2 / 12),
    "exponential": (240, 240**2),
    "gamma": (240, 240**2 / 2.5),
    "erlang": (240, 240**2 / 3),
    "gamma by cv": (240, (0.4 * 240) ** 2),
    "gamma, shape below 1": (240, 240**2 / 0.4),
    "lognormal": (300, (1.2 * 300) ** 2),
    "lognormal by median": (240 * math.exp(0.18), 240**2 * math.exp(0.36) * (math.exp(0.36) - 1)),
    "weibull": (180, _weibull_variance(180, 0.7)),
    "weibull, rising": (180, _weibull_variance(180, 2.2)),
    "mixture": (
        0.3 * 60 + 0.7 * 360,
        0.3 * 2 * 60**2 + 0.7 * (360**2 / 4 + 360**2) - (0.3 * 60 + 0.7 * 360) ** 2,
    ),
    "empirical": ((5 + 30 + 60 + 60 + 300) / 4, _pieces_variance([10, 30, 60, 60, 600])),
}


def _lognormal_cdf(x: Floats, mu: float, sigma: float) -> Floats:
    return np.asarray(special.ndtr((np.log(x) - mu) / sigma))


def _weibull_cdf(x: Floats, mean: float, shape: float) -> Floats:
    return -np.expm1(-((x / (mean / math.gamma(1 + 1 / shape))) ** shape))


LOG_VARIANCE = math.log1p(1.2**2)
DISTRIBUTIONS: dict[str, Callable[[Floats], Floats]] = {
    "uniform": lambda x: (x - 20) / 160,
    "exponential": lambda x: -np.expm1(-x / 240),
    "gamma": lambda x: special.gammainc(2.5, x / (240 / 2.5)),
    "erlang": lambda x: special.gammainc(3, x / 80),
    "gamma by cv": lambda x: special.gammainc(6.25, x / (240 / 6.25)),
    "gamma, shape below 1": lambda x: special.gammainc(0.4, x / 600),
    "lognormal": lambda x: _lognormal_cdf(x, math.log(300) - LOG_VARIANCE / 2, math.sqrt(LOG_VARIANCE)),
    "lognormal by median": lambda x: _lognormal_cdf(x, math.log(240), 0.6),
    "weibull": lambda x: _weibull_cdf(x, 180, 0.7),
    "weibull, rising": lambda x: _weibull_cdf(x, 180, 2.2),
    "mixture": lambda x: -0.3 * np.expm1(-x / 60) + 0.7 * special.gammainc(4, x / 90),
}


def drawn(law: Law, draws: int = DRAWS, purpose: int = PURPOSE) -> Floats:
    """The first draws of a law, one for each of as many customers."""
    book = LawBook()
    number = book.add(law)
    rows, quantiles = np.array(book.rows, dtype=float), np.array(book.quantiles or [0.0])
    return np.array([sample(rows, quantiles, number, SEED, 0, ENTITY + i, LEG, purpose) for i in range(draws)])


@pytest.mark.parametrize("name", LAWS)
def test_mean_and_variance(name: str) -> None:
    """Within 4.4 standard errors (probability 1e-5) of the moments by hand; the mean that the law states is exact."""
    law, (mean, variance) = Law.model_validate(LAWS[name]), MOMENTS[name]
    assert law.mean_value == pytest.approx(mean, rel=1e-12)
    x = drawn(law)
    deviation = (x - mean) ** 2
    assert abs(x.mean() - mean) <= 4.4 * math.sqrt(variance / DRAWS)
    assert abs(deviation.mean() - variance) <= 4.4 * deviation.std() / math.sqrt(DRAWS)
    assert x.min() >= 0


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_distribution(name: str) -> None:
    """Kolmogorov's distance to the exact distribution function."""
    p = np.sort(DISTRIBUTIONS[name](drawn(Law.model_validate(LAWS[name]))))
    rank = np.arange(1, DRAWS + 1) / DRAWS
    assert max(np.max(rank - p), np.max(p - rank + 1 / DRAWS)) < KS_BOUND


def test_empirical_law_is_straight_between_its_quantiles() -> None:
    """A quarter of the draws between any two neighbouring quantiles, uniformly; equal neighbours are an atom."""
    x = drawn(Law.model_validate(LAWS["empirical"]))
    for low, high in ((10, 30), (30, 60), (60, 600)):
        inside = x[(x > low) & (x < high)]
        assert abs(inside.size / DRAWS - 0.25) < 4.4 * math.sqrt(0.25 * 0.75 / DRAWS)
        p = np.sort((inside - low) / (high - low))
        assert np.abs(p - np.arange(1, p.size + 1) / p.size).max() < math.sqrt(-math.log(0.5e-5) / 2 / p.size) + 1e-3
    assert abs((x == 60).mean() - 0.25) < 4.4 * math.sqrt(0.25 * 0.75 / DRAWS)


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("factor", [2.0, 0.25, 1.3])
def test_scaling_scales_every_draw(name: str, factor: float) -> None:
    """Powers of two scale to the bit, lognormal draws (exp of a shifted exponent) to their last bits."""
    law = Law.model_validate(LAWS[name])
    x, scaled = drawn(law, 400), drawn(law.scaled(factor), 400)
    if factor != 1.3 and "lognormal" not in name:
        assert np.array_equal(scaled, factor * x)
    assert scaled == pytest.approx(factor * x, rel=1e-14)


def test_a_draw_belongs_to_its_key_alone() -> None:
    """Same key, same draw, in any order; another purpose, leg, replication or seed, another draw."""
    row, none = np.array([[2.0, 60.0, 0.0, 1.0]]), np.zeros(1)
    one = [sample(row, none, 0, 1, 0, e, LEG, PURPOSE) for e in range(20)]
    assert one == [sample(row, none, 0, 1, 0, e, LEG, PURPOSE) for e in range(19, -1, -1)][::-1]
    keys = [(1, 0, 7, LEG, PURPOSE), (2, 0, 7, LEG, PURPOSE), (1, 1, 7, LEG, PURPOSE), (1, 0, 8, LEG, PURPOSE),
            (1, 0, 7, 2 << 8, PURPOSE), (1, 0, 7, LEG, 8 << 16)]  # fmt: skip
    assert len({sample(row, none, 0, *key) for key in keys}) == len(keys)


def test_normal_quantile_is_scipys() -> None:
    """Relative accuracy 1e-15 over the whole range of the uniforms, tails included."""
    tails = 2.0 ** -np.arange(2, 54)
    u = np.concatenate([np.linspace(0.0005, 0.9995, 2001), tails, 1 - tails, [0.075, 0.925, 0.5 / 2**52]])
    mine = np.array([normal_quantile(float(p)) for p in u])
    exact = special.ndtri(u)
    assert np.all(np.abs(mine - exact) <= 4e-15 * np.abs(exact) + 1e-16)
    assert normal_quantile(0.5) == 0.0


def test_gamma_of_shape_one_is_exponential() -> None:
    p = np.sort([-math.expm1(-standard_gamma(1.0, SEED, 0, ENTITY + i, LEG, PURPOSE)) for i in range(5000)])
    assert np.abs(p - np.arange(1, 5001) / 5000).max() < math.sqrt(-math.log(0.5e-5) / 2 / 5000) + 1e-3


@pytest.mark.parametrize(
    ("law", "value"),
    [
        ({"law": "exponential", "mean": 0}, 0.0),
        ({"law": "lognormal", "mean": 0, "cv": 1.0}, 0.0),
        ({"law": "lognormal", "median": 0, "sigma": 1.0}, 0.0),
        ({"law": "lognormal", "median": "2 min", "sigma": 0}, 120.0),
        ({"law": "gamma", "mean": 0, "shape": 0.5}, 0.0),
        ({"law": "weibull", "mean": 0, "shape": 2}, 0.0),
        ({"law": "uniform", "low": "2 s", "high": "2 s"}, 2.0),
        ({"law": "empirical", "quantiles": ["5 s", "5 s"]}, 5.0),
    ],
)
def test_degenerate_laws_are_constants(law: dict[str, object], value: float) -> None:
    assert drawn(Law.model_validate(law), 50) == pytest.approx(np.full(50, value), rel=1e-14)

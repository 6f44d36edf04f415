"""Laws: each against its mean, variance and distribution function; seeds and bounds are declared here, beforehand.

LAWS names every law that there is, or the first test fails: a new law is tested like all others by one line in each of
LAWS, MOMENTS and DISTRIBUTIONS.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from sim.chance import sampler
from sim.chance.gamma import gamma_quantile
from sim.chance.normal import normal_quantile
from sim.chance.sampler import quantile, sample
from sim.coded.laws import CODES, LawBook, numbers_of, table_of
from sim.model import Law
from sim.model.laws import NEEDS

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
    "sample": {"law": "sample", "file": "talks.csv", "column": "talk", "unit": "min"},
    "log-logistic": {"law": "log_logistic", "mean": "4 min", "shape": 5.5},
    "log-logistic by median": {"law": "log_logistic", "median": "3 min", "shape": 6},
    "triangular": {"law": "triangular", "low": "20 s", "mode": "1 min", "high": "5 min"},
    "triangular, falling": {"law": "triangular", "low": 0, "mode": 0, "high": "5 min"},
    "shifted": {"law": "shifted", "shift": "30 s", "of": {"law": "gamma", "mean": "2 min", "shape": 1.7}},
    "shifted mixture": {
        "law": "shifted",
        "shift": "30 s",
        "of": {
            "law": "mixture",
            "parts": [
                {"share": 0.5, "law": "uniform", "low": "60 s", "high": "90 s"},
                {"share": 0.5, "law": "shifted", "shift": "10 s", "of": {"law": "exponential", "mean": "20 s"}},
            ],
        },
    },
}
TALKS = (2.5, 0.5, 1.5, 1.5, 9.0)
"""min, in the file of the law sample"""


@pytest.fixture(autouse=True)
def _file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ["agent,talk", *(f"{number},{talk}" for number, talk in enumerate(TALKS))]
    (tmp_path / "talks.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _log_logistic_variance(mean: float, shape: float) -> float:
    b = math.pi / shape
    return mean**2 * (math.tan(b) / b - 1)  # 2b / sin 2b over (b / sin b) squared is tan b / b


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
    "sample": (180, (30**2 + 150**2 + 2 * 90**2 + 360**2) / 5),
    "log-logistic": (240, _log_logistic_variance(240, 5.5)),
    "log-logistic by median": (180 * (math.pi / 6) / 0.5, _log_logistic_variance(180 * math.pi / 3, 6)),
    "triangular": (380 / 3, (20**2 + 60**2 + 300**2 - 20 * 60 - 20 * 300 - 60 * 300) / 18),
    "triangular, falling": (100, 300**2 / 18),
    "shifted": (150, 120**2 / 1.7),
    "shifted mixture": (30 + (75 + 30) / 2, (30**2 / 12 + 20**2) / 2 + 22.5**2),
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
    "log-logistic": lambda x: 1 / (1 + (x / (240 * math.sin(math.pi / 5.5) / (math.pi / 5.5))) ** -5.5),
    "log-logistic by median": lambda x: 1 / (1 + (x / 180) ** -6.0),
    "triangular": lambda x: np.where(x < 60, (x - 20) ** 2 / (280 * 40), 1 - (300 - x) ** 2 / (280 * 240)),
    "triangular, falling": lambda x: 1 - (1 - x / 300) ** 2,
    "shifted": lambda x: special.gammainc(1.7, (x - 30) / (120 / 1.7)),
    "shifted mixture": lambda x: np.clip((x - 90) / 30, 0, 1) / 2 + np.where(x > 40, -np.expm1(-(x - 40) / 20), 0) / 2,
}
ATOMS = {"constant", "empirical", "sample"}
"""laws without a density: their draws are checked one by one below"""
GRID = [1e-12, 1e-6, 0.001, *np.linspace(0.01, 0.99, 99).tolist(), 0.999, 1 - 1e-6, 1 - 1e-12]


def test_every_law_is_tested() -> None:
    """By its mean and variance, its distribution function, and its direction."""
    assert {str(law["law"]) for law in LAWS.values()} == set(NEEDS)
    assert set(CODES) == set(NEEDS) - {"shifted"}
    assert set(MOMENTS) == set(LAWS)
    assert set(DISTRIBUTIONS) | ATOMS == set(LAWS)


def coded(law: Law) -> tuple[Floats, Floats, int]:
    """The table of laws, their numbers, the law's row."""
    book = LawBook()
    number = book.add(law)
    return table_of([book]), numbers_of([book]), number


@pytest.mark.parametrize("name", [name for name in LAWS if "mixture" not in name])
def test_a_larger_uniform_is_a_longer_time(name: str) -> None:
    """From the shortest to the longest, never down; at the law's own quantiles where it has a density."""
    table, numbers, row = coded(Law.model_validate(LAWS[name]))
    times = np.array([quantile(table, numbers, row, u) for u in GRID])
    assert np.all(np.diff(times) >= 0)
    assert times[-1] > times[0] or name == "constant"
    if name in DISTRIBUTIONS:
        assert DISTRIBUTIONS[name](times) == pytest.approx(np.array(GRID), abs=1e-9)


@pytest.mark.parametrize("name", [name for name in LAWS if "mixture" in name])
def test_a_mixture_rises_in_both_of_its_uniforms(name: str) -> None:
    """Its parts stand in the order of their means, whatever the order in which they were written."""
    law = Law.model_validate(LAWS[name])
    table, numbers, last = coded(law)
    parts = [row for row in range(last) if table[row, sampler.SHARE] > 0]
    means = [np.mean([quantile(table, numbers, row, u) for u in np.linspace(0.0005, 0.9995, 1000)]) for row in parts]
    assert means == sorted(means)
    for row in parts:
        assert np.all(np.diff([quantile(table, numbers, row, u) for u in GRID]) >= 0)


def test_the_same_customer_keeps_the_same_luck_under_another_law() -> None:
    """Correlation of the same keyed draws between any two laws; it was -0.57 for exponential against lognormal."""
    names = [name for name in DISTRIBUTIONS if "mixture" not in name]
    times = np.array([drawn(Law.model_validate(LAWS[name]), 1000) for name in names])
    orders = np.argsort(times, axis=1)
    assert np.all(orders == orders[0])  # as alike as two laws can be
    like = np.corrcoef(times)
    assert like[names.index("exponential"), names.index("lognormal")] > 0.9


def test_an_unknown_code_is_no_law() -> None:
    with pytest.raises(ValueError, match="without a quantile"):
        quantile(np.full((1, sampler.LAW_COLUMNS), 99.0), np.zeros(1), 0, 0.5)


@pytest.mark.parametrize("shape", [0.01, 0.05, 0.3, 0.9, 1.0, 1.1, 2.5, 7.0, 30.0, 400.0, 1e4, 1e5])
def test_gamma_quantiles_are_scipys(shape: float) -> None:
    """Relative accuracy 1e-10 from one tail to the other, and rising."""
    powers = 2.0 ** -np.arange(2, 53)
    u = np.sort(np.concatenate([np.linspace(0.001, 0.999, 999), powers, 1 - powers]))
    mine = np.array([gamma_quantile(shape, math.lgamma(shape), float(p)) for p in u])
    exact = np.where(u < 0.5, special.gammaincinv(shape, u), special.gammainccinv(shape, 1 - u))
    normal = exact > 1e-290
    assert mine[normal] == pytest.approx(exact[normal], rel=1e-10)
    assert np.all(np.diff(mine) >= 0)


def drawn(law: Law, draws: int = DRAWS, purpose: int = PURPOSE) -> Floats:
    """The first draws of a law, one for each of as many customers."""
    rows, quantiles, number = coded(law)
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
    row, none = np.array([[2.0, 1.0, 0.0, 60.0, 0.0, 0.0]]), np.zeros(1)
    one = [sample(row, none, 0, 1, 0, e, LEG, PURPOSE) for e in range(20)]
    assert one == [sample(row, none, 0, 1, 0, e, LEG, PURPOSE) for e in range(19, -1, -1)][::-1]
    keys = [(1, 0, 7, LEG, PURPOSE), (2, 0, 7, LEG, PURPOSE), (1, 1, 7, LEG, PURPOSE), (1, 0, 8, LEG, PURPOSE),
            (1, 0, 7, 2 << 8, PURPOSE), (1, 0, 7, LEG, 8 << 16)]  # fmt: skip
    assert len({sample(row, none, 0, *key) for key in keys}) == len(keys)


def test_a_sample_gives_its_own_numbers_equally_often() -> None:
    """A fifth of the draws each (two of the five are equal), and nothing between them."""
    x = drawn(Law.model_validate(LAWS["sample"]))
    for value, share in ((30, 0.2), (90, 0.4), (150, 0.2), (540, 0.2)):
        assert abs((x == value).mean() - share) < 4.4 * math.sqrt(share * (1 - share) / DRAWS)
    assert set(x) == {30, 90, 150, 540}


def test_normal_quantile_is_scipys() -> None:
    """Relative accuracy 1e-15 over the whole range of the uniforms, tails included."""
    tails = 2.0 ** -np.arange(2, 54)
    u = np.concatenate([np.linspace(0.0005, 0.9995, 2001), tails, 1 - tails, [0.075, 0.925, 0.5 / 2**52]])
    mine = np.array([normal_quantile(float(p)) for p in u])
    exact = special.ndtri(u)
    assert np.all(np.abs(mine - exact) <= 4e-15 * np.abs(exact) + 1e-16)
    assert normal_quantile(0.5) == 0.0


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
        ({"law": "triangular", "low": "5 s", "mode": "5 s", "high": "5 s"}, 5.0),
        ({"law": "log_logistic", "mean": 0, "shape": 2}, 0.0),
        ({"law": "shifted", "shift": "3 s", "of": "4 s"}, 7.0),
    ],
)
def test_degenerate_laws_are_constants(law: dict[str, object], value: float) -> None:
    assert drawn(Law.model_validate(law), 50) == pytest.approx(np.full(50, value), rel=1e-14)

"""Mean and variance of every law of times, by formula.

Comes in: a law whose keys are complete. Goes out: (mean, variance) in s and s²; the variance may be infinite. Kept
apart from the law so that a new law is its keys, its quantile function and one function here; a test holds the three
together for every law.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from .own_laws import moments

if TYPE_CHECKING:
    from .laws import Law

Moments = tuple[float, float]


def mean_and_variance(law: Law) -> Moments:
    """Expected value, s, and variance, s², of a law."""
    return _MOMENTS.get(law.law, _of_a_table)(law)


def _constant(law: Law) -> Moments:
    return law.mean or 0.0, 0.0


def _uniform(law: Law) -> Moments:
    low, high = law.low or 0.0, law.high or 0.0
    return (low + high) / 2, (high - low) ** 2 / 12


def _triangular(law: Law) -> Moments:
    a, c, b = law.low or 0.0, law.mode or 0.0, law.high or 0.0
    return (a + b + c) / 3, (a * a + b * b + c * c - a * b - a * c - b * c) / 18


def _exponential(law: Law) -> Moments:
    mean = law.mean or 0.0
    return mean, mean * mean


def _gamma(law: Law) -> Moments:
    mean = law.mean or 0.0
    return mean, mean * mean * (law.cv**2 if law.cv else 1 / (law.shape or 1.0))


def _lognormal(law: Law) -> Moments:
    if law.median is not None:
        spread = math.exp((law.sigma or 0.0) ** 2)
        return law.median * math.sqrt(spread), law.median**2 * spread * (spread - 1)
    mean, cv = law.mean or 0.0, law.cv or 0.0
    return mean, (mean * cv) ** 2


def _weibull(law: Law) -> Moments:
    mean, b = law.mean or 0.0, 1 / (law.shape or 1.0)
    return mean, mean * mean * (math.gamma(1 + 2 * b) / math.gamma(1 + b) ** 2 - 1)


def _log_logistic(law: Law) -> Moments:
    b = math.pi / (law.shape or 1.0)
    mean = law.mean if law.mean is not None else (law.median or 0.0) * b / math.sin(b)
    if 2 * b >= math.pi:
        return mean, math.inf
    return mean, mean * mean * (2 * b / math.sin(2 * b) / (b / math.sin(b)) ** 2 - 1)


def _mixture(law: Law) -> Moments:
    each = [(part.share, *mean_and_variance(part)) for part in law.parts or ()]
    mean = sum(share * m for share, m, _ in each)
    return mean, sum(share * (v + (m - mean) ** 2) for share, m, v in each if share > 0)


def _empirical(law: Law) -> Moments:
    q = law.numbers
    pieces = list(zip(q, q[1:], strict=False))
    mean = (sum(q) - (q[0] + q[-1]) / 2) / len(pieces)
    return mean, sum((a * a + a * b + b * b) / 3 for a, b in pieces) / len(pieces) - mean * mean


def _sample(law: Law) -> Moments:
    x = law.numbers
    mean = math.fsum(x) / len(x)
    return mean, math.fsum((each - mean) ** 2 for each in x) / len(x)


def _shifted(law: Law) -> Moments:
    assert law.of is not None
    mean, variance = mean_and_variance(law.of)
    return (law.shift or 0.0) + mean, variance


def _of_a_table(law: Law) -> Moments:
    return moments(law.numbers)


_MOMENTS: dict[str, Callable[[Law], Moments]] = {
    "constant": _constant, "uniform": _uniform, "exponential": _exponential, "gamma": _gamma, "lognormal": _lognormal,
    "weibull": _weibull, "mixture": _mixture, "empirical": _empirical, "sample": _sample,
    "log_logistic": _log_logistic, "triangular": _triangular, "shifted": _shifted,
}  # fmt: skip

"""The Beta law: its distribution function and its quantile, compiled, for traits that differ between customers.

Comes in: a probability and the two shapes. Goes out: the value in [0, 1] below which that share of the law lies. A
trait is one keyed uniform per customer, inverted through the law of each use, so that the same customer is loyal to
every channel or to none, and a larger uniform is always a larger trait.
"""

from __future__ import annotations

import math

from .jit import compiled_for

MOST_TERMS = 10_000
TINY = 1e-300
CLOSE = 1e-15
FARTHEST = 700.0
"""log-odds beyond which exp overflows"""


@compiled_for("float64(float64, float64, float64)")
def _continued_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete Beta function by Lentz's method; fast for x < (a + 1) / (a + b + 2)."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    value = d
    for m in range(1, MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        change = 1.0
        for term in (even, odd):
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > TINY else TINY)
            c = 1.0 + term / c
            c = c if abs(c) > TINY else TINY
            change = c * d
            value *= change
        if abs(change - 1.0) < CLOSE:
            break
    return value


@compiled_for("float64(float64, float64, float64)")
def beta_below(log_odds: float, a: float, b: float) -> float:
    """Share of the Beta law of shapes a, b > 0 below x = 1 / (1 + exp(-log_odds)): the regularised incomplete Beta
    function I_x(a, b). Log-odds keep both tails exact.

    Source: Abramowitz and Stegun (1964), 26.5.8; Press et al., Numerical Recipes (2007), section 6.4.

    >>> round(beta_below(0.0, 2.0, 2.0), 12)
    0.5
    """
    low, high = 1.0 / (1.0 + math.exp(-log_odds)), 1.0 / (1.0 + math.exp(log_odds))
    if low <= 0.0 or high <= 0.0:
        return 0.0 if low <= 0.0 else 1.0
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return _below(low, high, math.exp(scale + a * math.log(low) + b * math.log(high)), a, b)


@compiled_for("float64(float64, float64, float64, float64, float64)")
def _below(low: float, high: float, front: float, a: float, b: float) -> float:
    """The share below `low`; `high` is 1 - low, `front` the density there by log-odds."""
    if low < (a + 1.0) / (a + b + 2.0):
        return front * _continued_fraction(low, a, b) / a
    return 1.0 - front * _continued_fraction(high, b, a) / b


@compiled_for("float64(float64, float64, float64)")
def beta_quantile(u: float, a: float, b: float) -> float:
    """The value below which the share u of the Beta law of shapes a, b > 0 lies: Newton's steps in log-odds, halving
    where they leave the bracket.

    >>> round(beta_quantile(0.25, 1.0, 1.0), 12)
    0.25
    """
    least, most = -FARTHEST, FARTHEST
    y = math.log(a / b)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    for _ in range(200):
        low, high = 1.0 / (1.0 + math.exp(-y)), 1.0 / (1.0 + math.exp(y))
        slope = math.exp(scale + a * math.log(max(low, TINY)) + b * math.log(max(high, TINY)))
        off = (_below(low, high, slope, a, b) if min(low, high) >= TINY else beta_below(y, a, b)) - u
        if off > 0.0:
            most = y
        else:
            least = y
        step = y - off / slope if slope > 0.0 else least
        if not least < step < most:
            step = 0.5 * (least + most)
        if abs(step - y) <= 1e-13 * max(1.0, abs(y)):
            return 1.0 / (1.0 + math.exp(-step))
        y = step
    return 1.0 / (1.0 + math.exp(-y))

"""The quantile function of the standard gamma law, so that gamma times are inverted like all others.

Comes in: a shape, the logarithm of the gamma function there (computed once a law, for compiled code and plain Python
have different ones), a uniform. Goes out: the time of scale 1 that the uniform stands for, to a relative accuracy of
1e-10 for shapes from 0.01 to 1e5 (a test compares it with SciPy).

Method: a start close to the root, then Halley's steps on the regularised incomplete gamma function, by its series below
the mean and by its continued fraction above, so that both tails keep their digits (Abramowitz and Stegun 6.5.29 and
6.5.31; steps as in Press et al., Numerical Recipes, 3rd edition, section 6.2.1).
"""

from __future__ import annotations

import math

from .jit import compiled_for
from .normal import normal_quantile

PRECISION = 1e-16
CLOSE = 1e-6
"""a step this small, relative to x, is the last: Halley's method cubes the error"""
MOST_STEPS = 40
MOST_TERMS = 100_000
TINY = 1e-300
ALL_POWER = 1e-8
"""below this the law is its leading power of x to all digits, once corrected to the first order"""


@compiled_for("float64(float64, float64)")
def _series(shape: float, x: float) -> float:
    """P(shape, x) over the density times x: good for x below shape + 1."""
    term = total = 1.0 / shape
    for n in range(1, MOST_TERMS):
        term *= x / (shape + n)
        total += term
        if term < total * PRECISION:
            break
    return total


@compiled_for("float64(float64, float64)")
def _fraction(shape: float, x: float) -> float:
    """Q(shape, x) over the density times x, by Lentz's method: good for x above shape + 1."""
    b = x + 1.0 - shape
    c = 1.0 / TINY
    d = 1.0 / b
    h = d
    for i in range(1, MOST_TERMS):
        a = -i * (i - shape)
        b += 2.0
        d = a * d + b
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = b + a / c
        c = c if abs(c) > TINY else TINY
        h *= d * c
        if abs(d * c - 1.0) <= 2.0 * PRECISION:
            break
    return h


@compiled_for("float64(float64, float64, float64)")
def _start(shape: float, power: float, u: float) -> float:
    """A first guess: the leading power of x in the lower tail, else Wilson and Hilferty's cube of a normal."""
    if power < 0.2 * (shape + 1.0):
        return power * (1.0 + power / (shape + 1.0))
    if shape < 1.0:
        cut = 1.0 - shape * (0.253 + shape * 0.12)
        return math.exp(math.log(u / cut) / shape) if u < cut else 1.0 - math.log(1.0 - (u - cut) / (1.0 - cut))
    root = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(u) / (3.0 * math.sqrt(shape))
    return shape * max(root * root * root, 1e-3)


@compiled_for("float64(float64, float64, float64)")
def gamma_quantile(shape: float, log_gamma: float, u: float) -> float:
    """The x at which the gamma law of this shape and scale 1 has P(X <= x) = u; `log_gamma` is log Gamma(shape)."""
    if shape == 1.0:
        return -math.log(1.0 - u)
    power = math.exp((math.log(u * shape) + log_gamma) / shape)
    if power < ALL_POWER:
        return power * (1.0 + power / (shape + 1.0))
    x = _start(shape, power, u)
    for _ in range(MOST_STEPS):
        density = math.exp(shape * math.log(x) - x - log_gamma)  # times x
        lower = x < shape + 1.0
        newton = x * (_series(shape, x) - u / density if lower else (1.0 - u) / density - _fraction(shape, x))
        step = newton / (1.0 - 0.5 * min(1.0, newton * ((shape - 1.0) / x - 1.0)))
        before = x
        x = before - step if step < before else 0.5 * before
        if abs(x - before) <= CLOSE * x:
            break
    return x

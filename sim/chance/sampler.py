"""One scalar sampler for all laws of times, compiled, called by every engine.

Comes in: a law's row in the table of laws and the key of the draw. Goes out: a time in seconds. Every law is inverted:
a larger uniform is a longer time, so the same customer keeps the same luck when a law changes. (A mixture takes two
uniforms, one that chooses its part, ordered by mean, and one for the part's time; it rises in each.) Every law scales:
doubling its times doubles every keyed draw, to rounding.

Columns of the table: code, share (of a mixture's part), shift (added to the time), and up to three coefficients, A, B
and C, whose meaning is beside each code below. Lists of numbers lie in one flat array, at (first, count).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .gamma import gamma_quantile
from .jit import compiled_for
from .normal import normal_quantile
from .philox import uniform

CODE, SHARE, SHIFT, A, B, C = range(6)
LAW_COLUMNS = 6

CONSTANT = 0  # value
UNIFORM = 1  # low, width
EXPONENTIAL = 2  # mean
GAMMA = 3  # shape, scale, log Gamma(shape)
LOGNORMAL = 4  # mu, sigma
WEIBULL = 5  # scale, 1 / shape
MIXTURE = 6  # first row, rows
EMPIRICAL = 7  # first, count: values at evenly spaced probabilities, joined by straight lines
SAMPLE = 8  # first, count: values of equal probability, in rising order
LOG_LOGISTIC = 9  # median, 1 / shape
TRIANGULAR = 10  # low, mode - low, high - low
LOG_ODDS = 11  # first, count, reach: values at evenly spaced log-odds from -reach to reach, joined by straight lines

CHOICE_ROUND = 0x8000
"""Added to the purpose of the draw that picks a mixture's part."""
Floats = NDArray[np.float64]


@compiled_for("float64(float64, float64, float64)")
def _triangular(rise: float, width: float, u: float) -> float:
    """Time above the lowest: the density rises until `rise` and falls until `width`."""
    if u * width < rise:
        return math.sqrt(u * width * rise)
    return width - math.sqrt((1.0 - u) * width * (width - rise))


@compiled_for("float64(float64[:, ::1], float64[::1], int64, float64)")
def quantile(laws: Floats, numbers: Floats, law: int, u: float) -> float:
    """The time of law number `law`, no mixture, that is exceeded with probability 1 - u, s."""
    code, a, b = int(laws[law, CODE]), laws[law, A], laws[law, B]
    if code == CONSTANT:
        x = a
    elif code == EXPONENTIAL:
        x = -a * math.log(1.0 - u)
    elif code == LOGNORMAL:
        x = math.exp(a + b * normal_quantile(u))
    elif code == GAMMA:
        x = b * gamma_quantile(a, laws[law, C], u)
    elif code == UNIFORM:
        x = a + b * u
    elif code == WEIBULL:
        x = a * math.exp(b * math.log(-math.log(1.0 - u)))
    elif code == LOG_LOGISTIC:
        x = a * math.exp(b * math.log(u / (1.0 - u)))
    elif code == TRIANGULAR:
        x = a + _triangular(b, laws[law, C], u)
    elif code == EMPIRICAL:
        position = u * (b - 1.0)
        below = int(position)
        first = int(a) + below
        x = numbers[first] + (position - below) * (numbers[first + 1] - numbers[first])
    elif code == LOG_ODDS:
        reach = laws[law, C]
        position = min(max((math.log(u / (1.0 - u)) / reach + 1.0) * 0.5, 0.0), 1.0) * (b - 1.0)
        below = min(int(position), int(b) - 2)
        first = int(a) + below
        x = numbers[first] + (position - below) * (numbers[first + 1] - numbers[first])
    elif code == SAMPLE:
        x = numbers[int(a) + int(u * b)]
    else:
        raise ValueError("a law without a quantile function")
    return float(x + laws[law, SHIFT])


@compiled_for("float64(float64[:, ::1], float64[::1], int64, int64, int64, int64, int64, int64)")
def sample(
    laws: Floats, numbers: Floats, law: int, seed: int, replication: int, entity: int, leg: int, purpose: int
) -> float:
    """The time that law number `law` gives to this key, s."""
    shift = 0.0
    if int(laws[law, CODE]) == MIXTURE:
        shift = laws[law, SHIFT]
        u = uniform(seed, replication, entity, leg, purpose + CHOICE_ROUND)
        first = int(laws[law, A])
        last = first + int(laws[law, B]) - 1
        law = first
        while law < last and u >= laws[law, SHARE]:
            u -= laws[law, SHARE]
            law += 1
    return quantile(laws, numbers, law, uniform(seed, replication, entity, leg, purpose)) + shift

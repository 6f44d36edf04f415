"""Laws of times from outside: a quantile function in Python becomes a table that every engine reads.

Comes in: what `sim.extend.law` registered, and the keys that a configuration gives it. Goes out: the law's times at
KNOTS values of the uniform, evenly spaced in log-odds from -REACH to REACH (no uniform of 52 bits lies beyond),
between which the sampler joins straight lines.

Rejected: to call the function at every draw. It would keep the compiled rules from calling the sampler, and cost some
20 times a draw. The table is off by about 1e-5 of the mean for an exponential law; a law for which it would be off by
more than ROUGH is refused (a jump in the quantile function: say it as a mixture or a sample).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..extensions import registered

KNOTS = 4097
REACH = 36.7368
"""largest log-odds of a uniform with 52 bits"""
LARGEST = 1 - 2.0**-53
ROUGH = 1e-3
"""of the mean: by how much a table of half as many knots may be off, on average; this one is off by a quarter of it"""
TIMES = ("mean", "median", "low", "mode", "high")
NUMBERS = ("cv", "shape", "sigma")
SCALE_AT = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class OwnLaw:
    """A law from outside."""

    keys: tuple[frozenset[str], ...]
    """sets of keys that it takes, of TIMES and NUMBERS"""
    quantile: Callable[..., float]
    """of a uniform and these keys, times in s: the time that is exceeded with probability 1 - u"""


def own_law(name: str) -> OwnLaw | None:
    """The law that an extension adds under a name; None for one that ships."""
    found = registered("law").get(name)
    assert found is None or isinstance(found, OwnLaw)
    return found


def table_of(name: str, law: OwnLaw, values: Mapping[str, float]) -> tuple[float, ...]:
    """Its times at the knots. Raises ValueError where they are no times, or doubled keys do not double them."""
    try:
        return _table(law.quantile, tuple(sorted(values.items())))
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"law {name}: its quantile function fails with {type(error).__name__}: {error}") from error


@lru_cache(maxsize=256)
def _table(quantile: Callable[..., float], keys: tuple[tuple[str, float], ...]) -> tuple[float, ...]:
    values = dict(keys)
    times = tuple(float(quantile(_uniform(i), **values)) for i in range(KNOTS))
    for i, (before, after) in enumerate(zip((0.0, *times), times, strict=False)):
        if not (math.isfinite(after) and after >= before):
            what = f"its quantile function must rise from 0 on, but gives {after:g} after {before:g}"
            raise ValueError(f"{what} at {_uniform(i):g}")
    double = {key: value * 2 if key in TIMES else value for key, value in keys}
    for u in SCALE_AT:
        once, twice = quantile(u, **values), quantile(u, **double)
        if not math.isclose(twice, 2 * once, rel_tol=1e-6):
            raise ValueError(f"doubling its times must double what it gives, but at {u:g} {once:g} becomes {twice:g}")
    coarse = sum(
        _weight(i) * abs(times[i] - (times[i - 1] + times[i + 1]) / 2) for i in range(1, KNOTS - 1, 2)
    )  # fmt: skip
    if coarse > ROUGH * moments(times)[0]:
        raise ValueError("its quantile function jumps: say it as a mixture, or as a sample of a file")
    return times


def moments(times: tuple[float, ...]) -> tuple[float, float]:
    """Mean, s, and variance, s², of a table's law."""
    total = sum(map(_weight, range(KNOTS)))
    mean = sum(_weight(i) * time for i, time in enumerate(times)) / total
    return mean, sum(_weight(i) * (time - mean) ** 2 for i, time in enumerate(times)) / total


def _uniform(knot: int) -> float:
    return min(1 / (1 + math.exp(REACH * (1 - 2 * knot / (KNOTS - 1)))), LARGEST)


def _weight(knot: int) -> float:
    """The share of all uniforms that lies about a knot."""
    u = _uniform(knot)
    return u * (1 - u) * 2 * REACH / (KNOTS - 1)

"""The points of a design: for each a value of every factor.

Comes in: a `Sweep`. Goes out: one mapping from keys to values for each point, the same for the same seed. The random
designs are those of scipy.stats.qmc: Latin hypercubes (McKay, Beckman and Conover, Technometrics 21, 1979) and
scrambled Sobol sequences (Owen 1998), on the unit cube and stretched to the factors.
"""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, Problem
from ..model.studies.sweep import Factor, Sweep

Values = Mapping[str, Any]


def expand(sweep: Sweep) -> list[Values]:
    """All points in order; the last factor of a grid varies fastest. Raises InputError if there is no factor."""
    factors = sweep.factors
    if not factors:
        hint = "name at least one, such as study.sweep.factors.integration.level=[0,0.5,1]"
        raise InputError(Problem("study.sweep.factors", hint))
    lists = [factor.values for factor in factors.values()]
    if sweep.design == "grid":
        return [dict(zip(factors, each, strict=True)) for each in itertools.product(*lists)]
    if sweep.design == "zip":
        return [dict(zip(factors, each, strict=True)) for each in zip(*lists, strict=True)]
    return [
        {key: _at(factor, float(u)) for (key, factor), u in zip(factors.items(), row, strict=True)}
        for row in _unit_cube(sweep, len(factors))
    ]


def _unit_cube(sweep: Sweep, dimensions: int) -> NDArray[np.float64]:
    """(points, dimensions), each in [0, 1)."""
    from scipy.stats import qmc

    if sweep.design == "sobol":
        sequence = qmc.Sobol(dimensions, **seeded(qmc.Sobol, sweep.seed))
        return np.asarray(sequence.random_base2(sweep.points.bit_length() - 1))
    return np.asarray(qmc.LatinHypercube(dimensions, **seeded(qmc.LatinHypercube, sweep.seed)).random(sweep.points))


def seeded(kind: Any, seed: int) -> dict[str, Any]:
    """The seed by the name that this version of scipy has for it: `rng` since 1.15."""
    return {"rng" if "rng" in inspect.signature(kind).parameters else "seed": seed}


def _at(factor: Factor, u: float) -> Any:
    """The factor's value at `u` in [0, 1)."""
    if factor.values:
        return factor.values[min(int(u * len(factor.values)), len(factor.values) - 1)]
    if factor.integer:
        return min(math.floor(factor.low + u * (factor.high - factor.low + 1)), int(factor.high))
    value = factor.low + u * (factor.high - factor.low)
    return f"{value!r} s" if factor.seconds else value

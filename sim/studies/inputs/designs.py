"""Designs on the unit cube, one for each question about the inputs.

Comes in: how many inputs, how many points, a seed. Goes out: (points, inputs) numbers from 0 to 1, which an `Input`
turns into values. All chance comes from scipy.stats.qmc, so that the same seed gives the same points.

Rejected: SALib 1.6 (MIT, well kept) for these designs and their indices. It asks for numpy 2, pandas, multiprocess
and dill, takes 1.9 s to import, and scipy, which is here anyway, has the sequences. What is left are Morris'
trajectories, below, and five means over outputs (`screening`); they agree with SALib's and scipy's to the last digits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...sweep.design import seeded

Floats = NDArray[np.float64]
STEP = 2 / 3
"""of a trajectory: p / (2 (p - 1)) with p = 4 levels, Morris' choice, under which all levels are equally likely"""


def one_at_a_time(present: Floats, low: Floats, high: Floats) -> Floats:
    """Today's values, then for each input its low and its high one with the others as today: (2 inputs + 1, inputs).
    These are values, not places in the unit cube."""
    pairs = np.repeat(present[None, None, :], present.size, axis=0).repeat(2, axis=1)
    each = np.arange(present.size)
    pairs[each, 0, each], pairs[each, 1, each] = low, high
    return np.vstack([present, pairs.reshape(-1, present.size)])


def latin_hypercube(points: int, inputs: int, seed: int) -> Floats:
    """(points, inputs), each column spread evenly (McKay, Beckman and Conover, Technometrics 21, 1979)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(inputs, **seeded(qmc.LatinHypercube, seed)).random(points))


def trajectories(count: int, inputs: int, seed: int) -> Floats:
    """(count, inputs + 1, inputs): from a random corner point, each input moves once, in random order, by `STEP`.

    Starts, directions and orders come from one Latin hypercube, so that few trajectories cover each input evenly.
    """
    chance = latin_hypercube(count, 3 * inputs, seed)
    lower, up, order = chance[:, :inputs] < 0.5, chance[:, inputs : 2 * inputs] < 0.5, chance[:, 2 * inputs :]
    low = np.where(lower, 0.0, 1 - STEP)
    rank = order.argsort(axis=1).argsort(axis=1)  # at which step an input moves
    moved = rank[:, None, :] < np.arange(inputs + 1)[None, :, None]
    return np.asarray(low[:, None, :] + STEP * (moved == up[:, None, :]))


def saltelli(points: int, inputs: int, seed: int) -> Floats:
    """(inputs + 2, points, inputs): A, B, and for each input A with that column of B (Saltelli et al., Computer Physics
    Communications 181, 2010), from a scrambled Sobol sequence; `points` is a power of 2."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(2 * inputs, **seeded(qmc.Sobol, seed))
    both = sequence.random_base2(points.bit_length() - 1)
    a, b = both[:, :inputs], both[:, inputs:]
    mixed = np.repeat(a[None], inputs, axis=0)
    for i in range(inputs):
        mixed[i, :, i] = b[:, i]
    return np.concatenate([a[None], b[None], mixed])

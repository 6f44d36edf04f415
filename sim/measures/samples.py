"""Waits kept for quantiles over several replications: all of them, or a fixed number that stands for them.

Comes in: the waits of one replication, channel by channel. Goes out: `Samples`, at most `MOST` sorted values a channel,
each standing for an equal share of the waits. A quantile of all replications together is not the mean of their
quantiles, so the values themselves must travel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST = 1000
"""8 kB a channel; what is left out moves the probability of a quantile by at most 1/2000"""


@dataclass(frozen=True)
class Samples:
    """By row: sorted values, and how many observations they stand for together."""

    values: tuple[Floats, ...]
    sizes: tuple[int, ...]


def samples_of(rows: Sequence[Floats]) -> Samples:
    """Each row's values sorted; beyond MOST of them the quantiles (j + 1/2) / MOST in their place."""
    return Samples(tuple(_thinned(values) for values in rows), tuple(values.size for values in rows))


def _thinned(values: Floats) -> Floats:
    if values.size <= MOST:
        return np.sort(values)
    return np.asarray(np.quantile(values, (np.arange(MOST) + 0.5) / MOST))

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
"""8 kB a channel; what is left out moves the probability of a quantile by at most 1/2000, at each merge once more"""


@dataclass(frozen=True)
class Samples:
    """By row: sorted values, and how many observations they stand for together."""

    values: tuple[Floats, ...]
    sizes: tuple[int, ...]


def sorted_samples(rows: Sequence[Floats]) -> Samples:
    """Each row's values, which are sorted; beyond MOST of them the quantiles (j + 1/2) / MOST in their place."""
    return Samples(tuple(_thinned(values) for values in rows), tuple(values.size for values in rows))


def merged(first: Samples, second: Samples) -> Samples:
    """Both samples together, row by row, each value weighted by what it stands for."""
    pairs = zip(first.values, first.sizes, second.values, second.sizes, strict=True)
    sizes = tuple(a + b for a, b in zip(first.sizes, second.sizes, strict=True))
    return Samples(tuple(_together(*pair) for pair in pairs), sizes)


def sorted_quantiles(values: Floats, shares: Floats) -> Floats:
    """Quantiles of sorted values as `np.quantile` gives them, to the bit, without sorting anew.

    >>> sorted_quantiles(np.array([1.0, 2.0, 4.0]), np.array([0.0, 0.25, 0.9])).tolist()
    [1.0, 1.5, 3.6]
    """
    place = shares * (values.size - 1)
    below = np.floor(place).astype(np.int64)
    low, high, part = values[below], values[np.minimum(below + 1, values.size - 1)], place - below
    return np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))


def _thinned(values: Floats) -> Floats:
    if values.size <= MOST:
        return values.copy()  # what is a part of an array of all waits would keep that
    return sorted_quantiles(values, (np.arange(MOST) + 0.5) / MOST)


def _together(a: Floats, stands_for_a: int, b: Floats, stands_for_b: int) -> Floats:
    values = np.concatenate([a, b])
    order = np.argsort(values, kind="stable")
    if values.size == stands_for_a + stands_for_b and values.size <= MOST:  # nothing has been left out yet
        return np.asarray(values[order])
    weights = np.concatenate([np.full(a.size, stands_for_a / max(a.size, 1)),
                              np.full(b.size, stands_for_b / max(b.size, 1))])[order]  # fmt: skip
    middle = (np.cumsum(weights) - weights / 2) / weights.sum()
    return np.asarray(np.interp((np.arange(MOST) + 0.5) / MOST, middle, values[order]))

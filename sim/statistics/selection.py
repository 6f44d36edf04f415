"""Which of k designs is best, or within a difference that does not matter of the best, with a stated probability.

Comes in: a function that simulates replications of the designs still in the race, one number a replication, the same
luck for all (common random numbers); the difference delta that does not matter; the probability 1 - alpha. Goes out: a
`Selection`. Higher is better here; callers turn the sign. Numbers are taken as normal and independent between
replications, with any variances and any correlation between designs.

`kn`: Kim and Nelson, ACM Transactions on Modeling and Computer Simulation 11 (2001) 251-273, with c = 1. After a first
stage of n0 replications, which fixes the variance S2 of each pair's difference, one replication after another: a design
is out as soon as its sum lies more than max(0, delta/2 (h2 S2/delta2 - r)) below that of another, where
h2 = 2 eta (n0 - 1) and eta = ((2 alpha/(k - 1))^(-2/(n0 - 1)) - 1)/2. Proven: if the best leads by delta or more, it is
chosen with probability 1 - alpha or more. That the chosen one is within delta of the best when others are close is not
proven for it; the tests show it by experiment.

`clark_yang`: Clark and Yang, Proceedings of the Winter Simulation Conference (1986) 313-315: as many replications of
all designs as make t S/sqrt(n) <= delta for each pair, t the 1 - alpha/(k - 1) quantile with n0 - 1 degrees of freedom,
then the largest mean. Proven, with common random numbers: best or within delta of it, whatever the configuration (by
Bonferroni over the pairs with the best; Nelson and Matejcik, Management Science 41 (1995) 1935-1945). No early exits.

>>> import itertools
>>> noise = [0.3, -0.2, 0.1, -0.4, 0.2, 0.0]                  # the same luck for both designs
>>> def draw(designs, first, count):
...     rows = itertools.islice(itertools.cycle(noise), first, first + count)
...     return np.array([[each + 0.1 * i + 0.05 * i * each for i in designs] for each in rows])
>>> found = select(draw, 2, delta=0.05, confidence=0.95, first=6, most=100)
>>> found.best, found.out
(1, {0: 6})
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Draw = Callable[[Sequence[int], int, int], Floats]
"""(designs, first replication, count) -> values (count, designs)"""
Procedure = Literal["kn", "clark_yang"]
BATCH = 6
"""replications simulated at a time; they are judged one by one"""


@dataclass
class Selection:
    """What is known so far; `best` is None until decided (or for good, if `most` replications did not decide)."""

    size: int
    best: int | None = None
    out: dict[int, int] = field(default_factory=dict)
    """design -> replications after which it was out"""
    close: tuple[int, ...] = ()
    """designs that only the last comparison of means put out: too close to the best to matter, or a little worse"""
    used: int = 0
    """replications of those still in when it was decided"""
    wanted: int = 0
    """replications at which a decision is certain, as far as known"""
    values: dict[int, list[float]] = field(default_factory=dict)
    """by design, all that was simulated"""

    @property
    def left(self) -> list[int]:
        """Designs that are not out."""
        return [i for i in range(self.size) if i not in self.out]

    def mean(self, design: int) -> float:
        """Of all replications of a design."""
        return float(np.mean(self.values[design]))


def select(
    draw: Draw, size: int, *, delta: float, confidence: float, first: int, most: int, procedure: Procedure = "kn",
    said: Callable[[Selection], None] = lambda _: None,
) -> Selection:  # fmt: skip
    """Runs a procedure; tells `said` after each batch. Raises ValueError for fewer than two designs or values that are
    no numbers."""
    if size < 2:
        raise ValueError(f"size: at least two designs are needed, got {size}")
    found = Selection(size, values={i: [] for i in range(size)})
    _simulate(draw, found, first)
    race = _Race(np.array([found.values[i] for i in range(size)]), delta, 1 - confidence, procedure)
    while True:
        race.judge(found)
        found.wanted = race.wanted(found)
        said(found)
        done = len(found.values[found.left[0]])
        if found.best is not None or done >= most:
            return found
        step = BATCH if procedure == "kn" else found.wanted - done
        _simulate(draw, found, min(step, most - done))


def _simulate(draw: Draw, found: Selection, count: int) -> None:
    designs = found.left
    values = draw(designs, len(found.values[designs[0]]), count)
    if not np.isfinite(values).all():
        raise ValueError("values: a replication gave no number")
    for column, design in enumerate(designs):
        found.values[design] += values[:, column].tolist()


class _Race:
    """The rules, with what the first stage fixed: by pair, h2 S2/delta2 (`kn`) or the replications needed."""

    def __init__(self, values: Floats, delta: float, alpha: float, procedure: Procedure) -> None:
        size, n = values.shape
        pairs = values[:, None, :] - values[None, :, :]
        variance = pairs.var(axis=2, ddof=1)
        self.delta, self.procedure, self.judged = delta, procedure, n - 1
        if procedure == "kn":
            eta = ((2 * alpha / (size - 1)) ** (-2 / (n - 1)) - 1) / 2
            self.bound = 2 * eta * (n - 1) * variance / delta**2
        else:
            quantile = float(special.stdtrit(n - 1, 1 - alpha / (size - 1)))
            self.bound = np.maximum(np.ceil(quantile**2 * variance / delta**2), n)

    def wanted(self, found: Selection) -> int:
        """Replications that are certainly enough for those left."""
        left = found.left
        most = float(self.bound[np.ix_(left, left)].max())
        return int(most) + 1 if self.procedure == "kn" else int(most)

    def judge(self, found: Selection) -> None:
        """Takes in the replications that were not judged yet, one after another."""
        done = len(found.values[found.left[0]])
        while found.best is None and self.judged < done:
            left = found.left
            sums = np.cumsum([found.values[i] for i in left], axis=1)[:, self.judged :]  # (designs, replications)
            counts = np.arange(self.judged + 1, done + 1)
            end = self.wanted(found)
            worse = self._worse(left, sums, counts)
            hits = np.flatnonzero(worse.any(axis=0) | (counts >= end))
            if not hits.size:
                self.judged = done
                return
            at = int(hits[0])
            self.judged = found.used = int(counts[at])
            found.out |= {design: self.judged for design, is_out in zip(left, worse[:, at], strict=True) if is_out}
            if len(found.left) == 1 or counts[at] >= end:
                self._decide(found, left, sums[:, at])
                found.close = tuple(i for i in left if i != found.best) if counts[at] >= end else ()

    def _worse(self, left: list[int], sums: Floats, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(designs, replications): which are out at which count."""
        if self.procedure != "kn":
            return np.zeros(sums.shape, dtype=bool)
        bound = self.bound[np.ix_(left, left)]
        allowed = np.maximum(0.0, self.delta / 2 * (bound[:, :, None] - counts))
        return np.asarray((sums[:, None, :] < sums[None, :, :] - allowed).any(axis=1))

    def _decide(self, found: Selection, left: list[int], sums: Floats) -> None:
        still = found.left
        found.best = max(still, key=lambda design: float(sums[left.index(design)]))
        found.used = self.judged
        for design in still:
            if design != found.best:
                found.out[design] = self.judged

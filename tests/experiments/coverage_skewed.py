"""How often 95 % intervals of few, skewed replications hold the exact value: twelve queues, 5 to 40 replications.

From the project's root, some four minutes on one core:

    python -m tests.experiments.coverage_skewed

writes outputs/gallery/coverage_skewed.csv. Replications are Lindley's recursion (waits of a queue with one agent, after
a warm-up), so that thousands of experiments are cheap; exact means are Pollaczek-Khinchine. The estimators are those of
the program. Seeds were written down before the first run: `SEED` plus the number of the queue.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from sim.chance.philox import uniform
from sim.chance.sampler import normal_quantile
from sim.statistics.estimates import _ratios, ratio_with_interval
from sim.statistics.intervals import interval, skewness

from .committed import GALLERY, commit

SEED = 20261126
EXPERIMENTS = 1000
REPLICATIONS = (5, 10, 20, 40)
SERVICE = 180.0
HOUR, DAY = 3600.0, 86400.0
Floats = NDArray[np.float64]


class Queue(NamedTuple):
    """One agent: load, coefficient of variation of service (0: exponential), warm-up and window, s."""

    load: float
    cv: float
    warm_up: float
    window: float

    @property
    def name(self) -> str:
        """As Kendall would write it."""
        law = "M/M/1" if self.cv == 0 else f"M/G/1 cv {self.cv:g}"
        return f"{law}, load {self.load:g}, {self.window / HOUR:g} h"

    @property
    def mean_wait(self) -> float:
        """Pollaczek-Khinchine, s."""
        squared = self.cv**2 if self.cv else 1.0
        return self.load * SERVICE * (1 + squared) / 2 / (1 - self.load)


QUEUES = tuple(
    Queue(load, cv, 2 * DAY, window)
    for load, cv in ((0.5, 0.0), (0.8, 0.0), (0.95, 0.0), (0.8, 1.5), (0.6, 3.0), (0.8, 3.0))
    for window in (8 * HOUR, 5 * DAY)
)


@numba.njit
def simulated(load: float, cv: float, warm_up: float, window: float, count: int, seed: int) -> tuple[Floats, Floats]:
    """Sums of waits and numbers of customers in the window, by replication."""
    top, bottom = np.zeros(count), np.zeros(count)
    sigma = math.sqrt(math.log(1 + cv * cv))
    for r in range(count):
        now = wait = work = 0.0
        k = 0
        while True:
            gap = -math.log(uniform(seed, r, k, 0, 1)) * SERVICE / load
            u = uniform(seed, r, k, 0, 2)
            k += 1
            wait, now = max(0.0, wait + work - gap), now + gap
            if now > warm_up + window:
                break
            if now >= warm_up:
                top[r] += wait
                bottom[r] += 1
            if cv == 0:
                work = -math.log(u) * SERVICE
            else:
                work = math.exp(sigma * normal_quantile(u) - sigma * sigma / 2) * SERVICE
    return top, bottom


def covered(top: Floats, bottom: Floats, exact: float) -> dict[str, tuple[float, float, float]]:
    """By method: share of experiments that hold the exact mean, share with it above, median relative width."""
    n = top.shape[0]
    mean, half = ratio_with_interval(top, bottom, 0.95)
    ends = {"t": (mean - half, mean + half)}
    ratio, residuals = _ratios(top, bottom, False)
    error = np.sqrt((residuals**2).sum(axis=0) / (n - 1) / n)
    ends["hall"] = interval(ratio, error, skewness(residuals), n, 0.95, "positive", bottom.sum(axis=0))
    return {
        name: (
            float(((low <= exact) & (exact <= high)).mean()),
            float((exact > high).mean()),
            float(np.median((high - low) / mean)),
        )
        for name, (low, high) in ends.items()
    }


def main() -> None:
    """All cells, as a table."""
    rows = []
    for number, queue in enumerate(QUEUES):
        for n in REPLICATIONS:
            top, bottom = simulated(*queue, EXPERIMENTS * n, SEED + number)
            shape = (EXPERIMENTS, n)
            found = covered(top.reshape(shape).T, bottom.reshape(shape).T, queue.mean_wait)
            for method, (share, above, width) in found.items():
                rows.append([queue.name, n, method, share, above, round(width, 3), share >= 0.93])
            print(*rows[-2], rows[-1], flush=True)
    fields = ["queue", "replications", "method", "coverage", "exact_above", "relative_width", "at_least_93"]
    commit(GALLERY / "coverage_skewed.csv", fields, rows, f"{EXPERIMENTS} experiments a row, seed {SEED}")


if __name__ == "__main__":
    main()

"""How often intervals cover that ended a run because they were precise enough (`run.precision`).

From the project's root, some ten minutes on one core:

    python -m tests.experiments.coverage_sequential

writes outputs/gallery/coverage_sequential.csv. Queues, replications and estimators are those of `coverage_skewed`; the
stopping rule is the program's own (`sim.statistics.precision.missing`), floor and ceiling among it. For each queue and
asked relative precision: how often the interval at the stop holds the exact mean, beside how often an interval of as
many replications, fixed beforehand (the mean number at the stop), does; the bias of the estimate at the stop; and how
often the ceiling came first. Seeds were written down before the first run: `SEED` plus the number of the queue.
"""

from __future__ import annotations

import csv
import datetime as dt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.run import Precision, Run
from sim.statistics.estimates import Kpi
from sim.statistics.intervals import interval, skewness
from sim.statistics.precision import missing

from .coverage_skewed import GALLERY, QUEUES, Queue, simulated

SEED = 20261127
EXPERIMENTS = 1000
MOST = 120
RELATIVE = (0.2, 0.1)
FIELDS = ("queue", "relative", "coverage", "exact_above", "fixed_coverage", "bias", "mean_replications", "ceiling",
          "at_least_93")  # fmt: skip
Floats = NDArray[np.float64]


class Stop(NamedTuple):
    """Where an experiment stopped."""

    replications: int
    mean: float
    lower: float
    upper: float
    reached: bool


def estimated(top: Floats, bottom: Floats) -> Kpi:
    """The program's estimate and interval of a ratio, from one experiment's replications."""
    n, ratio = top.size, float(top.sum() / bottom.sum())
    residuals = (top - ratio * bottom) / bottom.mean()
    error = np.array(np.sqrt((residuals**2).sum() / (n - 1) / n))
    skew = skewness(residuals[:, None])[0]
    low, high = (float(end) for end in interval(np.array(ratio), error, skew, n, 0.95, "positive", bottom.sum()))
    return Kpi("channel", "phone", "asa", "all", ratio, (high - low) / 2, n, "s", (low, high))


def stopped(top: Floats, bottom: Floats, asked: Precision) -> Stop:
    """One run with the program's rule, whose replications are given."""
    run, done = Run(max_replications=MOST, precision=(asked,)), 10
    while True:
        kpi = estimated(top[:done], bottom[:done])
        more = missing([(kpi, asked)], run, done)
        if not more:
            assert asked.relative is not None
            reached = kpi.half_width <= abs(kpi.mean) * asked.relative / (1 + asked.relative)
            return Stop(done, kpi.mean, kpi.lower, kpi.upper, reached)
        done += more


def row_of(queue: Queue, top: Floats, bottom: Floats, relative: float) -> list[object]:
    """The table's row of a queue and a precision; `top` and `bottom` are (experiments, replications)."""
    asked = Precision(measure="channel.phone.asa", relative=relative)
    stops = [stopped(*each, asked) for each in zip(top, bottom, strict=True)]
    exact = queue.mean_wait
    count = round(float(np.mean([each.replications for each in stops])))
    fixed = [estimated(*each) for each in zip(top[:, :count], bottom[:, :count], strict=True)]
    covered = np.mean([each.lower <= exact <= each.upper for each in stops])
    return [
        queue.name, relative, round(float(covered), 3),
        round(float(np.mean([exact > each.upper for each in stops])), 3),
        round(float(np.mean([each.lower <= exact <= each.upper for each in fixed])), 3),
        f"{np.mean([each.mean for each in stops]) / exact - 1:+.3f}", count,
        round(float(np.mean([not each.reached for each in stops])), 3), bool(covered >= 0.93),
    ]  # fmt: skip


def main() -> None:
    """All cells, as a table."""
    rows = []
    for number, queue in enumerate(QUEUES):
        top, bottom = simulated(*queue, EXPERIMENTS * MOST, SEED + number)
        shape = (EXPERIMENTS, MOST)
        for relative in RELATIVE:
            rows.append(row_of(queue, top.reshape(shape), bottom.reshape(shape), relative))
            print(*rows[-1], flush=True)
    with (GALLERY / "coverage_sequential.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(rows)
        writer.writerow([f"# {EXPERIMENTS} experiments a row, {dt.date.today().isoformat()}, seed {SEED}"])


if __name__ == "__main__":
    main()

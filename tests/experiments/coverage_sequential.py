"""How often intervals cover that ended a run because they were precise enough (`run.precision`), without and with
control variates.

From the project's root, some ten minutes on one core:

    python -m tests.experiments.coverage_sequential

writes outputs/gallery/coverage_sequential.csv. Queues and replications are those of `coverage_skewed`; estimates,
intervals and the stopping rule are the program's own (`sim.statistics`), floor and ceiling among them. For each queue,
asked relative precision, and with and without the control of first contacts: how often the interval at the stop holds
the exact mean, beside how often an interval of as many replications, fixed beforehand (the mean number at the stop),
does; the bias of the estimate at the stop; and how often the ceiling came first. Seeds were written down before the
first run: `SEED` plus the number of the queue.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.table import Table
from sim.model.run import Precision, Run
from sim.statistics.controls import control_of
from sim.statistics.estimates import estimate_table
from sim.statistics.kpis import Kpi
from sim.statistics.precision import missing, shortfalls

from .committed import GALLERY, commit
from .coverage_skewed import QUEUES, SERVICE, Queue, simulated

SEED = 20261206  # declared before the first run of the rule that doubts skewed variances
EXPERIMENTS = 1000
FIXED = Run()
MOST = FIXED.max_replications
RELATIVE = (0.2, 0.1)
FIELDS = ("queue", "relative", "controls", "coverage", "exact_above", "fixed_coverage", "bias", "mean_replications",
          "ceiling", "at_least_93")  # fmt: skip
Floats = NDArray[np.float64]


class Stop(NamedTuple):
    """Where an experiment stopped."""

    replications: int
    kpi: Kpi
    reached: bool


def estimated(top: Floats, bottom: Floats, expected: float | None, run: Run = FIXED) -> Kpi:
    """The program's estimate and interval of one experiment; `expected` is the mean of `bottom` if it is a control."""
    tables = [Table(("phone",), one[None, None], other[None, None]) for one, other in zip(top, bottom, strict=True)]
    control = None if expected is None else control_of(bottom - expected)
    [kpi] = estimate_table("wait", tables, run, control).kpis("channel", "wait", ("phone",), ("all",))
    return kpi


def stopped(top: Floats, bottom: Floats, asked: Precision, expected: float | None = None) -> Stop:
    """One run with the program's rule, whose replications are given."""
    run = FIXED.model_copy(update={"precision": (asked,)})
    done = run.replications
    while True:
        kpi = estimated(top[:done], bottom[:done], expected, run)
        more = missing([(kpi, asked)], run, done)
        if not more:
            return Stop(done, kpi, not list(shortfalls([(kpi, asked)])))
        done += more


def row_of(queue: Queue, top: Floats, bottom: Floats, relative: float, controls: bool) -> list[object]:
    """The table's row of a queue and a precision; `top` and `bottom` are (experiments, replications)."""
    asked = Precision(measure="channel.phone.wait", relative=relative)
    expected = queue.window * queue.load / SERVICE if controls else None
    stops = [stopped(*each, asked, expected) for each in zip(top, bottom, strict=True)]
    exact = queue.mean_wait
    count = round(float(np.mean([each.replications for each in stops])))
    fixed = [estimated(*each, expected) for each in zip(top[:, :count], bottom[:, :count], strict=True)]
    covered = float(np.mean([each.kpi.lower <= exact <= each.kpi.upper for each in stops]))
    return [
        queue.name, relative, controls, round(covered, 3),
        round(float(np.mean([exact > each.kpi.upper for each in stops])), 3),
        round(float(np.mean([each.lower <= exact <= each.upper for each in fixed])), 3),
        f"{np.mean([each.kpi.mean for each in stops]) / exact - 1:+.3f}", count,
        round(float(np.mean([not each.reached for each in stops])), 3), covered >= 0.93,
    ]  # fmt: skip


def main() -> None:
    """All cells, as a table."""
    rows = []
    for number, queue in enumerate(QUEUES):
        top, bottom = simulated(*queue, EXPERIMENTS * MOST, SEED + number)
        shape = (EXPERIMENTS, MOST)
        for relative in RELATIVE:
            for controls in (False, True):
                rows.append(row_of(queue, top.reshape(shape), bottom.reshape(shape), relative, controls))
                print(*rows[-1], flush=True)
    commit(GALLERY / "coverage_sequential.csv", FIELDS, rows, f"{EXPERIMENTS} experiments a row, seed {SEED}")


if __name__ == "__main__":
    main()

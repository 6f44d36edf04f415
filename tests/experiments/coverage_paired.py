"""How often the interval of a paired difference covers that ended a comparison because it was precise enough.

From the project's root, some two minutes on one core:

    python -m tests.experiments.coverage_paired

writes outputs/gallery/coverage_paired.csv. Both sides are queues of `coverage_skewed` with the same draws, the second
with 30 % fewer customers; differences, their intervals and the stopping rule are the program's own, with and without
its doubt of skewed variances; beside them an interval of as many replications, fixed beforehand. `SEED` plus the number
of the pair was written down before the first run; a tenth fewer customers and a fifth of the difference were tried
first and ended at the ceiling nearly always.
"""

from __future__ import annotations

import numpy as np

from sim.model.run import Precision, Run
from sim.statistics.precision import missing
from sim.studies.compare.study import Difference, Side, linear, paired
from sim.studies.compare.until import as_kpi

from .committed import GALLERY, commit
from .coverage_skewed import HOUR, QUEUES, Floats, Queue, simulated

SEED = 20261207
EXPERIMENTS, LESS = 1000, 0.7
MOST = Run().max_replications
PAIRS = tuple(queue for queue in QUEUES if queue.window == 8 * HOUR and queue.load < 0.9)
ASKED = Precision(measure="channel.phone.wait", relative=0.5)
KEY = ("channel", "phone", "wait")
FIELDS = ("queue", "doubt", "coverage", "fixed_coverage", "mean_replications", "ceiling")
Sums = tuple[Floats, Floats]


def difference(one: Sums, other: Sums, count: int, doubt: bool) -> Difference:
    """Of the first `count` replications."""
    return paired(side(one, count), {"less": side(other, count)}, 0.95, SEED, doubt=doubt)[0]


def side(sums: Sums, count: int) -> Side:
    """The mean wait of so many replications, and what each adds to it."""
    value, added = linear(sums[0][:count], sums[1][:count])
    return {KEY: (float(value), added)}


def stopped(one: Sums, other: Sums, doubt: bool) -> Difference:
    """A comparison with the program's rule, whose replications are given."""
    run = Run(precision=(ASKED,))
    done = run.replications
    while more := missing([(as_kpi(difference(one, other, done, doubt)), ASKED)], run, done):
        done += more
    return difference(one, other, done, doubt)


def holds(found: Difference, exact: float) -> bool:
    """Whether the interval does."""
    return abs(found.difference - exact) <= found.half_width


def row_of(queue: Queue, sides: list[Sums], exact: float, doubt: bool) -> list[object]:
    """The table's row of a pair; sums are (experiments, replications)."""
    runs = [[(top[i], bottom[i]) for top, bottom in sides] for i in range(EXPERIMENTS)]
    stops = [stopped(one, other, doubt) for one, other in runs]
    count = round(float(np.mean([each.n for each in stops])))
    fixed = [difference(one, other, count, False) for one, other in runs]
    covered = [round(float(np.mean([holds(each, exact) for each in some])), 3) for some in (stops, fixed)]
    return [queue.name, doubt, *covered, count, round(float(np.mean([each.n == MOST for each in stops])), 3)]


def main() -> None:
    """All pairs, as a table."""
    rows = []
    for number, queue in enumerate(PAIRS):
        less, shape = queue._replace(load=queue.load * LESS), (EXPERIMENTS, MOST)
        sums = [simulated(*each, EXPERIMENTS * MOST, SEED + number) for each in (queue, less)]
        sides = [(top.reshape(shape), bottom.reshape(shape)) for top, bottom in sums]
        for doubt in (False, True):
            rows.append(row_of(queue, sides, less.mean_wait - queue.mean_wait, doubt))
            print(*rows[-1], flush=True)
    commit(GALLERY / "coverage_paired.csv", FIELDS, rows, f"{EXPERIMENTS} experiments a row, seed {SEED}")


if __name__ == "__main__":
    main()

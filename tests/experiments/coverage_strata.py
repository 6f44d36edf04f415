"""How often intervals over groups of stratified replications cover (`run.strata`), and how wide they are.

From the project's root, some five minutes on one core:

    python -m tests.experiments.coverage_strata

writes outputs/gallery/coverage_strata.csv: M/M/2+M on days whose volume is Gamma of shape 20, by 20 and 40
replications, plain and in groups of two and of four, and in groups of two with the control of first contacts. The
draws are the engine's own in a recursion (`many_queues`). No formula gives such a day's answer: the true values are
those of 40,000 plain replications of another seed, whose error is a thirtieth of what 40 replications have. Seeds were
written down before the first run.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.measures.observe import Observations
from sim.model import Configuration
from sim.model.run import Run
from sim.runs.known_arrivals import mean_first_contacts
from sim.statistics.controls import control_of
from sim.statistics.estimates import estimate_table
from sim.statistics.groups import grouped

from .committed import GALLERY, commit
from .coverage_controls import MEASURES
from .many_queues import Queue, observations

SEED = 20261205  # declared before the first run; the truth's; designs add 1, 2, 3
EXPERIMENTS, REPLICATIONS, TRUTH = 1000, (20, 40), 40_000
TABLE = GALLERY / "coverage_strata.csv"
QUEUE = Queue(600, 2, 4.0, 6.0, 1.0, shape=20.0)
SIZES = (1, 2, 4)
FIELDS = ("measure", "replications", "strata", "controls", "coverage", "exact_above", "mean_width")


def config(seed: int, size: int) -> Configuration:
    """The queue in groups of so many replications."""
    return QUEUE.config(seed, **({"strata": size, "replications": 2 * size} if size > 1 else {}))


def measured(seed: int, size: int, count: int) -> list[Observations]:
    """So many replications."""
    described = config(seed, size)
    return [observations(described, number) for number in range(count)]


def ends(runs: list[Observations], scope: str, measure: str, size: int, controls: bool) -> tuple[float, float]:
    """The interval of one experiment."""
    groups = grouped(runs, size)
    offered = np.array([each["channel", "wait"].bottom[0, 0] for each in groups]) / size  # type: ignore[index]
    control = control_of(offered - mean_first_contacts(config(0, 1))) if controls else None
    found = estimate_table(measure, [each[scope, measure] for each in groups], Run(), control)
    return float(found.lower[0, 0]), float(found.upper[0, 0])


def rows(size: int, runs: list[Observations], true: dict[str, float], experiments: int) -> Iterator[list[object]]:
    """The table's rows of one size of groups."""
    for n in REPLICATIONS:
        for controls in (False, True) if n // size >= 20 else (False,):
            for scope, measure in MEASURES:
                pairs = [ends(runs[i * n : (i + 1) * n], scope, measure, size, controls) for i in range(experiments)]
                low, high = np.array(pairs).T
                inside = float(((low <= true[measure]) & (true[measure] <= high)).mean())
                above = float((true[measure] > high).mean())
                yield [measure, n, size, controls, inside, above, f"{(high - low).mean():.4g}"]


def truth(count: int = TRUTH) -> dict[str, float]:
    """The true values, from many plain replications."""
    tables = measured(SEED, 1, count)
    return {
        measure: float(
            sum(each[scope, measure].top[0, 0] for each in tables)
            / sum(each[scope, measure].bottom[0, 0] for each in tables)  # type: ignore[index]
        )
        for scope, measure in MEASURES
    }


def main() -> None:
    """All cells, as a table."""
    true, found = truth(), []
    for place, size in enumerate(SIZES, 1):
        runs = measured(SEED + place, size, EXPERIMENTS * REPLICATIONS[-1])
        for row in rows(size, runs, true, EXPERIMENTS):
            found.append(row)
            print(*row, flush=True)
    commit(TABLE, FIELDS, found, f"{EXPERIMENTS} experiments a row, truth of {TRUTH} replications, seeds from {SEED}")


if __name__ == "__main__":
    main()

"""The engine itself on three cells of `coverage_skewed.csv`: its own logs, measures and estimates, by ten replications.

From the project's root, some ten minutes on one core:

    python -m tests.experiments.coverage_engine

writes outputs/gallery/coverage_engine.csv with the recursion's coverage beside it. A cell is a configuration that the
compiled engine simulates from an empty centre through the same warm-up and window. The seed was written down before the
first run; it is another than the recursion's.
"""

from __future__ import annotations

import csv

import numpy as np

from sim import simulate
from sim.measures.observe import Observations, observe
from sim.model import Configuration
from sim.statistics.estimates import estimate

from .committed import GALLERY, commit
from .coverage_skewed import HOUR, QUEUES, SERVICE, Queue

SEED = 20261202  # declared before the first run; a cell adds its place
CELLS = tuple(QUEUES[place] for place in (0, 2, 6))
"""M/M/1 at 0.5 and at 0.8, M/G/1 with cv 1.5 at 0.8: windows of 8 h, in which intervals are weakest"""
EXPERIMENTS, REPLICATIONS = 1000, 10
TABLE = GALLERY / "coverage_engine.csv"
FIELDS = ("queue", "replications", "experiments", "coverage", "exact_above", "recursion", "seed")


def config(queue: Queue, seed: int) -> Configuration:
    """The cell as an ordinary configuration."""
    mean = f"{SERVICE} s"
    law = {"law": "lognormal", "mean": mean, "cv": queue.cv} if queue.cv else {"law": "exponential", "mean": mean}
    run = {"warm_up": f"{queue.warm_up} s", "measure": f"{queue.window} s", "end": "drain", "seed": seed, "workers": 1}
    return Configuration.from_mapping(
        {
            "channels": {"phone": {"kind": "live", "service": law}},
            "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
            "demand": {"streams": {"calls": {"per_day": queue.load / SERVICE * 24 * HOUR}}},
            "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
            "staffing": {"team": {"agents": 1, "serves": {"phone": 1}}},
            "run": run,
            "engine": "compiled",
        }
    )


def waits(cell: Configuration, number: int) -> Observations:
    """What a replication gives for the waits."""
    return {("channel", "wait"): observe(simulate(cell, number), cell)["channel", "wait"]}


def coverage(queue: Queue, seed: int, experiments: int = EXPERIMENTS) -> tuple[float, float]:
    """Share of experiments whose interval holds the exact mean wait, and of those that lie below it."""
    cell = config(queue, seed)
    ends = []
    for first in range(0, experiments * REPLICATIONS, REPLICATIONS):
        found = estimate([waits(cell, number) for number in range(first, first + REPLICATIONS)], cell)
        ends.append((found["channel.phone.wait"].lower, found["channel.phone.wait"].upper))
    low, high = np.array(ends).T
    exact = queue.mean_wait
    return float(((low <= exact) & (exact <= high)).mean()), float((exact > high).mean())


def recursions() -> dict[str, float]:
    """By queue: what the recursion covered with as many replications."""
    with (GALLERY / "coverage_skewed.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["method"] == "hall"]
    return {row["queue"]: float(row["coverage"]) for row in rows if row["replications"] == str(REPLICATIONS)}


def main() -> None:
    """All cells, as a table."""
    rows, expected = [], recursions()
    for place, queue in enumerate(CELLS):
        share, above = coverage(queue, SEED + place)
        rows.append([queue.name, REPLICATIONS, EXPERIMENTS, share, above, expected[queue.name], SEED + place])
        print(*rows[-1], flush=True)
    commit(TABLE, FIELDS, rows, "compiled engine")


if __name__ == "__main__":
    main()

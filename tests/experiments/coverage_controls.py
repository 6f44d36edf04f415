"""What control variates do to intervals: coverage and width on queues with exact answers, by 20 and 40 replications.

From the project's root, some three minutes on one core:

    python -m tests.experiments.coverage_controls

writes outputs/gallery/coverage_controls.csv: without a control (`plain`), with the weights of `sim.statistics.controls`
for every measure (`weighed`), and with the control only where the share that it explains in the same replications pays
for its degree of freedom (`chosen`), which was rejected. Queues M/M/c+M are the engine's own draws in a recursion
(`many_queues`), M/M/1 is Lindley's (`coverage_skewed`). Seeds were written down before the first run.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.measures.table import Table
from sim.model.run import Run
from sim.runs.known_arrivals import mean_first_contacts
from sim.statistics.controls import control_of
from sim.statistics.estimates import Numbers, estimate_table

from .committed import GALLERY, commit
from .coverage_skewed import DAY, SERVICE, simulated
from .coverage_skewed import Queue as OneAgent
from .many_queues import Queue, observations

SEED = 20261130  # declared before the first run; a queue adds its place
EXPERIMENTS = 1000
REPLICATIONS = (20, 40)
METHODS = ("plain", "weighed", "chosen")
QUEUES = {"M/M/2+M, 19 % leave": Queue(600, 2, 4.0, 6.0, 1.0), "M/M/4+M, 0.7 % leave": Queue(600, 4, 4.0, 20.0, 1.0)}
ONE_AGENT = {"M/M/1, load 0.5, 8 h": OneAgent(0.5, 0.0, 2 * DAY, 28800.0),
             "M/M/1, load 0.8, 120 h": OneAgent(0.8, 0.0, 2 * DAY, 432000.0)}  # fmt: skip
MEASURES = (("channel", "abandoned"), ("channel", "wait"), ("channel", "service_level"), ("pool", "occupancy"))
FIELDS = ("queue", "measure", "replications", "method", "coverage", "exact_above", "mean_width")
Case = tuple[str, str, float, list[Table], np.ndarray]
"""queue, measure, exact value, replications, first contacts above their mean"""


def cases(experiments: int) -> Iterator[Case]:
    """Every queue and measure, with replications for so many experiments of the most replications."""
    count = experiments * REPLICATIONS[-1]
    for place, (name, queue) in enumerate(QUEUES.items()):
        config = queue.config(SEED + place)
        runs = [observations(config, number) for number in range(count)]
        offered = np.array([run["channel", "wait"].bottom[0, 0] for run in runs])  # type: ignore[index]
        excess = offered - mean_first_contacts(config)
        for scope, measure in MEASURES:
            exact = queue.exact[scope, "phone" if scope == "channel" else "team", measure]
            yield name, measure, exact, [run[scope, measure] for run in runs], excess
    for place, (name, one) in enumerate(ONE_AGENT.items(), len(QUEUES)):
        top, bottom = simulated(*one, count, SEED + place)
        tables = [Table(("phone",), top[[i], None], bottom[[i], None]) for i in range(count)]
        yield name, "wait", one.mean_wait, tables, bottom - one.window * one.load / SERVICE


def numbers(measure: str, tables: list[Table], excess: np.ndarray, method: str) -> Numbers:
    """One experiment's estimate."""
    plain = estimate_table(measure, tables, Run())
    if method == "plain":
        return plain
    weighed = estimate_table(measure, tables, Run(), control_of(excess))
    assert weighed.as_good_as is not None
    return weighed if method == "weighed" or weighed.as_good_as[0, 0] > len(tables) else plain


def rows(case: Case, experiments: int) -> Iterator[list[object]]:
    """A row for each number of replications and method."""
    queue, measure, exact, tables, excess = case
    for n in REPLICATIONS:
        for method in METHODS:
            ends = []
            for first in range(0, experiments * n, n):
                found = numbers(measure, tables[first : first + n], excess[first : first + n], method)
                ends.append((found.lower[0, 0], found.upper[0, 0]))
            low, high = np.array(ends).T
            inside = float(((low <= exact) & (exact <= high)).mean())
            yield [queue, measure, n, method, inside, float((exact > high).mean()), float((high - low).mean())]


def main() -> None:
    """All cells, as a table."""
    found = []
    for case in cases(EXPERIMENTS):
        for row in rows(case, EXPERIMENTS):
            found.append([*row[:-1], f"{row[-1]:.4g}"])
            print(*found[-1], flush=True)
    commit(GALLERY / "coverage_controls.csv", FIELDS, found, f"{EXPERIMENTS} experiments a row, seed {SEED}")


if __name__ == "__main__":
    main()

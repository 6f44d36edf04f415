"""What is missing of a sweep, run here or elsewhere, and written as it finishes.

Comes in: a store, its points and what does a task. Goes out: parts on disk, and a `Finished`. Ctrl-C writes what was
heard of before it passes on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from ..engine import seconds
from ..engine.work import contacts_of
from ..model.centre import Configuration
from ..runs.replicate import shortest, simulate
from . import pool
from .chunks import Work, for_a_time
from .parts import Writer, held
from .points import Point
from .store import Store
from .tasks import Outcome, Task, plan

ALONE = 3.5
"""s of computing that one process does as soon as two, of which the second has to start first"""
TOLD = 10
"""points whose errors are printed"""
FIXED = 5e-4
"""s of a replication without contacts, about"""


@dataclass(frozen=True)
class Finished:
    """A sweep of which nothing is missing."""

    parts: tuple[Path, ...]
    failed: Mapping[str, Outcome]
    """by hash: the first error of a point"""
    tasks: int
    """tasks run now"""


def run_missing(
    store: Store, points: Sequence[Point], config: Configuration, work: Work, progress: bool = False
) -> Finished:
    """Runs it. Looks again at the end: another process may be at the same study."""
    failed: dict[str, Outcome] = {}
    ran, asked = 0, config.run.replications
    total = asked * len({point.hash for point in points})
    with tqdm(total=total, desc="sweep", unit="run", disable=None if progress else True) as bar:
        while True:
            found = held(store.parts)
            left = [point for point in points if point.hash not in failed]
            tasks = list(plan(left, asked, config.study.sweep.block, found.replications))
            if not tasks:
                return Finished(found.files, failed, ran)
            store.drop_results()
            bar.initial = bar.n = total - sum(task.stop - task.first for task in tasks)
            with Writer(store.parts) as writer:
                for outcome in _outcomes(tasks, config, work):
                    bar.update(outcome.task.stop - outcome.task.first)
                    if outcome.sums is not None:
                        writer.put(outcome)
                    elif outcome.task.hash not in failed:
                        failed[outcome.task.hash] = outcome
                        _tell(store, outcome, len(failed))
            ran += len(tasks)


def _outcomes(tasks: Sequence[Task], config: Configuration, work: Work) -> Iterator[Outcome]:
    """An outcome for each task. What is done before workers have started is done here, unless `run.workers` says how
    many there are."""
    if config.exec.kind == "dask":
        from .cluster import outcomes

        yield from outcomes(work, tasks, config.exec)
        return
    workers, asked = config.run.workers or os.cpu_count() or 1, sum(task.stop - task.first for task in tasks)
    alone = 0
    if config.run.workers is None and asked * (contacts_of(config) * seconds(config) + FIXED) < ALONE:
        for outcome in work(for_a_time(tasks, ALONE)):
            alone += 1
            yield outcome
    left = tasks[alone:]
    workers = min(workers, len(left))
    if workers > 1:
        simulate(shortest(config, asked), 0)  # compiles once, here, rather than in every worker
    if left:
        yield from pool.outcomes(work, left, workers)


def _tell(store: Store, outcome: Outcome, number: int) -> None:
    """What went wrong, of the first points; a design in which one key is mistaken fails at all of them."""
    if outcome.trace:
        store.write_text(f"errors/{outcome.task.hash}.txt", outcome.trace)
    if number > TOLD:
        return
    values = " ".join(f"{key}={value}" for key, value in outcome.task.values.items())
    tqdm.write(f"error: {values}: {outcome.error.splitlines()[0]}", file=sys.stderr)
    if number == TOLD:
        tqdm.write(
            f"{TOLD} points went wrong; errors of further ones are in {store.folder}/design.csv", file=sys.stderr
        )

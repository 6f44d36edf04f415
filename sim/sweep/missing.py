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

from ..model.centre import Configuration
from ..runs.replicate import shortest, simulate
from . import pool
from .chunks import Work
from .parts import Writer, held
from .points import Point
from .store import Store
from .tasks import Outcome, Task, plan


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
                        _tell(store, outcome)
            ran += len(tasks)


def _outcomes(tasks: Sequence[Task], config: Configuration, work: Work) -> Iterator[Outcome]:
    if config.exec.kind == "dask":
        from .cluster import outcomes

        return outcomes(work, tasks, config.exec)
    workers = min(config.run.workers or os.cpu_count() or 1, len(tasks))
    if workers > 1:
        asked = sum(task.stop - task.first for task in tasks)
        simulate(shortest(config, asked), 0)  # compiles once, here, rather than in every worker
    return pool.outcomes(work, tasks, workers)


def _tell(store: Store, outcome: Outcome) -> None:
    if outcome.trace:
        store.write_text(f"errors/{outcome.task.hash}.txt", outcome.trace)
    values = " ".join(f"{key}={value}" for key, value in outcome.task.values.items())
    tqdm.write(f"error: {values}: {outcome.error.splitlines()[0]}", file=sys.stderr)

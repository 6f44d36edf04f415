"""A sweep from its configuration to its tables; started again, it does what is missing.

Comes in: the plain resolved configuration, with `study.sweep`. Goes out: a folder (see `store`) and a `Swept`. All
points have the same seed, so the same customers have the same luck at every point.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ...errors import InputError, Problem
from ...model.centre import Configuration
from ..replicate import simulate
from .design import expand
from .points import HASH, Point, digest, numbered, simulated
from .pool import Work, outcomes
from .store import Store
from .tables import design_columns, write_design, write_tables
from .tasks import Outcome, Task, plan, run_task

DEFAULT = "outputs/sweeps"


@dataclass(frozen=True)
class Swept:
    """What a sweep left in `folder`."""

    folder: Path
    points: tuple[Point, ...]
    failed: Mapping[str, Outcome]
    """by hash: the first error of a point"""
    tasks: int
    """tasks run now; what was on disk before is not among them"""

    def status(self, point: Point) -> str:
        """ok, mistake or failed."""
        return self.failed[point.hash].status if point.hash in self.failed else "ok"


def run_sweep(container: Mapping[str, Any], *, progress: bool = False, work: Work | None = None) -> Swept:
    """Runs what is missing of a sweep and writes its tables.

    `work` does a task in place of `run_task` (for tests). Raises InputError for what the user can mend before anything
    runs; a point that fails is a row of the results. KeyboardInterrupt leaves what is finished on disk.
    """
    config = Configuration.from_mapping(container)
    _refuse(config)
    design = expand(config.study.sweep)
    base = simulated(container)
    points = tuple(numbered(base, design))
    store = Store(folder_of(config, base))
    store.open(_said(config, container, points))
    write_design(store, design_columns(points, {}, "planned"))
    if work is None:
        work = partial(run_task, base=base, parts=store.parts)
    failed, ran = _run_missing(store, points, config, work, progress)
    write_design(store, design_columns(points, failed, "ok"))
    write_tables(store, points, failed, config.run)
    return Swept(store.folder, points, failed, ran)


def folder_of(config: Configuration, base: Mapping[str, Any]) -> Path:
    """Where the study is kept: as asked, else by what is simulated and the design, so that the same command finds it.

    More replications, other workers or other blocks are the same study.
    """
    sweep = config.study.sweep
    if sweep.folder is not None:
        return Path(sweep.folder)
    name = digest([base, sweep.model_dump(exclude={"block", "folder"})])[:HASH]
    return Path(DEFAULT) / f"{config.scenario.name}-{name}"


def _refuse(config: Configuration) -> None:
    problems = []
    if config.data.intervals is not None:
        problems.append(Problem("study", "sweep does not take data.intervals yet"))
    if config.run.precision:
        problems.append(Problem("run.precision", "a sweep runs run.replications at every point: leave it out"))
    if problems:
        raise InputError(problems)


def _said(config: Configuration, container: Mapping[str, Any], points: Sequence[Point]) -> dict[str, Any]:
    """What study.json says of the study itself."""
    return {
        "scenario": config.scenario.name, "engine": config.engine, "design": config.study.sweep.design,
        "factors": list(config.study.sweep.factors), "points": len(points),
        "different_points": len({point.hash for point in points}), "replications": config.run.replications,
        "seeds": {"run": config.run.seed, "design": config.study.sweep.seed},
        "configuration_sha256": digest(container), "configuration": container,
    }  # fmt: skip


def _run_missing(
    store: Store, points: Sequence[Point], config: Configuration, work: Work, progress: bool
) -> tuple[dict[str, Outcome], int]:
    """Errors by hash and the number of tasks run. Looks again at the end: another process may be at the same study."""
    failed: dict[str, Outcome] = {}
    ran, asked = 0, config.run.replications
    total = asked * len({point.hash for point in points})
    with tqdm(total=total, desc="sweep", unit="run", disable=None if progress else True) as bar:
        while True:
            left = [point for point in points if point.hash not in failed]
            tasks = list(plan(left, asked, config.study.sweep.block, store.finished()))
            if not tasks:
                return failed, ran
            store.drop_results()
            bar.initial = bar.n = total - sum(task.stop - task.first for task in tasks)
            for outcome in _outcomes(store, tasks, config, work):
                bar.update(outcome.task.stop - outcome.task.first)
                if outcome.error and outcome.task.hash not in failed:
                    failed[outcome.task.hash] = outcome
                    _tell(store, outcome)
            ran += len(tasks)


def _outcomes(store: Store, tasks: Sequence[Task], config: Configuration, work: Work) -> Iterator[Outcome]:
    workers = min(config.run.workers or os.cpu_count() or 1, len(tasks))
    if workers > 1:  # compiles once, here, rather than in every worker
        moment = config.run.model_copy(update={"warm_up": 0.0, "measure": 1.0, "end": "cut"})
        simulate(config.model_copy(update={"run": moment}), 0)
    return outcomes(work, tasks, workers, lambda task: store.has(task.name))


def _tell(store: Store, outcome: Outcome) -> None:
    if outcome.trace:
        store.write_text(f"errors/{outcome.task.hash}.txt", outcome.trace)
    values = " ".join(f"{key}={value}" for key, value in outcome.task.values.items())
    tqdm.write(f"error: {values}: {outcome.error.splitlines()[0]}", file=sys.stderr)


def summary(swept: Swept) -> str:
    """One sentence: points, different ones, tasks run, what failed."""
    states = Counter(swept.status(point) for point in swept.points)
    different = len({point.hash for point in swept.points})
    same = "" if different == len(swept.points) else f" ({different:,} different)"
    bad = "".join(f", {states[name]:,} {what}" for name, what in (("mistake", "refused"), ("failed", "failed"))
                  if states[name])  # fmt: skip
    return f"{len(swept.points):,} points{same}, {states['ok']:,} ok{bad}; {swept.tasks:,} tasks run now"

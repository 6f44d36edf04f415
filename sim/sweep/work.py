"""What a worker does: tasks in, outcomes out.

Comes in: tasks as they fall due, and the configurations of their points. Goes out: an `Outcome` for each; writing them
is `parts`' business, so that a worker needs no disk. Small runs that follow each other and are alike are measured
together, whatever tasks they are of: to measure a few contacts alone takes three times as long as to simulate them.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from ..log.tables import Log
from ..measures.observe import Observations, observe
from ..measures.together import at_once, likeness, observe_together, separable
from ..model.centre import Configuration
from ..runs.replicate import simulate
from .configurations import Configurations
from .tasks import Name, Outcome, Sums, Task, together

MOST = 50_000
"""contacts after which no further run is measured with the others: what is fixed no longer matters then"""
LONGEST = 0.1
"""s that runs are gathered, so that little that was simulated is ever lost"""


class Run(NamedTuple):
    """One replication of a task, simulated."""

    task: Task
    config: Configuration
    log: Log


class Failure(NamedTuple):
    """A task that could not be simulated, or not be measured."""

    task: Task
    error: Exception


def run_tasks(
    tasks: Iterable[Task], configurations: Configurations, measures: Collection[str] = ()
) -> Iterator[Outcome]:  # fmt: skip
    """Simulates and takes all measures, or those named; an error becomes the outcome, so that the others go on."""
    parts, answered = list[Sums](), ""
    for group in _gathered(_simulated(tasks, configurations), measures):
        for task, found in _measured(group, measures):
            if task.name == answered:  # it failed before
                continue
            if isinstance(found, Sums):
                parts.append(found)
                if sum(len(part.top) for part in parts) < task.stop - task.first:
                    continue
                yield Outcome(task, sums=together(parts))
            else:
                yield _failed(task, found)
            parts, answered = [], task.name


def _failed(task: Task, error: Exception) -> Outcome:
    if isinstance(error, InputError):
        return Outcome(task, "mistake", "; ".join(str(problem) for problem in error.problems))
    trace = "".join(traceback.format_exception(error))
    return Outcome(task, "failed", f"{type(error).__name__}: {error}", trace)


def _simulated(tasks: Iterable[Task], configurations: Configurations) -> Iterator[Run | Failure]:
    for task in tasks:
        try:
            config = configurations.at(task.values)
            for number in range(task.first, task.stop):
                yield Run(task, config, simulate(config, number))
        except Exception as error:
            yield Failure(task, error)


def _gathered(runs: Iterable[Run | Failure], measures: Collection[str]) -> Iterator[Sequence[Run] | Failure]:
    """Runs that follow each other and can be measured together. None waits while another is simulated if that took
    long, or if it is large: whoever is stopped loses little, and one large log is held at a time."""
    group, contacts, began, alike = list[Run](), 0, time.perf_counter(), None
    for run in runs:
        like = None
        if isinstance(run, Run) and separable(run.config, measures):
            like = likeness(run.log, run.config)
        if group and (like is None or like != alike):
            yield group
            group, contacts = [], 0
        if isinstance(run, Failure):
            yield run
        else:
            alike = like
            group.append(run)
            contacts += run.log.contacts["entity"].size
            late = time.perf_counter() - began > LONGEST
            if not (late or contacts > MOST or len(group) >= at_once(run.log, run.config)):
                continue
            yield group
            group, contacts = [], 0
        began = time.perf_counter()
    if group:
        yield group


def _measured(group: Sequence[Run] | Failure, measures: Collection[str]) -> Iterator[tuple[Task, Sums | Exception]]:
    """The sums of each task's runs; one by one where measuring all of them fails, to know which one it is."""
    if isinstance(group, Failure):
        yield group
        return
    try:
        sums = _sums(group, measures)
    except Exception as error:
        if len(group) == 1:
            yield group[0].task, error
            return
        for run in group:
            yield from _measured([run], measures)
        return
    first = 0
    for _, runs in groupby(group, key=lambda run: run.task.name):
        mine = list(runs)
        yield mine[0].task, sums.of(first, first + len(mine))
        first += len(mine)


def _sums(group: Sequence[Run], measures: Collection[str]) -> Sums:
    if len(group) == 1:
        return sums_of(observe(group[0].log, group[0].config, measures))
    _, configs, logs = zip(*group, strict=True)
    return sums_of(observe_together(logs, configs, measures), len(group))


def sums_of(found: Observations, runs: int = 1) -> Sums:
    """The sums of so many runs whose rows follow each other."""
    names = _names(tuple((*key, table.rows, table.bottom is None) for key, table in found.items()))
    bottoms = (table.top if table.bottom is None else table.bottom for table in found.values())
    both = [[each[:, 0].reshape(runs, -1) for each in part] for part in ((t.top for t in found.values()), bottoms)]
    top, bottom = (np.concatenate(each, axis=1) for each in both)
    return Sums(names, top, bottom, _samples(found, runs))


def _samples(found: Observations, runs: int) -> tuple[tuple[tuple[int, bytes, int], ...], ...]:
    """By run what quantiles are quantiles of, so that those of several replications can be pooled."""
    kept, place = [list[tuple[int, bytes, int]]() for _ in range(runs)], 0
    for table in found.values():
        rows = len(table.rows)
        if table.samples is not None:
            for i, (values, size) in enumerate(zip(table.samples.values, table.samples.sizes, strict=True)):
                kept[i // rows].append((place + i % rows, values.tobytes(), size))
        place += rows
    return tuple(map(tuple, kept))


@lru_cache(maxsize=64)
def _names(tables: tuple[tuple[str, str, tuple[str, ...], bool], ...]) -> tuple[Name, ...]:
    """Cached not for speed alone: one object is pickled once for many outcomes."""
    return tuple((scope, name, measure, total) for scope, measure, rows, total in tables for name in rows)

"""What a worker does: some replications of one point, come back as sums.

Comes in: a `Task`. Goes out: an `Outcome` with the sums of each replication; writing them is `parts`' business, so that
a worker needs no disk. A task needs nothing but its configuration and the numbers of its replications, so its result
depends neither on its neighbours nor on the number of workers.
"""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..measures.observe import Observations, observe
from ..runs.replicate import simulate
from .configurations import Configurations
from .design import Values
from .points import Point

Floats = NDArray[np.float64]
Name = tuple[str, str, str, bool]
"""scope, name, measure, whether it is a total (which has no denominator)"""


@dataclass(frozen=True, slots=True)
class Task:
    """Replications `first` to `stop` - 1 of a point."""

    hash: str
    values: Values
    first: int
    stop: int

    @property
    def name(self) -> str:
        """Unlike that of any other task of the study."""
        return f"{self.hash}-{self.first:07d}-{self.stop:07d}"


@dataclass(frozen=True, slots=True)
class Sums:
    """Numerators and denominators over the whole measured window, (replications, names)."""

    names: tuple[Name, ...]
    top: Floats
    bottom: Floats
    samples: tuple[tuple[tuple[int, bytes, int], ...], ...] = ()
    """by replication: (place among the names, sorted values as bytes of doubles, how many waits they stand for)"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task: ok, mistake (the point's values are refused) or failed (a fault, with its traceback)."""

    task: Task
    status: str = "ok"
    error: str = ""
    trace: str = ""
    sums: Sums | None = None


def plan(
    points: Sequence[Point], replications: int, block: int, done: Mapping[str, AbstractSet[int]]
) -> Iterator[Task]:
    """Tasks for every replication that no part holds yet; equal points count once."""
    for point in {point.hash: point for point in points}.values():
        have = done.get(point.hash, frozenset())
        missing = [number for number in range(replications) if number not in have]
        start = 0
        for i in range(1, len(missing) + 1):
            if i == len(missing) or missing[i] != missing[i - 1] + 1 or i - start == block:
                yield Task(point.hash, point.values, missing[start], missing[i - 1] + 1)
                start = i


def run_task(task: Task, configurations: Configurations, measures: Collection[str] = ()) -> Outcome:
    """Simulates and takes all measures, or those named; an error becomes the outcome, so that the others go on."""
    try:
        config = configurations.at(task.values)
        found = [observe(simulate(config, number), config, measures) for number in range(task.first, task.stop)]
        return Outcome(task, sums=sums_of(found))
    except InputError as error:
        return Outcome(task, "mistake", "; ".join(str(problem) for problem in error.problems))
    except Exception as error:
        return Outcome(task, "failed", f"{type(error).__name__}: {error}", traceback.format_exc())


def sums_of(found: Sequence[Observations]) -> Sums:
    """The sums of some replications of the same configuration."""
    names = _names(tuple((*key, table.rows, table.bottom is None) for key, table in found[0].items()))
    tops, bottoms = zip(*map(_whole_window, found), strict=True)
    return Sums(names, np.array(tops), np.array(bottoms), tuple(_samples(each) for each in found))


def _whole_window(found: Observations) -> tuple[list[float], list[float]]:
    """Numerators and denominators of all rows; numbers and lists, because most tables have one row, for which arrays
    are slow."""
    tops, bottoms = list[float](), list[float]()
    for table in found.values():
        top, bottom = table.top, table.top if table.bottom is None else table.bottom
        if len(top) == 1:
            tops.append(top.item(0))
            bottoms.append(bottom.item(0))
        else:
            tops += top[:, 0].tolist()
            bottoms += bottom[:, 0].tolist()
    return tops, bottoms


def _samples(found: Observations) -> tuple[tuple[int, bytes, int], ...]:
    """What quantiles are quantiles of, so that those of several replications can be pooled."""
    kept, place = [], 0
    for table in found.values():
        if table.samples is not None:
            rows = zip(table.samples.values, table.samples.sizes, strict=True)
            kept += [(place + r, values.tobytes(), size) for r, (values, size) in enumerate(rows)]
        place += len(table.rows)
    return tuple(kept)


@lru_cache(maxsize=64)
def _names(tables: tuple[tuple[str, str, tuple[str, ...], bool], ...]) -> tuple[Name, ...]:
    """Cached not for speed alone: one object is pickled once for many outcomes."""
    return tuple((scope, name, measure, total) for scope, measure, rows, total in tables for name in rows)

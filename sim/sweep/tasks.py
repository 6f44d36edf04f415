"""What workers are asked for, and what they answer: some replications of one point, come back as sums.

Comes in: points. Goes out: a `Task` for what is missing, to which `sim.sweep.work` finds an `Outcome`. A task needs
nothing but its configuration and the numbers of its replications, so its result depends neither on its neighbours nor
on the number of workers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

    def of(self, first: int, stop: int) -> Sums:
        """Those of replications `first` to `stop` - 1."""
        return Sums(self.names, self.top[first:stop], self.bottom[first:stop], self.samples[first:stop])


def together(parts: Sequence[Sums]) -> Sums:
    """Sums of one configuration's replications, those of each part behind those of the part before."""
    if len(parts) == 1:
        return parts[0]
    top, bottom = (np.concatenate([getattr(part, name) for part in parts]) for name in ("top", "bottom"))
    return Sums(parts[0].names, top, bottom, tuple(each for part in parts for each in part.samples))


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

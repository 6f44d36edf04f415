"""Tasks in chunks: one message to a worker for about a quarter of a second of work, however short a task is.

Comes in: tasks, and how long chunks took. Goes out: the next chunk. A chunk that turns out longer than thought is
broken off after the task at hand, and what is left of it comes back, so that little that is finished is ever waiting
and no worker sits on the last long tasks while others idle.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .tasks import Outcome, Task

Work = Callable[[Iterable[Task]], Iterator[Outcome]]
"""an outcome for each task, in their order, though later tasks may be begun before it comes"""
SECONDS = 0.25
"""aimed at; a message to a process costs about 1 ms, to another machine some more"""
LONGEST = 2 * SECONDS
"""after which no further task of a chunk is begun"""
AHEAD = 2
"""chunks for each worker that its share of what is left is cut into, so that all end at about the same time"""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a chunk: outcomes, tasks that were not begun, and how long it took."""

    outcomes: tuple[Outcome, ...]
    left: tuple[Task, ...]
    seconds: float


def do_chunk(tasks: Sequence[Task], work: Work, mark: Callable[[str], None] | None = None) -> Done:
    """Does tasks one after the other; `mark` is told which one is being done, '' at the end."""
    began, mark = time.perf_counter(), mark or (lambda _: None)

    def marked() -> Iterator[Task]:
        """Tasks as they are begun."""
        for task in for_a_time(tasks, LONGEST):
            mark(task.name)
            yield task

    outcomes = tuple(work(marked()))
    mark("")
    return Done(outcomes, tuple(tasks[len(outcomes) :]), time.perf_counter() - began)


def for_a_time(tasks: Iterable[Task], seconds: float) -> Iterator[Task]:
    """Tasks, the first one in any case, for as long as there is time to begin another."""
    began = time.perf_counter()
    for number, task in enumerate(tasks):
        if number and time.perf_counter() - began > seconds:
            return
        yield task


class Chunks:
    """What waits to be done. Begins with single tasks and learns from `heard` how many make a chunk."""

    def __init__(self, tasks: Iterable[Task], workers: int) -> None:
        self.waiting = deque(tasks)
        self.workers = workers
        self._seconds = math.inf  # a task

    def take(self) -> list[Task]:
        """The next chunk; empty if nothing waits."""
        share = math.ceil(len(self.waiting) / (AHEAD * self.workers))
        size = max(1, min(share, math.floor(SECONDS / self._seconds)))
        return [self.waiting.popleft() for _ in range(min(size, len(self.waiting)))]

    def heard(self, done: Done) -> None:
        """Takes back what was not begun, and learns how long a task takes."""
        self.waiting.extendleft(reversed(done.left))
        if done.outcomes:
            seconds = max(done.seconds / len(done.outcomes), 1e-6)
            self._seconds = seconds if math.isinf(self._seconds) else (self._seconds + seconds) / 2

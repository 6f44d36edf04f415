"""Tasks on worker processes that may die: a broken pool is a reason to go on with a new one.

Comes in: tasks and what does one. Goes out: outcomes as they finish. loky gives up all its tasks when one worker is
killed; what was finished is on disk, so only the rest runs again. The tasks that were being done when the pool broke
run again alone: one that breaks its own pool too is to blame and fails, the others go on.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from .tasks import Outcome, Task

Work = Callable[[Task], Outcome]
RETRIES = 3
"""broken pools in a row without a finished task or one to blame, before the rest is given up"""
DIED = "its worker process died, alone too (killed, out of memory or a crash)"


def outcomes(work: Work, tasks: Sequence[Task], workers: int, done: Callable[[Task], bool]) -> Iterator[Outcome]:
    """An outcome for each task, in any order; `done` says whether a task's result is on disk."""
    if workers == 1:
        yield from map(work, tasks)
        return
    left, breaks = {task.name: task for task in tasks}, 0
    with TemporaryDirectory(prefix="switchboard-") as folder:
        marks = Path(folder)
        while left and breaks < RETRIES:
            before = len(left)
            for outcome in _until_broken(partial(_marked, work=work, marks=marks), left.values(), workers):
                del left[outcome.task.name]
                yield outcome
            if left:  # the pool broke
                for outcome in _after_break(work, left, marks, done):
                    del left[outcome.task.name]
                    yield outcome
            breaks = breaks + 1 if len(left) == before else 0
    yield from (Outcome(task, "failed", "worker processes keep dying") for task in left.values())


def _until_broken(work: Work, tasks: Iterable[Task], workers: int) -> Iterator[Outcome]:
    """Outcomes of all tasks, or of some if the pool breaks."""
    from joblib import Parallel, delayed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # loky's notice of a worker that ended when idle
        parallel = Parallel(n_jobs=workers, return_as="generator_unordered", backend="loky")
        try:
            yield from parallel(delayed(work)(task) for task in list(tasks))
        except BrokenProcessPool:
            return


def _after_break(work: Work, left: dict[str, Task], marks: Path, done: Callable[[Task], bool]) -> Iterator[Outcome]:
    """What had finished without being reported, then the suspects, each alone in a pool of its own."""
    suspects = {mark.name for mark in marks.iterdir()}
    for mark in list(marks.iterdir()):
        mark.unlink(missing_ok=True)
    for name, task in list(left.items()):
        if done(task):
            yield Outcome(task)
        elif name in suspects:
            alone = list(_until_broken(work, [task], 2))  # two: with one, joblib would use this process
            yield alone[0] if alone else Outcome(task, "failed", DIED)


def _marked(task: Task, work: Work, marks: Path) -> Outcome:
    """Does a task while a file says that it is being done."""
    mark = marks / task.name
    mark.touch()
    outcome = work(task)
    mark.unlink(missing_ok=True)
    return outcome

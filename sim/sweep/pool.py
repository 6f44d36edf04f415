"""Tasks on worker processes that may die: a broken pool is a reason to go on with a new one.

Comes in: tasks and what does one. Goes out: outcomes as they finish. loky gives up all its tasks when one worker is
killed; what was heard of is kept, only the rest runs again. The tasks that were being done when the pool broke run
again alone: one that breaks its own pool too is to blame and fails, the others go on.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import BinaryIO

from ..runs.workers import parallel
from .chunks import Chunks, Work, do_chunk
from .tasks import Outcome, Task

RETRIES = 3
"""broken pools in a row without a finished task or one to blame, before the rest is given up"""
DIED = "its worker process died, alone too (killed, out of memory or a crash)"
PREFIX = "switchboard-marks-"
WIDTH = 64  # characters of a mark


def outcomes(work: Work, tasks: Sequence[Task], workers: int) -> Iterator[Outcome]:
    """An outcome for each task, in any order."""
    if workers == 1:
        yield from work(tasks)
        return
    left, breaks = {task.name: task for task in tasks}, 0
    remove_forgotten(Path(gettempdir()))
    with TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as folder:
        while left and breaks < RETRIES:
            before = len(left)
            for outcome in _until_broken(work, Chunks(left.values(), workers), Path(folder)):
                del left[outcome.task.name]
                yield outcome
            for outcome in _suspects(work, left, Path(folder)):
                del left[outcome.task.name]
                yield outcome
            breaks = breaks + 1 if len(left) == before else 0
    yield from (Outcome(task, "failed", "worker processes keep dying") for task in left.values())


def remove_forgotten(folder: Path) -> None:
    """Removes the marks of processes of this user that were killed: their names say whose they were."""
    for path in folder.glob(f"{PREFIX}*-*"):
        process = path.name.removeprefix(PREFIX).split("-")[0]
        with suppress(OSError):  # another process may be at the same
            if process.isdigit() and path.stat().st_uid == os.getuid() and not _lives(int(process)):
                for mark in path.iterdir():
                    mark.unlink()
                path.rmdir()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _until_broken(work: Work, chunks: Chunks, marks: Path) -> Iterator[Outcome]:
    """Outcomes of all tasks, or of some if the pool breaks."""
    from joblib import delayed

    do = delayed(partial(do_chunk, work=work, mark=partial(_mark, marks)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # loky's notice of a worker that ended when idle
        try:
            for done in parallel(chunks.workers, batch_size=1)(
                do(chunk) for chunk in iter(chunks.take, [])
            ):  # taken as workers become free
                chunks.heard(done)
                yield from done.outcomes
        except BrokenProcessPool:
            return


def _suspects(work: Work, left: dict[str, Task], marks: Path) -> Iterator[Outcome]:
    """What was being done when a pool broke, each alone in a pool of its own."""
    for name in _marked(marks):
        if name in left:
            alone = list(_until_broken(work, Chunks([left[name]], 2), marks))  # two: one would be this process
            yield alone[0] if alone else Outcome(left[name], "failed", DIED)
    _marked(marks)


def _marked(marks: Path) -> list[str]:
    """What the marks say; they are wiped, not removed, because a process that lives keeps its own open."""
    names = []
    for file in marks.iterdir():
        names.append(file.read_text(encoding="ascii").strip())
        file.write_bytes(b"")
    return names


def _mark(marks: Path, name: str) -> None:
    """Says in this process's file what it is doing."""
    file = _mark_file(marks, os.getpid())
    file.seek(0)
    file.write(name.ljust(WIDTH).encode("ascii"))


@lru_cache(maxsize=1)
def _mark_file(marks: Path, process: int) -> BinaryIO:
    return (marks / str(process)).open("wb", buffering=0)

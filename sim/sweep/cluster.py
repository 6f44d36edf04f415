"""Tasks on the workers of a dask scheduler, on as many machines as it has: dask's one home.

Comes in: tasks, what does one, and the scheduler's address. Goes out: outcomes as they finish, the same as on one
machine; parts are written by the process that asked, so workers need no shared disk. Tasks travel in chunks (see
`chunks`), a few for each worker at a time, so that the scheduler's memory does not grow with the study. A chunk whose
worker died is tried again by the scheduler; one that took several workers with it is cut into single tasks, and a
single task that does so again is to blame and fails, the others go on.

Nothing is loaded from disk: the functions travel by name, so every worker needs the same version of this package, which
is checked at the start.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from ..errors import InputError, Problem
from ..extensions import Source, adopt, sources
from ..model.execution import Exec
from ..provenance import differences, program
from .chunks import Chunks, Done, Work, do_chunk
from .tasks import Outcome, Task

IN_FLIGHT = 3
"""chunks for each worker's thread: one is done, two wait there"""
OFTEN = 5.0
"""seconds after which the workers are counted again"""
DIED = "the worker processes that did it died, alone too (killed, out of memory or a crash)"
MISSING = (
    "exec=dask needs the package 'distributed': pip install 'switchboard-sim[cluster]' (from a clone: '.[cluster]')"
)


def outcomes(work: Work, tasks: Sequence[Task], where: Exec) -> Iterator[Outcome]:
    """An outcome for each task, in any order. Raises InputError if there is no scheduler, or it is lost."""
    from distributed import as_completed
    from distributed.client import FutureCancelledError

    client = _connected(where)
    try:
        threads = _checked(client, where)
        chunks, alone = Chunks(tasks, threads), deque[list[Task]]()
        do = partial(_do, sources(), work=work)
        running: dict[str, list[Task]] = {}  # by key of a future

        def send() -> Any:
            """Sends the next chunk to the scheduler; None if nothing waits."""
            chunk = alone.popleft() if alone else chunks.take()
            if not chunk:
                return None
            future = client.submit(do, chunk, pure=False)
            running[future.key] = chunk
            return future

        ready = as_completed([future for _ in range(IN_FLIGHT * threads) if (future := send())], loop=client.loop)
        look_again = time.monotonic() + OFTEN
        for future in ready:
            if time.monotonic() > look_again:  # workers come and go
                chunks.workers, look_again = _threads(client), time.monotonic() + OFTEN
            chunk = running.pop(future.key)
            if future.status == "cancelled":
                raise FutureCancelledError(future.key, "the scheduler is gone")
            yield from _heard(future, chunk, chunks, alone)
            while len(running) < IN_FLIGHT * chunks.workers and (new := send()):
                ready.add(new)
    except (FutureCancelledError, OSError) as error:
        what = f"lost the scheduler ({error}); what is finished is on disk, the same command goes on from there"
        raise InputError(Problem("exec.address", what)) from None
    finally:
        client.close()


def _program_there(extensions: tuple[Source, ...]) -> dict[str, Any]:
    """What a worker's program is, once it has the extensions of whoever asks: in one message, for workers may join
    between two."""
    adopt(extensions)
    return program()


def _do(extensions: tuple[Source, ...], chunk: Sequence[Task], work: Work) -> Done:
    """A chunk, on a worker that may have come after the others: it gets the extensions of whoever asks."""
    adopt(extensions)
    return do_chunk(chunk, work)


def _heard(future: Any, chunk: list[Task], chunks: Chunks, alone: deque[list[Task]]) -> Iterator[Outcome]:
    """The outcomes of a chunk; if it took its workers with it, its tasks go on one by one."""
    from distributed import KilledWorker

    error = future.exception() if future.status == "error" else None
    if error is None:
        done: Done = future.result()
        chunks.heard(done)
        yield from done.outcomes
    elif not isinstance(error, KilledWorker):
        raise error
    elif len(chunk) == 1:
        yield Outcome(chunk[0], "failed", DIED)
    else:
        alone.extend([task] for task in chunk)


def check(where: Exec) -> None:
    """Raises InputError for what would stop a study: no package, no scheduler, no workers, other versions there."""
    client = _connected(where)
    try:
        _checked(client, where)
    finally:
        client.close()


def _connected(where: Exec) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise InputError(Problem("exec", MISSING)) from None
    try:
        return Client(where.address, timeout=where.timeout, set_as_default=False)
    except (OSError, ValueError) as error:
        what = f"no scheduler answers within {where.timeout:g} s ({error}); start one with 'dask scheduler'"
        raise InputError(Problem(f"exec.address={where.address}", what)) from None


def _checked(client: Any, where: Exec) -> int:
    """The number of the workers' threads; raises InputError if there are none or they have another version."""
    try:
        client.wait_for_workers(1, timeout=where.timeout)
    except TimeoutError:
        what = f"the scheduler has no workers within {where.timeout:g} s; start some with 'dask worker {where.address}'"
        raise InputError(Problem("exec.address", what)) from None
    problems = set()
    for worker, theirs in client.run(_program_there, sources(), on_error="return").items():
        if isinstance(theirs, Exception):
            problems.add(f"worker {worker} cannot run this simulator ({theirs}): install it there")
        elif other := differences(theirs):
            problems.add(f"worker {worker} would not give the same results: {', '.join(other)}")
    if problems:
        raise InputError([Problem("exec.address", problem) for problem in sorted(problems)])
    return _threads(client)


def _threads(client: Any) -> int:
    return max(1, sum(int(count) for count in client.nthreads().values()))

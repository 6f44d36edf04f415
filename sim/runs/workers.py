"""Worker processes of this machine, which never outlive the command that started them.

Comes in: how many. Goes out: joblib's Parallel. joblib's workers wait for minutes for more work, and nothing tells them
that their parent was killed; so each has a thread that looks. Linux could signal the death of a parent, but it is that
of the parent's *thread* which counts there, and loky starts workers from threads that end.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from typing import Any

from ..extensions import Source, adopt, sources

LOOK = 1.0
"""s between two looks"""


def parallel(workers: int, **options: Any) -> Any:
    """joblib's Parallel on processes, whose results come as they finish."""
    from joblib import Parallel

    return Parallel(
        n_jobs=workers, return_as="generator_unordered", backend="loky", initializer=_begin,
        initargs=(os.getpid(), sources()), **options,
    )  # fmt: skip


def _begin(parent: int, extensions: tuple[Source, ...]) -> None:
    """What a worker does first: it imports all that a task needs, and keeps it out of Python's search for rubbish,
    which would go through it again and again."""
    watch_parent(parent)
    gc.disable()
    adopt(extensions)
    from . import replicate  # noqa: F401 (what it imports in its turn is most of what there is)

    gc.freeze()
    gc.enable()


def watch_parent(parent: int) -> None:
    """Ends this process soon after its parent has ended."""
    threading.Thread(target=_watch, args=(parent,), name="watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)

"""Replications in threads of this process, for an engine that lets go of the interpreter's lock.

Comes in: a configuration and what to make of each log. Goes out: what was made, as it comes. Beside worker processes
this saves starting them (some 0.9 CPU seconds each: imports, machine code) and sending results.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from ..model.centre import Configuration


def in_threads(
    one: Callable[[Configuration, int], Any], config: Configuration, numbers: Sequence[int], workers: int
) -> Iterator[Any]:
    """What `one` makes of each replication, as they finish; those not begun are given up with the iterator."""
    local = threading.local()

    def with_a_copy(number: int) -> Any:
        """One replication, on this thread's own copy of the configuration: engines prepare each object once."""
        if not hasattr(local, "config"):
            local.config = config.model_copy()
        return one(local.config, number)

    pool, finished = ThreadPoolExecutor(workers, "replications"), False
    try:
        for future in as_completed([pool.submit(with_a_copy, number) for number in numbers]):
            yield future.result()
        finished = True
    finally:
        pool.shutdown(wait=finished, cancel_futures=True)

"""Pictures drawn in processes of their own, two at a time, while this one writes tables.

Comes in: what draws each picture. Goes out: nothing but the files; what fails apart is drawn once more here, so that
its mistake is raised where it can be said. Processes are copies of this one (fork), which have Matplotlib already: a
fresh process would import for longer than it draws. Copies are safe on Linux and while no other thread runs; elsewhere,
and where one core was asked for, everything is drawn here.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

Task = Callable[[], object]


class Drawing:
    """Pictures under way, by name."""

    def __init__(self, tasks: Mapping[str, Task], workers: int | None) -> None:
        self._tasks = dict(tasks)
        apart = min(workers or os.cpu_count() or 1, 2, len(tasks))
        self._apart: list[tuple[list[str], Any]] = []
        if apart > 1 and sys.platform == "linux" and threading.active_count() == 1:
            context = multiprocessing.get_context("fork")
            for first in range(apart):
                mine = list(tasks)[first::apart]
                process = context.Process(target=_draw, args=([tasks[name] for name in mine],), daemon=True)
                process.start()
                self._apart.append((mine, process))

    def finish(self) -> None:
        """Waits for what is drawn apart, and draws the rest here; raises what drawing raises."""
        for mine, process in self._apart:
            process.join()
            if process.exitcode == 0:
                for name in mine:
                    del self._tasks[name]
        self._apart.clear()
        for name in list(self._tasks):
            self._tasks.pop(name)()


def _draw(tasks: list[Task]) -> None:
    """What a copy does; whether it could is its exit code."""
    try:
        for task in tasks:
            task()
    except BaseException:
        os._exit(1)
    os._exit(0)

"""Pictures drawn in processes of their own, two beside this one, while this one writes tables.

Comes in: what draws each picture. Goes out: nothing but the files; what fails apart is drawn once more here, so that
its mistake is raised where it can be said. Processes are copies of this one (fork), which have Matplotlib already: a
fresh process would import for longer than it draws. Copies are safe on Linux and while no other thread runs; elsewhere,
and where one core was asked for, everything is drawn here.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Task = Callable[[], object]
MOST = 256
"""pictures that are handed out; any more are drawn here"""


class Drawing:
    """Pictures under way, by name.

    They are handed out through a pipe that holds the number of each as a byte: whoever is free, this process among
    them once it waits, reads one and draws that picture.
    """

    def __init__(self, tasks: Mapping[str, Task], workers: int | None) -> None:
        self._left = dict(tasks)
        self._names = list(tasks)
        self._processes: list[Any] = []
        apart = min(workers or os.cpu_count() or 1, 2, len(tasks))
        if apart > 1 and sys.platform == "linux" and threading.active_count() == 1:
            self._hand_out(apart)

    def _hand_out(self, processes: int) -> None:
        context = multiprocessing.get_context("fork")
        (self._tickets, give), (self._done, say) = os.pipe(), os.pipe()
        os.write(give, bytes(range(len(self._names[:MOST]))))
        os.close(give)
        tasks = list(self._left.values())
        for _ in range(processes):
            process = context.Process(target=_draw, args=(tasks, self._tickets, say), daemon=True)
            process.start()
            self._processes.append(process)
        os.close(say)

    def finish(self) -> None:
        """Draws what nobody has begun, waits, and draws what failed apart; raises what drawing raises."""
        if self._processes:
            try:
                for number in _numbers(self._tickets):
                    self._left.pop(self._names[number])()
            finally:
                self._wait()
        for name in list(self._left):
            self._left.pop(name)()

    def _wait(self) -> None:
        """Until all that was begun apart is drawn, or has failed."""
        for number in _numbers(self._done):
            del self._left[self._names[number]]
        for process in self._processes:
            process.join()
        self._processes.clear()
        os.close(self._tickets)
        os.close(self._done)


def _numbers(pipe: int) -> Iterator[int]:
    """What a pipe holds, until it is empty and nobody writes to it."""
    while byte := os.read(pipe, 1):
        yield byte[0]


def _draw(tasks: Sequence[Task], tickets: int, say: int) -> None:
    """What a copy does: it says what it has drawn, and ends without ado, at the latest when something fails. It is too
    short-lived to look for rubbish."""
    gc.disable()
    try:
        for number in _numbers(tickets):
            tasks[number]()
            os.write(say, bytes([number]))
    finally:
        os._exit(0)

"""Pictures drawn in processes of their own, while this one writes tables.

Comes in: what draws each picture. Goes out: nothing but the files; what fails apart is drawn once more here, so that
its mistake is raised where it can be said. Processes are copies (fork): the first is one of this process and imports
Matplotlib, the others are copies of that one, for a fresh process would import for longer than it draws. Copies are
safe on Linux and while no other thread runs; elsewhere, and where one core was asked for, everything is drawn here.
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
MOST = 4
"""processes; there is one more than cores, so that none waits for the longest picture"""
HANDED_OUT = 256
"""pictures; any more are drawn here"""


class Drawing:
    """Pictures under way, by name.

    They are handed out through a pipe that holds the number of each as a byte: whoever is free reads one and draws that
    picture. `prepare` is done once, before the first.
    """

    def __init__(self, tasks: Mapping[str, Task], workers: int | None, prepare: Task = bool) -> None:
        self._left = dict(tasks)
        self._process: Any = None
        cores = workers or os.cpu_count() or 1
        if cores > 1 and len(tasks) > 1 and sys.platform == "linux" and threading.active_count() == 1:
            self._hand_out(min(cores + 1, len(tasks), MOST), prepare)

    def _hand_out(self, processes: int, prepare: Task) -> None:
        (waiting, give), (self._done, say) = os.pipe(), os.pipe()
        os.write(give, bytes(range(min(len(self._left), HANDED_OUT))))
        os.close(give)
        words = (list(self._left.values()), processes, prepare, waiting, say)
        self._process = multiprocessing.get_context("fork").Process(target=_draw, args=words, daemon=True)
        self._process.start()
        os.close(waiting)
        os.close(say)

    def finish(self) -> None:
        """Waits, and draws what was not drawn apart; raises what drawing raises."""
        if self._process is not None:
            names = list(self._left)
            for number in _numbers(self._done):
                del self._left[names[number]]
            self._process.join()
            os.close(self._done)
            self._process = None
        for name in list(self._left):
            self._left.pop(name)()


def _numbers(pipe: int) -> Iterator[int]:
    """What a pipe holds, until it is empty and nobody is left who writes to it."""
    while byte := os.read(pipe, 1):
        yield byte[0]


def _draw(tasks: Sequence[Task], processes: int, prepare: Task, waiting: int, say: int) -> None:
    """What a copy does: it says what it has drawn, and ends without ado, at the latest when something fails. It is too
    short-lived to look for rubbish."""
    gc.disable()
    copies: list[int] = []
    try:
        prepare()
        while len(copies) < processes - 1:
            copy = os.fork()
            if not copy:
                copies.clear()
                break
            copies.append(copy)
        for number in _numbers(waiting):
            tasks[number]()
            os.write(say, bytes([number]))
    finally:
        for copy in copies:
            os.waitpid(copy, 0)
        os._exit(0)

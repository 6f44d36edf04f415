"""What machine code works on in one run, taken over from runs that are over: to make it takes longer than a short run.

Comes in: the model of a prepared configuration, and the key of a replication. Goes out: the model with this key, and a
state at its start. Points of a sweep may have staff of their own, so that states of many sizes are kept.
"""

from __future__ import annotations

from threading import Lock

from .blocks import Placed
from .bundle import changed, with_numbers
from .model import Model
from .state import TABLES, Size, State, empty, no_rows, restart

MOST = 32
"""that are kept"""
LARGEST = 1 << 28
"""bytes of tables that are kept"""


class Memory:
    """Model and state of one run."""

    def __init__(self, of: Model, model: Model, size: Size, state: Placed[State]) -> None:
        """`of` is the model with any key."""
        self.of, self.model, self.size, self.state = of, model, size, state
        self.bytes = 0
        """of the tables that grow, once the run is over"""

    def over(self, state: State, live: State) -> Memory:
        """The same as the run is over, which has left the state so."""
        self.state.values, self.state.live = state, live
        self.bytes = sum(getattr(state, name).nbytes for name in TABLES)
        return self


class Spares:
    """Those of runs that are over, the last one last; threads share them."""

    def __init__(self) -> None:
        self._kept: list[Memory] = []
        self._lock = Lock()

    def memory(self, of: Model, size: Size, seed: int, replication: int) -> Memory:
        """That of a replication at its start; `of` is its model as machine code takes it, with any key."""
        key, spare = {"seed": seed, "replication": replication}, self._taken(size)
        model = changed(of, **key) if spare is None or spare.of is not of else with_numbers(spare.model, **key)
        if spare is None:
            return Memory(of, model, size, empty(size, no_rows()))
        if spare.size == size:
            restart(spare.state)
            return Memory(of, model, size, spare.state)
        return Memory(of, model, size, empty(size, {name: getattr(spare.state.values, name) for name in TABLES}))

    def _taken(self, size: Size) -> Memory | None:
        """The last one of this size; else, where there are many, the oldest."""
        with self._lock:
            for place in reversed(range(len(self._kept))):
                if self._kept[place].size == size:
                    return self._kept.pop(place)
            return self._kept.pop(0) if len(self._kept) == MOST else None

    def keep(self, memory: Memory) -> None:
        """Whose run is over; older ones, of other models, are given up where there is no room for them."""
        if memory.bytes > LARGEST:
            return
        with self._lock:
            kept = self._kept
            kept.append(memory)
            while len(kept) > MOST or (sum(each.bytes for each in kept) > LARGEST and kept[0].of is not memory.of):
                del kept[0]

    def clear(self) -> None:
        """Gives all up."""
        self._kept.clear()

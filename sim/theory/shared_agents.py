"""Several agents who hold several chats each: rates and the table of speeds come in; waits, leavers and open chats go
out. Times are in any one unit and rates per that unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil, log

from sim.theory.chains import stationary_chain
from sim.theory.checks import array, positive, whole

LARGEST_TAIL = 1e-13
Loads = tuple[tuple[int, ...], int]
"""Open chats of each agent, most first, and chats waiting."""


@dataclass(frozen=True)
class SharedAgents:
    """`agents` who each work on up to k = len(speeds) chats at once, with exponential work; a chat goes to the least
    loaded agent, or waits, first come first served, with exponential patience (None: for ever).

    speeds[n-1] is the total work that an agent with n open chats does per time unit. A Markov chain on the loads, cut
    where the queue's tail is below 1e-13; one agent without abandonment is `SharedAgent`.
    Raises ValueError for bad inputs, and for endless patience where rate x mean_work >= agents x speeds[-1].
    Source: the chain of Tezcan and Zhang, Operations Research 62 (2014), with few agents.
    """

    rate: float
    mean_work: float
    speeds: tuple[float, ...]
    agents: int
    mean_patience: float | None = None

    def __post_init__(self) -> None:
        positive("rate", self.rate)
        positive("mean_work", self.mean_work)
        whole("agents", self.agents, 1)
        for n, speed in enumerate(array("speeds", self.speeds)):
            positive(f"speeds[{n}]", float(speed))
        if self.mean_patience is not None:
            positive("mean_patience", self.mean_patience)
        elif self.rate >= self._fastest:
            raise ValueError(f"rate: must be below {self._fastest:g} where nobody leaves, got {self.rate!r}")

    @property
    def _fastest(self) -> float:
        return self.agents * self.speeds[-1] / self.mean_work

    @property
    def _longest(self) -> int:
        """Waiting chats beyond which there is nothing to count."""
        if self.mean_patience is None:
            return ceil(log(LARGEST_TAIL) / log(self.rate / self._fastest))
        queue, weight = 0, 1.0
        while weight > LARGEST_TAIL or self.rate * self.mean_patience > queue:
            queue += 1
            weight *= self.rate / (self._fastest + queue / self.mean_patience)
        return queue

    def _moves(self, state: Loads, longest: int) -> Iterator[tuple[float, Loads]]:
        loads, waiting = state
        full = loads[-1] == len(self.speeds)
        if not full:
            yield self.rate, (_sorted((*loads[:-1], loads[-1] + 1)), 0)
        elif waiting < longest:
            yield self.rate, (loads, waiting + 1)
        if waiting and self.mean_patience is not None:
            yield waiting / self.mean_patience, (loads, waiting - 1)
        for i, n in enumerate(loads):
            if n and waiting:
                yield self.speeds[n - 1] / self.mean_work, (loads, waiting - 1)
            elif n:
                yield self.speeds[n - 1] / self.mean_work, (_sorted((*loads[:i], n - 1, *loads[i + 1 :])), 0)

    @cached_property
    def _chances(self) -> dict[Loads, float]:
        longest = self._longest
        return stationary_chain(((0,) * self.agents, 0), lambda state: self._moves(state, longest))

    @property
    def p_wait(self) -> float:
        """Share that finds every slot taken."""
        return sum(p for (loads, _), p in self._chances.items() if loads[-1] == len(self.speeds))

    @property
    def mean_queue(self) -> float:
        """Mean number waiting for a slot."""
        return sum(p * waiting for (_, waiting), p in self._chances.items())

    @property
    def mean_wait(self) -> float:
        """Mean wait for a slot, of all, served or not (Little's law)."""
        return self.mean_queue / self.rate

    @property
    def p_abandon(self) -> float:
        """Share that leaves unserved."""
        return 0.0 if self.mean_patience is None else self.mean_wait / self.mean_patience

    @property
    def mean_open(self) -> float:
        """Mean number of open chats, of all agents."""
        return sum(p * sum(loads) for (loads, _), p in self._chances.items())

    @property
    def mean_in_chat(self) -> float:
        """Mean time from slot to end, of the served (Little's law)."""
        return self.mean_open / (self.rate * (1 - self.p_abandon))

    @property
    def occupancy(self) -> float:
        """Share of agents' time with a chat open."""
        busy = sum(p * sum(n > 0 for n in loads) for (loads, _), p in self._chances.items())
        return busy / self.agents


def _sorted(loads: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(loads, reverse=True))

"""Agents: who is on duty, how much each holds, when each was last free. No lines and no contacts here.

Agents are numbered over all pools; `first[p]` is the first of pool p. What the compiled rules read are arrays; `_load`
and the like are the same memory, in which Python reads and writes single cells two or three times as fast.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from ...coded.lines import Desks
from ...log.tables import DUTY_COLUMNS, Rows
from ...rules import decisions as rules


def cells(array: NDArray[Any]) -> Any:
    """The same memory, in which Python reads and writes single cells two or three times as fast as by NumPy's index."""
    return memoryview(array)  # type: ignore[arg-type]


class Staff:
    """Agents of all pools: duty, load in units of capacity, idle counts, and the log of duties."""

    def __init__(self, env: simpy.Environment, desks: Desks, pool_sizes: list[int], counts_work: bool) -> None:
        self.env, self.counts_work = env, counts_work
        self.first = [int(n) for n in np.cumsum([0, *pool_sizes])]
        agents = self.first[-1]
        self.pool_of: list[int] = np.repeat(np.arange(len(pool_sizes)), pool_sizes).tolist()
        self.capacity = np.repeat(desks.capacity, pool_sizes).astype(np.int64)
        self.duty = np.zeros(agents, dtype=np.bool_)
        self.load = np.zeros(agents, dtype=np.int64)
        self.since, self.came = np.zeros(agents), np.zeros(agents)
        self.worked, self.busy_since = np.zeros(agents), np.zeros(agents)
        self._duty, self._load, self._since = cells(self.duty), cells(self.load), cells(self.since)
        self.idle = [0] * len(pool_sizes)
        """agents on duty who hold nothing, by pool"""
        self.staffed = [0] * len(pool_sizes)
        self.left = [0.0] * agents
        self.finishing = [False] * agents
        self.spells = [0] * agents
        """spells of duty begun and not ended: two at midnight, between shifts to 24:00 and from 00:00"""
        self.duties = Rows(DUTY_COLUMNS)
        self.on_free: Callable[[int], None] = lambda agent: None
        """an agent on duty has room"""

    def occupy(self, agent: int, units: int) -> None:
        """An agent on duty holds one contact more."""
        if self._load[agent] == 0:
            self.idle[self.pool_of[agent]] -= 1
            if self.counts_work:
                self.busy_since[agent] = self.env.now
        self._load[agent] += units

    def free(self, agent: int, units: int) -> None:
        """The agent holds one contact less, and takes what waits; or is gone, if that was the last after the shift."""
        self._load[agent] -= units
        self._since[agent] = self.env.now
        if self.counts_work and self._load[agent] == 0:
            self.worked[agent] += self.env.now - self.busy_since[agent]
        if self._duty[agent]:
            if self._load[agent] == 0:
                self.idle[self.pool_of[agent]] += 1
            self.on_free(agent)
        elif self._load[agent] == 0 and self.finishing[agent]:
            self._gone(agent)

    def busy_so_far(self) -> NDArray[np.float64]:
        """Time that each agent was busy since the shift began, s; kept only for the rule that asks for it."""
        return np.asarray(self.worked + np.where(self.load > 0, self.env.now - self.busy_since, 0.0))

    def set_count(self, pool: int, count: int) -> None:
        """A pool staffed by count has `count` agents on duty from now on."""
        first, last = self.first[pool], self.first[pool + 1]
        while self.staffed[pool] > count:
            self.send_home(rules.surplus_agent(first, last, self.duty, self.load))
        while self.staffed[pool] < count:
            self.bring_in(rules.absent_agent(first, last, self.duty))

    def bring_in(self, agent: int) -> None:
        """An agent comes on duty and takes a waiting contact; one who is still finishing goes on as if never gone."""
        pool = self.pool_of[agent]
        self.spells[agent] += 1
        if self.duty[agent]:
            return
        if self.finishing[agent]:
            self._gone(agent)
        self.duty[agent] = True
        self.came[agent] = self.busy_since[agent] = self.env.now
        self.worked[agent] = 0.0
        self.staffed[pool] += 1
        if self.load[agent] == 0:
            self.since[agent] = self.env.now
            self.idle[pool] += 1
        if self.load[agent] < self.capacity[agent]:
            self.on_free(agent)

    def send_home(self, agent: int) -> None:
        """An agent goes off duty, finishing first what it holds."""
        self.spells[agent] -= 1
        if self.spells[agent] > 0:
            return
        pool = self.pool_of[agent]
        self.duty[agent] = False
        self.left[agent] = self.env.now
        self.staffed[pool] -= 1
        if self.load[agent] == 0:
            self.idle[pool] -= 1
            self._gone(agent)
        else:
            self.finishing[agent] = True

    def _gone(self, agent: int) -> None:
        self.finishing[agent] = False
        self.duties.add(self.pool_of[agent], agent, float(self.came[agent]), self.left[agent], self.env.now)

    def close(self) -> None:
        """Log the duties that are not over."""
        for agent in range(self.first[-1]):
            if self.duty[agent] or self.finishing[agent]:
                left = self.env.now if self.duty[agent] else self.left[agent]
                self.duties.add(self.pool_of[agent], agent, float(self.came[agent]), left, self.env.now)

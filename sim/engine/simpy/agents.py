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
from ...rules.staff import GOES, LEAVES, RESTS, is_on_shift, waits_for_the_first, when_done
from .falls import Fall
from .free_agents import FreeAgents
from .pauses import Pauses


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
        self.cells = self._duty, self._load, self._since = cells(self.duty), cells(self.load), cells(self.since)
        self.room_for_one = (self.capacity - 1).tolist()
        """by agent: the load up to which there is room"""
        self.idle = [0] * len(pool_sizes)
        """agents on duty who hold nothing, by pool"""
        self.staffed = [0] * len(pool_sizes)
        self.left = [0.0] * agents
        self.finishing = [False] * agents
        self.spells = [0] * agents
        """spells of duty begun and not ended: two at midnight, between shifts to 24:00 and from 00:00"""
        self.duties = Rows(DUTY_COLUMNS)
        self.free_agents = FreeAgents(self, desks.rank.tolist(), desks.capacity.tolist())
        self.pauses = Pauses(self, agents)
        self.falls = [Fall() for _ in pool_sizes]
        """by pool where whoever is free first leaves: what is still to leave"""
        self.moved: Callable[[int], None] = lambda agent: None
        """an agent holds something else than before, or its duty began or ended: for rules that keep an order of it"""
        self.on_free: Callable[[int], None] = lambda agent: None
        """an agent on duty has room"""
        self.on_last: Callable[[int], None] = lambda agent: None
        """an agent who finishes after the end of duty has room"""

    def occupy(self, agent: int, units: int) -> None:
        """An agent holds one contact more."""
        if self._load[agent] == 0:
            if self._duty[agent]:
                self.idle[self.pool_of[agent]] -= 1
            if self.counts_work:
                self.busy_since[agent] = self.env.now
        load = self._load[agent] = self._load[agent] + units
        self.moved(agent)
        if load <= self.room_for_one[agent]:
            self.free_agents.note(agent)

    def free(self, agent: int, units: int) -> None:
        """The agent holds one contact less, and takes what waits; or is gone, if that was the last after the shift."""
        self._load[agent] -= units
        self._since[agent] = self.env.now
        if self.counts_work and self._load[agent] == 0:
            self.worked[agent] += self.env.now - self.busy_since[agent]
        self.moved(agent)
        if self._duty[agent]:
            if self._load[agent] == 0:
                self.idle[self.pool_of[agent]] += 1
            self._has_room(agent)
        else:
            if self.finishing[agent]:
                self.on_last(agent)
            if self._load[agent] == 0:
                self._last_is_done(agent)

    def _has_room(self, agent: int) -> None:
        """An agent on duty with room takes what waits; with room left, it is found by who comes."""
        self.on_free(agent)
        if self._load[agent] <= self.room_for_one[agent]:
            self.free_agents.note(agent)

    def _last_is_done(self, agent: int) -> None:
        """An agent off duty has nothing in hand any more: a break begins, one who was to leave leaves."""
        fall = self.falls[self.pool_of[agent]]
        next_step = when_done(self.pauses.due[agent], self.finishing[agent], bool(fall.still))
        if next_step == RESTS:
            self.pauses.rest(agent)
        elif next_step == GOES:
            self._gone(agent)
        elif next_step == LEAVES:
            fall.still.discard(agent)
            self.spells[agent] -= 1
            self.left[agent] = fall.since.popleft()
            self.finishing[agent] = True
            self.on_last(agent)
            if self._load[agent] == 0:
                self._gone(agent)
            if not fall.since:
                self._go_on(fall)

    def _go_on(self, fall: Fall) -> None:
        """As many have left as should: the others take contacts again."""
        staying, fall.still = sorted(fall.still), set()
        for agent in staying:
            self.duty[agent] = True
            self.moved(agent)
        for agent in staying:
            if self.load[agent] < self.capacity[agent]:
                self._has_room(agent)

    def busy_so_far(self) -> NDArray[np.float64]:
        """Time that each agent was busy since the shift began, s; kept only for the rule that asks for it."""
        return np.asarray(self.worked + np.where(self.load > 0, self.env.now - self.busy_since, 0.0))

    def set_count(self, pool: int, count: int, first_free: bool = False) -> None:
        """A pool staffed by count has `count` agents on duty from now on; `first_free`: of those who are busy when it
        falls, whoever is free first leaves."""
        first, last, fall = self.first[pool], self.first[pool + 1], self.falls[pool]
        agent = rules.NOBODY
        while self.staffed[pool] > count:
            agent = rules.surplus_agent(first, last, self.duty, self.load, agent)
            if waits_for_the_first(first_free, agent, int(self.load[agent]) if agent != rules.NOBODY else 0):
                self._wait_for_the_first(pool, self.staffed[pool] - count)
            else:
                self.send_home(agent)
        while self.staffed[pool] < count and fall.since:
            fall.since.pop()
            self.staffed[pool] += 1
            if not fall.since:
                self._go_on(fall)
        agent = first - 1
        while self.staffed[pool] < count:
            agent = rules.absent_agent(agent + 1, last, self.duty)
            self.bring_in(agent)

    def _wait_for_the_first(self, pool: int, surplus: int) -> None:
        """All on duty are busy: the first of them to be free leave, and until so many have left nobody takes
        anything."""
        fall = self.falls[pool]
        fall.since.extend([self.env.now] * surplus)
        self.staffed[pool] -= surplus
        for agent in range(self.first[pool], self.first[pool + 1]):
            if self.duty[agent]:
                self.duty[agent] = False
                self.moved(agent)
                fall.still.add(agent)

    def bring_in(self, agent: int) -> None:
        """An agent comes on duty and takes a waiting contact; one who is still finishing goes on as if never gone."""
        self.spells[agent] += 1
        if is_on_shift(bool(self.duty[agent]), self.pauses.resting(agent), self.pauses.due[agent]):
            return
        if self.finishing[agent]:
            self._gone(agent)
        self.come_on(agent)

    def come_on(self, agent: int) -> None:
        """An agent is on duty from now on, and takes what waits."""
        pool = self.pool_of[agent]
        self.duty[agent] = True
        self.came[agent] = self.busy_since[agent] = self.env.now
        self.worked[agent] = 0.0
        self.staffed[pool] += 1
        if self.load[agent] == 0:
            self.since[agent] = self.env.now
            self.idle[pool] += 1
        self.moved(agent)
        if self.load[agent] < self.capacity[agent]:
            self._has_room(agent)

    def send_home(self, agent: int) -> None:
        """An agent goes off duty, finishing first what it holds; what is left of a break is not taken."""
        self.spells[agent] -= 1
        if self.spells[agent] > 0:
            return
        if self.pauses.ends_with_the_shift(agent):
            return
        if self.duty[agent]:
            self.go_off(agent)
        self.left[agent] = self.env.now
        if self.load[agent] == 0:
            self._gone(agent)
        else:
            self.finishing[agent] = True

    def go_off(self, agent: int) -> None:
        """An agent takes nothing new from now on."""
        pool = self.pool_of[agent]
        self.duty[agent] = False
        self.moved(agent)
        self.staffed[pool] -= 1
        if self.load[agent] == 0:
            self.idle[pool] -= 1

    def _gone(self, agent: int) -> None:
        self.finishing[agent] = False
        self.write_duty(agent, self.left[agent], self.env.now)

    def write_duty(self, agent: int, left: float, released: float) -> None:
        """A row of the log: a spell of duty that is over, and how much of a break the end of the shift cut off."""
        missed, self.pauses.missed[agent] = self.pauses.missed[agent], 0.0
        self.duties.add(self.pool_of[agent], agent, float(self.came[agent]), left, released, missed)

    def close(self) -> None:
        """Log the duties that are not over."""
        now = self.env.now
        for fall in self.falls:
            for agent in sorted(fall.still, reverse=True):  # who of them would have left is not known
                self.write_duty(agent, fall.since.popleft() if fall.since else now, now)
        for agent in range(self.first[-1]):
            if self.duty[agent] or self.pauses.due[agent] > 0.0:
                self.write_duty(agent, now, now)
            elif self.finishing[agent]:
                self.write_duty(agent, self.left[agent], now)
            elif self.pauses.resting(agent):
                self.write_duty(agent, self.pauses.since[agent], self.pauses.since[agent])

"""The desk: waiting lines, agents, and who takes whom. All its work is synchronous; no event of its own.

Comes in: contacts that join, agents who come, go and finish. Goes out: timers for ends of service, wrap-up and
patience, on which the customers' processes wait. Decisions are `sim.engine.rules`; here is only the bookkeeping that
they need.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from math import inf
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from .. import rules
from ..log import DUTY_COLUMNS, Rows
from ..tables import Tables
from .clock import PATIENCE, RELEASE, TIMER, Timer, hand_over
from .people import Contact


def cells(array: NDArray[Any]) -> Any:
    """The same memory, in which Python reads and writes single cells two or three times as fast as by NumPy's index."""
    return memoryview(array)  # type: ignore[arg-type]


class Desk:
    """Lines and agents of all pools. Agents are numbered over all pools; `first[p]` is the first of pool p."""

    def __init__(self, env: simpy.Environment, tables: Tables, pool_sizes: list[int], ageing: float) -> None:
        self.env, self.tables, self.ageing = env, tables, ageing
        self.first = [int(n) for n in np.cumsum([0, *pool_sizes])]
        agents = self.first[-1]
        self.pool_of: list[int] = np.repeat(np.arange(len(pool_sizes)), pool_sizes).tolist()
        self.duty = np.zeros(agents, dtype=np.bool_)
        self.load = np.zeros(agents, dtype=np.int64)
        self.since = np.zeros(agents)
        self._duty, self._load, self._since = cells(self.duty), cells(self.load), cells(self.since)
        self.idle = [0] * len(pool_sizes)
        """free agents on duty, by pool"""
        self.staffed = [0] * len(pool_sizes)
        self.came = [0.0] * agents
        self.left = [0.0] * agents
        self.finishing = [False] * agents
        self.spells = [0] * agents
        """spells of duty begun and not ended: two at midnight, between shifts to 24:00 and from 00:00"""
        self.duties = Rows(DUTY_COLUMNS)
        lines = tables.line_channel.size
        self.lines: list[deque[Contact]] = [deque() for _ in range(lines)]
        self.waiting = [0] * len(tables.channels)
        self.head_time = np.full(lines, inf)
        self.head_order = np.full(lines, inf)
        self._head_time, self._head_order = cells(self.head_time), cells(self.head_order)
        self.line_of: list[list[list[int]]] = tables.line_of.tolist()
        self.pool_lines: list[list[int]] = [served.tolist() for served in tables.pool_lines]
        self.tiers = [[(tier, self._chooser(tier)) for tier in tiers] for tiers in tables.tiers]
        """by channel: sets of pools in the order of preference, and the rule that finds the agent in them"""
        self.on_leave: Callable[[Contact, simpy.Event], None] = lambda contact, _: None
        """patience is over"""
        self.on_stale: Callable[[Contact], None] = lambda contact: None
        """work whose customer has moved on is done"""

    def _chooser(self, tier: tuple[int, ...]) -> Callable[[], int]:
        members = np.concatenate([np.arange(self.first[pool], self.first[pool + 1]) for pool in tier])
        return partial(rules.choose_agent, members, self.duty, self.load, self.since)

    # Contacts -------------------------------------------------------------------------------------------------------

    def take(self, contact: Contact) -> simpy.Event | None:
        """A free agent takes the contact at once: the end of its service, or None if nobody is free."""
        for pools, choose in self.tiers[contact.channel]:
            for pool in pools:
                if self.idle[pool]:
                    return self._serve(contact, choose())
        return None

    def wait(self, contact: Contact, patience: float) -> simpy.Event:
        """The contact joins the tail of its line: the event its customer waits for."""
        env, customer = self.env, contact.customer
        contact.line = line = self.line_of[contact.channel][customer.segment][customer.reason]
        contact.waiting = True
        self.waiting[contact.channel] += 1
        self.lines[line].append(contact)
        if self._head_time[line] == inf:
            self._head_time[line], self._head_order[line] = env.now, customer.entity
        if patience == inf:
            contact.leg = leg = simpy.Event(env)
        else:
            contact.leg = leg = Timer(env, env.now + patience, PATIENCE | contact.tie, partial(self.on_leave, contact))
        return leg

    def remove(self, contact: Contact) -> None:
        """The contact leaves its line unserved."""
        contact.waiting = False
        self.waiting[contact.channel] -= 1
        if self.lines[contact.line][0] is contact:
            self._new_head(contact.line)

    def send_away(self, channel: int, outcome: int) -> None:
        """All waiting contacts of a channel end now with `outcome`."""
        for line, queue in enumerate(self.lines):
            if self.tables.line_channel[line] != channel:
                continue
            for contact in [each for each in queue if each.waiting and not each.stale]:
                self.remove(contact)
                contact.outcome, contact.ended = outcome, self.env.now
                gone = Timer(self.env, self.env.now, TIMER | contact.tie)
                assert contact.leg is not None
                hand_over(contact.leg, gone)

    def _new_head(self, line: int) -> None:
        queue = self.lines[line]
        while queue and not queue[0].waiting:
            queue.popleft()
        if queue:
            self._head_time[line], self._head_order[line] = queue[0].arrived, queue[0].customer.entity
        else:
            self._head_time[line] = self._head_order[line] = inf

    # Service --------------------------------------------------------------------------------------------------------

    def _serve(self, contact: Contact, agent: int) -> simpy.Event:
        now = self.env.now
        contact.agent, contact.answered = agent, now
        self._load[agent] += 1
        self.idle[self.pool_of[agent]] -= 1
        return Timer(self.env, now + contact.service, RELEASE | contact.tie, partial(self._finish, contact))

    def _finish(self, contact: Contact, _: simpy.Event) -> None:
        """End of service: the agent wraps up or is free, before the customer goes on."""
        now = self.env.now
        if not contact.stale:
            contact.outcome, contact.ended = contact.planned, now
        contact.released = now + contact.wrap_up
        if contact.stale:
            self.on_stale(contact)
        if contact.wrap_up > 0.0:
            Timer(self.env, contact.released, RELEASE | contact.tie, partial(self._free, contact.agent))
        else:
            self._free(contact.agent)

    def _free(self, agent: int, _: simpy.Event | None = None) -> None:
        self._load[agent] -= 1
        self._since[agent] = self.env.now
        if self._duty[agent]:
            self.idle[self.pool_of[agent]] += 1
            self._call_next(agent)
        elif self.finishing[agent]:
            self._gone(agent)

    def _call_next(self, agent: int) -> None:
        """A free agent on duty takes the waiting contact that its pool's rank and the queue rule name."""
        pool = self.pool_of[agent]
        waiting = [line for line in self.pool_lines[pool] if self.lines[line]]
        if not waiting:
            return
        line = waiting[0] if len(waiting) == 1 else self._choose_line(pool)  # one line leaves nothing to choose
        contact = self.lines[line].popleft()
        contact.waiting = False
        self.waiting[contact.channel] -= 1
        self._new_head(line)
        end = self._serve(contact, agent)
        assert contact.leg is not None
        hand_over(contact.leg, end)

    def _choose_line(self, pool: int) -> int:
        tables = self.tables
        return rules.choose_line(
            tables.pool_lines[pool], tables.pool_ranks[pool], tables.line_priority, self.head_time, self.head_order,
            self.ageing, self.env.now,
        )  # fmt: skip

    # Duty -----------------------------------------------------------------------------------------------------------

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
        self.came[agent] = self.env.now
        self.staffed[pool] += 1
        if self.load[agent] == 0:
            self.since[agent] = self.env.now
            self.idle[pool] += 1
            self._call_next(agent)

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
        self.duties.add(self.pool_of[agent], agent, self.came[agent], self.left[agent], self.env.now)

    def close(self) -> None:
        """Log the duties that are not over."""
        for agent in range(self.first[-1]):
            if self.duty[agent] or self.finishing[agent]:
                left = self.env.now if self.duty[agent] else self.left[agent]
                self.duties.add(self.pool_of[agent], agent, self.came[agent], left, self.env.now)

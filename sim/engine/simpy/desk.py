"""The desk: waiting lines, and who takes whom. All its work is synchronous; no event of its own.

Comes in: contacts that join, agents who have room. Goes out: timers for ends of service, wrap-up and patience, on which
the customers' processes wait. Decisions are `sim.rules.decisions`; here is only the bookkeeping that they need.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from math import inf

import numpy as np
import simpy

from ...rules import decisions as rules
from ...rules.numbers import OWN
from ...rules.routing import offer_order
from .agents import Staff, cells
from .choosers import Chooser, Choosers
from .clock import OVERFLOW, PATIENCE, RELEASE, SENT_AWAY, TIME_OUT, Timer, hand_over
from .customers import Contact
from .handling import Handling, give_back_line
from .setup import Setup


class Desk:
    """Lines of all channels and the dispatch between them and the agents."""

    def __init__(self, env: simpy.Environment, setup: Setup, pool_sizes: list[int]) -> None:
        self.env, self.setup, self.desks = env, setup, setup.tables.desks
        routing, desks = setup.coded.routing, self.desks
        self.rule, self.queue_rule = routing.agent_rule, routing.queue_rule
        self.staff = Staff(env, desks, pool_sizes, self.rule in (rules.LEAST_OCCUPIED, OWN))
        self.staff.on_free = self._offer if np.any((desks.reserve > 0) & (desks.capacity > 1)) else self._call_next
        self.handling = Handling(env, setup, self.staff)
        lines = desks.line_channel.size
        self.lines: list[deque[Contact]] = [deque() for _ in range(lines)]
        self.waiting = [0] * len(setup.tables.channels)
        self.head_time = np.full(lines, inf)
        self.head_order = np.full(lines, inf)
        self.length = np.zeros(lines, dtype=np.int64)
        self._head_time, self._head_order, self._length = map(cells, (self.head_time, self.head_order, self.length))
        self.line_of: list[list[list[list[int]]]] = desks.line_of.tolist()
        self.offers = [desks.offers_of(pool) for pool in range(len(pool_sizes))]
        self.pool_lines: list[list[int]] = [
            self.offers[pool][:, rules.LINE].astype(int).tolist() for pool in range(len(pool_sizes))
        ]
        self.choosers = Choosers(env, setup, self.staff, self.offers)
        self.plain_pool = [self.choosers.is_plain(pool) for pool in range(len(pool_sizes))]
        self.tiers = [
            [[self.choosers.tier(channel, pools) for pools in tiers] for tiers in by_reason]
            for channel, by_reason in enumerate(desks.tiers)
        ]
        """by channel and reason: sets of pools in the order of preference, and the rule that finds the agent in them"""
        self.helpers = [
            [
                [(delay, [self.choosers.chooser(channel, pools) for pools in tiers]) for delay, tiers in helpers]
                for helpers in by_reason
            ]
            for channel, by_reason in enumerate(desks.helpers)
        ]
        """by channel and reason: waits after which other pools help out, and the rules that find the agent in them"""
        self.on_leave: Callable[[Contact, simpy.Event], None] = lambda contact, _: None
        """patience is over"""
        self.on_timeout: Callable[[Contact, simpy.Event], None] = lambda contact, _: None
        """the company ends the wait"""
        self.on_stale: Callable[[Contact], None] = lambda contact: None
        """work whose customer has moved on is done"""

    # Contacts -------------------------------------------------------------------------------------------------------

    def take(self, contact: Contact) -> simpy.Event | None:
        """An agent with room takes the contact at once: the end of its service, or None if nobody has."""
        idle = self.staff.idle
        for pools, choose, plain in self.tiers[contact.channel][contact.customer.reason]:
            if plain:
                for pool in pools:
                    if idle[pool]:
                        return self._serve(contact, choose())
            else:
                agent = choose(contact)
                if agent != rules.NOBODY:
                    return self._serve(contact, agent)
        return None

    def wait(self, contact: Contact, patience: float, timeout: float = inf) -> simpy.Event:
        """The contact joins the tail of its line: the event its customer waits for."""
        env, customer = self.env, contact.customer
        now = contact.queued_at = env.now
        contact.line = line = self.line_of[contact.channel][customer.segment][customer.reason][contact.bonus]
        contact.waiting = True
        self.waiting[contact.channel] += 1
        self._length[line] += 1
        self.lines[line].append(contact)
        if self._head_time[line] == inf:
            self._head_time[line], self._head_order[line] = now, customer.entity
        leg: simpy.Event
        if timeout <= patience and timeout < inf:
            leg = Timer(env, now + timeout, TIME_OUT | contact.tie, partial(self.on_timeout, contact))
        elif patience == inf:
            leg = simpy.Event(env)
        else:
            leg = Timer(env, now + patience, PATIENCE | contact.tie, partial(self.on_leave, contact))
        if contact.leg is not None:
            hand_over(contact.leg, leg)
        contact.leg = leg
        for what, (delay, choosers) in enumerate(self.helpers[contact.channel][customer.reason]):
            Timer(env, now + delay, OVERFLOW | contact.tie | what, partial(self._help, contact, now, choosers))
        return leg

    def _help(self, contact: Contact, queued_at: float, choosers: list[Chooser], _: simpy.Event) -> None:
        """The contact has waited long enough for an agent of other pools; of these the preferred ones come first."""
        if contact.waiting and contact.queued_at == queued_at:
            agent = next((agent for choose in choosers if (agent := choose(contact)) != rules.NOBODY), rules.NOBODY)
            if agent != rules.NOBODY:
                queue = self.lines[contact.line]
                first = queue[0] is contact
                self.remove(contact)
                if not first:
                    queue.remove(contact)  # a thread may join the line again, and must not stand in it twice
                self._go_on(contact, agent)

    def remove(self, contact: Contact) -> None:
        """The contact leaves its line unserved."""
        contact.waiting = False
        self.waiting[contact.channel] -= 1
        self._length[contact.line] -= 1
        if self.lines[contact.line][0] is contact:
            self._new_head(contact.line)

    def send_away(self, channel: int, outcome: int) -> None:
        """All waiting contacts of a channel end now with `outcome`; who left without a word leaves the line."""
        for line, queue in enumerate(self.lines):
            if self.desks.line_channel[line] != channel:
                continue
            for contact in [each for each in queue if each.waiting and not each.stale]:
                self.remove(contact)
                if contact.detection >= 0.0:
                    give_back_line(contact)
                    continue
                contact.outcome, contact.ended = outcome, self.env.now
                gone = Timer(self.env, self.env.now, SENT_AWAY | contact.tie)
                assert contact.leg is not None
                hand_over(contact.leg, gone)

    def _new_head(self, line: int) -> None:
        queue = self.lines[line]
        while queue and not queue[0].waiting:
            queue.popleft()
        if queue:
            self._head_time[line], self._head_order[line] = queue[0].queued_at, queue[0].customer.entity
        else:
            self._head_time[line] = self._head_order[line] = inf

    # Service --------------------------------------------------------------------------------------------------------

    def _serve(self, contact: Contact, agent: int) -> simpy.Event:
        if self.handling.here[contact.channel]:
            return self.handling.begin(contact, agent)
        now = self.env.now
        contact.agent, contact.answered = agent, now
        self.staff.occupy(agent, 1)
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
            self.staff.free(contact.agent, 1)

    def _free(self, agent: int, _: simpy.Event) -> None:
        self.staff.free(agent, 1)

    def _call_next(self, agent: int) -> None:
        """An agent on duty takes waiting contacts, as its pool's ranks and the queue rule name them, while it has
        room."""
        pool = self.staff.pool_of[agent]
        while True:
            waiting = [line for line in self.pool_lines[pool] if self.lines[line]]
            if not waiting:
                return
            if len(waiting) == 1 and self.plain_pool[pool]:  # one line leaves nothing to choose
                line = waiting[0]
            else:
                line = self._choose_line(pool, agent)
                if line == rules.NOBODY:
                    return
            self.take_head(line, agent)
            if self.plain_pool[pool]:
                return

    def take_head(self, line: int, agent: int) -> None:
        """The agent takes the first contact of a line."""
        contact = self.lines[line].popleft()
        contact.waiting = False
        self.waiting[contact.channel] -= 1
        self._length[line] -= 1
        self._new_head(line)
        self._go_on(contact, agent)

    def _offer(self, agent: int) -> None:
        """`_call_next`; if the agent stays idle, so that enough are idle, others with room may start deferred work."""
        self._call_next(agent)
        staff, pool = self.staff, self.staff.pool_of[agent]
        if self.desks.reserve[pool] and staff.load[agent] == 0 and self._others_may_start(pool, agent):
            order, capacity = np.empty(staff.load.size, dtype=np.int64), int(self.desks.capacity[pool])
            count = offer_order(
                staff.first[pool], staff.first[pool + 1], staff.duty, staff.load, staff.since, capacity, order
            )
            for other in order[:count].tolist():
                self._call_next(other)

    def _others_may_start(self, pool: int, agent: int) -> bool:
        """Whether anything waits that fits beside one contact: else nobody need be looked for."""
        if self.queue_rule == OWN:
            return True
        may_defer = rules.may_defer(self.staff.idle[pool], 1, int(self.desks.reserve[pool]))
        return self.choose_line(agent, self.offers[pool], int(self.desks.capacity[pool]) - 1, may_defer) != rules.NOBODY

    def _go_on(self, contact: Contact, agent: int) -> None:
        """A waiting contact is taken: its customer now waits for what the agent does."""
        end = self._serve(contact, agent)
        assert contact.leg is not None
        if end is not contact.leg:
            hand_over(contact.leg, end)

    def _choose_line(self, pool: int, agent: int) -> int:
        staff = self.staff
        room = int(staff.capacity[agent] - staff.load[agent])
        may_defer = rules.may_defer(staff.idle[pool], int(staff.load[agent]), int(self.desks.reserve[pool]))
        return self.choose_line(agent, self.offers[pool], room, may_defer)

    def choose_line(self, agent: int, offers: np.ndarray, room: int, may_defer: bool) -> int:
        """The line of `offers` whose head an agent with so much room takes, or NOBODY."""
        if self.queue_rule == OWN:
            state = self.head_time, self.length
            return self.choosers.own_rules.line(agent, offers, state, self.env.now, room, may_defer)
        return rules.choose_line(
            offers, self.head_time, self.head_order, self.length, self.env.now, room, may_defer, self.queue_rule,
        )  # fmt: skip

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

from ...chance.keys import Purpose, leg_of
from ...chance.philox import uniform
from ...coded.channels import Kind
from ...rules import decisions as rules
from ...rules.numbers import OWN
from ...rules.routing import offer_order
from .agents import Staff, cells
from .clock import OVERFLOW, PATIENCE, RELEASE, SENT_AWAY, TIME_OUT, Timer, hand_over
from .customers import Contact
from .free_agents import ORDERED
from .handling import Handling, give_back_line
from .own_rules import OwnRules
from .setup import Setup

_ROUTING = int(Purpose.ROUTING)
Chooser = Callable[..., int]
"""of the contact; where agents are plain, of nothing"""


class Desk:
    """Lines of all channels and the dispatch between them and the agents."""

    def __init__(self, env: simpy.Environment, setup: Setup, pool_sizes: list[int]) -> None:
        self.env, self.setup, self.desks = env, setup, setup.tables.desks
        routing, desks = setup.coded.routing, self.desks
        self.rule, self.queue_rule = routing.agent_rule, routing.queue_rule
        self.staff = Staff(env, desks, pool_sizes, self.rule in (rules.LEAST_OCCUPIED, OWN))
        self.own_rules = OwnRules(setup, self.staff)
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
        self.plain_pool = [self._is_plain(pool) for pool in range(len(pool_sizes))]
        self.deferred: list[bool] = (setup.channels.kind == Kind.DEFERRED).tolist()
        self.tiers = [
            [[self._tier(channel, pools) for pools in tiers] for tiers in by_reason]
            for channel, by_reason in enumerate(desks.tiers)
        ]
        """by channel and reason: sets of pools in the order of preference, and the rule that finds the agent in them"""
        self.helpers = [
            [
                [(delay, [self._chooser(channel, pools) for pools in tiers]) for delay, tiers in helpers]
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

    # Whom to choose -------------------------------------------------------------------------------------------------

    def _is_plain(self, pool: int) -> bool:
        """Whether an agent of the pool is free or not, and every waiting contact of its lines may be taken."""
        desks = self.desks
        helps = bool((self.offers[pool][:, rules.DELAY] > 0).any())
        return (
            int(desks.capacity[pool]) == 1
            and not helps
            and not desks.reserve[pool]
            and self.queue_rule == rules.BY_SCORE
        )

    def _tier(self, channel: int, pools: tuple[int, ...]) -> tuple[tuple[int, ...], Chooser, bool]:
        plain = self.rule == rules.LONGEST_IDLE and all(self.plain_pool[pool] for pool in pools)
        if plain:
            return pools, partial(self.staff.free_agents.longest_idle, pools), True
        return pools, self._chooser(channel, pools), False

    def _members(self, pools: tuple[int, ...]) -> np.ndarray:
        """All agents of the pools, in the order that settles ties between them."""
        first, rank = self.staff.first, self.desks.rank
        return np.concatenate(
            [np.arange(first[pool], first[pool + 1]) for pool in sorted(pools, key=lambda p: rank[p])]
        )

    def _chooser(self, channel: int, pools: tuple[int, ...]) -> Chooser:
        """The agent rule over these pools, for contacts of the channel."""
        return (self._ordered if self.rule in ORDERED else self._looking_through)(channel, pools)

    def _ordered(self, channel: int, pools: tuple[int, ...]) -> Chooser:
        """A rule that an order of the agents decides, kept up to date as they take and end contacts."""
        staff, rule, desks = self.staff, self.rule, self.desks
        most = (desks.capacity - desks.units[:, channel]).tolist()
        anyone = [0] * len(most)
        reserved = self.deferred[channel] and any(desks.reserve[pool] for pool in pools)

        def choose(_: Contact) -> int:
            """The agent for a contact, or NOBODY."""
            return staff.free_agents.choose(rule, pools, self._may_defer_from() if reserved else anyone, most)

        return choose

    def _may_defer_from(self) -> list[int]:
        """By pool: the load from which an agent may start deferred work; beyond its capacity, if none may."""
        desks, idle = self.desks, self.staff.idle
        limits = zip(idle, desks.reserve.tolist(), desks.capacity.tolist(), strict=True)
        return [
            0 if rules.may_defer(free, 0, reserve) else 1 if rules.may_defer(free, 1, reserve) else capacity + 1
            for free, reserve, capacity in limits
        ]

    def _looking_through(self, channel: int, pools: tuple[int, ...]) -> Chooser:
        """A rule that weighs every agent anew."""
        staff, members = self.staff, self._members(pools)
        units = np.repeat(self.desks.units[:, channel], np.diff(staff.first))
        most = (staff.capacity - units)[members]
        everybody = np.ones(staff.capacity.size, dtype=np.bool_)
        reserved = self.deferred[channel] and any(self.desks.reserve[pool] for pool in pools)

        def choose(contact: Contact) -> int:
            """The agent for a contact, or NOBODY."""
            spare = self._spare(pools) if reserved else everybody
            worked = staff.busy_so_far() if self.rule == rules.LEAST_OCCUPIED else staff.worked
            if self.rule == OWN:
                fits = staff.duty[members] & (staff.load[members] <= most) & spare[members]
                return self.own_rules.agent(contact, members[fits], self.env.now, self._luck(contact))
            u = self._luck(contact) if self.rule == rules.RANDOM else 0.0
            return rules.choose_agent_by(
                self.rule, members, most, spare, staff.duty, staff.load, staff.capacity, staff.since, worked,
                staff.came, self.env.now, u,
            )  # fmt: skip

        return choose

    def _spare(self, pools: tuple[int, ...]) -> np.ndarray:
        """Agents who may start deferred work: enough others remain wholly idle."""
        staff, spare = self.staff, np.ones(self.staff.capacity.size, dtype=np.bool_)
        for pool in pools:
            mine = slice(staff.first[pool], staff.first[pool + 1])
            idle, reserve = staff.idle[pool], int(self.desks.reserve[pool])
            spare[mine] = [rules.may_defer(idle, load, reserve) for load in staff.load[mine].tolist()]
        return spare

    def _luck(self, contact: Contact) -> float:
        setup = self.setup
        leg = leg_of(contact.number, contact.turn)
        return float(uniform(setup.seed, setup.replication, contact.customer.entity, leg, _ROUTING))

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
        if self.desks.reserve[pool] and staff.load[agent] == 0:
            order, capacity = np.empty(staff.load.size, dtype=np.int64), int(self.desks.capacity[pool])
            count = offer_order(
                staff.first[pool], staff.first[pool + 1], staff.duty, staff.load, staff.since, capacity, order
            )
            for other in order[:count].tolist():
                self._call_next(other)

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
            return self.own_rules.line(agent, offers, state, self.env.now, room, may_defer)
        return rules.choose_line(
            offers, self.head_time, self.head_order, self.length, self.env.now, room, may_defer, self.queue_rule,
        )  # fmt: skip

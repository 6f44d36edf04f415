"""Whom a contact gets: the agent rule over sets of agent groups, each as fast as the rule allows.

Comes in: staff, and the coded routing. Goes out: `Chooser`s, functions of a contact that name an agent. Where agents
are plain (one contact at a time, nothing in reserve) and the rule is `longest_idle`, a heap decides; other rules have
heaps by load (`free_agents`), trees (`agent_trees`), or, from extensions, look through all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import simpy

from ...chance.keys import Purpose, leg_of
from ...chance.philox import uniform
from ...coded.channels import Kind
from ...rules import decisions as rules
from ...rules.numbers import OWN
from .agent_trees import IN_TREES, AgentTrees
from .agents import Staff
from .customers import Contact
from .free_agents import ORDERED
from .own_rules import OwnRules
from .setup import Setup

_ROUTING = int(Purpose.ROUTING)
Chooser = Callable[..., int]
"""of the contact; where agents are plain, of nothing"""
Tier = tuple[tuple[int, ...], Chooser, bool]
"""a set of agent groups, the rule that finds the agent in them, and whether it is plain"""


class Choosers:
    """The agent rule of a centre, by channel and set of agent groups."""

    def __init__(self, env: simpy.Environment, setup: Setup, staff: Staff, offers: list[np.ndarray]) -> None:
        self.env, self.setup, self.staff, self.desks, self.offers = env, setup, staff, setup.tables.desks, offers
        routing = setup.coded.routing
        self.rule, self.queue_rule = routing.agent_rule, routing.queue_rule
        self.own_rules = OwnRules(setup, staff)
        self.trees = AgentTrees(staff, self.desks.capacity)
        if self.rule in IN_TREES:
            staff.moved = self.trees.moved
        self.deferred: list[bool] = (setup.channels.kind == Kind.DEFERRED).tolist()

    def is_plain(self, pool: int) -> bool:
        """Whether an agent of the pool is free or not, and every waiting contact of its lines may be taken."""
        desks = self.desks
        helps = bool((self.offers[pool][:, rules.DELAY] > 0).any())
        return (
            int(desks.capacity[pool]) == 1
            and not helps
            and not desks.reserve[pool]
            and self.queue_rule == rules.BY_SCORE
        )

    def tier(self, channel: int, pools: tuple[int, ...]) -> Tier:
        """The pools, their chooser, and whether it is the plain one: the agent who has been idle for longest."""
        plain = self.rule == rules.LONGEST_IDLE and all(self.is_plain(pool) for pool in pools)
        if plain:
            return pools, partial(self.staff.free_agents.longest_idle, pools), True
        return pools, self.chooser(channel, pools), False

    def _members(self, pools: tuple[int, ...]) -> np.ndarray:
        """All agents of the pools, in the order that settles ties between them."""
        first, rank = self.staff.first, self.desks.rank
        return np.concatenate(
            [np.arange(first[pool], first[pool + 1]) for pool in sorted(pools, key=lambda p: rank[p])]
        )

    def chooser(self, channel: int, pools: tuple[int, ...]) -> Chooser:
        """The agent rule over these pools, for contacts of the channel."""
        if self.rule in IN_TREES:
            return self._in_trees(channel, pools)
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

    def _in_trees(self, channel: int, pools: tuple[int, ...]) -> Chooser:
        """A rule that trees of the agents decide, kept up to date in the same way."""
        desks, trees = self.desks, self.trees
        ranked = sorted(pools, key=lambda pool: desks.rank[pool])
        most = desks.capacity - desks.units[:, channel]
        asked = np.array([(pool, 0, most[pool]) for pool in ranked], dtype=np.int64)
        reserved = self.deferred[channel] and any(desks.reserve[pool] for pool in pools)

        def choose(contact: Contact) -> int:
            """The agent for a contact, or NOBODY."""
            if reserved:
                asked[:, 1] = np.array(self._may_defer_from())[ranked]
            u = self._luck(contact) if self.rule == rules.RANDOM else 0.0
            return trees.choose(self.rule, asked, u)

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

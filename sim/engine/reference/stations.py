"""What each kind of channel does with a contact that arrives: one station a channel.

`admit` gives the event on which the customer waits, or None where the contact ended at once (its outcome is then set).
"""

from __future__ import annotations

from functools import partial
from math import inf, isnan

import simpy

from ...model.channels import DeferredChannel, LiveChannel, Queued, SelfService
from ...model.outcomes import Outcome
from ...model.units import WEEK
from .. import rules, steps
from .clock import RELEASE, Timer
from .desk import Desk
from .people import Contact
from .setup import Setup

ABANDONED, BLOCKED, CLOSED = int(Outcome.ABANDONED), int(Outcome.BLOCKED), int(Outcome.CLOSED)
BALKED, UNANSWERED = int(Outcome.BALKED), int(Outcome.UNANSWERED)


class Station:
    """What all channels share: opening hours and the table row of the channel."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int) -> None:
        self.setup, self.desk, self.env, self.number = setup, desk, env, channel
        tables = setup.tables
        first, last = int(tables.first_span[channel]), int(tables.first_span[channel + 1])
        self.opens, self.closes = tables.opens[first:last], tables.closes[first:last]
        self.always = last - first == 1 and bool(self.opens[0] == 0.0 and self.closes[0] == WEEK)
        self.failure: list[float] = tables.failure[channel].tolist()

    def closed(self) -> bool:
        """Whether a contact that arrives now finds the channel closed."""
        if self.always:
            return False
        return rules.next_opening((self.env.now + self.setup.tables.week_offset) % WEEK, self.opens, self.closes) > 0.0

    def when_open(self, at: float, delay: float) -> float:
        """When a contact begins that is due at `at`, `delay` after its customer chose to wait for the opening hours."""
        return steps.when_open(at, delay, self.setup.tables.week_offset, self.opens, self.closes)

    def admit(self, contact: Contact) -> simpy.Event | None:
        """The contact begins."""
        raise NotImplementedError


class SelfServiceStation(Station):
    """Website, IVR, bot: a session on a port, if one is free."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int, spec: SelfService) -> None:
        super().__init__(setup, desk, env, channel)
        self.ports = inf if spec.ports is None else spec.ports
        self.busy = 0

    def admit(self, contact: Contact) -> simpy.Event | None:
        """Blocked by a full bank of ports; else a session that ends solved, failed, handed on or dropped."""
        setup, customer = self.setup, contact.customer
        if self.closed() or self.busy >= self.ports:
            contact.outcome = CLOSED if self.closed() else BLOCKED
            return None
        self.busy += 1
        contact.answered = now = self.env.now
        length, contact.planned = setup.plan_session(
            self.failure[customer.reason], self.number, contact.context == rules.CARRIED,
            setup.seed, setup.replication, customer.entity, contact.number,
        )  # fmt: skip
        return Timer(self.env, now + length, RELEASE | contact.tie, partial(self._finish, contact))

    def _finish(self, contact: Contact, _: simpy.Event) -> None:
        self.busy -= 1
        contact.outcome, contact.ended = contact.planned, self.env.now


class QueuedStation(Station):
    """What live and deferred channels share: agents, patience, a waiting line."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int, spec: Queued) -> None:
        super().__init__(setup, desk, env, channel)
        self.spec = spec

    def plan(self, contact: Contact) -> float:
        """Draws service and wrap-up into the contact; gives its patience."""
        setup, customer = self.setup, contact.customer
        patience, contact.service, contact.wrap_up, contact.planned = setup.plan_service(
            self.failure[customer.reason], self.number, contact.context == rules.CARRIED,
            self.env.now, setup.seed, setup.replication, customer.entity, contact.number,
        )  # fmt: skip
        return patience if setup.mood is None else setup.mood.patience(contact, patience)


class LiveStation(QueuedStation):
    """Phone, chat: an agent at once, or a wait that the customer may end, refuse or not be offered."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int, spec: LiveChannel) -> None:
        super().__init__(setup, desk, env, channel, spec)
        self.lines = inf if spec.lines is None else spec.lines
        self.places = inf if spec.places is None else spec.places
        self.counts_lines = spec.lines is not None
        self.connected = 0
        self.remaining = spec.redial_patience == "remaining"
        self.balking, self.balk_law = spec.balking.probability, int(setup.tables.balk_law[channel])
        self.mean_handle = spec.service.mean_value + (spec.wrap_up.mean_value if spec.wrap_up else 0.0)
        pools = [p for tier in setup.tables.tiers[channel] for p in tier]
        self.pools = pools
        served = {int(c) for p in pools for c in setup.tables.line_channel[setup.tables.pool_lines[p]]}
        self.rivals = sorted(served)
        """channels whose contacts the same agents take"""

    def admit(self, contact: Contact) -> simpy.Event | None:
        """Closed, blocked by full lines, served at once; else blocked by full places, balking, impatient, waiting."""
        if self.closed() or self.connected >= self.lines:
            contact.outcome = CLOSED if self.closed() else BLOCKED
            return None
        patience = self.plan(contact)
        leg = self.desk.take(contact)
        if leg is None:
            if self.remaining and contact.customer.waited:
                patience = max(0.0, patience - contact.customer.waited.get(self.number, 0.0))
            contact.outcome = self._turned_away(contact, patience)
            if contact.outcome:
                return None
            leg = self.desk.wait(contact, patience)
            if self.remaining:
                leg.callbacks.append(partial(self._count_wait, contact))
        if self.counts_lines:
            self.connected += 1
            leg.callbacks.append(self._disconnect)
        return leg

    def _turned_away(self, contact: Contact, patience: float) -> int:
        if self.desk.waiting[self.number] >= self.places:
            return BLOCKED
        if self.balking > 0.0 and self._balks(contact):
            return BALKED
        return ABANDONED if patience <= 0.0 else 0

    def _balks(self, contact: Contact) -> bool:
        setup, entity = self.setup, contact.customer.entity
        waiting = sum([self.desk.waiting[channel] for channel in self.rivals])
        capacity = float(sum([self.desk.staffed[pool] for pool in self.pools]))
        return setup.plan_balking(
            self.balk_law, self.balking, waiting, self.mean_handle, capacity,
            setup.seed, setup.replication, entity, contact.number,
        )  # fmt: skip

    def _disconnect(self, _: object) -> None:
        self.connected -= 1

    def left(self, contact: Contact) -> None:
        """Patience is over."""
        self.desk.remove(contact)
        contact.outcome, contact.ended = ABANDONED, self.env.now

    def _count_wait(self, contact: Contact, _: simpy.Event) -> None:
        """The wait, however it ended, uses up the patience that remains for later contacts in the channel."""
        until = self.env.now if isnan(contact.answered) else contact.answered
        waited = contact.customer.waited = contact.customer.waited or {}
        waited[self.number] = waited.get(self.number, 0.0) + until - contact.arrived


class DeferredStation(QueuedStation):
    """Email, social: accepted at any time; the customer moves on at the deadline."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int, spec: DeferredChannel) -> None:
        super().__init__(setup, desk, env, channel, spec)
        self.keeps_stale = spec.stale == "answered"

    def admit(self, contact: Contact) -> simpy.Event | None:
        """Served at once by a free agent, or put in the line until its deadline."""
        patience = self.plan(contact)
        return self.desk.take(contact) or self.desk.wait(contact, patience)

    def left(self, contact: Contact) -> None:
        """The deadline is over; the work is taken away, or stays to be answered all the same."""
        if self.keeps_stale:
            contact.stale = True
        else:
            self.desk.remove(contact)
        contact.outcome, contact.ended = UNANSWERED, self.env.now


def station(setup: Setup, desk: Desk, env: simpy.Environment, channel: int) -> Station:
    """The station of channel number `channel`."""
    spec = setup.config.channels[setup.tables.channels[channel]]
    if isinstance(spec, SelfService):
        return SelfServiceStation(setup, desk, env, channel, spec)
    if isinstance(spec, LiveChannel):
        return LiveStation(setup, desk, env, channel, spec)
    assert isinstance(spec, DeferredChannel)
    return DeferredStation(setup, desk, env, channel, spec)

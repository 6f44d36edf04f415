"""What each kind of channel does with a contact that arrives: one station a channel.

`admit` gives the event on which the customer waits, or None where the contact ended at once (its outcome is then set).
"""

from __future__ import annotations

from functools import partial
from math import inf, isnan

import numpy as np
import simpy

from ...coded.channels import Kind
from ...coded.order import NEXT_TURN
from ...log.codes import FORCED_HOP, UNSEEN
from ...model.outcomes import Outcome
from ...rules import decisions as rules
from ...rules.admission import LET_IN, refused_at_the_door, turned_away
from ...rules.hours import when_open
from ...rules.waiting import plan_balking_by_number
from .clock import PATIENCE, RELEASE, TIME_OUT, Timer
from .customers import Contact
from .desk import Desk
from .handling import give_back_line, leave_silently
from .setup import Setup
from .sharing import attach
from .trunks import Trunk

ABANDONED, TIMED_OUT, UNANSWERED = int(Outcome.ABANDONED), int(Outcome.TIMED_OUT), int(Outcome.UNANSWERED)


class Station:
    """What all channels share: opening hours and the table row of the channel."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int) -> None:
        self.setup, self.desk, self.env, self.number = setup, desk, env, channel
        tables = setup.tables
        first, last = int(tables.first_span[channel]), int(tables.first_span[channel + 1])
        self.opens, self.closes = tables.opens[first:last], tables.closes[first:last]
        self.always = last - first == 1 and bool(self.opens[0] == 0.0 and self.closes[0] == tables.cycle)
        self.trunk: Trunk | None = None
        """lines that contacts hold while connected"""

    def closed(self) -> bool:
        """Whether a contact that arrives now finds the channel closed."""
        if self.always:
            return False
        tables = self.setup.tables
        at = (self.env.now + tables.week_offset) % tables.cycle
        return rules.next_opening(at, self.opens, self.closes, tables.cycle) > 0.0

    def when_open(self, at: float, delay: float) -> float:
        """When a contact begins that is due at `at`, `delay` after its customer chose to wait for the opening hours."""
        tables = self.setup.tables
        return when_open(at, delay, tables.week_offset, self.opens, self.closes, tables.cycle)

    def connect(self, contact: Contact) -> bool:
        """Take a line; who comes from a channel on the same lines has one. False if all are taken."""
        customer = contact.customer
        if customer.trunk is not self.trunk:
            if self.trunk is None or self.trunk.full():
                return False
            self.trunk.connect()
            customer.trunk = self.trunk
        return True

    def refused(self, contact: Contact, taken: bool = False) -> int:
        """The outcome of a contact that ends at the door, or 0; who is let in has a line."""
        closed = self.closed()
        if not closed and not taken and self.trunk is not None:
            taken = not self.connect(contact)
        return refused_at_the_door(closed, taken) if closed or taken else LET_IN

    def admit(self, contact: Contact) -> simpy.Event | None:
        """The contact begins."""
        raise NotImplementedError


class SelfServiceStation(Station):
    """Website, IVR, bot: a session on a port, if one is free."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int) -> None:
        super().__init__(setup, desk, env, channel)
        self.ports = float(setup.channels.ports[channel])
        self.busy = 0

    def admit(self, contact: Contact) -> simpy.Event | None:
        """Blocked by a full bank of ports; else a session that ends solved, failed, handed on or dropped."""
        setup, customer = self.setup, contact.customer
        contact.outcome = self.refused(contact, self.busy >= self.ports)
        if contact.outcome:
            return None
        self.busy += 1
        contact.answered = now = self.env.now
        length, contact.planned = setup.plan_session(
            contact.profile, contact.saved, now,
            setup.seed, setup.replication, customer.entity, contact.number,
        )  # fmt: skip
        return Timer(self.env, now + length, RELEASE | contact.tie, partial(self._finish, contact))

    def _finish(self, contact: Contact, _: simpy.Event) -> None:
        self.busy -= 1
        contact.outcome, contact.ended = contact.planned, self.env.now


class QueuedStation(Station):
    """What live and deferred channels share: agents, patience, a waiting line."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int) -> None:
        super().__init__(setup, desk, env, channel)
        self.timeout = float(setup.channels.timeout[channel])
        """wait after which the company ends it, s"""

    def plan(self, contact: Contact) -> float:
        """Draws service and wrap-up of the contact's turn; gives its patience."""
        setup = self.setup
        patience, contact.service, contact.wrap_up, contact.planned = setup.plan_turn_of(contact, contact.profile)
        return patience if setup.mood is None else setup.mood.patience(contact, patience)

    def reply(self, contact: Contact) -> None:
        """The customer comes back in the same contact: to any agent, else the tail of the line, with fresh patience."""
        contact.turn += 1
        contact.tie += NEXT_TURN
        contact.queued_at = self.env.now
        contact.patience = self.plan(contact)
        leg = self.desk.take(contact)
        if leg is None:
            self.desk.wait(contact, contact.patience, self.timeout)
        elif leg is not contact.leg:
            attach(contact, leg)

    def timed_out(self, contact: Contact, _: simpy.Event) -> None:
        """The company ends the wait; the row of this outcome says whether it moves the customer or hangs up."""
        self.desk.remove(contact)
        contact.outcome, contact.ended = TIMED_OUT, self.env.now
        contact.flags |= FORCED_HOP


class LiveStation(QueuedStation):
    """Phone, chat: an agent at once, or a wait that the customer may end, refuse or not be offered."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int) -> None:
        super().__init__(setup, desk, env, channel)
        coded = setup.channels
        self.places = float(coded.places[channel])
        self.sharers = np.flatnonzero(coded.sharers[channel]).tolist()
        """channels that wait on the same places"""
        self.rivals = np.flatnonzero(coded.rivals[channel]).tolist()
        """channels whose contacts the same agents take"""
        self.remaining, self.silent = bool(coded.remaining[channel]), bool(coded.silent[channel])
        self.crowd, self.crowded = coded.crowd[channel], bool(coded.crowded[channel])
        self.balking, self.balk_law = float(coded.balking[channel]), int(setup.tables.balk_law[channel])
        self.mean_handle = float(coded.mean_handle[channel])
        desks = setup.tables.desks
        self.pools = [
            (p, float(desks.speeds[p, -1])) for p in np.argsort(desks.rank).tolist() if desks.units[p, channel]
        ]
        """who serves the channel, and the work an agent does per second when full"""

    def admit(self, contact: Contact) -> simpy.Event | None:
        """Closed, blocked by full lines, served at once; else blocked by full places, balking, impatient, waiting."""
        contact.outcome = self.refused(contact)
        if contact.outcome:
            return None
        patience = self.plan(contact)
        if self.remaining and contact.customer.waited:
            patience = max(0.0, patience - contact.customer.waited.get(self.number, 0.0))
        contact.patience = patience
        leg = self.desk.take(contact)
        if leg is None:
            contact.outcome = self._turned_away(contact, patience)
            if contact.outcome:
                return None
            leg = self.desk.wait(contact, patience, self.timeout)
        elif not contact.ringing:
            return leg
        if self.remaining:
            leg.callbacks.append(partial(self._count_wait, contact))
        return leg

    def _turned_away(self, contact: Contact, patience: float) -> int:
        full = self.places < inf and sum([self.desk.waiting[channel] for channel in self.sharers]) >= self.places
        return turned_away(full, not full and self._leaves_on_arrival(contact), patience)

    def _leaves_on_arrival(self, contact: Contact) -> bool:
        """Whether the customer leaves because of the number who wait, or on hearing the expected wait."""
        return (self.crowded and self._shuns_the_crowd(contact)) or (self.balking > 0.0 and self._balks(contact))

    def _shuns_the_crowd(self, contact: Contact) -> bool:
        setup, waiting = self.setup, self.desk.waiting[self.number]
        key = setup.seed, setup.replication, contact.customer.entity, contact.number
        return plan_balking_by_number(self.crowd, waiting, *key)

    def _balks(self, contact: Contact) -> bool:
        setup, entity = self.setup, contact.customer.entity
        waiting = sum([self.desk.waiting[channel] for channel in self.rivals])
        capacity = 0.0
        for pool, speed in self.pools:  # `sum` adds floats otherwise from Python 3.12 on
            capacity += self.desk.staff.staffed[pool] * speed
        return setup.plan_balking(
            self.balk_law, self.balking, waiting, self.mean_handle, capacity,
            setup.seed, setup.replication, entity, contact.number,
        )  # fmt: skip

    def left(self, contact: Contact) -> None:
        """Patience is over: the customer hangs up, or goes without a word and leaves the contact in the line."""
        contact.outcome, contact.ended = ABANDONED, self.env.now
        if contact.ringing:
            self.desk.handling.hang_up(contact)
        elif self.silent and (detection := self._detection(contact)) >= 0.0:
            leave_silently(contact, detection)
            if self.timeout < inf:
                Timer(self.env, contact.queued_at + self.timeout, TIME_OUT | contact.tie, partial(self._cut, contact))
        else:
            self.desk.remove(contact)

    def _cut(self, contact: Contact, _: simpy.Event) -> None:
        """The company ends a wait that nobody waits any more."""
        if contact.waiting:
            self.desk.remove(contact)
            give_back_line(contact)

    def _detection(self, contact: Contact) -> float:
        setup = self.setup
        return setup.plan_silence(
            contact.profile, setup.seed, setup.replication, contact.customer.entity, contact.number, contact.turn
        )

    def _count_wait(self, contact: Contact, _: simpy.Event) -> None:
        """The wait, however it ended, uses up the patience that remains for later contacts in the channel."""
        until = self.env.now if isnan(contact.answered) else contact.answered
        waited = contact.customer.waited = contact.customer.waited or {}
        waited[self.number] = waited.get(self.number, 0.0) + until - contact.arrived


class DeferredStation(QueuedStation):
    """Email, social: accepted at any time; the customer moves on at the deadline."""

    def __init__(self, setup: Setup, desk: Desk, env: simpy.Environment, channel: int) -> None:
        super().__init__(setup, desk, env, channel)
        self.keeps_stale, self.watched = bool(setup.channels.stale[channel]), bool(setup.channels.watched[channel])

    def admit(self, contact: Contact) -> simpy.Event | None:
        """Served at once by a free agent, or put in the line until its deadline, where it may never be seen."""
        patience = contact.patience = self.plan(contact)
        if not self.watched and not self._seen(contact):
            contact.flags |= UNSEEN
            return Timer(self.env, self.env.now + patience, PATIENCE | contact.tie, partial(self._in_vain, contact))
        return self.desk.take(contact) or self.desk.wait(contact, patience)

    def _in_vain(self, contact: Contact, _: simpy.Event) -> None:
        contact.outcome, contact.ended = UNANSWERED, self.env.now

    def _seen(self, contact: Contact) -> bool:
        setup = self.setup
        return setup.plan_seen(contact.profile, setup.seed, setup.replication, contact.customer.entity, contact.number)

    def left(self, contact: Contact) -> None:
        """The deadline is over; the work is taken away, also from an agent who is rung for it, or stays to be answered
        all the same."""
        if self.keeps_stale:
            contact.stale = True
        elif contact.ringing:
            self.desk.handling.hang_up(contact)
        else:
            self.desk.remove(contact)
        contact.outcome, contact.ended = UNANSWERED, self.env.now


OF_KIND = {Kind.SELF_SERVICE: SelfServiceStation, Kind.LIVE: LiveStation, Kind.DEFERRED: DeferredStation}


def stations(setup: Setup, desk: Desk, env: simpy.Environment) -> list[Station]:
    """The stations of all channels, with the lines that they share."""
    channels = setup.channels
    trunks = [Trunk(lines) for lines in channels.trunk_lines.tolist()]
    found: list[Station] = []
    for number, (kind, trunk) in enumerate(zip(channels.kind.tolist(), channels.trunk.tolist(), strict=True)):
        station = OF_KIND[Kind(kind)](setup, desk, env, number)
        station.trunk = trunks[trunk] if trunk >= 0 else None
        found.append(station)
    return found

"""What an agent does with a contact where there is more to it than service and wrap-up: rings, turns, shared agents.

Comes in: a contact and the agent who takes it (`desk`). Goes out: a row of the table of turns for each time an agent's
capacity was held. Contacts of plain channels with plain agents never come here (`Desk._serve`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import inf, isnan, nan
from typing import TYPE_CHECKING

import simpy

from ...coded.centre import endless_thread
from ...coded.order import NEXT_TURN
from ...errors import InputError
from ...log.codes import SILENT_LEAVER
from ...log.tables import TURN_COLUMNS, Rows
from ...rules import decisions as rules
from ...rules.numbers import ATTENTION, ENDLESS
from .clock import PATIENCE, RELEASE, REPLY, Timer
from .customers import Contact
from .setup import Setup
from .sharing import Holding, Shared, attach

if TYPE_CHECKING:
    from .agents import Staff


class Handling:
    """Rings, answers, pauses and ends of contacts, on plain and on shared agents."""

    def __init__(self, env: simpy.Environment, setup: Setup, staff: Staff) -> None:
        self.env, self.setup, self.staff = env, setup, staff
        tables = setup.tables
        channels = setup.channels
        self.here: list[bool] = channels.turned.tolist()
        """by channel: whether its contacts are handled here"""
        self.rings: list[float] = channels.ring.tolist()
        self.growth: list[list[float]] = channels.growth.tolist()
        self.kept: list[bool] = channels.kept.tolist()
        self.distracted: list[bool] = (tables.profiles[:, ATTENTION] != 1.0).tolist()
        """by profile: whether the sessions beside one matter"""
        self.profile_by_pool: list[list[int]] = tables.profile_by_pool.tolist()
        self.units: list[list[int]] = tables.desks.units.tolist()
        self.shared: list[Shared | None] = [self._sharing(pool) for pool in staff.pool_of]
        self.turns = Rows(TURN_COLUMNS)
        self.held: dict[tuple[int, int, int], Holding] = {}
        """what agents hold now, by (customer, contact, turn)"""
        self.on_leave: Callable[[Contact, simpy.Event], None] = lambda contact, _: None
        """patience is over"""
        self.on_reply: Callable[[Contact], None] = lambda contact: None
        """the customer comes back with another turn"""
        self.on_stale: Callable[[Contact], None] = lambda contact: None
        """work whose customer has moved on is done"""

    def _sharing(self, pool: int) -> Shared | None:
        desks = self.setup.tables.desks
        return Shared(self.env, desks.speeds[pool].tolist(), self._worked) if desks.shares[pool] else None

    def begin(self, contact: Contact, agent: int) -> simpy.Event:
        """The agent takes the contact: what its customer waits for."""
        now, units = self.env.now, self.units[self.staff.pool_of[agent]][contact.channel]
        self.staff.occupy(agent, units)
        shared = self.shared[agent]
        if shared is not None:
            shared.hold(+1)
        holding = Holding(contact, agent, units, shared, now)
        self.held[contact.customer.entity, contact.number, contact.turn] = holding
        ring = self.rings[contact.channel]
        if contact.detection >= 0.0:
            Timer(self.env, now + contact.detection, RELEASE | holding.tie, partial(self._found_out, holding))
        elif ring > 0.0:
            contact.ringing = True
            if not contact.stale:
                self._may_leave(contact)
            Timer(self.env, now + ring, RELEASE | holding.tie, partial(self._ring_over, holding))
        else:
            self._answer(holding)
        assert contact.leg is not None
        return contact.leg

    def _may_leave(self, contact: Contact) -> None:
        """Who is rung for may leave, but those without any patience only leave where nobody is free; the company, which
        has found an agent, ends the wait no more."""
        if contact.patience in (0.0, inf):
            attach(contact, simpy.Event(self.env))
        else:
            at = contact.queued_at + contact.patience
            attach(contact, Timer(self.env, at, PATIENCE | contact.tie, partial(self.on_leave, contact)))

    def hang_up(self, contact: Contact) -> None:
        """The customer leaves while an agent is rung."""
        contact.ringing = False
        self._release(self.held[contact.customer.entity, contact.number, contact.turn])

    def _ring_over(self, holding: Holding, _: simpy.Event) -> None:
        key = (holding.contact.customer.entity, holding.contact.number, holding.turn)
        if key in self.held:  # else the customer has hung up
            holding.contact.ringing = False
            self._answer(holding)

    def _answer(self, holding: Holding) -> None:
        contact, setup, now = holding.contact, self.setup, self.env.now
        contact.agent, holding.answered = holding.agent, now
        if isnan(contact.answered):
            contact.answered = now
        pool = self.staff.pool_of[holding.agent]
        profile = self.profile_by_pool[pool][contact.profile]
        if holding.shared is not None and contact.turn == 0:
            contact.beside = len(holding.shared.open)
        if profile != contact.profile or (contact.beside and self.distracted[profile]):
            _, contact.service, contact.wrap_up, contact.planned = setup.plan_turn_of(contact, profile)
        per_second, at_most = self.growth[contact.channel]
        if per_second > 0.0:
            contact.service = rules.talk_after_wait(contact.service, now - contact.queued_at, per_second, at_most)
        self._work(holding)

    def _work(self, holding: Holding) -> None:
        """One turn's work begins; whether the customer will reply is known to chance already."""
        contact, setup = holding.contact, self.setup
        if not contact.stale:
            holding.gap = setup.plan_turn(
                contact.profile, setup.seed, setup.replication, contact.customer.entity, contact.number, contact.turn
            )
            if holding.gap == ENDLESS:
                self._refuse_endless(contact)
        holding.work += contact.service
        last = holding.gap < 0.0 and not contact.stale
        if holding.shared is not None:
            if not last:
                attach(contact, simpy.Event(self.env))
            holding.shared.start(holding, contact.service, last)
            return
        due = self.env.now + contact.service
        end = Timer(self.env, due, RELEASE | holding.tie, lambda _: self._worked(holding))
        attach(contact, end if last else simpy.Event(self.env))

    def _refuse_endless(self, contact: Contact) -> None:
        raise InputError(endless_thread(self.setup.tables.channels[contact.channel]))

    def _worked(self, holding: Holding) -> None:
        """The work of a turn, or a wrap-up on a shared agent, is done."""
        contact, now = holding.contact, self.env.now
        if not isnan(holding.ended):
            self._release(holding)
        elif holding.gap >= 0.0 and self.kept[contact.channel]:
            Timer(self.env, now + holding.gap, REPLY | contact.tie, partial(self._resume, holding))
        else:
            holding.ended = now
            if holding.gap >= 0.0:
                Timer(self.env, now + holding.gap, REPLY | contact.tie, lambda _: self.on_reply(contact))
            elif contact.stale:
                self.on_stale(contact)
            else:
                contact.outcome, contact.ended = contact.planned, now
            self._wrap_up(holding, contact.wrap_up)

    def _resume(self, holding: Holding, _: simpy.Event) -> None:
        """A customer who was silent goes on with the same agent."""
        contact = holding.contact
        contact.turn += 1
        contact.tie = holding.tie = contact.tie + NEXT_TURN
        profile = self.profile_by_pool[self.staff.pool_of[holding.agent]][contact.profile]
        contact.service, contact.wrap_up, contact.planned = self.setup.plan_turn_of(contact, profile)[1:]
        self._work(holding)

    def _wrap_up(self, holding: Holding, wrap_up: float) -> None:
        holding.work += wrap_up
        if wrap_up <= 0.0:
            self._release(holding)
        elif holding.shared is not None:
            holding.shared.start(holding, wrap_up, False)
        else:
            over = self.env.now + wrap_up
            Timer(self.env, over, RELEASE | holding.tie, lambda _: self._release(holding))

    def _found_out(self, holding: Holding, _: simpy.Event) -> None:
        """The agent has found out that nobody is there."""
        self._release(holding)
        give_back_line(holding.contact)

    def _release(self, holding: Holding) -> None:
        if holding.shared is not None:
            holding.shared.hold(-1)
        del self.held[holding.contact.customer.entity, holding.contact.number, holding.turn]
        self._write(holding, self.env.now)
        self.staff.free(holding.agent, holding.units)

    def _write(self, holding: Holding, released: float) -> None:
        contact = holding.contact
        self.turns.add(
            contact.customer.entity, contact.number, holding.turn, holding.agent, holding.queued, holding.taken,
            holding.answered, holding.ended, released, holding.spent(self.env.now), holding.work,
        )  # fmt: skip

    def close(self) -> None:
        """Log what agents hold when the run stops."""
        for holding in self.held.values():
            if holding.shared is not None:
                holding.shared.hold(0)
            self._write(holding, nan)


def leave_silently(contact: Contact, detection: float) -> None:
    """The customer goes without a word: place and line stay taken until an agent finds out."""
    contact.detection = detection
    contact.flags |= SILENT_LEAVER
    contact.trunk, contact.customer.trunk = contact.customer.trunk, None


def give_back_line(contact: Contact) -> None:
    """The line of a customer who left without a word is free."""
    if contact.trunk is not None:
        contact.trunk.release()
        contact.trunk = None

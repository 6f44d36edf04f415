"""The SimPy engine: customers are processes that live MODEL section 3, and the log is what they leave behind.

Comes in: a `Configuration`, a seed and a replication number. Goes out: a `Log`. Routing is synchronous (`desk`), draws
are keyed and planned a contact at a time (`sim.rules.service`), simultaneous events have the written order (`clock`).
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from math import ceil, isnan

import simpy

from ...chance.arrivals import Arrivals
from ...coded.centre import endless_journey
from ...coded.hops import REOPENED_ROW
from ...coded.order import NEXT_CONTACT
from ...coded.schedule import Schedule, clock_of
from ...errors import InputError
from ...log.assembly import Written, assembled
from ...log.codes import CAME_BACK, FIRST, FORCED_HOP, HOP, PUT_THROUGH
from ...log.tables import CONTACT_COLUMNS, CUSTOMER_COLUMNS, STAFFING_COLUMNS, Log, Rows
from ...model.centre import Configuration
from ...model.outcomes import End, Outcome
from ...model.units import DAY
from ...rules import decisions as rules
from ...rules import fronts
from ...rules.hops import after_opening
from ...rules.journeys import keeps_line, row_after, run_is_over
from ...rules.numbers import REOPEN
from .clock import ARRIVAL, RUN_END, Clock, Started, Timer, order
from .customers import Contact, Customer
from .desk import Desk
from .memory import Memory
from .setup import Setup
from .shifts import schedule_staff
from .stations import DeferredStation, LiveStation, stations

RESOLVED, CLOSED, TRANSFERRED = int(Outcome.RESOLVED), int(Outcome.CLOSED), int(Outcome.TRANSFERRED)
Story = Generator[simpy.Event, None, None]


class Simulation:
    """One replication of a centre."""

    def __init__(self, config: Configuration, seed: int, replication: int) -> None:
        self.setup = Setup(config, seed, replication)
        self.mood = self.setup.mood
        self.memory = Memory(self.setup)
        self.env = Clock()
        self.arrivals = Arrivals(config, seed, replication)
        tables = self.setup.tables
        self.schedule = Schedule(config, clock_of(config, tables), seed, replication)
        self.desk = Desk(self.env, self.setup, self.schedule.sizes)
        self.stations = stations(self.setup, self.desk, self.env)
        self.desk.on_leave = self.desk.handling.on_leave = self._leave
        self.desk.on_stale = self.desk.handling.on_stale = self._stale_done
        self.desk.on_timeout, self.desk.handling.on_reply = self._time_out, self._reply
        self.contacts, self.customers = Rows(CONTACT_COLUMNS), Rows(CUSTOMER_COLUMNS)
        self.staffing = Rows(STAFFING_COLUMNS)
        self.stale: dict[tuple[int, int], Contact] = {}
        """contacts whose customers moved on while the work stayed"""
        self.inside: dict[int, Customer] = {}
        self.followed = 0
        """customers of the measured window still on their journey"""
        self.done = self.env.event()
        journeys = self.setup.coded.journeys
        self.cap, self.sticky = journeys.cap, journeys.sticky
        self.return_factor, self.give_up_factor = journeys.return_factor, journeys.give_up_factor
        self.may_reopen = [bool(tables.profiles[c, REOPEN] > 0) for c in range(len(tables.channels))]
        self.deflection_row, self.row_of = tables.hops.deflection_row, tables.hops.row_of
        self.until_opening = [bool(flag) for flag in tables.hops.until_opening]
        self.after_opening: list[int] = tables.hops.after_opening.tolist()
        self.front: list[int] = tables.front.tolist()
        self.front_share: list[float] = tables.front_share.tolist()

    def run(self) -> Log:
        """Simulate to the end of the run and give the log."""
        env, setup = self.env, self.setup
        Started(env, self.source())
        env.process(schedule_staff(env, self.desk, self.schedule, self.staffing, setup.limit))
        Timer(env, setup.window[1], order(RUN_END, 0)).callbacks.append(lambda _: self._stop_if_done())
        if setup.coded.window.clears:
            clearing = Timer(env, setup.window[1], order(RUN_END, 0, 1))
            clearing.callbacks.append(lambda _: self._send_all_away())
        end = Timer(env, setup.limit, order(RUN_END, 0, 2))
        end.callbacks.append(lambda _: self._stop())
        env.run(until=self.done)
        return self._log()

    # The story ------------------------------------------------------------------------------------------------------

    def source(self) -> Story:
        """Customers arrive, each at their time, and begin their journey."""
        for day in range(ceil(self.setup.last_arrival / DAY)):
            today = self.arrivals.day(day, self.setup.last_arrival)
            columns = (today.time, today.entity, today.segment, today.reason, today.channel)
            for arrived, entity, segment, reason, channel in zip(*(c.tolist() for c in columns), strict=True):
                if arrived >= self.setup.last_arrival:
                    return
                customer = Customer(entity, arrived, segment, reason, channel)
                yield Timer(self.env, arrived, ARRIVAL | customer.tie + NEXT_CONTACT)
                Started(self.env, self.journey(customer))

    def journey(self, customer: Customer) -> Story:
        """First contact to the end: a contact in a channel, its outcome, then on to the next channel or out."""
        self._enter(customer)
        channel, context, via, bonus = customer.channel, rules.NOTHING, FIRST, 0
        while True:
            channel = self._met_first(customer, channel, via == PUT_THROUGH)
            profile = self.setup.profile_of[channel][customer.segment][customer.reason]
            context, saved = self.memory.known(customer, channel, context)
            contact = customer.contact = Contact(customer, channel, profile, self.env.now, context, via, bonus)
            contact.saved = saved
            waiting_for = self.stations[channel].admit(contact)
            if waiting_for is not None:
                yield waiting_for
            self._after(contact)

            solved_for_good, row, next_from = self._solved(contact)
            if solved_for_good:
                return self._leave_centre(customer, End.RESOLVED)
            next_channel, begins, context = self._next(contact, row, next_from)
            if customer.trunk is not None:
                self._keep_line(customer, next_channel, begins)
            if next_channel != rules.GIVE_UP and customer.number >= self.cap:
                return self._capped(customer)
            if begins > self.env.now:
                yield Timer(self.env, begins, ARRIVAL | customer.tie + NEXT_CONTACT)
            if next_channel == rules.GIVE_UP:
                return self._leave_centre(customer, End.GIVEN_UP)
            bonus = int(row == TRANSFERRED)
            channel, via = next_channel, HOP if row != REOPENED_ROW else CAME_BACK
            if bonus and begins <= contact.ended:
                via = PUT_THROUGH

    def _met_first(self, customer: Customer, channel: int, put_through: bool) -> int:
        """The channel of the next leg: the one that the customer makes for, or what stands in front of it."""
        if self.front[channel] < 0:
            return channel
        setup, before = self.setup, customer.contact
        met = fronts.met_first(
            channel, self.front[channel], self.front_share[channel], -1 if before is None else before.channel,
            put_through, setup.seed, setup.replication, customer.entity, customer.number + 1,
        )  # fmt: skip
        if before is None:
            customer.channel = met
        self._keep_line(customer, met, self.env.now)
        return int(met)

    def _keep_line(self, customer: Customer, next_channel: int, begins: float) -> None:
        """A hop without delay to a channel on the same lines keeps the customer's line; any other gives it back."""
        goes_on = next_channel != rules.GIVE_UP
        same = goes_on and self.stations[next_channel].trunk is customer.trunk
        if customer.trunk is not None and not keeps_line(goes_on, begins <= self.env.now, same):
            customer.trunk.release()
            customer.trunk = None

    def _capped(self, customer: Customer) -> None:
        """The journey ends at its cap; without one, what never ends is a mistake in the rows, and said so."""
        if not self.setup.coded.journeys.capped:
            name = self.setup.tables.channels[customer.contact.channel if customer.contact else customer.channel]
            raise InputError(endless_journey(name))
        self._leave_centre(customer, End.CAPPED)

    def _enter(self, customer: Customer) -> None:
        self.inside[customer.entity] = customer
        if self.setup.window[0] <= customer.arrived < self.setup.window[1]:
            self.followed += 1

    def _after(self, contact: Contact) -> None:
        """What the contact leaves with the customer: a story told, or one more try in vain."""
        customer = contact.customer
        customer.used |= 1 << contact.channel
        if contact.outcome >= rules.FORCED:
            contact.outcome -= rules.FORCED
            contact.flags |= FORCED_HOP
        if isnan(contact.ended):
            contact.ended = self.env.now
        self.memory.note(contact)
        if self.mood is not None:
            self.mood.after(contact)

    def _solved(self, contact: Contact) -> tuple[bool, int, float]:
        """(solved for good, row of the switching matrix, time from which the hop is counted)."""
        now = self.env.now
        row, next_from = contact.outcome, now
        if row == RESOLVED:
            back = self._comes_back(contact) if self.may_reopen[contact.channel] else -1.0
            contact.reopens = bool(back >= 0.0)  # without Numba `back` is a NumPy float, and a NumPy bool is no integer
            row, next_from = REOPENED_ROW, now + back
        if contact.stale:
            self.stale[contact.customer.entity, contact.number] = contact
        else:
            self._write(contact)
        return row == REOPENED_ROW and not contact.reopens, row, next_from

    def _comes_back(self, contact: Contact) -> float:
        """Time until the resolved issue comes back, s; -1 if never."""
        setup, entity = self.setup, contact.customer.entity
        return setup.plan_reopening(contact.profile, setup.seed, setup.replication, entity, contact.number)

    def _next(self, contact: Contact, outcome: int, next_from: float) -> tuple[int, float, int]:
        """Next channel, when, and what becomes of context, by the row of (channel, outcome, attempt)."""
        customer, setup = contact.customer, self.setup
        pushed = bool(contact.flags & FORCED_HOP)
        row = row_after(self.row_of, self.deflection_row, contact.channel, outcome, customer.unserved, pushed)
        if isnan(contact.answered):
            customer.unserved += 1
        plan_hop = setup.plan_hop if self.mood is None else partial(self.mood.hop, contact)
        channel, delay, context = plan_hop(
            setup.walked(row, customer.entity), row, customer.used, self.return_factor,
            self.give_up_factor if contact.context == rules.CARRIED else 1.0, customer.held, customer.lost,
            setup.seed, setup.replication, customer.entity, contact.number,
        )  # fmt: skip
        customer.held = context == rules.CARRIED
        customer.lost = customer.lost or (self.sticky and context == rules.LOST)
        begins = next_from + delay
        if self.until_opening[row] and channel != rules.GIVE_UP:
            key = setup.seed, setup.replication, customer.entity, contact.number
            later = after_opening(delay, self.after_opening[row], setup.tables.laws, setup.tables.quantiles, *key)
            begins = self.stations[channel].when_open(begins, later)
        return channel, begins, context

    def _leave_centre(self, customer: Customer, end: End) -> None:
        if customer.trunk is not None:
            customer.trunk.release()
        self._write_customer(customer, self.env.now, end)
        del self.inside[customer.entity]
        customer.contact = None  # they refer to each other: so both are freed without garbage collection
        if self.setup.window[0] <= customer.arrived < self.setup.window[1]:
            self.followed -= 1
            self._stop_if_done()

    def _leave(self, contact: Contact, _: simpy.Event) -> None:
        place = self.stations[contact.channel]
        assert isinstance(place, (LiveStation, DeferredStation))
        place.left(contact)

    def _time_out(self, contact: Contact, event: simpy.Event) -> None:
        place = self.stations[contact.channel]
        assert isinstance(place, LiveStation)
        place.timed_out(contact, event)

    def _reply(self, contact: Contact) -> None:
        place = self.stations[contact.channel]
        assert isinstance(place, (LiveStation, DeferredStation))
        place.reply(contact)

    def _stale_done(self, contact: Contact) -> None:
        self._write(self.stale.pop((contact.customer.entity, contact.number)))

    # The end --------------------------------------------------------------------------------------------------------

    def _stop_if_done(self) -> None:
        setup = self.setup
        if run_is_over(self.env.now, setup.window[1], self.followed, len(self.inside), setup.follows):
            self._stop()

    def _stop(self) -> None:
        if not self.done.triggered:
            self.done.succeed()

    def _send_all_away(self) -> None:
        """Live queues; deferred work has no closing (`POSSIBLE`), it is drained or reaches its deadline."""
        for channel, place in enumerate(self.stations):
            if isinstance(place, LiveStation):
                self.desk.send_away(channel, CLOSED)

    # The log --------------------------------------------------------------------------------------------------------

    def _write(self, contact: Contact) -> None:
        self.contacts.add(
            contact.customer.entity, contact.number, contact.channel, contact.arrived, contact.answered, contact.ended,
            contact.released, contact.agent, contact.outcome, contact.context, contact.via, contact.reopens,
            contact.frustration, contact.flags,
        )  # fmt: skip

    def _write_customer(self, customer: Customer, ended: float, end: End) -> None:
        self.customers.add(
            customer.entity, customer.segment, customer.reason, customer.channel, customer.arrived, ended, end,
            customer.number, customer.frustration,
        )  # fmt: skip

    def _log(self) -> Log:
        setup = self.setup
        for customer in self.inside.values():
            self._write_customer(customer, float("nan"), End.OPEN)
            if customer.contact is not None and isnan(customer.contact.ended):
                self._write(customer.contact)
        for contact in self.stale.values():
            self._write(contact)
        self.desk.staff.close()
        self.desk.handling.close()
        written = Written(
            self.contacts, self.customers, self.desk.handling.turns, self.desk.staff.duties, self.staffing
        )
        key = (setup.seed, setup.replication)
        return assembled(written, setup.coded, setup.config, key, self.env.now, self.schedule.sizes)


def simulate(config: Configuration, seed: int, replication: int) -> Log:
    """One replication on the SimPy engine."""
    return Simulation(config, seed, replication).run()

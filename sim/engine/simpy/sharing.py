"""Agents who hold several contacts at a time and share themselves between them: limited processor sharing, exact.

With n open contacts an agent does total(n) seconds of work a second, equally for each. V is the work done for a contact
that was open all along: at each change of n, once, V += (now - last) x total(n)/n. A contact's tag is V at its start
plus its work; only the smallest (tag, customer) is on the calendar; at its end V becomes its tag; an empty agent's V is
0 again. Contacts that are held without work (a silent customer, one that left without a word) do not count in n.

Attention is the agent's time, shared equally by all that is held, worked on or not: its sum is the time busy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from heapq import heappop, heappush
from math import nan

import simpy

from ...rules.sharing import attention_paid, due_at, work_done
from .clock import RELEASE, Timer, hand_over
from .customers import Contact


class Holding:
    """An agent's capacity, held for one turn of a contact."""

    __slots__ = ("agent", "answered", "before", "contact", "ended", "gap", "queued", "shared", "taken", "tie", "turn",
                 "units", "work")  # fmt: skip

    def __init__(self, contact: Contact, agent: int, units: int, shared: Shared | None, now: float) -> None:
        self.contact, self.agent, self.units, self.shared, self.turn = contact, agent, units, shared, contact.turn
        self.queued, self.taken = contact.queued_at, now
        self.tie = contact.tie
        self.answered = self.ended = nan
        self.gap = -1.0
        """time until the customer's reply, s; negative: this is the last turn"""
        self.work = 0.0
        """service and wrap-up so far, s of an agent at speed 1"""
        self.before = 0.0 if shared is None else shared.attention

    def spent(self, now: float) -> float:
        """Attention so far, s."""
        return now - self.taken if self.shared is None else self.shared.attention - self.before


def attach(contact: Contact, event: simpy.Event) -> None:
    """What the contact's customer waits for is now `event`."""
    if contact.leg is not None:
        hand_over(contact.leg, event)
    contact.leg = event


class Shared:
    """One agent's open contacts."""

    __slots__ = ("at", "attention", "done", "env", "held", "held_at", "open", "rates", "timer", "work")

    def __init__(self, env: simpy.Environment, speeds: Sequence[float], done: Callable[[Holding], None]) -> None:
        self.env, self.done = env, done
        self.rates = [0.0, *(total / n for n, total in enumerate(speeds, 1))]
        """work per second for each of n open contacts"""
        self.work, self.at = 0.0, 0.0
        """V, and when it was that"""
        self.open: list[tuple[float, int, Holding, bool]] = []
        self.timer: Timer | None = None
        self.attention, self.held, self.held_at = 0.0, 0, 0.0

    def hold(self, change: int) -> None:
        """The number of contacts held changes by one."""
        now = self.env.now
        self.attention = attention_paid(self.attention, self.held_at, now, self.held)
        self.held_at = now
        self.held += change

    def start(self, holding: Holding, work: float, carries: bool) -> None:
        """`work` seconds of work begin; `carries` says that the customer waits for their end."""
        now = self.env.now
        if self.open:
            self.work = work_done(self.work, self.at, now, self.rates[len(self.open)])
        self.at = now
        first = self.open[0] if self.open else None
        heappush(self.open, (self.work + work, holding.tie, holding, carries))
        if carries:  # not patience any more, which goes on being on the calendar until somebody takes its place
            attach(holding.contact, simpy.Event(self.env))
        self._schedule(first)

    def _schedule(self, before: tuple[float, int, Holding, bool] | None) -> None:
        """The first to end gets its place on the calendar; whoever was `before` loses it."""
        old = self.timer
        if old is not None and before is not None:
            if before[3] and before[2].contact.leg is old:
                attach(before[2].contact, simpy.Event(self.env))
            old.callbacks = []
        self.timer = None
        if self.open:
            tag, tie, holding, carries = self.open[0]
            due = due_at(self.env.now, tag, self.work, self.rates[len(self.open)])
            self.timer = Timer(self.env, due, RELEASE | tie, partial(self._end, self.open[0]))
            if carries:
                attach(holding.contact, self.timer)

    def _end(self, due: tuple[float, int, Holding, bool], _: simpy.Event) -> None:
        heappop(self.open)
        self.work, self.at = due[0], self.env.now
        if not self.open:
            self.work = 0.0
        self.timer = None
        self.done(due[2])
        if self.timer is None:  # else somebody new has begun, and the first to end is on the calendar
            self._schedule(None)

"""Customers and contacts as the SimPy engine holds them while they are in the centre."""

from __future__ import annotations

from math import inf, nan

import simpy

from ...coded.order import NEXT_CONTACT, SECOND_BITS
from .trunks import Trunk


class Customer:
    """A person with one issue, on a journey."""

    __slots__ = ("arrived", "channel", "contact", "entity", "frustration", "held", "lost", "number", "reason",
                 "records", "segment", "tie", "trunk", "unserved", "used", "waited")  # fmt: skip

    def __init__(self, entity: int, arrived: float, segment: int, reason: int, channel: int) -> None:
        self.entity, self.arrived, self.segment, self.reason = entity, arrived, segment, reason
        self.channel = channel
        """first channel"""
        self.number = 0
        """contacts so far"""
        self.tie = entity << SECOND_BITS
        """place of the last contact among simultaneous events of a kind"""
        self.used = 0
        """bit c is set once channel c was used"""
        self.unserved = 0
        """contacts so far that nobody answered"""
        self.held = False
        """has told the story, and the company has it"""
        self.records: list[tuple[int, int, float]] = []
        """what contacts taught the company (`sim.rules.records`)"""
        self.lost = False
        """context is lost for good (sticky_loss)"""
        self.waited: dict[int, float] | None = None
        """time waited by channel, for patience that remains"""
        self.contact: Contact | None = None
        self.frustration = 0.0
        self.trunk: Trunk | None = None
        """lines of which one is held"""


class Contact:
    """One visit to one channel."""

    __slots__ = ("agent", "answered", "arrived", "beside", "bonus", "channel", "context", "customer", "detection",
                 "ended", "flags", "frustration", "leg", "line", "number", "outcome", "patience", "planned", "profile",
                 "queued_at", "released", "reopens", "ringing", "saved", "service", "stale", "tie", "trunk", "turn",
                 "via", "waiting", "wrap_up")  # fmt: skip

    def __init__(
        self, customer: Customer, channel: int, profile: int, arrived: float, context: int, via: int, bonus: int
    ) -> None:
        customer.number += 1
        customer.tie += NEXT_CONTACT
        self.customer, self.channel, self.arrived, self.context, self.via = customer, channel, arrived, context, via
        self.profile, self.queued_at, self.bonus = profile, arrived, bonus
        self.number = customer.number
        self.tie = customer.tie
        """place of the present turn among simultaneous events of a kind"""
        self.answered = self.ended = self.released = nan
        self.agent = -1
        self.outcome = 0
        self.reopens = False
        self.waiting = False
        self.stale = False
        self.saved = -1.0
        """share of handle time that context saves; negative: no context"""
        self.beside = 0
        """other sessions open with its agent when its own began"""
        self.line = -1
        self.planned = 0
        """outcome if served"""
        self.service = self.wrap_up = 0.0
        self.frustration = customer.frustration
        """of the customer as it began"""
        self.leg: simpy.Event | None = None
        """what the customer waits for"""
        self.turn = 0
        """answers so far"""
        self.flags = 0
        self.ringing = False
        self.detection = -1.0
        """time in which an agent finds out that the customer has left, s; negative: said so, or still there"""
        self.patience = inf
        self.trunk: Trunk | None = None
        """lines of which one stays taken after the customer left without a word"""

"""Customers and contacts as the SimPy engine holds them while they are in the centre."""

from __future__ import annotations

from math import nan

import simpy

from .clock import NEXT_CONTACT, order


class Customer:
    """A person with one issue, on a journey."""

    __slots__ = ("arrived", "channel", "contact", "entity", "frustration", "held", "lost", "number", "reason",
                 "segment", "tie", "unserved", "used", "waited")  # fmt: skip

    def __init__(self, entity: int, arrived: float, segment: int, reason: int, channel: int) -> None:
        self.entity, self.arrived, self.segment, self.reason = entity, arrived, segment, reason
        self.channel = channel
        """first channel"""
        self.number = 0
        """contacts so far"""
        self.tie = order(0, entity)
        """place of the last contact among simultaneous events of a kind"""
        self.used = 0
        """bit c is set once channel c was used"""
        self.unserved = 0
        """contacts so far that nobody answered"""
        self.held = False
        """has told the story, and the company has it"""
        self.lost = False
        """context is lost for good (sticky_loss)"""
        self.waited: dict[int, float] | None = None
        """time waited by channel, for patience that remains"""
        self.contact: Contact | None = None
        self.frustration = 0.0


class Contact:
    """One visit to one channel."""

    __slots__ = ("agent", "answered", "arrived", "channel", "context", "customer", "ended", "forced", "frustration",
                 "leg", "line", "number", "outcome", "planned", "released", "reopens", "service", "stale", "tie", "via",
                 "waiting", "wrap_up")  # fmt: skip

    def __init__(self, customer: Customer, channel: int, arrived: float, context: int, via: int) -> None:
        customer.number += 1
        customer.tie += NEXT_CONTACT
        self.customer, self.channel, self.arrived, self.context, self.via = customer, channel, arrived, context, via
        self.number = customer.number
        self.tie = customer.tie
        self.answered = self.ended = self.released = nan
        self.agent = -1
        self.outcome = 0
        self.reopens = False
        self.waiting = False
        self.stale = False
        self.line = -1
        self.planned = 0
        """outcome if served"""
        self.service = self.wrap_up = 0.0
        self.forced = False
        """the company ended it by pushing the customer to another channel"""
        self.frustration = customer.frustration
        """of the customer as it began"""
        self.leg: simpy.Event | None = None
        """what the customer waits for"""

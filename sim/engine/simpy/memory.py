"""What the company knows of a customer when a contact begins, and what the contact leaves behind.

Comes in: a customer, the channel of the next leg, what the hop did with a token of context. Goes out: whether the leg
has context and how much time that saves. With `integration.context: token` the hop has decided; with `record` it is
decided here, from the records of all contacts before.
"""

from __future__ import annotations

from math import isnan

import numpy as np

from ...log.codes import FORCED_HOP
from ...rules import decisions as rules
from ...rules.journeys import holds_context
from ...rules.numbers import TIME_SAVED
from ...rules.records import NO_CONTEXT, known_context, leaves_record, seen_with
from ...rules.service import share_before_leaving
from .customers import Contact, Customer
from .setup import Setup

ABANDONED = rules.ABANDONED


class Memory:
    """Tokens or records, as the centre has them."""

    def __init__(self, setup: Setup) -> None:
        self.setup, self.records, self.mood = setup, setup.tables.records, setup.mood
        self.saved: list[float] = setup.tables.profiles[: len(setup.tables.channels), TIME_SAVED].tolist()
        self.override: list[float] = self.records.override.tolist()

    def known(self, customer: Customer, channel: int, token: int) -> tuple[int, float]:
        """(context of the leg that begins, share of time that it saves)."""
        if not self.records.kept:
            return token, self.saved[channel] if token == rules.CARRIED else NO_CONTEXT
        if not customer.records:
            return rules.NOTHING, NO_CONTEXT
        setup, r = self.setup, self.records
        context, saved = known_context(
            np.array(customer.records), len(customer.records), channel, r.identified, r.visible, r.savings, r.viewers,
            setup.seed, setup.replication, customer.entity, customer.number + 1,
        )  # fmt: skip
        if context == rules.LOST and self.mood is not None:
            self.mood.started_over(customer)
        return context, saved

    def note(self, contact: Contact) -> None:
        """What an ended contact leaves: a token held, or a record of its own if it taught the company something. Who
        moved on unanswered has taught nothing, even if somebody writes an answer later."""
        customer = contact.customer
        if not self.records.kept:
            customer.held = holds_context(not isnan(contact.answered), contact.context)
        elif leaves_record(
            contact.answered, contact.ended, contact.outcome, self._way_before_leaving(contact), self.records.told_after
        ):
            pushed = bool(contact.flags & FORCED_HOP)
            override = seen_with(self.override[contact.channel], pushed, contact.outcome)
            customer.records.append((contact.channel, contact.number, override))

    def _way_before_leaving(self, contact: Contact) -> float:
        """How far into the session a drop-out left, as a share of it; asked only where it matters."""
        if contact.outcome != ABANDONED or self.records.told_after <= 0.0:
            return 1.0
        setup, tables = self.setup, self.setup.tables
        return share_before_leaving(
            tables.profiles, contact.profile, setup.seed, setup.replication, contact.customer.entity, contact.number
        )

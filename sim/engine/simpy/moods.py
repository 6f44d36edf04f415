"""Frustration in the SimPy engine: the coefficients of a centre, coded, and the few moments at which they are used.

Comes in: a contact that begins, has ended, or leads to a hop. Goes out: its customer's frustration, its patience, the
row it walks. Exists only in centres where something can move frustration (`mood_of`); elsewhere the engine asks
nothing.
"""

from __future__ import annotations

from functools import partial
from math import isnan
from typing import Any

import numpy as np

from ...coded.tables import Tables
from ...log.tables import FORCED_HOP
from ...model.centre import Configuration
from ...model.outcomes import Outcome
from ...rules import decisions as rules
from ...rules import feelings
from .customers import Contact

RESOLVED = int(Outcome.RESOLVED)
Step = partial[tuple[int, float, int]]


class Mood:
    """The feelings of a centre's customers. `plan_hop` is the step with its tables."""

    def __init__(self, config: Configuration, tables: Tables, plan_hop: Step) -> None:
        felt, names = config.feelings, tables.channels
        growth, effects = felt.growth, felt.effects
        self.tolerance = [felt.tolerance_of(name, config.channels[name]) for name in names]
        self.public = np.array([name in felt.public for name in names], dtype=np.int64)
        self.wait, self.failure = growth.wait, growth.failure
        self.restart, self.forced_hop = growth.restart, growth.forced_hop
        self.impatience, self.to_public, self.to_give_up = effects.patience, effects.public, effects.give_up
        self.kept, self.cap = 1.0 - felt.relief, config.journeys.max_contacts
        turned_away = (Outcome.BLOCKED, Outcome.CLOSED, Outcome.BALKED)
        self.grown = {int(outcome): 0.0 for outcome in Outcome}
        self.grown |= {int(outcome): growth.turned_away for outcome in turned_away}
        self.grown |= {int(Outcome.FAILED): growth.failure, int(Outcome.TRANSFERRED): growth.transfer}
        self.grown_in_sessions = {int(Outcome.ABANDONED): growth.failure, int(Outcome.TRANSFERRED): 0.0}
        self.self_service = [kind == "self_service" for kind in tables.kind]
        self.felt = np.empty(tables.rows.shape[1])
        self._plan_hop = plan_hop

    def patience(self, contact: Contact, patience: float) -> float:
        """The patience of a contact that begins."""
        return feelings.patience_left(patience, contact.frustration, self.impatience)

    def after(self, contact: Contact) -> None:
        """A contact has ended."""
        until = contact.ended if isnan(contact.answered) else min(contact.answered, contact.ended)
        grown = self.grown[contact.outcome]
        if self.self_service[contact.channel]:
            grown = self.grown_in_sessions.get(contact.outcome, grown)
        kept = self.kept if contact.outcome == RESOLVED else 1.0
        customer, wait = contact.customer, until - contact.arrived
        customer.frustration = feelings.frustration_after(
            customer.frustration, wait, self.tolerance[contact.channel], self.wait, grown, kept
        )

    def hop(self, contact: Contact, walked: rules.Floats, *plan: Any) -> tuple[int, float, int]:
        """The hop out of a contact along its customer's row, felt; `plan` is what `steps.plan_hop` takes after it."""
        customer = contact.customer
        if contact.reopens:
            customer.frustration += self.failure
        feelings.feel_row(walked, self.public, customer.frustration, self.to_public, self.to_give_up, self.felt)
        hop = self._plan_hop(self.felt, *plan)
        if hop[0] != rules.GIVE_UP and customer.number != self.cap:
            if hop[2] == rules.LOST:
                customer.frustration += self.restart
            if contact.flags & FORCED_HOP:
                customer.frustration += self.forced_hop
        return hop


def mood_of(config: Configuration, tables: Tables, plan_hop: Step) -> Mood | None:
    """The feelings of a centre, or None where nothing can move them."""
    return Mood(config, tables, plan_hop) if config.feelings.moved else None

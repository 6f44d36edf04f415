"""Frustration in the SimPy engine: the few moments at which the coefficients of a centre are used.

Comes in: a contact that begins, has ended, or leads to a hop. Goes out: its customer's frustration, its patience, the
row it walks. Exists only in centres where something can move frustration (`mood_of`); elsewhere the engine asks
nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ...coded.centre import Centre
from ...log.codes import FORCED_HOP
from ...rules import decisions as rules
from ...rules import feelings
from .customers import Contact, Customer

Step = partial[tuple[int, float, int]]


class Mood:
    """The feelings of a centre's customers. `plan_hop` is the step with its tables."""

    def __init__(self, centre: Centre, plan_hop: Step) -> None:
        felt = centre.feelings
        self.tolerance: list[float] = felt.tolerance.tolist()
        self.grown: list[list[float]] = felt.grown.tolist()
        self.kept: list[float] = felt.kept.tolist()
        self.wait, self.failure, self.impatience = felt.wait, felt.reopened, felt.impatience
        self.restart, self.forced_hop = felt.restart, felt.forced_hop
        self.public, self.to_public, self.to_give_up = felt.public, felt.to_public, felt.to_give_up
        self.cap = centre.journeys.cap
        self.felt = np.empty(centre.tables.hops.rows.shape[1])
        self._plan_hop = plan_hop

    def patience(self, contact: Contact, patience: float) -> float:
        """The patience of a contact that begins."""
        return feelings.patience_left(patience, contact.frustration, self.impatience)

    def after(self, contact: Contact) -> None:
        """A contact has ended."""
        customer = contact.customer
        customer.frustration = feelings.frustration_after(
            customer.frustration,
            feelings.wait_felt(contact.arrived, contact.answered, contact.ended),
            self.tolerance[contact.channel],
            self.wait,
            self.grown[contact.channel][contact.outcome],
            self.kept[contact.outcome],
        )

    def started_over(self, customer: Customer) -> None:
        """A contact begins with nothing known of what was said before."""
        customer.frustration += self.restart

    def hop(self, contact: Contact, walked: rules.Floats, *plan: Any) -> tuple[int, float, int]:
        """The hop out of a contact along its customer's row, felt; `plan` is what `plan_hop` takes after it."""
        customer = contact.customer
        if contact.reopens:
            customer.frustration += self.failure
        feelings.feel_row(walked, self.public, customer.frustration, self.to_public, self.to_give_up, self.felt)
        hop = self._plan_hop(self.felt, *plan)
        if hop[0] != rules.GIVE_UP and customer.number != self.cap:
            pushed = bool(contact.flags & FORCED_HOP)
            customer.frustration = feelings.frustration_of_hop(
                customer.frustration, hop[2], pushed, self.restart, self.forced_hop
            )
        return hop


def mood_of(centre: Centre, plan_hop: Step) -> Mood | None:
    """The feelings of a centre, or None where nothing can move them."""
    return Mood(centre, plan_hop) if centre.feelings.moved else None

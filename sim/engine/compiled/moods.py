"""Frustration: the few moments at which the coefficients of a centre are used."""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...log.codes import FORCED_HOP as _FORCED_HOP
from ...rules import decisions as rules
from ...rules import feelings
from .model import Model
from .state import (
    ANSWERED,
    ARRIVED,
    CHANNEL,
    ENDED,
    FLAGS,
    FRUSTRATION,
    LEGS,
    MOOD,
    OUTCOME,
    REOPENS,
    WHO,
    State,
)  # fmt: skip

_GIVE_UP = rules.GIVE_UP
patience_left, feel_row, wait_felt = feelings.patience_left, feelings.feel_row, feelings.wait_felt
frustration_after, frustration_of_hop = feelings.frustration_after, feelings.frustration_of_hop


@compiled
def felt_patience(m: Model, s: State, contact: int, patience: float) -> float:
    """The patience of a contact that begins."""
    return patience_left(patience, s.contact_floats[contact, MOOD], m.impatience) if m.moved else patience


@compiled
def felt_after(m: Model, s: State, contact: int) -> None:
    """A contact has ended."""
    if not m.moved:
        return
    ints, floats = s.contact_ints[contact], s.contact_floats[contact]
    customer = s.customer_floats[ints[WHO]]
    customer[FRUSTRATION] = frustration_after(
        customer[FRUSTRATION], wait_felt(floats[ARRIVED], floats[ANSWERED], floats[ENDED]),
        m.tolerance[ints[CHANNEL]], m.wait_hurts, m.grown[ints[CHANNEL], ints[OUTCOME]], m.remains[ints[OUTCOME]],
    )  # fmt: skip


@compiled
def started_over(m: Model, s: State, who: int) -> None:
    """A contact begins with nothing known of what was said before."""
    if m.moved:
        s.customer_floats[who, FRUSTRATION] += m.restart


@compiled
def felt_row(m: Model, s: State, contact: int) -> None:
    """The walked row (`walked`) becomes the one that the customer's frustration makes of it (`felt`)."""
    ints = s.contact_ints[contact]
    customer = s.customer_floats[ints[WHO]]
    if ints[REOPENS]:
        customer[FRUSTRATION] += m.reopened
    feel_row(s.walked, m.public, customer[FRUSTRATION], m.to_public, m.to_give_up, s.felt)


@compiled
def felt_hop(m: Model, s: State, contact: int, channel: int, context: int) -> None:
    """The customer goes on to another channel, if the cap lets them."""
    ints = s.contact_ints[contact]
    if channel == _GIVE_UP or s.customer_ints[ints[WHO], LEGS] == m.cap:
        return
    customer, pushed = s.customer_floats[ints[WHO]], (ints[FLAGS] & _FORCED_HOP) > 0
    customer[FRUSTRATION] = frustration_of_hop(customer[FRUSTRATION], context, pushed, m.restart, m.forced_hop)

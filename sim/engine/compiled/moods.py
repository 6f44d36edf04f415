"""Frustration: the few moments at which the coefficients of a centre are used."""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...log.codes import FORCED_HOP as _FORCED_HOP
from ...rules import decisions as rules
from ...rules.feelings import frustration_after, frustration_of_hop, patience_left, wait_felt
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


@compiled
def felt_patience(m: Model, s: State, contact: int, patience: float) -> float:
    """The patience of a contact that begins."""
    return patience_left(patience, s.contact_floats[contact, MOOD], m.felt.impatience) if m.felt.moved else patience


@compiled
def felt_after(m: Model, s: State, contact: int) -> None:
    """A contact has ended."""
    if not m.felt.moved:
        return
    ints, floats, felt = s.contact_ints[contact], s.contact_floats[contact], m.felt
    customer = s.customer_floats[ints[WHO]]
    customer[FRUSTRATION] = frustration_after(
        customer[FRUSTRATION], wait_felt(floats[ARRIVED], floats[ANSWERED], floats[ENDED]),
        felt.tolerance[ints[CHANNEL]], felt.wait, felt.grown[ints[CHANNEL], ints[OUTCOME]], felt.kept[ints[OUTCOME]],
    )  # fmt: skip


@compiled
def started_over(m: Model, s: State, who: int) -> None:
    """A contact begins with nothing known of what was said before."""
    if m.felt.moved:
        s.customer_floats[who, FRUSTRATION] += m.felt.restart


@compiled
def felt_reopening(m: Model, s: State, contact: int) -> None:
    """An issue that was resolved comes back."""
    if m.felt.moved and s.contact_ints[contact, REOPENS]:
        s.customer_floats[s.contact_ints[contact, WHO], FRUSTRATION] += m.felt.reopened


@compiled
def felt_hop(m: Model, s: State, contact: int, channel: int, context: int) -> None:
    """The customer goes on to another channel, if the cap lets them."""
    ints = s.contact_ints[contact]
    if not m.felt.moved or channel == _GIVE_UP or s.customer_ints[ints[WHO], LEGS] == m.cap:
        return
    customer, pushed = s.customer_floats[ints[WHO]], (ints[FLAGS] & _FORCED_HOP) > 0
    customer[FRUSTRATION] = frustration_of_hop(
        customer[FRUSTRATION], context, pushed, m.felt.restart, m.felt.forced_hop
    )

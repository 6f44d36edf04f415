"""What the company knows of a customer when a contact begins, and what the contact leaves behind: tokens or records."""

from __future__ import annotations

from math import isnan

from ...chance.jit import part_of_kernel as compiled
from ...log.codes import FORCED_HOP as _FORCED_HOP
from ...rules import decisions as rules
from ...rules import records
from ...rules.journeys import holds_context
from ...rules.records import is_identified, leaves_record, saving_of, seen_with
from ...rules.service import share_before_leaving
from .model import Model
from .moods import started_over
from .state import (
    ANSWERED,
    BEFORE,
    CHANNEL,
    CONTEXT,
    ENDED,
    ENTITY,
    FLAGS,
    HELD,
    LAST,
    LEGS,
    NUMBER,
    OUTCOME,
    PROFILE,
    RECORD,
    WHO,
    State,
)  # fmt: skip

_NOTHING, _CARRIED, _LOST, _ABANDONED = rules.NOTHING, rules.CARRIED, rules.LOST, rules.ABANDONED
_NO_CONTEXT = records.NO_CONTEXT


@compiled
def known(m: Model, s: State, who: int, channel: int, token: int) -> tuple[int, float]:
    """(context of the leg that begins, share of time that it saves)."""
    if not m.records.kept:
        return token, m.saved[channel] if token == _CARRIED else _NO_CONTEXT
    customer = s.customer_ints[who]
    last = _last_record(s, customer[LAST] if customer[LEGS] > 0 else -1)
    if last < 0:
        return _NOTHING, _NO_CONTEXT
    saved = _NO_CONTEXT
    if is_identified(channel, m.records.identified, m.seed, m.replication, customer[ENTITY], customer[LEGS] + 1):
        while last >= 0:
            saved = max(saved, _saving(m, s, last, channel, customer[ENTITY]))
            last = _last_record(s, s.contact_ints[last, BEFORE])
    if saved >= 0.0:
        return _CARRIED, saved
    started_over(m, s, who)
    return _LOST, _NO_CONTEXT


@compiled
def _last_record(s: State, contact: int) -> int:
    """The contact, or the last one before it, that left a record; -1 if there is none."""
    while contact >= 0 and s.contact_ints[contact, RECORD] == 0:
        contact = s.contact_ints[contact, BEFORE]
    return contact


@compiled
def _saving(m: Model, s: State, contact: int, channel: int, entity: int) -> float:
    ints = s.contact_ints[contact]
    override = m.records.override[ints[CHANNEL]] if ints[RECORD] == 2 else -1.0
    r = m.records
    return saving_of(
        ints[CHANNEL], ints[NUMBER], override, channel, r.visible, r.savings, r.viewers, m.seed, m.replication, entity
    )


@compiled
def note(m: Model, s: State, contact: int) -> None:
    """What an ended contact leaves: a token held, or a record of its own if it taught the company something."""
    ints, floats = s.contact_ints[contact], s.contact_floats[contact]
    if not m.records.kept:
        s.customer_ints[ints[WHO], HELD] = holds_context(not isnan(floats[ANSWERED]), ints[CONTEXT])
        return
    way = _way_before_leaving(m, s, contact)
    if leaves_record(floats[ANSWERED], floats[ENDED], ints[OUTCOME], way, m.records.told_after):
        pushed = (ints[FLAGS] & _FORCED_HOP) > 0
        ints[RECORD] = 2 if seen_with(m.records.override[ints[CHANNEL]], pushed, ints[OUTCOME]) >= 0.0 else 1


@compiled
def _way_before_leaving(m: Model, s: State, contact: int) -> float:
    """How far into the session a drop-out left, as a share of it; asked only where it matters."""
    ints = s.contact_ints[contact]
    if ints[OUTCOME] != _ABANDONED or m.records.told_after <= 0.0:
        return 1.0
    entity = s.customer_ints[ints[WHO], ENTITY]
    return share_before_leaving(m.profiles, ints[PROFILE], m.seed, m.replication, entity, ints[NUMBER])

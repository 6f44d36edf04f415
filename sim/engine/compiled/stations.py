"""What a channel does with a contact that arrives: a session, an agent at once, a wait, or the door."""

from __future__ import annotations

import numpy as np

from ...chance.jit import compiled
from ...coded.channels import Kind as ChannelKind
from ...coded.order import Kind
from ...log.codes import UNSEEN as _UNSEEN
from ...rules import decisions as rules
from ...rules import draws as steps
from ...rules.admission import refused_at_the_door, turned_away
from .agents import serve
from .calendar import set_timer
from .memory import known
from .model import Model
from .moods import felt_patience
from .state import (
    AGENT,
    ANSWERED,
    ARRIVED,
    BEFORE,
    BONUS,
    CHANNEL,
    CONTACTS,
    CONTEXT,
    ENDED,
    ENTITY,
    FLAGS,
    FRUSTRATION,
    LAST,
    LEGS,
    MOOD,
    NUMBER,
    OUTCOME,
    PHASE,
    PLANNED,
    PROFILE,
    REASON,
    RELEASED,
    SAVED,
    SEGMENT,
    SERVICE,
    SESSION,
    UNNOTICED,
    VIA,
    WHO,
    WRAP_UP,
    State,
)  # fmt: skip
from .waiting_lines import join

_SELF_SERVICE, _LIVE = int(ChannelKind.SELF_SERVICE), int(ChannelKind.LIVE)
_RELEASE, _PATIENCE, _TIME_OUT = int(Kind.RELEASE), int(Kind.PATIENCE), int(Kind.TIME_OUT)
_NOBODY = rules.NOBODY
next_opening, choose_agent = rules.next_opening, rules.choose_agent
plan_session, plan_service, plan_balking = steps.plan_session, steps.plan_service, steps.plan_balking
plan_seen = steps.plan_seen


@compiled
def new_contact(m: Model, s: State, who: int, channel: int, token: int, via: int, bonus: int) -> int:
    """A contact of a customer begins now: its row. `token` is what the hop did with context."""
    context, saved = known(m, s, who, channel, token)
    contact = int(s.counters[CONTACTS])
    s.counters[CONTACTS] = contact + 1
    customer, ints, floats = s.customer_ints[who], s.contact_ints[contact], s.contact_floats[contact]
    ints[:] = 0
    ints[BEFORE] = customer[LAST] if customer[LEGS] > 0 else -1
    customer[LEGS] += 1
    customer[LAST] = contact
    ints[WHO], ints[NUMBER], ints[CHANNEL], ints[AGENT] = who, customer[LEGS], channel, -1
    ints[CONTEXT], ints[VIA], ints[BONUS] = context, via, bonus
    ints[PROFILE] = m.profile_of[channel, customer[SEGMENT], customer[REASON]]
    floats[ARRIVED], floats[SAVED], floats[MOOD] = s.clock[0], saved, s.customer_floats[who, FRUSTRATION]
    floats[ANSWERED] = floats[ENDED] = floats[RELEASED] = np.nan
    return contact


@compiled
def admit(m: Model, s: State, contact: int) -> bool:
    """The contact begins: whether its customer waits for something now; else its outcome is set."""
    channel = s.contact_ints[contact, CHANNEL]
    kind = m.kind[channel]
    if kind == _SELF_SERVICE:
        return _session(m, s, contact, channel)
    if kind == _LIVE:
        s.contact_ints[contact, OUTCOME] = refused_at_the_door(_closed(m, s, channel), False)
        if s.contact_ints[contact, OUTCOME] != 0:
            return False
    patience = _plan(m, s, contact)
    if not m.watched[channel] and _missed(m, s, contact, patience):
        return True
    if _take(m, s, contact, channel):
        return True
    if kind == _LIVE:
        s.contact_ints[contact, OUTCOME] = _turned_away(m, s, contact, channel, patience)
        if s.contact_ints[contact, OUTCOME] != 0:
            return False
    _wait(m, s, contact, channel, patience)
    return True


@compiled
def _closed(m: Model, s: State, channel: int) -> bool:
    first, last = m.first_span[channel], m.first_span[channel + 1]
    at = (s.clock[0] + m.offset) % m.cycle
    return next_opening(at, m.opens[first:last], m.closes[first:last], m.cycle) > 0.0


@compiled
def _session(m: Model, s: State, contact: int, channel: int) -> bool:
    """A session on a port, if the channel is open and one is free."""
    ints = s.contact_ints[contact]
    ints[OUTCOME] = refused_at_the_door(_closed(m, s, channel), s.sessions[channel] >= m.ports[channel])
    if ints[OUTCOME] != 0:
        return False
    s.sessions[channel] += 1
    now = s.clock[0]
    s.contact_floats[contact, ANSWERED] = now
    length, ints[PLANNED] = plan_session(
        m.profiles, m.laws, m.quantiles, m.factors, ints[PROFILE], s.contact_floats[contact, SAVED], now,
        m.seed, m.replication, s.customer_ints[ints[WHO], ENTITY], ints[NUMBER],
    )  # fmt: skip
    ints[PHASE] = SESSION
    set_timer(s, now + length, _RELEASE, contact)
    return True


@compiled
def _plan(m: Model, s: State, contact: int) -> float:
    """Draws service and wrap-up; gives the patience."""
    ints = s.contact_ints[contact]
    patience, service, wrap_up, planned = plan_service(
        m.profiles, m.laws, m.quantiles, m.factors, ints[PROFILE], s.contact_floats[contact, SAVED], 0, s.clock[0],
        m.seed, m.replication, s.customer_ints[ints[WHO], ENTITY], ints[NUMBER], 0,
    )  # fmt: skip
    s.contact_floats[contact, SERVICE], s.contact_floats[contact, WRAP_UP] = service, wrap_up
    ints[PLANNED] = planned
    return felt_patience(m, s, contact, patience)


@compiled
def _take(m: Model, s: State, contact: int, channel: int) -> bool:
    """An agent with room takes the contact at once: of the first set of pools with one, who has been idle longest."""
    reason = s.customer_ints[s.contact_ints[contact, WHO], REASON]
    first = m.first_taker[channel, reason, 0]
    best = _NOBODY
    for k in range(first, m.first_taker[channel, reason, 1]):
        if best != _NOBODY and m.takers[k, 3] != m.takers[k - 1, 3]:  # the next set only if nobody is free
            break
        pool = m.takers[k, 2]
        if s.idle[pool] > 0:
            members = m.everyone[m.first_agent[pool] : m.first_agent[pool + 1]]
            agent = choose_agent(members, s.duty, s.load, s.since)
            if best == _NOBODY or s.since[agent] < s.since[best]:
                best = agent
    if best == _NOBODY:
        return False
    serve(m, s, contact, best)
    return True


@compiled
def _missed(m: Model, s: State, contact: int, patience: float) -> bool:
    """Whether monitoring misses the contact: its customer waits in vain until the deadline."""
    ints = s.contact_ints[contact]
    entity = s.customer_ints[ints[WHO], ENTITY]
    if plan_seen(m.profiles, ints[PROFILE], m.seed, m.replication, entity, ints[NUMBER]):
        return False
    ints[FLAGS] |= _UNSEEN
    ints[PHASE] = UNNOTICED
    set_timer(s, s.clock[0] + patience, _PATIENCE, contact)
    return True


@compiled
def _turned_away(m: Model, s: State, contact: int, channel: int, patience: float) -> int:
    waiting = 0
    for other in range(m.kind.size):
        waiting += s.waiting[other] * m.sharers[channel, other]
    full = waiting >= m.places[channel]
    hears = not full and m.balking[channel] > 0.0
    return turned_away(full, hears and _balks(m, s, contact, channel), patience)


@compiled
def _balks(m: Model, s: State, contact: int, channel: int) -> bool:
    waiting, capacity = 0, 0.0
    for other in range(m.kind.size):
        waiting += s.waiting[other] * m.rivals[channel, other]
    for pool in m.by_name:
        if m.serves[channel, pool]:
            capacity += s.staffed[pool] * m.full_speed[pool]
    return plan_balking(
        m.laws, m.quantiles, m.balk_law[channel], m.balking[channel], waiting, m.mean_handle[channel], capacity,
        m.seed, m.replication, s.customer_ints[s.contact_ints[contact, WHO], ENTITY], s.contact_ints[contact, NUMBER],
    )  # fmt: skip


@compiled
def _wait(m: Model, s: State, contact: int, channel: int, patience: float) -> None:
    """The contact joins the tail of its line, until the company or the customer ends the wait."""
    ints = s.contact_ints[contact]
    customer = s.customer_ints[ints[WHO]]
    join(s, contact, m.line_of[channel, customer[SEGMENT], customer[REASON], ints[BONUS]])
    timeout = m.timeout[channel]
    if timeout <= patience and timeout < np.inf:
        set_timer(s, s.clock[0] + timeout, _TIME_OUT, contact)
    elif patience < np.inf:
        set_timer(s, s.clock[0] + patience, _PATIENCE, contact)

"""What a channel does with a contact that arrives: a session, an agent at once, a wait, or the door; and how
a wait ends that no agent ends."""

from __future__ import annotations

import numpy as np

from ...chance.jit import part_of_kernel as compiled
from ...coded.channels import Kind as ChannelKind
from ...coded.order import Kind
from ...log.codes import FORCED_HOP as _FORCED_HOP
from ...log.codes import SILENT_LEAVER as _SILENT_LEAVER
from ...log.codes import UNSEEN as _UNSEEN
from ...model.outcomes import Outcome
from ...rules.admission import refused_at_the_door
from ...rules.hours import next_opening
from ...rules.service import patience_plan, session_plan
from ...rules.waiting import plan_seen, plan_silence
from .calendar import set_timer
from .crowds import turned_away
from .desk import take, wait
from .endings import hang_up
from .handling import hardness, plan_turn_of
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
    COUNTS,
    DETECTION,
    ENDED,
    ENTITY,
    FLAGS,
    FRUSTRATION,
    LAST,
    LEGS,
    MOOD,
    NUMBER,
    OUTCOME,
    PATIENCE,
    PHASE,
    PLANNED,
    PROFILE,
    QUEUED,
    REASON,
    RELEASED,
    RINGING,
    SAVED,
    SEGMENT,
    SERVICE,
    SESSION,
    STALE,
    TURN,
    UNNOTICED,
    VIA,
    WAITED,
    WAITING,
    WHO,
    WRAP_UP,
    State,
)  # fmt: skip
from .trunks import connect, give_back_line, leave_line
from .waiting_lines import remove

_SELF_SERVICE, _LIVE = int(ChannelKind.SELF_SERVICE), int(ChannelKind.LIVE)
_RELEASE, _PATIENCE, _TIME_OUT = int(Kind.RELEASE), int(Kind.PATIENCE), int(Kind.TIME_OUT)
_ABANDONED, _UNANSWERED = int(Outcome.ABANDONED), int(Outcome.UNANSWERED)
_TIMED_OUT = int(Outcome.TIMED_OUT)


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
    floats[ARRIVED] = floats[QUEUED] = s.clock[0]
    floats[SAVED], floats[MOOD] = saved, s.customer_floats[who, FRUSTRATION]
    floats[PATIENCE], floats[DETECTION], floats[WAITED] = np.inf, -1.0, 0.0
    floats[SERVICE] = floats[WRAP_UP] = 0.0
    floats[ANSWERED] = floats[ENDED] = floats[RELEASED] = np.nan
    return contact


@compiled
def admit(m: Model, s: State, contact: int) -> bool:
    """The contact begins: whether its customer waits for something now; else its outcome is set."""
    kind = m.channels.kind[s.contact_ints[contact, CHANNEL]]
    if kind == _SELF_SERVICE:
        return _session(m, s, contact)
    return _live(m, s, contact) if kind == _LIVE else _deferred(m, s, contact)


@compiled
def _refused(m: Model, s: State, contact: int, taken: bool) -> bool:
    """Whether the contact ends at the door; who is let in has a line."""
    closed = _closed(m, s, s.contact_ints[contact, CHANNEL])
    if not closed and not taken:
        taken = not connect(m, s, contact)
    s.contact_ints[contact, OUTCOME] = refused_at_the_door(closed, taken)
    return bool(s.contact_ints[contact, OUTCOME] != 0)


@compiled
def _closed(m: Model, s: State, channel: int) -> bool:
    first, last = m.first_span[channel], m.first_span[channel + 1]
    if first < last and m.opens[first] <= 0.0 and m.closes[first] >= m.cycle:
        return False  # always open: no need for the time of the week
    at = (s.clock[0] + m.offset) % m.cycle
    return next_opening(at, m.opens[first:last], m.closes[first:last], m.cycle) > 0.0


@compiled
def _session(m: Model, s: State, contact: int) -> bool:
    """A session on a port, if the channel is open and one is free."""
    ints = s.contact_ints[contact]
    if _refused(m, s, contact, s.sessions[ints[CHANNEL]] >= m.channels.ports[ints[CHANNEL]]):
        return False
    s.sessions[ints[CHANNEL]] += 1
    now = s.clock[0]
    s.contact_floats[contact, ANSWERED] = now
    length, ints[PLANNED] = session_plan(
        m.profiles, m.laws, m.quantiles, m.factors, ints[PROFILE], s.contact_floats[contact, SAVED], now,
        hardness(m, s, ints[WHO], ints[PROFILE]), m.seed, m.replication, s.customer_ints[ints[WHO], ENTITY],
        ints[NUMBER],
    )  # fmt: skip
    ints[PHASE] = SESSION
    set_timer(s, now + length, _RELEASE, contact, 0)
    return True


@compiled
def _live(m: Model, s: State, contact: int) -> bool:
    """Closed, blocked by full lines, served at once; else blocked by full places, balking, impatient, waiting."""
    ints, floats = s.contact_ints[contact], s.contact_floats[contact]
    if m.channels.remaining[ints[CHANNEL]]:  # also of a contact that is refused: the next one asks the last
        floats[WAITED] = _waited_before(s, contact)
    if _refused(m, s, contact, False):
        return False
    if _taken(m, s, contact):
        ints[COUNTS] = ints[RINGING] if m.channels.remaining[ints[CHANNEL]] else 0
        return True
    ints[OUTCOME] = turned_away(m, s, contact)
    if ints[OUTCOME] != 0:
        return False
    wait(m, s, contact)
    ints[COUNTS] = 1 if m.channels.remaining[ints[CHANNEL]] else 0
    return True


@compiled
def _deferred(m: Model, s: State, contact: int) -> bool:
    """Served at once by a free agent, or put in the line until its deadline, where it may never be seen."""
    missed = not m.channels.watched[s.contact_ints[contact, CHANNEL]] and not _seen(m, s, contact)
    if missed:
        s.contact_ints[contact, FLAGS] |= _UNSEEN
        s.contact_ints[contact, PHASE] = UNNOTICED
        _plan_patience(m, s, contact)
        set_timer(s, s.clock[0] + s.contact_floats[contact, PATIENCE], _PATIENCE, contact, 0)
    elif not _taken(m, s, contact):
        wait(m, s, contact)
    return True


@compiled
def _seen(m: Model, s: State, contact: int) -> bool:
    ints = s.contact_ints[contact]
    entity = s.customer_ints[ints[WHO], ENTITY]
    return plan_seen(m.profiles, ints[PROFILE], m.seed, m.replication, entity, ints[NUMBER])


@compiled
def _taken(m: Model, s: State, contact: int) -> bool:
    """Whether an agent with room takes the contact at once. Its patience is drawn where somebody will ask for it: if it
    must wait, and of a customer who may leave while an agent is rung."""
    plan_turn_of(m, s, contact, s.contact_ints[contact, PROFILE])
    turned = m.channels.turned[s.contact_ints[contact, CHANNEL]]
    if turned:
        _plan_patience(m, s, contact)
    if take(m, s, contact):
        return True
    if not turned:
        _plan_patience(m, s, contact)
    return False


@compiled
def _plan_patience(m: Model, s: State, contact: int) -> None:
    """Draws the patience of the contact's turn; where patience is what remains, earlier waits have used it up."""
    ints, floats = s.contact_ints[contact], s.contact_floats[contact]
    patience = felt_patience(m, s, contact, patience_plan(
        m.profiles, m.laws, m.quantiles, m.factors, ints[PROFILE], floats[QUEUED], m.seed, m.replication,
        s.customer_ints[ints[WHO], ENTITY], ints[NUMBER], ints[TURN],
    ))  # fmt: skip
    if m.channels.remaining[ints[CHANNEL]] and ints[TURN] == 0:
        patience = max(0.0, patience - floats[WAITED])
    floats[PATIENCE] = patience


@compiled
def _waited_before(s: State, contact: int) -> float:
    """Time that the customer has waited in the channel in contacts before, s."""
    before = s.contact_ints[contact, BEFORE]
    while before >= 0 and s.contact_ints[before, CHANNEL] != s.contact_ints[contact, CHANNEL]:
        before = s.contact_ints[before, BEFORE]
    return float(s.contact_floats[before, WAITED]) if before >= 0 else 0.0


@compiled
def count_wait(s: State, contact: int) -> None:
    """The wait, however it ended, uses up the patience that remains for later contacts in the channel."""
    floats = s.contact_floats[contact]
    if s.contact_ints[contact, COUNTS]:
        until = s.clock[0] if np.isnan(floats[ANSWERED]) else floats[ANSWERED]
        floats[WAITED] = floats[WAITED] + until - floats[ARRIVED]


# How waits end --------------------------------------------------------------------------------------------------------


@compiled
def reply(m: Model, s: State, contact: int) -> None:
    """The customer comes back in the same contact: to any agent, else the tail of the line, with fresh patience."""
    s.contact_ints[contact, TURN] += 1
    s.contact_floats[contact, QUEUED] = s.clock[0]
    if not _taken(m, s, contact):
        wait(m, s, contact)


@compiled
def patience_is_over(m: Model, s: State, contact: int) -> bool:
    """Whether the customer leaves now: not if the wait is over already, or they have left before."""
    ints, floats = s.contact_ints[contact], s.contact_floats[contact]
    rung = ints[RINGING] > 0 and floats[PATIENCE] > 0.0
    there = not ints[STALE] and floats[DETECTION] < 0.0
    if ints[PHASE] != UNNOTICED and not (there and (rung or ints[WAITING] > 0)):
        return False
    floats[ENDED] = s.clock[0]
    if m.channels.kind[ints[CHANNEL]] == _LIVE:
        ints[OUTCOME] = _ABANDONED
        _leave_live(m, s, contact)
    else:
        ints[OUTCOME] = _UNANSWERED
        _leave_deferred(m, s, contact)
    return True


@compiled
def _leave_live(m: Model, s: State, contact: int) -> None:
    """The customer hangs up, or goes without a word and leaves the contact in the line."""
    ints = s.contact_ints[contact]
    if ints[RINGING]:
        hang_up(m, s, contact)
        return
    if not _is_silent(m, s, contact):
        remove(s, contact)
        return
    ints[FLAGS] |= _SILENT_LEAVER
    leave_line(s, contact)
    timeout = m.channels.timeout[ints[CHANNEL]]
    if timeout < np.inf:
        set_timer(s, s.contact_floats[contact, QUEUED] + timeout, _TIME_OUT, contact, 0)


@compiled
def _is_silent(m: Model, s: State, contact: int) -> bool:
    """Whether the customer leaves without a word; then DETECTION says how long an agent takes to find out."""
    ints = s.contact_ints[contact]
    if not m.channels.silent[ints[CHANNEL]]:
        return False
    s.contact_floats[contact, DETECTION] = plan_silence(
        m.profiles, m.laws, m.quantiles, ints[PROFILE], m.seed, m.replication, s.customer_ints[ints[WHO], ENTITY],
        ints[NUMBER], ints[TURN],
    )  # fmt: skip
    return bool(s.contact_floats[contact, DETECTION] >= 0.0)


@compiled
def _leave_deferred(m: Model, s: State, contact: int) -> None:
    """The work is taken away, also from an agent who is rung for it, or stays to be answered all the same."""
    ints = s.contact_ints[contact]
    if ints[PHASE] == UNNOTICED:
        return
    if m.channels.stale[ints[CHANNEL]]:
        ints[STALE] = 1
    elif ints[RINGING]:
        hang_up(m, s, contact)
    else:
        remove(s, contact)


@compiled
def timed_out(s: State, contact: int) -> bool:
    """The company ends the wait, if it is still one: whether a customer is sent on."""
    ints = s.contact_ints[contact]
    if not ints[WAITING]:
        return False
    remove(s, contact)
    if s.contact_floats[contact, DETECTION] >= 0.0:
        give_back_line(s, contact)
        return False
    ints[OUTCOME] = _TIMED_OUT
    s.contact_floats[contact, ENDED] = s.clock[0]
    ints[FLAGS] |= _FORCED_HOP
    return True

"""A customer's journey: contact after contact, until the issue is solved, the customer gives up, or the run ends."""

from __future__ import annotations

from math import isnan

from ...chance.jit import part_of_kernel as compiled
from ...coded.hops import REOPENED_ROW
from ...coded.order import NEXT_CONTACT, SUBJECT_BITS, Kind
from ...log.codes import CAME_BACK as _CAME_BACK
from ...log.codes import FIRST as _FIRST
from ...log.codes import FORCED_HOP as _FORCED_HOP
from ...log.codes import HOP as _HOP
from ...log.codes import PUT_THROUGH as _PUT_THROUGH
from ...model.outcomes import End
from ...rules import decisions as rules
from ...rules.fronts import met_first
from ...rules.hops import after_opening, plan_reopening, plan_way
from ...rules.hours import when_open
from ...rules.journeys import row_after, run_is_over
from .calendar import push
from .memory import note
from .model import Model
from .moods import felt_after, felt_hop, felt_reopening
from .state import (
    ANSWERED,
    CAME,
    CAPPED,
    CHANNEL,
    CONTACTS,
    DONE,
    END,
    ENDED,
    ENDLESS,
    ENTITY,
    FIRST_CHANNEL,
    FLAGS,
    FOLLOWED,
    HELD,
    HOP_BONUS,
    HOP_CHANNEL,
    HOP_CONTEXT,
    HOP_VIA,
    INSIDE,
    LAST,
    LEFT,
    LEGS,
    LOST,
    NUMBER,
    OUTCOME,
    PROFILE,
    REOPENS,
    STOPPED,
    UNSERVED,
    USED,
    WHO,
    State,
)  # fmt: skip
from .stations import admit, count_wait, new_contact
from .switching import chosen
from .trunks import hang_up_line, keep_line

_ARRIVAL = int(Kind.ARRIVAL)
_FORCED, _RESOLVED, _TRANSFERRED, _GIVE_UP = rules.FORCED, rules.RESOLVED, rules.TRANSFERRED, rules.GIVE_UP
_NOTHING, _CARRIED, _LOST = rules.NOTHING, rules.CARRIED, rules.LOST
_SOLVED, _GIVEN_UP, _CAPPED = int(End.RESOLVED), int(End.GIVEN_UP), int(End.CAPPED)


@compiled
def enter(m: Model, s: State, who: int) -> None:
    """A customer arrives and makes the first contact."""
    s.counters[INSIDE] += 1
    if m.window_begin <= s.customer_floats[who, CAME] < m.window_end:
        s.counters[FOLLOWED] += 1
    customer = s.customer_ints[who]
    customer[HOP_CHANNEL], customer[HOP_CONTEXT], customer[HOP_VIA] = customer[FIRST_CHANNEL], _NOTHING, _FIRST
    go_on(m, s, who)


@compiled
def go_on(m: Model, s: State, who: int) -> None:
    """The customer makes the next contact, and those that follow without delay; or gives up."""
    customer = s.customer_ints[who]
    while s.counters[CONTACTS] < s.contact_ints.shape[0]:  # else a customer makes contacts for ever, without delay
        if customer[HOP_CHANNEL] == _GIVE_UP:
            _leave_centre(m, s, who, _GIVEN_UP)
            return
        channel = _met_first(m, s, who)
        contact = new_contact(m, s, who, channel, customer[HOP_CONTEXT], customer[HOP_VIA], customer[HOP_BONUS])
        if admit(m, s, contact) or not after(m, s, contact):
            return
    s.counters[STOPPED] = ENDLESS


@compiled
def _met_first(m: Model, s: State, who: int) -> int:
    """The channel of the next leg: the one that the customer makes for, or what stands in front of it."""
    customer = s.customer_ints[who]
    channel = customer[HOP_CHANNEL]
    if m.front[channel] < 0:
        return int(channel)
    before = s.contact_ints[customer[LAST], CHANNEL] if customer[LEGS] > 0 else -1
    met = met_first(
        channel, m.front[channel], m.front_share[channel], before, customer[HOP_VIA] == _PUT_THROUGH,
        m.seed, m.replication, customer[ENTITY], customer[LEGS] + 1,
    )  # fmt: skip
    if before < 0:
        customer[FIRST_CHANNEL] = met
    customer[HOP_CHANNEL] = met
    keep_line(m, s, who, s.clock[0])
    return int(met)


@compiled
def ended(m: Model, s: State, contact: int) -> None:
    """A contact that its customer waited for is over: the journey goes on."""
    count_wait(s, contact)
    if after(m, s, contact):
        go_on(m, s, s.contact_ints[contact, WHO])


@compiled
def after(m: Model, s: State, contact: int) -> bool:
    """What the contact leaves with the customer, and where the customer goes: whether at once."""
    who, now = s.contact_ints[contact, WHO], s.clock[0]
    customer = s.customer_ints[who]
    _over(m, s, contact)
    row, next_from = s.contact_ints[contact, OUTCOME], now
    if row == _RESOLVED:
        back = _comes_back(m, s, contact)
        if back < 0.0:
            _leave_centre(m, s, who, _SOLVED)
            return False
        s.contact_ints[contact, REOPENS] = 1
        row, next_from = REOPENED_ROW, now + back
    begins = _next(m, s, contact, row, next_from)
    keep_line(m, s, who, begins)
    if customer[HOP_CHANNEL] != _GIVE_UP and customer[LEGS] >= m.cap:
        s.counters[CAPPED] += 1
        _leave_centre(m, s, who, _CAPPED)
        return False
    if begins > now:
        push(s, begins, _ARRIVAL << SUBJECT_BITS | customer[ENTITY], (customer[LEGS] + 1) * NEXT_CONTACT, who)
        return False
    return True


@compiled
def _over(m: Model, s: State, contact: int) -> None:
    """The contact is over for its customer: a story told, or one more try in vain."""
    ints = s.contact_ints[contact]
    s.customer_ints[ints[WHO], USED] |= 1 << int(ints[CHANNEL])
    if ints[OUTCOME] >= _FORCED:
        ints[OUTCOME] -= _FORCED
        ints[FLAGS] |= _FORCED_HOP
    if isnan(s.contact_floats[contact, ENDED]):
        s.contact_floats[contact, ENDED] = s.clock[0]
    note(m, s, contact)
    felt_after(m, s, contact)


@compiled
def _comes_back(m: Model, s: State, contact: int) -> float:
    """Time until the resolved issue comes back, s; -1 if never."""
    ints = s.contact_ints[contact]
    if not m.may_reopen[ints[CHANNEL]]:
        return -1.0
    return plan_reopening(
        m.profiles, m.laws, m.quantiles, ints[PROFILE], m.seed, m.replication, s.customer_ints[ints[WHO], ENTITY],
        ints[NUMBER],
    )  # fmt: skip


@compiled
def _next(m: Model, s: State, contact: int, outcome: int, next_from: float) -> float:
    """Next channel and what becomes of context, by the row of (channel, outcome, attempt): when it begins."""
    ints = s.contact_ints[contact]
    customer = s.customer_ints[ints[WHO]]
    pushed = (ints[FLAGS] & _FORCED_HOP) > 0
    row = row_after(m.hops.row_of, m.hops.deflection_row, ints[CHANNEL], outcome, customer[UNSERVED], pushed)
    if isnan(s.contact_floats[contact, ANSWERED]):
        customer[UNSERVED] += 1
    channel, delay, context = _hop(m, s, contact, row)
    customer[HELD] = context == _CARRIED
    customer[LOST] = customer[LOST] > 0 or (m.sticky and context == _LOST)
    begins = _begins(m, s, contact, row, channel, next_from, delay)
    customer[HOP_CHANNEL], customer[HOP_CONTEXT], customer[HOP_BONUS] = channel, context, outcome == _TRANSFERRED
    customer[HOP_VIA] = _CAME_BACK if outcome == REOPENED_ROW else _HOP
    if outcome == _TRANSFERRED and begins <= s.contact_floats[contact, ENDED]:
        customer[HOP_VIA] = _PUT_THROUGH
    return begins


@compiled
def _hop(m: Model, s: State, contact: int, row: int) -> tuple[int, float, int]:
    """The hop by a row of the switching matrix, as this customer walks it: (channel, delay in s, context)."""
    ints = s.contact_ints[contact]
    customer = s.customer_ints[ints[WHO]]
    felt_reopening(m, s, contact)
    channel = chosen(m, s, contact, row)
    delay, context = plan_way(
        m.hops.delays, m.hops.carries, m.laws, m.quantiles, row, channel, customer[HELD] > 0, customer[LOST] > 0,
        m.seed, m.replication, customer[ENTITY], ints[NUMBER],
    )  # fmt: skip
    felt_hop(m, s, contact, channel, context)
    return channel, delay, context


@compiled
def _begins(m: Model, s: State, contact: int, row: int, channel: int, next_from: float, delay: float) -> float:
    """When the next contact begins: after its delay, or once the channel is open."""
    begins = next_from + delay
    if not m.hops.until_opening[row] or channel == _GIVE_UP:
        return begins
    entity, number = s.customer_ints[s.contact_ints[contact, WHO], ENTITY], s.contact_ints[contact, NUMBER]
    later = after_opening(delay, m.hops.after_opening[row], m.laws, m.quantiles, m.seed, m.replication, entity, number)
    first, last = m.first_span[channel], m.first_span[channel + 1]
    return when_open(begins, later, m.offset, m.opens[first:last], m.closes[first:last], m.cycle)


@compiled
def _leave_centre(m: Model, s: State, who: int, end: int) -> None:
    hang_up_line(s, who)
    s.customer_ints[who, END] = end
    s.customer_floats[who, LEFT] = s.clock[0]
    s.counters[INSIDE] -= 1
    if m.window_begin <= s.customer_floats[who, CAME] < m.window_end:
        s.counters[FOLLOWED] -= 1
        stop_if_done(m, s)


@compiled
def stop_if_done(m: Model, s: State) -> None:
    """The run stops once all that it waits for have ended."""
    if run_is_over(s.clock[0], m.window_end, s.counters[FOLLOWED], s.counters[INSIDE], m.follows):
        s.counters[STOPPED] = DONE

"""The calendar: a binary heap of timers by (time, key), the written order of `sim.coded.order`."""

from __future__ import annotations

from ...chance.jit import compiled as entry
from ...chance.jit import part_of_kernel as compiled
from ...coded.order import NEXT_CONTACT, NEXT_TURN, SUBJECT_BITS, Kind
from ...rules.decisions import Floats, Ints
from .state import CALENDAR, CONTACT, ENTITY, FIRST, KEY, NUMBER, SECOND, TURN, WHAT, WHO, State

_RELEASE = int(Kind.RELEASE)


@compiled
def _is_before(s: State, at: float, first: int, second: int, i: int) -> bool:
    """Whether a timer with this time and key comes before entry i."""
    if at != s.calendar_time[i]:
        return bool(at < s.calendar_time[i])
    if first != s.calendar[i, FIRST]:
        return bool(first < s.calendar[i, FIRST])
    return bool(second < s.calendar[i, SECOND])


@compiled
def _put(s: State, i: int, at: float, first: int, second: int, what: int) -> None:
    s.calendar_time[i] = at
    s.calendar[i, FIRST], s.calendar[i, SECOND], s.calendar[i, WHAT] = first, second, what


@compiled
def _move(s: State, i: int, to: int) -> None:
    """Entry i goes to the place `to`, which is free."""
    _put(s, to, s.calendar_time[i], s.calendar[i, FIRST], s.calendar[i, SECOND], s.calendar[i, WHAT])


@compiled
def push(s: State, at: float, first: int, second: int, what: int) -> None:
    """Put a timer on the calendar: those after it on the way up move down one place each."""
    i = s.counters[CALENDAR]
    s.counters[CALENDAR] = i + 1
    while i > 0:
        above = (i - 1) >> 1
        if not _is_before(s, at, first, second, above):
            break
        _move(s, above, i)
        i = above
    _put(s, i, at, first, second, what)


@compiled
def _is_second(s: State, child: int) -> int:
    """1 where entry child + 1 comes before entry child, else 0: of times that differ without a jump, for no processor
    could foresee it."""
    one, other = s.calendar_time[child], s.calendar_time[child + 1]
    if one == other:
        return int(not _is_before(s, one, s.calendar[child, FIRST], s.calendar[child, SECOND], child + 1))
    return int(other < one)


@compiled
def drop_first(s: State) -> None:
    """Take the first timer off: the earlier of each two moves up, until the last timer fits into the gap."""
    last = s.counters[CALENDAR] - 1
    s.counters[CALENDAR] = last
    at, first, second = s.calendar_time[last], s.calendar[last, FIRST], s.calendar[last, SECOND]
    i, child = 0, 1
    while child < last:
        if child + 1 < last:
            child += _is_second(s, child)
        if _is_before(s, at, first, second, child):
            break
        _move(s, child, i)
        i, child = child, 2 * child + 1
    _move(s, last, i)


@entry
def push_all(s: State, times: Floats, keys: Ints, second: int, what: int) -> None:
    """Put timers on the calendar that act upon `what` and the rows after it; `second` is a part of each one's key."""
    for i in range(times.size):
        push(s, times[i], keys[i], second, what + i)


@compiled
def tie(s: State, contact: int) -> int:
    """Second part of the keys of a contact's timers in its present turn."""
    return int(s.contact_ints[contact, NUMBER] * NEXT_CONTACT + s.contact_ints[contact, TURN] * NEXT_TURN)


@compiled
def set_timer(s: State, at: float, kind: int, contact: int, what: int) -> None:
    """Put a timer of a contact on the calendar; `what` tells those of one kind and turn apart."""
    entity = s.customer_ints[s.contact_ints[contact, WHO], ENTITY]
    push(s, at, kind << SUBJECT_BITS | entity, tie(s, contact) | what, contact)


@compiled
def set_release(s: State, at: float, holding: int) -> None:
    """Put the end of a ring, a work or a wrap-up on the calendar."""
    entity = s.customer_ints[s.contact_ints[s.holding_ints[holding, CONTACT], WHO], ENTITY]
    push(s, at, _RELEASE << SUBJECT_BITS | entity, s.holding_ints[holding, KEY], -1 - holding)

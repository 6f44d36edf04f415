"""The calendar: a binary heap of timers by (time, key), the written order of `sim.coded.order`."""

from __future__ import annotations

from ...chance.jit import compiled
from ...coded.order import NEXT_CONTACT, NEXT_TURN, SUBJECT_BITS, Kind
from .state import CALENDAR, CONTACT, ENTITY, FIRST, KEY, NUMBER, SECOND, TURN, WHAT, WHO, State

_RELEASE = int(Kind.RELEASE)


@compiled
def _earlier(s: State, i: int, j: int) -> bool:
    """Whether entry i comes before entry j."""
    if s.calendar_time[i] != s.calendar_time[j]:
        return bool(s.calendar_time[i] < s.calendar_time[j])
    if s.calendar[i, FIRST] != s.calendar[j, FIRST]:
        return bool(s.calendar[i, FIRST] < s.calendar[j, FIRST])
    return bool(s.calendar[i, SECOND] < s.calendar[j, SECOND])


@compiled
def _swap(s: State, i: int, j: int) -> None:
    s.calendar_time[i], s.calendar_time[j] = s.calendar_time[j], s.calendar_time[i]
    for k in range(3):
        s.calendar[i, k], s.calendar[j, k] = s.calendar[j, k], s.calendar[i, k]


@compiled
def push(s: State, at: float, first: int, second: int, what: int) -> None:
    """Put a timer on the calendar."""
    i = s.counters[CALENDAR]
    s.counters[CALENDAR] = i + 1
    s.calendar_time[i] = at
    s.calendar[i, FIRST], s.calendar[i, SECOND], s.calendar[i, WHAT] = first, second, what
    while i > 0 and _earlier(s, i, (i - 1) // 2):
        _swap(s, i, (i - 1) // 2)
        i = (i - 1) // 2


@compiled
def drop_first(s: State) -> None:
    """Take the first timer off."""
    last = s.counters[CALENDAR] - 1
    s.counters[CALENDAR] = last
    _swap(s, 0, last)
    i = 0
    while True:
        child = 2 * i + 1
        if child >= last:
            return
        if child + 1 < last and _earlier(s, child + 1, child):
            child += 1
        if not _earlier(s, child, i):
            return
        _swap(s, i, child)
        i = child


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

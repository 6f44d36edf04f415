"""The calendar: timers by (time, key), the written order of `sim.coded.order`.

A timer is a row of `timers`. Those that are due soon are in a binary heap. All others lie on shelves in no order, one
for each two minutes, until their time has come: most timers are hours away, and a heap of them all is twice as deep.
"""

from __future__ import annotations

from math import inf

from ...chance.jit import compiled as entry
from ...chance.jit import part_of_kernel as compiled
from ...coded.order import NEXT_CONTACT, NEXT_TURN, SUBJECT_BITS, Kind, first
from ...rules.decisions import Floats, Ints
from .state import (
    BEYOND,
    CALENDAR,
    CONTACT,
    ENTITY,
    FIRST,
    FREE,
    KEY,
    NUMBER,
    SECOND,
    SHELF,
    SHELF_LENGTH,
    SHELVED,
    SHELVES,
    SOON,
    TIMERS,
    TURN,
    WHAT,
    WHO,
    State,
)  # fmt: skip

_RELEASE = int(Kind.RELEASE)
_RUN_END = first(Kind.RUN_END, 0)
_FAR = 1e15
"""s: times beyond are all on the last shelf"""


@compiled
def _shelf_of(at: float) -> int:
    """Number of the shelf for a time, counted from the start of the run; never less for a later time."""
    return int(min(at, _FAR) * (1.0 / SHELF_LENGTH))


@compiled
def _comes_before(s: State, one: int, other: int) -> bool:
    """Whether a timer comes before another of the same time."""
    if s.timers[one, FIRST] != s.timers[other, FIRST]:
        return bool(s.timers[one, FIRST] < s.timers[other, FIRST])
    return bool(s.timers[one, SECOND] < s.timers[other, SECOND])


@compiled
def _is_before(s: State, at: float, timer: int, i: int) -> bool:
    """Whether a timer of this time comes before entry i of the heap."""
    if at != s.soon_time[i]:
        return bool(at < s.soon_time[i])
    return _comes_before(s, timer, s.soon[i])


@compiled
def _is_second(s: State, child: int) -> int:
    """1 where entry child + 1 comes before entry child, else 0: of times that differ without a jump, for no processor
    could foresee it."""
    one, other = s.soon_time[child], s.soon_time[child + 1]
    if one == other:
        return int(_comes_before(s, s.soon[child + 1], s.soon[child]))
    return int(other < one)


@compiled
def _rise(s: State, at: float, timer: int) -> None:
    """A timer comes into the heap: those after it on the way up move down one place each."""
    i = s.counters[SOON]
    s.counters[SOON] = i + 1
    while i > 0:
        above = (i - 1) >> 1
        if not _is_before(s, at, timer, above):
            break
        s.soon_time[i], s.soon[i] = s.soon_time[above], s.soon[above]
        i = above
    s.soon_time[i], s.soon[i] = at, timer


@compiled
def _sink(s: State, at: float, timer: int) -> None:
    """The first place of the heap is free: the earlier of each two moves up, until the timer fits into the gap."""
    last = s.counters[SOON]
    i, child = 0, 1
    while child < last:
        if child + 1 < last:
            child += _is_second(s, child)
        if _is_before(s, at, timer, child):
            break
        s.soon_time[i], s.soon[i] = s.soon_time[child], s.soon[child]
        i, child = child, 2 * child + 1
    s.soon_time[i], s.soon[i] = at, timer


@compiled
def _free_row(s: State) -> int:
    """A row of `timers` that is not in use: the last one that was given back, so that few are ever touched."""
    timer = s.counters[FREE] - 1
    if timer >= 0:
        s.counters[FREE] = s.timers[timer, BEYOND]
        return int(timer)
    s.counters[TIMERS] += 1
    return int(s.counters[TIMERS] - 1)


@compiled
def push(s: State, at: float, first: int, second: int, what: int) -> None:
    """Put a timer on the calendar. What is too far away for the shelves is in the heap, at its bottom."""
    timer, shelf = _free_row(s), _shelf_of(at)
    s.counters[CALENDAR] += 1
    s.timers[timer, FIRST], s.timers[timer, SECOND], s.timers[timer, WHAT] = first, second, what
    if 0 < shelf - s.counters[SHELF] < SHELVES:
        place = shelf & (SHELVES - 1)
        s.timer_time[timer], s.timers[timer, BEYOND] = at, s.shelves[place]
        s.shelves[place] = timer + 1
        s.counters[SHELVED] += 1
    else:
        _rise(s, at, timer)


@compiled
def first_time(s: State) -> float:
    """When the first timer is due, in the heap then, or infinity. Shelves whose time has come are cleared into it."""
    while s.counters[SHELVED] > 0 and (s.counters[SOON] == 0 or _shelf_of(s.soon_time[0]) > s.counters[SHELF]):
        s.counters[SHELF] += 1
        place = s.counters[SHELF] & (SHELVES - 1)
        timer, s.shelves[place] = s.shelves[place] - 1, 0
        while timer >= 0:
            s.counters[SHELVED] -= 1
            _rise(s, s.timer_time[timer], timer)
            timer = s.timers[timer, BEYOND] - 1
    return float(s.soon_time[0]) if s.counters[SOON] > 0 else inf


@compiled
def drop_first(s: State) -> int:
    """Take the first timer off: what it acts upon."""
    timer, last = s.soon[0], s.counters[SOON] - 1
    s.counters[SOON] = last
    s.counters[CALENDAR] -= 1
    s.timers[timer, FIRST] = 0
    s.timers[timer, BEYOND], s.counters[FREE] = s.counters[FREE], timer + 1
    _sink(s, s.soon_time[last], s.soon[last])
    return int(s.timers[timer, WHAT])


@compiled
def clear(s: State) -> int:
    """Take all timers off: the rows that they had, in which `timer_time` is right of each whose FIRST is not 0."""
    rows = s.counters[TIMERS]
    for i in range(s.counters[SOON]):
        s.timer_time[s.soon[i]] = s.soon_time[i]
    s.shelves[:] = 0
    s.counters[CALENDAR] = s.counters[SOON] = s.counters[SHELVED] = s.counters[TIMERS] = s.counters[FREE] = 0
    return int(rows)


@entry
def push_ends(s: State, times: Floats, what: Ints) -> None:
    """Put the ends of the run on the calendar: at each time, what ends."""
    for i in range(times.size):
        push(s, times[i], _RUN_END, what[i], 0)


@entry
def push_all(s: State, times: Floats, keys: Ints, second: int, what: int) -> None:
    """Put timers on the calendar that act upon `what` and the rows after it; `second` is a part of each one's key."""
    for i in range(times.size):
        push(s, times[i], keys[i], second, what + i)


@compiled
def tie(s: State, contact: int) -> int:
    """Second part of the keys of a contact's timers in its present turn."""
    return int(s.contact_ints[contact, NUMBER]) * NEXT_CONTACT + int(s.contact_ints[contact, TURN]) * NEXT_TURN


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

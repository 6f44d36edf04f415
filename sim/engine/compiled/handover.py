"""What a long run needs no more is handed over, and the rows that are left move to the front of their tables.

Comes in: the state between two events. Goes out: `find_live` says of which customers something can still happen, and
`move_up` drops all other rows. A row is named by its number in the chains of lines, on the calendar, by agents and by
other rows: all these are renamed alike, in this one place. Keys of chance and of the calendar name entities, not rows,
and rows keep their order, so what happens does not depend on it.
"""

from __future__ import annotations

from math import isnan
from typing import Any

from ...chance.jit import compiled as entry
from ...chance.jit import part_of_kernel as compiled
from ...coded.order import SUBJECT_BITS, Kind
from ...model.outcomes import End
from ...rules.numbers import Ints
from .calendar import clear, push
from .state import (
    AHEAD,
    BEFORE,
    BEHIND,
    CONTACT,
    CONTACTS,
    CUSTOMERS,
    END,
    ENDED,
    FIRST,
    GIVEN_BACK,
    HEAD,
    HOLDING,
    HOLDINGS,
    LAST,
    NEXT_ARRIVAL,
    RINGING,
    SECOND,
    TAIL,
    TIMERS,
    WAITING,
    WHAT,
    WHO,
    State,
)  # fmt: skip

_RELEASE, _ARRIVAL, _SENT_AWAY = int(Kind.RELEASE), int(Kind.ARRIVAL), int(Kind.SENT_AWAY)
_OVERFLOW, _TIME_OUT, _PATIENCE, _REPLY = int(Kind.OVERFLOW), int(Kind.TIME_OUT), int(Kind.PATIENCE), int(Kind.REPLY)
_OPEN = int(End.OPEN)
GONE = -1
"""in place of the row of a customer, a contact or a holding that has been handed over"""


@entry
def drop_idle_timers(s: State) -> None:
    """Takes timers off the calendar that nobody would hear: of waits that are over with their contact, and of work
    that an agent has given back."""
    for i in range(clear(s)):  # what is put back takes no more rows than were read
        first, second, what = s.timers[i, FIRST], s.timers[i, SECOND], s.timers[i, WHAT]
        if first > 0 and not _is_idle(s, first >> SUBJECT_BITS, what):
            push(s, s.timer_time[i], first, second, what)


@compiled
def _is_idle(s: State, kind: int, what: int) -> bool:
    if kind == _RELEASE and what < 0:
        return not isnan(s.holding_floats[-1 - what, GIVEN_BACK])
    if kind in (_PATIENCE, _TIME_OUT, _OVERFLOW):
        there = s.contact_ints[what, WAITING] + s.contact_ints[what, RINGING]
        return there == 0 and not isnan(s.contact_floats[what, ENDED])
    return False


@entry
def find_live(s: State, live: Ints) -> None:
    """Marks in `live`, which is zero for each customer, those who are not gone, or of whom a timer, a line or an agent
    still holds something."""
    for who in range(live.size):
        if s.customer_ints[who, END] == _OPEN:
            live[who] = 1
    for i in range(s.counters[TIMERS]):
        who = _customer_of(s, s.timers[i, FIRST] >> SUBJECT_BITS, s.timers[i, WHAT])
        if who != GONE:
            live[who] = 1
    for line in range(s.length.size):
        contact = s.lines[line, HEAD] if s.length[line] > 0 else GONE
        while contact >= 0:
            live[s.contact_ints[contact, WHO]] = 1
            contact = s.contact_ints[contact, BEHIND]
    for holding in range(s.counters[HOLDINGS]):
        if isnan(s.holding_floats[holding, GIVEN_BACK]):
            live[s.contact_ints[s.holding_ints[holding, CONTACT], WHO]] = 1


@compiled
def _customer_of(s: State, kind: int, what: int) -> int:
    """The customer of a timer, by row; GONE if it is no customer's."""
    if kind == _ARRIVAL:
        return int(what)
    if kind == _RELEASE and what < 0:
        return int(s.contact_ints[s.holding_ints[-1 - what, CONTACT], WHO])
    return int(s.contact_ints[what, WHO]) if _is_of_a_contact(kind) else GONE


@compiled
def _is_of_a_contact(kind: int) -> bool:
    return kind in (_RELEASE, _OVERFLOW, _TIME_OUT, _SENT_AWAY, _PATIENCE, _REPLY)


@entry
def move_up(s: State, live: Ints, contacts: Ints, holdings: Ints) -> None:
    """Drops all rows of customers who are not marked in `live`. In the end `live`, `contacts` and `holdings`, a number
    for each row, have the new row of each, or GONE."""
    customers = _renumber(live)
    for row in range(contacts.size):
        contacts[row] = int(live[s.contact_ints[row, WHO]] != GONE)
    for row in range(holdings.size):
        holdings[row] = int(contacts[s.holding_ints[row, CONTACT]])
    begun, held = _renumber(contacts), _renumber(holdings)
    _rename_timers(s, live, contacts, holdings)
    _rename_with_agents(s, contacts, holdings)
    _move_customers(s, live, contacts)
    _move_contacts(s, live, contacts, holdings)
    _move_holdings(s, contacts, holdings)
    s.counters[NEXT_ARRIVAL] -= s.counters[CUSTOMERS] - customers
    s.counters[CUSTOMERS], s.counters[CONTACTS], s.counters[HOLDINGS] = customers, begun, held


@compiled
def _renumber(kept: Ints) -> int:
    """From a mark for each row to its new number, or GONE: how many there are."""
    count = 0
    for row in range(kept.size):
        if kept[row]:
            kept[row] = count
            count += 1
        else:
            kept[row] = GONE
    return count


@compiled
def _new(rows: Ints, row: int) -> int:
    """The new number of a row, if it is one."""
    return int(rows[row]) if 0 <= row < rows.size else GONE


@compiled
def _rename_timers(s: State, customers: Ints, contacts: Ints, holdings: Ints) -> None:
    for i in range(s.counters[TIMERS]):
        kind, what = s.timers[i, FIRST] >> SUBJECT_BITS, s.timers[i, WHAT]
        if kind == _ARRIVAL:
            s.timers[i, WHAT] = customers[what]
        elif kind == _RELEASE and what < 0:
            s.timers[i, WHAT] = -1 - holdings[-1 - what]
        elif _is_of_a_contact(kind):
            s.timers[i, WHAT] = contacts[what]


@compiled
def _rename_with_agents(s: State, contacts: Ints, holdings: Ints) -> None:
    """Between whom agents share themselves, and who waits first and last."""
    for agent in range(s.due_holding.size):
        for i in range(s.open_count[agent]):
            s.open_of[agent, i] = holdings[s.open_of[agent, i]]
        if s.due_holding[agent] >= 0:
            s.due_holding[agent] = holdings[s.due_holding[agent]]
    for line in range(s.length.size):
        if s.length[line] > 0:
            s.lines[line, HEAD] = contacts[s.lines[line, HEAD]]
            s.lines[line, TAIL] = contacts[s.lines[line, TAIL]]


@compiled
def _move_customers(s: State, customers: Ints, contacts: Ints) -> None:
    for row in range(customers.size):
        to = customers[row]
        if to != GONE:
            _copy(s.customer_ints, row, to)
            _copy(s.customer_floats, row, to)
            if row < s.counters[NEXT_ARRIVAL]:
                s.customer_ints[to, LAST] = _new(contacts, s.customer_ints[to, LAST])


@compiled
def _move_contacts(s: State, customers: Ints, contacts: Ints, holdings: Ints) -> None:
    for row in range(contacts.size):
        to = contacts[row]
        if to != GONE:
            _copy(s.contact_ints, row, to)
            _copy(s.contact_floats, row, to)
            ints = s.contact_ints[to]
            ints[WHO] = customers[ints[WHO]]
            ints[BEFORE], ints[HOLDING] = _new(contacts, ints[BEFORE]), _new(holdings, ints[HOLDING])
            if ints[WAITING]:
                ints[AHEAD], ints[BEHIND] = _new(contacts, ints[AHEAD]), _new(contacts, ints[BEHIND])


@compiled
def _move_holdings(s: State, contacts: Ints, holdings: Ints) -> None:
    for row in range(holdings.size):
        to = holdings[row]
        if to != GONE:
            _copy(s.holding_ints, row, to)
            _copy(s.holding_floats, row, to)
            s.holding_ints[to, CONTACT] = contacts[s.holding_ints[to, CONTACT]]


@compiled
def _copy(table: Any, row: int, to: int) -> None:
    for column in range(table.shape[1]):
        table[to, column] = table[row, column]

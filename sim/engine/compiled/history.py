"""From the tables of a finished run to its log.

Comes in: the state as the run stopped. Goes out: a `Log`, whose tables are in order without sorting: a journey's
contacts are numbered without gaps, so the customers' order says where each contact stands. The columns are filled by
machine code, in one pass over the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...chance.jit import compiled as entry
from ...chance.keys import CUSTOMERS_PER_INTERVAL, NUMBER_BITS
from ...coded.centre import Centre
from ...log.assembly import Written, assembled
from ...log.tables import (
    CONTACT_COLUMNS,
    CUSTOMER_COLUMNS,
    DUTY_COLUMNS,
    STAFFING_COLUMNS,
    TURN_COLUMNS,
    InOrder,
    Log,
    typed,
)
from ...model.centre import Configuration
from ...model.units import DAY
from ...rules.numbers import Floats, Ints
from . import state as at
from .blocks import Columns
from .state import State

LAST_NUMBER = CUSTOMERS_PER_INTERVAL - 1
CONTACTS, CUSTOMERS = Columns("ContactColumns", CONTACT_COLUMNS), Columns("CustomerColumns", CUSTOMER_COLUMNS)
TURNS = Columns("TurnColumns", TURN_COLUMNS)


def log_of(
    s: State, live: State, centre: Centre, config: Configuration, key: tuple[int, int], sizes: list[int],
    paid: Callable[[int], dict[str, NDArray[Any]]],
) -> Log:  # fmt: skip
    """The log of a run; `live` is the state as machine code takes it, `key` is (seed, replication), `sizes` the agents
    by pool, `paid` gives the table of those paid on the first days."""
    stopped = float(s.clock[0])
    came, begun, held = (int(s.counters[i]) for i in (at.NEXT_ARRIVAL, at.CONTACTS, at.HOLDINGS))
    customers, them = CUSTOMERS.empty(came)
    contacts, theirs = CONTACTS.empty(begun)
    turns, turn_columns = TURNS.empty(held)
    row_of = np.empty(begun if held else 0, dtype=np.int64)
    if came:
        place = places(s.customer_ints[:came, at.ENTITY])
        write_customers(live, place, them)
        write_contacts(live, place, np.empty(came, dtype=np.int64), row_of, them, theirs)
    if held:
        write_turns(live, row_of, np.zeros(begun + 1, dtype=np.int64), turn_columns)
    staffing = paid(min(ceil(centre.window.limit / DAY), int(stopped // DAY) + 2)).values()
    duties = _sorted(s.duties[: int(s.counters[at.DUTIES])])
    tables = (contacts, customers, turns, typed(DUTY_COLUMNS, *duties), typed(STAFFING_COLUMNS, *staffing))
    written = Written(*map(InOrder, tables))
    return assembled(written, centre, config, key, stopped, sizes)


def _sorted(duties: Floats) -> Floats:
    """Duties as columns, by pool, agent and start."""
    pool, agent, start, *_ = duties.T
    return np.ascontiguousarray(duties[np.lexsort((start, agent, pool))].T)


def places(entities: Ints) -> Ints:
    """The place of each customer's row in the log, which has them by entity; no two are the same."""
    place = np.empty(entities.size, dtype=np.int64)
    if not _are_in_turn(np.ascontiguousarray(entities), np.empty(2 * entities.size, dtype=np.int64), place):
        place[np.argsort(entities)] = np.arange(entities.size)
    return place


@entry
def _are_in_turn(entities: Ints, among: Ints, place: Ints) -> bool:
    """Whether interval comes after interval of one stream: then the numbers of those who came in one say which place is
    whose, and nobody need be sorted. `among` is room for twice as many numbers as there are customers."""
    begin, before = 0, -1
    while begin < entities.size:
        interval, end, most = entities[begin] >> NUMBER_BITS, begin, 0
        while end < entities.size and entities[end] >> NUMBER_BITS == interval:
            most = max(most, entities[end] & LAST_NUMBER)
            end += 1
        if interval <= before or most >= among.size:
            return False
        among[: most + 1] = 0
        for row in range(begin, end):
            among[entities[row] & LAST_NUMBER] = 1
        count = begin
        for number in range(most + 1):
            here = among[number]
            among[number] = count
            count += here
        for row in range(begin, end):
            place[row] = among[entities[row] & LAST_NUMBER]
        begin, before = end, interval
    return True


@entry
def write_customers(s: State, place: Ints, c: Any) -> None:
    """The columns of customers, each in its place."""
    for row in range(place.size):
        i, ints, floats = place[row], s.customer_ints[row], s.customer_floats[row]
        c.entity[i], c.segment[i], c.reason[i] = ints[at.ENTITY], ints[at.SEGMENT], ints[at.REASON]
        c.channel[i], c.arrived[i], c.ended[i] = ints[at.FIRST_CHANNEL], floats[at.CAME], floats[at.LEFT]
        c.end[i], c.contacts[i], c.frustration[i] = ints[at.END], ints[at.LEGS], floats[at.FRUSTRATION]


@entry
def write_contacts(s: State, place: Ints, first: Ints, row_of: Ints, customers: Any, c: Any) -> None:
    """The columns of contacts, whose rows are in the order of customers and of their numbers. `first` becomes each
    customer's first row, `row_of` the row in the log of each contact, if it has room for them."""
    begun = 0
    for i in range(first.size):
        first[i] = begun
        for k in range(customers.contacts[i]):
            c.entity[begun], c.number[begun] = customers.entity[i], k + 1
            begun += 1
    for row in range(c.entity.size):
        ints, floats = s.contact_ints[row], s.contact_floats[row]
        i = first[place[ints[at.WHO]]] + ints[at.NUMBER] - 1
        c.channel[i], c.arrived[i], c.answered[i] = ints[at.CHANNEL], floats[at.ARRIVED], floats[at.ANSWERED]
        c.ended[i], c.released[i], c.agent[i] = floats[at.ENDED], floats[at.RELEASED], ints[at.AGENT]
        c.outcome[i], c.context[i], c.via[i] = ints[at.OUTCOME], ints[at.CONTEXT], ints[at.VIA]
        c.reopens[i], c.frustration[i], c.flags[i] = ints[at.REOPENS], floats[at.MOOD], ints[at.FLAGS]
        if row_of.size:
            row_of[row] = i


@entry
def write_turns(s: State, place: Ints, begin: Ints, c: Any) -> None:
    """The columns of turns, which are holdings by contact and, as these are in the order of time, by turn. `begin` has
    a zero for each contact, and one more: where its turns begin."""
    for row in range(c.entity.size):
        begin[place[s.holding_ints[row, at.CONTACT]] + 1] += 1
    for i in range(place.size):
        begin[i + 1] += begin[i]
    for row in range(c.entity.size):
        held, times = s.holding_ints[row], s.holding_floats[row]
        contact = s.contact_ints[held[at.CONTACT]]
        i = begin[place[held[at.CONTACT]]]
        begin[place[held[at.CONTACT]]] = i + 1
        c.entity[i], c.number[i] = s.customer_ints[contact[at.WHO], at.ENTITY], contact[at.NUMBER]
        c.turn[i], c.agent[i], c.queued[i] = held[at.FOR_TURN], held[at.BY], times[at.TAKEN_FROM]
        c.taken[i], c.answered[i], c.ended[i] = times[at.TAKEN], times[at.BEGUN], times[at.DONE_AT]
        c.released[i], c.attention[i], c.work[i] = times[at.GIVEN_BACK], times[at.ATTENTION], times[at.WORK]

"""From the tables of a finished run to its log.

Comes in: the state as the run stopped. Goes out: a `Log`, whose tables are in order without sorting: a journey's
contacts are numbered without gaps, so the customers' order says where each contact stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil
from typing import Any

import numpy as np

from ...coded.centre import Centre
from ...log.assembly import Written, assembled
from ...log.tables import CONTACT_COLUMNS, CUSTOMER_COLUMNS, TURN_COLUMNS, InOrder, Log
from ...model.feelings import Feelings
from ...model.units import DAY
from ...rules.decisions import Ints
from . import state as at
from .state import State


def log_of(
    s: State, centre: Centre, felt: Feelings, key: tuple[int, int], sizes: list[int],
    paid: Callable[[int], Iterable[tuple[float, ...]]],
) -> Log:  # fmt: skip
    """The log of a run; `key` is (seed, replication), `sizes` the agents by pool, `paid` gives those of some days."""
    stopped = float(s.clock[0])
    came, begun = int(s.counters[at.NEXT_ARRIVAL]), int(s.counters[at.CONTACTS])
    order = np.argsort(s.customer_ints[:came, at.ENTITY], kind="stable")
    place = _places(s, order, begun)
    written = Written(_contacts(s, place), _customers(s, order), _turns(s, place))
    written.duties.add_all(*s.duties[: int(s.counters[at.DUTIES])].T)
    for row in paid(min(ceil(centre.window.limit / DAY), int(stopped // DAY) + 2)):
        written.staffing.add(*row)
    return assembled(written, centre, felt, key, stopped, sizes)


def _places(s: State, order: Ints, begun: int) -> Ints:
    """The row in the log of each contact: after those of the customers before, by number."""
    legs = s.customer_ints[order, at.LEGS]
    first = np.empty(order.size, dtype=np.int64)
    first[order] = np.cumsum(legs) - legs
    return np.asarray(first[s.contact_ints[:begun, at.WHO]] + s.contact_ints[:begun, at.NUMBER] - 1)


def _customers(s: State, order: Ints) -> InOrder:
    ints, floats = s.customer_ints[order].T, s.customer_floats[order].T
    return InOrder(
        CUSTOMER_COLUMNS, ints[at.ENTITY], ints[at.SEGMENT], ints[at.REASON], ints[at.FIRST_CHANNEL], floats[at.CAME],
        floats[at.LEFT], ints[at.END], ints[at.LEGS], floats[at.FRUSTRATION],
    )  # fmt: skip


def _contacts(s: State, place: Ints) -> InOrder:
    back = np.empty(place.size, dtype=np.int64)
    back[place] = np.arange(place.size)
    ints, floats = s.contact_ints[back].T, s.contact_floats[back].T
    return InOrder(
        CONTACT_COLUMNS, s.customer_ints[ints[at.WHO], at.ENTITY], ints[at.NUMBER], ints[at.CHANNEL],
        floats[at.ARRIVED], floats[at.ANSWERED], floats[at.ENDED], floats[at.RELEASED], ints[at.AGENT],
        ints[at.OUTCOME], ints[at.CONTEXT], ints[at.VIA], ints[at.REOPENS], floats[at.MOOD], ints[at.FLAGS],
    )  # fmt: skip


def _turns(s: State, place: Ints) -> InOrder:
    """Holdings, by contact and turn."""
    held = int(s.counters[at.HOLDINGS])
    ints = s.holding_ints[:held]
    order = np.lexsort((ints[:, at.FOR_TURN], place[ints[:, at.CONTACT]]))
    ints, floats = ints[order].T, s.holding_floats[:held][order].T
    contacts = s.contact_ints[ints[at.CONTACT]].T
    times: tuple[Any, ...] = (at.TAKEN_FROM, at.TAKEN, at.BEGUN, at.DONE_AT, at.GIVEN_BACK, at.ATTENTION, at.WORK)
    return InOrder(
        TURN_COLUMNS, s.customer_ints[contacts[at.WHO], at.ENTITY], contacts[at.NUMBER], ints[at.FOR_TURN],
        ints[at.BY], *(floats[column] for column in times),
    )  # fmt: skip

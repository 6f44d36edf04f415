"""The state of a run as flat arrays, sized beforehand: the layout, with its meaning, in this one place.

A table is an array whose columns are named here: `contact_ints[c, NUMBER]`. Nothing is allocated while a run goes on;
between days the driver (`engine`) makes tables larger that have become full.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...rules.decisions import Floats, Ints
from .model import Model

# counters: how much of each table is in use, and what the end of the run waits for
(CALENDAR, CUSTOMERS, CONTACTS, DUTIES, FOLLOWED, INSIDE, NEXT_ARRIVAL, STOPPED) = range(8)
COUNTERS = 8
ENDLESS = 2
"""STOPPED, where a journey never ends: a mistake in the rows"""

# the calendar: a binary heap by (time, key); `what` is what the timer acts upon: a contact, a customer or a change
FIRST, SECOND, WHAT = range(3)

# contacts
(ARRIVED, ANSWERED, ENDED, RELEASED, SERVICE, WRAP_UP, SAVED, MOOD) = range(8)
CONTACT_FLOATS = 8
"""SAVED: share of handle time that context saves, negative without context; MOOD: frustration of the customer as the
contact began"""
(WHO, NUMBER, CHANNEL, AGENT, OUTCOME, CONTEXT, VIA, REOPENS, FLAGS, PROFILE, PLANNED, LINE, WAITING, BEHIND, PHASE,
 BONUS, BEFORE, RECORD) = range(18)  # fmt: skip
CONTACT_INTS = 18
"""BEFORE: the row of the customer's contact before, or -1; RECORD: 1 where the contact left a record, else 0, or 2
where that record is seen as one of a contact that was pushed on"""
SESSION, TALK, AFTER_TALK, UNNOTICED = range(4)
"""PHASE: what ends at the contact's next release; nobody has seen it, and its deadline ends it"""

# customers: `HOP_...` say how the next contact begins; LAST is the row of the last contact
(ENTITY, SEGMENT, REASON, FIRST_CHANNEL, END, LEGS, USED, UNSERVED, HELD, LOST, HOP_CHANNEL, HOP_CONTEXT, HOP_VIA,
 HOP_BONUS, LAST) = range(15)  # fmt: skip
CUSTOMER_INTS = 15
CAME, LEFT, FRUSTRATION = range(3)
CUSTOMER_FLOATS = 3

# waiting lines: a chain of contacts from HEAD to TAIL by BEHIND, in which those who have left stay until they head it
HEAD, TAIL, LENGTH = range(3)

# schedule changes of the day: action, who, agents
ACTION, SUBJECT, AGENTS = range(3)

# duties: pool, agent, start, end, released, missed
DUTY_COLUMNS = 6


N = TypeVar("N", np.int64, np.float64)


class State(NamedTuple):
    """All that changes."""

    counters: Ints
    clock: Floats
    """[0] is now, s"""
    calendar_time: Floats
    calendar: Ints
    contact_floats: Floats
    contact_ints: Ints
    customer_floats: Floats
    customer_ints: Ints
    lines: Ints
    head_time: Floats
    """(l) when the head was queued; infinite where nobody waits"""
    head_order: Floats
    waiting: Ints
    """(c) contacts that wait"""
    sessions: Ints
    """(c) ports taken"""
    duty: NDArray[np.bool_]
    load: Ints
    since: Floats
    came: Floats
    left: Floats
    finishing: Ints
    spells: Ints
    idle: Ints
    """(p) agents on duty who hold nothing"""
    staffed: Ints
    """(p) agents on duty"""
    duties: Floats
    changes: Ints
    walked: Floats
    """(c + 1) scratch: a row of the switching matrix as one customer walks it"""
    felt: Floats
    """(c + 1) scratch: the same, as their frustration weighs it"""


def empty(model: Model) -> State:
    """The state at the start of a run, with tables for nobody."""
    agents, pools = model.pool_of.size, model.by_name.size
    lines, channels = model.line_channel.size, model.kind.size
    return State(
        counters=np.zeros(COUNTERS, dtype=np.int64), clock=np.zeros(1),
        calendar_time=np.zeros(0), calendar=np.zeros((0, 3), dtype=np.int64),
        contact_floats=np.zeros((0, CONTACT_FLOATS)), contact_ints=np.zeros((0, CONTACT_INTS), dtype=np.int64),
        customer_floats=np.zeros((0, CUSTOMER_FLOATS)), customer_ints=np.zeros((0, CUSTOMER_INTS), dtype=np.int64),
        lines=np.tile(np.array([-1, -1, 0], dtype=np.int64), (lines, 1)), head_time=np.full(lines, np.inf),
        head_order=np.full(lines, np.inf), waiting=np.zeros(channels, dtype=np.int64),
        sessions=np.zeros(channels, dtype=np.int64),
        duty=np.zeros(agents, dtype=np.bool_), load=np.zeros(agents, dtype=np.int64), since=np.zeros(agents),
        came=np.zeros(agents), left=np.zeros(agents), finishing=np.zeros(agents, dtype=np.int64),
        spells=np.zeros(agents, dtype=np.int64), idle=np.zeros(pools, dtype=np.int64),
        staffed=np.zeros(pools, dtype=np.int64), duties=np.zeros((0, DUTY_COLUMNS)),
        changes=np.zeros((0, 3), dtype=np.int64), walked=np.zeros(channels + 1), felt=np.zeros(channels + 1),
    )  # fmt: skip


def grown(table: NDArray[N], rows: int) -> NDArray[N]:
    """The table with room for so many rows, at least doubled if it must grow."""
    if table.shape[0] >= rows:
        return table
    larger = np.zeros((max(rows, 2 * table.shape[0]), *table.shape[1:]), dtype=table.dtype)
    larger[: table.shape[0]] = table
    return larger

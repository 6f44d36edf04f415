"""The state of a run as flat arrays, sized beforehand: the layout, with its meaning, in this one place.

A table is an array whose columns are named here: `contact_ints[c, NUMBER]`. Nothing is allocated while a run goes on;
between days the driver (`engine`) makes tables larger that have become full, and the next run takes them over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...rules.numbers import LEAST_OCCUPIED, OFFER_COLUMNS, RANDOM, Floats, Ints
from ...rules.trees import trees_of
from .blocks import Placed
from .bundle import fixed_widths
from .model import Model

# counters: how much of each table is in use, what the end of the run waits for, and why it stopped
(CALENDAR, CUSTOMERS, CONTACTS, DUTIES, FOLLOWED, INSIDE, NEXT_ARRIVAL, STOPPED, HOLDINGS, IN_LINE, CULPRIT, TIMERS,
 FREE, SOON, SHELF, SHELVED, CAPPED) = range(17)  # fmt: skip
COUNTERS = 17
"""CALENDAR: timers on it, SOON of them in the heap and SHELVED on shelves after number SHELF; TIMERS: rows that have
been in use so far; FREE: 1 + the first of those that are free again; CAPPED: journeys that ended with
the last contact they may have"""
DONE, ENDLESS, ENDLESS_THREAD, NOBODY_THERE = range(1, 5)
"""STOPPED: at the end; a journey never ends, or a contact's turns (of the contact CULPRIT); a queue is to be served to
its end (of the channel CULPRIT), and nobody is there"""

# timers: the key; what the timer acts upon: a contact, a customer, a change, an agent, or a holding as -1 - holding;
# BEYOND is 1 + the row that is next on its shelf, or next free, 0 for none; in a free row FIRST is 0
FIRST, SECOND, WHAT, BEYOND = range(4)
TIMER_COLUMNS = 4
SHELVES, SHELF_LENGTH = 4096, 128.0
"""shelves of the calendar, which come round again (a power of 2), and how much time each is for, s"""

# contacts
(ARRIVED, ANSWERED, ENDED, RELEASED, SERVICE, WRAP_UP, SAVED, MOOD, QUEUED, PATIENCE, DETECTION, WAITED) = range(12)
CONTACT_FLOATS = 12
"""SAVED: share of handle time that context saves, negative without context; MOOD: frustration of the customer as the
contact began; QUEUED: when it joined the queue for its present turn; DETECTION: time in which an agent finds out that
the customer has left, negative where they said so or are there; WAITED: time that the customer has waited in the
channel so far, where that uses up patience"""
(WHO, NUMBER, CHANNEL, BEFORE, RECORD, OUTCOME, FLAGS, AGENT, CONTEXT, VIA, REOPENS, PROFILE, PLANNED, TURN, PHASE,
 WAITING, LINE, AHEAD, BEHIND, BONUS, HOLDING, RINGING, STALE, BESIDE, LEFT_LINE, COUNTS) = range(26)  # fmt: skip
CONTACT_INTS = 26
"""BEFORE: the row of the customer's contact before, or -1; RECORD: 1 where the contact left a record, else 0, or 2
where that record is seen as one of a contact that was pushed on; TURN: answers so far; HOLDING: the last agent's hold
on it; STALE: its customer has moved on, and the work stays; BESIDE: other sessions open with its agent when its own
began; LEFT_LINE: 1 + the trunk of which a line stays taken after the customer left without a word; COUNTS: 1 where its
wait will count in WAITED"""
SESSION, TALK, AFTER_TALK, UNNOTICED = range(4)
"""PHASE: what ends at the contact's next release; nobody has seen it, and its deadline ends it"""

# holdings: an agent's capacity, held for one turn of a contact; each is a row of the log's table of turns
(TAKEN_FROM, TAKEN, BEGUN, DONE_AT, GIVEN_BACK, ATTENTION, WORK, GAP, ATTENTION_BEFORE, TAG) = range(10)
HOLDING_FLOATS = 10
"""TAKEN_FROM: when the contact was queued; BEGUN, DONE_AT: of the work; GAP: time until the customer's reply, s,
negative for the last turn; ATTENTION_BEFORE: what the agent had paid to all contacts before; TAG: the agent's V at
which the work is done"""
(CONTACT, BY, UNITS, FOR_TURN, KEY, STAGE) = range(6)
HOLDING_INTS = 6
"""FOR_TURN: the turn for which it was taken; KEY: of its timers, the second part"""
FINDS_OUT, RINGS, WORKS, OVER = range(4)
"""STAGE: what ends at its next release"""

# customers: `HOP_...` say how the next contact begins; LAST is the row of the last contact; ON_TRUNK is 1 + the trunk
# of which the customer holds a line
(ENTITY, SEGMENT, REASON, FIRST_CHANNEL, END, LEGS, USED, UNSERVED, HELD, LOST, HOP_CHANNEL, HOP_CONTEXT, HOP_VIA,
 HOP_BONUS, LAST, ON_TRUNK) = range(16)  # fmt: skip
CUSTOMER_INTS = 16
CAME, LEFT, FRUSTRATION, HARDNESS = range(4)
CUSTOMER_FLOATS = 4
"""HARDNESS: `rules.service.hardness_of`, NaN until it is asked for"""

# waiting lines: a chain of contacts from HEAD to TAIL by BEHIND, and back by AHEAD
HEAD, TAIL = range(2)

# schedule changes of the day: action, who, agents; of a closing, AGENTS says whether anybody is planned to be there
ACTION, SUBJECT, AGENTS = range(3)

# duties: pool, agent, start, end, released, missed
DUTY_COLUMNS = 6
NOT_RESTING = -np.inf

N = TypeVar("N", np.int32, np.int64, np.float64)


class State(NamedTuple):
    """All that changes. Arrays by agent (a), pool (p), line (l), channel (c), trunk (t)."""

    counters: Ints
    clock: Floats
    """[0] is now, s"""
    soon_time: Floats
    """a binary heap of the timers that are due soon, by (time, key): the time"""
    soon: Ints
    """of the same: the timer's row"""
    timers: Ints
    timer_time: Floats
    """of those on a shelf"""
    shelves: Ints
    """1 + the first row of each shelf's chain, 0 for none"""
    contact_floats: Floats
    contact_ints: NDArray[np.int32]
    customer_floats: Floats
    customer_ints: Ints
    holding_floats: Floats
    holding_ints: Ints
    lines: Ints
    head_time: Floats
    """(l) when the head was queued; infinite where nobody waits"""
    head_order: Floats
    length: Ints
    """(l) contacts that wait"""
    waiting: Ints
    """(c) contacts that wait"""
    sessions: Ints
    """(c) ports taken"""
    connected: Ints
    """(t) lines taken"""
    # agents
    duty: NDArray[np.bool_]
    load: Ints
    """(a) units of capacity taken"""
    since: Floats
    """(a) when the agent last had one contact less, or came"""
    came: Floats
    left: Floats
    finishing: Ints
    spells: Ints
    worked: Floats
    """(a) time with anything in hand since the agent came, up to `busy_since`"""
    busy_since: Floats
    idle: Ints
    """(p) agents on duty who hold nothing"""
    staffed: Ints
    """(p) agents on duty"""
    break_due: Floats
    """(a) length of breaks that are due and have not begun, s"""
    resting_until: Floats
    """(a) end of the break that an agent takes, or NOT_RESTING"""
    resting_since: Floats
    missed: Floats
    """(a) break time that the end of the shift has cut off, not yet in the log, s"""
    still: Ints
    """(a) 1 for those busy at a fall after which whoever is free first leaves, as long as some are to leave"""
    to_leave: Ints
    """(p) how many are still to leave"""
    fall_times: Floats
    """(a) of each who is to leave the time of the fall, from the pool's first place on"""
    # agents with room: heaps by pool and load, by (since, agent)
    room: Ints
    room_size: Ints
    place: Ints
    """(a) in the agent's heap, or -1"""
    heap_of: Ints
    """(a) the load whose heap that is"""
    # agents with room in the trees of `sim.rules.trees`, where the agent rule asks for them
    tree_pools: Ints
    tree_whole: Ints
    tree_times: Floats
    tree_nodes: Ints
    tree_until: Floats
    asked: Ints
    """(p, 3) what the trees are asked: pool, load from which, load up to which"""
    # agents who share themselves
    work: Floats
    """(a) V, and when it was that"""
    work_at: Floats
    open_count: Ints
    open_of: Ints
    """(a, n) holdings that are worked on"""
    due: Floats
    """(a) when the first of them ends"""
    due_holding: Ints
    attention: Floats
    held: Ints
    held_at: Floats
    # log and schedule
    duties: Floats
    changes: Ints
    change_lengths: Floats
    # scratch
    walked: Floats
    """(c + 1) a row of the switching matrix as one customer walks it"""
    felt: Floats
    """(c + 1) the same, as their frustration weighs it"""
    other: Floats
    """(c + 1) the same, of a customer who is a little more loyal"""
    members: Ints
    """(a) agents among whom a rule chooses, and what it weighs of them"""
    most: Ints
    spare: NDArray[np.bool_]
    busy: Floats
    due_offers: Floats


def _ints(*shape: int) -> Ints:
    return np.zeros(shape, dtype=np.int64)


def _nowhere(size: int) -> Ints:
    return np.full(size, -1, dtype=np.int64)


NO_TREES = trees_of(_ints(1), _ints(0), _ints(0))
TABLES = {
    "soon_time": 0, "soon": 0, "timers": TIMER_COLUMNS, "timer_time": 0, "contact_floats": CONTACT_FLOATS,
    "contact_ints": CONTACT_INTS, "customer_floats": CUSTOMER_FLOATS, "customer_ints": CUSTOMER_INTS,
    "holding_floats": HOLDING_FLOATS, "holding_ints": HOLDING_INTS, "duties": DUTY_COLUMNS, "changes": 3,
    "change_lengths": 0,
}  # fmt: skip
"""columns of the tables that grow, 0 of those that are plain arrays; a row is written before it is read"""


fixed_widths(
    State,
    {name: columns for name, columns in TABLES.items() if columns}
    | {"lines": 2, "asked": 3, "due_offers": OFFER_COLUMNS},
)


def no_rows() -> dict[str, NDArray[Any]]:
    """The tables that grow, for nobody."""
    floats = {"soon_time", "timer_time", "change_lengths", "duties"}
    kinds: dict[str, Any] = {
        name: np.float64 if name in floats or name.endswith("floats") else np.int64 for name in TABLES
    }
    kinds["contact_ints"] = np.int32
    return {name: np.empty((0, columns) if columns else 0, dtype=kinds[name]) for name, columns in TABLES.items()}


class Size(NamedTuple):
    """All that the state at the start of a run depends on."""

    channels: int
    trunks: int
    lines: int
    offers: int
    open_contacts: int
    """that an agent works on at a time, at most"""
    agents: tuple[int, ...]
    """by pool"""
    capacity: tuple[int, ...]
    by_name: tuple[int, ...]
    """pools in the order of their names"""
    trees: bool
    """whether the agent rule asks for them"""


def size_of(model: Model) -> Size:
    """That of a model's state."""
    return Size(
        channels=model.channels.kind.size, trunks=model.channels.trunk_lines.size, lines=model.line_channel.size,
        offers=model.offers.shape[0], open_contacts=model.rates.shape[1],
        agents=tuple(np.diff(model.first_agent).tolist()), capacity=tuple(model.capacity.tolist()),
        by_name=tuple(model.by_name.tolist()), trees=model.agent_rule in (LEAST_OCCUPIED, RANDOM),
    )  # fmt: skip


def empty(size: Size, tables: Mapping[str, NDArray[Any]]) -> Placed[State]:
    """The state at the start of a run, with these tables to grow."""
    agents, pools, channels, lines = sum(size.agents), len(size.agents), size.channels, size.lines
    room = sum(each * count for each, count in zip(size.capacity, size.agents, strict=True))
    arrays = dict(
        counters=_ints(COUNTERS), clock=np.zeros(1),
        lines=np.full((lines, 2), -1, dtype=np.int64), head_time=np.full(lines, np.inf),
        head_order=np.full(lines, np.inf), length=_ints(lines), waiting=_ints(channels),
        sessions=_ints(channels), connected=_ints(size.trunks),
        duty=np.zeros(agents, dtype=np.bool_), load=_ints(agents), since=np.zeros(agents), came=np.zeros(agents),
        left=np.zeros(agents), finishing=_ints(agents), spells=_ints(agents), worked=np.zeros(agents),
        busy_since=np.zeros(agents), idle=_ints(pools), staffed=_ints(pools), break_due=np.zeros(agents),
        resting_until=np.full(agents, NOT_RESTING), resting_since=np.zeros(agents), missed=np.zeros(agents),
        still=_ints(agents), to_leave=_ints(pools), fall_times=np.zeros(agents),
        room=_ints(room), room_size=_ints(sum(size.capacity)), place=_nowhere(agents),
        heap_of=_nowhere(agents), asked=_ints(pools, 3), **_trees(size),
        work=np.zeros(agents), work_at=np.zeros(agents), open_count=_ints(agents),
        open_of=_ints(agents, size.open_contacts),
        due=np.zeros(agents), due_holding=_nowhere(agents), attention=np.zeros(agents), held=_ints(agents),
        held_at=np.zeros(agents),
        walked=np.zeros(channels + 1), felt=np.zeros(channels + 1), other=np.zeros(channels + 1),
        members=_ints(agents), most=_ints(agents), spare=np.zeros(agents, dtype=np.bool_), busy=np.zeros(agents),
        due_offers=np.zeros((size.offers, OFFER_COLUMNS)),
    )  # fmt: skip
    return Placed(State, arrays, {**tables, "shelves": _ints(SHELVES)})


def restart(state: Placed[State]) -> None:
    """The state becomes the one at the start of a run, but for the tables that grow: a row is written before it is
    read."""
    if state.values.counters[SHELVED]:
        state.values.shelves[...] = 0
    state.begin_again()


def _trees(size: Size) -> dict[str, NDArray[Any]]:
    """Trees of all pools, or of none."""
    if not size.trees:
        trees = NO_TREES
    else:
        pool_of = np.repeat(np.arange(len(size.agents)), size.agents)
        order = np.argsort(np.argsort(size.by_name)[pool_of], kind="stable")
        trees = trees_of(np.cumsum([0, *size.agents]), np.array(size.capacity), np.argsort(order))
    return {f"tree_{name}": table for name, table in zip(trees._fields, trees, strict=True)}


def grown(table: NDArray[N], rows: int) -> NDArray[N]:
    """The table with room for so many rows, at least doubled if it must grow."""
    if table.shape[0] >= rows:
        return table
    larger = np.empty((max(rows, 2 * table.shape[0]), *table.shape[1:]), dtype=table.dtype)
    larger[: table.shape[0]] = table
    return larger

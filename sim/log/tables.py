"""The log: what happened in one replication, as flat typed tables from which every measure is computed.

Comes in: rows from an engine, in any order. Goes out: columns, sorted by a canonical key, so that two engines that
lived the same history wrote the same log. Times are seconds since midnight of the run's first day; NaN is "did not
happen".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from math import inf
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CONTACT_COLUMNS = {
    "entity": np.int64,  # the customer (sim.chance.keys)
    "number": np.int32,  # of the leg: 1 for the first of a journey
    "channel": np.int16,
    "arrived": np.float64,  # joined the channel
    "answered": np.float64,  # an agent, or the session, began
    "ended": np.float64,  # over for the customer
    "released": np.float64,  # over for the agent (after wrap-up)
    "agent": np.int32,  # number over all pools; -1 for none
    "outcome": np.int8,  # codes.Outcome
    "context": np.int8,  # on the way in: codes.Context
    "via": np.int8,  # codes.Via
    "reopens": np.int8,  # 1 if the issue, resolved here, comes back (also beyond the horizon)
    "frustration": np.float64,  # of the customer as the contact began
    "flags": np.int8,  # sum of codes.Flag
}
CUSTOMER_COLUMNS = {
    "entity": np.int64,
    "segment": np.int16,
    "reason": np.int16,
    "channel": np.int16,  # of the first contact
    "arrived": np.float64,
    "ended": np.float64,  # NaN while open
    "end": np.int8,  # codes.End
    "contacts": np.int32,  # legs so far: rows of the table of contacts
    "frustration": np.float64,  # at the end, or so far
}
TURN_COLUMNS = {  # where the contact's own row cannot say it: shared agents, threads, rings, silent leavers
    "entity": np.int64,
    "number": np.int32,
    "turn": np.int16,  # 0 for the first answer of a contact
    "agent": np.int32,
    "queued": np.float64,  # joined the queue for this answer: as the contact began, or with the reply before it
    "taken": np.float64,  # the agent's capacity is held from now on (ring included)
    "answered": np.float64,  # the work began; NaN if it never did
    "ended": np.float64,  # the work was done; NaN if it never was
    "released": np.float64,  # the capacity is free again
    "attention": np.float64,  # agent seconds: time held, shared equally with whatever else the agent held
    "work": np.float64,  # service and wrap-up, s of an agent at speed 1; more turns where the place was kept
}
DUTY_COLUMNS = {
    "pool": np.int16,
    "agent": np.int32,
    "start": np.float64,
    "end": np.float64,  # off duty
    "released": np.float64,  # finished what it held: end, or later (overtime)
    "missed": np.float64,  # of a break that the end of the shift cut short, s
}
STAFFING_COLUMNS = {
    "pool": np.int16,
    "start": np.float64,
    "end": np.float64,
    "scheduled": np.float64,  # paid agents
}
POST_COLUMNS = {
    "entity": np.int64,
    "number": np.int32,  # the contact that is the post, or the last before it
    "kind": np.int8,  # codes.PostKind
    "time": np.float64,
    "reach": np.float64,  # people who would see it in the end
    "impressions": np.float64,  # who saw it, and whom they showed it
}


def with_turns(contacts: dict[str, NDArray[Any]], turns: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Contacts with one more column, `turns`: their rows in the table of turns; and `released` of the last of these."""
    count = np.zeros(contacts["entity"].size, dtype=np.int16)
    if turns["entity"].size:
        first = np.searchsorted(contacts["entity"], turns["entity"])
        place = first + turns["number"] - 1  # a journey's contacts are numbered without gaps
        assert np.array_equal(contacts["entity"][place], turns["entity"])
        count += np.bincount(place, minlength=count.size).astype(np.int16)
        worked = ~np.isnan(turns["answered"])
        contacts["released"][place[worked]] = turns["released"][worked]  # sorted by turn: the last one stays
    return {**contacts, "turns": count}


_PACKED_AS = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "f8": "d"}


@cache
def _packed(columns: tuple[tuple[str, Any], ...]) -> tuple[np.dtype[Any], Callable[..., bytes]]:
    """The type of a row, and what makes its bytes of numbers."""
    row = np.dtype(list(columns))
    return row, Struct("=" + "".join(_PACKED_AS[row[name].str[1:]] for name, _ in columns)).pack


class Rows:
    """An append-only table of numbers: its typed cells (62 bytes a contact) and nothing else while the run goes on.

    Packing a row takes half the time of `array.extend`, and half its bytes.
    """

    def __init__(self, columns: dict[str, Any]) -> None:
        self.row, self._pack = _packed(tuple(columns.items()))
        self.cells = bytearray()

    def add(self, *row: float) -> None:
        """Append one row, in the order of the columns."""
        self.cells += self._pack(*row)

    def add_all(self, *columns: NDArray[Any]) -> None:
        """Append many rows, given as columns in their order."""
        rows = np.empty(columns[0].size, dtype=self.row)
        for name, column in zip(self.row.names or (), columns, strict=True):
            rows[name] = column
        self.cells += rows.tobytes()

    def table(self, *order: str) -> dict[str, NDArray[Any]]:
        """The columns, typed and sorted by `order`."""
        if not self.cells:
            return {name: np.empty(0, dtype=self.row[name]) for name in self.row.names or ()}
        table = np.frombuffer(self.cells, dtype=self.row)
        rank = np.lexsort([table[name] for name in reversed(order)])
        return {name: table[name][rank] for name in self.row.names or ()}


def typed(columns: dict[str, Any], *values: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Columns of a table, with their types."""
    return {name: np.asarray(column, dtype=columns[name]) for name, column in zip(columns, values, strict=True)}


class InOrder:
    """A table that is complete, typed and in the log's order."""

    def __init__(self, columns: dict[str, NDArray[Any]]) -> None:
        self.columns = columns

    def table(self, *_: str) -> dict[str, NDArray[Any]]:
        """The columns."""
        return self.columns


@dataclass(frozen=True)
class Log:
    """One replication: its tables `contacts`, `turns`, `customers`, `duties`, `staffing`, `posts`, and what they refer
    to."""

    channels: tuple[str, ...]
    pools: tuple[str, ...]
    segments: tuple[str, ...]
    reasons: tuple[str, ...]
    seed: int
    replication: int
    window: tuple[float, float]
    """the measured window, s"""
    stopped: float
    """when the run ended, s"""
    contacts: dict[str, NDArray[Any]]
    turns: dict[str, NDArray[Any]]
    customers: dict[str, NDArray[Any]]
    duties: dict[str, NDArray[Any]]
    staffing: dict[str, NDArray[Any]]
    posts: dict[str, NDArray[Any]]
    """what customers wrote in public: empty without `feelings`"""
    agent_pool: Ints
    """pool of each agent"""
    start: dt.date = dt.date(2026, 1, 5)
    """time zero is its midnight: `run.start`"""
    part: tuple[float, float] = (-inf, inf)
    """of a piece of a long run (`simulate_in_pieces`): the time, s, of which it says what agents did and who waited"""
    counted: NDArray[np.bool_] | None = None
    """of a piece: by customer whether this one counts their contacts and journey, or a later one; None: all"""

    def __repr__(self) -> str:
        """Which replication, and how much happened."""
        size = f"{self.contacts['entity'].size:,} contacts of {self.customers['entity'].size:,} customers"
        return f"<Log of replication {self.replication}, seed {self.seed}: {size} on {', '.join(self.channels)}>"

    def frame(self, name: str = "contacts") -> dict[str, NDArray[Any]]:
        """A table with names and dates, by column: `pandas.DataFrame(log.frame("contacts"))`."""
        from .frames import frame

        return frame(self, name)

    @property
    def covers(self) -> tuple[float, float]:
        """The time of the measured window of which the log says what agents did and who waited, s: all of it, but of a
        piece; the moment of its beginning where that is none."""
        since, until = max(self.window[0], self.part[0]), min(self.window[1], self.part[1])
        return (since, until) if since < until else (self.window[0], self.window[0])

    @property
    def wait(self) -> Floats:
        """Time from joining until answered, or until leaving unanswered, or until the run stopped; s, by contact."""
        from ..sums.times import waits

        return waits(self.contacts, np.array([self.stopped]))

    def same_as(self, other: Log) -> bool:
        """Equality to the bit of all tables and of all that they refer to."""
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if isinstance(mine, dict):
                if any(not np.array_equal(mine[k], theirs[k], equal_nan=mine[k].dtype.kind == "f") for k in mine):
                    return False
            elif not np.array_equal(mine, theirs):
                return False
        return True

"""The schedule day by day: its changes as the calendar and the table of changes take them, and the paid agents.

Comes in: the schedule of a replication (`sim.coded.schedule`). Goes out: arrays, and how many spells of duty the
changes may begin or end. What chance has no part in is made once for all replications, and for all points of a sweep
that have the same staffing and hours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...chance.sections import made_of
from ...coded.order import SUBJECT_BITS
from ...coded.schedule import Action, Change, Clock, Schedule
from ...log.tables import STAFFING_COLUMNS, Rows
from ...model.centre import Configuration
from ...model.units import DAY
from ...rules.numbers import Floats, Ints

Table: TypeAlias = "dict[str, NDArray[Any]]"
Serving: TypeAlias = "tuple[tuple[int, ...], ...]"
"""by channel: the pools that serve it"""


class Changes(NamedTuple):
    """Changes of one day."""

    times: Floats
    keys: Ints
    """first part of each one's key"""
    rows: Ints
    """(n, 3): action, who, agents, as the state's table has them"""
    lengths: Floats
    spells: int
    """most spells of duty that they begin or end"""


class Days:
    """The days of a schedule."""

    def __init__(self, schedule: Schedule, serving: Serving, limit: float) -> None:
        """From `limit` on, s, nothing changes."""
        self.schedule, self.serving, self.limit = schedule, serving, limit
        self._changes: dict[int, tuple[Sequence[Change], Changes]] = {}
        self._paid: tuple[int, Table] = 0, {}
        """those of so many days; one value, for threads share what is prepared"""

    def changes(self, schedule: Schedule, day: int) -> Changes:
        """The day's changes in a replication, whose schedule that is."""
        changes = schedule.changes(day) if day * DAY < self.limit else ()
        known = self._changes.get(day)
        if known is None or known[0] is not changes:
            known = self._changes[day] = changes, coded(changes, schedule.sizes, self._planned)
        return known[1]

    def _planned(self, channel: int, time: float) -> bool:
        """Whether anybody who serves the channel is planned to be on duty just before that time."""
        return self.schedule.planned_at(self.serving[channel], time)

    def paid(self, days: int) -> Table:
        """Paid agents of the first days of the run, as the log has them."""
        known, table = self._paid
        if days > known:
            rows = Rows(STAFFING_COLUMNS)
            for day in range(days):
                for row in self.schedule.paid(day):
                    rows.add(*row)
            table = rows.table("pool", "start")
            self._paid = days, table
        mine = table["start"] < days * DAY
        return {name: column[mine] for name, column in table.items()}


@made_of("staffing", "run")
def days_of(config: Configuration, clock: Clock, serving: Serving, limit: float) -> Days:
    """The days of a configuration."""
    return Days(Schedule(config, clock, 0, 0), serving, limit)


def coded(changes: Sequence[Change], sizes: Sequence[int], planned: Callable[[int, float], bool]) -> Changes:
    """The changes, coded: `sizes` are the agents by pool; `planned` says whether anybody who serves a channel is
    planned to be on duty as it closes at that time."""
    rows = [(change.action, change.who, _agents(change, planned)) for change in changes]
    return Changes(
        np.array([change.time for change in changes]),
        np.array([change.kind << SUBJECT_BITS | change.subject for change in changes], dtype=np.int64),
        np.array(rows, dtype=np.int64).reshape(-1, 3),
        np.array([change.length for change in changes]),
        sum(_spells(change, sizes) for change in changes),
    )


def _spells(change: Change, sizes: Sequence[int]) -> int:
    """Most spells of duty that a change can begin or end."""
    return sizes[change.who] if change.action in (Action.COUNT, Action.COUNT_BY_FREE) else 1


def _agents(change: Change, planned: Callable[[int, float], bool]) -> int:
    """Agents of a change; as a channel closes, whether anybody who serves it is planned to be on duty."""
    return int(planned(change.who, change.time)) if change.action == Action.CLOSES else change.agents

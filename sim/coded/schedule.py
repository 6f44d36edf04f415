"""One schedule of all that happens by the clock: agents who come and go, counts that change, queues cleared at closing.

Comes in: a checked configuration, what its tables say of the clock, and the key of a replication. Goes out: the changes
of one day after another, each with its place among simultaneous events, as rows of whole numbers that every engine
reads; and the paid agents of the day, for the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from ..chance.rosters import Roster
from ..model.centre import Configuration
from ..model.channels import LiveChannel
from ..model.units import DAY
from .order import Kind, of_agent, of_pool
from .tables import Tables


class Action(IntEnum):
    """What a change does to `who`."""

    COMES = 0
    """an agent comes on duty"""
    GOES = 1
    """an agent goes off duty"""
    COUNT = 2
    """a pool has `agents` agents on duty from now on"""
    CLOSES = 3
    """a channel closes: its queue is cleared, or served by those on duty"""
    PAUSES = 4
    """an agent's break of `length` is due"""
    COUNT_BY_FREE = 5
    """as COUNT, but whoever is free first leaves when it falls"""


class Change(NamedTuple):
    """One change of the schedule; `kind` and `subject` are its key (`sim.coded.order`)."""

    time: float
    kind: int
    subject: int
    action: int
    who: int
    """agent (over all pools), pool or channel"""
    agents: int = 0
    length: float = 0.0


class Paid(NamedTuple):
    """Paid agents of a pool over a span, s since the run's start."""

    pool: int
    start: float
    end: float
    agents: float


class Clock(NamedTuple):
    """What of a centre's tables the schedule needs."""

    rank: tuple[int, ...]
    """(pool) place among the names in order"""
    closings: tuple[tuple[int, float], ...]
    """(channel, time of the cycle of opening hours) at which its queue is cleared or served to its end"""
    week_offset: float
    cycle: float


def clock_of(config: Configuration, tables: Tables) -> Clock:
    """That of a configuration."""
    return Clock(tuple(tables.desks.rank.tolist()), (*_closings(config, tables),), tables.week_offset, tables.cycle)


class Schedule:
    """The schedule of a replication. Days are asked for in order, because a count changes from that of the day
    before."""

    def __init__(self, config: Configuration, clock: Clock, seed: int, replication: int) -> None:
        self.rosters = [Roster(config, name, seed, replication) for name in config.staffing]
        self.sizes = [roster.size for roster in self.rosters]
        """agents by pool: most that can ever be on duty"""
        self.first = [int(n) for n in np.cumsum([0, *self.sizes])]
        self.clock = clock
        self.before = [0] * len(self.rosters)
        """agents on duty by pool as the day before ended"""
        self._certain: dict[int, tuple[Sequence[Change], list[int]]] = {}
        """changes of days with nothing left to chance, and `before` after them"""

    def of(self, seed: int, replication: int) -> Schedule:
        """The same in another replication, from its first day on."""
        other = object.__new__(Schedule)
        rosters = [roster.of(seed, replication) for roster in self.rosters]
        vars(other).update(vars(self), rosters=rosters, before=[0] * len(rosters))
        return other

    def changes(self, day: int) -> Sequence[Change]:
        """All changes that the day brings; remembered, for all replications, where chance has no part in them."""
        if day in self._certain:
            changes, before = self._certain[day]
            self.before = before.copy()
            return changes
        found: list[Change] = []
        for pool, roster in enumerate(self.rosters):
            found += self._duties(pool, roster, day) if roster.pool.shifts else self._counts(pool, roster, day)
        found += self._closing(day)
        if all(roster.is_certain(day) and (day == 0 or roster.is_certain(day - 1)) for roster in self.rosters):
            self._certain[day] = found, self.before.copy()
        return found

    def planned_at(self, channel_pools: Iterable[int], time: float) -> bool:
        """Whether anybody of these pools is planned to be on duty just before that time, be it by a fraction or with
        a chance of absence."""
        return any(self.rosters[pool].plans(time - 1.0) for pool in channel_pools)

    def paid(self, day: int) -> Iterator[Paid]:
        """Paid agents, one row for each run of equal intervals."""
        for pool, roster in enumerate(self.rosters):
            scheduled = roster.scheduled(day)
            length = DAY / scheduled.size
            cuts = [0, *(np.flatnonzero(np.diff(scheduled)) + 1).tolist(), scheduled.size]
            for first, last in zip(cuts, cuts[1:], strict=False):
                if scheduled[first] > 0:
                    yield Paid(pool, day * DAY + first * length, day * DAY + last * length, float(scheduled[first]))

    def _counts(self, pool: int, roster: Roster, day: int) -> Iterator[Change]:
        counts = roster.counts(day)
        action = Action.COUNT_BY_FREE if roster.pool.on_fall == "first_free" else Action.COUNT
        for interval, count in enumerate(counts):
            before, self.before[pool] = self.before[pool], count
            if count != before:
                kind = Kind.SHIFT_START if count > before else Kind.SHIFT_END
                at = day * DAY + interval * (DAY / len(counts))
                yield Change(at, kind, of_pool(self.clock.rank[pool]), action, pool, count)

    def _duties(self, pool: int, roster: Roster, day: int) -> Iterator[Change]:
        night_before = roster.duties(-1) if day == 0 else []
        for duty in (*(each.from_time(0.0) for each in night_before if each.end > 0.0), *roster.duties(day)):
            agent, subject = self.first[pool] + duty.agent, of_agent(self.clock.rank[pool], duty.agent)
            yield Change(duty.start, Kind.SHIFT_START, subject, Action.COMES, agent)
            for start, end in duty.pauses:
                yield Change(start, Kind.SHIFT_END, subject, Action.PAUSES, agent, length=end - start)
            yield Change(duty.end, Kind.SHIFT_END, subject, Action.GOES, agent)

    def _closing(self, day: int) -> Iterator[Change]:
        begins = day * DAY + self.clock.week_offset
        for channel, end in self.clock.closings:
            since = (end - begins) % self.clock.cycle
            if since < DAY:
                yield Change(day * DAY + since, Kind.CLOSING, channel, Action.CLOSES, channel)


def _closings(config: Configuration, tables: Tables) -> Iterator[tuple[int, float]]:
    """Those of `Clock`; open to the end of the cycle and from its beginning is no closing."""
    for channel, name in enumerate(tables.channels):
        spec, spans = config.channels[name], slice(tables.first_span[channel], tables.first_span[channel + 1])
        closes = tables.closes[spans].tolist()
        if isinstance(spec, LiveChannel) and spec.at_closing != "wait" and closes:
            joined = tables.opens[spans][0] == 0.0 and closes[-1] == tables.cycle
            yield from ((channel, end) for end in (closes[:-1] if joined else closes))

"""Time spent, by interval: how much of many spans falls into each piece of the measured window.

Comes in: starts and ends of spans, and the row of each (a channel, a pool). Goes out: seconds by row and time column. A
span is the time after its start less the time after its end, so moments are summed, not spans, and neither is sorted.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..coded.lines import capacity_units
from ..log.tables import Log
from ..sums.agents import alone, until_end_of_duty
from ..sums.moments import after
from ..sums.rows import row_sums
from .window import Columns, Facts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Spans = tuple[Floats, Floats, Ints]
"""(start, end, agent)"""
NO_WEIGHTS: Floats = np.zeros(0)
ROUNDING = 1e-6
"""what differences of sums over a month of agents' seconds leave of nothing, s"""


class Pieces:
    """A time of the measured window, or all of it, cut at every full interval: the pieces that time columns are made
    of."""

    def __init__(self, columns: Columns, part: tuple[float, float] | None = None) -> None:
        first, last = part or columns.window
        self._columns, self._first = columns, int(first // columns.interval)
        past = max(self._first + 1, int(np.ceil(last / columns.interval)))
        self.edges: Floats = np.arange(self._first, past + 1, dtype=np.float64) * columns.interval
        self.edges[0], self.edges[-1] = first, last
        self._length = np.diff(self.edges)
        self._places = columns.places((self.edges[:-1] + self.edges[1:]) / 2)
        """(., pieces): the columns to which each piece belongs"""

    def after(self, moments: Floats, row: Ints, rows: int, weights: Floats | None = None) -> Floats:
        """(rows, pieces): weighted seconds of each piece that come after the moments of each row."""
        here, begun = np.zeros((2, rows, self._length.size))
        weights = NO_WEIGHTS if weights is None else weights
        after(moments, row, weights, self.edges, float(self._columns.interval), self._first, here, begun)
        return np.asarray(here + (np.cumsum(begun, axis=1) - begun) * self._length)

    def between(self, starts: Floats, ends: Floats, row: Ints, rows: int, weights: Floats | None = None) -> Floats:
        """(rows, columns): weighted seconds of the spans of each row, by time column."""
        begun, over = (self.after(moments, row, rows, weights) for moments in (starts, np.maximum(starts, ends)))
        return self.by_column(begun - over)

    def by_column(self, seconds: Floats) -> Floats:
        """(rows, columns) from (rows, pieces): seconds by time column; what rounding left of nothing is nothing."""
        seconds, count = np.where(np.abs(seconds) < ROUNDING, 0.0, seconds), self._columns.count
        return np.ascontiguousarray(row_sums(self._places, seconds.T, count + 1)[:count].T)

    @cached_property
    def whole(self) -> Floats:
        """(columns,): seconds of all pieces, by time column."""
        return np.asarray(self.by_column(self._length[None, :])[0])


def pieces_of(facts: Facts) -> Pieces:
    """The time that the log covers, in pieces."""
    return Pieces(facts.columns, facts.log.covers)


class PoolTime:
    """Seconds of agents' time by pool and column: on duty, busy, overtime, paid, breaks not taken; and capacity
    in use on duty, in which a contact counts as the part of an agent that it takes."""

    def __init__(self, facts: Facts) -> None:
        log, self._rows, self._pieces = facts.log, len(facts.log.pools), facts.once(pieces_of)
        duties, staffing = log.duties, log.staffing
        own, shared = _alone(facts), _shared(facts)
        once = self._of_agents(log, own[:3])
        self.busy = once + self._of_agents(log, union(*shared[:3])) if shared[0].size else once
        self.held = once + self._of_agents(log, shared[:3]) if shared[0].size else once
        pool, start, end = duties["pool"].astype(np.int64), duties["start"], duties["end"]
        self.duty = self._by_pool(start, end, pool)
        self.overtime = self._by_pool(end, duties["released"], pool)
        self.missed = self._missed(facts.columns, duties["missed"], end, pool)
        pool = staffing["pool"].astype(np.int64)
        self.scheduled = self._by_pool(staffing["start"], staffing["end"], pool, staffing["scheduled"])
        self.in_use = np.minimum(self._in_use(facts, own, shared), self.duty)

    def _missed(self, columns: Columns, seconds: Floats, end: Floats, pool: Ints) -> Floats:
        """(pools, columns): seconds of breaks, at the end of each spell of duty within the window."""
        start, stop = columns.window
        mine = np.flatnonzero((seconds > 0) & (end > start) & (end <= stop))
        return columns.sums(seconds[mine], pool[mine], self._rows, np.nextafter(end[mine], 0.0))

    def _by_pool(self, start: Floats, end: Floats, pool: Ints, weights: Floats | None = None) -> Floats:
        """(pools, columns): seconds of spans."""
        return self._pieces.between(start, end, pool, self._rows, weights)

    def _of_agents(self, log: Log, spans: Spans, weights: Floats | None = None) -> Floats:
        """(pools, columns): seconds of spans of agents."""
        start, end, agent = spans
        return self._by_pool(start, end, log.agent_pool[agent] if agent.size else agent, weights)

    def _in_use(self, facts: Facts, own: ByChannel, shared: ByChannel) -> Floats:
        """(pools, columns): agent seconds in use until the end of duty, of all that agents hold."""
        log = facts.log
        capacity, units = capacity_units(facts.config)
        both = own if not shared[0].size else tuple(np.concatenate(p) for p in zip(own, shared, strict=True))
        start, end, agent, channel = both
        pool = log.agent_pool[agent] if agent.size else agent
        parts = units / capacity[:, None]
        weights = parts[pool, channel] if agent.size and (parts[units > 0] != 1).any() else None
        return self._of_agents(log, (start, _on_duty(log, start, end, agent), agent), weights)


def until_stop(log: Log, times: Floats) -> Floats:
    """Times, s; what had not happened when the run stopped counts as happening then."""
    return np.asarray(np.fmin(times, log.stopped))


ByChannel = tuple[Floats, Floats, Ints, Ints]
"""(start, end, agent, channel)"""


def _alone(facts: Facts) -> ByChannel:
    """Spans of contacts that had an agent to themselves, as their own rows tell."""
    log, size = facts.log, facts.log.contacts["entity"].size
    names = ("agent", "channel", "turns", "answered", "released")
    (start, end), (agent, channel) = np.empty((2, size)), np.empty((2, size), dtype=np.int64)
    columns = [np.ascontiguousarray(log.contacts[name]) for name in names]
    count = alone(log.stopped, start, end, agent, channel, *columns)
    return start[:count], end[:count], agent[:count], channel[:count]


def _shared(facts: Facts) -> ByChannel:
    """Spans of turns: one agent's may overlap."""
    log, turns = facts.log, facts.log.turns
    channel = log.contacts["channel"][facts.contact_of_turn].astype(np.int64)
    return turns["taken"], until_stop(log, turns["released"]), turns["agent"].astype(np.int64), channel


def _on_duty(log: Log, start: Floats, end: Floats, agent: Ints) -> Floats:
    """End of each span, or of the duty in which it starts, whichever comes first; its start where there is none."""
    duties = log.duties
    order = np.lexsort([duties["start"], duties["agent"]])
    first = np.searchsorted(duties["agent"][order], np.arange(log.agent_pool.size + 1))
    result = np.empty(start.size)
    until_end_of_duty(first, duties["start"][order], duties["end"][order], agent, start, end, result)
    return result


def union(starts: Floats, ends: Floats, owner: Ints) -> Spans:
    """Spans of each owner joined where they overlap or touch: (start, end, owner)."""
    order = np.lexsort([starts, owner])
    starts, ends, owner = starts[order], ends[order], owner[order]
    past = max(float(ends.max(initial=0.0)), 0.0) + 1.0  # each owner's times moved behind those of the one before
    latest = np.maximum.accumulate(ends + owner * past)
    begins = np.append(True, (starts + owner * past)[1:] > latest[:-1])
    last = np.append(begins[1:], True)
    return starts[begins], (latest - owner * past)[last], owner[begins]

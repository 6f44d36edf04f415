"""Time spent, by interval: how much of many spans falls into each piece of the measured window.

Comes in: starts and ends of spans, and the row of each (a channel, a pool). Goes out: seconds by row and time column. A
span is the time after its start less the time after its end, so moments are summed, not spans, and neither is sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..log.tables import Log
from ..sums.agents import alone, touching, until_end_of_duty
from ..sums.moments import after
from ..sums.rows import row_sums
from .window import Columns, Facts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NO_WEIGHTS: Floats = np.zeros(0)
"""each counts once"""
Moments = tuple[Floats, Ints, Floats]
"""(time, row, weight)"""
Spans = tuple[Floats, Floats, Ints, Floats]
"""(start, end, row, weight)"""
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

    def after(self, moments: Sequence[Moments], rows: int) -> Floats:
        """(sets of moments, rows, pieces): weighted seconds of each piece that come after the moments of each row."""
        here, begun = np.zeros((2, len(moments), rows, self._length.size))
        interval = float(self._columns.interval)
        for number, (times, row, weights) in enumerate(moments):
            after(times, row, weights, self.edges, interval, self._first, here[number], begun[number])
        return np.asarray(here + (begun.cumsum(axis=2) - begun) * self._length)

    def between(self, spans: Sequence[Spans], rows: int) -> Floats:
        """(sets of spans, rows, columns): weighted seconds of the spans of each row, by time column."""
        starts = [(start, row, weights) for start, _, row, weights in spans]
        ends = [(np.maximum(start, end), row, weights) for start, end, row, weights in spans]
        moments = self.after([*starts, *ends], rows)
        return self.by_column(moments[: len(spans)] - moments[len(spans) :])

    def by_column(self, seconds: Floats) -> Floats:
        """(..., columns) from (..., pieces): seconds by time column; what rounding left of nothing is nothing."""
        count, before = self._columns.count, seconds.shape[:-1]
        flat = np.where(np.abs(seconds) < ROUNDING, 0.0, seconds).reshape(-1, self._length.size)
        return np.ascontiguousarray(row_sums(self._places, flat.T, count + 1)[:count].T).reshape(*before, count)

    @cached_property
    def whole(self) -> Floats:
        """(columns,): seconds of all pieces, by time column."""
        return self.by_column(self._length)


_pieces = lru_cache(maxsize=8)(Pieces)


def pieces_of(facts: Facts) -> Pieces:
    """The time that the log covers, in pieces, made once for all logs of these columns."""
    return _pieces(facts.columns, facts.log.covers)


class PoolTime:
    """Seconds of agents' time by pool and column: on duty, busy, overtime, paid, breaks not taken; and capacity
    in use on duty, in which a contact counts as the part of an agent that it takes."""

    def __init__(self, facts: Facts) -> None:
        log, groups = facts.log, len(facts.log.pools)
        self._rows = facts.runs * groups
        duties, staffing, own, shared = log.duties, log.staffing, _alone(facts), _shared(facts)
        pool, paid = (facts.in_runs(name, getattr(log, name)["pool"], groups) for name in ("duties", "staffing"))
        spans = {
            "own": _of_agents(facts, *own[:3]), "in use": _in_use(facts, own, shared),
            "duty": (duties["start"], duties["end"], pool, NO_WEIGHTS),
            "overtime": (duties["end"], duties["released"], pool, NO_WEIGHTS),
            "scheduled": (staffing["start"], staffing["end"], paid, staffing["scheduled"]),
        }  # fmt: skip
        if shared.start.size:
            spans |= {"shared": _of_agents(facts, *shared[:3]), "union": _of_agents(facts, *union(*shared[:3]))}
        seconds = dict(zip(spans, facts.once(pieces_of).between(list(spans.values()), self._rows), strict=True))
        self.busy = seconds["own"] + seconds["union"] if shared.start.size else seconds["own"]
        self.held = seconds["own"] + seconds["shared"] if shared.start.size else seconds["own"]
        self.duty, self.overtime, self.scheduled = (seconds[name] for name in ("duty", "overtime", "scheduled"))
        self.missed = self._missed(facts.columns, duties["missed"], duties["end"], pool)
        self.in_use = np.minimum(seconds["in use"], self.duty)

    def _missed(self, columns: Columns, seconds: Floats, end: Floats, pool: Ints) -> Floats:
        """(pools, columns): seconds of breaks, at the end of each spell of duty within the window."""
        if not seconds.any():
            return np.zeros((self._rows, columns.count))
        start, stop = columns.window
        mine = np.flatnonzero((seconds > 0) & (end > start) & (end <= stop))
        return columns.sums(seconds[mine], pool[mine], self._rows, np.nextafter(end[mine], 0.0))


class Held(NamedTuple):
    """What agents held: spans with the agent and the channel of each."""

    start: Floats
    end: Floats
    agent: Ints
    channel: Ints


NOTHING = Held(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def _of_agents(facts: Facts, start: Floats, end: Floats, agent: Ints, weights: Floats = NO_WEIGHTS) -> Spans:
    """Spans of agents, by pool."""
    return start, end, facts.agent_rows[agent], weights


def _alone(facts: Facts) -> Held:
    """Spans of contacts that had an agent to themselves, as their own rows tell."""
    log, size = facts.log, facts.log.contacts["entity"].size
    names = ("agent", "channel", "turns", "answered", "released")
    (start, end), (agent, channel) = np.empty((2, size)), np.empty((2, size), dtype=np.int64)
    columns = [np.ascontiguousarray(log.contacts[name]) for name in names]
    count = alone(facts.stopped, facts.run("contacts"), start, end, agent, channel, *columns)
    return Held(start[:count], end[:count], agent[:count], channel[:count])


def _shared(facts: Facts) -> Held:
    """Spans of turns: one agent's may overlap."""
    log, turns = facts.log, facts.log.turns
    if not turns["entity"].size:
        return NOTHING
    channel = log.contacts["channel"][facts.contact_of_turn].astype(np.int64)
    released = facts.until_stop("turns", turns["released"])
    return Held(turns["taken"], released, turns["agent"].astype(np.int64), channel)


def _in_use(facts: Facts, own: Held, shared: Held) -> Spans:
    """All that agents hold, until the end of duty, as the part of an agent that it takes."""
    both, weights = own, NO_WEIGHTS
    if shared.start.size:
        both = Held(*(np.concatenate(pair) for pair in zip(own, shared, strict=True)))
    if any(given.shared for given in facts.givens):
        weights = facts.given(lambda given: given.parts)[facts.agent_rows[both.agent], both.channel]
    return _of_agents(facts, both.start, _on_duty(facts.log, both), both.agent, weights)


def _on_duty(log: Log, held: Held) -> Floats:
    """End of each span, or of the duty in which it starts, whichever comes first; its start where there is none.
    Duties are sorted by pool, agent and start, and agents are numbered pool by pool."""
    duties, result = log.duties, np.empty(held.start.size)
    first = np.searchsorted(duties["agent"], np.arange(log.agent_pool.size + 1))
    until_end_of_duty(first, duties["start"], duties["end"], held.agent, held.start, held.end, result)
    return result


def union(starts: Floats, ends: Floats, owner: Ints) -> tuple[Floats, Floats, Ints]:
    """Spans of each owner joined where they overlap or touch: (start, end, owner)."""
    order = np.lexsort([starts, owner])
    starts, ends, owner = starts[order], ends[order], owner[order]
    count = touching(starts, ends, owner)
    return starts[:count], ends[:count], owner[:count]

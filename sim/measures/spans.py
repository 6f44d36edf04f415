"""Time spent, by interval: how much of many spans falls into each piece of the measured window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..coded.lines import capacity_units
from ..log.tables import Log
from .window import Columns, Facts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Spans = tuple[Floats, Floats, Ints]
"""(start, end, agent)"""
ROUNDING = 1e-4
"""what differences of sums over a month of agents' seconds leave of nothing, s"""


def covered_before(starts: Floats, ends: Floats, weights: Floats, at: Floats) -> Floats:
    """Total weighted length of the spans [start, end) before each time `at` (s)."""

    def ramp(points: Floats) -> Floats:
        """Weighted time between each point and each moment that comes after it."""
        order = np.argsort(points)
        count = np.concatenate([[0.0], np.cumsum(weights[order])])
        moment = np.concatenate([[0.0], np.cumsum((weights * points)[order])])
        n = np.searchsorted(points[order], at)
        return np.asarray(at * count[n] - moment[n])

    return ramp(starts) - ramp(ends)


def by_column(columns: Columns, starts: Floats, ends: Floats, weights: Floats | None = None) -> Floats:
    """(columns,): seconds of the spans within the measured window, by time column."""
    first, last = columns.window
    grid = np.arange(np.floor(first / columns.interval), np.ceil(last / columns.interval) + 1) * columns.interval
    edges = np.unique(np.clip(np.concatenate([grid, [first, last]]), first, last))
    weights = np.ones(starts.size) if weights is None else weights
    pieces = np.diff(covered_before(starts, np.maximum(starts, ends), weights, edges))
    pieces = np.where(np.abs(pieces) < ROUNDING, 0.0, pieces)
    middle = (edges[:-1] + edges[1:]) / 2
    return np.asarray(columns.sums(pieces, np.zeros(middle.size, dtype=np.int64), 1, middle)[0])


class PoolTime:
    """Seconds of agents' time by pool and column: on duty, busy, overtime, paid, breaks not taken; and capacity
    in use on duty, in which a contact counts as the part of an agent that it takes."""

    def __init__(self, facts: Facts) -> None:
        log, columns = facts.log, facts.columns
        duties, staffing = log.duties, log.staffing
        alone, shared = _alone(log), _shared(log)
        pools = range(len(log.pools))
        once = self._by_pool(log, columns, alone)
        self.busy = once + self._by_pool(log, columns, union(*shared)) if shared[0].size else once
        self.held = once + self._by_pool(log, columns, shared) if shared[0].size else once
        of = [duties["pool"] == p for p in pools]
        start, end, gone = duties["start"], duties["end"], duties["released"]
        self.duty = np.array([by_column(columns, start[m], end[m]) for m in of]).reshape(-1, columns.count)
        self.overtime = np.array([by_column(columns, end[m], gone[m]) for m in of]).reshape(-1, columns.count)
        missed = duties["missed"]  # as if the break had come last
        self.missed = np.array([by_column(columns, end[m] - missed[m], end[m]) for m in of]).reshape(-1, columns.count)
        of = [staffing["pool"] == p for p in pools]
        start, end, paid = staffing["start"], staffing["end"], staffing["scheduled"]
        spans = [by_column(columns, start[m], end[m], paid[m]) for m in of]
        self.scheduled = np.array(spans).reshape(-1, columns.count)
        self.in_use = np.minimum(self._in_use(facts, alone, shared), self.duty)

    @staticmethod
    def _by_pool(log: Log, columns: Columns, spans: Spans, weights: Floats | None = None) -> Floats:
        """(pools, columns): seconds of spans of agents."""
        start, end, agent = spans
        pool = log.agent_pool[agent] if agent.size else agent
        of = [pool == p for p in range(len(log.pools))]
        weights = np.ones(start.size) if weights is None else weights
        return np.array([by_column(columns, start[m], end[m], weights[m]) for m in of]).reshape(-1, columns.count)

    def _in_use(self, facts: Facts, alone: Spans, shared: Spans) -> Floats:
        """(pools, columns): agent seconds in use until the end of duty, of all that agents hold."""
        log = facts.log
        capacity, units = capacity_units(facts.config)
        channels = np.concatenate([_channel_alone(log), _channel_shared(log)])
        start, end, agent = (np.concatenate(pair) for pair in zip(alone, shared, strict=True))
        pool = log.agent_pool[agent] if agent.size else agent
        weights = units[pool, channels] / capacity[pool] if agent.size else np.zeros(0)
        spans = start, np.minimum(end, _duty_end(log, start, agent)), agent
        return self._by_pool(log, facts.columns, spans, weights)


def until_stop(log: Log, times: Floats) -> Floats:
    """Times, s; what had not happened when the run stopped counts as happening then."""
    return np.asarray(np.fmin(np.nan_to_num(times, nan=log.stopped), log.stopped))


def _alone(log: Log) -> Spans:
    """Spans of contacts that had an agent to themselves, as their own rows tell."""
    contacts = log.contacts
    alone = (contacts["agent"] >= 0) & ~np.isnan(contacts["answered"]) & (contacts["turns"] == 0)
    agents = contacts["agent"][alone].astype(np.int64)
    return contacts["answered"][alone], until_stop(log, contacts["released"][alone]), agents


def _channel_alone(log: Log) -> Ints:
    contacts = log.contacts
    alone = (contacts["agent"] >= 0) & ~np.isnan(contacts["answered"]) & (contacts["turns"] == 0)
    return np.asarray(contacts["channel"][alone].astype(np.int64))


def _channel_shared(log: Log) -> Ints:
    contacts, turns = log.contacts, log.turns
    place = np.searchsorted(contacts["entity"], turns["entity"]) + turns["number"] - 1
    return np.asarray(contacts["channel"][place].astype(np.int64))


def _duty_end(log: Log, start: Floats, agent: Ints) -> Floats:
    """End of the spell of duty in which each agent was at each time; the time itself where there was none."""
    duties = log.duties
    order = np.lexsort([duties["start"], duties["agent"]])
    begin, end, whose = duties["start"][order], duties["end"][order], duties["agent"][order].astype(np.int64)
    if not begin.size:
        return start
    code = np.searchsorted(_coded(whose, begin), _coded(agent, start), "right") - 1
    known = (code >= 0) & (whose[code] == agent)
    return np.where(known, np.maximum(end[code], start), start)


def _coded(agent: Ints, time: Floats) -> NDArray[np.complex128]:
    """A key that sorts by agent, then by time: complex numbers are ordered by real part, then imaginary part."""
    return np.asarray(agent + 1j * time)


def _shared(log: Log) -> Spans:
    """Spans of turns: one agent's may overlap."""
    turns = log.turns
    return turns["taken"], until_stop(log, turns["released"]), turns["agent"].astype(np.int64)


def union(starts: Floats, ends: Floats, owner: Ints) -> Spans:
    """Spans of each owner joined where they overlap or touch: (start, end, owner)."""
    order = np.lexsort([starts, owner])
    starts, ends, owner = starts[order], ends[order], owner[order]
    past = max(float(ends.max(initial=0.0)), 0.0) + 1.0  # each owner's times moved behind those of the one before
    latest = np.maximum.accumulate(ends + owner * past)
    begins = np.append(True, (starts + owner * past)[1:] > latest[:-1])
    last = np.append(begins[1:], True)
    return starts[begins], (latest - owner * past)[last], owner[begins]

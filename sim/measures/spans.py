"""Time spent, by interval: how much of many spans falls into each piece of the measured window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..engine.log import Log
from ..model.units import DAY
from .facts import Columns, Facts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDING = 1e-4
"""what differences of sums over a month of agents' seconds leave of nothing, s"""


def covered_before(starts: Floats, ends: Floats, weights: Floats, at: Floats) -> Floats:
    """Total weighted length of the spans [start, end) before each time `at` (s)."""

    def ramp(points: Floats) -> Floats:
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
    """Seconds of agents' time by pool and column: on duty, busy on duty, overtime, paid."""

    def __init__(self, facts: Facts) -> None:
        log, columns = facts.log, facts.columns
        duties, staffing = log.duties, log.staffing
        start, end, agent = _busy(log)
        pools = range(len(log.pools))
        busy_pool = log.agent_pool[agent] if agent.size else agent
        of = [busy_pool == p for p in pools]
        self.busy = np.array([by_column(columns, start[m], end[m]) for m in of]).reshape(-1, columns.count)
        self.held = np.array([_held(columns, log, p) for p in pools]).reshape(-1, columns.count)
        of = [duties["pool"] == p for p in pools]
        start, end, gone = duties["start"], duties["end"], duties["released"]
        self.duty = np.array([by_column(columns, start[m], end[m]) for m in of]).reshape(-1, columns.count)
        self.overtime = np.array([by_column(columns, end[m], gone[m]) for m in of]).reshape(-1, columns.count)
        of = [staffing["pool"] == p for p in pools]
        start, end, paid = staffing["start"], staffing["end"], staffing["scheduled"]
        spans = [by_column(columns, start[m], end[m], paid[m]) for m in of]
        self.scheduled = np.array(spans).reshape(-1, columns.count)
        self.weeks = (columns.window[1] - columns.window[0]) / (7 * DAY)


def _until_stop(log: Log, times: Floats) -> Floats:
    return np.asarray(np.fmin(np.nan_to_num(times, nan=log.stopped), log.stopped))


def _busy(log: Log) -> tuple[Floats, Floats, Ints]:
    """(start, end, agent) of spans in which agents hold something: contacts with a row of their own, and the union of
    what shared agents hold."""
    contacts, turns = log.contacts, log.turns
    alone = (contacts["agent"] >= 0) & ~np.isnan(contacts["answered"]) & (contacts["turns"] == 0)
    starts, ends = contacts["answered"][alone], _until_stop(log, contacts["released"][alone])
    agents = contacts["agent"][alone].astype(np.int64)
    if not turns["entity"].size:
        return starts, ends, agents
    start, end, agent = union(turns["taken"], _until_stop(log, turns["released"]), turns["agent"].astype(np.int64))
    return np.concatenate([starts, start]), np.concatenate([ends, end]), np.concatenate([agents, agent])


def union(starts: Floats, ends: Floats, owner: Ints) -> tuple[Floats, Floats, Ints]:
    """Spans of each owner joined where they overlap or touch: (start, end, owner)."""
    order = np.lexsort([starts, owner])
    starts, ends, owner = starts[order], ends[order], owner[order]
    past = max(float(ends.max(initial=0.0)), 0.0) + 1.0  # each owner's times moved behind those of the one before
    latest = np.maximum.accumulate(ends + owner * past)
    begins = np.append(True, (starts + owner * past)[1:] > latest[:-1])
    last = np.append(begins[1:], True)
    return starts[begins], (latest - owner * past)[last], owner[begins]


def _held(columns: Columns, log: Log, pool: int) -> Floats:
    """(columns,): time held by contacts in the pool, s; each contact of a shared agent counts."""
    turns = log.turns
    mine = log.agent_pool[turns["agent"]] == pool if turns["entity"].size else np.zeros(0, dtype=bool)
    return by_column(columns, turns["taken"][mine], _until_stop(log, turns["released"][mine]))

"""Patience from stated abandonment by Erlang A: where the fit starts."""

from __future__ import annotations

import numpy as np

from ...theory import ErlangA
from ..intervals.table import IntervalTable

SHORTEST, LONGEST = 1.0, 1e6
HALVINGS = 30


def erlang_a_patience(table: IntervalTable, channel: str, target: float) -> float:
    """Mean patience, s, at which Erlang A, interval of the day by interval, loses the share `target` of all offered.

    The day is the mean over the table's days; agents are rounded to whole ones. Between 1 s and 10^6 s.
    """
    i = table.channels.index(channel)
    total = np.nansum(table.offered[i], axis=0)
    rows = np.maximum((~np.isnan(table.offered[i])).sum(axis=0), 1)
    offered, agents = total / rows, np.nansum(table.agents[i], axis=0) / rows
    aht = np.nansum(table.offered[i] * table.aht[i], axis=0) / np.maximum(total, 1e-9)
    cells = zip(offered, aht, agents, strict=True)
    day = [(o / table.interval, a, max(1, round(n)), o) for o, a, n in cells if o > 0 and a > 0]
    low, high = SHORTEST, LONGEST
    for _ in range(HALVINGS):
        middle = float(np.sqrt(low * high))
        lost = sum(o * ErlangA(rate, a, n, middle).p_abandon for rate, a, n, o in day) / sum(o for *_, o in day)
        low, high = (low, middle) if lost < target else (middle, high)
    return float(np.sqrt(low * high))

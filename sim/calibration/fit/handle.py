"""Handle time by interval, without the luck of single contacts.

Comes in: an `IntervalTable`. Goes out: means by day and interval of the laws from which single handle times are drawn.
The recorded mean of thirty calls is not the mean of their law: it already contains their luck, and drawing thirty calls
around it doubles that. On centres of known truth (tests/calibration) it made fitted patience up to 12 % longer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..intervals.table import IntervalTable

Floats = NDArray[np.float64]
FEWEST = 3
"""intervals, and pairs of neighbours, that luck can be told from"""


def handle_times(table: IntervalTable, name: str) -> Floats:
    """(days, intervals), s; NaN where the file has none. Each interval is drawn to the mean of all by the share of its
    variance that is luck (empirical Bayes); the mean over contacts stays."""
    i = table.channels.index(name)
    offered = np.nan_to_num(table.offered[i])
    luck = _luck_of_one(table.aht[i], offered)
    known = ~np.isnan(table.aht[i]) & (offered > 0)
    aht, n = table.aht[i][known], offered[known]
    found = table.aht[i].copy()
    if aht.size >= FEWEST and luck > 0:
        mean = float(n @ aht / n.sum())
        spread = n.sum() - n @ n / n.sum()
        signal = max(0.0, (n @ (aht - mean) ** 2 - luck * (aht.size - 1)) / max(spread, 1e-9))
        drawn = mean + signal / (signal + luck / n) * (aht - mean)
        found[known] = drawn + mean - n @ drawn / n.sum()
    return np.asarray(found)


def _luck_of_one(aht: Floats, offered: Floats) -> float:
    """Variance of a single contact's handle time, from differences of neighbours (J. von Neumann, Annals of
    Mathematical Statistics 12, 1941): of successive intervals, from which drops what changes slowly over the day, or of
    the same interval on successive days, from which drops what days have in common; whichever is the less."""
    one = np.where(np.isnan(aht) | (offered <= 0), np.nan, 1 / np.maximum(offered, 1e-9))
    pairs = [
        (aht[:, 1:] - aht[:, :-1], one[:, 1:] + one[:, :-1]),
        (aht[1:] - aht[:-1], one[1:] + one[:-1]),
    ]
    variances = []
    for apart, of_two in pairs:
        both = ~np.isnan(apart) & ~np.isnan(of_two)
        if both.sum() >= FEWEST:
            variances.append(float((apart[both] ** 2).sum() / of_two[both].sum()))
    return min(variances, default=0.0)

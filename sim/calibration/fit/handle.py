"""Handle time by interval, without the luck of single contacts, and how much single contacts differ.

Comes in: an `IntervalTable`. Goes out: means by day and interval of the laws from which single handle times are drawn,
and their coefficient of variation. The recorded mean of thirty calls is not the mean of their law: it already contains
their luck, and drawing thirty calls around it doubles that. On centres of known truth (tests/calibration) it made
fitted patience up to 12 % longer. The same luck tells how much single calls differ: a centre's usual 1.2 in place of
the 1.0 of those files made it 3 to 4 % longer.

Luck is told from law in three layers: what all days say of a time of day, what a day adds, and what a single interval
adds to both. With one layer a bank's calls of 200 s until sixteen and of 150 s until eighteen were taken for luck, and
queues came out too short at noon and too long in the late afternoon (tests/published/test_bank.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...model.laws import Law
from ..intervals.table import IntervalTable

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
FEWEST = 3
"""intervals, and pairs of neighbours, that luck can be told from"""
FEWEST_FOR_CV = 40
"""pairs of neighbours from which a file tells how much single contacts differ"""
LEAST_CV, MOST_CV = 0.4, 3.0
"""what is believed of a coefficient of variation: below it the file's means were typed, not measured"""
NEIGHBOURS = 1.5
"""variance of a sum of squared differences of neighbours, in which each interval stands twice, over that of as many
independent squares: 1 + 2 / 4, normal law"""


@dataclass(frozen=True)
class Luck:
    """Variance of a single contact's handle time, s², its relative standard error, and the pairs that it is from."""

    variance: float = 0.0
    error: float = np.inf
    pairs: int = 0


def handle_times(table: IntervalTable, name: str) -> Floats:
    """(days, intervals), s; NaN where the file has none. The mean over contacts stays; what time of day, day and single
    interval add to it is drawn to nothing by the share of luck in it (empirical Bayes)."""
    i = table.channels.index(name)
    handled, luck = _handled(table, name), _luck_of_one(table, name).variance
    known = ~np.isnan(table.aht[i]) & (handled > 0)
    found = table.aht[i].copy()
    if known.sum() >= FEWEST and luck > 0:
        found[known] = _without_luck(found, handled, known, luck)
    return np.asarray(found)


def _without_luck(handle: Floats, handled: Floats, known: NDArray[np.bool_], luck: float) -> Floats:
    """The known means without the luck of their contacts. What all days say of a time of day is hardly luck, while a
    single interval may be hardly anything else: one share for all would flatten the day."""
    aht, n, (days, times) = handle[known], handled[known], np.nonzero(known)
    mean = float(n @ aht / n.sum())
    parts, kept = np.zeros(aht.size), 1.0
    for groups in (times, days):
        added, shares = _drawn(aht - mean - parts, n, groups, luck, 1.0)
        parts, kept = parts + added, kept + shares
    parts += _drawn(aht - mean - parts, n, np.arange(aht.size), luck, kept)[0]
    return np.asarray(mean + parts - n @ parts / n.sum())


def _drawn(values: Floats, n: Floats, groups: Places, luck: float, kept: float) -> tuple[Floats, float]:
    """The means of groups, each drawn to zero by its share of luck, by value; and the sum of the shares kept. `kept` is
    how many degrees of freedom were taken off the values before."""
    size = np.maximum(np.bincount(groups, n), 1e-9)
    means = np.bincount(groups, n * values) / size
    count, spread = int(np.unique(groups).size), float(n.sum() - size @ size / n.sum())
    if count < FEWEST or spread <= 0:
        return np.zeros(values.size), 0.0
    signal = max(0.0, float(size @ means**2 - luck * (count - kept)) / spread)
    shares = signal / (signal + luck / size)
    return (shares * means)[groups], float(shares[np.unique(groups)].sum())


def handle_cv(table: IntervalTable, name: str) -> tuple[float, float] | None:
    """Coefficient of variation of single handle times, and the standard error of its logarithm; None where the file
    cannot tell it."""
    luck, mean = _luck_of_one(table, name), table.weighted_aht(name)
    cv = luck.variance**0.5 / mean if mean > 0 else np.nan
    if luck.pairs < FEWEST_FOR_CV or not LEAST_CV <= cv <= MOST_CV:
        return None
    return float(cv), luck.error / 2


def with_cv(law: Law, cv: float | None) -> Law:
    """A law with this coefficient of variation; as it is if none is told, or if it is not stated by one."""
    return law if cv is None or law.cv is None else law.model_copy(update={"cv": cv})


def _handled(table: IntervalTable, name: str) -> Floats:
    """Contacts that a mean handle time is of: those offered who did not abandon."""
    i = table.channels.index(name)
    return np.asarray(np.nan_to_num(table.offered[i]) * (1 - np.nan_to_num(table.abandoned_pct[i]) / 100))


def _luck_of_one(table: IntervalTable, name: str) -> Luck:
    """Variance of a single contact's handle time, from differences of neighbours (J. von Neumann, Annals of
    Mathematical Statistics 12, 1941): of successive intervals, from which drops what changes slowly over the day, or of
    the same interval on successive days, from which drops what days have in common; whichever is the less."""
    aht, handled = table.aht[table.channels.index(name)], _handled(table, name)
    one = np.where(np.isnan(aht) | (handled <= 0), np.nan, 1 / np.maximum(handled, 1e-9))
    pairs = [
        (aht[:, 1:] - aht[:, :-1], one[:, 1:] + one[:, :-1]),
        (aht[1:] - aht[:-1], one[1:] + one[:-1]),
    ]
    found = [_of_pairs(apart, of_two) for apart, of_two in pairs]
    return min((each for each in found if each.pairs >= FEWEST), key=lambda each: each.variance, default=Luck())


def _of_pairs(apart: Floats, of_two: Floats) -> Luck:
    """The variance for which differences have the squares that they have, each of `of_two` times it."""
    both = ~np.isnan(apart) & ~np.isnan(of_two)
    squares, weights = apart[both] ** 2, of_two[both]
    if not squares.sum():
        return Luck(pairs=int(both.sum()))
    variance = float(squares.sum() / weights.sum())
    error = float(np.sqrt(NEIGHBOURS * ((squares - variance * weights) ** 2).sum()) / squares.sum())
    return Luck(variance, error, int(both.sum()))

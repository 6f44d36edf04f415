"""Does the file come back? Simulated beside imported by day and by hour, and what is off beyond noise, in words.

Comes in: the table and the sums of each replication of the centre as it was recorded. Goes out: rows of `by_day.csv`,
and sentences for the top of the report. A file is one draw of what a replication draws, so that its distance from the
mean of R replications has the variance of one of them times 1 + 1 / R; limits are Student's, with Bonferroni's
correction over all comparisons, and a distance must also matter. Where another period than the fitted one is simulated
(`data.predict`), with its own volumes and handle times, what is unknown of its roster and patience is added.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..model.centre import Configuration
from .compared import ABANDONED, IN_TIME, OFFERED
from .intervals.table import IntervalTable

Floats = NDArray[np.float64]
SURE = 0.99
MATTERS = {"offered": 0.03, "abandoned": 0.015, "service level": 0.03}
"""least distances said: of volumes relative, of shares absolute"""
FEWEST, MOST_SAID = 3, 6
NONE: Mapping[tuple[str, str], float] = MappingProxyType({})


@dataclass(frozen=True)
class Comparison:
    """One quantity of one channel on one day, or in one hour of all days."""

    when: str
    channel: str
    quantity: str
    imported: float
    simulated: float
    deviation: float
    """standard deviation of the difference"""

    @property
    def distance(self) -> float:
        """Simulated less imported: volumes relative, shares absolute."""
        return self.simulated - self.imported if self.quantity != "offered" else self.simulated / self.imported - 1

    def words(self) -> str:
        """`Monday 3 March, phone: offered +18 % (566 for 480)`."""
        if self.quantity == "offered":
            said = f"{self.distance:+.0%} ({self.simulated:,.0f} for {self.imported:,.0f})"
        else:
            said = f"{100 * self.distance:+.1f} points ({self.simulated:.1%} for {self.imported:.1%})"
        return f"{self.when}, {self.channel}: {self.quantity} {said}"


Doubts = Mapping[tuple[str, str], float]
"""by channel and quantity: standard deviation beyond that of replications"""


def check(table: IntervalTable, config: Configuration, sums: Sequence[Floats], doubts: Doubts = NONE) -> list[str]:
    """What is off beyond noise and doubt, the farthest first; a sentence that all is well otherwise."""
    if len(sums) < FEWEST:
        return [f"run.replications={len(sums)} are too few to tell what is off from noise: at least {FEWEST}"]
    compared = list(comparisons(table, config, sums, doubts))
    limit = float(special.stdtrit(len(sums) - 1, 1 - (1 - SURE) / 2 / max(len(compared), 1)))
    off = [c for c in compared if abs(c.distance) > MATTERS[c.quantity] and _far(c) > limit]
    if not off:
        far = "within noise and what the fit leaves open of roster and patience" if doubts else "within noise"
        what = f"all {len(compared)} numbers of its days and hours are {far}"
        return [f"the file comes back: {what} ({SURE:.0%} for all together)"]
    off.sort(key=lambda c: -abs(c.distance) / MATTERS[c.quantity])
    more = [f"and {len(off) - MOST_SAID} more numbers of days and hours: by_day.csv"] if len(off) > MOST_SAID else []
    return [*(f"not as in the file: {each.words()}" for each in off[:MOST_SAID]), *more]


def _far(comparison: Comparison) -> float:
    return abs(comparison.simulated - comparison.imported) / max(comparison.deviation, 1e-9)


def comparisons(
    table: IntervalTable, config: Configuration, sums: Sequence[Floats], doubts: Doubts = NONE
) -> Iterator[Comparison]:
    """Every day and every hour of all days, channel by channel."""
    for each in _of_noise(table, config, sums):
        doubt = doubts.get((each.channel, each.quantity), 0.0)
        yield replace(each, deviation=math.hypot(each.deviation, doubt))


def _of_noise(table: IntervalTable, config: Configuration, sums: Sequence[Floats]) -> Iterator[Comparison]:
    per_hour = max(1, round(3600 / table.interval))
    for i, name in enumerate(table.channels):
        if name not in config.open_channels:
            continue
        mine = np.array([each[config.open_channels.index(name)] for each in sums])
        for day in range(table.n_days):
            date = table.first_day + dt.timedelta(days=day)
            cell = np.zeros(table.offered[i].shape, dtype=bool)
            cell[day] = True
            yield from _cell(table, i, mine, cell, f"{date:%A} {date.day} {date:%B}")
        for hour in range(24):
            cell = np.zeros(table.offered[i].shape, dtype=bool)
            cell[:, hour * per_hour : (hour + 1) * per_hour] = True
            yield from _cell(table, i, mine, cell, f"{hour:02d} to {hour + 1:02d} h")


def _cell(table: IntervalTable, i: int, mine: Floats, cell: NDArray[np.bool_], when: str) -> Iterator[Comparison]:
    """The quantities of one part of the table that the file has."""
    offered, name = np.nan_to_num(table.offered[i]), table.channels[i]
    if (offered * cell).sum() <= 0:
        return
    known = cell & ~np.isnan(table.offered[i])
    yield _comparison(when, name, "offered", float(offered[known].sum()), mine[:, known, OFFERED].sum(axis=1))
    for quantity, stated, column in (
        ("abandoned", table.abandoned_pct[i], ABANDONED),
        ("service level", table.sl_pct[i], IN_TIME),
    ):
        has = known & ~np.isnan(stated) & (offered > 0)
        if has.any():
            share = float((offered[has] * stated[has]).sum() / offered[has].sum()) / 100
            parts = mine[:, has][..., column].sum(axis=1) / np.maximum(mine[:, has][..., OFFERED].sum(axis=1), 1)
            yield _comparison(when, name, quantity, share, parts)


def _comparison(when: str, name: str, quantity: str, imported: float, simulated: Floats) -> Comparison:
    deviation = float(simulated.std(ddof=1)) * (1 + 1 / simulated.size) ** 0.5
    return Comparison(when, name, quantity, imported, float(simulated.mean()), deviation)


DAY_COLUMNS = ("when", "channel", "quantity", "imported", "simulated", "deviation", "distance")


def day_rows(
    table: IntervalTable, config: Configuration, sums: Sequence[Floats], doubts: Doubts = NONE
) -> list[list[object]]:
    """Rows of `by_day.csv`, hours included."""
    return [
        [c.when, c.channel, c.quantity, round(c.imported, 4), round(c.simulated, 4), round(c.deviation, 4),
         round(c.distance, 4)]
        for c in comparisons(table, config, sums, doubts)
    ]  # fmt: skip

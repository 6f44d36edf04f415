"""Batch means: intervals from one long run, cut into equal parts in place of replications.

Comes in: one log and its configuration, whose `run.batches` says into how many parts the measured window is cut. Goes
out: the observations of the parts, estimates over them, and a warning where neighbouring parts are not independent.
What a replication would pay in warm-ups a long run pays once; the price is that parts are only nearly independent, the
longer the better: 10 to 30 of them are enough (Schmeiser, "Batch size effects in the analysis of simulation output",
Operations Research 30, 1982; Law 2015, section 9.5.3). A contact belongs to the part in which it joined its channel.

Measured on M/M/2+M with 20 parts (outputs/gallery/coverage_batches.csv): 95 % intervals cover in 93 to 96 % of 1,000
runs with parts of a day or three hours (600 and 75 contacts), in 91 to 94 % with parts of half an hour. The warning
is a weak one: with those it comes in 8 % of runs, with independent parts in 4 %. Its silence proves nothing; parts of
whole weeks, or whole days, with some hundred contacts are the safe choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy import special

from ..log.tables import Log
from ..measures.catalogue import describe
from ..measures.columns import Columns, columns_of
from ..measures.observe import Observations, Table, observe
from ..measures.waits import OF_THE_END
from ..model.centre import Configuration
from ..model.units import format_duration
from .estimates import Floats, Numbers, column_labels, estimate_table
from .kpis import Kpi, Kpis

WATCHED = (
    ("channel", "wait"), ("channel", "abandoned"), ("channel", "service_level"), ("channel", "offered"),
    ("journey", "agent_time"), ("pool", "occupancy"),
)  # fmt: skip
"""measures whose parts are tested for independence"""
CHANCE = 0.05
"""of a false alarm, over all measures watched"""


def pieces(log: Log, config: Configuration) -> list[Observations]:
    """The observations of each part of the measured window, in order."""
    edges = np.linspace(*log.window, (config.run.batches or 1) + 1)
    windows = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    return [observe(replace(log, window=window), config) for window in windows]


def estimate_batches(whole: Observations, parts: Sequence[Observations], config: Configuration) -> Kpis:
    """Numbers of the whole window, with intervals from its parts; single dates, which no other part repeats, and
    extremes have none. A total's interval is that of its mean part times their number."""
    columns = columns_of(config, (config.run.warm_up, config.run.warm_up + config.run.measure))
    labels, rows = column_labels(config), list[Kpi]()
    for (scope, measure), table in whole.items():
        numbers = _estimated(measure, table, [part[scope, measure] for part in parts], columns, config)
        rows += numbers.kpis(scope, measure, table.rows, labels)
    return Kpis(rows)


def _estimated(measure: str, whole: Table, parts: Sequence[Table], columns: Columns, config: Configuration) -> Numbers:
    numbers = estimate_table(measure, [whole], config.run)  # of one log: without intervals
    estimator = describe(measure).estimator
    if estimator == "extreme" or measure in OF_THE_END:  # a part's says nothing about the whole one's
        return numbers
    last = numbers.mean.shape[1]
    repeated = [0, *range(last - columns.intervals, last)] if last > 1 else [0]
    cut = [_cut(part, columns.intervals) for part in parts]
    over = estimate_table(measure, cut, config.run)
    scale = len(parts) if estimator == "total" else 1
    middle = whole.top[:, repeated] if estimator in ("total", "value") else over.mean
    for name in ("lower", "upper"):
        getattr(numbers, name)[:, repeated] = middle + (getattr(over, name) - over.mean) * scale
    numbers.mean[:, repeated], numbers.error[:, repeated] = middle, over.error * scale
    numbers.skewness[:, repeated], numbers.known[:, repeated] = over.skewness, over.known
    return numbers


def _cut(part: Table, intervals: int) -> Table:
    """The columns that every part has: the whole of it, and the times of day."""
    if part.top.shape[1] == 1:
        return part
    top, bottom = (None if a is None else np.hstack([a[:, :1], a[:, -intervals:]]) for a in (part.top, part.bottom))
    assert top is not None
    return Table(part.rows, top, bottom, part.samples)


def dependence_warnings(parts: Sequence[Observations], config: Configuration) -> Iterator[str]:
    """One text if neighbouring parts resemble each other more than chance allows: then the intervals are too narrow."""
    shown: dict[str, float] = {}
    for scope, measure in WATCHED:
        tables = [part[scope, measure] for part in parts if (scope, measure) in part]
        for row, name in enumerate(tables[0].rows if tables else ()):
            shown[f"{scope}.{name}.{measure}"] = von_neumann(_residuals(tables, row))
    limit = float(special.ndtri(1 - CHANCE / max(len(shown), 1)))
    resembling = [name for name, z in shown.items() if z > limit]
    if resembling:
        length = format_duration(config.run.measure / len(parts))
        yield (
            f"run.batches: batches of {length} depend on their neighbours ({', '.join(resembling)}): intervals are too "
            "narrow; use fewer, longer batches or a longer run"
        )


def _residuals(tables: Sequence[Table], row: int) -> Floats:
    """What each part adds to the measure, with mean zero (delta method)."""
    top = np.array([table.top[row, 0] for table in tables])
    bottoms = [table.bottom[row, 0] for table in tables if table.bottom is not None]
    if not bottoms or not sum(bottoms):
        return np.asarray(top - top.mean())
    return np.asarray(top - top.sum() / sum(bottoms) * np.array(bottoms))


def von_neumann(series: Floats) -> float:
    """How far the correlation of neighbours lies above none, in standard errors: normal for independent values.

    C = 1 - sum of squared steps / (2 x sum of squared deviations), of variance (n - 2) / (n^2 - 1) if independent (von
    Neumann, Annals of Mathematical Statistics 12, 1941, 367-395; Young, the same volume, 293-300; for batch means
    Alexopoulos and Seila in Banks, Handbook of Simulation, 1998, section 7.4). 0 for fewer than 4 values or none that
    differ.
    """
    n, squares = series.size, float(((series - series.mean()) ** 2).sum())
    if n < 4 or squares == 0:
        return 0.0
    correlation = 1 - float((np.diff(series) ** 2).sum()) / (2 * squares)
    return correlation / float(np.sqrt((n - 2) / (n**2 - 1)))

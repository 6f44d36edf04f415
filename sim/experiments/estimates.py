"""From the observations of several replications to numbers with intervals.

Comes in: one `Observations` per replication. Goes out: `Kpis`, a tidy table in long form. A ratio is estimated as a
ratio of expectations, its interval by the delta method (Law, Simulation Modeling and Analysis, section 9.4.4: sample
variance of top - ratio x bottom); totals and values as means (a quantile that a replication does not have is left out,
and `n` says so). Intervals use Student t with n - 1 degrees of freedom.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..measures.catalogue import describe
from ..measures.facts import Columns
from ..measures.observe import Observations
from ..model.centre import Configuration
from ..model.units import DAY

Floats = NDArray[np.float64]
FIELDS = ("scope", "name", "measure", "interval", "mean", "half_width", "lower", "upper", "n", "unit")


@dataclass(frozen=True)
class Kpi:
    """One number with its interval. `interval` is `all`, a date, or a time of day; `half_width` is NaN for n < 2."""

    scope: str
    name: str
    measure: str
    interval: str
    mean: float
    half_width: float
    n: int
    unit: str

    @property
    def lower(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def upper(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half_width


class Kpis:
    """All numbers of a run. `kpis["channel", "phone", "asa"]` is that number over the whole window."""

    def __init__(self, rows: Sequence[Kpi]) -> None:
        self.rows = tuple(rows)
        self._index = {(row.scope, row.name, row.measure, row.interval): row for row in rows}

    def __getitem__(self, key: tuple[str, str, str] | tuple[str, str, str, str]) -> Kpi:
        return self._index[key if len(key) == 4 else (*key, "all")]

    def get(self, scope: str, name: str, measure: str, interval: str = "all") -> Kpi | None:
        """The number, or None where it has no meaning (such as the service level of a website)."""
        return self._index.get((scope, name, measure, interval))

    def __iter__(self) -> Iterator[Kpi]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def columns(self) -> dict[str, list[object]]:
        """The table as columns, by name of FIELDS."""
        return {field: [getattr(row, field) for row in self.rows] for field in FIELDS}


def ratio_with_interval(top: Floats, bottom: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Ratio of expectations and half width over axis 0 (replications); NaN where the bottom is zero."""
    n = top.shape[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = top.sum(axis=0) / bottom.sum(axis=0)
        residual = top - ratio * bottom
        spread = np.sqrt((residual**2).sum(axis=0) / max(n - 1, 1) / n) / np.abs(bottom.mean(axis=0))
    return ratio, _student(n, confidence) * spread


def mean_with_interval(values: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Mean and half width over axis 0 (replications), of those replications that have a value."""
    n = (~np.isnan(values)).sum(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no replication has one: NaN is the answer
        mean, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0, ddof=1) / np.sqrt(n)
    quantile = special.stdtrit(np.maximum(n - 1, 1), (1 + confidence) / 2)
    return mean, np.where(n > 1, quantile * spread, np.nan)


def _student(n: int, confidence: float) -> float:
    return float(special.stdtrit(n - 1, (1 + confidence) / 2)) if n > 1 else np.nan


def estimate(observations: Sequence[Observations], config: Configuration) -> Kpis:
    """Numbers with intervals from replications; raises ValueError if there is none."""
    if not observations:
        raise ValueError("no replication has finished: there is nothing to estimate")
    n, confidence = len(observations), config.run.confidence
    labels = column_labels(config)
    rows: list[Kpi] = []
    for (scope, measure), table in observations[0].items():
        top = np.stack([each[scope, measure].top for each in observations])
        if table.bottom is None:
            mean, half = mean_with_interval(top, confidence)
        else:
            bottoms = [each[scope, measure].bottom for each in observations]
            bottom = np.stack([each for each in bottoms if each is not None])
            mean, half = ratio_with_interval(top, bottom, confidence)
        unit = describe(measure).unit
        for r, name in enumerate(table.rows):
            for c in range(mean.shape[1]):
                if c == 0 or not np.isnan(mean[r, c]):
                    value, width = float(mean[r, c]), float(half[r, c])
                    known = n if table.bottom is not None else int((~np.isnan(top[:, r, c])).sum())
                    rows.append(Kpi(scope, name, measure, labels[c], value, width, known, unit))
    return Kpis(rows)


def column_labels(config: Configuration) -> list[str]:
    """Names of the time columns: all, dates, times of day."""
    run = config.run
    columns = Columns(config, (run.warm_up, run.warm_up + run.measure))
    first = run.start + dt.timedelta(days=columns.first_day)
    days = [(first + dt.timedelta(days=d)).isoformat() for d in range(columns.days)]
    minutes = [round(i * DAY / columns.intervals / 60) for i in range(columns.intervals)]
    return ["all", *days, *(f"{m // 60:02d}:{m % 60:02d}" for m in minutes)]

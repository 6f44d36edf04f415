"""From the observations of several replications to numbers with intervals.

Comes in: one `Observations` per replication. Goes out: `Kpis`, a tidy table in long form. A ratio is estimated as a
ratio of expectations, its interval by the delta method (Law, Simulation Modeling and Analysis, 2015, section 9.4.4:
sample variance of top - ratio x bottom) or by the jackknife (`run.ratio_interval`); totals and values as means (a value
that a replication does not have is left out, and `n` says so); quantiles of all replications together (`quantiles`).
Intervals are those of `intervals`: t corrected for skewness, shares on the log-odds scale. With
`run.control_variates` replications are weighed by what is known of them (`controls`).

How often they cover is tested with exact answers: on M/M/c+M (outputs/gallery/coverage.csv) 93 to 98 % of 1,000
experiments with 5 to 40 replications; on queues without abandonment, of which short windows see few busy periods, less
often (outputs/gallery/coverage_skewed.csv), and a run says so where it happens (`sim.runs.cautions`). Fewer
replications cost width more than coverage, so take ten.
"""

from __future__ import annotations

import datetime as dt
import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..measures.catalogue import describe
from ..measures.columns import columns_of
from ..measures.observe import Observations, Table
from ..model.centre import Configuration
from ..model.run import Run
from ..model.units import DAY
from .controls import Control, allowed
from .intervals import doubted, interval, possible_values, skewness, student
from .kpis import Kpi, Kpis
from .quantiles import Quantile, pooled_quantile

Floats = NDArray[np.float64]
ROUNDING = 1e-9


def ratio_with_interval(top: Floats, bottom: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Ratio of expectations and half width over axis 0 (replications); NaN where the bottom is zero."""
    n = top.shape[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = top.sum(axis=0) / bottom.sum(axis=0)
        residual = top - ratio * bottom
        spread = np.sqrt((residual**2).sum(axis=0) / max(n - 1, 1) / n) / np.abs(bottom.mean(axis=0))
    return ratio, _student(n, confidence) * spread


def pseudo_values(top: Floats, bottom: Floats) -> Floats:
    """The jackknife's pseudo-values of a ratio over axis 0: n times the ratio less n - 1 times the ratio without the
    replication. Their mean is the estimate, with less bias than the plain ratio, of order 1/n^2 in place of 1/n
    (Miller, "The jackknife: a review", Biometrika 61, 1974; Law 2015, section 9.5.3). NaN where a ratio without one
    replication does not exist.
    """
    n = top.shape[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        whole, without = top.sum(axis=0) / bottom.sum(axis=0), (top.sum(axis=0) - top) / (bottom.sum(axis=0) - bottom)
    return np.asarray(n * whole - (n - 1) * without)


def jackknife_with_interval(top: Floats, bottom: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Ratio of expectations and half width over axis 0 by the jackknife; without it where one replication holds all."""
    ratio, _ = ratio_with_interval(top, bottom, confidence)
    values = pseudo_values(top, bottom)
    n = values.shape[0]
    if n < 2:
        return ratio, np.full_like(ratio, np.nan)
    mean, half = values.mean(axis=0), _student(n, confidence) * values.std(axis=0, ddof=1) / np.sqrt(n)
    return np.where(np.isfinite(mean), mean, ratio), np.where(np.isfinite(mean), half, np.nan)


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


def estimate(observations: Sequence[Observations], config: Configuration, control: Control | None = None) -> Kpis:
    """Numbers with intervals from replications, weighed by a control if there is one; raises ValueError if no
    replication has finished."""
    if not observations:
        raise ValueError("no replication has finished: there is nothing to estimate")
    labels = column_labels(config)
    rows: list[Kpi] = []
    for (scope, measure), table in observations[0].items():
        numbers = estimate_table(measure, [each[scope, measure] for each in observations], config.run, control)
        rows += numbers.kpis(scope, measure, table.rows, labels)
    return Kpis(rows)


@dataclass(frozen=True)
class Numbers:
    """One measure over replications: (rows, columns) each."""

    mean: Floats
    lower: Floats
    upper: Floats
    error: Floats
    """standard errors"""
    skewness: Floats
    known: NDArray[np.int64]
    """replications that have a value"""
    as_good_as: Floats | None = None
    """with a control: replications that would be as precise without it"""

    def kpis(self, scope: str, measure: str, names: Sequence[str], labels: Sequence[str]) -> Iterator[Kpi]:
        """Each row's number over the whole window, then those of the columns that have one."""
        unit = describe(measure).unit
        none = [[math.nan] * len(labels)] * len(names)
        good = none if self.as_good_as is None else self.as_good_as.tolist()
        parts = (self.mean, self.lower, self.upper, self.known, self.error, self.skewness)
        for name, *row in zip(names, *(part.tolist() for part in parts), good, strict=True):
            for label, mean, low, high, n, error, skew, more in zip(labels, *row, strict=False):
                if label is labels[0] or not math.isnan(mean):
                    half = (high - low) / 2
                    yield Kpi(scope, name, measure, label, mean, half, n, unit, (low, high), error, skew, more)


def estimate_table(measure: str, tables: Sequence[Table], run: Run, control: Control | None = None) -> Numbers:
    """One measure over replications, with its interval; quantiles are of all replications alike, without control."""
    top = np.stack([table.top for table in tables])
    bottoms = [table.bottom for table in tables if table.bottom is not None]
    declared = describe(measure)
    if declared.estimator == "quantile" and tables[0].samples is not None and len(tables) > 1:
        return _quantiles(measure, tables, run, top)
    bottom = np.stack(bottoms) if bottoms else None
    if bottom is not None:
        mean, residuals = _ratios(top, bottom, run.ratio_interval == "jackknife")
        known, trials = np.full(mean.shape, len(tables)), bottom.sum(axis=0)
    else:
        mean, residuals = _means(top)
        known = np.asarray((~np.isnan(top)).sum(axis=0))
        trials = known.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(np.nansum(residuals**2, axis=0) / np.maximum(known - 1, 1) / known)
    plain = Numbers(mean, mean, mean, np.where(known > 1, error, np.nan), skewness(np.nan_to_num(residuals)), known)
    found = plain if control is None else _controlled(plain, control.estimates(top, bottom), declared.unit)
    return _with_ends(found, declared.unit, run, trials)


def _controlled(plain: Numbers, estimates: tuple[Floats, Floats, Floats], unit: str) -> Numbers:
    """The estimates of a control, wherever it gives any that the measure can have."""
    use = allowed(estimates[0], possible_values(unit))
    mean, error, skew = (
        np.where(use, new, old) for new, old in zip(estimates, (plain.mean, plain.error, plain.skewness), strict=True)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        as_good_as = np.where(use, plain.known * (plain.error / error) ** 2, plain.known)
    return replace(plain, mean=mean, error=error, skewness=skew, as_good_as=as_good_as)


def _with_ends(numbers: Numbers, unit: str, run: Run, trials: Floats) -> Numbers:
    """Numbers with both ends of their intervals; the slope on a control costs a degree of freedom, and a run that goes
    on until it is precise doubts its errors."""
    possible = possible_values(unit)
    mean, free = numbers.mean, numbers.known if numbers.as_good_as is None else np.maximum(numbers.known - 1, 0)
    if possible == "share":  # sums of many seconds round: an agent who is always busy is busy for a share of 1
        mean = np.where(np.abs(mean - 1) < ROUNDING, 1.0, mean)
    error = doubted(numbers.error, numbers.skewness, free) if run.precision else numbers.error
    lower, upper = interval(mean, error, numbers.skewness, free, run.confidence, possible, trials)
    return replace(numbers, mean=mean, lower=lower, upper=upper)


def _quantiles(measure: str, tables: Sequence[Table], run: Run, top: Floats) -> Numbers:
    every = [quantile_of(measure, tables, row, run.confidence) for row in range(top.shape[1])]
    value, half = (np.array([[getattr(q, name)] for q in every]) for name in ("value", "half_width"))
    known = np.asarray((~np.isnan(top)).sum(axis=0))
    error = half / student(len(tables), run.confidence)
    return Numbers(value, np.maximum(value - half, 0.0), value + half, error, np.zeros(value.shape), known)


def _ratios(top: Floats, bottom: Floats, jackknife: bool) -> tuple[Floats, Floats]:
    """Ratios of expectations, and what each replication adds to them (mean 0); NaN where the bottom is zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = bottom.sum(axis=0)
        ratio = np.where(whole != 0, top.sum(axis=0) / whole, np.nan)
        residuals = (top - ratio * bottom) / np.abs(bottom.mean(axis=0))
    if jackknife and top.shape[0] > 1:
        values = pseudo_values(top, bottom)
        usable = np.isfinite(values).all(axis=0)
        middle = np.where(usable, values.mean(axis=0), ratio)
        return middle, np.where(usable, values - middle, residuals)
    return ratio, residuals


def _means(values: Floats) -> tuple[Floats, Floats]:
    """Means over the replications that have a value, and what each adds; NaN where none has one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        mean = np.nanmean(values, axis=0)
    return mean, values - mean


def quantile_of(measure: str, tables: Sequence[Table], row: int, confidence: float) -> Quantile:
    """The quantile that `measure` is, of the pooled samples of a row; raises ValueError if a table carries none."""
    samples = [table.samples for table in tables if table.samples is not None]
    if len(samples) < len(tables):
        raise ValueError(f"{measure}: no samples to pool")
    values, sizes = [each.values[row] for each in samples], [each.sizes[row] for each in samples]
    return pooled_quantile(values, sizes, describe(measure).share, confidence)


def column_labels(config: Configuration) -> list[str]:
    """Names of the time columns: all, dates, times of day."""
    run = config.run
    columns = columns_of(config, (run.warm_up, run.warm_up + run.measure))
    first = run.start + dt.timedelta(days=columns.first_day)
    days = [(first + dt.timedelta(days=d)).isoformat() for d in range(columns.days)]
    minutes = [round(i * DAY / columns.intervals / 60) for i in range(columns.intervals)]
    return ["all", *days, *(f"{m // 60:02d}:{m % 60:02d}" for m in minutes)]

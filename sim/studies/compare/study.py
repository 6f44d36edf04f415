"""Scenarios against a baseline, paired by common random numbers: differences with simultaneous intervals, in words.

Comes in: `Results` of a baseline and of scenarios that ran the same replications with the same seed, so that the same
customers had the same luck on both sides. Goes out: one `Difference` for each scenario and measure. Ratios are compared
as ratios of expectations, quantiles as pooled ones, paired by their linearised residuals (delta method, as in
`estimates`); the intervals are paired t intervals, wide enough for all differences shown to hold at once with the
stated confidence: Bonferroni's correction, or a bootstrap of the largest (Law, Simulation Modeling and Analysis, 2015,
sections 9.7 and 10.2; `simultaneous`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, Problem, nearest
from ...measures.catalogue import describe, names
from ...runs.replicate import Results
from ...statistics.estimates import pseudo_values, quantile_of
from ...statistics.intervals import doubted, skewness
from ...statistics.simultaneous import Method, critical_value

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """Scenario minus baseline for one measure. `half_width` is simultaneous over all differences of the comparison."""

    scenario: str
    scope: str
    name: str
    measure: str
    unit: str
    baseline: float
    value: float
    difference: float
    half_width: float
    n: int
    better: str
    """which direction is better: higher, lower, or '' where neither is"""
    variance_reduction: float
    """variance of the difference of independent runs over that of the paired ones; above 1, pairing helped"""
    expected: str = ""
    """which way the scenario's author said it would go: up, down, same, or '' if nothing was said"""

    @property
    def key(self) -> tuple[str, str, str]:
        """Scope, name and measure."""
        return self.scope, self.name, self.measure

    @property
    def verdict(self) -> str:
        """better, worse, higher, lower (no direction is better), same (no difference at all), or cannot tell."""
        if self.difference == 0 and not self.half_width > 0:
            return "same"
        if not abs(self.difference) > self.half_width:
            return "cannot tell"
        direction = "higher" if self.difference > 0 else "lower"
        if not self.better:
            return direction
        return "better" if direction == self.better else "worse"

    @property
    def found(self) -> str:
        """as expected, opposite, cannot tell; for what should stay the same: no difference seen, or different."""
        seen = abs(self.difference) > self.half_width
        if not self.expected:
            return ""
        if self.expected == "same":
            return "different" if seen else "no difference seen"
        if not seen:
            return "cannot tell"
        return "as expected" if (self.difference > 0) == (self.expected == "up") else "opposite"

    @property
    def replications_to_tell(self) -> int | None:
        """Replications at which a difference of this size would show; None if it shows already or there is none."""
        if self.verdict != "cannot tell" or self.difference == 0 or not math.isfinite(self.half_width):
            return None
        return math.ceil(self.n * (self.half_width / abs(self.difference)) ** 2)


Key = tuple[str, str, str]
"""scope, name, measure"""
Side = Mapping[Key, tuple[float, Floats]]
"""by measure: the estimate, and what each replication adds to it"""


def compare(
    baseline: Results,
    scenarios: Mapping[str, Results],
    measures: Sequence[str],
    simultaneous: Method = "bonferroni",
    doubt: bool = False,
) -> list[Difference]:
    """Differences by scenario and measure (`scope.name.measure`); a measure that either side lacks is left out.
    `doubt`: their widths decide when to stop (`intervals.doubted`).

    Each scenario is compared in `measures` and in those that it has expectations for (`scenario.directions`). Raises
    InputError for a measure that does not exist, and ValueError if the replications differ.
    """
    for name, results in scenarios.items():
        if results.replications != baseline.replications:
            raise ValueError(f"{name} ran other replications than the baseline: they cannot be paired")
    said = {name: results.config.scenario.directions for name, results in scenarios.items()}
    sides = {name: side_of(results, (*measures, *said[name])) for name, results in scenarios.items()}
    wanted = list(dict.fromkeys(".".join(key) for side in sides.values() for key in side))
    run = baseline.config.run
    found = paired(side_of(baseline, wanted), sides, run.confidence, run.seed, simultaneous, doubt)
    return [replace(each, expected=said[each.scenario].get(".".join(each.key), "")) for each in found]


def side_of(results: Results, measures: Sequence[str]) -> Side:
    """One side of a comparison: those of the measures that it has. With `run.strata` a group adds what its replications
    add on average. Raises InputError for a measure that does not exist."""
    keys, size = dict.fromkeys(map(_key, measures)), results.config.run.group
    found = {key: linearised(results, key) for key in keys if results.kpis.get(*key) is not None}
    return {key: (value, added.reshape(-1, size).mean(axis=1)) for key, (value, added) in found.items()}


def paired(
    baseline: Side, others: Mapping[str, Side], confidence: float, seed: int, simultaneous: Method = "bonferroni",
    doubt: bool = False,
) -> list[Difference]:  # fmt: skip
    """Differences by alternative and measure, for what both sides have; their intervals hold together. `doubt` as in
    `compare`."""
    pairs = [(name, key) for name, side in others.items() for key in side if key in baseline]
    if not pairs:
        return []
    apart = np.array([others[name][key][1] - baseline[key][1] for name, key in pairs]).T
    factor = critical_value(apart, confidence, simultaneous, seed)
    return [_difference(name, key, baseline[key], others[name][key], factor, doubt) for name, key in pairs]


def _key(text: str) -> Key:
    parts = text.split(".")
    if len(parts) != 3 or parts[2] not in names():
        hint = nearest(parts[-1], names())
        text = f"must be scope.name.measure such as journey.all.broken, got {text!r}{hint}"
        raise InputError(Problem("study.measures", text))
    return parts[0], parts[1], parts[2]


def _difference(
    scenario: str,
    key: Key,
    baseline: tuple[float, Floats],
    changed: tuple[float, Floats],
    factor: float,
    doubt: bool,
) -> Difference:
    scope, name, measure = key
    (base, base_residuals), (value, residuals) = baseline, changed
    n = residuals.size
    paired = residuals - base_residuals
    spread = float(paired.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    if doubt:
        spread = float(doubted(np.array(spread), skewness(paired), n))
    variance = float(paired.var(ddof=1)) if n > 1 else math.nan
    apart = float(residuals.var(ddof=1) + base_residuals.var(ddof=1)) if n > 1 else math.nan
    what = describe(measure)
    return Difference(
        scenario, scope, name, measure, what.unit, base, value, value - base, factor * spread, n, what.better,
        apart / variance if variance > 0 else math.nan,
    )  # fmt: skip


def linearised(results: Results, key: Key) -> tuple[float, Floats]:
    """The estimate, and by replication what it would have to be added to give that replication's share of it."""
    scope, name, measure = key
    tables, run = [each[scope, measure] for each in results.observations], results.config.run
    row = tables[0].rows.index(name)
    if describe(measure).estimator == "quantile" and tables[0].samples is not None and len(tables) > 1:
        quantile = quantile_of(measure, tables, row, run.confidence)
        return quantile.value, quantile.residuals
    top = np.array([table.top[row, 0] for table in tables])
    bottoms = [table.bottom[row, 0] for table in tables if table.bottom is not None]
    bottom = np.array(bottoms) if bottoms else None
    if bottom is not None and bottom.sum() and run.ratio_interval == "jackknife":
        values = pseudo_values(top, bottom)
        if np.isfinite(values).all():
            return float(values.mean()), values - values.mean()
    value, residuals = linear(top, bottom)
    return float(value), residuals


def linear(top: Floats, bottom: Floats | None) -> tuple[Floats, Floats]:
    """Value and residuals over the last axis: of a ratio of expectations by the delta method (Law, Simulation Modeling
    and Analysis, section 9.4.4), of a mean as they are. NaN where the denominator is 0."""
    if bottom is None:
        mean = top.mean(axis=-1)
        return mean, top - mean[..., None]
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = bottom.sum(axis=-1)
        ratio = np.where(whole != 0, top.sum(axis=-1) / whole, np.nan)
        residuals = (top - ratio[..., None] * bottom) / bottom.mean(axis=-1)[..., None]
    return ratio, residuals

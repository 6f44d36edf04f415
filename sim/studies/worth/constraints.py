"""How far each constraint is from the baseline's value, replication by replication, with the same luck on both sides.

Comes in: the names of constraints (`scope.name.measure`), `Results` of the baseline and of a changed centre. Goes out:
margins, positive where the centre is better than the baseline, and what each replication adds to them. Shares are
compared as log-odds, in which the effect of agents is nearly linear; ratios are ratios of expectations with linearised
residuals (delta method; Law, Simulation Modeling and Analysis, section 9.4.4), as in `compare`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, Problem, nearest
from ...measures.catalogue import describe
from ...model.centre import Centre
from ...model.studies.worth import AUTO, Margin
from ...runs.replicate import Results
from ..compare.study import linearised

Floats = NDArray[np.float64]
WHERE = "study.worth.constraints"
EDGE = 1e-4
"""shares closer to 0 or 1 than this are not told apart: log-odds have no end"""
LIVE, DEFERRED = ("service_level", "abandoned"), ("service_level", "handled_share", "response")
"""what customers see of a channel; the service level only where it has a target"""


@dataclass(frozen=True)
class Margins:
    """`values` (constraints,): 0 is as good as the baseline. `residuals` (replications, constraints): mean 0."""

    values: Floats
    residuals: Floats


class Constraints:
    """What must be no worse than in `baseline`. Raises InputError for a constraint that the centre does not have, or
    one of which nobody knows which direction is better."""

    def __init__(self, names: Sequence[str], baseline: Results, margin: Margin) -> None:
        if tuple(names) == AUTO:
            names = [name for name in service_of(baseline.config) if not _mistakes(name, baseline)]
            if not names:
                raise InputError(Problem(WHERE, "auto: no open channel has agents; name what must be no worse"))
        problems = [problem for name in names for problem in _mistakes(name, baseline)]
        if problems:
            raise InputError(problems)
        self.names = tuple(names)
        self.keys = [(scope, row, measure) for scope, row, measure in (name.split(".") for name in names)]
        self.replications = baseline.replications
        self._base = [_scaled(baseline, key) for key in self.keys]
        pairs = zip(self._base, self.keys, strict=True)
        self.slack = np.array([_slack(value, key[2], margin) for (value, _), key in pairs])
        """(constraints,): by how much a margin may be missed and still counts as no worse"""

    def margins(self, results: Results) -> Margins:
        """Of a centre that ran the same replications; raises ValueError if it did not."""
        if results.replications != self.replications:
            raise ValueError("other replications than the baseline's: they cannot be paired")
        values, residuals = [], []
        for key, (base, base_residuals) in zip(self.keys, self._base, strict=True):
            sign = sign_of(key[2])
            value, residual = _scaled(results, key)
            values.append(sign * (value - base))
            residuals.append(sign * (residual - base_residuals))
        return Margins(np.array(values), np.array(residuals).T)


def service_of(config: Centre) -> list[str]:
    """The service of every open channel with agents, as its customers see it."""
    names = []
    for name in config.open_channels:
        channel = config.channels[name]
        if channel.kind == "self_service":
            continue
        measures = LIVE if channel.kind == "live" else DEFERRED
        kept = (each for each in measures if each != "service_level" or channel.target is not None)
        names += [f"channel.{name}.{measure}" for measure in kept]
    return names


def allowed(value: float, measure: str, margin: Margin) -> float:
    """By how much a measure may be worse than `value`, in its own unit."""
    return margin.share if describe(measure).unit == "share" else margin.time * abs(value)


def _mistakes(name: str, baseline: Results) -> list[Problem]:
    known = [
        f"{row.scope}.{row.name}.{row.measure}" for row in baseline.kpis
        if row.interval == "all" and not math.isnan(row.mean)
    ]  # fmt: skip
    if name not in known:
        return [Problem(WHERE, f"no measure {name!r}{nearest(name, known)}")]
    if not describe(name.rpartition(".")[2]).better:
        return [Problem(WHERE, f"{name!r}: neither direction is better, so 'no worse' has no meaning")]
    return []


def _scaled(results: Results, key: tuple[str, str, str]) -> tuple[float, Floats]:
    """Value and residuals, shares as log-odds."""
    value, residuals = linearised(results, key)
    single, scaled = log_odds(np.array(value), residuals, key[2])
    return float(single), scaled


def log_odds(values: Floats, residuals: Floats, measure: str) -> tuple[Floats, Floats]:
    """Shares as log-odds with their residuals (over the last axis, linearised); other measures as they are."""
    if describe(measure).unit != "share":
        return values, residuals
    inside = np.clip(values, EDGE, 1 - EDGE)
    return np.log(inside / (1 - inside)), residuals / (inside * (1 - inside))[..., None]


def _slack(value: float, measure: str, margin: Margin) -> float:
    """What is `allowed`, on the scale of the margins: shares as log-odds."""
    if describe(measure).unit != "share":
        return allowed(value, measure, margin)
    share = 1 / (1 + math.exp(-value))
    return margin.share / max(share * (1 - share), margin.share, EDGE)


def sign_of(measure: str) -> float:
    """1 where higher is better, -1 where lower is."""
    return 1.0 if describe(measure).better == "higher" else -1.0

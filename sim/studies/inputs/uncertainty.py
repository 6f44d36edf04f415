"""Two intervals for a headline: simulation noise, and noise plus what is unknown about the parameters.

Comes in: a configuration with `study.ranges`. Goes out: a `Headline` for each measure. Parameter sets are a Latin
hypercube over the ranges; every set is simulated with the same replications as today's parameters (a crossed two-level
design), so that a set's deviation from today is paired.

The plain spread of the sets' estimates would count simulation noise twice. By analysis of variance over sets and
replications (sets random, replications common) the mean square of sets is r x Vi + Ve and that of the rest Ve, so
Vi = (MSsets - MSrest) / r is the variance of the true performance over the ranges. Deviations are drawn together by
sqrt(Vi / (Vi + Ve / r)), and their distribution is joined with the noise of the headline itself (a normal mixture, with
Student t turned into its normal equivalent). See Barton, Nelson and Xie, Informs Journal on Computing 26 (2014) 74-87;
Corlu, Akcay and Xie, Operations Research Perspectives 7 (2020) 100162; Sun, Apley and Staum, Operations Research 59
(2011) 998-1007 for the variance of a conditional mean without the noise of the inner level.

Ranges are judgements: this is what follows from them, not a confidence interval with a proven coverage.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from ...calibration.own_centre import OwnCentre
from ...measures.catalogue import describe
from ...model.centre import Configuration
from ...model.origin import folders_of
from ...sweep.run import Swept
from .designs import latin_hypercube
from .own import Together, check_some, own_inputs, own_names, together_of
from .points import run_points
from .ranges import inputs_of, placed
from .sums import Sums, half_widths, measures_of, read_sums

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Headline:
    """A number with two intervals."""

    measure: str
    unit: str
    value: float
    """with today's parameters"""
    half_width: float
    """simulation noise"""
    lower: float
    """noise and inputs"""
    upper: float
    median: float
    """over the ranges, which need not be even around today"""
    input_share: float
    """share of the variance of noise and inputs that the inputs have; 0 where they do not show through the noise"""
    sets: int

    @property
    def noise(self) -> tuple[float, float]:
        """The interval of simulation noise alone."""
        return self.value - self.half_width, self.value + self.half_width


class Uncertainty:
    """The study. Making it raises InputError for ranges that the centre cannot take."""

    def __init__(self, config: Configuration, container: Mapping[str, Any], usual: Sequence[str]) -> None:
        """`usual` are the measures if none are asked for; those that the centre lacks are left out."""
        self.config, self.container, self.usual = config, container, tuple(usual)
        self.asked = config.study.uncertainty
        self.own: OwnCentre | None = None
        self.together: Together | None = None
        """what a planner's file leaves open, drawn together; the first inputs"""
        file = own_names(config) if config.data.intervals is not None else frozenset()
        self.inputs, self.left_out = inputs_of(config, container, self.asked.only, file)
        self.swept: list[Swept] = []

    def stand_on(self, own: OwnCentre) -> None:
        """Varies what is unknown of a planner's own centre too; raises InputError if there is nothing."""
        mine = own_inputs(own, self.asked.only)
        self.own, self.inputs = own, [*mine, *self.inputs]
        check_some(self.inputs, ())
        self.together = together_of(own, mine) if mine else None

    def headlines(self, progress: bool = False) -> list[Headline]:
        """Simulates today with `run.replications` and the sets with theirs, or what is missing of that."""
        asked, run = self.asked, self.config.run
        present = np.array([[one.present for one in self.inputs]])
        u = latin_hypercube(asked.sets, len(self.inputs), asked.seed)
        n = max(run.replications, asked.replications)
        point, r = (
            partial(run_points, progress=progress, own=self.own, folders=folders_of(self.config)),
            asked.replications,
        )
        today = point(self.container, self.inputs, present, n)
        sets = point(self.container, self.inputs, self._placed(u), r)
        self.swept = [today, sets]
        measures = asked.measures
        if not measures:
            known = set(measures_of(today)) & set(measures_of(sets))
            measures = tuple(name for name in self.usual if name in known)
        mine, theirs = read_sums(today, measures, n), read_sums(sets, measures, asked.replications)
        return [self._headline(name, mine[name], theirs[name]) for name in measures]

    def _placed(self, u: Floats) -> Floats:
        """Values of the inputs at points of the unit cube: by their ranges, those of a file together."""
        values = placed(self.inputs, u)
        if self.together is not None:
            count = len(self.together.names)
            values[:, :count] = self.together.factors(u[:, :count])
        return values

    def _headline(self, name: str, today: Sums, sets: Sums) -> Headline:
        confidence, r = self.config.run.confidence, sets.top.shape[1]
        first = Sums(today.key, today.top[:, :r], None if today.bottom is None else today.bottom[:, :r])
        deviations = sets.values - first.values
        residuals = sets.residuals - first.residuals
        known = np.isfinite(deviations)
        shrunk, share = without_noise(deviations[known], residuals[known])
        value, half = float(today.values[0]), float(half_widths(today.residuals, confidence)[0])
        error = half / normal_quantile(confidence)
        lower, median, upper = joined(value + shrunk, error, [(1 - confidence) / 2, 0.5, (1 + confidence) / 2])
        variance = float(shrunk.var(ddof=1))
        total = variance + error**2
        return Headline(
            name, describe(name.rpartition(".")[2]).unit, value, half, lower, upper, median,
            variance / total if share > 0 and total > 0 else 0.0, int(known.sum()),
        )  # fmt: skip


def without_noise(deviations: Floats, residuals: Floats) -> tuple[Floats, float]:
    """Deviations of sets drawn together to the variance that they have without simulation noise, and its share.

    `deviations` (sets,), `residuals` (sets, replications) with mean 0 in each set. What replications have in common
    over all sets is no noise of a difference between sets and is taken off first.
    """
    m, r = residuals.shape
    rest = residuals - residuals.mean(axis=0)
    noise = float((rest**2).sum()) / ((m - 1) * (r - 1)) / r
    spread = float(deviations.var(ddof=1))
    share = max(spread - noise, 0.0) / spread if spread > 0 else 0.0
    centre = deviations.mean()
    return centre + math.sqrt(share) * (deviations - centre), share


def joined(values: Floats, error: float, levels: Sequence[float]) -> list[float]:
    """Quantiles of one of `values`, each as likely, plus a normal error."""
    if not error > 0:
        return [float(np.quantile(values, level, method="hazen")) for level in levels]
    low, high = values.min() - 10 * error, values.max() + 10 * error

    def over(x: float, level: float) -> float:
        """By how much the probability of a value up to x exceeds the level."""
        return float(special.ndtr((x - values) / error).mean()) - level

    return [float(optimize.brentq(over, low, high, args=(level,))) for level in levels]


def normal_quantile(confidence: float) -> float:
    """Half width of a standard normal interval."""
    return float(special.ndtri((1 + confidence) / 2))

"""Control variates: replications weighed so that what is known beforehand comes out as it is known.

Comes in: by how much each replication had more first contacts than it should have on average, and what each measured.
Goes out: estimates in which busy replications count less where there were too many of them, and their errors. Exists
because half of what replications differ by is how many customers came, and that mean is known from the rates.

With x the measure and c the control, the regression estimator (Lavenberg and Welch, Management Science 27, 1981) is
mean(x) - b mean(c), b being the slope of x on c. It is linear in x, hence a weighted sum with one set of weights for
all measures, days and times of day: 1/n - mean(c) (c - mean(c)) / sum (c - mean(c))^2. The same weights go into both
parts of a ratio, so that answered and abandoned still add up to offered. The slope costs a degree of freedom.

Measured (outputs/gallery/coverage_controls.csv, 1,000 experiments a cell): intervals of 20 and 40 weighed replications
cover 92 to 96 %, up to 1.5 points less and up to 1.1 more often than plain ones, and are 1 to 28 % narrower; the choice
rejected below covers up to 1.2 points less still. On days that differ much (outputs/gallery/coverage_strata.csv) they
are 57 to 72 % narrower and cover 91 to 96 %, up to 2.9 points less often than plain ones.

Rejected: choosing the measures that gain. Their tables would no longer add up, and it saves little: an interval that
has nothing to gain is wider by the square root of 1 + 1/(n - 3), 3 % at `ENOUGH` replications.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .intervals import Range, skewness

Floats = NDArray[np.float64]
ENOUGH = 20
"""replications from which on controls are used: their slope is estimated"""


@dataclass(frozen=True)
class Control:
    """One control over the replications of a run."""

    weights: Floats
    """of the replications; their sum is 1"""
    centred: Floats
    """the control less its mean over the replications"""

    @property
    def count(self) -> int:
        """Replications."""
        return int(self.weights.size)

    def mean(self, values: Floats) -> Floats:
        """Weighted mean over axis 0 (replications)."""
        return np.asarray(np.tensordot(self.weights, values, axes=1))

    def unexplained(self, residuals: Floats) -> Floats:
        """What the control leaves of them, over axis 0."""
        around = residuals - residuals.mean(axis=0)
        slopes = np.tensordot(self.centred, around, axes=1) / (self.centred**2).sum()
        return np.asarray(around - np.multiply.outer(self.centred, slopes))

    def estimates(self, top: Floats, bottom: Floats | None) -> tuple[Floats, Floats, Floats]:
        """Estimate, standard error (n - 2 degrees of freedom) and skewness of ratios of expectations, or of means where
        there is no bottom; NaN where a replication has no value."""
        mean = self.mean(top)
        if bottom is None:
            residuals = top - mean
        else:
            with np.errstate(invalid="ignore", divide="ignore"):
                mean = mean / self.mean(bottom)
                residuals = (top - mean * bottom) / np.abs(self.mean(bottom))
        rest = self.unexplained(residuals)
        spread = np.sqrt((rest**2).sum(axis=0) / (self.count - 2))
        return mean, spread * math.sqrt(float((self.weights**2).sum())), skewness(rest)


def control_of(excess: Floats) -> Control | None:
    """The control whose mean is known, from what each replication had above that mean; None for fewer than `ENOUGH`
    replications or where they do not differ."""
    count, middle = excess.size, float(excess.mean()) if excess.size else 0.0
    centred = excess - middle
    squares = float((centred**2).sum())
    if count < ENOUGH or not squares > 0:
        return None
    return Control(1 / count - middle * centred / squares, centred)


def allowed(mean: Floats, possible: Range) -> NDArray[np.bool_]:
    """Whether a weighted estimate is one that the measure can have: weights may be negative where a replication is far
    out, and a rare event could then get a share below 0."""
    inside = np.isfinite(mean)
    if possible != "any":
        inside &= mean >= 0
    return inside & (mean <= 1) if possible == "share" else inside

"""Many unknowns at once, from few noisy steps: a search along slopes known beforehand, within bounds.

Comes in: where the last step stood, what it gave, what is wanted. Goes out: where to stand next. Volumes and
abandonment answer to each other: a call more abandons others, who redial. Correcting each by itself left small streams
where they were; learning the slopes from the steps (Broyden) took twice as many of them, since six unknowns move at
once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def next_point(slopes: Floats, at: Floats, missing: Floats, low: Floats, high: Floats, longest: Floats) -> Floats:
    """The point, within bounds and within the longest step of `at`, whose answers come nearest to what was missing.

    `slopes` (answers x unknowns) should not be too small: steps are then short, and end on the point all the same.
    """
    return at + nearest_within(slopes, missing, np.maximum(low - at, -longest), np.minimum(high - at, longest))


def nearest_within(slopes: Floats, wanted: Floats, low: Floats, high: Floats) -> Floats:
    """x between `low` and `high` with the least squares of slopes @ x - wanted."""
    from scipy.optimize import lsq_linear  # 0.2 s, which a run without data need not pay

    high = np.maximum(high, low + 1e-12)
    return np.asarray(lsq_linear(slopes, wanted, bounds=(low, high)).x, dtype=float)

"""How sure a fit is: the luck in the file, and what it leaves open of patience and agents.

Comes in: replications of the fitted centre, each of which is as long as the file. Goes out: the covariance of the
targets over files that might have been recorded, and from it 95 % intervals of the parameters by the delta method. The
luck of the simulation itself is a part of it: with R replications it adds 1 / R. Days are independent of each other, so
that their deviations from the day's own mean over replications are pooled.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .targets import Target

Floats = NDArray[np.float64]
NORMAL = 1.959963984540054
"""95 % of the normal law lie within so many standard deviations"""


def covariance(targets: Sequence[Target], replications: Sequence[Floats]) -> Floats:
    """Covariance of the targets of one file, from (days, intervals, SUMS) by replication of one channel."""
    count = len(replications)
    if not targets:
        return np.zeros((0, 0))
    deviations = []
    for target in targets:
        parts = np.array([target.parts(each) for each in replications])
        top, bottom = parts[:, 0], parts[:, 1]
        mean = top.sum(axis=0) / np.maximum(bottom.sum(axis=0), 1e-9)
        deviations.append((top - mean * bottom) / max(bottom.sum() / count, 1e-9))
    stacked = np.array(deviations)
    return np.asarray(np.einsum("ird,jrd->ij", stacked, stacked) / max(count - 1, 1))


def spread(slopes: Floats, noise: Floats, replications: int) -> Floats:
    """Standard errors of the parameters' logarithms: slopes are (targets, parameters), square."""
    back = np.linalg.pinv(slopes)
    return np.asarray(np.sqrt(np.clip(np.diag(back @ noise @ back.T), 0.0, None) * (1 + 1 / replications)))


def interval(value: float, error: float) -> tuple[float, float]:
    """The 95 % interval of a parameter from the standard error of its logarithm."""
    return value * float(np.exp(-NORMAL * min(error, 10.0))), value * float(np.exp(NORMAL * min(error, 10.0)))

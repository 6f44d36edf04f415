"""How sure a fit is: the luck in the file, and what it leaves open of patience and agents.

Comes in: replications of the fitted centre, each of which is as long as the file. Goes out: the covariance of the
targets over files that might have been recorded, and from it 95 % intervals of the parameters by the delta method. The
luck of the simulation itself is a part of it: with R replications it adds 1 / R. Days are independent of each other, so
that their deviations from the day's own mean over replications are pooled.

A fit takes handle times from the file. What long calls did to the file's waits is therefore no doubt about patience or
agents: it comes off the covariance, by slopes of the targets by handle time. Without that, agents looked twice as
uncertain as fits of many files of one truth are (outputs/gallery/joint_fit.csv).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..compared import HANDLE, HANDLED
from .targets import Target

Floats = NDArray[np.float64]
NORMAL = 1.959963984540054
"""95 % of the normal law lie within so many standard deviations"""


def covariance(targets: Sequence[Target], replications: Sequence[Floats], by_handle: Floats | None = None) -> Floats:
    """Covariance of the targets of one file, from (days, intervals, SUMS) by replication of one channel, less what the
    file's handle times explain, where `by_handle` has the targets' derivatives by the logarithm of handle time."""
    count, sums = len(replications), np.array(replications)
    if not targets:
        return np.zeros((0, 0))
    left = np.array([_apart(*_by_day(target, sums)) for target in targets])
    if by_handle is not None:
        work, calls = sums[..., HANDLE].sum(axis=2), sums[..., HANDLED].sum(axis=2)
        handle = _apart(work, calls) * float(calls.sum()) / max(float(work.sum()), 1e-9)
        left = left - by_handle[:, None, None] * handle
    return np.asarray(np.einsum("ird,jrd->ij", left, left) / max(count - 1, 1))


def _by_day(target: Target, sums: Floats) -> tuple[Floats, Floats]:
    """(replications, days): the target's parts."""
    parts = np.array([target.parts(each) for each in sums])
    return parts[:, 0], parts[:, 1]


def _apart(top: Floats, bottom: Floats) -> Floats:
    """(replications, days): what each day adds to a ratio beyond the day's own mean over replications."""
    mean = top.sum(axis=0) / np.maximum(bottom.sum(axis=0), 1e-9)
    return np.asarray((top - mean * bottom) / max(float(bottom.sum()) / len(top), 1e-9))


def spread(slopes: Floats, noise: Floats, replications: int) -> Floats:
    """Standard errors of the parameters' logarithms: slopes are (targets, parameters), square."""
    back = np.linalg.pinv(slopes)
    return np.asarray(np.sqrt(np.clip(np.diag(back @ noise @ back.T), 0.0, None) * (1 + 1 / replications)))


def interval(value: float, error: float) -> tuple[float, float]:
    """The 95 % interval of a parameter from the standard error of its logarithm."""
    return value * float(np.exp(-NORMAL * min(error, 10.0))), value * float(np.exp(NORMAL * min(error, 10.0)))

"""Strata: the same draw of several replications, spread evenly over its range.

Comes in: draws of one replication, and how many replications are a group. Goes out: the draws moved into the stratum
that the replication has in its group. In a group of k each of the k equal parts of (0, 1) is had once, by a keyed
permutation for each draw (Latin hypercube sampling: McKay, Beckman and Conover, Technometrics 21, 1979). A single
replication's draws stay uniform and independent, so every mean stays right; replications of one group are dependent,
groups are independent of each other, and intervals count groups (`sim.statistics.groups`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .keys import Purpose
from .philox import uniform

Floats = NDArray[np.float64]
_STRATUM = int(Purpose.STRATUM)
BELOW_ONE = np.nextafter(1.0, 0.0)


def spread(u: Floats, entities: NDArray[np.int64], seed: int, replication: int, size: int) -> Floats:
    """Uniforms that belong to `entities`, moved into this replication's strata in its group of `size`."""
    group, place = divmod(replication, size)
    luck = np.array([[uniform(seed, group, int(key), member, _STRATUM) for member in range(size)] for key in entities])
    stratum = (luck < luck[:, place : place + 1]).sum(axis=1)
    return np.asarray(np.minimum((stratum + u) / size, BELOW_ONE))

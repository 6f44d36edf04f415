"""The area under the curve of Kaplan and Meier (1958), in one pass over sorted times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled

Floats = NDArray[np.float64]


@compiled
def area(ended: Floats, left: Floats, longest: float) -> float:
    """The area up to `longest` of the share still waiting: sorted times that `ended`, and times `left` that say only
    that the end would have come later. Of equal times those that ended come first."""
    gone, share, before, total = 0, 1.0, 0.0, 0.0
    for i in range(ended.size):
        while gone < left.size and left[gone] < ended[i]:
            gone += 1
        total += (ended[i] - before) * share
        share *= 1 - 1 / (ended.size - i + left.size - gone)
        before = ended[i]
    return total + (longest - before) * share

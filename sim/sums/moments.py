"""How much of each piece of time comes after many moments: spans are the time after their start less that after their
end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def after(
    moments: Floats, row: Ints, weights: Floats, edges: Floats, interval: float, first: int, here: Floats, begun: Floats
) -> None:
    """Adds to (rows, pieces) of `here` the weighted seconds that the piece of each moment goes on, and to `begun` its
    weight (1 without `weights`). Pieces lie between `edges`, at every full `interval` from the one numbered `first`;
    what lies before or behind them all counts as their start or end."""
    last = edges.size - 2
    for i in range(moments.size):
        time, weight = moments[i], weights[i] if weights.size else 1.0
        if not time > edges[0]:
            time = edges[0]
        if time > edges[last + 1]:
            time = edges[last + 1]
        piece = min(int(time / interval) - first, last)
        here[row[i], piece] += (edges[piece + 1] - time) * weight
        begun[row[i], piece] += weight

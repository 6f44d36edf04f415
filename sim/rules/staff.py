"""Who leaves when a count falls, and who comes when it rises; pure, compiled, for every engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled
from .numbers import NOBODY, Ints


@compiled
def surplus_agent(first: int, last: int, duty: NDArray[np.bool_], load: Ints) -> int:
    """Who leaves when a count falls: among those on duty the least loaded, then the highest index; NOBODY if none."""
    best = NOBODY
    for agent in range(first, last):
        if duty[agent] and (best == NOBODY or load[agent] <= load[best]):
            best = agent
    return best


@compiled
def absent_agent(first: int, last: int, duty: NDArray[np.bool_]) -> int:
    """Who comes when a count rises: the lowest index off duty (perhaps still finishing), or NOBODY."""
    for agent in range(first, last):
        if not duty[agent]:
            return agent
    return NOBODY

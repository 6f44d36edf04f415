"""What agents held, from the rows of contacts, and until when they were on duty."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def alone(
    stopped: Floats, run: Ints, start: Floats, end: Floats, who: Ints, line: Ints, agent: Any, channel: Any, turns: Any,
    answered: Floats, released: Floats,
) -> int:  # fmt: skip
    """Fills in start, end, agent and channel of each contact that had an agent to itself, and was not over when the run
    stopped if it ended then; how many these are. `stopped` is by run; `run` is that of each contact, or `ONE`."""
    count = 0
    for i in range(agent.size):
        if agent[i] >= 0 and turns[i] == 0 and answered[i] == answered[i]:
            until = stopped[run[i] if run.size else 0]
            start[count], end[count] = answered[i], released[i] if released[i] <= until else until
            who[count], line[count] = agent[i], channel[i]
            count += 1
    return count


@compiled
def until_end_of_duty(
    first: Ints, begin: Floats, end: Floats, agent: Ints, start: Floats, over: Floats, result: Floats
) -> None:
    """Fills in for each span of an agent its end, or the end of the spell of duty in which it starts, whichever comes
    first; its start where that lies in no spell. Spells are sorted by agent and begin; those of an agent are from
    first[agent] to first[agent + 1]."""
    for i in range(agent.size):
        low, high = first[agent[i]], first[agent[i] + 1]
        none = low
        while low < high:  # the number of spells that begin by then
            middle = (low + high) // 2
            if begin[middle] <= start[i]:
                low = middle + 1
            else:
                high = middle
        off = max(end[low - 1], start[i]) if low > none else start[i]
        result[i] = min(over[i], off)


@compiled
def touching(start: Floats, end: Floats, owner: Ints) -> int:
    """Joins in place spans of an owner that overlap or touch, which are sorted by owner and start; how many are
    left."""
    count = 0
    for i in range(start.size):
        if count > 0 and owner[i] == owner[count - 1] and start[i] <= end[count - 1]:
            end[count - 1] = max(end[count - 1], end[i])
        else:
            start[count], end[count], owner[count] = start[i], end[i], owner[i]
            count += 1
    return count

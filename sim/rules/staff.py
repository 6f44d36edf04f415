"""Who leaves when a count falls, who comes when it rises, and what an agent does with nothing in hand any more; pure,
compiled, for every engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled, compiled_for
from .numbers import NOBODY, Ints

RESTS, GOES, LEAVES, STAYS = range(4)
"""what an agent off duty does with nothing in hand: a break that was due; out of a shift that is over; out as the first
to be free after a fall; nothing"""
SAME_MOMENT = 1e-6
"""s: what differences of times of the week leave of nothing"""


@compiled
def surplus_agent(first: int, last: int, duty: NDArray[np.bool_], load: Ints, before: int) -> int:
    """Who leaves when a count falls: among those on duty the least loaded, then the highest index; NOBODY if none.

    `before` is who left just before in the same fall, or NOBODY: as nobody else has come, gone or taken anything since,
    the next one is looked for from there on, so that a fall by many looks at each agent a few times in all.
    """
    if before == NOBODY:
        return _least_loaded(first, last, duty, load, 0)
    agent = _least_loaded(first, before, duty, load, load[before])
    if agent != NOBODY and load[agent] == load[before]:
        return agent
    return _least_loaded(first, last, duty, load, load[before] + 1)


@compiled
def _least_loaded(first: int, last: int, duty: NDArray[np.bool_], load: Ints, least: int) -> int:
    """Of agents on duty, none of whom holds less than `least`: the least loaded, then the highest index, or NOBODY."""
    best = NOBODY
    for agent in range(last - 1, first - 1, -1):
        if duty[agent] and (best == NOBODY or load[agent] < load[best]):
            best = agent
            if load[agent] <= least:
                break
    return best


@compiled
def absent_agent(first: int, last: int, duty: NDArray[np.bool_]) -> int:
    """Who comes when a count rises: the lowest index off duty (perhaps still finishing), or NOBODY. Where several come,
    all before the one who came last are there."""
    for agent in range(first, last):
        if not duty[agent]:
            return agent
    return NOBODY


@compiled_for("int64(float64, boolean, boolean)")
def when_done(break_due: float, finishing: bool, may_be_first: bool) -> int:
    """What an agent off duty does once nothing is in hand: RESTS, GOES, LEAVES or STAYS."""
    if break_due > 0.0:
        return RESTS
    if finishing:
        return GOES
    return LEAVES if may_be_first else STAYS


@compiled_for("boolean(boolean, int64, int64)")
def waits_for_the_first(first_free: bool, agent: int, load: int) -> bool:
    """Whether, at a fall after which whoever is free first leaves, nobody is free: `agent`, who would leave, is NOBODY
    or holds something."""
    return first_free and (agent == NOBODY or load > 0)


@compiled_for("boolean(float64, float64, float64)")
def was_there_at_closing(left: float, now: float, since: float) -> bool:
    """Whether an agent whose duty ended at `left` had not gone before the doors closed, `since` seconds ago."""
    return left > now - since - SAME_MOMENT


@compiled_for("boolean(boolean, boolean, float64)")
def is_on_shift(on_duty: bool, resting: bool, break_due: float) -> bool:
    """Whether an agent whose shift begins is on one already that ends at the same instant: on duty, in a break or with
    one due. Shifts that meet are one spell, and a break goes on over midnight."""
    return on_duty or resting or break_due > 0.0

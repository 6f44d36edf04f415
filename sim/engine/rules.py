"""The decisions of the model, each written once: pure functions of numbers and small arrays, compiled.

Comes in: state and uniform draws, as numbers. Goes out: a decision. No clock, no generator, no objects: the SimPy
engine calls these and a compiled engine can inline them. Rules of MODEL sections 3 to 6.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEK = 604800.0
NOBODY = -1
GIVE_UP = -1
# Outcomes, as in sim.model.outcomes.Outcome (Numba wants plain numbers; a test holds the two together).
RESOLVED, FAILED, TRANSFERRED, ABANDONED = 1, 2, 3, 4
# What a hop did with context.
NOTHING, CARRIED, LOST = 0, 1, 2


@compiled
def served_outcome(u_failure: float, u_transfer: float, failure: float, removed: float, transfer: float) -> int:
    """Outcome at the end of service: failure with probability p(1 - removed), of which a share is handed on."""
    if u_failure >= failure * (1.0 - removed):
        return RESOLVED
    return TRANSFERRED if u_transfer < transfer else FAILED


@compiled
def next_channel(u: float, row: Floats, used: int, return_factor: float, give_up_factor: float) -> int:
    """Next channel from a row of the switching matrix, or GIVE_UP.

    `row` holds a probability for each channel and, last, give-up. `used` has a bit for each channel used before: their
    weights are multiplied by `return_factor`, then the channels share what give-up leaves. With no channel left the
    customer gives up.
    """
    channels = row.size - 1
    give_up = row[channels] * give_up_factor
    total = 0.0
    for c in range(channels):
        total += row[c] * (return_factor if used >> c & 1 else 1.0)
    if u < give_up or total <= 0.0:
        return GIVE_UP
    left = (u - give_up) / (1.0 - give_up) * total
    choice = GIVE_UP
    for c in range(channels):
        weight = row[c] * (return_factor if used >> c & 1 else 1.0)
        if weight > 0.0:
            choice = c
            if left < weight:
                break
            left -= weight
    return choice


@compiled
def hop_context(u: float, held: bool, lost_before: bool, g: float) -> int:
    """What happens to context on a hop: NOTHING to lose, CARRIED with probability g, or LOST.

    `lost_before` is set only under `sticky_loss`: then nothing is ever carried again, and each hop with something to
    lose loses it.
    """
    if not held:
        return NOTHING
    return CARRIED if u < g and not lost_before else LOST


@compiled
def choose_agent(members: Ints, duty: NDArray[np.bool_], load: Ints, since: Floats) -> int:
    """The free agent on duty who has been idle longest (then the lowest index), or NOBODY. Rule `longest_idle`."""
    best = NOBODY
    for agent in members:
        if duty[agent] and load[agent] == 0 and (best == NOBODY or since[agent] < since[best]):
            best = agent
    return best


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


@compiled
def choose_line(
    lines: Ints, ranks: Ints, base: Floats, queued_at: Floats, order: Floats, ageing: float, now: float
) -> int:
    """The waiting line whose head a free agent takes, or NOBODY. Rule `priority`.

    Lowest rank of the agent's pool first; then the highest score base + ageing x (now - queued_at); then the longest
    wait; then the customer's order. `queued_at` and `order` belong to the head of each line, infinite where it is
    empty.
    """
    best, best_rank, best_score = NOBODY, 0, 0.0
    for i in range(lines.size):
        line = lines[i]
        if queued_at[line] == np.inf:
            continue
        rank = ranks[i]
        score = base[line] + ageing * (now - queued_at[line])
        if best != NOBODY:
            if rank != best_rank:
                worse = rank > best_rank
            elif score != best_score:
                worse = score < best_score
            elif queued_at[line] != queued_at[best]:
                worse = queued_at[line] > queued_at[best]
            else:
                worse = order[line] > order[best]
            if worse:
                continue
        best, best_rank, best_score = line, rank, score
    return best


@compiled
def balks(u: float, probability: float, threshold: float, waiting: int, mean_handle: float, capacity: float) -> bool:
    """Whether a customer leaves on hearing the expected wait (waiting + 1) x mean handle time / staffed capacity.

    A threshold of 0 is exceeded by any wait, also by the unknown one of an unstaffed queue.
    """
    if u >= probability:
        return False
    return capacity <= 0.0 or (waiting + 1) * mean_handle / capacity > threshold


@compiled
def next_opening(time_of_week: float, opens: Floats, closes: Floats) -> float:
    """Seconds until the hours are open: 0 if they are, infinite if never. Spans are sorted, closed on the left."""
    for i in range(opens.size):
        if time_of_week < closes[i]:
            return max(0.0, float(opens[i]) - time_of_week)
    return float(WEEK - time_of_week + opens[0]) if opens.size else np.inf

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

NOBODY = -1
GIVE_UP = -1
# Outcomes, as in sim.model.outcomes.Outcome (Numba wants plain numbers; a test holds the two together).
RESOLVED, FAILED, TRANSFERRED, ABANDONED, BLOCKED, CLOSED, BALKED = range(1, 8)
FORCED = 16
"""added to an outcome that the company forced on the customer"""
LONGEST_IDLE, LEAST_LOADED, MOST_LOADED, LEAST_OCCUPIED, RANDOM = 0, 1, 2, 3, 4
LINE, RANK, BASE, DELAY, UNITS, DEFERRED, AGEING = range(7)
OFFER_COLUMNS = 7
BY_SCORE, BY_LENGTH, BY_LENGTH_THEN_SCORE = 0, 1, 2
"""rules for the queue whose first contact an agent takes"""
# What a hop did with context.
NOTHING, CARRIED, LOST = 0, 1, 2


@compiled
def served_outcome(u_failure: float, u_transfer: float, failure: float, removed: float, transfer: float) -> int:
    """Outcome at the end of service: failure with probability p(1 - removed), of which a share is handed on."""
    if u_failure >= failure * (1.0 - removed):
        return RESOLVED
    return TRANSFERRED if u_transfer < transfer else FAILED


@compiled
def with_odds(p: float, factor: float) -> float:
    """A probability whose odds are multiplied by a factor.

    >>> round(with_odds(0.3, 2.0), 12), round(with_odds(0.3, 1.0), 12)
    (0.461538461538, 0.3)
    """
    return p * factor / (1.0 - p + p * factor)


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
    """The free agent on duty who has been idle longest (then the lowest index), or NOBODY.

    Rule `longest_idle` where an agent holds one contact at a time; `choose_agent_by` says the same, more slowly.
    """
    best = NOBODY
    for agent in members:
        if duty[agent] and load[agent] == 0 and (best == NOBODY or since[agent] < since[best]):
            best = agent
    return best


@compiled
def choose_agent_by(
    rule: int, members: Ints, most: Ints, spare: NDArray[np.bool_], duty: NDArray[np.bool_], load: Ints,
    capacity: Ints, since: Floats, worked: Floats, came: Floats, now: float, u: float,
) -> int:  # fmt: skip
    """The agent that a rule names among `members` on duty with room for the contact, or NOBODY.

    `most[i]` is the load at which members[i] still has room. `spare[agent]` is false for whom the contact is deferred
    work and taking it would leave too few agents wholly idle. LONGEST_IDLE: least loaded (share of capacity), then
    longest since the last completion, then index. LEAST_LOADED and MOST_LOADED: by load, then as before.
    LEAST_OCCUPIED: smallest share of time on duty spent busy, then as before. RANDOM: by the keyed draw u.
    """
    best, best_first, best_load, fitting = NOBODY, 0.0, 0.0, 0
    for i in range(members.size):
        agent = members[i]
        if not duty[agent] or load[agent] > most[i] or not spare[agent]:
            continue
        fitting += 1
        share = load[agent] / capacity[agent]
        first = 0.0
        if rule == MOST_LOADED:
            first = -share
        elif rule == LEAST_OCCUPIED:
            first = worked[agent] / max(now - came[agent], 1e-9)
        if best != NOBODY:
            if first != best_first:
                worse = first > best_first
            elif share != best_load:
                worse = share > best_load
            else:
                worse = since[agent] >= since[best]
            if worse:
                continue
        best, best_first, best_load = agent, first, share
    if rule != RANDOM or fitting <= 1:
        return best
    number = int(u * fitting)
    for i in range(members.size):
        agent = members[i]
        if duty[agent] and load[agent] <= most[i] and spare[agent]:
            if number == 0:
                return int(agent)
            number -= 1
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
def may_defer(idle: int, load: int, reserve: int) -> bool:
    """Whether an agent with `load` may start deferred work: of `idle` wholly idle agents, `reserve` then remain so."""
    return idle - (1 if load == 0 else 0) >= reserve


@compiled
def choose_line(
    offers: Floats, queued_at: Floats, order: Floats, length: Ints, now: float, room: int, may_defer: bool, rule: int,
) -> int:  # fmt: skip
    """The waiting line whose head an agent takes, or NOBODY.

    `offers` has a row for each line that the agent's pool serves: (line, rank, base score, delay until the pool helps
    out, units that a contact takes, 1 for deferred work, score gained per second). A head that is not due yet, does not
    fit into `room` units, or is deferred work that may not start now is skipped and reserves nothing. Lowest rank of
    the pool first; then the highest score base + ageing x (now - queued_at), or with BY_LENGTH the longest queue, of
    equally long ones with BY_LENGTH_THEN_SCORE that of the highest score; then the longest wait; then the customer's
    order. `queued_at` and `order` belong to the head of each line, infinite where it is empty.
    """
    best, best_rank, best_score, best_second = NOBODY, 0.0, 0.0, 0.0
    for i in range(offers.shape[0]):
        line = int(offers[i, LINE])
        at = queued_at[line]
        if at == np.inf or at + offers[i, DELAY] > now or offers[i, UNITS] > room:
            continue
        if offers[i, DEFERRED] > 0.0 and not may_defer:
            continue
        rank = offers[i, RANK]
        score, second = offers[i, BASE] + offers[i, AGEING] * (now - at), 0.0
        if rule != BY_SCORE:
            second = score if rule == BY_LENGTH_THEN_SCORE else 0.0
            score = float(length[line])
        if best != NOBODY:
            if rank != best_rank:
                worse = rank > best_rank
            elif score != best_score:
                worse = score < best_score
            elif second != best_second:
                worse = second < best_second
            elif at != queued_at[best]:
                worse = at > queued_at[best]
            else:
                worse = order[line] > order[best]
            if worse:
                continue
        best, best_rank, best_score, best_second = line, rank, score, second
    return best


@compiled
def talk_after_wait(talk: float, wait: float, per_second: float, at_most: float) -> float:
    """A talk that grows with the wait before it: by a share per second waited, at most by a factor."""
    return talk * min(1.0 + per_second * max(0.0, wait), at_most)


@compiled
def balks(u: float, probability: float, threshold: float, waiting: int, mean_handle: float, capacity: float) -> bool:
    """Whether a customer leaves on hearing the expected wait (waiting + 1) x mean handle time / staffed capacity.

    A threshold of 0 is exceeded by any wait, also by the unknown one of an unstaffed queue.
    """
    if u >= probability:
        return False
    return capacity <= 0.0 or (waiting + 1) * mean_handle / capacity > threshold


@compiled
def since_closing(time: float, opens: Floats, closes: Floats, cycle: float) -> float:
    """Seconds since the hours ended: 0 at the very moment, infinite if they never were, -1 if they are open.

    Spans are sorted, within a cycle that repeats; `time` counts from its beginning.
    """
    if opens.size == 0:
        return np.inf
    last = time + cycle - closes[-1]
    for i in range(opens.size):
        if opens[i] <= time < closes[i]:
            return -1.0
        if closes[i] <= time:
            last = time - closes[i]
    return float(last)


@compiled
def next_opening(time: float, opens: Floats, closes: Floats, cycle: float) -> float:
    """Seconds until the hours are open: 0 if they are, infinite if never. Spans are sorted, closed on the left, and
    repeat after `cycle` seconds; `time` is since the cycle began."""
    for i in range(opens.size):
        if time < closes[i]:
            return max(0.0, float(opens[i]) - time)
    return float(cycle - time + opens[0]) if opens.size else np.inf

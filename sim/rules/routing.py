"""Who takes whom: the agent for a contact, the waiting line for an agent; pure, compiled, for every engine.

Comes in: loads, times and the coded lines, as numbers. Goes out: an agent, a line, or NOBODY. Rules of MODEL section 5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled
from .numbers import (
    AGEING,
    BASE,
    BY_LENGTH_THEN_SCORE,
    BY_SCORE,
    DEFERRED,
    DELAY,
    LEAST_OCCUPIED,
    LINE,
    MOST_LOADED,
    NOBODY,
    RANDOM,
    RANK,
    UNITS,
    Floats,
    Ints,
)


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
def may_defer(idle: int, load: int, reserve: int) -> bool:
    """Whether an agent with `load` may start deferred work: of `idle` wholly idle agents, `reserve` then remain so."""
    return idle - (1 if load == 0 else 0) >= reserve


@compiled
def offer_order(
    first: int, last: int, duty: NDArray[np.bool_], load: Ints, since: Floats, capacity: int, order: Ints
) -> int:
    """Writes into `order` who of a pool's agents on duty, with something in hand and room for more, may start deferred
    work once enough are idle: the least loaded first, then by time since the last completion, then by index. Returns
    how many they are."""
    count = 0
    for agent in range(first, last):
        if not duty[agent] or load[agent] == 0 or load[agent] >= capacity:
            continue
        i = count
        while i > 0 and (
            load[order[i - 1]] > load[agent]
            or (load[order[i - 1]] == load[agent] and since[order[i - 1]] > since[agent])
        ):
            order[i] = order[i - 1]
            i -= 1
        order[i] = agent
        count += 1
    return count


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

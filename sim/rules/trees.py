"""Agents with room in trees, so that the rules `least_occupied` and `random` look through none of them.

Comes in: what each agent holds, and since when. Goes out: the agent that `routing.choose_agent_by` names, to the bit,
at a cost that grows with the logarithm of the number of agents. Compiled, for every engine.

Of each pool and load there is a binary tree whose leaves are the pool's agents. A node counts those below it who hold
just that, and knows the least occupied of them. Shares of time spent busy, busy / on duty, change as time goes by. Of
two agents who hold something, or of two who hold nothing, one share exceeds the other by g(t) / (t - came)(t - came'),
and g is a straight line: a node also knows until when its answer is sure, and is only looked at again after that. Where
two shares differ by less than UNSURE the plain comparison is made at every choice: rounding could turn it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled
from .numbers import NOBODY, Floats, Ints

UNSURE = 4e-9
NOWHERE = -1


class Agents(NamedTuple):
    """All agents, by number; the same memory in which an engine keeps them."""

    duty: NDArray[np.bool_]
    load: Ints
    capacity: Ints
    pool: Ints
    place: Ints
    """in the order that settles ties"""
    since: Floats
    worked: Floats
    busy_since: Floats
    came: Floats


class Trees(NamedTuple):
    """Nodes of all trees, one tree after the other; the root of a tree is its node 1, its leaves come last."""

    first: Ints
    """(p + 1): agents of pool p are first[p] .. first[p + 1]"""
    begin: Ints
    """(p): where the trees of pool p begin, of load 0, 1, ... each `2 * leaves[p]` nodes long"""
    leaves: Ints
    cell: Ints
    """by agent: the load of the tree that holds it, or NOWHERE"""
    count: Ints
    best: Ints
    """the least occupied agent below, or NOBODY"""
    until: Floats
    """when that must be looked at again, s"""


def trees_of(first: Ints, capacity: Ints) -> Trees:
    """Empty trees for pools whose agents have so much capacity each."""
    leaves = np.array([1 << max(0, int(size - 1)).bit_length() for size in np.diff(first)], dtype=np.int64)
    begin = np.cumsum([0, *(2 * leaves * capacity)]).astype(np.int64)
    nodes = int(begin[-1])
    return Trees(
        first, begin[:-1], leaves, np.full(int(first[-1]), NOWHERE, dtype=np.int64), np.zeros(nodes, dtype=np.int64),
        np.full(nodes, NOBODY, dtype=np.int64), np.full(nodes, np.inf),
    )  # fmt: skip


@compiled
def _busy(a: Agents, agent: int, now: float) -> float:
    """Time that an agent was busy since it came, s."""
    return float(a.worked[agent] + (now - a.busy_since[agent] if a.load[agent] > 0 else 0.0))


@compiled
def _before(a: Agents, one: int, other: int, now: float) -> bool:
    """Whether LEAST_OCCUPIED prefers the one: smallest share of time busy, load, longest free, first in order."""
    mine = _busy(a, one, now) / max(now - a.came[one], 1e-9)
    theirs = _busy(a, other, now) / max(now - a.came[other], 1e-9)
    if mine != theirs:
        return bool(mine < theirs)
    mine, theirs = a.load[one] / a.capacity[one], a.load[other] / a.capacity[other]
    if mine != theirs:
        return bool(mine < theirs)
    if a.since[one] != a.since[other]:
        return bool(a.since[one] < a.since[other])
    return bool(a.place[one] < a.place[other])


@compiled
def _sure_until(a: Agents, one: int, other: int, now: float) -> float:
    """How long the order of two agents who hold the same cannot change, s."""
    idle = a.load[one] == 0
    if a.worked[one] == a.worked[other] and (
        (a.came[one] == a.came[other] and (idle or a.busy_since[one] == a.busy_since[other]))
        or (idle and a.worked[one] == 0.0)
    ):
        return np.inf
    mine, theirs = now - a.came[one], now - a.came[other]
    apart = _busy(a, one, now) * theirs - _busy(a, other, now) * mine
    slope = a.worked[one] - a.worked[other]
    if not idle:
        slope += a.busy_since[other] - a.busy_since[one] + a.came[one] - a.came[other]
    sure = abs(apart) - UNSURE * mine * theirs
    if sure <= 0.0:
        return now
    reach = min(mine, theirs)  # up to twice the time on duty: beyond it UNSURE would be too little
    if slope != 0.0:
        reach = min(reach, 0.5 * sure / abs(slope))
    return now + reach


@compiled
def _renew(t: Trees, a: Agents, root: int, node: int, now: float) -> None:
    """A node's count and its best, from the two below."""
    left, right = root + 2 * node, root + 2 * node + 1
    at = root + node
    t.count[at] = t.count[left] + t.count[right]
    one, other = t.best[left], t.best[right]
    t.until[at] = min(t.until[left], t.until[right])
    if one == NOBODY or other == NOBODY:
        t.best[at] = other if one == NOBODY else one
        return
    t.best[at] = one if _before(a, one, other, now) else other
    t.until[at] = min(t.until[at], _sure_until(a, one, other, now))


@compiled
def _put(t: Trees, a: Agents, agent: int, load: int, there: bool, now: float) -> None:
    """An agent's leaf in the tree of a load, and all nodes above it."""
    pool = a.pool[agent]
    root = t.begin[pool] + 2 * t.leaves[pool] * load
    node = t.leaves[pool] + agent - t.first[pool]
    t.count[root + node] = 1 if there else 0
    t.best[root + node] = agent if there else NOBODY
    node //= 2
    while node > 0:
        _renew(t, a, root, node, now)
        node //= 2


@compiled
def agent_moved(t: Trees, a: Agents, agent: int, now: float) -> None:
    """The agent holds something else than before, or its duty began or ended."""
    load = a.load[agent] if a.duty[agent] and a.load[agent] < a.capacity[agent] else NOWHERE
    before = t.cell[agent]
    if before != NOWHERE and before != load:
        _put(t, a, agent, before, False, now)
    t.cell[agent] = load
    if load != NOWHERE:
        _put(t, a, agent, load, True, now)


@compiled
def _look_again(t: Trees, a: Agents, root: int, leaves: int, now: float) -> None:
    """Renews every node of a tree whose answer is not sure any more, those below first."""
    if t.until[root + 1] > now:
        return
    due = np.empty(2 * leaves, dtype=np.int64)
    due[0], size, at = 1, 1, 0
    while at < size:
        node = due[at]
        at += 1
        for below in (2 * node, 2 * node + 1):
            if below < leaves and t.until[root + below] <= now:
                due[size] = below
                size += 1
    for i in range(size - 1, -1, -1):
        _renew(t, a, root, due[i], now)


@compiled
def least_occupied(t: Trees, a: Agents, pools: Ints, least: Ints, most: Ints, now: float) -> int:
    """The agent that LEAST_OCCUPIED names among those of the pools with a load from least[p] to most[p], or NOBODY."""
    best = NOBODY
    for pool in pools:
        for load in range(least[pool], most[pool] + 1):
            root = t.begin[pool] + 2 * t.leaves[pool] * load
            if t.count[root + 1] > 0:
                _look_again(t, a, root, t.leaves[pool], now)
                agent = t.best[root + 1]
                if best == NOBODY or _before(a, agent, best, now):
                    best = agent
    return int(best)


@compiled
def random_agent(t: Trees, pools: Ints, least: Ints, most: Ints, u: float) -> int:
    """The agent that RANDOM names by the keyed draw u among the same, pools in the order that settles ties."""
    fitting = 0
    for pool in pools:
        fitting += _held(t, pool, least[pool], most[pool], 1)
    number = int(u * fitting)
    for pool in pools:
        mine = _held(t, pool, least[pool], most[pool], 1)
        if number >= mine:
            number -= mine
            continue
        node = 1
        while node < t.leaves[pool]:
            left = _held(t, pool, least[pool], most[pool], 2 * node)
            node *= 2
            if number >= left:
                number -= left
                node += 1
        return int(t.first[pool] + node - t.leaves[pool])
    return NOBODY


@compiled
def _held(t: Trees, pool: int, least: int, most: int, node: int) -> int:
    """Agents below a node whose load lies in a range."""
    total = 0
    for load in range(least, most + 1):
        total += t.count[t.begin[pool] + 2 * t.leaves[pool] * load + node]
    return total

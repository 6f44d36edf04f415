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

from ..chance.jit import compiled
from .numbers import NOBODY, Floats, Ints

UNSURE = 4e-9
NOWHERE = -1
POOL, PLACE, CAPACITY, LOAD = range(4)
"""rows of agents in whole numbers: pool, place in the order that settles ties, capacity, and the load of the tree that
holds the agent, or NOWHERE"""
SINCE, WORKED, BUSY_SINCE, CAME = range(4)
"""rows of agents in seconds"""
FIRST, BEGIN, LEAVES = range(3)
"""columns of pools: first agent, where its trees begin (of load 0, 1, ..., each 2 x LEAVES nodes long), leaves"""
MEMBERS, BEST, DUE = range(3)
"""rows of nodes: how many agents are below, the least occupied of them or NOBODY, and a list of nodes to look at"""


class Trees(NamedTuple):
    """All trees; the root of a tree is its node 1, its leaves come last. Few arrays, for each costs every call."""

    pools: Ints
    whole: Ints
    """agents in whole numbers"""
    times: Floats
    """agents in seconds"""
    nodes: Ints
    until: Floats
    """(nodes): when a node must be looked at again, s"""


def trees_of(first: Ints, capacity: Ints, place: Ints) -> Trees:
    """Empty trees for pools whose agents, from first[p] on, have so much capacity each."""
    sizes = np.diff(first)
    leaves = np.array([1 << max(0, int(size - 1)).bit_length() for size in sizes], dtype=np.int64)
    begin = np.cumsum([0, *(2 * leaves * capacity)]).astype(np.int64)
    agents, nodes = int(first[-1]), int(begin[-1])
    pool = np.repeat(np.arange(sizes.size), sizes)
    whole = np.array([pool, place, np.repeat(capacity, sizes), np.full(agents, NOWHERE)], dtype=np.int64)
    return Trees(
        np.column_stack([first[:-1], begin[:-1], leaves]).astype(np.int64), whole, np.zeros((4, agents)),
        np.array([np.zeros(nodes), np.full(nodes, NOBODY), np.zeros(nodes)], dtype=np.int64), np.full(nodes, np.inf),
    )  # fmt: skip


@compiled
def _busy(whole: Ints, times: Floats, agent: int, now: float) -> float:
    """Time that an agent was busy since it came, s."""
    in_hand = now - times[BUSY_SINCE, agent] if whole[LOAD, agent] > 0 else 0.0
    return float(times[WORKED, agent] + in_hand)


@compiled
def _before(whole: Ints, times: Floats, one: int, other: int, now: float) -> bool:
    """Whether LEAST_OCCUPIED prefers the one: smallest share of time busy, load, longest free, first in order."""
    mine = _busy(whole, times, one, now) / max(now - times[CAME, one], 1e-9)
    theirs = _busy(whole, times, other, now) / max(now - times[CAME, other], 1e-9)
    if mine != theirs:
        return bool(mine < theirs)
    mine, theirs = whole[LOAD, one] / whole[CAPACITY, one], whole[LOAD, other] / whole[CAPACITY, other]
    if mine != theirs:
        return bool(mine < theirs)
    if times[SINCE, one] != times[SINCE, other]:
        return bool(times[SINCE, one] < times[SINCE, other])
    return bool(whole[PLACE, one] < whole[PLACE, other])


@compiled
def _sure_until(whole: Ints, times: Floats, one: int, other: int, now: float) -> float:
    """How long the order of two agents who hold the same cannot change, s."""
    idle = whole[LOAD, one] == 0
    came, worked = times[CAME, one] - times[CAME, other], times[WORKED, one] - times[WORKED, other]
    begun = times[BUSY_SINCE, one] - times[BUSY_SINCE, other]
    if worked == 0.0 and ((idle and (came == 0.0 or times[WORKED, one] == 0.0)) or (came == 0.0 and begun == 0.0)):
        return np.inf
    mine, theirs = now - times[CAME, one], now - times[CAME, other]
    apart = _busy(whole, times, one, now) * theirs - _busy(whole, times, other, now) * mine
    slope = worked if idle else worked - begun + came
    sure = abs(apart) - UNSURE * mine * theirs
    if sure <= 0.0:
        return now
    reach = min(mine, theirs)  # up to twice the time on duty: beyond it UNSURE would be too little
    if slope != 0.0:
        reach = min(reach, 0.5 * sure / abs(slope))
    return float(now + reach)


@compiled
def _renew(whole: Ints, times: Floats, nodes: Ints, until: Floats, root: int, node: int, now: float) -> None:
    """What a node knows, from the two below."""
    left, right = root + 2 * node, root + 2 * node + 1
    at = root + node
    nodes[MEMBERS, at] = nodes[MEMBERS, left] + nodes[MEMBERS, right]
    one, other = nodes[BEST, left], nodes[BEST, right]
    until[at] = min(until[left], until[right])
    if one == NOBODY or other == NOBODY:
        nodes[BEST, at] = other if one == NOBODY else one
        return
    nodes[BEST, at] = one if _before(whole, times, one, other, now) else other
    until[at] = min(until[at], _sure_until(whole, times, one, other, now))


@compiled
def _put(
    pools: Ints, whole: Ints, times: Floats, nodes: Ints, until: Floats, agent: int, load: int, there: int, now: float
) -> None:
    """An agent's leaf in the tree of a load, and all nodes above it."""
    pool = whole[POOL, agent]
    root = pools[pool, BEGIN] + 2 * pools[pool, LEAVES] * load
    node = pools[pool, LEAVES] + agent - pools[pool, FIRST]
    nodes[MEMBERS, root + node] = there
    nodes[BEST, root + node] = agent if there else NOBODY
    node //= 2
    while node > 0:
        _renew(whole, times, nodes, until, root, node, now)
        node //= 2


@compiled
def agent_moved(
    pools: Ints, whole: Ints, times: Floats, nodes: Ints, until: Floats, agent: int, load: int, since: float,
    worked: float, busy_since: float, came: float, now: float,
) -> None:  # fmt: skip
    """The agent holds `load` and has room for more (NOWHERE: no room, or off duty)."""
    before = whole[LOAD, agent]
    whole[LOAD, agent] = load
    times[SINCE, agent], times[WORKED, agent] = since, worked
    times[BUSY_SINCE, agent], times[CAME, agent] = busy_since, came
    if before != NOWHERE and before != load:
        _put(pools, whole, times, nodes, until, agent, before, 0, now)
    if load != NOWHERE:
        _put(pools, whole, times, nodes, until, agent, load, 1, now)


@compiled
def _look_again(whole: Ints, times: Floats, nodes: Ints, until: Floats, root: int, leaves: int, now: float) -> None:
    """Renews every node of a tree whose answer is not sure any more, those below first."""
    if until[root + 1] > now:
        return
    nodes[DUE, root], size, at = 1, 1, 0
    while at < size:
        node = nodes[DUE, root + at]
        at += 1
        for below in (2 * node, 2 * node + 1):
            if below < leaves and until[root + below] <= now:
                nodes[DUE, root + size] = below
                size += 1
    for i in range(size - 1, -1, -1):
        _renew(whole, times, nodes, until, root, nodes[DUE, root + i], now)


@compiled
def least_occupied(pools: Ints, whole: Ints, times: Floats, nodes: Ints, until: Floats, asked: Ints, now: float) -> int:
    """The agent that LEAST_OCCUPIED names, or NOBODY; `asked` has a row for each pool: (pool, load from, load to)."""
    best = NOBODY
    for i in range(asked.shape[0]):
        pool = asked[i, 0]
        for load in range(asked[i, 1], asked[i, 2] + 1):
            root = pools[pool, BEGIN] + 2 * pools[pool, LEAVES] * load
            if nodes[MEMBERS, root + 1] > 0:
                _look_again(whole, times, nodes, until, root, pools[pool, LEAVES], now)
                agent = nodes[BEST, root + 1]
                if best == NOBODY or _before(whole, times, agent, best, now):
                    best = agent
    return int(best)


@compiled
def random_agent(pools: Ints, nodes: Ints, asked: Ints, u: float) -> int:
    """The agent that RANDOM names by the keyed draw u; `asked` as above, pools in the order that settles ties."""
    fitting = 0
    for i in range(asked.shape[0]):
        fitting += _held(pools, nodes, asked[i], 1)
    number = int(u * fitting)
    for i in range(asked.shape[0]):
        mine = _held(pools, nodes, asked[i], 1)
        if number >= mine:
            number -= mine
            continue
        pool, node = asked[i, 0], 1
        while node < pools[pool, LEAVES]:
            node *= 2
            left = _held(pools, nodes, asked[i], node)
            if number >= left:
                number -= left
                node += 1
        return int(pools[pool, FIRST] + node - pools[pool, LEAVES])
    return NOBODY


@compiled
def _held(pools: Ints, nodes: Ints, asked: Ints, node: int) -> int:
    """Agents of a pool below a node, with a load in the range asked for."""
    total = 0
    for load in range(asked[1], asked[2] + 1):
        total += nodes[MEMBERS, pools[asked[0], BEGIN] + 2 * pools[asked[0], LEAVES] * load + node]
    return total

"""Agents with room, kept in the order in which a rule names them, so that nobody looks through all of them.

Of each pool and each load there is a binary heap of agents by (free since, agent); an agent is in at most one. The
rules `least_occupied` and `random` have the trees of `sim.rules.trees` instead.
"""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...rules.numbers import LEAST_OCCUPIED as _LEAST_OCCUPIED
from ...rules.numbers import RANDOM as _RANDOM
from ...rules.trees import NOWHERE, agent_moved
from .model import Model
from .state import State


@compiled
def occupy(m: Model, s: State, agent: int, units: int) -> None:
    """An agent holds one contact more."""
    if s.load[agent] == 0:
        if s.duty[agent]:
            s.idle[m.pool_of[agent]] -= 1
        s.busy_since[agent] = s.clock[0]
    s.load[agent] += units
    note(m, s, agent)


@compiled
def note(m: Model, s: State, agent: int) -> None:
    """The agent holds something else than before, or comes or goes: who has room is found by who comes."""
    if m.agent_rule in (_LEAST_OCCUPIED, _RANDOM):
        _note_in_trees(m, s, agent)
        return
    if s.place[agent] >= 0:
        _drop(m, s, agent)
    if s.duty[agent] and s.load[agent] < m.capacity[m.pool_of[agent]]:
        _put(m, s, agent)


@compiled
def _note_in_trees(m: Model, s: State, agent: int) -> None:
    there = s.duty[agent] and s.load[agent] < m.capacity[m.pool_of[agent]]
    agent_moved(
        s.tree_pools, s.tree_whole, s.tree_times, s.tree_nodes, s.tree_until, agent,
        s.load[agent] if there else NOWHERE, s.since[agent], s.worked[agent], s.busy_since[agent], s.came[agent],
        s.clock[0],
    )  # fmt: skip


@compiled
def top(m: Model, s: State, pool: int, load: int) -> int:
    """Of a pool's agents who hold so much: who has been free longest; -1 if there are none."""
    if s.room_size[m.first_heap[pool] + load] == 0:
        return -1
    return int(s.room[_begin(m, pool, load)])


@compiled
def _begin(m: Model, pool: int, load: int) -> int:
    """Where the heap of a pool and a load begins."""
    return int(m.first_room[pool] + load * (m.first_agent[pool + 1] - m.first_agent[pool]))


@compiled
def _put(m: Model, s: State, agent: int) -> None:
    pool, load = m.pool_of[agent], s.load[agent]
    heap = m.first_heap[pool] + load
    place = s.room_size[heap]
    s.room_size[heap] = place + 1
    s.heap_of[agent] = load
    _set(s, _begin(m, pool, load), place, agent)
    _rise(s, _begin(m, pool, load), place)


@compiled
def _drop(m: Model, s: State, agent: int) -> None:
    """The agent leaves its heap; the last takes its place."""
    pool, load, place = m.pool_of[agent], s.heap_of[agent], s.place[agent]
    heap, begin = m.first_heap[pool] + load, _begin(m, pool, load)
    size = s.room_size[heap] - 1
    s.room_size[heap] = size
    s.place[agent] = -1
    if place < size:
        _set(s, begin, place, s.room[begin + size])
        _sink(s, begin, place, size)
        _rise(s, begin, place)


@compiled
def _set(s: State, begin: int, place: int, agent: int) -> None:
    s.room[begin + place] = agent
    s.place[agent] = place


@compiled
def _before(s: State, one: int, other: int) -> bool:
    """Whether one agent is named before another of the same pool and load."""
    if s.since[one] != s.since[other]:
        return bool(s.since[one] < s.since[other])
    return one < other


@compiled
def _rise(s: State, begin: int, place: int) -> None:
    """The agent at this place goes up until the one above comes before it."""
    while place > 0:
        above = (place - 1) // 2
        one, other = s.room[begin + place], s.room[begin + above]
        if not _before(s, one, other):
            return
        _set(s, begin, place, other)
        _set(s, begin, above, one)
        place = above


@compiled
def _sink(s: State, begin: int, place: int, size: int) -> None:
    """The agent at this place goes down until those below come after it."""
    while True:
        below = 2 * place + 1
        if below >= size:
            return
        if below + 1 < size and _before(s, s.room[begin + below + 1], s.room[begin + below]):
            below += 1
        one, other = s.room[begin + place], s.room[begin + below]
        if not _before(s, other, one):
            return
        _set(s, begin, place, other)
        _set(s, begin, below, one)
        place = below

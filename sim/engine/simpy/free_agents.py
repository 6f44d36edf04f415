"""Agents with room, kept in the order in which a rule names them, so that nobody looks through all of them.

Comes in: an agent whose load or duty has changed. Goes out: the agent that `rules.choose_agent_by` names for
LONGEST_IDLE, LEAST_LOADED and MOST_LOADED, at a cost that grows with the logarithm of the number of agents. (The other
rules weigh every agent anew at each choice, and look through all.)

Of each pool and each load there is a heap of (free since, place, agent). An entry whose agent has moved on stays in its
heap until it comes to the top, or until so many have gathered that the heap is made anew.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from ...rules import decisions as rules

if TYPE_CHECKING:
    from .agents import Staff

ORDERED = (rules.LONGEST_IDLE, rules.LEAST_LOADED, rules.MOST_LOADED)
"""rules that an order by (load, free since, place) decides"""
Entry = tuple[float, int, int]
SPARE_ENTRIES = 32


class FreeAgents:
    """The heaps of all pools; by pool: `rank`, the place among the names in order, and `capacity`, an agent's units."""

    def __init__(self, staff: Staff, rank: list[int], capacity: list[int]) -> None:
        self.duty, self.load, self.since = staff.cells
        self.pool_of, self.first = staff.pool_of, staff.first
        self.capacity = capacity
        self.heaps: list[list[list[Entry]]] = [[[] for _ in range(most)] for most in capacity]
        """by pool and load"""
        order = sorted(range(len(self.pool_of)), key=lambda agent: (rank[self.pool_of[agent]], agent))
        self.place = [0] * len(order)
        for place, agent in enumerate(order):
            self.place[agent] = place

    def note(self, agent: int) -> None:
        """The agent, on duty and with room, holds something else than before, or comes on duty."""
        pool = self.pool_of[agent]
        heap = self.heaps[pool][self.load[agent]]
        heappush(heap, (self.since[agent], self.place[agent], agent))
        if len(heap) > 2 * (self.first[pool + 1] - self.first[pool]) + SPARE_ENTRIES:
            load = self.load[agent]
            heap[:] = {entry for entry in heap if self._holds(entry, load)}
            heapify(heap)

    def _holds(self, entry: Entry, load: int) -> bool:
        """Whether the entry's agent is still as it says."""
        since, _, agent = entry
        return bool(self.duty[agent] and self.load[agent] == load and self.since[agent] == since)

    def _top(self, pool: int, load: int) -> Entry | None:
        """Of a pool's agents who hold so much: who has been free longest."""
        heap = self.heaps[pool][load]
        while heap:
            entry = heap[0]
            if self._holds(entry, load):
                return entry
            heappop(heap)
        return None

    def longest_idle(self, pools: tuple[int, ...]) -> int:
        """Of agents who hold nothing: who has been idle longest, then first in order; NOBODY if all are busy."""
        best: Entry | None = None
        for pool in pools:
            entry = self._top(pool, 0)
            if entry is not None and (best is None or entry < best):
                best = entry
        return rules.NOBODY if best is None else best[2]

    def choose(self, rule: int, pools: tuple[int, ...], least: list[int], most: list[int]) -> int:
        """The agent of these pools that an ORDERED rule names, or NOBODY.

        An agent of a pool may start the contact with a load from `least[pool]` (not 0 where a wholly idle agent must
        stay so) to `most[pool]` (more leaves no room).
        """
        best: tuple[float, float, int, int] | None = None
        for pool in pools:
            loads = range(least[pool], most[pool] + 1)
            for load in reversed(loads) if rule == rules.MOST_LOADED else loads:
                entry = self._top(pool, load)
                if entry is not None:
                    share = load / self.capacity[pool]
                    found = (-share if rule == rules.MOST_LOADED else share, *entry)
                    best = found if best is None or found < best else best
                    break
        return rules.NOBODY if best is None else best[3]

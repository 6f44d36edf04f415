"""The trees of `sim.rules.trees`, kept up to date for the SimPy engine.

Comes in: an agent whose load or duty has changed. Goes out: the agent that `least_occupied` or `random` names.
"""

from __future__ import annotations

import numpy as np

from ...rules import decisions as rules
from ...rules.trees import NOWHERE, agent_moved, least_occupied, random_agent, trees_of
from .agents import Staff, cells

IN_TREES = (rules.LEAST_OCCUPIED, rules.RANDOM)
"""rules that are answered from trees"""


class AgentTrees:
    """The trees of all pools."""

    def __init__(self, staff: Staff, capacity: np.ndarray) -> None:
        self.env, self.room_for_one = staff.env, staff.room_for_one
        self.duty, self.load, self.since = staff.cells
        self.worked, self.busy_since, self.came = map(cells, (staff.worked, staff.busy_since, staff.came))
        place = np.array(staff.free_agents.place, dtype=np.int64)
        self.trees = trees_of(np.array(staff.first, dtype=np.int64), capacity, place)

    def moved(self, agent: int) -> None:
        """The agent holds something else than before, or its duty began or ended."""
        load = self.load[agent]
        there = self.duty[agent] and load <= self.room_for_one[agent]
        agent_moved(
            *self.trees, agent, load if there else NOWHERE, self.since[agent], self.worked[agent],
            self.busy_since[agent], self.came[agent], self.env.now,
        )  # fmt: skip

    def choose(self, rule: int, asked: np.ndarray, u: float) -> int:
        """The agent that the rule names, or NOBODY; `asked` has a row for each pool, in order: (pool, load from which,
        load up to which an agent may take the contact)."""
        trees = self.trees
        if rule == rules.RANDOM:
            return random_agent(trees.pools, trees.nodes, asked, u)
        return least_occupied(*trees, asked, float(self.env.now))

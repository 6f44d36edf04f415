"""The trees of `sim.rules.trees`, kept up to date for the SimPy engine.

Comes in: an agent whose load or duty has changed. Goes out: the agent that `least_occupied` or `random` names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...rules import decisions as rules
from ...rules.trees import Agents, agent_moved, least_occupied, random_agent, trees_of

if TYPE_CHECKING:
    from .agents import Staff

IN_TREES = (rules.LEAST_OCCUPIED, rules.RANDOM)
"""rules that are answered from trees"""


class AgentTrees:
    """The trees of all pools; `place` is each agent's place in the order that settles ties."""

    def __init__(self, staff: Staff, capacity: np.ndarray) -> None:
        self.env = staff.env
        self.agents = Agents(
            staff.duty, staff.load, staff.capacity, np.array(staff.pool_of, dtype=np.int64),
            np.array(staff.free_agents.place, dtype=np.int64), staff.since, staff.worked, staff.busy_since, staff.came,
        )  # fmt: skip
        self.trees = trees_of(np.array(staff.first, dtype=np.int64), capacity)

    def moved(self, agent: int) -> None:
        """The agent holds something else than before, or its duty began or ended."""
        agent_moved(self.trees, self.agents, agent, self.env.now)

    def choose(self, rule: int, pools: np.ndarray, least: np.ndarray, most: np.ndarray, u: float) -> int:
        """The agent of the pools (in order) that the rule names, with a load from least[p] to most[p], or NOBODY."""
        if rule == rules.RANDOM:
            return int(random_agent(self.trees, pools, least, most, u))
        return int(least_occupied(self.trees, self.agents, pools, least, most, self.env.now))

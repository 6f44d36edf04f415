"""The search: fewest agents in each slot, settled in time order.

What happens in a slot depends on its own agents and on what earlier slots left behind (queues, redials, switches), not
on later ones. So the answer is found from the left: a slot is settled when, after the settled slots before it, its
agents meet every limit and one agent less does not. All slots are simulated together, and each simulation is read in
time order: a result counts for a slot only if the slots just before it (`REACH`) had the agents that they still have;
trials of one agent less are spaced so that they do not disturb each other. Before that some rounds in which all slots
move at once bring the agents near; these begin at Erlang A, which matters for the time taken and not for the answer.

The idea of adapting all intervals to a simulation until nothing changes is the iterative staffing algorithm of Feldman,
Mandelbaum, Massey and Whitt, Management Science 54 (2008) 324-338; that settling goes from left to right is its section
on dynamics. Rejected: cutting planes on simulated slopes (`sim.studies.worth.cheapest`), right for few unknowns and a
cheapest mix; here are hundreds, each with its own limit, and one simulation tells about all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...model.centre import Configuration
from .groups import Group
from .level import Level
from .observed import Seen
from .slack import slack, slack_of_level
from .slots import Slots

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Agents = dict[str, Ints]
REACH = 1800.0
"""how far back a slot remembers, s: at least one slot; what reaches further is redials, which earlier rounds showed"""
COARSE = 5
"""most rounds in which all slots move at once"""
STEP = 0.3
"""most that a slot moves in a round, of its agents"""
MOST = 4
"""times the agents of the start (and ten): beyond, agents are not what is missing"""


@dataclass
class Search:
    """The state of a search. `simulate` is given agents by group and slot; `agents` is the answer so far."""

    config: Configuration
    slots: Slots
    groups: list[Group]
    agents: Agents
    simulate: Callable[[Agents], Seen]
    rounds: int = 0
    known: dict[tuple[str, int, int, tuple[int, ...]], bool] = field(default_factory=dict)
    """(group, slot, agents, agents of all groups just before) -> whether every limit was met"""
    failed: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    """(group, slot, agents) -> how often that answer was overturned, by what reaches further back than `REACH`"""
    stuck: set[tuple[str, int]] = field(default_factory=set)
    """slots that no number of agents mends"""

    def __post_init__(self) -> None:
        self.live = [group for group in self.groups if group.by_interval]
        self.levels = {
            group.name: Level(group.peak, 1 if group.by_interval else None) for group in self.groups if group.deferred
        }
        self.least = {group.name: group.least.copy() for group in self.groups}
        self.most = {group.name: MOST * self.agents[group.name] + 10 for group in self.live}
        self.reach = max(1, round(REACH / self.slots.length))
        self._place_levels()

    def run(self, said: Callable[[int, int], None]) -> None:
        """Searches until all is settled or `study.staffing.rounds` staffings were simulated; tells `said` after each
        how many slots are settled, of how many."""
        while self.rounds < self.config.study.staffing.rounds and not self.settled:
            if self.rounds >= COARSE or not self._move_together():
                self._settle_in_order()
            said(self.slots_settled, self.slots_asked)

    @property
    def answer(self) -> Agents:
        """Agents by group and slot, found so far; levels at the fewest that were seen to do."""
        found = dict(self.agents)
        for group in self.groups:
            if not group.by_interval:
                level = self.levels[group.name]
                found[group.name] = group.at_level(level.at if level.does is None else level.does)
        return found

    # Standing -------------------------------------------------------------------------------------------------------

    @property
    def slots_asked(self) -> int:
        """Slots with agents to find, a level counting as one."""
        return sum(int((group.least > 0).sum()) for group in self.live) + len(self.levels)

    @property
    def slots_settled(self) -> int:
        """Those of them that are settled."""
        done = sum(self.is_settled(g, s) for g in self.live for s in range(self.slots.count) if g.least[s] > 0)
        return done + sum(level.settled for level in self.levels.values())

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return (
            self.rounds > 0
            and all(level.settled for level in self.levels.values())
            and all(self.is_settled(group, slot) for group in self.live for slot in range(self.slots.count))
        )

    def is_settled(self, group: Group, slot: int) -> bool:
        """Whether the slot's agents are known to do and one less not to, after the slots just before it."""
        here = int(self.agents[group.name][slot])
        past = self._past(self.agents, slot)
        if (group.name, slot) in self.stuck:
            return True
        if not self.known.get((group.name, slot, here, past), False):
            return False
        return here <= self._floor(group, slot) or not self.known.get((group.name, slot, here - 1, past), True)

    def _floor(self, group: Group, slot: int) -> int:
        """No trial goes below it: the minimum, or one more than a number that was overturned twice."""
        here, least = int(self.agents[group.name][slot]), int(self.least[group.name][slot])
        return here if here > least and self.failed[group.name, slot, here - 1] > 1 else least

    def _past(self, agents: Agents, slot: int) -> tuple[int, ...]:
        """Agents of all groups in the slots just before, on the same day."""
        first = max(slot - self.reach, slot // self.slots.per_day * self.slots.per_day)
        return tuple(int(n) for group in self.live for n in agents[group.name][first:slot])

    # All at once ----------------------------------------------------------------------------------------------------

    def _move_together(self) -> bool:
        """One round in which every slot moves by its slack; False if none had to move by as much as an agent."""
        seen, moved = self._seen(self.agents), False
        new = {name: each.copy() for name, each in self.agents.items()}
        for group in self.live:
            agents = self.agents[group.name]
            room = slack(self.config, group, seen, agents)
            self._note(group, self.agents, room, range(self.slots.count))
            for slot in np.flatnonzero((room < 0) | (room >= 1)):
                new[group.name][slot] = self._stepped(group, int(slot), int(agents[slot]), float(room[slot]))
            moved = moved or bool((new[group.name] != agents).any())
        self.agents = new
        self._place_levels()
        return moved

    def _stepped(self, group: Group, slot: int, agents: int, room: float) -> int:
        most = max(1, math.ceil(STEP * agents))
        step = -min(most, int(min(room, most))) if room >= 0 else min(most, math.ceil(-max(room, -most)))
        wanted = max(agents + step, int(self.least[group.name][slot]))
        if wanted > self.most[group.name][slot]:
            self.stuck.add((group.name, slot))
            return agents
        return wanted

    # In time order --------------------------------------------------------------------------------------------------

    def _settle_in_order(self) -> None:
        """One round: the answer so far with trials of one agent less, read from the left."""
        tried = self._with_trials()
        seen = self._seen(tried)
        room = {group.name: slack(self.config, group, seen, tried[group.name]) for group in self.live}
        for slot in range(self.slots.count):
            if self._past(tried, slot) != self._past(self.agents, slot):
                continue  # something just before it was tried in vain, or has changed: no news for this slot
            for group in self.live:
                self._note(group, tried, room[group.name], [slot])
                self._take(group, slot, int(tried[group.name][slot]), float(room[group.name][slot]))
        self._place_levels()

    def _with_trials(self) -> Agents:
        tried = {name: each.copy() for name, each in self.agents.items()}
        for slot in range(self.slots.count):
            past = self._past(self.agents, slot)
            if self._past(tried, slot) != past:
                continue  # a trial just before: this slot's turn comes later
            for group in self.live:
                here = int(self.agents[group.name][slot])
                does = self.known.get((group.name, slot, here, past), False)
                fewer = self.known.get((group.name, slot, here - 1, past))
                if does and fewer is not False and here > self._floor(group, slot):
                    tried[group.name][slot] -= 1
        return tried

    def _take(self, group: Group, slot: int, tried: int, room: float) -> None:
        """What a result changes: one agent less if that did, more if the present number did not."""
        here = int(self.agents[group.name][slot])
        if tried < here and room >= 0:
            self.agents[group.name][slot] = tried
        elif tried == here and room < 0 and (group.name, slot) not in self.stuck:
            self.failed[group.name, slot, here] += 1
            self.agents[group.name][slot] = self._stepped(group, slot, here, max(room, -2.0))

    # Simulating -----------------------------------------------------------------------------------------------------

    def _seen(self, agents: Agents) -> Seen:
        self.rounds += 1
        seen = self.simulate(agents)
        for group in self.groups:
            if group.deferred:
                level = self.levels[group.name]
                level.learn(slack_of_level(self.config, group, seen, level.at))
        return seen

    def _note(self, group: Group, agents: Agents, room: Floats, slots: range | list[int]) -> None:
        for slot in slots:
            past = self._past(agents, slot)
            self.known[group.name, slot, int(agents[group.name][slot]), past] = bool(room[slot] >= 0)

    def _place_levels(self) -> None:
        """Levels are the agents of groups with deferred channels only, and a floor under those with live ones too."""
        for group in self.groups:
            if group.deferred:
                level = group.at_level(self.levels[group.name].at)
                self.least[group.name] = np.maximum(group.least, level)
                mine = self.agents[group.name] if group.by_interval else level
                self.agents[group.name] = np.maximum(mine, level)

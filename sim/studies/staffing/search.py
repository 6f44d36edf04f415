"""The search: for each need the fewest agents that meet its limits with room to be confirmed.

Comes in: needs, a start for each (what the formulas ask for) and a function that simulates a staffing with fresh
replications. Goes out: a number of agents for each need. All needs are simulated together, in rounds, and each round
has replications of its own. What was observed at a number of agents is kept and added to, so that no number is chosen
because of one lucky set of replications. In each round one agent fewer is tried in every second slot only: each trial
then follows a slot that is well staffed.

A number suffices if it meets its limits by more than the noise of the confirmation to come, which is `ROOM` standard
errors of all its rounds together. A smaller number would only have agents added to it there.

Rejected: common random numbers over the rounds. They sharpen differences between staffings, but the question here is on
which side of a limit one staffing lies, and with the same replications every round repeats the same error (100 calls of
180 s in a half-hour, 80/20: answers from 12 to 14 agents where 14 are needed). Rejected too: cutting planes on
simulated slopes (`sim.studies.worth.cheapest`). They suit few unknowns; here there are hundreds, each with its own
limits, and one simulation informs all of them. Adjusting all intervals after each simulation until nothing changes is
the idea of Feldman, Mandelbaum, Massey and Whitt, Management Science 54 (2008) 324-338.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .groups import Group
from .limits import Margin
from .needs import Need
from .observed import Observed

Ints = NDArray[np.int64]
Agents = dict[str, Ints]
ROOM = 2.8
"""standard errors of a confirmation by which a limit must be met, for the confirmation to succeed"""
STEP = 0.3
"""most that a number moves in a round, of itself"""
CLEAR = 1.5
"""standard errors from its limit at which a number is known well enough"""
WORTH_A_TRIAL = 0.6
"""one agent less is tried where the room is estimated at this or more, in agents"""
MOST = 4
"""times the start (and ten): beyond, agents are not what is missing"""


@dataclass
class Ladder:
    """Numbers of agents for one need, with what was observed of each.

    >>> from types import SimpleNamespace
    >>> ladder = Ladder(need=None, start=5, least=1, final=100)
    >>> ladder.best, ladder.settled
    (5, False)
    """

    need: Need
    start: int
    least: int
    final: int
    """replications of a confirmation, all its rounds together"""
    evidence: dict[int, list[Margin]] = field(default_factory=dict)

    @property
    def most(self) -> int:
        """No number above it is tried."""
        return MOST * self.start + 10

    def learn(self, agents: int, margins: Sequence[Margin]) -> None:
        """Adds what was observed of a number."""
        before = self.evidence.get(agents)
        self.evidence[agents] = [a.plus(b) for a, b in zip(before, margins, strict=True)] if before else list(margins)

    def does(self, agents: int) -> bool:
        """Whether all limits are met with room to be confirmed."""
        return all(each.value >= ROOM * each.error(self.final) for each in self.evidence[agents])

    def room(self, agents: int) -> float:
        """Agents that could go (negative: are missing)."""
        return min((m.room(agents, ROOM * m.error(self.final)) for m in self.evidence[agents]), default=math.inf)

    def is_clear(self, agents: int) -> bool:
        """Whether more replications would hardly change what is thought of a number, or there are a quarter as many as
        a confirmation has: then it is for the confirmation to say."""
        if min((each.count for each in self.evidence[agents]), default=0) >= self.final / 4:
            return True
        short = [each.value - ROOM * each.error(self.final) for each in self.evidence[agents]]
        errors = [each.error() for each in self.evidence[agents]]
        return all(abs(s) > CLEAR * e for s, e in zip(short, errors, strict=True) if s < 0 or s == min(short))

    @property
    def too_few(self) -> int:
        """The most agents that did not do."""
        return max((n for n in self.evidence if not self.does(n)), default=self.least - 1)

    @property
    def best(self) -> int:
        """The fewest agents that did, above all that did not; else the number to try next."""
        enough = [n for n in self.evidence if n > self.too_few]
        if enough:
            return min(enough)
        if not self.evidence:
            return max(self.start, self.least)
        step = math.ceil(-max(self.room(self.too_few), -float(self.too_few + 1)))
        return min(self.most, self.too_few + min(max(1, step), max(1, math.ceil(STEP * self.too_few))))

    @property
    def stuck(self) -> bool:
        """Whether even the greatest number does not do."""
        return self.too_few >= self.most

    @property
    def fewer(self) -> int | None:
        """A smaller number worth a trial, or worth more replications; None if there is none."""
        best = self.best
        if best not in self.evidence or best <= self.least:
            return None
        below = best - 1
        if below in self.evidence:
            return None if self.is_clear(below) else below
        room = self.room(best)
        return (
            None
            if room < WORTH_A_TRIAL
            else max(self.too_few + 1, self.least, best - max(1, min(int(room), best // 3)))
        )

    @property
    def settled(self) -> bool:
        """Whether nothing is left to try."""
        return self.stuck or (self.best in self.evidence and self.fewer is None and self.is_clear(self.best))


@dataclass
class Search:
    """The state of a search. `simulate` is given agents by group and slot, and returns what fresh replications gave."""

    ladders: list[Ladder]
    groups: list[Group]
    simulate: Callable[[Agents], Observed]
    most_rounds: int
    rounds: int = 0

    def run(self, tell: Callable[[int, int], None]) -> None:
        """Searches until all is settled or `most_rounds` staffings were simulated; tells how many needs are settled,
        of how many, after each."""
        while self.rounds < self.most_rounds and not (self.rounds and self.settled):
            numbers = [self._number(ladder) for ladder in self.ladders]
            self.take(numbers, self.simulate(agents_of(self.groups, self.ladders, numbers)))
            self.rounds += 1
            tell(self.needs_settled, len(self.ladders))

    def take(self, numbers: Sequence[int], observed: Observed) -> None:
        """Adds what was observed to the evidence on each need's number."""
        for ladder, number in zip(self.ladders, numbers, strict=True):
            ladder.learn(number, margins(ladder.need, observed))

    @property
    def needs_settled(self) -> int:
        """Needs with nothing left to try."""
        return sum(each.settled for each in self.ladders)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to try."""
        return self.needs_settled == len(self.ladders)

    @property
    def answer(self) -> list[int]:
        """The number found so far for each need."""
        return [each.best for each in self.ladders]

    def _number(self, ladder: Ladder) -> int:
        """What to simulate for a need in this round: every second slot may try fewer."""
        turn = ladder.need.is_level or len(ladder.need.slots) > 1 or ladder.need.slots[0] % 2 == self.rounds % 2
        fewer = ladder.fewer if turn else None
        return ladder.best if fewer is None else fewer


def margins(need: Need, observed: Observed) -> list[Margin]:
    """What was observed of a need, by limit and by columns that are judged together."""
    return [limit.margin(observed, columns, need.work) for limit in need.limits for columns in need.judged]


def agents_of(groups: Sequence[Group], ladders: Sequence[Ladder], numbers: Sequence[int]) -> Agents:
    """Agents by group and slot. Where a group has a level too, no slot has fewer than it."""
    agents: Agents = {group.name: np.zeros(group.least.size, dtype=np.int64) for group in groups}
    for ladder, number in zip(ladders, numbers, strict=True):
        need, mine = ladder.need, agents[ladder.need.group.name]
        if need.is_level:
            mine[:] = np.maximum(mine, need.group.at_level(number))
        else:
            mine[list(need.slots)] = np.maximum(mine[list(need.slots)], number)
    return agents

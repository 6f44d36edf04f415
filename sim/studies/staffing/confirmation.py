"""The confirmation: is the answer right, on replications that it was not made from?

Comes in: needs and their numbers. Goes out: numbers that hold, and the statement that they do. A round simulates the
staffing as it stands with replications that nothing was chosen by. A need is judged by all rounds together in which it
had its number; once every limit of it is met, each by a one-sided test, the need is confirmed and stays so. A need that
could hardly be confirmed in the rounds that are left gets agents, and is judged anew from the next round on; the others
keep what they have. The answer holds when every need is confirmed.

Why the statement "every interval meets its limits" is wrong in at most 1 - confidence of all tries:

- *More agents do not make service worse*, here or elsewhere, and agents are only added. So a need that is bad in the
  end was bad from the start, and what was observed of it on the way can only speak against it. (Agents elsewhere may
  bring a need more work, of customers who are served and call again. That is noticed: a need whose limits are no longer
  met on average is not confirmed any more.)
- *Over rounds*: each of at most `most_rounds` tests of a need has an equal share of the chance of error.
- *Over needs*: this share is divided among the needs at stake, those that are not confirmed at the number they came
  with (Holm, Scandinavian Journal of Statistics 6 (1979) 65-70). As long as no bad need was confirmed, all that were
  bad at the start are among them, however many got agents meanwhile; so all their tests together err with at most
  1 - confidence. A number that is bad by a whole agent adds hardly anything to that.

Rejected: no division among needs. The statement needs every test to succeed, which protects it as long as a bad need
fails for ever (an intersection-union test); but bad needs get agents until they succeed, and the luckiest of twelve
that were a little short was overlooked in 8 % of tries. Rejected too: testing all needs anew in each round, on that
round alone, which is valid without any division. With hundreds of needs one or another fails by bad luck every time and
gets an agent, round after round (1,540 hours a week on the shipped centre, and never confirmed).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scipy import special

from .limits import Margin
from .observed import Observed
from .search import Ladder, margins

FIRM = 1.0
"""standard errors beyond the test by which a number that gets agents should meet its limits in the rounds it has"""
FOR_ONE = 2 / 3
"""of the rounds left, what a need is given to be confirmed in; the rest is for those that get agents then"""
MOST_ADDED = 0.3
"""of a number, that it gets at once"""


@dataclass
class Confirmation:
    """Confirms numbers of agents and adds to those that fall short. `simulate` is given the numbers and how many
    replications; it returns what fresh ones gave."""

    ladders: Sequence[Ladder]
    numbers: list[int]
    simulate: Callable[[Sequence[int], int], Observed]
    replications: int
    """of a round"""
    confidence: float
    most_rounds: int
    rounds: int = 0
    observed: Observed | None = None
    """replications of the last round"""
    added: list[int] = field(default_factory=list)
    """needs that got agents, by round"""
    evidence: list[list[Margin]] = field(init=False)
    """of each need, what all rounds with its number gave"""
    met: list[bool] = field(init=False)
    """of each need, whether it is confirmed"""
    came_with: list[int] = field(init=False)
    """the numbers before any got agents"""

    def __post_init__(self) -> None:
        self.evidence, self.met = [[] for _ in self.ladders], [False for _ in self.ladders]
        self.came_with = list(self.numbers)

    @property
    def short(self) -> list[int]:
        """Needs that are not confirmed."""
        return [which for which, met in enumerate(self.met) if not met]

    @property
    def holds(self) -> bool:
        """Whether the statement may be made."""
        return self.rounds > 0 and all(self.met)

    @property
    def replications_left(self) -> int:
        """Of the rounds to come, those that a need is given."""
        return math.ceil(FOR_ONE * (self.most_rounds - self.rounds) * self.replications)

    @property
    def alpha(self) -> float:
        """Chance of error of one test: its share by round and by need at stake."""
        calm = sum(
            met and number == first for met, number, first in zip(self.met, self.numbers, self.came_with, strict=True)
        )
        return (1 - self.confidence) / self.most_rounds / max(len(self.ladders) - calm, 1)

    def run(self, tell: Callable[[int], None]) -> bool:
        """Rounds until the numbers hold or `most_rounds` are over; tells how many needs are not confirmed after
        each."""
        while self.rounds < self.most_rounds and not self.holds:
            self._round()
            if not self.holds and self.rounds < self.most_rounds:
                self.added.append(sum(self._repair(which) for which in self.short))
            tell(len(self.short))
        return self.holds

    def _round(self) -> None:
        self.observed = self.simulate(self.numbers, self.replications)
        self.rounds += 1
        for which, ladder in enumerate(self.ladders):
            fresh, before = margins(ladder.need, self.observed), self.evidence[which]
            pooled = [old.plus(new) for old, new in zip(before, fresh, strict=True)] if before else fresh
            self.evidence[which] = pooled
            self.met[which] = self.met[which] and all(each.value > 0 for each in pooled)
        while sure := [which for which in self.short if self._is_sure(which)]:
            for which in sure:
                self.met[which] = True

    def _is_sure(self, which: int) -> bool:
        return all(margin.sure(self.alpha) for margin in self.evidence[which])

    def _repair(self, which: int) -> bool:
        """Gives agents to a need that would hardly be confirmed in the rounds that are left; whether it got some."""
        number, most = self.numbers[which], self.ladders[which].most
        if number >= most or all(self._has_hope(margin) for margin in self.evidence[which]):
            return False
        missing = max(-margin.room(number, self._wanted(margin)) for margin in self.evidence[which])
        more = max(1, min(math.ceil(missing), math.ceil(MOST_ADDED * number)))
        self.numbers[which] = min(number + more, most)
        self.evidence[which], self.met[which] = [], False
        return True

    def _has_hope(self, margin: Margin) -> bool:
        """Whether the need would be confirmed in time: at first, if it is up to a standard error better than it looks;
        half-way, if it is as it looks; towards the end, even if it is worse."""
        left, doubt = self.replications_left, 1 - 2 * self.rounds / self.most_rounds
        return margin.value + doubt * margin.error() >= self._quantile * margin.error(margin.count + left)

    def _wanted(self, margin: Margin) -> float:
        """The margin with which a number is most likely confirmed in the rounds that it is given."""
        return (self._quantile + FIRM) * margin.error(self.replications_left)

    @property
    def _quantile(self) -> float:
        return float(-special.ndtri(self.alpha))

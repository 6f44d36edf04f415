"""The confirmation: is the answer right, on replications that it was not made from?

Comes in: needs and their numbers. Goes out: numbers that hold, and the statement that they do. In each round a staffing
is simulated with replications that nothing was chosen by. If every limit of every need is met, each by a one-sided
test, the answer is confirmed. If not, agents are added where it falls short, and the next round tests everything again
on fresh replications.

Why the statement "every interval meets its limits" is wrong in at most 1 - confidence of all tries:

- *Over intervals*: it is made only if every single test succeeds. If one interval is bad, the statement is wrong no
  more often than that interval's own test is, however many others there are (an intersection-union test: Berger,
  Technometrics 24 (1982) 295-300). So nothing is divided among intervals.
- *Over rounds and looks*: a round's staffing was fixed before its replications began, so each look at them errs with at
  most its own alpha, and the alphas of all looks that could ever be taken add up to 1 - confidence: round r may err
  with (1 - KEEP) KEEP^(r - 1) of it, in equal parts for its looks.
- *Stopping early for lack of hope* never makes the statement, so it costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scipy import special

from .limits import Margin
from .observed import Observed, together
from .search import Ladder, margins

KEEP = 0.6
"""of the error that may still be made, what a round leaves to those after it"""
LOOKS = (0.125, 0.25, 0.5, 1.0)
"""when a round is looked at, as shares of its replications"""
FEWEST = 10
"""replications before a look"""


@dataclass
class Confirmation:
    """Confirms numbers of agents and adds to those that fall short. `simulate` is given the numbers and how many
    replications; it returns what fresh ones gave."""

    ladders: Sequence[Ladder]
    numbers: list[int]
    simulate: Callable[[Sequence[int], int], Observed]
    replications: int
    """of a whole round"""
    confidence: float
    most_rounds: int
    rounds: int = 0
    holds: bool = False
    """whether the statement may be made"""
    observed: Observed | None = None
    """replications of the last round"""
    added: list[int] = field(default_factory=list)
    """needs that got agents, by round"""
    short: list[int] = field(default_factory=list)
    """needs that fell short in the last round"""

    def run(self, tell: Callable[[int], None]) -> bool:
        """Rounds until the numbers hold or `most_rounds` are over; tells how many needs got agents after each."""
        while self.rounds < self.most_rounds and not self.holds:
            self.short = self._round()
            self.rounds += 1
            self.holds = not self.short
            if not self.holds and self.rounds < self.most_rounds:
                for which in self.short:
                    self.numbers[which] += self._missing(which)
                self.added.append(len(self.short))
            tell(len(self.short))
        return self.holds

    @property
    def alpha(self) -> float:
        """Chance of error of each look of the present round."""
        return (1 - self.confidence) * (1 - KEEP) * KEEP**self.rounds / len(LOOKS)

    def _round(self) -> list[int]:
        """Needs that fall short; empty if the numbers hold."""
        parts: list[Observed] = []
        done = 0
        for share in LOOKS:
            upto = max(FEWEST, math.ceil(share * self.replications))
            if upto > done:
                parts.append(self.simulate(self.numbers, upto - done))
                done = upto
            self.observed = together(parts)
            short = self.falling_short()
            if not short:
                return []
            hopeless = [which for which in short if self._is_hopeless(which)]
            if hopeless:
                return hopeless
        return short

    def falling_short(self) -> list[int]:
        """Needs of which the replications so far do not show that every limit is met."""
        return [which for which in range(len(self.ladders)) if not all(m.sure(self.alpha) for m in self.margins(which))]

    def margins(self, which: int) -> list[Margin]:
        """What the present round observed of a need."""
        assert self.observed is not None
        return margins(self.ladders[which].need, self.observed)

    def _is_hopeless(self, which: int) -> bool:
        """Whether a need would not be confirmed by the end of the round even if it is better by a standard error than
        it looks."""
        wanted = -special.ndtri(self.alpha)
        return any(m.value + m.error() < wanted * m.error(self.replications) for m in self.margins(which))

    def _missing(self, which: int) -> int:
        """Agents to add to a need that falls short: one, or more if many are missing."""
        number = self.numbers[which]
        room = min(m.room(number) for m in self.margins(which))
        return max(1, min(math.ceil(-room), math.ceil(0.3 * number))) if room < 0 else 1

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
  most its own alpha, and the alphas of all looks that are taken add up to at most 1 - confidence: a round may err with
  1 - KEEP of what earlier looks have left of it, most of that at its last look.
- *Stopping early for lack of hope* never makes the statement: looks that are not taken leave their alpha to later
  rounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scipy import special

from .limits import Margin
from .observed import Observed, together
from .search import Ladder, margins

KEEP = 0.8
"""of the error that may still be made, what a round leaves to those after it"""
LOOKS = {0.125: 0.1, 0.25: 0.1, 0.5: 0.2, 1.0: 0.6}
"""when a round is looked at, as a share of its replications: the share of its alpha that the look spends"""
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
    left: float = field(init=False)
    """of the chance of error that may still be made"""
    added: list[int] = field(default_factory=list)
    """needs that got agents, by round"""
    short: list[int] = field(default_factory=list)
    """needs that fell short in the last round"""

    def __post_init__(self) -> None:
        self.left = 1 - self.confidence

    def run(self, tell: Callable[[int], None]) -> bool:
        """Rounds until the numbers hold or `most_rounds` are over; tells how many needs got agents after each."""
        while self.rounds < self.most_rounds and not self.holds:
            self.short = self._round()
            self.rounds += 1
            self.holds = not self.short
            if not self.holds and self.rounds < self.most_rounds:
                self.added.append(self._add())
            tell(len(self.short))
        return self.holds

    def _round(self) -> list[int]:
        """Needs that fall short; empty if the numbers hold."""
        parts: list[Observed] = []
        done, may_err = 0, (1 - KEEP) * self.left
        for look in LOOKS:
            upto = max(FEWEST, math.ceil(look * self.replications))
            if upto > done:
                parts.append(self.simulate(self.numbers, upto - done))
                done = upto
            self.observed = together(parts)
            judged = [margins(ladder.need, self.observed) for ladder in self.ladders]
            alpha = may_err * LOOKS[look]
            self.left -= alpha
            short = [n for n, each in enumerate(judged) if not all(m.sure(alpha) for m in each)]
            hopeless = [n for n in short if any(self._is_hopeless(m, may_err) for m in judged[n])]
            if not short or hopeless or look == max(LOOKS):
                break
        for ladder, number, each in zip(self.ladders, self.numbers, judged, strict=True):
            ladder.learn(number, each)
        return (hopeless or short) if short else []

    def _is_hopeless(self, margin: Margin, may_err: float) -> bool:
        """Whether a need would not be confirmed by the end of the round even if it is better by a standard error than
        it looks."""
        wanted = -special.ndtri(may_err * LOOKS[max(LOOKS)])
        return bool(margin.value + margin.error() < wanted * margin.error(self.replications))

    def _add(self) -> int:
        """Adds agents to the needs that fall short, one or more each, and one to those that all replications so far
        show too near to their limits to be confirmed; how many needs there were."""
        added = 0
        for which, (ladder, number) in enumerate(zip(self.ladders, self.numbers, strict=True)):
            if which in self.short:
                room = ladder.room(number)
                self.numbers[which] += max(1, min(math.ceil(-room), math.ceil(0.3 * number))) if room < 0 else 1
            elif not ladder.does(number):
                self.numbers[which] += 1
            added += self.numbers[which] > number
        return added

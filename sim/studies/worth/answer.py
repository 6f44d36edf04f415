"""The answer for one level under one rule: agents freed, the staffing, money, and all of it in a sentence.

Comes in: what a search found and, later, the spread over what is unknown. Goes out: an `Answer`, which tables, pictures
and plans are made of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...model.studies.worth import Allocation
from .spread import Spread


@dataclass(frozen=True)
class Answer:
    """The staffing that a level needs under a rule. Agents are scheduled ones at the peaks of their groups' profiles.

    >>> Answer("cheapest", 0.8, 48.0, 11.2, 1.9, (36.8,), 9.0, 2e5, 1e5, (), True).words
    'integration.level at 0.8 frees 11.2 agents (9.3 to 13.1) of 48'
    """

    rule: Allocation
    level: float
    present: float
    freed: float
    half_width: float
    peaks: tuple[float, ...]
    """`agents` by group, as stated in the configuration"""
    fte_freed: float
    """scheduled full-time equivalents"""
    saved_per_year: float
    """wages"""
    integration_per_year: float
    """what the level costs more than the baseline's"""
    binding: tuple[str, ...]
    converged: bool
    name: str = "integration.level"
    """of what it is the level"""
    prices_per_year: float = 0.0
    """prices of contacts (a vendor's, say), more than the baseline's"""
    whole: tuple[float, float] = (0.0, 0.0)
    """agents freed and wages saved a year where every group needs whole agents at its peak, rounded up"""
    spread: Spread | None = None
    """over what is unknown about the centre: the headline"""

    @property
    def both(self) -> tuple[float, float] | None:
        """Agents freed, 95 % interval of noise and of what is unknown about the centre."""
        return (self.spread.agents[0], self.spread.agents[-1]) if self.spread else None

    @property
    def cost_per_year(self) -> float:
        """Integration and prices of contacts, more than the baseline's."""
        return self.integration_per_year + self.prices_per_year

    @property
    def net_per_year(self) -> float:
        """Wages saved less what it costs."""
        return self.saved_per_year - self.cost_per_year

    @property
    def agents(self) -> float:
        """Agents needed."""
        return self.present - self.freed

    @property
    def words(self) -> str:
        """The finding in a sentence, with no more digits than the interval deserves."""
        digits = 1 if not self.half_width > 2 else 0
        verb, more = ("frees", "") if self.freed >= 0 else ("needs", " more")
        interval = ""
        if not math.isnan(self.half_width):
            interval = self._between(self.freed - self.half_width, self.freed + self.half_width, digits)
        said = f"{abs(self.freed):.{digits}f}{more} agents" + (f" ({interval})" if interval else "")
        if not self.converged:
            plan = f"the cheapest plan seen that is no worse {verb} {said}, without an interval"
            return f"{self.name} at {self.level:g}: not found, the search did not settle; {plan}"
        if self.spread is None:
            return f"{self.name} at {self.level:g} {verb} {said} of {self.present:.0f}"
        return f"{self.name} at {self.level:g} {self.spread.words} of {self.present:.0f}; {self._inside(said, verb)}"

    def _inside(self, said: str, verb: str) -> str:
        """The value at today's inputs, and where in the distribution it lies."""
        rank = 0.0 if self.spread is None else self.spread.rank
        return f"at today's inputs it {verb} {said}, more than {rank:.0%} of what is possible"

    def _between(self, low: float, high: float, digits: int) -> str:
        if self.freed < 0:
            low, high = -high, -low
        return f"{low:.{digits}f} to {high:.{digits}f}"

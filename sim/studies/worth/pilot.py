"""From where on a level pays, and the pilot that would measure whether it does.

Comes in: a `Worth` study and its answer for a level. Goes out: a `Pilot`: the share of agents' time a journey that the
level saves, the share from which it pays, and how many journeys a pilot needs to tell the two apart. A pilot connects
customers drawn by lot and leaves the others as they are; what it compares is agents' time per journey, whose variance
between customers is simulated. Two arms, two-sided, the usual formula: n = (z + z')^2 (var + var') / difference^2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ...log.tables import Log
from ...measures.journeys import agent_seconds
from ...measures.window import Facts
from ...model.centre import Configuration
from ...model.units import WEEK
from ...runs.replicate import gathered
from .answer import Answer
from .study import WEEKS, Worth

POWER = 0.8
MANY_YEARS = 10.0
"""a pilot that would last longer is none"""


@dataclass(frozen=True)
class Pilot:
    """What a pilot would have to find out, at today's inputs.

    >>> Pilot(0.12, 0.04, 1.5, 1.4, 0.9, 11_000.0).journeys
    5164
    """

    saved: float
    """share of agents' time a journey that goes at the level"""
    pays: float
    """share from which the level pays: its price over all wages"""
    spread: float
    """standard deviation of agents' time between customers today, over its mean"""
    spread_there: float
    """the same at the level, over today's mean"""
    paired: float
    """that of the difference if every customer could be met twice with the same luck, as a simulation can"""
    weekly: float
    """journeys a week"""
    confidence: float = 0.95

    @property
    def journeys(self) -> int | None:
        """Journeys in each arm; None where the two shares are too close to be told apart in ten years."""
        return self._needed(self.spread**2 + self.spread_there**2)

    @property
    def pairs(self) -> int | None:
        """Customers that a simulation needs for the same."""
        return self._needed(self.paired**2)

    def _needed(self, variance: float) -> int | None:
        difference = abs(self.saved - self.pays)
        z = special.ndtri((1 + self.confidence) / 2) + special.ndtri(POWER)
        most = MANY_YEARS * WEEKS * self.weekly / 2
        return math.ceil(z * z * variance / difference**2) if z * z * variance < most * difference**2 else None

    @property
    def words(self) -> str:
        """In sentences."""
        text = (
            f"What would have to be true: it pays from {self.pays:.1%} of agents' time a journey (its price over all "
            f"wages); at today's inputs it saves {self.saved:.1%}. "
        )
        n = self.journeys
        if n is None:
            return text + "These are too close for any pilot to tell apart."
        weeks = 2 * n / self.weekly
        long = f"{weeks:.1f} weeks" if weeks >= 1 else f"{math.ceil(7 * weeks)} days"
        return text + (
            f"A pilot that connects every second customer, drawn by lot, tells the two apart with {n:,} journeys in "
            f"each half ({self.confidence:.0%} confidence, power {POWER:.0%}): {long} of today's volume. Time differs "
            f"between customers by {self.spread:.0%} of its mean; a simulation, which can meet each customer twice, "
            f"needs {self.pairs or 1:,}."
        )


def pilot_of(study: Worth, answer: Answer) -> Pilot | None:
    """The pilot for an answer, from two simulations at present staffing with the same customers; None where agents have
    no work, or no wages to pay it from."""
    before, after = (np.concatenate(gathered(config, agent_time)) for config in (study.config, study.at(answer.level)))
    groups, mean = study.groups, float(before.mean()) if before.size else 0.0
    wages = float((groups.hours * groups.wages).sum()) * WEEKS
    if not (mean > 0 and wages > 0):
        return None
    run = study.config.run
    return Pilot(
        1 - float(after.mean()) / mean,
        answer.cost_per_year / wages,
        float(before.std()) / mean,
        float(after.std()) / mean,
        float((before - after).std()) / mean,
        before.size / run.replications * WEEK / run.measure,
        run.confidence,
    )


def agent_time(log: Log, config: Configuration) -> np.ndarray:
    """(journeys,) seconds of agents in each journey of the measured window; customers have one order at all levels."""
    return np.asarray(agent_seconds(Facts(log, config)))

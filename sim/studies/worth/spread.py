"""The headline: how the agents freed are distributed over what is unknown about the centre.

Comes in: an answer at today's inputs, the deviation of each parameter set from it, and what each set says about wages
and the price of integration. Goes out: a `Spread`: median, intervals, the probability of freeing none, and net money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..inputs.ranges import Input
from ..inputs.uncertainty import joined

Floats = NDArray[np.float64]
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
FEWEST = 9
"""sets below which nothing is said about what decides"""


@dataclass(frozen=True)
class Spread:
    """Agents freed and net money a year over the parameter sets, simulation noise included."""

    agents: tuple[float, ...]
    """quantiles at `LEVELS`"""
    net: tuple[float, ...]
    """quantiles at `LEVELS`: wages saved less what it costs"""
    none: float
    """probability that no agent is freed"""
    loss: float
    """probability that it costs more than it saves"""
    rank: float
    """probability of less than the value at today's inputs: 0.5 where that lies in the middle"""
    sets: int

    @property
    def median(self) -> float:
        """Of the agents freed."""
        return self.agents[2]

    @property
    def said(self) -> tuple[str, str, str, str, str]:
        """The quantiles, and around the median the verb: `frees 6.1 agents`, or with the sign turned round
        `needs 7.9 more agents`."""
        needs = self.median < 0
        low, less, middle, more, high = (
            f"{each:.1f}" for each in sorted(-each if needs else each for each in self.agents)
        )
        return low, less, f"needs {middle} more agents" if needs else f"frees {middle} agents", more, high

    @property
    def words(self) -> str:
        """`frees 6.1 agents (80 % 3.9 to 8.0; 95 % 1.2 to 9.4; none with probability 1 %)`."""
        low, less, middle, more, high = self.said
        none = (
            f"frees none with probability {self.none:.0%}"
            if self.median < 0
            else f"none with probability {self.none:.0%}"
        )
        return f"{middle} (80 % {less} to {more}; 95 % {low} to {high}; {none})"


def spread_of(freed: Floats, error: float, net: Floats, error_of_net: float, today: float) -> Spread:
    """`freed`, `net` (sets,): without simulation noise; the errors are standard errors; `today` at today's inputs.

    >>> spread_of(np.array([-1.0, 1.0, 2.0, 4.0]), 0.0, np.zeros(4), 0.0, 2.5).none
    0.25
    """
    agents, money = (tuple(joined(*each, LEVELS)) for each in ((freed, error), (net, error_of_net)))
    return Spread(
        agents,
        money,
        _below(freed, error, 0.0),
        _below(net, error_of_net, 0.0),
        _below(freed, error, today),
        freed.size,
    )


def _below(values: Floats, error: float, limit: float) -> float:
    """Probability of at most `limit` for one of `values`, each as likely, plus a normal error."""
    if not error > 0:
        return float((values <= limit).mean())
    return float(np.mean(special.ndtr((limit - values) / error)))


@dataclass(frozen=True)
class Curve:
    """Agents freed against the unknown that decides most, over the parameter sets."""

    input: Input
    correlation: float
    """rank correlation of its values with the agents freed"""
    values: Floats
    """(sets,) ascending"""
    freed: Floats
    """(sets,) in that order"""

    @property
    def thirds(self) -> list[tuple[float, float]]:
        """(median value, mean of the agents freed) of the lowest, middle and highest third of the values."""
        parts = np.array_split(np.arange(self.values.size), 3)
        return [(float(np.median(self.values[part])), float(self.freed[part].mean())) for part in parts]

    @property
    def line(self) -> tuple[float, float]:
        """Slope and height at 0 of the straight line through the sets (least squares)."""
        slope, height = np.polyfit(self.values, self.freed, 1)
        return float(slope), float(height)

    @property
    def turning(self) -> float | None:
        """The value at which the line frees nobody; None if that lies outside the range."""
        slope, height = self.line
        low, high = self.input.range.ends
        return -height / slope if slope and low <= -height / slope <= high else None

    @property
    def words(self) -> str:
        """In a sentence."""
        said = ", ".join(f"{mean:.1f} at {self.input.said(value)}" for value, mean in self.thirds)
        zero = self.turning
        none = "nowhere in its range is that none" if zero is None else f"none at {self.input.said(zero)}"
        how = f"rank correlation {self.correlation:+.2f} over {self.values.size} sets"
        line = f"on the straight line through the sets {none}"
        return f"What decides: {self.input.label} ({how}); agents freed: {said}; {line}."


def curve_of(inputs: Sequence[Input], values: Floats, freed: Floats) -> Curve | None:
    """Which unknown decides, and how: `values` (sets, inputs), `freed` (sets,). None for sets too few, or that do not
    differ."""
    if freed.size < FEWEST or np.ptp(freed) == 0:
        return None
    correlations = rank_correlations(values, freed)
    i = int(np.argmax(np.abs(correlations)))
    order = np.argsort(values[:, i])
    return Curve(inputs[i], float(correlations[i]), values[order, i], freed[order])


def rank_correlations(values: Floats, results: Floats) -> Sequence[float]:
    """Spearman's rank correlation of each column of `values` (sets, inputs) with `results` (sets,)."""
    ranks = np.argsort(np.argsort(values, axis=0), axis=0).astype(float)
    mine = np.argsort(np.argsort(results)).astype(float)
    a, b = ranks - ranks.mean(axis=0), mine - mine.mean()
    return list((a * b[:, None]).sum(axis=0) / np.sqrt((a**2).sum(axis=0) * (b**2).sum()))

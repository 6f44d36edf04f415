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
    def words(self) -> str:
        """`6.1 agents (80 % 3.9 to 8.0; 95 % 1.2 to 9.4; none with probability 1 %)`."""
        low, less, middle, more, high = (f"{each:.1f}" for each in self.agents)
        return f"{middle} agents (80 % {less} to {more}; 95 % {low} to {high}; none with probability {self.none:.0%})"


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


def deciding(inputs: Sequence[Input], values: Floats, freed: Floats) -> str:
    """Which unknown decides, and how: agents freed in the lowest, middle and highest third of its values.

    `values` (sets, inputs), `freed` (sets,). Empty for sets too few, or that do not differ.
    """
    if freed.size < FEWEST or np.ptp(freed) == 0:
        return ""
    correlations = rank_correlations(values, freed)
    i = int(np.argmax(np.abs(correlations)))
    mine, order = values[:, i], np.argsort(values[:, i])
    thirds = [
        f"{freed[part].mean():.1f} at {inputs[i].said(float(np.median(mine[part])))}"
        for part in np.array_split(order, 3)
    ]
    return (
        f"What decides: {inputs[i].label} (rank correlation {correlations[i]:+.2f} over {freed.size} sets); "
        f"agents freed: {', '.join(thirds)}."
    )


def rank_correlations(values: Floats, results: Floats) -> Sequence[float]:
    """Spearman's rank correlation of each column of `values` (sets, inputs) with `results` (sets,)."""
    ranks = np.argsort(np.argsort(values, axis=0), axis=0).astype(float)
    mine = np.argsort(np.argsort(results)).astype(float)
    a, b = ranks - ranks.mean(axis=0), mine - mine.mean()
    return list((a * b[:, None]).sum(axis=0) / np.sqrt((a**2).sum(axis=0) * (b**2).sum()))

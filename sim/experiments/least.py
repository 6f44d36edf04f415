"""The cheapest point at which no constraint is worse, found by linear programmes on simulated slopes.

Comes in: a function from a point to `Margins` (each simulated once), weights of cost, bounds. Goes out: `Least`, the
point with the slopes there, from which follow intervals. Staffing by cutting planes or linear programmes on simulated
sub-gradients is Atlason, Epelman and Henderson, Annals of OR 127 (2004) 333-358, and Cezik and L'Ecuyer, Management
Science 54 (2008) 310-323; here the slopes are refreshed instead of collected, because with common random numbers one
difference a coordinate is exact enough, and margins need not be concave.

Rejected: taking agents out of one group at a time as far as it goes. The first group stops where its own constraint
binds; then no other group can give up anybody, because every agent less there sends a few more customers to the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from .margins import Floats, Margins

Bools = NDArray[np.bool_]
TRUST, PROBE, STEPS = 0.2, 0.05, 12
"""largest step, step of the first slopes, most steps; of present staffing"""
PENALTY = 1000.0
"""cost of a broken constraint, against that of all agents: only broken where a step cannot mend it"""
ZERO = 1e-9
"""multipliers of linear programmes below this are none"""


@dataclass(frozen=True)
class Least:
    """A point (share of present staffing by coordinate), the margins of the last simulated point beside it, and the
    local linear programme: which constraints bind and which coordinates they move."""

    point: Floats
    margins: Margins
    slopes: Floats
    """(constraints, coordinates)"""
    binding: Bools
    free: Bools
    converged: bool

    def deviations(self, weights: Floats) -> Floats:
        """By replication, what the noise of the binding margins adds to `weights` @ point (delta method)."""
        if not self.binding.any() or not self.free.any():
            return np.zeros(self.margins.residuals.shape[0])
        moved = np.linalg.pinv(self.slopes[np.ix_(self.binding, self.free)])
        return np.asarray(-self.margins.residuals[:, self.binding] @ moved.T @ weights[self.free])


@dataclass(frozen=True)
class _Step:
    move: Floats
    binding: Bools
    free: Bools


def least(
    margins: Callable[[Floats], Margins],
    start: Floats,
    cost: Floats,
    bounds: tuple[float, float],
    tolerance: Floats,
) -> Least:
    """The point of least `cost` @ point within `bounds` at which all margins are at least 0.

    Stops when the linear programme would move every coordinate by less than `tolerance`; that last move is taken,
    without being simulated. Slopes come from one difference a coordinate and are corrected by every step.
    """
    point, here = start, margins(start)
    slopes = _probed(margins, start, here)
    for left in reversed(range(STEPS)):
        step = _solved(slopes, here.values, cost, np.maximum(bounds[0] - point, -TRUST), _up(bounds[1] - point))
        settled = bool((np.abs(step.move) <= tolerance).all())
        if settled or not left:
            return Least(point + step.move, here, slopes, step.binding, step.free, settled)
        point = point + step.move
        there = margins(point)
        slopes = _corrected(slopes, step.move, there.values - here.values)
        here = there
    raise AssertionError("the loop returns")


def _up(room: Floats) -> Floats:
    return np.minimum(room, TRUST)


def _probed(margins: Callable[[Floats], Margins], start: Floats, here: Margins) -> Floats:
    """Slopes by one difference a coordinate; agents can only help, so that noise below 0 is cut off."""
    columns = []
    for i in range(start.size):
        fewer = start.copy()
        fewer[i] -= PROBE
        columns.append((here.values - margins(fewer).values) / PROBE)
    return np.maximum(np.array(columns).T, 0.0)


def _corrected(slopes: Floats, move: Floats, change: Floats) -> Floats:
    """Slopes that explain the change just seen: the least correction relative to each slope (a secant step where one
    coordinate decides), at most by a factor of 3. A constraint that was saturated (no slopes yet) takes any."""
    asleep = ~slopes.any(axis=1, keepdims=True)
    weight = np.where(asleep, 1.0, slopes**2) * move
    total = (weight * move).sum(axis=1)
    error = change - slopes @ move
    share = np.divide(error, total, out=np.zeros_like(error), where=total > 0)
    return np.asarray(np.clip(slopes + share[:, None] * weight, slopes / 3, np.where(asleep, np.inf, slopes * 3)))


def _solved(slopes: Floats, values: Floats, cost: Floats, low: Floats, high: Floats) -> _Step:
    """The linear programme: least cost @ move with values + slopes @ move >= 0, broken only at a high price."""
    rows, columns = slopes.shape
    scale = np.where(slopes.max(axis=1) > 0, slopes.max(axis=1), 1.0)
    table = np.hstack([slopes / scale[:, None], np.eye(rows)])
    price = np.concatenate([cost / cost.sum(), np.full(rows, PENALTY)])
    limits = [*zip(low, high, strict=True), *[(0.0, None)] * rows]
    found = optimize.linprog(price, A_ub=-table, b_ub=values / scale, bounds=limits, method="highs")
    if not found.success:
        raise ArithmeticError(f"linear programme of the staffing: {found.message}")
    free = np.maximum(np.abs(found.lower.marginals), np.abs(found.upper.marginals)) < ZERO
    return _Step(found.x[:columns], found.ineqlin.marginals < -ZERO, free[:columns])

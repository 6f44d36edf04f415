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

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from .constraints import Floats, Margins

Bools = NDArray[np.bool_]
TRUST, PROBE, STEPS = 0.2, 0.05, 12
"""largest step, step of the first slopes, most steps; of present staffing"""
OFF = 0.5
"""by which share slopes may differ between two points that a largest step parts"""
ENLARGED, MOST = (1.1, 1.3, 1.6, 2.0, 3.0), 3.0
"""by which an infeasible end is enlarged where no feasible point was seen; of present staffing at most"""
TRIES, NEAR = 6, 3.0
"""steps that mend an end which breaks a constraint; how many tolerances the answer may cost more than the end"""
EXPLAINED = 2.0
"""standard errors within which noise explains a slope"""
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
    predicted: Floats
    """margins at `point`, by the slopes from the last simulated one"""

    def deviations(self, weights: Floats) -> Floats:
        """By replication, what the noise of the binding margins adds to `weights` @ point (delta method)."""
        return Step(self.point, self.binding, self.free).deviations(self.margins.residuals, self.slopes, weights)

    def mended(self, here: Margins, cost: Floats, bounds: tuple[float, float], wanted: Floats | float = 0.0) -> Least:
        """The cheapest point beside this one, whose margins were simulated as `here`, with margins of at least
        `wanted`."""
        low, high = np.maximum(bounds[0] - self.point, -TRUST), np.minimum(bounds[1] - self.point, TRUST)
        step = _solved(self.slopes, here.values - wanted, cost, np.minimum(low, 0.0), np.maximum(high, 0.0))
        predicted = here.values + self.slopes @ step.move
        return dataclasses.replace(
            self, point=self.point + step.move, margins=here, binding=step.binding, free=step.free, predicted=predicted
        )

    def shifted(self, change: Floats, cost: Floats, bounds: tuple[float, float]) -> Step:
        """From `point`, the step that is cheapest if all margins were `change` larger: one linear programme."""
        low, high = bounds[0] - self.point, bounds[1] - self.point
        return _solved(self.slopes, self.predicted + change, cost, np.minimum(low, 0.0), np.maximum(high, 0.0))


@dataclass(frozen=True)
class Step:
    """What a linear programme says: the move, which constraints bind, which coordinates are free to follow them."""

    move: Floats
    binding: Bools
    free: Bools

    def deviations(self, residuals: Floats, slopes: Floats, weights: Floats) -> Floats:
        """By replication, what the noise of the binding margins, `residuals` (replications, constraints), adds to
        `weights` @ point."""
        if not self.binding.any() or not self.free.any():
            return np.zeros(residuals.shape[0])
        moved = np.linalg.pinv(slopes[np.ix_(self.binding, self.free)])
        return np.asarray(-residuals[:, self.binding] @ moved.T @ weights[self.free])


def least(
    margins: Callable[[Floats], Margins],
    start: Floats,
    cost: Floats,
    bounds: tuple[float, float],
    tolerance: Floats,
    slopes: Floats | None = None,
) -> Least:
    """The point of least `cost` @ point within `bounds` at which all margins are at least 0.

    Stops when the linear programme would move every coordinate by less than `tolerance`; that last move is taken,
    without being simulated. Slopes come from one difference a coordinate, unless a neighbouring search gives its own,
    and are corrected by every step. A coordinate that turns back is trusted half as far from then on: fractions of an
    agent are drawn, so that margins are stairs when looked at closely, and a search could step to and fro on one.
    """
    point, here = start, margins(start)
    slopes = _probed(margins, start, here) if slopes is None else slopes
    trust, last = np.full(start.size, TRUST), np.zeros(start.size)
    for left in reversed(range(STEPS)):
        low, high = np.maximum(bounds[0] - point, -trust), np.minimum(bounds[1] - point, trust)
        step = _solved(slopes, here.values, cost, low, high)
        settled = bool((np.abs(step.move) <= tolerance).all())
        if settled or not left:
            predicted = here.values + slopes @ step.move
            if (trust < TRUST).any():  # what binds is not the trust
                wide = np.full(start.size, TRUST)
                step = dataclasses.replace(_solved(slopes, predicted, cost, -wide, wide), move=step.move)
            return Least(point + step.move, here, slopes, step.binding, step.free, settled, predicted)
        trust = np.where(step.move * last < 0, np.minimum(trust, np.abs(last) / 2), trust)
        last = step.move
        point = point + step.move
        there = margins(point)
        slopes = _corrected(slopes, step.move, there.values - here.values, _noise(here, there))
        here = there
    raise AssertionError("the loop returns")


def feasible(
    found: Least,
    margins: Callable[[Floats], Margins],
    visited: Sequence[Floats],
    cost: Floats,
    slack: Floats,
    tolerance: Floats,
    bounds: tuple[float, float] = (0.0, MOST),
) -> Least:
    """The answer that may be given: `found` where its point, simulated, is feasible; else a point that is.

    Feasible is a point whose margins are all at least -`slack`. A search on slopes can end at a point that is dearer
    than one it has seen, or that breaks a constraint: at the very limit the noise of one staffing decides which. So its
    end is simulated, and mended by steps from what was simulated there. Where that does not help, the last feasible
    point on the way from the cheapest feasible point visited is taken, by bisection to within `tolerance`. Nothing
    dearer than that visited point is ever returned. Without any feasible point, if the search had not settled, or if
    the answer's cost lies far from that of the search's end, it is marked as not converged: there is then no interval.
    """

    def holds(point: Floats) -> bool:
        """Whether all constraints hold at a point, within the slack."""
        return bool((margins(point).values >= -slack).all())

    end, tried = found.point, [*visited]
    for _ in range(TRIES):
        tried.append(found.point)
        if holds(found.point):
            break
        found = found.mended(margins(found.point), cost, bounds)
    known = [point for point in tried if holds(point)]
    if not known:  # more of everybody, until it is enough
        known = [point for point in (np.minimum(end * more, MOST) for more in ENLARGED) if holds(point)][:1]
    best = min(known, key=lambda point: float(cost @ point), default=None)
    if best is None:
        return dataclasses.replace(found, point=end, converged=False)
    if not holds(end) and not holds(found.point):
        best = _bisected(holds, best, end, cost, tolerance)
    near = NEAR * float(np.linalg.norm(cost * tolerance))
    settled = found.converged and abs(float(cost @ (best - end))) <= near
    return dataclasses.replace(found, point=best, margins=margins(best), converged=settled)


def _bisected(holds: Callable[[Floats], bool], good: Floats, bad: Floats, cost: Floats, tolerance: Floats) -> Floats:
    """The last point from `good` to `bad` that holds, to within `tolerance`; `good` itself where that is cheaper."""
    best = good
    while (np.abs(good - bad) > tolerance).any():
        middle = (good + bad) / 2
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    return good if cost @ good <= cost @ best else best


def _probed(margins: Callable[[Floats], Margins], start: Floats, here: Margins) -> Floats:
    """Slopes by one difference a coordinate. Agents can only help, so that what lies below 0 is noise; so is what its
    standard error explains: a linear programme would buy service where noise makes it look cheap."""
    columns, errors = [], []
    for i in range(start.size):
        fewer = start.copy()
        fewer[i] -= PROBE
        there = margins(fewer)
        columns.append((here.values - there.values) / PROBE)
        errors.append(np.sqrt(_noise(here, there)) / PROBE)
    slopes, noise = np.maximum(np.array(columns).T, 0.0), np.array(errors).T
    largest = slopes.max(axis=1, keepdims=True)
    return np.where((slopes > EXPLAINED * noise) | (slopes == largest), slopes, 0.0)


def _noise(here: Margins, there: Margins) -> Floats:
    """Variance of the change of each margin between two points, paired over replications."""
    n = here.residuals.shape[0]
    if n < 2:
        return np.zeros(here.values.shape)
    return np.asarray((there.residuals - here.residuals).var(axis=0, ddof=1) / n)


def _corrected(slopes: Floats, move: Floats, change: Floats, noise: Floats) -> Floats:
    """Slopes that explain the change just seen: the least correction relative to each slope (a secant step where one
    coordinate decides), at most by a factor of 3. A constraint that was saturated (no slopes yet) takes any.

    A change is believed as far as it says more than its noise (Kalman's gain; how far slopes may be off grows with the
    move). Without that the secants of the last small moves threw slopes about by that factor of 3, and with them the
    interval, on a queue where they are known.
    """
    asleep = ~slopes.any(axis=1, keepdims=True)
    weight = np.where(asleep, 1.0, slopes**2) * move
    total = (weight * move).sum(axis=1)
    error = change - slopes @ move
    prior = (OFF * np.abs(move).max() / TRUST) ** 2 * total
    gain = np.divide(prior, prior + noise, out=np.zeros_like(error), where=prior > 0)
    share = np.divide(gain * error, total, out=np.zeros_like(error), where=total > 0)
    return np.asarray(np.clip(slopes + share[:, None] * weight, slopes / 3, np.where(asleep, np.inf, slopes * 3)))


def _solved(slopes: Floats, values: Floats, cost: Floats, low: Floats, high: Floats) -> Step:
    """The linear programme: least cost @ move with values + slopes @ move >= 0, broken only at a high price."""
    rows, columns = slopes.shape
    scale = np.where(slopes.max(axis=1) > 0, slopes.max(axis=1), 1.0)
    table = np.hstack([slopes / scale[:, None], np.eye(rows)])
    price = np.concatenate([cost / cost.sum(), np.full(rows, PENALTY)])
    limits = [*zip(low, high, strict=True), *[(0.0, None)] * rows]
    found = optimize.linprog(price, A_ub=-table, b_ub=values / scale, bounds=limits, method="highs")
    if not found.success or found.x is None:
        raise ArithmeticError(f"linear programme of the staffing: {found.message}")
    free = np.maximum(np.abs(found.lower.marginals), np.abs(found.upper.marginals)) < ZERO
    return Step(found.x[:columns], found.ineqlin.marginals < -ZERO, free[:columns])

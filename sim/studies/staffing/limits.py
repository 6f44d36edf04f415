"""What is asked of agent groups, and how far a simulation was from it.

Comes in: what was observed at a staffing. Goes out: for each limit its margin, on which side of the limit it is and by
how much, replication by replication. A share is at least its limit if the expectation of (top - limit x bottom) is at
least 0; that is a plain mean over replications, which a one-sided t test can judge. `Margin.sure` is that test after
Hall's monotone transformation, which takes the skewness out (Journal of the Royal Statistical Society B 54 (1992)
221-228): service levels near 1 are skewed to the left, and a plain t test would claim too much. Rejected: Johnson's
correction, the first two terms of the same; it is not monotone, and refuses what is met by far.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...model.centre import Configuration
from .groups import Group
from .observed import Observed

Floats = NDArray[np.float64]
EDGE = 1e-3
"""shares nearer to 0 or 1 than this look alike to the length of a step"""


@dataclass(frozen=True)
class Limit:
    """One thing asked: `scope.name.measure` at least (or at most) `value`."""

    scope: str
    name: str
    measure: str
    value: float
    at_least: bool

    def margins(self, observed: Observed, columns: Sequence[int]) -> tuple[Floats, Floats]:
        """(replications,) each: how far the columns together are on the good side, times the bottom; and the bottom."""
        top, bottom = (part[:, columns].sum(axis=1) for part in observed.parts(self.scope, self.name, self.measure))
        return (1.0 if self.at_least else -1.0) * (top - self.value * bottom), bottom


def limits(config: Configuration, group: Group) -> Iterator[Limit]:
    """What is asked of a group in each slot (or, of deferred channels, over the window)."""
    asked = config.study.staffing
    for channel in (*group.live, *group.deferred):
        target = config.channels[channel].target
        if target is not None:
            yield Limit("channel", channel, "service_level", target.share, True)
        if channel in group.live and asked.max_abandonment < 1 and can_leave(config, channel):
            yield Limit("channel", channel, "abandoned", asked.max_abandonment, False)
    if group.by_interval and asked.max_occupancy < 1:
        yield Limit("pool", group.name, "occupancy", asked.max_occupancy, False)


def can_leave(config: Configuration, channel: str) -> bool:
    """Whether customers of a live channel ever hang up."""
    spec = config.channels[channel]
    varied = (*spec.by_segment.values(), *spec.by_reason.values())
    return getattr(spec, "patience", None) is not None or any(each.patience is not None for each in varied)


@dataclass(frozen=True)
class Margin:
    """The margin of a limit: sums over replications, so that several simulations of one staffing add up.

    `total` and `squares`, `cubes` are of the margins by replication, `bottom` of what they are shares of.
    """

    limit: Limit
    count: int
    total: float
    squares: float
    cubes: float
    bottom: float

    @classmethod
    def of(cls, limit: Limit, observed: Observed, columns: Sequence[int]) -> Margin:
        """From what was observed in the columns together."""
        d, bottom = limit.margins(observed, columns)
        return cls(limit, d.size, float(d.sum()), float((d**2).sum()), float((d**3).sum()), float(bottom.sum()))

    def plus(self, other: Margin) -> Margin:
        """Both together."""
        return Margin(
            self.limit, self.count + other.count, self.total + other.total, self.squares + other.squares,
            self.cubes + other.cubes, self.bottom + other.bottom,
        )  # fmt: skip

    @property
    def value(self) -> float:
        """On the good side by so much, as a share; infinite where nothing was offered."""
        return self.total / self.bottom if self.bottom > 0 else np.inf

    @property
    def spread(self) -> float:
        """Standard deviation of one replication's margin, as a share."""
        if self.count < 2 or self.bottom <= 0:
            return 0.0
        variance = (self.squares - self.total**2 / self.count) / (self.count - 1)
        return float(np.sqrt(max(variance, 0.0))) / (self.bottom / self.count)

    def error(self, count: int | None = None) -> float:
        """Standard error of the margin, of `count` replications or of those there are."""
        return self.spread / float(np.sqrt(count or self.count))

    def sure(self, alpha: float) -> bool:
        """Whether the limit is met: a one-sided test at level `alpha` that the expected margin is below 0."""
        if self.bottom <= 0:
            return True
        if self.spread == 0 or self.count < 2:
            return self.value > 0 and self.count > 1
        return bool(self._unskewed() > special.stdtrit(self.count - 1, 1 - alpha))

    def _unskewed(self) -> float:
        """Student's t of the margin after Hall's transformation."""
        n, mean = self.count, self.total / self.count
        variance = max(self.squares / n - mean**2, 1e-300) * n / (n - 1)
        third = self.cubes / n - 3 * mean * self.squares / n + 2 * mean**3
        skewness, t = third / variance**1.5 / np.sqrt(n), mean * np.sqrt(n / variance)
        return float(t + skewness / 3 * t**2 + skewness**2 / 27 * t**3 + skewness / 6)

    def room(self, agents: int, margin: float = 0.0) -> float:
        """Agents that could go (negative: are missing) for the margin to become `margin`.

        An estimate that only sets the length of a step, by the square-root rule of staffing (Halfin and Whitt,
        Operations Research 29 (1981) 567-588): the normal quantile of a share moves by about 1/sqrt(agents) with each
        agent.
        """
        if self.bottom <= 0:
            return np.inf
        sign = 1.0 if self.limit.at_least else -1.0
        share, wanted = self.limit.value + sign * self.value, self.limit.value + sign * margin
        if self.limit.measure == "occupancy":
            return agents * (1 - share / wanted)
        ends = special.ndtri(np.clip([share, wanted], EDGE, 1 - EDGE))
        return float(sign * (ends[0] - ends[1]) * np.sqrt(max(agents, 1)))

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
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...model.centre import Configuration
from .groups import Group
from .observed import Observed

Floats = NDArray[np.float64]
ENOUGH = 20
"""replications from which on controls are used: their slopes are estimated"""
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

    def margin(self, observed: Observed, columns: Sequence[int], work: Floats | None = None) -> Margin:
        """The margin of the columns together. `work` is the agents' time that is known to arrive by column, of a
        service that all get; None if it is not known."""
        top, bottom = (part[:, columns].sum(axis=1) for part in observed.parts(self.scope, self.name, self.measure))
        margins = (1.0 if self.at_least else -1.0) * (top - self.value * bottom)
        controls = np.zeros((bottom.size, 0))
        if work is not None:
            before = [column - 1 for column in columns if column > 1]
            arrived = observed.work
            controls = np.column_stack(
                [arrived[:, at].sum(axis=1) - work[list(at)].sum() for at in (columns, before) if at]
            )
        return Margin(self, margins, bottom, controls)


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


@dataclass(frozen=True, eq=False)
class Margin:
    """The margin of a limit, replication by replication, so that several simulations of one staffing add up.

    Where the mean of something that moves the margin is known beforehand (the work that arrives), what the
    replications had more or less of it than that is taken out by regression (control variates: Lavenberg and Welch,
    Management Science 27 (1981) 322-335). It leaves about half of the variance.
    """

    limit: Limit
    margins: Floats
    """(replications,)"""
    bottoms: Floats
    """(replications,) what the margins are shares of"""
    controls: Floats
    """(replications, controls) above what is known to be their mean; no columns where nothing is known"""

    def plus(self, other: Margin) -> Margin:
        """Both together."""
        parts = ((self.margins, other.margins), (self.bottoms, other.bottoms), (self.controls, other.controls))
        return Margin(self.limit, *(np.concatenate(pair) for pair in parts))

    @property
    def count(self) -> int:
        """Replications."""
        return self.margins.size

    @cached_property
    def _adjusted(self) -> tuple[float, Floats]:
        """Mean margin at the known means of the controls, and what of each margin the controls do not explain."""
        used = self.controls[:, self.controls.std(axis=0) > 0] if self.count >= ENOUGH else self.controls[:, :0]
        mean, centred = self.margins.mean(), used - used.mean(axis=0)
        slopes = np.linalg.lstsq(centred, self.margins - mean, rcond=None)[0]
        return float(mean - slopes @ used.mean(axis=0)), np.asarray(self.margins - mean - centred @ slopes)

    @cached_property
    def _deviation(self) -> float:
        """Standard deviation of what the controls do not explain."""
        freedom = self.count - 1 - (self.controls.shape[1] if self.count >= ENOUGH else 0)
        return float(np.sqrt((self._adjusted[1] ** 2).sum() / max(freedom, 1))) if self.count > 1 else 0.0

    @cached_property
    def bottom(self) -> float:
        """Mean of the bottoms; 0 where nothing was offered."""
        return float(self.bottoms.mean())

    @property
    def value(self) -> float:
        """On the good side by so much, as a share; infinite where nothing was offered."""
        return self._adjusted[0] / self.bottom if self.bottom > 0 else np.inf

    @property
    def share(self) -> float:
        """The measure itself."""
        return self.limit.value + (self.value if self.limit.at_least else -self.value)

    @property
    def spread(self) -> float:
        """Standard deviation of one replication's margin, as a share."""
        return self._deviation / self.bottom if self.bottom > 0 else 0.0

    def error(self, count: int | None = None) -> float:
        """Standard error of the margin, of `count` replications or of those there are."""
        return self.spread / float(np.sqrt(count or self.count))

    def half_width(self, confidence: float) -> float:
        """Half of the measure's confidence interval; NaN of a single replication."""
        return float(special.stdtrit(self.count - 1, (1 + confidence) / 2) * self.error()) if self.count > 1 else np.nan

    def sure(self, alpha: float) -> bool:
        """Whether the limit is met: a one-sided test at level `alpha` that the expected margin is below 0."""
        if self.bottom <= 0:
            return True
        if self.spread == 0 or self.count < 2:
            return self.value > 0 and self.count > 1
        return self._chance < alpha

    @cached_property
    def _chance(self) -> float:
        """How likely such a margin, or a better one, is if the expected margin is 0."""
        return float(special.stdtr(self.count - 1, -self._unskewed()))

    def _unskewed(self) -> float:
        """Student's t of the margin after Hall's transformation."""
        mean, rest = self._adjusted
        skewness = float((rest**3).mean()) / self._deviation**3 / np.sqrt(self.count)
        t = mean / self._deviation * np.sqrt(self.count)
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
        share, wanted = self.share, self.limit.value + sign * margin
        if self.limit.measure == "occupancy":
            return agents * (1 - share / wanted)
        ends = special.ndtri(np.clip([share, wanted], EDGE, 1 - EDGE))
        return float(sign * (ends[0] - ends[1]) * np.sqrt(max(agents, 1)))

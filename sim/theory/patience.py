"""The fate of one waiting customer: how many wait ahead comes in, chances and mean waits go out. With first come, first
served and exponential patience it depends on nothing else, so steady state (Erlang A) and a whole day (transient) share
it."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.theory.checks import FloatArray


@dataclass(frozen=True, eq=False)
class Fate:
    """Customers who join behind j = 0..size-1 others, all servers busy; every array has shape (size,).

    With completions at rate `drain` (servers / mean service) and each waiting customer leaving at rate `leave`
    (1 / mean patience), the wait of one whose patience never ends is V = sum of Exp(drain + i leave), i = 0..j, and
    exp(-leave V) has a Beta(drain / leave, j + 1) law. Hence all below, free of the cancellation of partial fractions.
    Source: Riordan, Stochastic Service Systems (1962), section 5; the Beta form follows from the Laplace transform,
    product of (drain + i leave) / (drain + i leave + s).
    """

    drain: float
    leave: float
    size: int

    @property
    def ratio(self) -> float:
        """Completions per abandonment of one waiting customer, drain / leave."""
        return self.drain / self.leave

    @property
    def ahead(self) -> FloatArray:
        """0, 1, .., size - 1."""
        return np.arange(self.size, dtype=np.float64)

    def p_served(self) -> FloatArray:
        """Chance to be served: E exp(-leave V) = ratio / (ratio + j + 1)."""
        return self.ratio / (self.ratio + self.ahead + 1)

    def p_served_within(self, t: float) -> FloatArray:
        """Chance to be served after waiting at most t."""
        within = special.betainc(self.ahead + 1, self.ratio + 1, -np.expm1(-self.leave * t))
        return np.asarray(self.p_served() * within, dtype=np.float64)

    def p_wait_gt(self, t: float) -> FloatArray:
        """Chance to be still waiting after t, neither served nor gone."""
        waiting = special.betaincc(self.ahead + 1, self.ratio, -np.expm1(-self.leave * t))
        return np.asarray(np.exp(-self.leave * t) * waiting, dtype=np.float64)

    def wait_all(self) -> FloatArray:
        """Mean time in the queue, whatever the end of it: (1 - p_served) / leave."""
        return (self.ahead + 1) / (self.ratio + self.ahead + 1) / self.leave

    def wait_if_served(self) -> FloatArray:
        """Mean of the wait times the indicator of being served: p_served * sum of 1 / (ratio + 1 + i) / leave, i <=
        j."""
        return self.p_served() * np.cumsum(1 / (self.ratio + 1 + self.ahead)) / self.leave

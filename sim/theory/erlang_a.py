"""Erlang A, the queue customers walk away from: rates, servers and patience come in; abandonment, waits and service
level go out. The first check of every live channel, and the start of the calibration to stated abandonment.

Times are in any one unit and rates per that unit. Probabilities are per offered contact; waits (means, tail, quantile)
are over the contacts that got in, blocked ones apart."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize

from sim.theory.checks import FloatArray, fraction, not_negative, positive, whole
from sim.theory.erlang import erlang_b
from sim.theory.patience import Fate

LONGEST_QUEUE = 2**21
NEGLIGIBLE = -45.0


def queue_logs(join: float, drain: float, leave: float, places: int | None) -> FloatArray:
    """Logarithm of p(c + j) / p(c) for j = 0..places waiting, or as far as the rest is below exp(-45) of the largest.

    Arrivals join at rate `join`; completions come at rate `drain`, abandonments at `leave` per waiting customer.
    Raises ValueError when the queue would pass 2 million (patience all but infinite, load near or above the servers).
    """
    size = 64 if places is None else places
    while True:
        with np.errstate(divide="ignore"):
            steps = np.log(join / (drain + leave * np.arange(1, size + 1)))
        logs = np.concatenate(([0.0], np.cumsum(steps)))
        if places is not None:
            return logs
        if steps[-1] < 0 and logs[-1] + steps[-1] - math.log(-math.expm1(steps[-1])) < logs.max() + NEGLIGIBLE:
            return logs
        size *= 2
        if size > LONGEST_QUEUE:
            raise ValueError(f"mean_patience: too long for this load (use ErlangC), got {1 / leave!r}")


@dataclass(frozen=True)
class ErlangA:
    """M/M/c+M in steady state, first come first served, optionally with `places` waiting places (None: unlimited) and a
    share `zero_patience` of customers who leave at once when no server is free (they count as abandoned, wait 0).

    Weights of the states are relative to p(c): 1 / ErlangB below, products of join / (drain + j leave) above, in
    logarithms; waits by `Fate`. Hundreds of servers, overload and long patience are fine.
    Raises ValueError for bad inputs, named. Source: Palm (1957); Garnett, Mandelbaum and Reiman, M&SOM 4 (2002)
    208-227.
    """

    rate: float
    mean_service: float
    servers: int
    mean_patience: float
    places: int | None = None
    zero_patience: float = 0.0

    def __post_init__(self) -> None:
        positive("rate", self.rate)
        positive("mean_service", self.mean_service)
        whole("servers", self.servers, 1)
        positive("mean_patience", self.mean_patience)
        fraction("zero_patience", self.zero_patience)
        if self.places is not None:
            whole("places", self.places)

    @property
    def load(self) -> float:
        """Offered load in Erlang; it may exceed the servers."""
        return self.rate * self.mean_service

    @cached_property
    def p_waiting(self) -> FloatArray:
        """Chance that all servers are busy and j = 0, 1, .. customers wait."""
        join = self.rate * (1 - self.zero_patience)
        logs = queue_logs(join, self.servers / self.mean_service, 1 / self.mean_patience, self.places)
        free = erlang_b(self.load, self.servers)
        if free == 0:
            return np.zeros_like(logs)
        peak = max(float(logs.max()), -math.log(free))
        weights = np.exp(logs - peak)
        return np.asarray(weights / (math.exp(-math.log(free) - peak) + weights[1:].sum()), dtype=np.float64)

    @cached_property
    def _fate(self) -> Fate:
        return Fate(self.servers / self.mean_service, 1 / self.mean_patience, len(self._delayed))

    @property
    def _delayed(self) -> FloatArray:
        return self.p_waiting if self.places is None else self.p_waiting[:-1]

    def _patient(self, value: FloatArray) -> float:
        return (1 - self.zero_patience) * float(self._delayed @ value)

    @property
    def p_block(self) -> float:
        """Share that finds every server and waiting place taken."""
        return 0.0 if self.places is None else float(self.p_waiting[-1])

    @cached_property
    def p_delay(self) -> float:
        """Share that finds all servers busy and is not blocked (customers of zero patience included)."""
        return float(self._delayed.sum())

    @cached_property
    def p_abandon(self) -> float:
        """Share that leaves before service."""
        return self.zero_patience * self.p_delay + self._patient(1 - self._fate.p_served())

    @property
    def p_served(self) -> float:
        """Share that is served."""
        return 1 - self.p_block - self.p_abandon

    @property
    def busy(self) -> float:
        """Mean number of busy servers."""
        return self.load * self.p_served

    @property
    def occupancy(self) -> float:
        """Share of server time spent serving."""
        return self.busy / self.servers

    @cached_property
    def mean_queue(self) -> float:
        """Mean number waiting."""
        return float(self.p_waiting @ np.arange(len(self.p_waiting)))

    @property
    def mean_wait_all(self) -> float:
        """Mean time in queue of all who got in (Little's law; those of zero patience count with 0). NaN if none got
        in."""
        inside = 1 - self.p_block
        return self.mean_queue / (self.rate * inside) if inside > 0 else math.nan

    @property
    def mean_wait_served(self) -> float:
        """Mean wait of the served (ASA of answered contacts)."""
        return self._patient(self._fate.wait_if_served()) / self.p_served

    @property
    def mean_wait_abandoned(self) -> float:
        """Mean wait of those who left; NaN when nobody can leave."""
        lost = self._patient(self._fate.wait_all() - self._fate.wait_if_served())
        return lost / self.p_abandon if self.p_abandon > 0 else math.nan

    def p_served_within(self, t: float) -> float:
        """Share of offered contacts served after waiting at most t >= 0."""
        not_negative("t", t)
        return 1 - self.p_block - self.p_delay + self._patient(self._fate.p_served_within(t))

    def service_level_of_answered(self, t: float) -> float:
        """Share of served contacts that waited at most t >= 0."""
        return self.p_served_within(t) / self.p_served

    def p_wait_gt(self, t: float) -> float:
        """Share of contacts that got in and were still waiting after t >= 0."""
        not_negative("t", t)
        return self._patient(self._fate.p_wait_gt(t)) / (1 - self.p_block)

    def p_abandon_within(self, t: float) -> float:
        """Share of offered contacts that left after waiting at most t >= 0."""
        return (1 - self.p_block) * (1 - self.p_wait_gt(t)) - self.p_served_within(t)

    def wait_quantile(self, p: float) -> float:
        """Smallest t with P(time in queue <= t) >= p, over contacts that got in."""
        beyond = 1 - fraction("p", p, below_one=True)
        if self.p_wait_gt(0.0) <= beyond:
            return 0.0
        upper = self.mean_service / self.servers
        while self.p_wait_gt(upper) > beyond:  # ends: nobody outstays their patience
            upper *= 2
        return float(optimize.brentq(lambda t: self.p_wait_gt(t) - beyond, 0.0, upper, xtol=1e-15 * upper))

"""Erlang B and C: load and servers come in; blocking, waits and service level go out. The answers every planner knows,
and the ones the simulator must give when customers have no second channel and never lose patience.

Times are in any one unit and rates per that unit (Switchboard itself uses seconds)."""

import math
from dataclasses import dataclass
from functools import cached_property

from sim.theory.checks import fraction, not_negative, positive, stable, whole


def erlang_b(load: float, servers: int) -> float:
    """Share of arrivals blocked in M/G/c/c, for any service law of the given load (arrival rate x mean service,
    Erlang).

    Recursion B(c) = a B(c-1) / (c + a B(c-1)) from B(0) = 1, stable for any size.
    Raises ValueError for a negative load or number of servers. Source: Erlang (1917); Jagerman (1974).
    """
    a = not_negative("load", load)
    blocked = 1.0
    for c in range(1, whole("servers", servers) + 1):
        blocked = a * blocked / (c + a * blocked)
    return blocked


@dataclass(frozen=True)
class ErlangC:
    """M/M/c in steady state, first come first served, infinite patience.

    Raises ValueError unless rate and mean_service are positive and servers exceed rate x mean_service.
    Source: Erlang (1917); Kleinrock, Queueing Systems vol. 1 (1975), section 3.5.
    """

    rate: float
    mean_service: float
    servers: int

    def __post_init__(self) -> None:
        positive("rate", self.rate)
        positive("mean_service", self.mean_service)
        whole("servers", self.servers, 1)
        stable("servers", self.load, self.servers)

    @property
    def load(self) -> float:
        """Offered load in Erlang."""
        return self.rate * self.mean_service

    @property
    def occupancy(self) -> float:
        """Share of server time spent serving."""
        return self.load / self.servers

    @cached_property
    def p_wait(self) -> float:
        """Chance to find all servers busy: c B / (c - a (1 - B))."""
        blocked = erlang_b(self.load, self.servers)
        return self.servers * blocked / (self.servers - self.load * (1 - blocked))

    @property
    def wait_given_delayed(self) -> float:
        """Mean wait of those who wait: 1 / (c / mean_service - rate)."""
        return self.mean_service / (self.servers - self.load)

    @property
    def asa(self) -> float:
        """Mean wait of all (average speed of answer)."""
        return self.p_wait * self.wait_given_delayed

    @property
    def mean_queue(self) -> float:
        """Mean number waiting (Little's law)."""
        return self.rate * self.asa

    def p_wait_gt(self, t: float) -> float:
        """Chance to wait longer than t >= 0: p_wait exp(-t / wait_given_delayed)."""
        return self.p_wait * math.exp(-not_negative("t", t) / self.wait_given_delayed)

    def service_level(self, t: float) -> float:
        """Share served after at most t."""
        return 1 - self.p_wait_gt(t)

    def wait_quantile(self, p: float) -> float:
        """Smallest t with P(wait <= t) >= p; 0 when more than p do not wait at all."""
        fraction("p", p, below_one=True)
        if 1 - p >= self.p_wait:
            return 0.0
        return self.wait_given_delayed * math.log(self.p_wait / (1 - p))

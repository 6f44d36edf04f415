"""Single queues with general service, priorities, finite room or shared agents: loads come in, mean waits go out. One
for each mechanism of the engine: service law, priority rule, blocking, chat concurrency.

Times are in any one unit and rates per that unit."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.chains import birth_death
from sim.theory.checks import FloatArray, array, fraction, not_negative, positive, whole
from sim.theory.erlang import ErlangC


def mg1_wait(rate: float, mean_service: float, scv: float) -> float:
    """Mean wait in M/G/1, first come first served: rho mean_service (1 + scv) / (2 (1 - rho)), with `scv` the squared
    coefficient of variation of service times (0 constant, 1 exponential). The chance to wait is rho for every law.

    Raises ValueError for bad inputs or rho >= 1. Source: Pollaczek (1930), Khinchine (1932).
    """
    load = positive("rate", rate) * positive("mean_service", mean_service)
    fraction("rate x mean_service", load, below_one=True)
    return load * mean_service * (1 + not_negative("scv", scv)) / (2 * (1 - load))


def _cobham(residual: float, loads: FloatArray) -> FloatArray:
    sigma = np.concatenate(([0.0], np.cumsum(loads)))
    return np.asarray(residual / ((1 - sigma[:-1]) * (1 - sigma[1:])), dtype=np.float64)


def priority_waits(rates: ArrayLike, mean_services: ArrayLike, scvs: ArrayLike) -> FloatArray:
    """Mean wait of each class in M/G/1 with non-preemptive priority, most urgent first; all arrays have shape
    (classes,).

    W_k = R / ((1 - sigma_{k-1}) (1 - sigma_k)), sigma_k the load of classes up to k, R = sum of rate E[S^2] / 2.
    Raises ValueError for bad inputs or total load >= 1. Source: Cobham, Operations Research 2 (1954) 70-76.
    """
    lam = array("rates", rates)
    means = array("mean_services", mean_services, lam.shape)
    loads = lam * means
    fraction("sum of rates x mean_services", float(loads.sum()), below_one=True)
    residual = float((loads * means * (1 + array("scvs", scvs, lam.shape))).sum()) / 2
    return _cobham(residual, loads)


def priority_waits_mmc(rates: ArrayLike, mean_service: float, servers: int) -> FloatArray:
    """Mean wait of each class, most urgent first, in M/M/c with non-preemptive priority and one service law: the
    formula of `priority_waits` with R = ErlangC mean_service / servers and loads per server. Shape (classes,).

    Raises ValueError for bad inputs or load >= servers. Source: Davis (1966); Kella and Yechiali (1985).
    """
    lam = array("rates", rates)
    common = ErlangC(float(lam.sum()), mean_service, servers)
    return _cobham(common.p_wait * mean_service / servers, lam * mean_service / servers)


@dataclass(frozen=True)
class FiniteQueue:
    """M/M/c/c+places in steady state: no abandonment, arrivals beyond `places` waiting are blocked; overload is fine.

    Raises ValueError for bad inputs, named. Source: Kleinrock, Queueing Systems vol. 1 (1975), chapter 3.
    """

    rate: float
    mean_service: float
    servers: int
    places: int

    def __post_init__(self) -> None:
        positive("rate", self.rate)
        positive("mean_service", self.mean_service)
        whole("servers", self.servers, 1)
        whole("places", self.places)

    @cached_property
    def probabilities(self) -> FloatArray:
        """Chance of 0..servers + places in the system."""
        states = np.arange(1, self.servers + self.places + 1)
        return birth_death(np.full(len(states), self.rate), np.minimum(states, self.servers) / self.mean_service)

    @property
    def p_block(self) -> float:
        """Share of arrivals blocked."""
        return float(self.probabilities[-1])

    @property
    def p_delay(self) -> float:
        """Share of arrivals that get in and wait."""
        return float(self.probabilities[self.servers : -1].sum())

    @property
    def mean_queue(self) -> float:
        """Mean number waiting."""
        return float(self.probabilities[self.servers :] @ np.arange(self.places + 1))

    @property
    def mean_wait(self) -> float:
        """Mean wait of those who get in."""
        return self.mean_queue / (self.rate * (1 - self.p_block))

    @property
    def occupancy(self) -> float:
        """Share of server time spent serving."""
        return self.rate * (1 - self.p_block) * self.mean_service / self.servers


@dataclass(frozen=True)
class SharedAgent:
    """One agent who works on up to k = len(speeds) chats at once, first come first served for a slot, exponential work.

    speeds[n-1] is the total work done per time unit with n chats open (all 1: the agent only divides attention), shared
    equally. The number present is a birth-death chain with death rates speeds / mean_work, geometric beyond k.
    Raises ValueError for bad inputs or rate x mean_work >= speeds[-1].
    Source: Avi-Itzhak and Halfin (1988); Zhang, Dai and Zwart (2009), limited processor sharing.
    """

    rate: float
    mean_work: float
    speeds: tuple[float, ...]

    def __post_init__(self) -> None:
        positive("rate", self.rate)
        positive("mean_work", self.mean_work)
        for n, speed in enumerate(array("speeds", self.speeds)):
            positive(f"speeds[{n}]", float(speed))
        if self._ratio >= 1:
            raise ValueError(
                f"speeds[-1]: must exceed rate x mean_work = {self.rate * self.mean_work:g}, got {self.speeds[-1]!r}"
            )

    @property
    def _ratio(self) -> float:
        return self.rate * self.mean_work / self.speeds[-1]

    @cached_property
    def _open(self) -> FloatArray:
        """Chance of 0..k-1 chats present, and in the last entry k or more."""
        weights = np.cumprod(np.concatenate(([1.0], self.rate * self.mean_work / np.asarray(self.speeds))))
        weights[-1] /= 1 - self._ratio
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    @property
    def p_wait(self) -> float:
        """Share that finds every slot taken."""
        return float(self._open[-1])

    @property
    def mean_open(self) -> float:
        """Mean number of open chats."""
        return float(self._open @ np.arange(len(self._open)))

    @property
    def mean_wait(self) -> float:
        """Mean wait for a slot: the queue is geometric given that all slots are taken."""
        return self.p_wait * self._ratio / (1 - self._ratio) / self.rate

    @property
    def mean_in_chat(self) -> float:
        """Mean time from slot to end (Little's law)."""
        return self.mean_open / self.rate

    @property
    def mean_sojourn(self) -> float:
        """Mean time from arrival to end."""
        return math.fsum((self.mean_wait, self.mean_in_chat))

"""Exact answers for single mechanisms of the engine: lines shared by IVR and phone, units of capacity, agents kept
idle, silent leavers, time-outs, difficulty. Times are in any one unit and rates per that unit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.chains import stationary_chain, unbounded_grid
from sim.theory.checks import FloatArray, array, fraction, not_negative, positive, whole


@dataclass(frozen=True)
class SharedLines:
    """An IVR and the agents behind it on one set of lines: a call is blocked if all `lines` are taken, spends a session
    in the IVR, goes on to an agent with chance `to_agent`, waits if need be, and holds its line to the end.

    The numbers in the IVR (i) and with the agents (j) have product form on i + j <= lines; a call that leaves the IVR
    sees the same with a line fewer. Raises ValueError for bad inputs.
    Source: Srinivasan, Talim and Wang (2002); Khudyakov, Feigin and Mandelbaum (2010).
    """

    rate: float
    mean_session: float
    to_agent: float
    mean_service: float
    agents: int
    lines: int

    def __post_init__(self) -> None:
        for name in ("rate", "mean_session", "mean_service"):
            positive(name, getattr(self, name))
        fraction("to_agent", self.to_agent)
        whole("agents", self.agents, 1)
        whole("lines", self.lines, 1)

    def _joint(self, lines: int) -> FloatArray:
        """Chance of i calls in the IVR and j with agents."""
        n = np.arange(lines + 1)
        factorials = np.concatenate(([0.0], np.cumsum(np.log(np.maximum(n[1:], 1)))))
        servers = np.concatenate(([0.0], np.cumsum(np.log(np.minimum(np.maximum(n[1:], 1), self.agents)))))
        with np.errstate(divide="ignore"):
            loads = np.log([self.rate * self.mean_session, self.rate * self.to_agent * self.mean_service])
        powers = np.where(n[:, None] > 0, n[:, None] * loads, 0.0)
        logs = (powers[:, 0] - factorials)[:, None] + (powers[:, 1] - servers)[None, :]
        weights = np.where(n[:, None] + n <= lines, np.exp(logs - logs.max()), 0.0)
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    @property
    def p_block(self) -> float:
        """Share of calls that find all lines taken."""
        return float(np.fliplr(self._joint(self.lines)).trace())

    @property
    def p_delay(self) -> float:
        """Share of calls to agents that wait."""
        return float(self._joint(self.lines - 1)[:, self.agents :].sum())

    @property
    def mean_wait(self) -> float:
        """Mean wait for an agent (Little's law)."""
        queue = np.maximum(np.arange(self.lines + 1) - self.agents, 0)
        return float(self._joint(self.lines).sum(axis=0) @ queue) / (self.rate * (1 - self.p_block) * self.to_agent)


def units_blocking(capacity: int, loads: ArrayLike, units: ArrayLike) -> FloatArray:
    """Chance that a contact of each class is blocked where one of class i takes units[i] of `capacity`, and loads[i]
    (rate x mean holding time) are offered; all shapes (classes,). Insensitive to the law of holding times.

    n q(n) = sum of loads units q(n - units). Raises ValueError for bad inputs.
    Source: Kaufman (1981); Roberts (1981).
    """
    whole("capacity", capacity, 1)
    offered = array("loads", loads)
    taken = [whole(f"units[{i}]", int(u), 1) for i, u in enumerate(array("units", units, offered.shape))]
    q = np.zeros(capacity + 1)
    q[0] = 1.0
    for n in range(1, capacity + 1):
        q[n] = sum(a * u * q[n - u] for a, u in zip(offered, taken, strict=True) if u <= n) / n
    q /= q.sum()
    return np.array([q[max(0, capacity - u + 1) :].sum() for u in taken])


@dataclass(frozen=True)
class Reserve:
    """`agents` who take calls whenever one is idle (blocked otherwise) and deferred work only if `reserve` of them then
    stay idle; the rest of it waits, for ever if need be. One exponential law of service.

    Raises ValueError for bad inputs, or when the queue grows for ever. Source: a chain on (busy, waiting), as for the
    thresholds of Gans and Zhou (2003).
    """

    call_rate: float
    deferred_rate: float
    mean_service: float
    agents: int
    reserve: int

    def __post_init__(self) -> None:
        for name in ("call_rate", "deferred_rate", "mean_service"):
            positive(name, getattr(self, name))
        whole("agents", self.agents, 1)
        whole("reserve", self.reserve)

    @cached_property
    def _chances(self) -> FloatArray:
        """By number of busy agents and number waiting."""
        n, first = self.agents, max(0, self.agents - self.reserve)

        def moves(shape: tuple[int, int]) -> list[tuple[FloatArray, int, int]]:
            """The rates of the chain: (rate by state, change of busy agents, change of work waiting)."""
            busy, waiting = np.indices(shape)
            done = np.where((waiting == 0) | (busy > first), busy / self.mean_service, 0.0)
            starts = np.where((busy < first) & (waiting == 0), self.deferred_rate, 0.0)
            return [
                (np.where(busy < n, self.call_rate, 0.0) + starts, 1, 0),
                (np.where(busy >= first, self.deferred_rate, 0.0), 0, 1),
                (done, -1, 0),
                (np.where((waiting > 0) & (busy == first), busy / self.mean_service, 0.0), 0, -1),
            ]

        return unbounded_grid(moves, (n + 2, 64), (first, 0))[: n + 1]  # the last line is never reached

    @property
    def p_block(self) -> float:
        """Share of calls that find nobody idle."""
        return float(self._chances[-1].sum())

    @property
    def mean_wait(self) -> float:
        """Mean wait of deferred work (Little's law)."""
        return float(self._chances.sum(axis=0) @ np.arange(self._chances.shape[1])) / self.deferred_rate


Seat = tuple[int, tuple[bool, ...]]
"""What the agent does (0 nothing, 1 serves, 2 finds out that nobody is there), and who waits: True for who has left."""


@dataclass(frozen=True)
class SilentLeavers:
    """One agent and `places` to wait, exponential service and patience; a `share` of leavers keeps its place until the
    agent, reached, has spent an exponential time finding out.

    A Markov chain on the waiting line, place by place. Raises ValueError for bad inputs.
    Source: the silent abandonment of Castellanos, Yom-Tov and Goldberg (2019), with one agent.
    """

    rate: float
    mean_service: float
    mean_patience: float
    share: float
    mean_detection: float
    places: int

    def __post_init__(self) -> None:
        for name in ("rate", "mean_service", "mean_patience", "mean_detection"):
            positive(name, getattr(self, name))
        fraction("share", self.share)
        if whole("places", self.places) > 10:
            raise ValueError(f"places: at most 10 (the states double with each), got {self.places}")

    def _moves(self, state: Seat) -> Iterator[tuple[float, Seat]]:
        doing, line = state
        if doing == 0:
            yield self.rate, (1, line)
            return
        if len(line) < self.places:
            yield self.rate, (doing, (*line, False))
        following = (0, ()) if not line else (2 if line[0] else 1, line[1:])
        yield 1 / (self.mean_service if doing == 1 else self.mean_detection), following
        for i, gone in enumerate(line):
            if not gone:
                yield self.share / self.mean_patience, (doing, (*line[:i], True, *line[i + 1 :]))
                yield (1 - self.share) / self.mean_patience, (doing, line[:i] + line[i + 1 :])

    @cached_property
    def _chances(self) -> dict[Seat, float]:
        return stationary_chain((0, ()), self._moves)

    @property
    def p_block(self) -> float:
        """Share that finds all places taken."""
        return sum(p for (doing, line), p in self._chances.items() if doing and len(line) == self.places)

    @property
    def p_abandon(self) -> float:
        """Share of arrivals that leaves while waiting, silently or not."""
        there = sum(p * (len(line) - sum(line)) for (_, line), p in self._chances.items())
        return there / self.mean_patience / self.rate

    @property
    def occupancy(self) -> float:
        """Share of the agent's time with somebody, there or not."""
        return 1 - sum(p for (doing, _), p in self._chances.items() if doing == 0)


def timed_out(rate: float, mean_service: float, limit: float) -> float:
    """Share of customers of one agent whose wait the company ends at `limit` (M/M/1 + D).

    The virtual wait has an atom P0, density rate P0 exp((rate - 1 / mean_service) w) up to the limit, and beyond it
    falls by the service alone. Raises ValueError for bad inputs. Source: Barrer, Operations Research 5 (1957).
    """
    load = positive("rate", rate) * positive("mean_service", mean_service)
    drift = (load - 1) / mean_service * not_negative("limit", limit)
    below = rate * limit if drift == 0 else rate * limit * math.expm1(drift) / drift
    beyond = load * math.exp(drift)
    return beyond / (1 + below + beyond)


def contacts_until_solved(failure: float, spread: float) -> float:
    """Mean contacts of customers who try again until it works, where log-odds of failure scatter between customers with
    standard deviation `spread`: 1 + odds exp(spread^2 / 2), because 1 / (1 - p) = 1 + odds.

    Independent draws (spread 0) flatter: repetition alone solves everything. Raises ValueError for bad inputs.
    """
    fraction("failure", failure, below_one=True)
    return 1 + failure / (1 - failure) * math.exp(not_negative("spread", spread) ** 2 / 2)

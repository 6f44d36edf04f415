"""Erlang A, interval by interval: where the fit starts, and how its targets answer to patience and agents.

Comes in: the recorded volumes, handle times and agents of one channel. Goes out: the shares that abandon and are
answered in time, and the mean wait of the answered, over all intervals, for any mean patience and factor on agents.
Each interval is taken by itself in its steady state (M/M/c+M); a fraction of an agent is one with that probability, as
in the simulation. What lasts over intervals, and laws that are not exponential, are left to the simulation.

An arrival that finds j waiting is served after W, a sum of exponentials of rates c mu + i delta, i = 0..j, so that
exp(-delta W) is Beta(c mu / delta, j + 1): service within t, and waits, follow in closed form. Garnett, Mandelbaum and
Reiman, M&SOM 4 (2002) 208-227; agrees with `sim.theory.ErlangA` (tests/calibration).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...model.centre import Configuration
from ...model.channels import Queued, Target
from ..intervals.table import IntervalTable

Floats = NDArray[np.float64]
DEEP = 9.0
"""standard deviations of the queue that are kept"""


@dataclass(frozen=True)
class Intervals:
    """One channel's intervals with contacts: arrivals per second, mean handle time in s, agents (a fraction possible),
    and their weights, contacts offered."""

    rate: Floats
    handle: Floats
    agents: Floats
    within: float

    @property
    def weight(self) -> Floats:
        """Share of each interval in all contacts."""
        return np.asarray(self.rate / self.rate.sum())

    def answers(self, patience: float, factor: float = 1.0, volume: float = 1.0) -> Floats:
        """(abandoned, answered in time, mean wait of the answered): shares of all offered, and seconds."""
        agents = self.agents * factor
        whole = np.floor(agents + 1e-9)
        part = np.clip(agents - whole, 0.0, 1.0)
        rate = np.tile(self.rate * volume, 2)
        sums = _erlang_a(rate, np.tile(self.handle, 2), np.concatenate([whole, whole + 1]), patience, self.within)
        weight = np.concatenate([self.weight * (1 - part), self.weight * part])
        abandoned, in_time, waited = weight @ sums
        return np.array([abandoned, in_time, waited / max(1 - abandoned, 1e-9)])


def intervals_of(config: Configuration, table: IntervalTable, name: str, handle: Floats, agents: Floats) -> Intervals:
    """The intervals of a channel; agents who share count as so many slots, as long as a contact is."""
    channel = config.channels[name]
    assert isinstance(channel, Queued)
    slots = max(
        (pool.concurrency.get(name, channel.concurrency) for pool in config.staffing.values() if name in pool.serves),
        default=1,
    )
    offered = np.nan_to_num(table.offered[table.channels.index(name)])
    usual = np.nanmean(handle) if not np.isnan(handle).all() else channel.mean_handle
    handle = np.where(np.isnan(handle) | (handle <= 0), usual, handle)
    some = offered > 0
    within = (channel.target or Target()).within
    return Intervals(offered[some] / table.interval, handle[some], agents[some] * slots, within)


def _erlang_a(rate: Floats, handle: Floats, agents: Floats, patience: float, within: float) -> Floats:
    """(intervals, 3): shares abandoned and answered in time, and the wait of the answered per contact offered, s."""
    work, leave = agents / handle, 1 / patience
    load = np.maximum(rate - work, 0.0) / leave
    longest = int(np.ceil((load + DEEP * np.sqrt(rate / leave + 1) + 20).max()))
    j = np.arange(longest + 1)
    waiting = _waiting(rate, handle, agents, leave, j)
    joined = waiting.sum(axis=1)
    gamma = work[:, None] / leave
    served = gamma / (gamma + j + 1)
    late = special.betainc(gamma + 1, j + 1.0, np.exp(-leave * within))
    wait = served * (special.digamma(gamma + j + 2) - special.digamma(gamma + 1)) / leave
    found = np.stack(
        [(waiting * (1 - served)).sum(axis=1), 1 - joined + (waiting * served * (1 - late)).sum(axis=1),
         (waiting * wait).sum(axis=1)], axis=1,
    )  # fmt: skip
    return np.where((agents < 1)[:, None], np.array([1.0, 0.0, 0.0]), found)


def _waiting(rate: Floats, handle: Floats, agents: Floats, leave: float, j: NDArray[np.int64]) -> Floats:
    """(intervals, j): chance that all agents are busy and j wait."""
    work = np.maximum(agents, 1) / handle
    logs = np.log(rate)[:, None] - np.log(work[:, None] + leave * j[1:])
    logs = np.concatenate([np.zeros((rate.size, 1)), np.cumsum(logs, axis=1)], axis=1)
    free = _log_free(rate * handle, np.maximum(agents, 1))
    peak = np.maximum(logs.max(axis=1), free)
    weights = np.exp(logs - peak[:, None])
    return np.asarray(weights / (weights.sum(axis=1) + np.exp(free - peak))[:, None])


def _log_free(load: Floats, agents: Floats) -> Floats:
    """Logarithm of the chance of a free agent over that of all busy and nobody waiting: of 1 / ErlangB - 1."""
    blocked = special.pdtr(agents, load)
    log_exact = agents * np.log(load) - load - special.gammaln(agents + 1)
    below = np.maximum(blocked - np.exp(log_exact), 1e-300)
    return np.asarray(np.log(below) - log_exact)

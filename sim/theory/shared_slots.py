"""A group of agents who hold several chats each, as a planner's formula: work, speeds and agents come in; the share
answered in time and the share of slots in use go out. Times are in any one unit and rates per that unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.theory.checks import FloatArray, array, not_negative, positive, whole


@dataclass(frozen=True)
class SharedSlots:
    """Erlang C for `servers` agents who each work on up to k = len(speeds) chats at once; nobody leaves.

    speeds[n-1] is the total work that an agent with n open chats does per time unit. Chats are spread as evenly as
    whole numbers allow, so that the number of chats alone is a birth and death process. `SharedAgents` keeps account
    of every agent's chats; the two differ by less than 0.01 in the share that waits (a test says so), and this one
    needs no states to be listed, however many agents there are. With one chat at a time it is Erlang C.
    Raises ValueError unless all inputs are positive and rate x mean_work is below servers x speeds[-1].
    """

    rate: float
    mean_work: float
    speeds: tuple[float, ...]
    servers: int

    def __post_init__(self) -> None:
        positive("rate", self.rate)
        positive("mean_work", self.mean_work)
        whole("servers", self.servers, 1)
        for n, speed in enumerate(array("speeds", self.speeds)):
            positive(f"speeds[{n}]", float(speed))
        if self.rate >= self.fastest:
            raise ValueError(f"rate: must be below {self.fastest:g}, got {self.rate!r}")

    @property
    def slots(self) -> int:
        """Chats that can be open at once."""
        return self.servers * len(self.speeds)

    @property
    def fastest(self) -> float:
        """Chats ended per time unit when every slot is taken."""
        return self.servers * self.speeds[-1] / self.mean_work

    def _ending(self) -> FloatArray:
        """Chats ended per time unit with 1, 2, ... open chats, evenly spread."""
        speeds = np.array([0.0, *self.speeds, self.speeds[-1]])
        each, more = np.divmod(np.arange(1, self.slots + 1), self.servers)
        return np.asarray(((self.servers - more) * speeds[each] + more * speeds[each + 1]) / self.mean_work)

    @cached_property
    def _weights(self) -> FloatArray:
        """Of 0, 1, ... open chats without a queue, and of all states with a queue together; they sum to 1."""
        logs = np.concatenate([[0.0], np.cumsum(np.log(self.rate / self._ending()))])
        weights = np.exp(logs - logs.max())
        use = self.rate / self.fastest
        weights = np.append(weights, weights[-1] * use / (1 - use))
        return np.asarray(weights / weights.sum())

    @property
    def p_wait(self) -> float:
        """Share that finds every slot taken."""
        return float(self._weights[-2] + self._weights[-1])

    def service_level(self, t: float) -> float:
        """Share that gets a slot after at most t: who waits leaves the queue at a constant rate, as in Erlang C."""
        return 1 - self.p_wait * math.exp(-(self.fastest - self.rate) * not_negative("t", t))

    @property
    def occupancy(self) -> float:
        """Share of the slots that are in use."""
        open_chats = np.append(np.arange(self.slots + 1), self.slots)
        return float(self._weights @ open_chats) / self.slots

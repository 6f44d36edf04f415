"""Customers who hang up and call again: demand, patience and the chance to redial come in; call volume and abandonment
go out. It shows how an abandoned call inflates the volume an ACD reports, which is why `offered` differs from demand.

Times are in any one unit and rates per that unit."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.theory.chains import Move, unbounded_grid
from sim.theory.checks import FloatArray, fraction, positive, whole

GRID_MARGIN = 40


@dataclass(frozen=True)
class RedialQueue:
    """M/M/c+M whose leavers call again with chance `redial` after an exponential pause of mean `mean_pause`, with fresh
    patience; a chain on (in the system, about to redial).

    Raises ValueError for bad inputs, named. Source: model of Aguir, Karaesmen, Aksin and Chauvet, OR Spectrum 26
    (2004).
    """

    rate: float
    mean_service: float
    servers: int
    mean_patience: float
    redial: float
    mean_pause: float

    def __post_init__(self) -> None:
        for name in ("rate", "mean_service", "mean_patience", "mean_pause"):
            positive(name, getattr(self, name))
        whole("servers", self.servers, 1)
        fraction("redial", self.redial)

    def _moves(self, shape: tuple[int, int]) -> list[Move]:
        present, pausing = np.arange(shape[0])[:, None], np.arange(shape[1])[None, :]
        served = np.minimum(present, self.servers) / self.mean_service
        left = np.maximum(present - self.servers, 0) / self.mean_patience
        back = np.broadcast_to(pausing / self.mean_pause, shape)
        down = np.broadcast_to(served + (1 - self.redial) * left, shape)
        return [(self.rate, 1, 0), (down, -1, 0), (np.broadcast_to(self.redial * left, shape), -1, 1), (back, 1, -1)]

    @cached_property
    def probabilities(self) -> FloatArray:
        """Chance of (present, pausing), cut where less than 1e-14 lies beyond."""
        near = (min(self.servers, int(self.rate * self.mean_service)), 0)
        return unbounded_grid(self._moves, (self.servers + GRID_MARGIN, GRID_MARGIN), near)

    @cached_property
    def _present(self) -> FloatArray:
        return np.asarray(self.probabilities.sum(axis=1), dtype=np.float64)

    @cached_property
    def mean_queue(self) -> float:
        """Mean number waiting."""
        return float(self._present @ np.maximum(np.arange(len(self._present)) - self.servers, 0))

    @cached_property
    def mean_pausing(self) -> float:
        """Mean number who left and will redial."""
        return float(self.probabilities.sum(axis=0) @ np.arange(self.probabilities.shape[1]))

    @property
    def attempt_rate(self) -> float:
        """Calls per time unit, redials included: the volume an ACD reports."""
        return self.rate + self.mean_pausing / self.mean_pause

    @property
    def attempts_per_customer(self) -> float:
        """Mean calls per customer."""
        return self.attempt_rate / self.rate

    @property
    def p_abandon(self) -> float:
        """Share of calls abandoned."""
        return self.mean_queue / self.mean_patience / self.attempt_rate

    @property
    def p_served_in_the_end(self) -> float:
        """Share of customers served on some attempt."""
        return 1 - (1 - self.redial) * self.mean_queue / self.mean_patience / self.rate

    @property
    def occupancy(self) -> float:
        """Share of server time spent serving."""
        return float(self._present @ np.minimum(np.arange(len(self._present)), self.servers)) / self.servers

    @property
    def p_delay_first(self) -> float:
        """Share of first calls that find all servers busy (redials see another state: they are not Poisson)."""
        return float(self._present[self.servers :].sum())

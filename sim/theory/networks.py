"""Stations that feed each other, without abandonment: arrival rates and routing come in, waits and journeys go out. By
Jackson's product form each station is an Erlang C queue; with abandonment that fails (see redials, two_stations).

Times are in any one unit and rates per that unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.chains import expected_visits
from sim.theory.checks import FloatArray, array, rows_up_to_one
from sim.theory.erlang import ErlangC


@dataclass(frozen=True)
class JacksonStation:
    """Steady state of one station: arrival rate with feedback, mean wait and number present; occupancy is None where
    servers are unlimited."""

    rate: float
    occupancy: float | None
    p_wait: float
    mean_wait: float
    mean_in_station: float


@dataclass(frozen=True, eq=False)
class JacksonNetwork:
    """Open network of M/M/c stations: `external` arrival rates (n,), `moves` (n, n) chance to go from i to j after
    service (the rest of a row leaves), `mean_services` (n,) and `servers`, None for unlimited.

    Rates solve external + rates moves = rates; each station is then an independent M/M/c.
    Raises ValueError for bad shapes, unstable stations (named) and customers who never leave.
    Source: Jackson, Management Science 10 (1963) 131-142.
    """

    external: ArrayLike
    moves: ArrayLike
    mean_services: ArrayLike
    servers: Sequence[int | None]

    def __post_init__(self) -> None:
        if len(self.servers) != len(self.rates):
            raise ValueError(f"servers: must have {len(self.rates)} entries, got {len(self.servers)}")
        _ = self.stations

    @cached_property
    def rates(self) -> FloatArray:
        """Arrival rate of each station, feedback included. Shape (n,)."""
        external = array("external", self.external)
        return expected_visits(external, rows_up_to_one("moves", self.moves, len(external)))

    def _station(self, i: int, mean_service: float) -> JacksonStation:
        rate, servers = float(self.rates[i]), self.servers[i]
        if servers is None or rate == 0:
            return JacksonStation(rate, None if servers is None else 0.0, 0.0, 0.0, rate * mean_service)
        try:
            queue = ErlangC(rate, mean_service, servers)
        except ValueError as error:
            raise ValueError(f"station {i}: {error}") from error
        return JacksonStation(rate, queue.occupancy, queue.p_wait, queue.asa, queue.load + queue.mean_queue)

    @cached_property
    def stations(self) -> tuple[JacksonStation, ...]:
        """Steady state of each station."""
        means = array("mean_services", self.mean_services, self.rates.shape)
        return tuple(self._station(i, float(mean)) for i, mean in enumerate(means))

    @property
    def mean_in_system(self) -> float:
        """Mean number of customers in all stations."""
        return sum(station.mean_in_station for station in self.stations)

    @property
    def mean_journey(self) -> float:
        """Mean time from first arrival to leaving (Little's law)."""
        return self.mean_in_system / float(np.sum(self.external))

    @property
    def contacts_mean(self) -> float:
        """Mean visits to stations per customer."""
        return float(self.rates.sum() / np.sum(self.external))

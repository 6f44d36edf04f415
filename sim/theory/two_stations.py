"""Two live channels with impatience and switching, solved exactly: what each channel does with its customers comes in,
contact rates, abandonment and resolution go out. The smallest case in which a failing channel feeds another.

Times are in any one unit and rates per that unit."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.theory.chains import Move, unbounded_grid
from sim.theory.checks import FloatArray, array, not_negative, positive, whole

GRID_MARGIN = 40


@dataclass(frozen=True)
class Station:
    """One channel: first contacts at `rate`, servers, exponential service and patience. A served contact resolves with
    `p_resolve`, else goes to (station 0, station 1) by `after_service` or is lost; one that abandons goes on by
    `after_abandon` or is lost. Moves take no time, join the tail and bring fresh patience.

    Raises ValueError for bad inputs and chances that sum above 1.
    """

    rate: float
    mean_service: float
    servers: int
    mean_patience: float
    p_resolve: float = 1.0
    after_service: tuple[float, float] = field(default=(0.0, 0.0))
    after_abandon: tuple[float, float] = field(default=(0.0, 0.0))

    def __post_init__(self) -> None:
        not_negative("rate", self.rate)
        positive("mean_service", self.mean_service)
        whole("servers", self.servers, 1)
        positive("mean_patience", self.mean_patience)
        for name, chances in (
            ("p_resolve + after_service", (self.p_resolve, *self.after_service)),
            ("after_abandon", self.after_abandon),
        ):
            total = float(array(name, chances, upper=1.0).sum())
            if total > 1 + 1e-9:
                raise ValueError(f"{name}: must sum to at most 1, got {total:.12g}")


@dataclass(frozen=True)
class StationResult:
    """Steady state of one station; `p_abandon` and `mean_wait` (served and abandoned alike) are per contact."""

    contact_rate: float
    p_abandon: float
    mean_wait: float
    mean_queue: float
    occupancy: float
    served_rate: float


@dataclass(frozen=True)
class TwoStations:
    """The chain on (present at 0, present at 1); a move back to the tail of the same queue changes no state.

    Raises ValueError when nobody arrives or the chain has no steady state of reasonable size.
    Source: continuous-time Markov chain balance equations; Kleinrock (1975), section 2.4.
    """

    stations: tuple[Station, Station]

    def __post_init__(self) -> None:
        positive("rate", self.stations[0].rate + self.stations[1].rate)

    def _moves(self, shape: tuple[int, int]) -> list[Move]:
        moves: list[Move] = []
        for here, station in enumerate(self.stations):
            there = 1 - here
            up = (1, 0) if here == 0 else (0, 1)
            across = (-1, 1) if here == 0 else (1, -1)
            present = np.arange(shape[here], dtype=np.float64)
            served = np.minimum(present, station.servers) / station.mean_service
            left = np.maximum(present - station.servers, 0) / station.mean_patience
            switched = served * station.after_service[there] + left * station.after_abandon[there]
            stayed = served * station.after_service[here] + left * station.after_abandon[here]
            gone = served + left - switched - stayed
            line = (-1, 1) if here == 0 else (1, -1)
            moves.append((station.rate, *up))
            moves.append((np.broadcast_to(gone.reshape(line), shape), -up[0], -up[1]))
            moves.append((np.broadcast_to(switched.reshape(line), shape), *across))
        return moves

    @cached_property
    def probabilities(self) -> FloatArray:
        """Chance of (present at 0, present at 1), cut where less than 1e-14 lies beyond."""
        first, second = (s.servers + GRID_MARGIN for s in self.stations)
        near = (self.stations[0].servers // 2, self.stations[1].servers // 2)
        return unbounded_grid(self._moves, (first, second), near)

    @cached_property
    def _flows(self) -> FloatArray:
        """Rows: stations; columns: mean busy servers, mean queue."""
        marginals = (self.probabilities.sum(axis=1), self.probabilities.sum(axis=0))
        rows = []
        for station, p in zip(self.stations, marginals, strict=True):
            present = np.arange(len(p))
            rows.append((p @ np.minimum(present, station.servers), p @ np.maximum(present - station.servers, 0)))
        return np.array(rows)

    @cached_property
    def results(self) -> tuple[StationResult, StationResult]:
        """Steady state of each station; contact rates are the sum of what ends: served plus abandoned."""
        first, second = (self._result(i) for i in (0, 1))
        return first, second

    def _result(self, i: int) -> StationResult:
        station, (busy, queue) = self.stations[i], (float(x) for x in self._flows[i])
        served, left = busy / station.mean_service, queue / station.mean_patience
        contacts = served + left
        share, wait = (left / contacts, queue / contacts) if contacts > 0 else (0.0, 0.0)
        return StationResult(contacts, share, wait, queue, busy / station.servers, served)

    @property
    def contacts_mean(self) -> float:
        """Mean contacts per journey."""
        return sum(r.contact_rate for r in self.results) / sum(s.rate for s in self.stations)

    @property
    def p_resolved(self) -> float:
        """Share of journeys resolved."""
        resolved = sum(s.p_resolve * r.served_rate for s, r in zip(self.stations, self.results, strict=True))
        return resolved / sum(s.rate for s in self.stations)

"""Thousands of short runs of one queue M/M/c+M in seconds: the engine's draws, in a recursion over customers.

Coverage needs thousands of experiments. In arrival order each customer sees when the first agent is free; the draws are
the keyed ones, so a run is the engine's own, which `test_coverage` asserts for some of them. What comes out is what
`sim.measures.observe` makes of a log, for the measures whose exact value is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from sim.chance.arrivals import Arrivals
from sim.chance.keys import Purpose, leg_of
from sim.chance.sampler import sample
from sim.coded.tables import tables_of
from sim.measures.catalogue import QUANTILES
from sim.measures.observe import Observations, Table
from sim.measures.samples import sorted_samples
from sim.model import Configuration
from sim.model.units import DAY
from sim.rules.numbers import PATIENCE, SERVICE
from sim.theory import ErlangA

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Queue:
    """M/M/c+M over a day, its first six hours not measured; times in minutes."""

    per_day: float
    agents: int
    service: float
    patience: float
    within: float
    shape: float | None = None
    """of the days' busyness; `exact` is for days that are all alike"""

    def config(self, seed: int, **run: Any) -> Configuration:
        """The queue as an ordinary configuration."""
        days = {"count": "mixed_poisson", "busyness": {"shape": self.shape}} if self.shape else {}
        return Configuration.from_mapping(
            {
                "channels": {
                    "phone": {
                        "kind": "live",
                        "service": {"law": "exponential", "mean": f"{self.service} min"},
                        "patience": {"law": "exponential", "mean": f"{self.patience} min"},
                        "target": {"share": 0.8, "within": f"{self.within} min"},
                    }
                },
                "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
                "demand": {"streams": {"calls": {"per_day": self.per_day} | days}},
                "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
                "staffing": {"team": {"agents": self.agents, "serves": {"phone": 1}}},
                "run": {
                    "warm_up": "6 h", "measure": "18 h", "end": "drain", "interval": "1 d", "seed": seed, "workers": 1,
                    **run,
                },
            }
        )  # fmt: skip

    @property
    def exact(self) -> dict[tuple[str, str, str], float]:
        """What the estimates should cover, s and shares."""
        theory = ErlangA(self.per_day / 1440, self.service, self.agents, self.patience)
        phone = {
            "abandoned": theory.p_abandon,
            "wait": theory.mean_wait_all * 60,
            "asa": theory.mean_wait_served * 60,
            "service_level": theory.p_served_within(self.within),
            **{name: _served_quantile(theory, share) * 60 for name, share in QUANTILES.items()},
        }
        found = {("channel", "phone", measure): value for measure, value in phone.items()}
        return found | {("pool", "team", "occupancy"): theory.occupancy}


def _served_quantile(theory: ErlangA, share: float) -> float:
    """Smallest t with P(wait <= t | served) >= share."""
    if theory.service_level_of_answered(0.0) >= share:
        return 0.0
    return float(optimize.brentq(lambda t: theory.service_level_of_answered(t) - share, 0.0, 1e4, xtol=1e-12))


@numba.njit
def _lived(
    arrived: Floats, entity: NDArray[np.int64], laws: Floats, quantiles: Floats, service_law: int, patience_law: int,
    service_purpose: int, patience_purpose: int, leg: int, seed: int, replication: int, agents: int,
) -> tuple[Floats, Floats]:  # fmt: skip
    """(answered, ended) of each customer; NaN answered for those who left."""
    answered, ended, free = np.empty(arrived.size), np.empty(arrived.size), np.zeros(agents)
    for i in range(arrived.size):
        agent = int(np.argmin(free))
        begins = max(arrived[i], free[agent])
        patience = sample(laws, quantiles, patience_law, seed, replication, entity[i], leg, patience_purpose)
        if arrived[i] + patience < begins:
            answered[i], ended[i] = np.nan, arrived[i] + patience
        else:
            service = sample(laws, quantiles, service_law, seed, replication, entity[i], leg, service_purpose)
            answered[i] = begins
            ended[i] = free[agent] = begins + service
    return answered, ended


def lived(config: Configuration, replication: int) -> tuple[Floats, Floats, Floats]:
    """(arrived, answered, ended) of every customer, by arrival."""
    tables, arrivals = tables_of(config), Arrivals(config, config.run.seed, replication)
    end = config.run.warm_up + config.run.measure
    days = [arrivals.day(day) for day in range(math.ceil(end / DAY))]
    arrived, entity = (np.concatenate([getattr(day, name) for day in days]) for name in ("time", "entity"))
    arrived, entity = arrived[arrived < end], entity[arrived < end]
    phone = tables.profiles[tables.profile_of[0, 0, 0]]
    answered, ended = _lived(
        arrived, entity, tables.laws, tables.quantiles, int(phone[SERVICE]),
        int(phone[PATIENCE]), int(Purpose.SERVICE), int(Purpose.PATIENCE), int(leg_of(1, 0)),
        config.run.seed, replication, int(config.staffing["team"].agents),
    )  # fmt: skip
    return arrived, answered, ended


def observations(config: Configuration, replication: int) -> Observations:
    """What `observe` gives for the measures of `Queue.exact`, whole window only."""
    window = (config.run.warm_up, config.run.warm_up + config.run.measure)
    return observed(config, lived(config, replication), window)


def observed(config: Configuration, run: tuple[Floats, Floats, Floats], window: tuple[float, float]) -> Observations:
    """The same for any window of a run."""
    (arrived, answered, ended), (start, end) = run, window
    inside, served = (arrived >= start) & (arrived < end), ~np.isnan(answered)
    target = config.channels["phone"].target
    assert target is not None
    wait = np.where(served, answered, ended) - arrived
    offered, handled = float(inside.sum()), float((inside & served).sum())
    mine = wait[inside & served]
    busy = np.clip(ended[served], start, end) - np.clip(answered[served], start, end)
    ratios = {
        "abandoned": (offered - handled, offered),
        "wait": (wait[inside].sum(), offered),
        "asa": (mine.sum(), handled),
        "service_level": (float((mine <= target.within).sum()), offered),
    }
    found = {("channel", name): _table("phone", *pair) for name, pair in ratios.items()}
    found["pool", "occupancy"] = _table("team", busy.sum(), config.staffing["team"].agents * (end - start))
    for name, share in QUANTILES.items():
        value = np.array([[np.quantile(mine, share) if mine.size else np.nan]])
        found["channel", name] = Table(("phone",), value, None, sorted_samples([np.sort(mine)]))
    return found


def _table(row: str, top: float, bottom: float | None) -> Table:
    return Table((row,), np.array([[top]]), None if bottom is None else np.array([[bottom]]))

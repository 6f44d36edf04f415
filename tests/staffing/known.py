"""Centres in which the number of agents is known: M/M/c+M around the clock, and a morning whose failures come back.

The problems are chosen so that the answer is not at the edge: at the exact number every limit is met with room to
spare, and with one agent less one is broken clearly; `Problem.margins` says by how much, and the tests hold the
simulation noise against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.model import Configuration
from sim.theory import ErlangA

SEED = 20261122  # declared before the first run
SERVICE = 3.0
"""minutes"""


@dataclass(frozen=True)
class Problem:
    """A stationary queue and what is asked of it; times in minutes."""

    load: float
    patience: float
    target: float
    within: float
    most_leave: float
    most_busy: float

    def measured(self, agents: int) -> dict[str, tuple[float, float, bool]]:
        """Measure -> exact value, limit, whether at least is asked."""
        queue = ErlangA(self.load / SERVICE, SERVICE, agents, self.patience)
        return {
            "service_level": (queue.p_served_within(self.within), self.target, True),
            "abandoned": (queue.p_abandon, self.most_leave, False),
            "occupancy": (queue.occupancy, self.most_busy, False),
        }

    def margins(self, agents: int) -> dict[str, float]:
        """Measure -> how far on the good side of its limit."""
        return {
            name: (value - limit if at_least else limit - value)
            for name, (value, limit, at_least) in self.measured(agents).items()
        }

    @property
    def exact(self) -> int:
        """Fewest agents by Erlang A."""
        agents = 1
        while min(self.margins(agents).values()) < 0:
            agents += 1
        return agents

    def configuration(self, agents: int, days: int, replications: int, interval: str = "24 h") -> Configuration:
        """The study on it, with `agents` in the plan."""
        target = {"share": self.target, "within": f"{self.within} min"}
        return centre(
            per_day=1440 * self.load / SERVICE, profile=[1], target=target,
            patience=self.patience, pool={"agents": agents, "said": "net", "shrinkage": 0}, days=days,
            replications=replications, rows={"any": {"to": {"give_up": 1}}},
            asked={"interval": interval, "max_abandonment": self.most_leave, "max_occupancy": self.most_busy},
        )  # fmt: skip


def centre(
    *, per_day: float, profile: list[float], target: dict[str, Any], patience: float, pool: dict[str, Any], days: int,
    replications: int, rows: dict[str, Any], asked: dict[str, Any],
) -> Configuration:  # fmt: skip
    """One phone line, exponential service and patience."""
    exponential = {"law": "exponential"}
    return Configuration.from_mapping(
        {
            "channels": {
                "phone": {
                    "kind": "live", "target": target, "service": {**exponential, "mean": f"{SERVICE} min"},
                    "patience": {**exponential, "mean": f"{patience} min"},
                }
            },
            "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
            "demand": {"streams": {"calls": {"per_day": per_day, "profile": profile}}},
            "journeys": {"max_contacts": None, "rows": {"phone": rows}},
            "staffing": {"team": {"serves": {"phone": 1}, **pool}},
            "run": {"warm_up": "0", "measure": f"{days} d", "end": "drain", "seed": SEED, "workers": 1,
                    "replications": replications},
            "study": {"kind": "staffing", "staffing": {"confirm": 24, **asked}},
        }
    )  # fmt: skip


MORNING = 4
"""the slot of two hours from 08:00"""


def morning_that_comes_back() -> Configuration:
    """Almost everybody first calls between 08:00 and 10:00, when two agents are planned for a load of twelve; nine in
    ten who hang up call again some two hours later, against 12 agents planned until evening."""
    profile = [0.0] * 24
    profile[8:10], profile[10:16] = [240.0] * 2, [20.0] * 6
    plan = [0.0] * MORNING + [2.0] + [12.0] * 6 + [0.0]
    again = {"to": {"phone": 0.9, "give_up": 0.1}, "delay": {"law": "gamma", "mean": "2 h", "shape": 8}}
    return centre(
        per_day=600, profile=profile, target={"share": 0.8, "within": "1 min"}, patience=3,
        pool={"said": "net", "shrinkage": 0, "counts": {"interval": "2 h", "values": plan}}, days=3, replications=4,
        rows={"any": {"to": {"give_up": 1}}, "abandoned": again},
        asked={"interval": "2 h", "max_abandonment": 0.1, "max_occupancy": 1, "minimum": 0},
    )  # fmt: skip

"""`python -m tests.benchmarks.agent_rules`: what choosing an agent costs, from trees and by looking through all agents.

The same queue at 95 % load with 10, 100 and 1,000 agents and as many contacts, on equal seeds, both ways taking turns;
CPU time a contact. The two ways name the same agents (tests/engine/test_free_agents.py), so that all else is equal.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import pytest

import sim
from sim.engine.simpy.agent_trees import AgentTrees
from sim.engine.simpy.choosers import Choosers
from sim.model import Configuration

CONTACTS, ROUNDS = 10_000, 7
SIZES = (10, 100, 1000)


def queue(agents: int, rule: str, contacts: int = CONTACTS) -> Configuration:
    """M/M/c+M with so many contacts."""
    per_day = agents * 480 * 0.95
    law: dict[str, Any] = {"law": "exponential", "mean": "3 min"}
    return Configuration.from_mapping(
        {
            "channels": {"phone": {"kind": "live", "service": law, "patience": law}},
            "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
            "demand": {"streams": {"calls": {"per_day": per_day, "profile": [1] * 96}}},
            "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
            "staffing": {"team": {"agents": agents, "serves": {"phone": 1}}},
            "routing": {"agent_rule": rule},
            "run": {"warm_up": 0, "measure": f"{24 * contacts / per_day:.5f} h", "end": "drain"},
        }
    )


@contextmanager
def looking_through() -> Iterator[None]:
    """The plain rule in place of the trees."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Choosers, "_in_trees", Choosers._looking_through)
        patch.setattr(AgentTrees, "moved", lambda self, agent: None)
        yield


def cost(config: Configuration, seed: int) -> float:
    """CPU microseconds a contact."""
    began = time.process_time()
    contacts = sim.simulate(config, seed=seed).contacts["entity"].size
    return (time.process_time() - began) / contacts * 1e6


def main() -> None:
    """Print a row for each rule and size."""
    print("| rule | agents | trees, µs a contact | looking through all | ratio |\n|---|---|---|---|---|")
    for rule in ("least_occupied", "random"):
        for size in SIZES:
            config = queue(size, rule)
            sim.simulate(queue(size, rule, 300))
            ours, theirs = [], []
            for seed in range(ROUNDS):
                ours.append(cost(config, seed))
                with looking_through():
                    theirs.append(cost(config, seed))
            ratio = median(mine / other for mine, other in zip(ours, theirs, strict=True))
            print(f"| {rule} | {size:,} | {median(ours):.1f} | {median(theirs):.1f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()

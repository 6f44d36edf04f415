"""`python -m tests.benchmarks.mechanisms`: what each mechanism costs a contact that uses it, against the plain centre.

A plain queue of 50 agents (3 hours) and the same with one mechanism, taking turns; CPU time a contact.
"""

from __future__ import annotations

import copy
import time
from statistics import median
from typing import Any

import sim
from sim.model import Configuration

from .compared_centres import plain_queue

ROUNDS = 9
MECHANISMS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "three chats at a time (`concurrency`)": ({"concurrency": 3}, {"speeds": [1, 2, 3]}, {}),
    "threads, 0.5 replies a contact (`turns`)": ({"turns": {"probability": 1 / 3, "delay": "5 min"}}, {}, {}),
    "ring": ({"ring": "5 s"}, {}, {}),
    "silent leavers": ({"silent": {"share": 0.3, "detection": "20 s"}}, {}, {}),
    "time-out": ({"queue_timeout": "1 h"}, {}, {}),
    "deflection": ({"deflection": {"share": 0.2, "to": {"give_up": 1}}}, {}, {}),
    "reserve": ({}, {"reserve": 1}, {}),
    "rule least_loaded": ({}, {}, {"agent_rule": "least_loaded"}),
    "rule random": ({}, {}, {"agent_rule": "random"}),
    "rule least_occupied": ({}, {}, {"agent_rule": "least_occupied"}),
}


def cost(config: Configuration, seed: int) -> float:
    """CPU microseconds a contact."""
    began = time.process_time()
    contacts = sim.simulate(config, seed).contacts["entity"].size
    return (time.process_time() - began) / contacts * 1e6


def main() -> None:
    """Print a row for each mechanism."""
    plain = plain_queue(3)
    base = Configuration.from_mapping(plain)
    sim.simulate(base)
    print("| mechanism in use | µs a contact more | times as long |\n|---|---|---|")
    for name, (channel, pool, routing) in MECHANISMS.items():
        mapping = copy.deepcopy(plain)
        mapping["channels"][next(iter(mapping["channels"]))] |= channel
        mapping["staffing"][next(iter(mapping["staffing"]))] |= pool
        mapping["routing"] = {**mapping.get("routing", {}), **routing}
        config = Configuration.from_mapping(mapping)
        sim.simulate(config)
        pairs = [(cost(base, seed), cost(config, seed)) for seed in range(ROUNDS)]
        more, times = median(b - a for a, b in pairs), median(b / a for a, b in pairs)
        print(f"| {name} | {more:.1f} | {times:.2f} |", flush=True)


if __name__ == "__main__":
    main()

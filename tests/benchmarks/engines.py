"""`python -m tests.benchmarks.engines`: the compiled engine against the SimPy engine, as ratios in one session.

Contacts per CPU second through the whole engine, log included; compiling is over before the clock starts. Both take
turns on equal seeds; each pair of logs is equal, or the benchmark stops.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from sim.engine.compiled.engine import simulate as compiled
from sim.engine.simpy.simulation import simulate as simpy
from sim.log.tables import Log
from sim.model import Configuration

from .compared_centres import exponential, plain_queue, six_channels

Engine = Callable[[Configuration, int, int], Log]
ROUNDS = 5


def taken(engine: Engine, config: Configuration, seed: int) -> tuple[float, Log]:
    """CPU microseconds a contact, and the log."""
    began = time.process_time()
    log = engine(config, seed, 0)
    return (time.process_time() - began) / max(log.contacts["entity"].size, 1) * 1e6, log


def compared(mapping: dict[str, Any]) -> tuple[float, float]:
    """Median CPU microseconds a contact of both engines."""
    config = Configuration.from_mapping(mapping)
    taken(compiled, config, 99)
    pairs = []
    for seed in range(ROUNDS):
        one, other = taken(simpy, config, seed), taken(compiled, config, seed)
        assert one[1].same_as(other[1])
        pairs.append((one[0], other[0]))
    return median(slow for slow, _ in pairs), median(fast for _, fast in pairs)


def many_agents(agents: int, hours: float) -> dict[str, Any]:
    """A plain queue of so many agents at the same load, with as many calls in all whatever their number."""
    mapping = plain_queue(24)
    minute = exponential("60 s")
    mapping["channels"]["phone"] |= {"service": minute, "patience": minute}
    mapping["staffing"]["phone"]["agents"] = agents
    mapping["demand"]["streams"]["all"] |= {"per_day": 1440 * agents, "profile": [1] * 24}
    mapping["run"]["measure"] = f"{hours} h"
    return mapping


def main() -> None:
    """Print the tables."""
    print("| centre | SimPy, us a contact | compiled, us | ratio |\n|---|---|---|---|")
    for name, mapping in {"plain queue": plain_queue(6), "six channels": six_channels(24)}.items():
        slow, fast = compared(mapping)
        print(f"| {name} | {slow:.1f} | {fast:.2f} | **{slow / fast:.0f}** |", flush=True)
    print("\n| agents | SimPy, us a contact | compiled, us |\n|---|---|---|")
    for agents in (10, 100, 1000):
        slow, fast = compared(many_agents(agents, 3000 / agents))
        print(f"| {agents} | {slow:.1f} | {fast:.2f} |", flush=True)


if __name__ == "__main__":
    main()

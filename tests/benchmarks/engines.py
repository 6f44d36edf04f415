"""`python -m tests.benchmarks.engines`: the compiled engine against the SimPy engine, and how its price grows.

CPU time a contact through the whole engine, log included; compiling is over before the clock starts. What is compared
takes turns on equal seeds; each pair of logs of the two engines is equal, or the benchmark stops. `... engines cold`
compiles everything anew in a folder of its own and says how long that took; `... engines threads` runs replications in
two threads and in one; `... engines bare` runs the six channels beside a bare loop.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import numpy as np

import sim
from sim.engine.compiled.engine import simulate as compiled
from sim.engine.simpy.simulation import simulate as simpy
from sim.log.tables import Log
from sim.model import Configuration, Outcome

from .compared_centres import centre, exponential, plain_queue, six_channels
from .rivals import numba_six

Engine = Callable[[Configuration, int, int], Log]
ROUNDS = 5
CONTACTS = 180_000
"""of each centre whose size grows"""


def taken(engine: Engine, config: Configuration, seed: int) -> tuple[float, Log]:
    """CPU microseconds a contact, and the log."""
    began = time.process_time()
    log = engine(config, seed, 0)
    return (time.process_time() - began) / max(log.contacts["entity"].size, 1) * 1e6, log


def compared(config: Configuration, rounds: int = ROUNDS) -> tuple[float, float]:
    """Median CPU microseconds a contact of both engines."""
    taken(compiled, config, 99)
    pairs = []
    for seed in range(rounds):
        one, other = taken(simpy, config, seed), taken(compiled, config, seed)
        assert one[1].same_as(other[1])
        pairs.append((one[0], other[0]))
    return median(slow for slow, _ in pairs), median(fast for _, fast in pairs)


def queues(channels: int, agents: int, hours: float, pools: int = 1) -> Configuration:
    """So many plain queues of a minute's calls, each with so many agents in so many groups, at load 1."""
    minute = exponential("60 s")
    names = [f"c{i:02}" for i in range(channels)]
    phone = {"kind": "live", "service": minute, "patience": minute, "failure": 0.0}
    staffing = {
        f"{name}-{p:02}": {"agents": agents // pools, "serves": {name: 1}} for name in names for p in range(pools)
    }
    rows = {name: {"any": {"to": {"give_up": 1.0}}} for name in names}
    mix = dict.fromkeys(names, 1 / channels)
    mapping = centre(dict.fromkeys(names, phone), rows, mix, staffing, 1440 * agents * channels, 24)
    mapping["demand"]["streams"]["all"]["profile"] = [1] * 48
    mapping["run"]["measure"] = f"{hours} h"
    return Configuration.from_mapping(mapping)


def growing(*configs: Configuration) -> list[float]:
    """CPU microseconds a contact of each, which take turns."""
    for config in configs:
        taken(compiled, config, 99)
    rounds = [[taken(compiled, config, seed)[0] for config in configs] for seed in range(ROUNDS)]
    return [min(each) for each in zip(*rounds, strict=True)]


def growth() -> None:
    """How the price of a contact grows with agents, with hours and with channels and groups."""
    hours = CONTACTS / 3_000
    print("\n| growth of | from, us a contact | to, us | times |\n|---|---|---|---|")
    for name, configs in {
        "10 to 1,000 agents": (queues(1, 10, hours * 5), queues(1, 1_000, hours / 20)),
        "6 to 60 hours": (queues(1, 50, hours / 10), queues(1, 50, hours)),
        "3 to 30 channels": (queues(3, 10, hours * 5 / 3), queues(30, 10, hours / 6)),
        "3 to 30 groups": (queues(1, 30, hours * 5 / 3, 3), queues(1, 30, hours * 5 / 3, 30)),
    }.items():
        before, after = growing(*configs)
        print(f"| {name} | {before:.2f} | {after:.2f} | **{after / before:.2f}** |", flush=True)


def threads() -> None:
    """Replications of the shipped baseline in two threads against one, by the clock."""
    config = sim.load()
    taken(compiled, config, 99)
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(ROUNDS):
        for workers in times:
            with ThreadPoolExecutor(workers) as pool:
                began = time.perf_counter()
                list(pool.map(lambda seed: compiled(config, seed, 0), range(8)))
                times[workers].append(time.perf_counter() - began)
    print(f"two threads: {min(times[1]) / min(times[2]):.2f} times as fast as one")


def bare() -> None:
    """The six channels against a bare Numba loop of the same mechanics, in turns; both must have as many contacts of a
    customer and lose as many calls."""
    loop, config, days = numba_six.prepared(), Configuration.from_mapping(six_channels(24 * 5)), range(12)
    taken(compiled, config, 99)
    ratios, shares = [], []
    for seed in days:
        began = time.process_time()
        contacts, calls, lost = loop(seed, 24 * 5)
        theirs = (time.process_time() - began) / contacts * 1e6
        ours, log = taken(compiled, config, seed)
        phone, size = log.contacts["channel"] == log.channels.index("phone"), log.contacts["entity"].size
        left = (log.contacts["outcome"][phone] == Outcome.ABANDONED).mean()
        ratios.append((ours / theirs, theirs, ours))
        shares.append((size / log.customers["entity"].size - contacts / (4300 * 5), left - lost / calls))
    apart = np.mean(shares, axis=0) / (np.std(shares, axis=0, ddof=1) / len(days) ** 0.5)
    assert np.abs(apart).max() < 4, apart  # standard errors
    ratio, theirs, ours = (median(each) for each in zip(*ratios, strict=True))
    print(f"six channels: {ours:.2f} us a contact, log included, bare loop {theirs:.2f}: **{ratio:.2f}** times")


def cold() -> None:
    """CPU seconds from nothing compiled to the first log, in a process and a folder of its own."""
    code = "from tests.benchmarks.engines import *; compiled(queues(1, 10, 0.1), 1, 0); print(time.process_time())"
    with tempfile.TemporaryDirectory() as folder:
        for when in ("nothing compiled", "all compiled"):
            environment = os.environ | {"NUMBA_CACHE_DIR": folder}
            done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
            print(f"{when}: {float(done.stdout):.1f} CPU s from the start to the first log")


def main() -> None:
    """Print the tables."""
    print("| centre | SimPy, us a contact | compiled, us | ratio |\n|---|---|---|---|")
    for name, config in {
        "plain queue": Configuration.from_mapping(plain_queue(6)),
        "six channels": Configuration.from_mapping(six_channels(24)),
        "shipped baseline": sim.load(),
    }.items():
        slow, fast = compared(config, 2 if name == "shipped baseline" else ROUNDS)
        print(f"| {name} | {slow:.1f} | {fast:.2f} | **{slow / fast:.0f}** |", flush=True)
    growth()


if __name__ == "__main__":
    {"cold": cold, "threads": threads, "bare": bare}.get(sys.argv[-1], main)()

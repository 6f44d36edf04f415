"""Memory: bytes of the finished log, at the peak of a run, and what a whole process takes."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.log.tables import Log

HERE = Path(__file__).resolve().parent


def log_bytes(log: Log) -> int:
    """The tables of customers and contacts."""
    return sum(column.nbytes for table in (log.contacts, log.customers) for column in table.values())


def traced_peak(run: Callable[[], Any]) -> int:
    """Most bytes that Python and NumPy held at a time during `run`, beyond those before it."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


PROCESS = """
import resource, sys
sys.path.insert(0, {here!r})
from compared_centres import plain_queue, six_channels
import sim
from sim.model import Configuration

config = Configuration.from_mapping({centre})
{what}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
PIECES = """
from sim.runs.replicate import replicate
run = config.run.model_copy(update={"workers": 1, "replications": 1})
found = replicate(config.model_copy(update={"engine": "compiled", "run": run}))
print(found.kpis["centre.all.offered"].mean, end=" ")
"""
"""a whole run, measures included, of which nobody holds the log"""


def process_mib(hours: int) -> float:
    """Peak resident memory of a fresh process that simulates the six channels for `hours`, MiB."""
    return _peak(f"six_channels({hours})", "log = sim.simulate(config)")[0]


def long_run(centre: str) -> tuple[float, float]:
    """(peak resident memory, MiB; contacts) of a fresh process that runs a centre whose log comes in pieces, such as
    `plain_queue(3400)`: ten million contacts."""
    return _peak(centre, PIECES)


def _peak(centre: str, what: str) -> tuple[float, float]:
    script = PROCESS.format(here=str(HERE), centre=centre, what=what)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    *contacts, peak = done.stdout.split()
    return int(peak) / (1 << 20 if sys.platform == "darwin" else 1 << 10), float(contacts[0]) if contacts else 0.0


if __name__ == "__main__":
    for centre in sys.argv[1:] or ("plain_queue(3400)", "six_channels(24600)"):
        mib, contacts = long_run(centre)
        print(f"{centre}: {contacts:,.0f} contacts, at most {mib:,.0f} MiB")

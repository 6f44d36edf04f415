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
from compared_centres import six_channels
import sim
from sim.model import Configuration

log = sim.simulate(Configuration.from_mapping(six_channels({hours})))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def process_mib(hours: int) -> float:
    """Peak resident memory of a fresh process that simulates the six channels for `hours`, MiB."""
    script = PROCESS.format(here=str(HERE), hours=hours)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return int(done.stdout) / (1 << 20 if sys.platform == "darwin" else 1 << 10)

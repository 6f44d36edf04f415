"""Memory: bytes a contact in the finished log, at the peak of a run, and what a whole process takes."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Sized
from pathlib import Path
from typing import Any

from sim.engine.log import Log

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
import json, resource, sys
sys.path.insert(0, {here!r})
from compared_centres import six_channels
from idiomatic import Centre
import sim
from sim.model import Configuration
mib = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024) / 1024 ** (sys.platform == "darwin")
config = Configuration.from_mapping(six_channels(1))
sim.simulate(config)
before = mib()
{run}
print(json.dumps([before, mib()]))
"""
OURS = "log = sim.simulate(Configuration.from_mapping(six_channels({hours})))"
IDIOMATIC = "records = Centre(six_channels({hours}), 1).run()"


def process_mib(run: str) -> tuple[float, float]:
    """Peak resident memory in MiB of a fresh process: ready to simulate, and after `run`."""
    script = PROCESS.format(here=str(HERE), run=run)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    before, after = json.loads(done.stdout)
    return before, after


def per_contact(peak: float, contacts: Sized) -> float:
    """Bytes a contact."""
    return peak / len(contacts)

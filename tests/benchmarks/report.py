"""`python -m tests.benchmarks.report`: one run of all benchmarks, as the table of README.md, in some two minutes.

Both programs take turns, so that what else the machine does meets them alike, and it is CPU time that counts.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import sim
from sim.model import Configuration

from .compared_centres import plain_queue, six_channels
from .footprint import log_bytes, process_mib, traced_peak
from .idiomatic import Centre
from .start_up import HELP, IMPORT_SIM, SMALL_RUN, cpu_seconds

ROUNDS = 15
Row = tuple[str, str]


def cpu_per_contact(run: Callable[[], int]) -> float:
    """CPU microseconds a contact of a run that gives their number."""
    began = time.process_time()
    contacts = run()
    return (time.process_time() - began) / contacts * 1e6


def speed(name: str, mapping: dict[str, Any]) -> Iterator[Row]:
    """The SimPy engine against the idiomatic program."""
    config = Configuration.from_mapping(mapping)
    sim.simulate(config)
    ours, theirs = [], []
    for seed in range(ROUNDS):
        theirs.append(cpu_per_contact(lambda seed=seed: len(Centre(mapping, seed).run())))
        ours.append(cpu_per_contact(lambda seed=seed: sim.simulate(config, seed).contacts["entity"].size))
    ratios = sorted(a / b for a, b in zip(theirs, ours, strict=True))
    quarter = ROUNDS // 4
    yield (
        f"{name}: contacts per CPU second, engine / idiomatic",
        f"**{median(ratios):.2f}** (quartiles {ratios[quarter]:.2f}–{ratios[-1 - quarter]:.2f}; "
        f"{median(ours):.0f} and {median(theirs):.0f} µs a contact)",
    )


def memory() -> Iterator[Row]:
    """Bytes a contact, and of the process."""
    mapping = six_channels(96)
    config = Configuration.from_mapping(mapping)
    log, records = sim.simulate(config), Centre(mapping, 1).run()
    contacts, theirs_made = log.contacts["entity"].size, len(records)
    del records
    ours = traced_peak(lambda: sim.simulate(config)) / contacts
    theirs = traced_peak(lambda: Centre(mapping, 1).run()) / theirs_made
    yield "finished log, customers included", f"{log_bytes(log) / contacts:.0f} bytes a contact"
    yield "peak of a run, idiomatic / engine", f"**{theirs / ours:.2f}** ({ours:.0f} and {theirs:.0f} bytes a contact)"
    hour, month = process_mib(1), process_mib(30 * 24)
    yield "peak memory of a process, 30 days (290,000 contacts) / one hour", f"{month / hour:.2f} ({month:.0f} MiB)"


def start_up() -> Iterator[Row]:
    """CPU time before anything runs, in units of NumPy's import."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = cpu_seconds(("-c", "pass"), folder)
        unit = cpu_seconds(("-c", "import numpy"), folder) - bare
        commands = {"`import sim`": IMPORT_SIM, "`python -m sim --help`": HELP, "small run, no pictures": SMALL_RUN}
        for words, command in commands.items():
            yield f"{words} / `import numpy`", f"{(cpu_seconds(command, folder) - bare) / unit:.1f}"


def main() -> None:
    """Print the rows as they come."""
    print("| benchmark | result |\n|---|---|")
    for rows in (speed("six channels", six_channels()), speed("plain queue", plain_queue(6)), memory(), start_up()):
        for row in rows:
            print(f"| {row[0]} | {row[1]} |", flush=True)


if __name__ == "__main__":
    main()

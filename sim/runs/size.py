"""How large a run is, before it is tried.

Comes in: a configuration. Goes out: contacts, time and memory of the run, about; raises InputError where somebody who
mistyped a number would wait for hours or fill the machine. The speed is that of the engine (`sim.engine.work`), the
bytes were measured with SimPy's (888,000 contacts: 722 MB); both vary by a factor of two between centres.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..engine import is_long, seconds
from ..engine.work import contacts_of
from ..errors import InputError, Problem
from ..model.centre import Configuration
from ..model.people import Pool
from ..model.units import DAY, format_duration

BYTES = 800.0
"""of a contact"""
MOST_HELD = 300_000.0
"""contacts that a long run, whose log comes in pieces, holds at a time, about"""
DUTY_BYTES = 300.0
"""of an agent's shift"""
LONGEST = 4 * 3600.0
"""s of computing on all workers together that need no asking"""
LARGEST = 4e9
"""bytes that need no asking, of all workers together"""


@dataclass(frozen=True)
class Size:
    """A run's size, about."""

    contacts: float
    """in all replications"""
    seconds: float
    """of computing, divided by the workers"""
    bytes: float
    """of all workers together"""

    def __str__(self) -> str:
        memory = f"{self.bytes / 1e9:.3g} GB"
        return f"about {_million(self.contacts)} contacts, {format_duration(self.seconds)} and {memory}"


def _million(count: float) -> str:
    return f"{count / 1e6:,.3g} million" if count >= 1e6 else f"{count:,.0f}"


def size_of(config: Configuration) -> Size:
    """What a run of this configuration takes, about."""
    days = (config.run.warm_up + config.run.measure) / DAY
    contacts = contacts_of(config)
    agents = sum(_duties(pool) for pool in config.staffing.values())
    workers = min(config.run.workers or os.cpu_count() or 1, config.run.replications)
    time = (contacts + agents * max(days, 1)) * seconds(config) * config.run.replications / workers
    whole = config.run.batches or config.run.log or config.run.event_log or not is_long(config)
    held = (contacts if whole else min(contacts, MOST_HELD)) * BYTES
    held += agents * max(days, 1) * DUTY_BYTES
    return Size(contacts * config.run.replications, time, held * workers)


def check_size(config: Configuration) -> None:
    """Refuses what is large by a slip, unless `run.large` says that it is meant."""
    size = size_of(config)
    if not config.run.large and (size.seconds > LONGEST or size.bytes > LARGEST):
        raise InputError(Problem("run", f"{size}; if that is meant, say run.large=true"))


def _duties(pool: Pool) -> float:
    """Agents on duty in a day at most."""
    counts = max(pool.counts.values) if pool.counts else 0.0
    busiest = max([1.0, *pool.weekday.values()])
    return max(pool.agents * busiest, counts) + sum(shift.agents for shift in pool.shifts)

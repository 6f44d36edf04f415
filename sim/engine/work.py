"""How much work a configuration is, before anything has run.

Comes in: a configuration. Goes out: about how many contacts a replication has, and what an engine takes for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..model.units import DAY

if TYPE_CHECKING:
    from ..model.centre import Configuration
    from ..model.people import Stream

SECONDS = {"simpy": 40e-6, "compiled": 2e-6, "both": 42e-6}
"""of computing for each contact, its measures included (26 November 2026, microseconds: SimPy 18 in a plain queue, 56
in the shipped baseline; compiled 0.6 and 1.3; observing 0.7 in both; `tests/benchmarks`)"""
COMPILING = 20.0
"""s of computing, once a version of the source"""
CONTACTS_PER_JOURNEY = 2.6
"""of the shipped baseline; with one channel a journey has about one"""


def contacts_of(config: Configuration) -> float:
    """Contacts of one replication, about, those who are there at its start included."""
    days = (config.run.warm_up + config.run.measure) / DAY
    first = config.demand.scale * sum(_first_contacts(stream, days) for stream in config.demand.streams.values())
    contacts = CONTACTS_PER_JOURNEY if len(config.open_channels) > 1 else 1.0
    return contacts * (first + sum(config.run.start_with.values()))


def _first_contacts(stream: Stream, days: float) -> float:
    """Of a stream in so many days."""
    if stream.times is not None:
        return len(stream.times)
    if stream.rates is not None:
        return float(np.mean(stream.rates.values)) * DAY / stream.rates.interval * days
    dates = np.array([*stream.dates.values()]) if stream.dates else np.zeros(0)
    busiest = max([1.0, *stream.weekday.values()])
    return (stream.per_day or 0.0) * (days * busiest + float(np.maximum(dates - 1, 0).sum()))


def is_worth_compiling(contacts: float) -> bool:
    """Whether the SimPy engine would take longer for so many contacts than compiling and the compiled engine."""
    return contacts * (SECONDS["simpy"] - SECONDS["compiled"]) > COMPILING

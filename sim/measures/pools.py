"""Measures of agent groups: how busy they are, how long on duty, what they cost.

Full-time equivalents are hours of one week of the schedule over contract hours (`economics.hours_per_fte`), whatever the
length of the window: each weekday of the window counts with its mean over the window's days of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ..model.units import DAY
from .measure import Floats, Measure, Scoped
from .spans import PoolTime
from .table import Table
from .window import Facts

Seconds = Callable[[PoolTime], Floats]


def pool_time(facts: Facts) -> PoolTime:
    """Seconds of agents' time, computed once for all measures of a log."""
    return facts.kept("pool time", lambda: PoolTime(facts))


def _tables(top: Seconds, bottom: Seconds | None, facts: Facts) -> Iterator[Scoped]:
    if facts.log.pools:
        time = pool_time(facts)
        yield "pool", Table(facts.log.pools, top(time), None if bottom is None else bottom(time))


def hours_per_week(facts: Facts, seconds: Floats) -> Floats:
    """(pools, 1): hours of a week of the schedule, from seconds by pool and time column.

    A weekday that the window holds twice counts with its mean; a weekday that it does not hold counts as it would if it
    were free. So two weeks give the same as one, and five days from Monday the same as the week they belong to.
    """
    days = seconds[:, 1 : 1 + facts.columns.days]
    first = (facts.config.run.start.weekday() + facts.columns.first_day) % 7
    weekday = (first + np.arange(days.shape[1])) % 7
    lengths = facts.columns.day_lengths
    whole = lengths > DAY / 2 if (lengths > DAY / 2).any() else lengths > 0  # a sliver of a day is no day of a week
    total = np.zeros((seconds.shape[0], 1))
    for day in np.unique(weekday[whole]):
        total[:, 0] += days[:, whole & (weekday == day)].mean(axis=1)
    return total / 3600


def _fte(seconds: Seconds, facts: Facts) -> Iterator[Scoped]:
    if facts.log.pools:
        contract = facts.config.economics.hours_per_fte / 3600
        yield "pool", Table(facts.log.pools, hours_per_week(facts, seconds(pool_time(facts))) / contract)


def _hours(seconds: Seconds, facts: Facts) -> Iterator[Scoped]:
    if facts.log.pools:
        yield "pool", Table(facts.log.pools, seconds(pool_time(facts)) / 3600)


def _weekly(facts: Facts) -> Iterator[Scoped]:
    if facts.log.pools:
        yield "pool", Table(facts.log.pools, hours_per_week(facts, pool_time(facts).scheduled))


POOL_MEASURES: tuple[Measure, ...] = (
    Measure("occupancy", "Occupancy", "share", "capacity in use while on duty / time on duty: of agents who share, slots "
            "in use", "ratio", partial(_tables, lambda t: t.in_use, lambda t: t.duty)),
    Measure("concurrency", "Concurrency", "1", "time of contacts held / time busy: contacts at a time", "ratio",
            partial(_tables, lambda t: t.held, lambda t: t.busy)),
    Measure("utilisation", "Utilisation", "share", "time busy, overtime included / time on duty and overtime", "ratio",
            partial(_tables, lambda t: t.busy, lambda t: t.duty + t.overtime)),
    Measure("duty_hours", "Hours on duty", "h", "agents' time on duty (net of shrinkage)", "total",
            partial(_hours, lambda t: t.duty)),
    Measure("overtime", "Overtime", "h", "time spent finishing after the end of duty", "total",
            partial(_hours, lambda t: t.overtime), "lower"),
    Measure("net_fte", "Net FTE", "agents", "time on duty in a week of the schedule / hours of a full-time equivalent",
            "value", partial(_fte, lambda t: t.duty)),
    Measure("scheduled_fte", "Scheduled FTE", "agents", "paid time in a week of the schedule / hours of a full-time "
            "equivalent", "value", partial(_fte, lambda t: t.scheduled), "lower"),
    Measure("scheduled_hours_per_week", "Paid hours a week", "h", "paid time in a week of the schedule", "value", _weekly,
            "lower"),
)  # fmt: skip

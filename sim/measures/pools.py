"""Measures of agent groups: how busy they are, how long on duty, what they cost.

Full-time equivalents are hours of one week of the schedule over contract hours (`economics.hours_per_fte`), whatever
the length of the window (`hours_per_week`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from .measure import Measure, Scoped, of_sums
from .spans import PoolTime
from .table import Table
from .window import Facts, Floats

Seconds = Callable[[PoolTime], Floats]


def _tables(top: Seconds, bottom: Seconds | None, facts: Facts) -> Iterator[Scoped]:
    if facts.log.pools:
        time = facts.once(PoolTime)
        yield "pool", Table(facts.log.pools, top(time), None if bottom is None else bottom(time))


def hours_per_week(facts: Facts, seconds: Floats, scheduled: Floats) -> Floats:
    """(pools, 1): hours of a week of the schedule, from seconds by pool and time column, and those that are paid.

    A weekday that the window holds several times counts with its mean; one that it does not hold (or only a part of)
    counts as the roster plans it. So a day, five days, a week and two weeks of one schedule give the same number.
    """
    columns = facts.columns
    parts, others = columns.of_a_week
    total = (seconds[:, 1 : 1 + columns.days] * parts).sum(axis=1)
    if others is not None:
        planned = (facts.given(lambda given: given.planned_seconds) * others).sum(axis=1)
        measured = scheduled[:, 0]
        share = np.divide(seconds[:, 0], measured, out=np.ones(len(planned)), where=measured > 0)
        total += share * planned  # of paid time the share is 1, of net time less
    return np.asarray(total.reshape(-1, 1) / 3600)


def _fte(facts: Facts, seconds: Table) -> Table:
    """Full-time equivalents from seconds and those that are paid."""
    hours = _weekly(facts, seconds).top
    return Table(seconds.rows, hours / (facts.config.economics.hours_per_fte / 3600))


def _weekly(facts: Facts, seconds: Table) -> Table:
    """Hours a week from the same."""
    assert seconds.bottom is not None
    return Table(seconds.rows, hours_per_week(facts, seconds.top, seconds.bottom))


def _hours(seconds: Seconds, facts: Facts) -> Iterator[Scoped]:
    if facts.log.pools:
        yield "pool", Table(facts.log.pools, seconds(facts.once(PoolTime)) / 3600)


_DUTY = partial(_tables, lambda t: t.duty, lambda t: t.scheduled)
_PAID = partial(_tables, lambda t: t.scheduled, lambda t: t.scheduled)


POOL_MEASURES: tuple[Measure, ...] = (
    Measure("occupancy", "Occupancy", "share", "capacity in use while on duty / time on duty: of agents who share, "
            "slots in use", "ratio", partial(_tables, lambda t: t.in_use, lambda t: t.duty)),
    Measure("concurrency", "Concurrency", "1", "time of contacts held / time busy: contacts at a time", "ratio",
            partial(_tables, lambda t: t.held, lambda t: t.busy)),
    Measure("utilisation", "Utilisation", "share", "time busy, overtime included / time on duty and overtime", "ratio",
            partial(_tables, lambda t: np.minimum(t.busy, t.duty + t.overtime), lambda t: t.duty + t.overtime)),
    Measure("duty_hours", "Hours on duty", "h", "agents' time on duty (net of shrinkage)", "total",
            partial(_hours, lambda t: t.duty)),
    Measure("overtime", "Overtime", "h", "time spent finishing after the end of duty", "total",
            partial(_hours, lambda t: t.overtime), "lower"),
    Measure("breaks_missed", "Breaks not taken", "h", "time of breaks and planned time off the phone that began so "
            "late that the end of the shift cut it off", "total", partial(_hours, lambda t: t.missed), "lower"),
    of_sums("net_fte", "Net FTE", "agents", "time on duty in a week of the schedule / hours of a full-time equivalent",
            _DUTY, _fte),
    of_sums("scheduled_fte", "Scheduled FTE", "agents", "paid time in a week of the schedule / hours of a full-time "
            "equivalent", _PAID, _fte, "lower"),
    of_sums("scheduled_hours_per_week", "Paid hours a week", "h", "paid time in a week of the schedule", _PAID, _weekly,
            "lower"),
)  # fmt: skip

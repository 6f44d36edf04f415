"""Slots: the cells for which agents are asked, an interval of the day on one kind of day.

Comes in: a configuration and what the study asks. Goes out: `Slots`, which says to which slot a moment belongs. Days
are of one kind where plan, opening hours and stated volumes are the same: they share their agents, so that what
happened on all of them says how many are needed. Weekdays with different volumes are different days. Where no two
weeks are alike (a file with dates), every date is a kind of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...chance.hours import open_seconds
from ...chance.rosters import Roster
from ...chance.streams import Streams
from ...errors import InputError, Problem
from ...model.calendar import cycle_of, spans_of
from ...model.centre import Configuration
from ...model.units import DAY, DAYS, format_duration

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Slots:
    """Slots are numbered kind by kind of day, in each by time of day."""

    length: float
    """of an interval, s"""
    kinds: tuple[str, ...]
    """names of the kinds of days, such as mon, tue-fri, or 2025-01-20"""
    cycle: tuple[int, ...]
    """kind of each day from the run's first on, which then repeats; -1 for days unlike all in the measured window"""
    measured: range
    """days of the measured window, counted from the run's first"""
    start: dt.date
    """date of the run's first day"""

    @property
    def per_day(self) -> int:
        """Intervals of a day."""
        return round(DAY / self.length)

    @property
    def count(self) -> int:
        """Slots."""
        return len(self.kinds) * self.per_day

    def kind_of(self, day: int) -> int:
        """Kind of a day, counted from the run's first."""
        return self.cycle[day % len(self.cycle)]

    def days_of(self, kind: int) -> list[int]:
        """Measured days of a kind."""
        return [day for day in self.measured if self.kind_of(day) == kind]

    @property
    def dates(self) -> tuple[int, ...]:
        """How many measured days there are of each kind."""
        return tuple(len(self.days_of(kind)) for kind in range(len(self.kinds)))

    @property
    def days_by_slot(self) -> Ints:
        """How many measured days stand behind each slot."""
        return np.repeat(self.dates, self.per_day)

    def date(self, day: int) -> dt.date:
        """Calendar date of a day of the run."""
        return self.start + dt.timedelta(days=day)

    def of(self, time: Floats) -> Ints:
        """Slot of each time (s since the run's start); -1 for none."""
        day = np.asarray(time // DAY).astype(np.int64)
        kind = np.array(self.cycle)[day % len(self.cycle)]
        interval = np.minimum(((time % DAY) / self.length).astype(np.int64), self.per_day - 1)
        return np.where(kind < 0, -1, kind * self.per_day + interval)

    def of_cycle(self, agents: Floats, plan: Floats) -> tuple[float, ...]:
        """Agents of the slots as the values of `staffing.<group>.counts`, from the run's first day on. Days without
        slots keep their `plan` (days of the cycle, intervals)."""
        table = agents.reshape(len(self.kinds), self.per_day)
        rows = [table[kind] if kind >= 0 else plan[day] for day, kind in enumerate(self.cycle)]
        return tuple(float(value) for row in rows for value in row)

    def by_slot(self, table: Floats) -> Floats:
        """(measured days, intervals) as an array by slot: the mean over the days of each kind."""
        first = self.measured[0]
        rows = [table[[day - first for day in self.days_of(kind)]].mean(axis=0) for kind in range(len(self.kinds))]
        return np.concatenate(rows)

    def label(self, slot: int) -> tuple[str, str]:
        """Kind of day and time of day: ('tue-fri', '08:30')."""
        kind, interval = divmod(slot, self.per_day)
        minutes = round(interval * self.length / 60)
        return self.kinds[kind], f"{minutes // 60:02d}:{minutes % 60:02d}"


def slots_of(config: Configuration) -> Slots:
    """The slots of the measured window; raises InputError unless it is made of whole days."""
    problems = [
        Problem(f"run.{name}", f"must be whole days for study=staffing, got {format_duration(value)}")
        for name, value in (("warm_up", config.run.warm_up), ("measure", config.run.measure))
        if value % DAY
    ]
    if problems:
        raise InputError(problems)
    asked, run = config.study.staffing, config.run
    length = run.interval if asked.interval is None else asked.interval
    measured = range(round(run.warm_up / DAY), round((run.warm_up + run.measure) / DAY))
    looks = _looks(config, length, measured.stop)
    weekly = all(looks[day] == looks[day - 7] for day in range(7, measured.stop))
    order = list(dict.fromkeys(looks[day] for day in measured))
    days = range(7) if weekly else range(measured.stop)
    cycle = tuple(order.index(looks[day]) if day < len(looks) and looks[day] in order else -1 for day in days)
    cycle = _each(cycle, measured) if asked.days == "each" and weekly else cycle
    names = tuple(_name(days_like(cycle, measured, kind), run.start, weekly) for kind in range(max(cycle) + 1))
    return Slots(length, names, cycle, measured, run.start)


def days_like(cycle: tuple[int, ...], measured: range, kind: int) -> list[int]:
    """Measured days of a kind."""
    return [day for day in measured if cycle[day % len(cycle)] == kind]


def _each(cycle: tuple[int, ...], measured: range) -> tuple[int, ...]:
    """Every weekday of the window as a kind of its own, in the order of the window."""
    own = list(dict.fromkeys(day % 7 for day in measured))
    return tuple(own.index(day) if day in own else -1 for day in range(7))


def _looks(config: Configuration, length: float, days: int) -> list[tuple[object, ...]]:
    """By day of the run, what makes two days alike: opening hours, plan, stated volumes."""
    streams = Streams(config)
    hours = [opened(config, name, length, range(days)) for name in config.open_channels]
    plans = [on_duty(config, name, length, range(days)) for name in config.staffing]
    return [
        (
            *(tuple(np.round(each[day], 6).tolist()) for each in hours),
            *(tuple(np.round(each[day], 6).tolist()) for each in plans),
            *(tuple(np.round(streams.rates(source, day), 6).tolist()) for source in streams.sources),
        )
        for day in range(days)
    ]


def _name(days: list[int], start: dt.date, weekly: bool) -> str:
    if not weekly:
        return ", ".join((start + dt.timedelta(days=day)).isoformat() for day in days)
    weekdays = sorted({(start.weekday() + day) % 7 for day in days})
    if len(weekdays) > 2 and weekdays == list(range(weekdays[0], weekdays[-1] + 1)):
        return f"{DAYS[weekdays[0]]}-{DAYS[weekdays[-1]]}"
    return ",".join(DAYS[day] for day in weekdays)


def opened(config: Configuration, channel: str, length: float, days: range) -> Floats:
    """(days, intervals): share of each interval in which the channel is open, by day of the run."""
    spec, run = config.channels[channel], config.run
    cycle = cycle_of([spec], run)
    edges = (run.start.weekday() + days.start) * DAY + np.arange(0.0, len(days) * DAY + length / 2, length)
    before = open_seconds(edges, spans_of(spec, run, cycle), cycle)
    return np.asarray((np.diff(before) / length).reshape(len(days), -1))


def open_by_slot(config: Configuration, slots: Slots, channel: str) -> Floats:
    """Share of each slot in which the channel is open."""
    return slots.by_slot(opened(config, channel, slots.length, slots.measured))


def on_duty(config: Configuration, group: str, length: float, days: range) -> Floats:
    """(days, intervals): agents on duty by the plan, net of shrinkage."""
    roster, size = Roster(config, group, 0, 0), round(DAY / length)
    paid = np.array([resampled(roster.scheduled(day), size) for day in days])
    return paid * (1 - roster.pool.shrinkage)


def resampled(values: Floats, size: int) -> Floats:
    """Values by equal intervals of a day as means over `size` intervals of it."""
    fine = np.lcm(values.size, size)
    return np.asarray(np.repeat(values, fine // values.size).reshape(size, -1).mean(axis=1))

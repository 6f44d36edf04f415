"""Slots: the cells for which agents are asked, an interval of the day on one kind of day.

Comes in: a configuration and what the study asks. Goes out: `Slots`, which says to which slot a moment belongs, and
what the plan (the configured staffing) has there. Days of one kind share their agents, so that what happened on all of
them says how many are needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...chance.rosters import Roster
from ...errors import InputError, Problem
from ...model.centre import Configuration
from ...model.units import DAY, DAYS, WEEK, format_duration

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Slots:
    """Slots are numbered kind by kind of day, in each by time of day."""

    length: float
    """of an interval, s"""
    kinds: tuple[str, ...]
    """names of the kinds of days, such as mon, tue-fri"""
    kind_of: tuple[int, ...]
    """by weekday; -1 for a weekday that is not in the measured window"""
    first_weekday: int
    """weekday of the run's first day"""
    dates: tuple[int, ...]
    """days of each kind in the measured window"""

    @property
    def per_day(self) -> int:
        """Intervals of a day."""
        return round(DAY / self.length)

    @property
    def count(self) -> int:
        """Slots."""
        return len(self.kinds) * self.per_day

    def of(self, time: Floats) -> Ints:
        """Slot of each time (s since the run's start); -1 for none."""
        weekday = (np.asarray(time // DAY).astype(np.int64) + self.first_weekday) % 7
        kind = np.array(self.kind_of)[weekday]
        interval = np.minimum(((time % DAY) / self.length).astype(np.int64), self.per_day - 1)
        return np.where(kind < 0, -1, kind * self.per_day + interval)

    def week(self, agents: Floats, plan: Floats) -> tuple[float, ...]:
        """Agents of the slots as the values of `staffing.<group>.counts`, a week from the run's first day on. Weekdays
        without slots keep their `plan` (7, intervals)."""
        table = agents.reshape(len(self.kinds), self.per_day)
        days = [(self.first_weekday + d) % 7 for d in range(7)]
        rows = [table[self.kind_of[day]] if self.kind_of[day] >= 0 else plan[day] for day in days]
        return tuple(float(value) for row in rows for value in row)

    def by_slot(self, table: Floats) -> Floats:
        """(7, intervals) by weekday, as an array by slot: the mean over the weekdays of each kind."""
        rows = [table[[kind == number for kind in self.kind_of]].mean(axis=0) for number in range(len(self.kinds))]
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
    first = run.start.weekday()
    inside = [(first + day) % 7 for day in _days(config)]
    looks = {day: _look(config, day, length) if asked.days == "alike" else day for day in sorted(set(inside))}
    order = list(dict.fromkeys(looks.values()))
    kind_of = tuple(order.index(looks[day]) if day in looks else -1 for day in range(7))
    names = tuple(_name([day for day in range(7) if kind_of[day] == kind]) for kind in range(len(order)))
    dates = tuple(sum(kind_of[day] == kind for day in inside) for kind in range(len(order)))
    return Slots(length, names, kind_of, first, dates)


def _days(config: Configuration) -> range:
    run = config.run
    return range(int(run.warm_up // DAY), int(np.ceil((run.warm_up + run.measure) / DAY)))


def _look(config: Configuration, weekday: int, length: float) -> tuple[object, ...]:
    """What makes two days alike: opening hours and plan."""
    hours = [tuple(opened(config, name, length)[weekday].tolist()) for name in config.open_channels]
    plans = [tuple(np.round(planned(config, name, length)[weekday], 6).tolist()) for name in config.staffing]
    return (*hours, *plans)


def _name(days: list[int]) -> str:
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    return ",".join(DAYS[day] for day in days)


def opened(config: Configuration, channel: str, length: float) -> Floats:
    """(7, intervals): share of each interval in which the channel is open."""
    edges = np.arange(0.0, WEEK + length / 2, length)
    before = sum((np.clip(edges, start, end) - start for start, end in config.channels[channel].hours), 0.0 * edges)
    return np.asarray((np.diff(before) / length).reshape(7, -1))


def planned(config: Configuration, group: str, length: float) -> Floats:
    """(7, intervals): agents on duty by the plan, net of shrinkage, by weekday: mean of its dates in the window.
    Weekdays outside the window are taken from the first week."""
    roster, first, size = Roster(config, group, 0, 0), config.run.start.weekday(), round(DAY / length)
    table = np.zeros((7, size))
    for weekday in range(7):
        dates = [day for day in _days(config) if (first + day) % 7 == weekday] or [(weekday - first) % 7]
        table[weekday] = np.mean([_resampled(roster.scheduled(day), size) for day in dates], axis=0)
    return table * (1 - roster.pool.shrinkage)


def _resampled(values: Floats, size: int) -> Floats:
    fine = np.lcm(values.size, size)
    return np.asarray(np.repeat(values, fine // values.size).reshape(size, -1).mean(axis=1))

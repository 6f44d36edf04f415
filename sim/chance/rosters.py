"""Who is on duty: each day's agents of every pool, less absence and planned shrinkage.

Comes in: a checked configuration and (seed, replication, day). Goes out: for pools staffed by count, the number of
agents in each interval; for pools staffed by shifts, the duties that begin on the day. Absence is drawn by key, a whole
day of one agent at a time, so the number who come is binomial; planned time off the phone is rounded and has no
variance of its own (`off_phone`). Both are taken off scheduled agents only. A fraction of a net agent is an agent with
that probability in that interval.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from ..model.centre import Configuration
from ..model.people import Pool, Shift
from ..model.units import DAY, DAYS, parse_days
from .keys import DAYS as MOST_DAYS
from .keys import Purpose, entity_of
from .off_phone import SLOT, Duty, off_phone, rounded_as_it_runs
from .philox import uniform

_STAFFING, _ATTENDANCE = int(Purpose.STAFFING), int(Purpose.ATTENDANCE)
MINUTES = 2 * 1440
"""of the day and the next, into which a shift may reach"""
WHOLE = 1e-9
"""what a whole number of agents may be off by"""
Floats = NDArray[np.float64]


class Roster:
    """The staffing of one pool."""

    def __init__(self, config: Configuration, name: str, seed: int, replication: int) -> None:
        self.pool: Pool = config.staffing[name]
        self.number = list(config.staffing).index(name)
        self.first_date, self.seed, self.replication = config.run.start, seed, replication
        drawn = self.pool.said == "scheduled"
        self.absence, self.planned = (self.pool.absence, self.pool.planned) if drawn else (0.0, 0.0)
        self._days: dict[int, Floats] = {}
        self._before = {0: 0.0}
        """agents of all intervals said for the days before each day"""
        self._certain: dict[int, list[int]] = {}
        """counts of days with nothing left to chance"""

    def of(self, seed: int, replication: int) -> Roster:
        """The same pool in another replication."""
        other = object.__new__(Roster)
        vars(other).update(vars(self), seed=seed, replication=replication)
        return other

    @property
    def size(self) -> int:
        """Most agents that can ever be on duty."""
        if self.pool.shifts:
            return sum(shift.agents for shift in self.pool.shifts)
        peak = max(self.pool.counts.values) if self.pool.counts else self.pool.agents
        return int(np.ceil(peak * max([1.0, *self.pool.weekday.values()])))

    def scheduled(self, day: int) -> Floats:
        """Paid agents by interval of the day: net numbers are grossed up by shrinkage, breaks are paid."""
        said = self._in_shifts(day) if self.pool.shifts else self._said(day)
        left = 1 - self.pool.shrinkage
        return np.asarray(said / left if self.pool.said == "net" and left > 0 else said)

    def plans(self, time: float) -> bool:
        """Whether anybody is planned to be on duty at a time, s since the run's start: be it by a fraction, or with a
        chance of absence, or in a break."""
        day, since = int(time // DAY), time % DAY
        if self.pool.shifts:
            tonight = any(shift.start <= since < shift.until for shift in self._working(day))
            return tonight or any(since < shift.until - DAY for shift in self._working(day - 1))
        said = self._said(day)
        return bool(said[int(since / (DAY / said.size))] > 0)

    def counts(self, day: int) -> list[int]:
        """Agents on duty by interval of the day, for a pool staffed by count."""
        if day in self._certain:
            return self._certain[day]
        said = self._said(day)
        if self.pool.said == "net":
            counts = [self._chanced(value, day, interval) for interval, value in enumerate(said)]
            certain = bool(np.all(said - np.floor(said + WHOLE) <= WHOLE))
        else:
            counts = rounded_as_it_runs(self._came(said, day) * (1 - self.planned), self._said_before(day))
            certain = self.absence == 0.0
        if certain:
            self._certain[day] = counts
        return counts

    def is_certain(self, day: int) -> bool:
        """Whether it is known, the day having been asked for, that chance has no part in who is on duty."""
        return self.absence == 0.0 if self.pool.shifts else day in self._certain

    def _said_before(self, day: int) -> float:
        """Agents of all intervals of the days before, less those who are off the phone."""
        known = day
        while known not in self._before:
            known -= 1
        for each in range(known, day):
            self._before[each + 1] = self._before[each] + float(self._said(each).sum())
        return self._before[day] * (1 - self.pool.shrinkage)

    def duties(self, day: int) -> list[Duty]:
        """Duties that begin on the day, for a pool staffed by shifts, by agent; breaks and time off the phone are
        their pauses. Day -1 is the night before the run."""
        found: list[Duty] = []
        agent, working = 0, self._working(day)
        for shift in self.pool.shifts:
            for _ in range(shift.agents):
                if shift in working and self._comes(agent, day):
                    found.append(Duty(agent, day * DAY + shift.start, day * DAY + shift.until).with_pauses(
                        [(day * DAY + start, day * DAY + end) for start, end in shift.pauses]))  # fmt: skip
                agent += 1
        return [duty for duty in off_phone(found, self.planned, day * DAY) if duty.end > duty.start]

    def _in_shifts(self, day: int) -> Floats:
        """Agents by slot of the day in shifts that begin on it or on the day before."""
        minutes = np.zeros(MINUTES)
        for at, begun in ((0, day), (1440, day - 1)):
            for shift in self._working(begun):
                minutes[max(0, round(shift.start / 60) - at) : max(0, round(shift.until / 60) - at)] += shift.agents
        return np.asarray(minutes[:1440].reshape(-1, round(SLOT / 120)).mean(axis=1))

    def _working(self, day: int) -> list[Shift]:
        weekday = (self.first_date + dt.timedelta(days=day)).weekday()
        return [shift for shift in self.pool.shifts if weekday in parse_days(shift.days)]

    def _said(self, day: int) -> Floats:
        """Agents by interval, as the file says, on that day of the week."""
        if day not in self._days:
            self._days[day] = self._said_anew(day)
        return self._days[day]

    def _said_anew(self, day: int) -> Floats:
        pool = self.pool
        weekday = (self.first_date + dt.timedelta(days=day)).weekday()
        factor = pool.weekday.get(DAYS[weekday], 1.0)
        if pool.counts is not None:
            per_day = round(DAY / pool.counts.interval)
            values = np.array(pool.counts.values)
            return np.asarray(factor * values[np.arange(day * per_day, (day + 1) * per_day) % values.size])
        profile = np.array(pool.profile)
        return np.asarray(factor * pool.agents * profile / max(profile.max(), 1e-300))

    def _chanced(self, value: float, day: int, interval: int) -> int:
        whole = int(value + WHOLE)
        part = value - whole
        if part <= WHOLE:
            return whole
        key = entity_of(self.number, day, interval, 0)
        return whole + int(uniform(self.seed, self.replication, key, 0, _STAFFING) < part)

    def _came(self, said: Floats, day: int) -> Floats:
        """Of the first `said` agents of the day in each interval, those who came; a fraction of one counts as such."""
        if self.absence == 0.0:
            return said
        came = [float(self._comes(agent, day)) for agent in range(int(np.ceil(said.max(initial=0.0))))]
        return np.asarray(np.interp(said, np.arange(len(came) + 1), np.cumsum([0.0, *came])))

    def _comes(self, agent: int, day: int) -> bool:
        if self.absence == 0.0:
            return True
        key = entity_of(self.number, day % MOST_DAYS, 0, agent)
        return uniform(self.seed, self.replication, key, 0, _ATTENDANCE) >= self.absence

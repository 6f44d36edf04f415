"""Who is on duty: each day's changes of every pool, with shrinkage and fractions of agents drawn by key.

Comes in: a checked configuration and (seed, replication, day). Goes out: for pools staffed by count, the number of
agents in each interval; for pools staffed by shifts, who comes and goes. A fraction of an agent is an agent with that
probability in that interval; a scheduled shift is worked with probability 1 - shrinkage.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model.centre import Configuration
from ..model.people import Pool, Shift
from ..model.units import DAY, DAYS, parse_days
from .keys import Purpose, entity_of
from .philox import uniform

_STAFFING, _ATTENDANCE = int(Purpose.STAFFING), int(Purpose.ATTENDANCE)
Floats = NDArray[np.float64]


def _spells(shift: Shift) -> list[tuple[float, float]]:
    """The shift less its breaks, which may stand in any order and overlap."""
    spells, at = [], shift.start
    for pause in sorted(shift.breaks, key=lambda each: each.start):
        if pause.start > at:
            spells.append((at, pause.start))
        at = max(at, pause.end)
    return [*spells, (at, shift.end)] if at < shift.end else spells


@dataclass(frozen=True)
class Duty:
    """A spell of duty of one named agent (its index within the pool), s since the run's start."""

    agent: int
    start: float
    end: float


class Roster:
    """The staffing of one pool."""

    def __init__(self, config: Configuration, name: str, seed: int, replication: int) -> None:
        self.pool: Pool = config.staffing[name]
        self.number = list(config.staffing).index(name)
        self.first_date, self.seed, self.replication = config.run.start, seed, replication

    @property
    def size(self) -> int:
        """Most agents that can ever be on duty."""
        if self.pool.shifts:
            return sum(shift.agents for shift in self.pool.shifts)
        peak = max(self.pool.counts.values) if self.pool.counts else self.pool.agents
        return int(np.ceil(peak * max([1.0, *self.pool.weekday.values()])))

    def scheduled(self, day: int) -> Floats:
        """Paid agents by interval of the day: net numbers are grossed up by shrinkage, breaks are paid."""
        if self.pool.shifts:
            minutes = np.zeros(1440)
            for shift in self._working(day):
                minutes[round(shift.start / 60) : round(shift.end / 60)] += shift.agents
            said = minutes.reshape(-1, 15).mean(axis=1)
        else:
            said = self._said(day)
        left = 1 - self.pool.shrinkage
        return np.asarray(said / left if self.pool.said == "net" and left > 0 else said)

    def counts(self, day: int) -> list[int]:
        """Agents on duty by interval of the day, for a pool staffed by count."""
        net = self._said(day) * ((1 - self.pool.shrinkage) if self.pool.said == "scheduled" else 1.0)
        return [self._rounded(value, day, interval) for interval, value in enumerate(net)]

    def duties(self, day: int) -> list[Duty]:
        """Spells of duty of the day, for a pool staffed by shifts; breaks end one spell and begin the next."""
        found: list[Duty] = []
        agent = 0
        for shift in self.pool.shifts:
            for _ in range(shift.agents):
                if shift in self._working(day) and self._attends(agent, day):
                    found += [Duty(agent, day * DAY + start, day * DAY + end) for start, end in _spells(shift)]
                agent += 1
        return found

    def _working(self, day: int) -> list[Shift]:
        weekday = (self.first_date + dt.timedelta(days=day)).weekday()
        return [shift for shift in self.pool.shifts if weekday in parse_days(shift.days)]

    def _said(self, day: int) -> Floats:
        pool = self.pool
        weekday = (self.first_date + dt.timedelta(days=day)).weekday()
        factor = pool.weekday.get(DAYS[weekday], 1.0)
        if pool.counts is not None:
            per_day = round(DAY / pool.counts.interval)
            values = np.array(pool.counts.values)
            return np.asarray(factor * values[np.arange(day * per_day, (day + 1) * per_day) % values.size])
        profile = np.array(pool.profile)
        return np.asarray(factor * pool.agents * profile / max(profile.max(), 1e-300))

    def _rounded(self, value: float, day: int, interval: int) -> int:
        whole = int(value + 1e-9)
        part = value - whole
        if part <= 1e-9:
            return whole
        key = entity_of(self.number, day, interval, 0)
        return whole + int(uniform(self.seed, self.replication, key, 0, _STAFFING) < part)

    def _attends(self, agent: int, day: int) -> bool:
        if self.pool.said == "net" or self.pool.shrinkage == 0:
            return True
        key = entity_of(self.number, day, 0, agent)
        return uniform(self.seed, self.replication, key, 0, _ATTENDANCE) >= self.pool.shrinkage

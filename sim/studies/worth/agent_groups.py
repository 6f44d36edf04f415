"""Agent groups that a study makes larger or smaller: which, at what price, and the centre with other peaks.

Comes in: a configuration and the channels that matter. Goes out: peaks, paid hours and wages by group, and
configurations with other peaks (fractions allowed: a pool takes a fraction as an agent with that probability, drawn by
key, so that a slightly larger group has the same people and at times one more).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from ...chance.rosters import Roster
from ...errors import InputError, Problem
from ...model.base import FrozenDict
from ...model.centre import Configuration
from ...model.people import Pool
from ...model.units import DAY, HOUR, WEEK
from .constraints import Floats


@dataclass(frozen=True)
class Groups:
    """Groups with a peak (`agents`). Arrays are by group, at present staffing."""

    names: tuple[str, ...]
    peaks: Floats
    """`agents` as stated"""
    scheduled: Floats
    """scheduled agents at the peak: net ones grossed up by shrinkage"""
    hours: Floats
    """paid in a week of the measured window"""
    wages: Floats
    """per hour"""

    @property
    def cost(self) -> Floats:
        """Wages a week; without any wages, hours."""
        return self.hours * self.wages if (self.wages > 0).all() else self.hours


def groups_of(config: Configuration, channels: Collection[str]) -> Groups:
    """The groups that serve one of `channels`; raises InputError for one staffed by shifts or counts, or if none."""
    names = [name for name, pool in config.staffing.items() if not set(pool.serves).isdisjoint(channels)]
    problems = [
        Problem(f"staffing.{name}", "has no peak to vary: study=worth needs `agents` with a profile, or counts")
        for name in names
        if not peak_of(config.staffing[name])
    ]
    if not names:
        problems = [Problem("study.worth.constraints", "no agent group serves a channel of the constraints")]
    if problems:
        raise InputError(problems)
    pools = [config.staffing[name] for name in names]
    peaks = np.array([peak_of(pool) for pool in pools])
    gross = np.array([1 - pool.shrinkage if pool.said == "net" and pool.shrinkage < 1 else 1.0 for pool in pools])
    hours = np.array([_paid_hours(config, name) for name in names])
    general = config.economics.wage_per_hour
    wages = np.array([general if pool.wage_per_hour is None else pool.wage_per_hour for pool in pools])
    return Groups(tuple(names), peaks, peaks / gross, hours, wages)


def _paid_hours(config: Configuration, name: str) -> float:
    run, roster = config.run, Roster(config, name, config.run.seed, 0)
    days = range(int(run.warm_up // DAY), int(np.ceil((run.warm_up + run.measure) / DAY)))
    hours = [float(roster.scheduled(day).mean()) * DAY / HOUR for day in days]
    return sum(hours) / (len(hours) * DAY / WEEK)


def peak_of(pool: Pool) -> float:
    """Most agents of a group in any interval; 0 for one staffed by shifts."""
    return pool.agents if pool.counts is None else max(pool.counts.values)


def _at_peak(pool: Pool, peak: float) -> Pool:
    """The group of the same course over the day with another peak."""
    if pool.counts is None:
        return pool.model_copy(update={"agents": peak})
    values = tuple(value * peak / peak_of(pool) for value in pool.counts.values)
    return pool.model_copy(update={"counts": pool.counts.model_copy(update={"values": values})})


def with_peaks(config: Configuration, groups: Groups, peaks: Floats) -> Configuration:
    """The same centre with other peaks."""
    changed = {
        name: _at_peak(config.staffing[name], float(peak)) for name, peak in zip(groups.names, peaks, strict=True)
    }
    return config.model_copy(update={"staffing": FrozenDict({**config.staffing, **changed})})

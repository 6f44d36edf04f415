"""Numbers by time of day, ready to be drawn: arrays over the intervals of a day, NaN where a number would mislead.

Comes in: `Results`, whose totals by time of day are sums over all days of the window. Goes out: `Series`. No
matplotlib here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..measures.columns import columns_of
from ..measures.spans import Pieces
from ..model.centre import Configuration
from ..model.channels import AnyChannel, Queued
from ..model.units import DAY, HOUR, WEEK
from ..runs.replicate import Results

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FEWEST = 10
"""contacts in all replications below which a share of an interval is not shown"""


@dataclass(frozen=True)
class Series:
    """A measure over the day: `mean` and `half` (half width of the interval) at the intervals' starts."""

    name: str
    mean: Floats
    half: Floats

    def where(self, mask: Bools) -> Series:
        """The same with NaN outside the mask."""
        return Series(self.name, np.where(mask, self.mean, np.nan), np.where(mask, self.half, np.nan))

    def times(self, factor: Floats) -> Series:
        """Mean and half width times a factor."""
        return Series(self.name, self.mean * factor, self.half * factor)


class Daytime:
    """The day of a run."""

    def __init__(self, results: Results) -> None:
        self.results, self.config = results, results.config
        run = self.config.run
        window = (run.warm_up, run.warm_up + run.measure)
        columns = columns_of(self.config, window)
        self.starts = np.arange(columns.intervals) * DAY / columns.intervals
        self.labels = [f"{round(s / 60) // 60:02d}:{round(s / 60) % 60:02d}" for s in self.starts]
        covered = Pieces(columns).whole[1 + columns.days :]
        self.closed_days = _closed_days(self.config)
        self.days = covered / columns.interval - self.closed_days
        """how many days of the window on which anybody is served contain each interval"""

    @property
    def hours(self) -> Floats:
        """Starts of the intervals in hours, for an axis."""
        return self.starts / HOUR

    def series(self, scope: str, name: str, measure: str) -> Series:
        """Any measure, with NaN for what is missing or not finite."""
        found = [self.results.kpis.get(scope, name, measure, label) for label in self.labels]
        mean = np.array([np.nan if kpi is None else kpi.mean for kpi in found])
        half = np.array([np.nan if kpi is None else kpi.half_width for kpi in found])
        return Series(name, mean, half).where(np.isfinite(mean))

    def offered(self, channel: str) -> Series:
        """Contacts per interval, mean over the open days of the window."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.series("channel", channel, "offered").times(1 / self.days).where(self.days > 0)

    def share(self, channel: str, measure: str) -> Series:
        """A share of offered contacts, where there are enough of them, the channel is open and somebody answers."""
        contacts = self.series("channel", channel, "offered").mean * len(self.results.replications)
        mask = np.nan_to_num(contacts) >= FEWEST
        if isinstance(self.config.channels[channel], Queued):
            mask &= self.open_share(channel) >= 0.5
            mask &= self.on_duty([name for name, pool in self.config.staffing.items() if channel in pool.serves])
        return self.series("channel", channel, measure).where(mask)

    def occupancy(self, pool: str) -> Series:
        """Occupancy of a pool while on duty."""
        return self.series("pool", pool, "occupancy").where(self.on_duty([pool]))

    def on_duty(self, pools: list[str]) -> Bools:
        """Whether any of the pools has agents, for at least a minute in the window."""
        hours = [np.nan_to_num(self.series("pool", pool, "duty_hours").mean) for pool in pools]
        return np.asarray(sum(hours, np.zeros(self.starts.size)) > 1 / 60)

    def open_share(self, channel: str) -> Floats:
        """Share of the week's open days on which the channel is open in the middle of each interval."""
        middle = self.starts + DAY / self.starts.size / 2
        week = np.arange(7)[:, None] * DAY + middle
        is_open = np.zeros(week.shape, dtype=bool)
        for start, end in self.config.channels[channel].hours:
            is_open |= ((week >= start) & (week < end)) | ((week + WEEK >= start) & (week + WEEK < end))
        return np.asarray(is_open.sum(axis=0) / max(int(is_open.any(axis=1).sum()), 1))


def _closed_days(config: Configuration) -> int:
    """Whole days of the window on which no channel that agents serve is open: they are no part of a usual day."""
    run, names = config.run, queued(config)
    if run.measure % DAY or not names:
        return 0
    first = run.start + dt.timedelta(seconds=run.warm_up)
    dates = [first + dt.timedelta(days=k) for k in range(round(run.measure / DAY))]
    closed = sum(not any(_is_open(config.channels[name], date) for name in names) for date in dates)
    return 0 if closed == len(dates) else closed


def _is_open(channel: AnyChannel, date: dt.date) -> bool:
    """Whether a channel is open for a part of a date."""
    if date in channel.dates:
        return bool(channel.dates[date])
    start = date.weekday() * DAY
    return any(begin < start + DAY and start < end for begin, end in channel.hours)


def queued(config: Configuration) -> list[str]:
    """Open channels that agents serve, in file order."""
    return [name for name in config.open_channels if isinstance(config.channels[name], Queued)]

"""Agents without work and hours without agents: what a change of channels, hours or rosters leaves behind.

Comes in: a configuration before its run. Goes out: texts, each saying what would mend it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from ..chance.rosters import Roster
from ..model.centre import Configuration
from ..model.channels import LiveChannel
from ..model.units import DAY, DAYS

MOST_DAYS = 7
"""looked at, from the first measured day"""


def duty_warnings(config: Configuration) -> Iterator[str]:
    """Groups that serve no open channel, and live channels that are open with nobody on duty."""
    for name, pool in config.staffing.items():
        if set(pool.serves).isdisjoint(config.open_channels):
            home = f"staffing.{name}=null sends them home"
            yield f"staffing.{name}: serves no open channel, its agents have no work ({home})"
    for name in config.open_channels:
        channel = config.channels[name]
        if isinstance(channel, LiveChannel):
            yield from _unstaffed(config, name, channel)


def _unstaffed(config: Configuration, name: str, channel: LiveChannel) -> Iterator[str]:
    serving = [pool for pool, spec in config.staffing.items() if name in spec.serves]
    rosters = [Roster(config, pool, config.run.seed, 0) for pool in serving]
    first = int(config.run.warm_up // DAY)
    days = range(first, first + min(MOST_DAYS, int(np.ceil(config.run.measure / DAY))))
    without, where = 0.0, ""
    for day in days:
        date = config.run.start + dt.timedelta(days=day)
        if date in channel.dates:
            continue
        paid = [np.repeat(each, 1440 // each.size) for each in (roster.scheduled(day) for roster in rosters)]
        nobody = np.sum(paid, axis=0) <= 0
        monday = date.weekday() * DAY
        minute = monday + 60.0 * np.arange(1440)
        is_open = np.zeros(1440, dtype=bool)
        for start, end in channel.hours:
            is_open |= (minute >= start) & (minute < end)
        holes = np.flatnonzero(is_open & nobody)
        if holes.size:
            without += holes.size / 60
            where = where or f"{DAYS[date.weekday()]} {holes[0] // 60:02d}:{holes[0] % 60:02d}"
    if without:
        yield (
            f"channels.{name}: open for {without:.3g} h of {len(days)} days with nobody on duty (first {where}): "
            f"change channels.{name}.hours, or the agents of {', '.join(serving)}"
        )

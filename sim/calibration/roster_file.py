"""A roster of one's own in place of the agents of the file: `data.roster=roster.csv`.

Comes in: the key, the table of the file, and the recorded centre. Goes out: agents really on duty, by agent group, day
and interval of the table. It is a what-if, though it is a file: the fit and the recorded centre do not change with it.
The file is read as any other, for times, dates and totals are written alike: columns start, channel (if there are
several) and agents, which `required.csv` of study=staffing has, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, Problem
from ..model.base import FrozenDict
from ..model.centre import Configuration
from ..model.data import Data
from ..model.layout import Columns, Per, Units
from .groups import shares_of
from .intervals.repeats import EVERY_CHANNEL
from .intervals.table import IntervalTable, read_intervals

Floats = NDArray[np.float64]
KEY = "data.roster"
COLUMN = "agents"
OF_VOLUMES = ("intervals", "preset", "date", "sheet", "queue_agents")
"""keys that describe the file of volumes and no roster"""
NO_MATTER = 300.0
"""s of handle time, which the reader of volumes asks for"""


@dataclass(frozen=True)
class RosterFile:
    """Agents on duty by agent group, (days, intervals) of the imported table."""

    pools: Mapping[str, Floats]
    digest: str
    """of the file"""
    notice: str


def roster_file(data: Data, recorded: Configuration, table: IntervalTable) -> RosterFile | None:
    """The roster that `data.roster` names; None without one. What it says of a group's channels is added up. Raises
    InputError for a file that cannot be read or leaves an interval with volumes out."""
    if data.roster is None:
        return None
    asked = data.model_copy(update=dict.fromkeys(OF_VOLUMES) | {
        "columns": Columns(offered=COLUMN), "units": Units(), "per": Per(), "channel": data.channel or _only(table),
        "aht": FrozenDict({EVERY_CHANNEL: NO_MATTER}), "aht_divided_by": FrozenDict(),
        "sl_within": FrozenDict(),
    })  # fmt: skip
    roster = read_intervals(data.roster, table.channels, asked)
    agents = {name: _on_the_days(roster, table, name) for name in roster.channels}
    pools = {}
    for name, pool in recorded.staffing.items():
        named = [channel for channel in pool.serves if channel in agents]
        if named:
            shares = [shares_of(recorded, channel)[name] * agents[channel] for channel in named]
            pools[name] = np.asarray(np.sum(shares, axis=0))
    digest = hashlib.sha256(Path(data.roster).read_bytes()).hexdigest()
    return RosterFile(pools, digest, f"agents of {', '.join(pools)} are those of {roster.path.name} (data.roster)")


def _only(table: IntervalTable) -> str | None:
    return table.channels[0] if len(table.channels) == 1 else None


def _on_the_days(roster: IntervalTable, table: IntervalTable, name: str) -> Floats:
    """Agents by day and interval of the table; 0 where it has no volumes. Raises InputError for what is missing."""
    values = _in_intervals(roster.offered[roster.channels.index(name)], roster, table)
    days, first = np.full((table.n_days, values.shape[1]), np.nan), (table.first_day - roster.first_day).days
    for day in range(table.n_days):
        if 0 <= first + day < roster.n_days:
            days[day] = values[first + day]
    asked = ~np.isnan(table.offered[table.channels.index(name)])
    if (asked & np.isnan(days)).any():
        day, interval = np.argwhere(asked & np.isnan(days))[0].tolist()
        minute = interval * table.interval // 60
        date = table.first_day.fromordinal(table.first_day.toordinal() + day)
        when = f"{date} {minute // 60:02d}:{minute % 60:02d}"
        what = f"{roster.path.name} has no agents for {name} at {when}, where {table.path.name} has volumes"
        raise InputError(Problem(KEY, f"{what} (0 says that nobody is there)"))
    return np.asarray(np.nan_to_num(days))


def _in_intervals(values: Floats, roster: IntervalTable, table: IntervalTable) -> Floats:
    """Agents in the table's intervals: those of longer ones repeated, the mean of shorter ones."""
    if roster.interval % table.interval == 0:
        return np.repeat(values, roster.interval // table.interval, axis=1)
    if table.interval % roster.interval:
        what = f"{roster.path.name} has intervals of {roster.interval / 60:g} min, {table.path.name} of"
        raise InputError(
            Problem(KEY, f"{what} {table.interval / 60:g} min: one must hold the other a whole number of times")
        )
    return np.asarray(values.reshape(len(values), -1, table.interval // roster.interval).mean(axis=2))

"""A planner's own interval volumes: a CSV or XLSX file → an `IntervalTable`, or an InputError with every mistake in it.

Comes in: a path and the keys below `data` (conf/data/README.md is the guide to both). Goes out: dense arrays by
channel, day and interval, and notices of what was decided. `offered` counts all contacts offered, redials included
(what an ACD prints); blank means not known, 0 means none. The table says which intervals the file has and fills none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.intervals.belief import check_belief
from sim.calibration.intervals.files import read_sheet
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.grid import by_start, find_interval
from sim.calibration.intervals.header import Grid, find_grid
from sim.calibration.intervals.numbers import SECONDS
from sim.calibration.intervals.repeats import fill_aht, merge_repeated, weighted_mean, with_lengths, with_stated_aht
from sim.calibration.intervals.rows import Floats, Rows, read_rows
from sim.calibration.intervals.titles import threshold_of
from sim.calibration.intervals.totals import without_total_queues, without_totals, without_unlabelled_totals
from sim.errors import InputError, Problem, nearest
from sim.model.data import Data

MAX_DAYS = 3660  # ten years: beyond that a year is mistyped, and the arrays would fill the memory
MAX_CHANNELS = 100
FIELDS = ("offered", "aht", "agents", "abandoned_pct", "sl_pct", "asa")
IN_SECONDS = ("aht", "asa")
"""fields that rows call by their unit"""


@dataclass(frozen=True, eq=False)
class IntervalTable:
    """Volumes by channel, calendar day and interval of the day, local civil time, the first interval at 00:00.

    `interval` is in seconds. The arrays have shape (channels, days, intervals of a day), are read-only, and hold NaN
    where the file has no row or a blank cell: offered (contacts), aht (seconds with wrap-up, the plain length of a
    contact also where an agent shares his time between several; NaN too where none were offered and none was given),
    agents (heads; all NaN in a file without that column), abandoned_pct and sl_pct (0 to 100), asa (mean wait of those
    answered, seconds). `sl_within` is the wait in seconds that the title of the service level counts (NaN: none).
    `notices` are sentences for the user.
    """

    path: Path
    interval: int
    first_day: date
    n_days: int
    channels: tuple[str, ...]
    offered: Floats
    aht: Floats
    agents: Floats
    abandoned_pct: Floats
    sl_pct: Floats
    notices: tuple[str, ...] = ()
    asa: Floats = field(default_factory=lambda: np.empty(0))
    sl_within: float = float("nan")

    def __post_init__(self) -> None:
        if not self.asa.size:
            object.__setattr__(self, "asa", np.full(self.offered.shape, np.nan))
        for name in FIELDS:
            getattr(self, name).setflags(write=False)

    @property
    def last_day(self) -> date:
        """The last calendar day spanned."""
        return self.first_day + timedelta(days=self.n_days - 1)

    def days_with_data(self) -> NDArray[np.bool_]:
        """Per calendar day: whether the volume of any channel is known in any interval."""
        return np.asarray((~np.isnan(self.offered)).any(axis=(0, 2)))

    def between(self, first: date, last: date) -> IntervalTable:
        """The days from `first` to `last`, both included; raises InputError if none of them has data."""
        start = max(0, (first - self.first_day).days)
        stop = min(self.n_days, (last - self.first_day).days + 1)
        if start >= stop or not self.days_with_data()[start:stop].any():
            what = f"no volumes from {first} to {last}; the file spans {self.first_day} to {self.last_day}"
            raise InputError(Problem(self.path.name, what))
        arrays = {name: getattr(self, name)[:, start:stop] for name in FIELDS}
        return replace(self, first_day=self.first_day + timedelta(days=start), n_days=stop - start, **arrays)

    def total_offered(self, channel: str) -> float:
        """Contacts offered over all intervals known."""
        return float(np.nansum(self.offered[self._index(channel)]))

    def weighted_aht(self, channel: str) -> float:
        """Mean handle time in seconds: Σ offered·aht / Σ offered, over intervals where both are known; else NaN."""
        index = self._index(channel)
        return weighted_mean(self.aht[index], self.offered[index])

    def abandoned_share(self, channel: str) -> float:
        """Abandoned contacts as a fraction (0 to 1) of those offered, where both are known; else NaN."""
        index = self._index(channel)
        return weighted_mean(self.abandoned_pct[index], self.offered[index]) / 100

    def has_results(self, i: int) -> bool:
        """Whether anything is known of how the contacts of a channel ended: without it, volumes are a forecast."""
        return not (np.isnan(self.abandoned_pct[i]).all() and np.isnan(self.sl_pct[i]).all())

    def _index(self, channel: str) -> int:
        if channel not in self.channels:
            raise InputError(Problem(self.path.name, f"no channel {channel!r}{nearest(channel, self.channels)}"))
        return self.channels.index(channel)


def read_intervals(
    path: Path | str, known_channels: Sequence[str] | None = None, data: Data | None = None
) -> IntervalTable:
    """Reads the file; with `known_channels`, a channel of another name is a mistake (case does not matter). `data` says
    what the file does not show: columns, units, the time zone.

    Raises InputError with all mistakes found, in the order of the file.
    """
    path, asked = Path(path), data or Data()
    findings = Findings(path.name)
    grid = find_grid(*read_sheet(path, asked, known_channels or (), findings), findings)
    rows = without_totals(read_rows(grid, known_channels, findings), findings)
    rows = without_total_queues(rows, grid, findings)
    interval = find_interval(rows, findings)
    rows = by_start(rows, grid, interval, findings)
    rows = without_unlabelled_totals(rows, interval, findings) if interval else rows
    rows = merge_repeated(rows, grid, findings)
    _check_size(rows, findings)
    findings.check()
    check_belief(rows, grid, findings)
    _check_volumes(rows, findings)
    rows = with_stated_aht(with_lengths(rows, asked.aht_divided_by, findings), asked.aht, findings)
    rows = fill_aht(rows, findings)
    findings.check()
    if grid.layout.units.agents in SECONDS:
        rows = replace(rows, agents=rows.agents / interval)
    return _table(path, rows, interval, stated_threshold(grid, findings), findings)


def stated_threshold(grid: Grid, findings: Findings) -> float:
    """Seconds that the title of the service level counts as in target; NaN where it says none."""
    titles = grid.titles("sl_pct")
    within = threshold_of(titles[0]) if len(titles) == 1 else float("nan")
    if within > 0 and not grid.layout.sl_within:
        what = f"counts answers within {within:g} s, as its title says (data.sl_within says another)"
        findings.notice(grid.header[0], titles[0], what)
    return within


def _check_size(rows: Rows, findings: Findings) -> None:
    if len(rows.names) > MAX_CHANNELS:
        what = f"{len(rows.names)} different names, the most is {MAX_CHANNELS}: is this the channel's column?"
        findings.problem(0, "channel", what)
    if not len(rows.line):
        return
    early, late = int(rows.day.argmin()), int(rows.day.argmax())
    if rows.day[late] - rows.day[early] >= MAX_DAYS:
        what = f"more than ten years after line {rows.line[early]} ({rows.when(early)}): a mistyped year?"
        findings.problem(int(rows.line[late]), "start", f"{rows.when(late)} is {what}")


def _check_volumes(rows: Rows, findings: Findings) -> None:
    for index, name in enumerate(rows.names):
        here = rows.channel == index
        if np.isnan(rows.offered[here]).all():
            findings.problem(int(rows.line[here].min()), "offered", f"channel {name!r} has no volume in any row")


def _table(path: Path, rows: Rows, interval: int, within: float, findings: Findings) -> IntervalTable:
    first, n_days = int(rows.day.min()), int(np.ptp(rows.day)) + 1
    empty = n_days - len(np.unique(rows.day))
    if empty:
        findings.notice(0, "", f"{empty} of the {n_days} calendar days spanned have no rows")
    shape = (len(rows.names), n_days, 86400 // interval)
    place = (rows.channel, rows.day - first, rows.second // interval)

    def grid(values: Floats) -> Floats:
        """Values by channel, day and interval; NaN where the file has no row."""
        dense = np.full(shape, np.nan)
        dense[place] = values
        return dense

    arrays = {name: grid(getattr(rows, f"{name}_s" if name in IN_SECONDS else name)) for name in FIELDS}
    start, notices = date.fromordinal(first), findings.notices
    return IntervalTable(path, interval, start, n_days, rows.names, **arrays, notices=notices, sl_within=within)

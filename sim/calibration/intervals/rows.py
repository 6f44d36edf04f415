"""Rows of an interval file as columns of arrays.

Comes in: a `Grid`. Goes out: `Rows` in the table's own units. Only single rows are judged here; what rows say together
(totals, queues, clock changes, lengths) is the business of the modules beside this one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.calibration.intervals.channels import read_channels
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import DAILY, Grid, filled_down
from sim.calibration.intervals.measures import judge, read_values
from sim.calibration.intervals.starts import NO_TIME, Start, Unread, read_starts
from sim.calibration.intervals.zones import in_local_time

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_HOUR = re.compile(r"(?:.*\W)?(?:hours?|hr|stunde|heure|hora|ora|uur)\b(?!.*(?:end|ending|ende|fin))", re.I)
LAST_HOUR = 23


@dataclass(frozen=True, eq=False)
class Rows:
    """Equal-length arrays, sorted by channel, day and second. `channel` indexes `names`.

    `day` is a proleptic ordinal, `second` the local second of the day, `lasts` the seconds that a printed range lasts
    (0: none printed), `offset` the UTC offset in seconds or NaN.
    """

    names: tuple[str, ...]
    line: Ints
    channel: Ints
    day: Ints
    second: Ints
    lasts: Ints
    offset: Floats
    offered: Floats
    aht_s: Floats
    agents: Floats
    abandoned_pct: Floats
    sl_pct: Floats
    asa_s: Floats

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> Rows:
        """The rows at `index`, in that order."""
        arrays = {each.name: getattr(self, each.name)[index] for each in fields(self) if each.name != "names"}
        return replace(self, **arrays)

    def when(self, row: int) -> str:
        """'2025-03-03 08:30, phone', for messages."""
        minutes = int(self.second[row]) // 60
        day = date.fromordinal(int(self.day[row]))
        return f"{day} {minutes // 60:02d}:{minutes % 60:02d}, {self.names[self.channel[row]]}"

    def groups(self) -> list[Ints]:
        """Indices of the rows of each channel and start, in order."""
        if not len(self.line):
            return []
        apart = (np.diff(self.channel) != 0) | (np.diff(self.day) != 0) | (np.diff(self.second) != 0)
        return list(np.split(np.arange(len(self.line)), np.flatnonzero(apart) + 1))


@dataclass(frozen=True, eq=False)
class ReadRows:
    """What was read: the rows, and those without a start that can be read, with the place they have in the file."""

    rows: Rows
    unread: tuple[tuple[Unread, float], ...]  # with the volume of the row


def read_rows(grid: Grid, known_channels: Sequence[str] | None, findings: Findings) -> ReadRows:
    """The rows whose start and channel can be read; faults of single cells are reported on the way."""
    lines = [line for line, _ in grid.rows]
    starts = _starts(grid, findings)
    channels = read_channels(grid, starts, known_channels, findings)
    kept = [
        i
        for i, (start, c) in enumerate(zip(starts, channels.index, strict=True))
        if isinstance(start, Start) and c >= 0
    ]
    totals = [i for i, start in enumerate(starts) if isinstance(start, Unread) or i in channels.totals]
    values = read_values(grid, kept, findings)
    volumes = read_values(grid, totals, Findings(findings.name))["offered"] if totals else ()
    unread = tuple(
        (start if isinstance(start := starts[i], Unread) else _of_all(grid, i, start), float(volume))
        for i, volume in zip(totals, volumes, strict=True)
    )
    judge(grid, [lines[i] for i in kept], values, findings)
    begins = [start for i in kept if isinstance(start := starts[i], Start)]
    rows = Rows(
        names=channels.names,
        line=np.array([lines[i] for i in kept], np.int64),
        channel=np.array([channels.index[i] for i in kept], np.int64),
        day=np.array([each.local.toordinal() for each in begins], np.int64),
        second=np.array([_second(each) for each in begins], np.int64),
        lasts=np.array([each.lasts for each in begins], np.int64),
        offset=np.array([each.offset for each in begins], float),
        **values,
    )
    order = np.lexsort((rows.line, rows.second, rows.day, rows.channel))
    return ReadRows(rows.take(order), unread)


def _of_all(grid: Grid, row: int, start: Start) -> Unread:
    line, cells = grid.rows[row]
    name = " ".join(cells[place] for place in grid.places["channel"])
    return Unread(line, name, f"unknown channel {name!r}", start)


def _starts(grid: Grid, findings: Findings) -> list[Start | Unread]:
    if not grid.has("start"):
        return [Unread(line, "", "") for line, _ in grid.rows]
    places = grid.places["start"]
    cells: Sequence[tuple[int, tuple[str, ...]]] = [
        (line, tuple(row[place] for place in places)) for line, row in _filled(grid, findings)
    ]
    if len(places) > 1 and _HOUR.match(grid.titles("start")[-1]):
        cells = _with_minutes(cells)
    starts = read_starts(cells, grid.layout.date_order, findings)
    return in_local_time(starts, grid.layout, findings)


def _with_minutes(cells: Sequence[tuple[int, tuple[str, ...]]]) -> Sequence[tuple[int, tuple[str, ...]]]:
    """Hours 0 to 23 in a column of hours as times; as they are where one is no hour: 1 to 24 may be their ends."""
    hours = {texts[-1] for _, texts in cells if texts[-1].isdigit()}
    if any(int(hour) > LAST_HOUR for hour in hours):
        return cells
    return [(line, (*texts[:-1], f"{texts[-1]}:00") if texts[-1] in hours else texts) for line, texts in cells]


def _filled(grid: Grid, findings: Findings) -> Sequence[tuple[int, tuple[str, ...]]]:
    """The rows, with dates that stand once above their rows repeated."""
    if len(grid.places["start"]) < 2:
        return grid.rows
    rows, blank = filled_down(grid.rows, grid.places["start"][0])
    if blank:
        findings.notice(rows[0][0], "start", f"blank dates take the date above them: {blank} rows")
    return rows


def report_unread(unread: Sequence[Unread], findings: Findings) -> None:
    """Starts that are none, as mistakes; a file of days without times is told so once."""
    for each in unread:
        if each.why.startswith(NO_TIME) and len(unread) > 1 and all(one.why.startswith(NO_TIME) for one in unread):
            findings.problem(each.line, "start", DAILY)
            return
        if each.start is not None:
            findings.problem(each.line, "channel", each.why)
        elif each.why:
            findings.problem(each.line, "start", each.why, f", got {each.text!r}")


def _second(start: Start) -> int:
    return start.local.hour * 3600 + start.local.minute * 60 + start.local.second

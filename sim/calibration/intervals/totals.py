"""Totals and subtotals among the rows, recognised by their sums and left out.

Comes in: `ReadRows`. Goes out: `Rows` of intervals only, and one notice. A total that is not the sum of its parts is a
mistake: something is missing or doubled, and the planner must know which.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.calibration.intervals.channels import ALL_NAMES
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import DAILY, Grid
from sim.calibration.intervals.rows import ReadRows, Rows, report_unread
from sim.calibration.intervals.starts import LENGTHS, NO_TIME, Unread

_SUM = re.compile(r"\b(sub)?-?(total|totals|sum|summe|gesamt|zwischensumme|suma|somme|totale|totaal|overall)\b", re.I)
_OTHER = re.compile(
    r"\b(average|avg|mean|mittelwert|durchschnitt|schnitt|moyenne|media|max|min|maximum|minimum)\b", re.I
)
NOT_THE_SUM = "says it is a total and is not the sum of the rows: are rows missing, or there twice?"
ROUNDED = 0.51
"""contacts by which a rounded sum may be off"""
FEWEST = 3
"""parts of a sum that is not said to be one: of two numbers, one is often the other"""
DAY = 86400
_LAST = 1 << 62
"""beyond the last line of any file"""


def says_sum(text: str) -> bool:
    """Whether a text names a total, a mean or another summary of other rows."""
    return bool(_SUM.search(text) or _OTHER.search(text))


class _Sums:
    """Volumes of the rows with a start: what a total may be the sum of."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._whole = [np.ones(len(rows.line), bool), *(rows.channel == c for c in range(len(rows.names)))]
        months = [date.fromordinal(int(day)).replace(day=1).toordinal() for day in rows.day]
        self._periods = (24 * rows.day + rows.second // 3600, rows.day, (rows.day - 1) // 7, np.array(months, np.int64))

    def above(self, unread: Unread, before: int) -> list[float]:
        """The sums of two rows or more that a total in this line may be: since the last total, of all rows above, of
        the hour, day, week or month of the row beside it, of its start in all channels, of the file, of a channel."""
        up = self._rows.line < unread.line
        parts = [up & (self._rows.line > before), up, *self._whole, *self._around(unread.line)]
        if unread.start is not None:
            second = unread.start.local.hour * 3600 + unread.start.local.minute * 60
            parts.append((self._rows.day == unread.start.local.toordinal()) & (self._rows.second == second))
        return [float(np.nansum(self._rows.offered[part])) for part in parts if part.sum() > 1 or unread.start]

    def _around(self, line: int) -> list[NDArray[np.bool_]]:
        """The hour, day, week and month of the last row above a line and of the first below, in all channels and in the
        row's own."""
        rows, parts = self._rows, []
        beside = [rows.line[rows.line < line].max(initial=0), rows.line[rows.line > line].min(initial=_LAST)]
        for row in np.flatnonzero(np.isin(rows.line, beside)):
            same = [period == period[row] for period in self._periods]
            parts += [*same, *(each & (rows.channel == rows.channel[row]) for each in same)]
        return parts


def without_totals(read: ReadRows, findings: Findings) -> Rows:
    """The rows that are intervals; labelled totals, longer ranges and rows of all channels are left out."""
    left = _labelled(read, findings)
    rows, ranges = _longer_ranges(read.rows, findings)
    _notice([*left, *ranges], findings)
    return rows


def without_total_queues(rows: Rows, grid: Grid, findings: Findings) -> Rows:
    """Drops rows that a column beside the fields calls a total: a queue of that name. One called just `Total` that is
    not the sum of the others is reported; one with more to its name (`Total Care`) is then a queue."""
    cells = dict(grid.rows)
    for place in grid.free:
        names = [cells[int(line)][place] for line in rows.line]
        exact = np.array([name.casefold() in ALL_NAMES for name in names], bool)
        named = exact | np.array([bool(_SUM.search(name)) for name in names], bool)
        if not 0 < named.sum() < len(named):
            continue
        wrong = _wrong_totals(rows, named, np.array(names))
        total = exact if wrong[~exact].any() else named
        for row in np.flatnonzero(wrong & exact):
            findings.problem(int(rows.line[row]), "offered", NOT_THE_SUM, f" ({rows.offered[row]:g})")
        _notice([int(line) for line in rows.line[total]], findings)
        rows = rows.take(~total)
    return rows


def _wrong_totals(rows: Rows, named: NDArray[np.bool_], names: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Which of the rows named as totals are not the sum of the others with their start; an hour that a clock showed
    twice has each twice."""
    wrong = np.zeros_like(named)
    for group in rows.groups():
        parts = float(np.nansum(rows.offered[group[~named[group]]]))
        for name in np.unique(names[group[named[group]]]):
            mine = group[names[group] == name]
            wrong[mine] = not abs(float(np.nansum(rows.offered[mine])) - parts) <= ROUNDED
    return wrong


def without_unlabelled_totals(rows: Rows, interval: int, findings: Findings) -> Rows:
    """Drops rows that look like intervals and are the sum of others: queues, the hour, the day."""
    for find in (_sums_of_queues, _sums_of_hours, _sums_of_days):
        total = find(rows, interval)
        if total.any():
            _notice([int(line) for line in rows.line[total]], findings)
            rows = rows.take(~total)
    return rows


def _notice(lines: Iterable[int], findings: Findings) -> None:
    lines = sorted(lines)
    if lines:
        what = f"totals and subtotals, recognised and left out: {len(lines)} rows (first: line {lines[0]})"
        findings.notice(lines[0], "", what)


def _labelled(read: ReadRows, findings: Findings) -> list[int]:
    """Lines of the rows without a start, or of all channels, that are totals; the others are reported."""
    sums, left, strange, before = _Sums(read.rows), [], [], 0
    for unread, volume in sorted(read.unread, key=lambda each: each[0].line):
        above = sums.above(unread, before)
        named = unread.start is not None or bool(_SUM.search(unread.text))
        if _OTHER.search(unread.text) or (named and np.isnan(volume)) or _is_sum(unread, named, volume, above):
            left.append(unread.line)
        elif named:
            findings.problem(unread.line, "offered", NOT_THE_SUM, f" ({volume:g}; sums: {_several(above)})")
        else:
            strange.append(unread)
            continue
        before = unread.line
    report_unread(_but_days(strange, read), findings)
    return left


def _is_sum(unread: Unread, named: bool, volume: float, above: Sequence[float]) -> bool:
    """Whether a row is a total; one that does not say so has no start at all, or a day: a spoilt time is no total."""
    bare = not unread.text or unread.why.startswith(NO_TIME) or unread.text[0].isalpha()
    return (named or (bare and volume > 0)) and any(abs(volume - each) <= ROUNDED for each in above)


def _several(sums: Sequence[float]) -> str:
    return ", ".join(f"{each:g}" for each in dict.fromkeys(sums))


def _but_days(strange: list[Unread], read: ReadRows) -> list[Unread]:
    """Where other rows have times of day, a row without one is a mistake of its own and no file of daily totals."""
    if not len(read.rows.line):
        return strange
    return [replace(each, why=each.why.replace(NO_TIME, "the row " + NO_TIME, 1)) for each in strange]


def _longer_ranges(rows: Rows, findings: Findings) -> tuple[Rows, list[int]]:
    """Rows whose printed range is longer than the usual one, and is the sum of what it spans."""
    if not (rows.lasts > 0).any():
        return rows, []
    usual = Counter(rows.lasts[rows.lasts > 0].tolist()).most_common(1)[0][0]
    if usual not in LENGTHS:
        at = int(np.flatnonzero(rows.lasts == usual)[0])
        what = (
            DAILY if usual >= DAY else f"ranges last {usual / 60:g} minutes; intervals must be of 15, 30 or 60 minutes"
        )
        findings.problem(int(rows.line[at]), "start", what)
        return rows, []
    odd = (rows.lasts > 0) & (rows.lasts != usual)
    left = []
    for row in np.flatnonzero(odd):
        inside = (rows.channel == rows.channel[row]) & (rows.day == rows.day[row]) & ~odd
        inside &= (rows.second >= rows.second[row]) & (rows.second < rows.second[row] + rows.lasts[row])
        parts = float(np.nansum(rows.offered[inside]))
        if inside.any() and abs(parts - rows.offered[row]) <= ROUNDED:
            left.append(int(rows.line[row]))
            continue
        what = f"a range of another length than {usual // 60} minutes, and not the sum of the rows that it spans"
        findings.problem(int(rows.line[row]), "start", what, f" ({rows.offered[row]:g} against {parts:g})")
    return rows.take(~odd), left


def _groups(rows: Rows) -> list[NDArray[np.int64]]:
    """Indices of rows with one channel, day and start, where there are several."""
    return [group for group in rows.groups() if len(group) > 1]


def _sums_of_queues(rows: Rows, interval: int) -> NDArray[np.bool_]:
    """Of three rows or more with one start, one that is the sum of the others, in all of them."""
    total = np.zeros(len(rows.line), bool)
    groups = [group for group in _groups(rows) if len(group) > 2]
    for group in groups:
        volumes = np.nan_to_num(rows.offered[group])
        largest = group[int(np.argmax(volumes))]
        if abs(2 * rows.offered[largest] - volumes.sum()) > ROUNDED:
            return np.zeros_like(total)
        total[largest] = True
    return total if len(groups) > 1 else np.zeros_like(total)


def _sums_of_hours(rows: Rows, interval: int) -> NDArray[np.bool_]:
    """Of two rows with one start on the hour, one that is the sum of the hour, in all of them."""
    total = np.zeros(len(rows.line), bool)
    groups = _groups(rows)
    for group in groups:
        first = int(group[0])
        later = slice(first, first + 2 + 3600 // LENGTHS[0])  # rows are sorted: those of the hour stand here
        hour = (rows.channel[later] == rows.channel[first]) & (rows.day[later] == rows.day[first])
        hour &= rows.second[later] < rows.second[first] + 3600
        largest = group[int(np.argmax(np.nan_to_num(rows.offered[group])))]
        parts = np.nansum(rows.offered[later][hour]) - rows.offered[largest]
        if len(group) != 2 or rows.second[first] % 3600 or not abs(parts - rows.offered[largest]) <= ROUNDED:
            return np.zeros_like(total)
        total[largest] = True
    alike = interval < 3600 and len(groups) > 1 and rows.offered[total].sum() > 0
    return total if alike else np.zeros_like(total)


def _sums_of_days(rows: Rows, interval: int) -> NDArray[np.bool_]:
    """A row at midnight that is the sum of its day, or of the day before, on all days."""
    total, days = np.zeros(len(rows.line), bool), 0
    for row in np.flatnonzero(rows.second == 0):
        here = (rows.channel == rows.channel[row]) & (rows.second > 0)
        today, yesterday = here & (rows.day == rows.day[row]), here & (rows.day == rows.day[row] - 1)
        sums = [np.nansum(rows.offered[day]) for day in (today, yesterday) if day.sum() >= FEWEST]
        days += 1
        total[row] = any(each > 0 and abs(each - rows.offered[row]) <= ROUNDED for each in sums)
    return total if total.sum() == days > 0 else np.zeros_like(total)

"""Totals and subtotals among the rows, recognised by their sums and left out.

Comes in: `ReadRows`. Goes out: `Rows` of intervals only, and one notice. A total that is not the sum of its parts is a
mistake: something is missing or doubled, and the planner must know which.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.rows import DAILY, Floats, ReadRows, Rows, report_unread
from sim.calibration.intervals.starts import LENGTHS, NO_TIME, Unread

_SUM = re.compile(r"\b(sub)?-?(total|totals|sum|summe|gesamt|zwischensumme|suma|somme|totale|totaal|overall)\b", re.I)
_OTHER = re.compile(
    r"\b(average|avg|mean|mittelwert|durchschnitt|schnitt|moyenne|media|max|min|maximum|minimum)\b", re.I
)
ALL_NAMES = frozenset(
    {"total", "all", "all queues", "all channels", "all skills", "grand total", "overall", "gesamt", "sum"}
)
"""what the rows of all channels together are called"""
ROUNDED = 0.51
"""contacts by which a rounded sum may be off"""
FEWEST = 3
"""parts of a sum that is not said to be one: of two numbers, one is often the other"""
DAY = 86400


@dataclass(frozen=True)
class _Known:
    """Volumes of the rows with a start, in the order of the file."""

    line: NDArray[np.int64]
    offered: Floats

    def between(self, first: int, last: int) -> float:
        """Contacts in the lines after `first` and before `last`."""
        inside = (self.line > first) & (self.line < last)
        return float(np.nansum(self.offered[inside]))


def without_totals(read: ReadRows, findings: Findings) -> Rows:
    """The rows that are intervals; labelled totals, longer ranges and rows of all channels are left out."""
    left = _labelled(read, findings)
    rows, ranges = _longer_ranges(read.rows, findings)
    rows, everything = _all_channels(rows, findings)
    left += [*ranges, *everything]
    _notice(left, findings)
    return rows


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
    """Lines of the rows without a start that are totals; the others are reported."""
    order = np.argsort(read.rows.line)
    known = _Known(read.rows.line[order], read.rows.offered[order])
    sums = [float(np.nansum(known.offered))]
    sums += [float(np.nansum(read.rows.offered[read.rows.channel == c])) for c in range(len(read.rows.names))]
    left, strange, before = [], [], 0
    for unread, volume in sorted(read.unread, key=lambda each: each[0].line):
        above = [known.between(before, unread.line), known.between(0, unread.line), *sums]
        named = _SUM.search(unread.text)
        if (
            _OTHER.search(unread.text)
            or (named and np.isnan(volume))
            or any(abs(volume - each) <= ROUNDED for each in above)
            and (volume > 0 or named)
        ):
            left.append(unread.line)
        elif named:
            what = "says it is a total and is not the sum of the rows: are rows missing, or there twice?"
            detail = f" ({volume:g}; all rows above: {above[1]:g}, since the last total: {above[0]:g})"
            findings.problem(unread.line, "offered", what, detail)
        else:
            strange.append(unread)
            continue
        before = unread.line
    report_unread(_but_days(strange, read), findings)
    return left


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


def _all_channels(rows: Rows, findings: Findings) -> tuple[Rows, list[int]]:
    """Rows of a 'channel' called total or all that is the sum of the others."""
    names = [i for i, name in enumerate(rows.names) if name.casefold() in ALL_NAMES]
    if len(names) != 1 or len(rows.names) < 2:
        return rows, []
    total = rows.channel == names[0]
    others: dict[tuple[int, int], float] = {}
    for day, second, volume in zip(rows.day[~total], rows.second[~total], rows.offered[~total], strict=True):
        others[day, second] = others.get((day, second), 0.0) + float(volume)
    for row in np.flatnonzero(total):
        parts = others.get((rows.day[row], rows.second[row]), 0.0)
        if not abs(parts - rows.offered[row]) <= ROUNDED:
            what = f"channel {rows.names[names[0]]!r} is not the sum of the others"
            findings.problem(int(rows.line[row]), "offered", what, f" ({rows.offered[row]:g} against {parts:g})")
    left = [int(line) for line in rows.line[total]]
    rows = rows.take(~total)
    channel = rows.channel - (rows.channel > names[0])
    kept = tuple(name for i, name in enumerate(rows.names) if i != names[0])
    return replace(rows, names=kept, channel=channel), left


def _groups(rows: Rows) -> list[NDArray[np.int64]]:
    """Indices of rows with one channel, day and start, where there are several."""
    if not len(rows.line):
        return []
    spans = np.array([rows.span(row) for row in range(len(rows.line))])
    edges = np.flatnonzero(np.diff(spans)) + 1
    return [group for group in np.split(np.arange(len(spans)), edges) if len(group) > 1]


def _sums_of_queues(rows: Rows, interval: int) -> NDArray[np.bool_]:
    """Of three rows or more with one start, one that is the sum of the others, in all of them."""
    total = np.zeros(len(rows.line), bool)
    groups = [group for group in _groups(rows) if len(group) > 2]
    for group in groups:
        volumes = rows.offered[group]
        largest = group[int(np.nanargmax(np.nan_to_num(volumes)))]
        if abs(2 * rows.offered[largest] - np.nansum(volumes)) <= ROUNDED:
            total[largest] = True
    return total if total.sum() == len(groups) > 1 else np.zeros_like(total)


def _sums_of_hours(rows: Rows, interval: int) -> NDArray[np.bool_]:
    """Of two rows with one start on the hour, one that is the sum of the hour, in all of them."""
    total = np.zeros(len(rows.line), bool)
    groups = _groups(rows)
    for group in groups:
        first = group[0]
        hour = (rows.channel == rows.channel[first]) & (rows.day == rows.day[first])
        hour &= (rows.second >= rows.second[first]) & (rows.second < rows.second[first] + 3600)
        largest = group[int(np.argmax(np.nan_to_num(rows.offered[group])))]
        parts = np.nansum(rows.offered[hour]) - rows.offered[largest]
        if len(group) == 2 and rows.second[first] % 3600 == 0 and abs(parts - rows.offered[largest]) <= ROUNDED:
            total[largest] = True
    alike = interval < 3600 and total.sum() == len(groups) > 1 and rows.offered[total].sum() > 0
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

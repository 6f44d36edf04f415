"""Rows → the one interval length they share; rows off that grid, and stretches of another length, are refused.

Comes in: `Rows`, sorted by channel, day and second. Goes out: seconds. Exists because a file that mixes lengths would
otherwise put an hour's volume into half an hour without a word.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.calibration.intervals.clock import DAY
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import CALL_LOG, DAILY, Grid
from sim.calibration.intervals.rows import Ints, Rows
from sim.calibration.intervals.starts import LENGTHS

_ENDS = re.compile(r"\b(?:end|ending|ends|ende|until|bis|fin|fine)\b", re.I)
SHORTEST = 300
"""seconds of the shortest interval that some systems export"""
ONE_LENGTH = "one interval length per file"


def find_interval(rows: Rows, findings: Findings) -> int:
    """The interval in seconds: what printed ranges last, else the smallest gap within a day and channel. 0 if none can
    be told (reported)."""
    gaps = _gaps(rows)
    if _is_log(rows):
        if not findings.holds(CALL_LOG):  # its titles may have said so
            findings.problem(int(rows.line.min()), "start", CALL_LOG)
        return 0
    if (rows.lasts > 0).all() and len(rows.lasts):
        interval = int(rows.lasts[0])
    elif not gaps.any():
        if findings.clean:  # else the faults already reported are the reason
            what = "cannot tell the interval length: no channel has two rows on one day; ranges say it, 09:00-09:30"
            findings.problem(0, "start", DAILY if _is_daily(rows) else what)
        return 0
    else:
        interval = _length(gaps[gaps > 0])
    if not interval:
        at = int(np.argmin(np.where(gaps > 0, gaps, np.inf)))
        lines = f"lines {rows.line[at]} and {rows.line[at + 1]}"
        what = f"rows are {gaps[at] / 60:g} minutes apart ({lines}); intervals must be of 15, 30 or 60 minutes"
        findings.problem(int(rows.line[at + 1]), "start", what)
        return 0
    for row in np.flatnonzero(rows.second % interval):
        what = f"off the {interval // 60}-minute grid of the other rows"
        findings.problem(int(rows.line[row]), "start", what, f" ({rows.when(int(row))})")
    _refuse_mixed(rows, gaps, interval, findings)
    return interval


def by_start(rows: Rows, grid: Grid, interval: int, findings: Findings) -> Rows:
    """The rows by the start of their interval, where the title of the column says that it holds ends: 09:30 is then the
    half-hour from 09:00 on."""
    titles = grid.titles("start")
    if not titles or not interval or not _ENDS.search(titles[-1]) or (rows.lasts > 0).any():
        return rows
    findings.notice(grid.header[0], titles[-1], "read as the ends of intervals, as its title says")
    moments = rows.day * DAY + rows.second - interval
    return replace(rows, day=moments // DAY, second=moments % DAY)


def _is_log(rows: Rows) -> bool:
    """Whether most rows begin at no quarter of an hour: contacts do, intervals of five minutes do not."""
    if (rows.second % SHORTEST == 0).all():
        return False
    return len(rows.second) > 2 and bool(2 * (rows.second % LENGTHS[0] != 0).sum() > len(rows.second))


def _is_daily(rows: Rows) -> bool:
    """Whether there are several days, all with the same start."""
    return len(np.unique(rows.day)) > 1 and len(np.unique(rows.second)) == 1


def _gaps(rows: Rows) -> Ints:
    """Seconds from each row to the next, 0 where the next is of another day or channel."""
    together = (np.diff(rows.day) == 0) & (np.diff(rows.channel) == 0)
    return np.where(together, np.diff(rows.second), 0)


def _length(gaps: Ints) -> int:
    """The smallest gap; if that is no allowed length, the commonest allowed one, so that the odd rows get the blame."""
    smallest = int(gaps.min())
    if smallest in LENGTHS:
        return smallest
    counts = {length: int((gaps == length).sum()) for length in LENGTHS}
    best = max(LENGTHS, key=lambda length: counts[length])
    return best if 2 * counts[best] >= len(gaps) else 0


def _refuse_mixed(rows: Rows, gaps: Ints, interval: int, findings: Findings) -> None:
    """Reports a channel that goes on at another length for a while.

    A missing row also leaves a double gap, but singly: another length is four rows or more, and nearly all such gaps.
    (Testing each run of four alone refused year files whose quiet half-hours are left out.)
    """
    for length in (each for each in LENGTHS if each > interval):
        for channel in range(len(rows.names)):
            wide = (gaps == length) & (rows.channel[1:] == channel)
            runs = _in_runs(wide, 3)
            if not runs.any() or runs.sum() < 0.8 * wide.sum():
                continue
            narrow, here = np.flatnonzero(gaps == interval), np.flatnonzero(runs)
            blamed, other = (narrow, here) if 2 * len(narrow) < len(here) else (here, narrow)
            odd, usual = (int(rows.line[each[0] + 1]) for each in (blamed, other))
            apart = [gaps[each[0]] // 60 for each in (blamed, other)]
            what = f"{apart[0]} minutes after the row before, but line {usual} is {apart[1]}: {ONE_LENGTH}"
            findings.problem(odd, "start", what)
            return


def _in_runs(flags: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Which flags stand in a run of at least `least`."""
    edges = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    inside = np.zeros(len(flags), bool)
    for start, end in zip(starts, ends, strict=True):
        inside[start:end] = end - start >= least
    return inside

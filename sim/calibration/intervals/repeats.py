"""Rows → one row per interval and no unknown handle times: the hour a clock showed twice merged, blanks filled.

Comes in and goes out: `Rows`, sorted by channel, day and second. A repeated line is a mistake that would double
somebody's volume, except on a 25-hour day, where it is the truth; only the calendar tells one from the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.rows import Floats, Rows


def merge_repeated(rows: Rows, findings: Findings) -> Rows:
    """Merges the two rows a 25-hour day has for one local start; any other repetition is reported."""
    same = (np.diff(rows.channel) == 0) & (np.diff(rows.day) == 0) & (np.diff(rows.second) == 0)
    heads = np.flatnonzero(np.append(True, ~same)[: len(rows.line)])
    counts = np.diff(np.append(heads, len(rows.line)))
    merged = rows.take(heads)
    doubled: dict[int, list[int]] = {}
    for at in np.flatnonzero(counts > 1):
        first = int(heads[at])
        if counts[at] == 2 and _clock_went_back(rows, first):
            _merge(merged, int(at), rows, first)
            doubled.setdefault(int(rows.day[first]), []).append(first)
            continue
        for row in range(first + 1, first + int(counts[at])):
            findings.problem(int(rows.line[row]), "start", f"repeats line {rows.line[first]} ({rows.when(first)})")
    for day, firsts in doubled.items():
        _notice_merged(day, firsts, rows, findings)
    return merged


def _notice_merged(day: int, firsts: list[int], rows: Rows, findings: Findings) -> None:
    first = min(firsts, key=lambda row: int(rows.line[row]))
    what = (
        f"{date.fromordinal(day)} shows {len(firsts)} starts twice (first: lines {rows.line[first]} and "
        f"{rows.line[first + 1]}), a 25-hour day: merged, offered added, agents averaged, the rest by volume"
    )
    findings.notice(int(rows.line[first]), "start", what)


def _clock_went_back(rows: Rows, first: int) -> bool:
    """Two UTC offsets prove it; without them, 01:00-02:59 on a Sunday when Europe or the US may change clocks."""
    offsets = rows.offset[first : first + 2]
    if not np.isnan(offsets).any():
        return bool(offsets[0] != offsets[1])
    day = date.fromordinal(int(rows.day[first]))
    europe = day.month in (3, 10) and day.day >= 25
    america = (day.month == 11 and day.day <= 7) or (day.month == 3 and 8 <= day.day <= 14)
    return day.weekday() == 6 and 3600 <= rows.second[first] < 3 * 3600 and (europe or america)


def _merge(merged: Rows, at: int, rows: Rows, first: int) -> None:
    """Writes the merged values of rows `first` and `first + 1` into row `at` of `merged`."""
    two = slice(first, first + 2)
    offered = rows.offered[two]
    merged.offered[at] = offered.sum()  # one unknown makes the sum unknown
    for name in ("aht_s", "abandoned_pct", "sl_pct"):
        getattr(merged, name)[at] = weighted_mean(getattr(rows, name)[two], offered)
    merged.agents[at] = weighted_mean(rows.agents[two], np.ones(2))


def fill_aht(rows: Rows, findings: Findings) -> Rows:
    """Blank handle times of offered contacts become their channel's volume-weighted mean, with a notice."""
    aht = rows.aht_s.copy()
    blank = np.isnan(aht) & (rows.offered > 0)
    for index, name in enumerate(rows.names):
        gap = np.flatnonzero(blank & (rows.channel == index))
        if not len(gap):
            continue
        line = int(rows.line[gap].min())
        here = rows.channel == index
        mean = weighted_mean(rows.aht_s[here], rows.offered[here])
        if np.isnan(mean):
            findings.problem(line, "aht_s", f"blank, and channel {name!r} has no handle time at all to take a mean of")
        else:
            what = f"blank cells with contacts offered: {len(gap)} of {name!r}, filled with its mean {mean:.4g} s"
            findings.notice(line, "aht_s", what)
        aht[gap] = mean
    return replace(rows, aht_s=aht)


def weighted_mean(values: Floats, weights: Floats) -> float:
    """Σ weight·value / Σ weight over the entries where both are known; NaN if the weights known add up to none."""
    known = ~(np.isnan(values) | np.isnan(weights))
    total = float(weights[known].sum())
    return float((values[known] * weights[known]).sum() / total) if total > 0 else float("nan")

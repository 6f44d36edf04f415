"""Several rows with one start → one row: queues of a channel, and the hour that a clock showed twice.

Comes in and goes out: `Rows`, sorted by channel, day and second. A repeated line is a mistake that would double
somebody's volume, except where the file shows what it is: on the 25-hour day of a named time zone or with two offsets,
and where a column names queues or most intervals have several rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import Grid
from sim.calibration.intervals.rows import Floats, Rows
from sim.calibration.intervals.zones import never_shown, shown_twice, zone_of
from sim.errors import nearest

MOST = 0.5
"""share of a channel's intervals with several rows from which on they are queues"""
FEWEST_TWINS = 5
"""intervals in which two queues must have the same numbers to be one"""
QUEUES = 50
"""most queues that a column may name; beyond that it is no name of a queue"""
WEIGHTED = ("aht_s", "abandoned_pct", "sl_pct", "asa_s")

Group = NDArray[np.int64]


def merge_repeated(rows: Rows, grid: Grid, findings: Findings) -> Rows:
    """One row per channel and start: rows of a 25-hour day and queues merged with a notice; all else is reported."""
    home = zone_of(grid.layout.timezone, "data.timezone") if grid.layout.timezone else None
    _refuse_skipped(rows, home, findings)
    groups = rows.groups()
    twice = {int(group[0]) for group in groups if _clock_went_back(rows, group, home)}
    once = [group for group in groups if int(group[0]) not in twice]
    twins = _twins(rows, once, grid, findings)
    queues = _queues(rows, [group for group in once if int(rows.channel[group[0]]) not in twins], grid, findings)
    merged = rows.take(np.array([group[0] for group in groups], np.int64))
    shared = _shared(rows, groups, grid) if queues or twice else False
    for at, group in enumerate(groups):
        if len(group) == 1 or int(rows.channel[group[0]]) in twins:
            continue
        if int(group[0]) in twice or int(rows.channel[group[0]]) in queues:
            hours = 2 if int(group[0]) in twice else 1
            _merge(merged, at, rows, group, shared, hours)
        else:
            _report(rows, group, home, findings)
    _notice_twice(rows, [group for group in groups if int(group[0]) in twice], findings)
    _notice_queues(rows, groups, queues, shared, grid, findings)
    return merged


def _moment(rows: Rows, row: int) -> datetime:
    midnight = datetime.combine(date.fromordinal(int(rows.day[row])), datetime.min.time())
    return midnight + timedelta(seconds=int(rows.second[row]))


def _clock_went_back(rows: Rows, group: Group, home: ZoneInfo | None) -> bool:
    """Two UTC offsets prove it; without them, the calendar of the named time zone."""
    if len(group) < 2 or len(group) % 2:
        return False
    offsets = rows.offset[group]
    if not np.isnan(offsets).any():
        return len(np.unique(offsets)) == 2
    return home is not None and shown_twice(_moment(rows, int(group[0])), home)


def _refuse_skipped(rows: Rows, home: ZoneInfo | None, findings: Findings) -> None:
    """Contacts at a time that the clock skipped show that the zone or the times are wrong."""
    if home is None:
        return
    for row in np.flatnonzero((rows.offered > 0) & np.isnan(rows.offset) & (rows.second < 4 * 3600)):
        if never_shown(_moment(rows, int(row)), home):
            what = f"this time does not exist in {home}, where clocks go forward: is data.timezone right?"
            findings.problem(
                int(rows.line[row]), "start", f"{what} Times in UTC: data.units.start=UTC", f" ({rows.when(int(row))})"
            )


def _queues(rows: Rows, groups: list[Group], grid: Grid, findings: Findings) -> set[int]:
    """Channels whose repeated rows are those of several queues."""
    found = set()
    for channel in range(len(rows.names)):
        here = [group for group in groups if rows.channel[group[0]] == channel]
        several = [group for group in here if len(group) > 1]
        if not several:
            continue
        most = len(several) >= MOST * len(here) > 1
        if most and all(_copies(rows, group) for group in several):
            row, other = int(several[0][0]), int(several[0][1])
            what = f"channel {rows.names[channel]!r}: {len(several)} starts are there again with the same numbers"
            what += f" (first: lines {rows.line[row]} and {rows.line[other]}): were rows pasted twice?"
            findings.problem(int(rows.line[other]), "start", what)
            found.add(channel)
        elif most or _queue_column(rows, several, grid):
            found.add(channel)
    return found


def _twins(rows: Rows, groups: list[Group], grid: Grid, findings: Findings) -> set[int]:
    """Channels with two queues that have the same numbers in every interval: one is the total of the other."""
    found = set()
    for channel in range(len(rows.names)):
        here = [group for group in groups if rows.channel[group[0]] == channel]
        if len(here) < FEWEST_TWINS or not all(len(group) == 2 and _copies(rows, group) for group in here):
            continue
        if title := _queue_column(rows, here, grid):
            what = f"{title} tells two rows of each start apart that have the same numbers: a queue and its total"
            findings.notice(int(rows.line[here[0][1]]), "", f"{what}; counted once")
            found.add(channel)
    return found


def _copies(rows: Rows, group: Group) -> bool:
    names = ("offered", "aht_s", "agents", *WEIGHTED[1:])
    return all(len(np.unique(getattr(rows, name)[group])) == 1 for name in names)


def _queue_column(rows: Rows, several: list[Group], grid: Grid) -> str:
    """The title of an unused column that tells the rows of one start from each other, or ''."""
    cells = dict(grid.rows)
    for place in grid.free:
        texts = [[cells[int(rows.line[row])][place] for row in group] for group in several]
        names = {text for group in texts for text in group}
        apart = all(len(set(group)) == len(group) for group in texts)
        if apart and len(names) <= min(QUEUES, len(several) + 1) and not any(_number(name) for name in names):
            return grid.header[1][place]
    return ""


def _number(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


def _shared(rows: Rows, groups: list[Group], grid: Grid) -> bool:
    """Whether queues share their agents, who then count once: as told, or where each has the same, changing number."""
    if grid.layout.queue_agents:
        return grid.layout.queue_agents == "largest"
    several = [rows.agents[group] for group in groups if len(group) > 1]
    same = all(len(np.unique(agents)) == 1 for agents in several)
    return same and len({float(agents[0]) for agents in several}) > 1


def _merge(merged: Rows, at: int, rows: Rows, group: Group, shared: bool, hours: int) -> None:
    """Writes the merged values of a group into row `at` of `merged`; agents are a mean over the hours shown twice."""
    offered = rows.offered[group]
    merged.offered[at] = offered.sum()  # one unknown makes the sum unknown
    for name in WEIGHTED:
        getattr(merged, name)[at] = weighted_mean(getattr(rows, name)[group], offered)
    agents = rows.agents[group]
    if len(group) == hours:
        merged.agents[at] = weighted_mean(agents, np.ones(len(group)))
    else:
        merged.agents[at] = agents.max() if shared else agents.sum() / hours


def _report(rows: Rows, group: Group, home: ZoneInfo | None, findings: Findings) -> None:
    first = int(group[0])
    hint = ""
    if home is not None:
        hint = f"; no clock change in {home}"
    elif not 4 * 3600 <= rows.second[first] < 23 * 3600:
        hint = "; on a 25-hour day, data.timezone=Europe/Berlin (say) reads both"
    for row in group[1:]:
        what = f"repeats line {rows.line[first]} ({rows.when(first)}){hint}"
        findings.problem(int(rows.line[row]), "start", what)


def _notice_twice(rows: Rows, groups: list[Group], findings: Findings) -> None:
    days = Counter(int(rows.day[group[0]]) for group in groups)
    for day, count in days.items():
        first = min(
            (group for group in groups if rows.day[group[0]] == day), key=lambda group: int(rows.line[group[0]])
        )
        what = (
            f"{date.fromordinal(day)} shows {count} starts twice (first: lines {rows.line[first[0]]} and "
            f"{rows.line[first[1]]}), a 25-hour day: merged, offered added, agents averaged, the rest by volume"
        )
        findings.notice(int(rows.line[first[0]]), "start", what)


def _notice_queues(
    rows: Rows, groups: list[Group], queues: set[int], shared: bool, grid: Grid, findings: Findings
) -> None:
    agents = "agents counted once" if shared else "agents added"
    other = "sum adds them" if shared else "largest counts those of shared agents once"
    for channel in sorted(queues):
        several = [group for group in groups if len(group) > 1 and rows.channel[group[0]] == channel]
        line = int(min(rows.line[group[0]] for group in several))
        most = max(len(group) for group in several)
        title = _queue_column(rows, several, grid)
        name = f" ({title})" if title else ""
        what = (
            f"channel {rows.names[channel]!r} has up to {most} queues{name} in an interval: volumes added, handle "
            f"times and shares weighted by volume, {agents} (data.queue_agents={other}; "
            "data.columns.channel keeps them apart)"
        )
        findings.notice(line, "", what)


def with_lengths(rows: Rows, divided_by: Mapping[str, float], findings: Findings) -> Rows:
    """Handle times that are agents' time become lengths, times what they were divided by (`data.aht_divided_by`)."""
    aht = rows.aht_s.copy()
    for name, factor in divided_by.items():
        if name not in rows.names:
            findings.problem(0, f"data.aht_divided_by.{name}", f"no such channel{nearest(name, rows.names)}")
            continue
        aht[rows.channel == rows.names.index(name)] *= factor
        findings.notice(0, "aht_s", f"of {name!r}, times {factor:g}, as data.aht_divided_by says")
    return replace(rows, aht_s=aht)


EVERY_CHANNEL = "*"
"""in place of a channel's name, where nobody typed it: of a roster, whose handle times do not matter"""


def with_stated_aht(rows: Rows, stated: Mapping[str, float], findings: Findings) -> Rows:
    """Blank handle times become those that `data.aht` says; a name that is no channel of the file is reported."""
    aht = rows.aht_s.copy()
    for name, seconds in stated.items():
        if name == EVERY_CHANNEL:
            aht[np.isnan(aht)] = seconds
            continue
        if name not in rows.names:
            findings.problem(0, f"data.aht.{name}", f"no such channel in the file{nearest(name, rows.names)}")
            continue
        blank = np.isnan(aht) & (rows.channel == rows.names.index(name))
        aht[blank] = seconds
        if blank.any():
            findings.notice(0, "aht_s", f"of {name!r}, {int(blank.sum())} cells are {seconds:g} s, as data.aht says")
    return replace(rows, aht_s=aht)


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

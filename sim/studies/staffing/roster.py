"""The answer as a planner takes it further: a roster file that the import takes back, and a workbook.

Comes in: a `Study`. Goes out: required.csv (start, channel, offered, aht_s, agents: `data.intervals=required.csv` runs
it) and required.xlsx (date x interval x group, net and scheduled), both by calendar date.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ...reports.files import write_csv
from ...theory import scheduled_heads
from .groups import Group
from .study import Study
from .words import decided_by, statement

ROSTER = ("start", "channel", "offered", "aht_s", "agents")
WHOLE = ("date", "from", "group", "net", "scheduled", "Erlang C", "for occupancy", "decided by")


def write_roster(study: Study, path: Path) -> list[Path]:
    """required.csv: a row for each date, interval and live channel. Agents who serve several channels stand at the
    first of them, because the import adds up the agents of a group's channels."""
    rows = list(_roster(study))
    if not rows:
        return []
    write_csv(path, ROSTER, rows)
    return [path]


def _roster(study: Study) -> Iterator[list[object]]:
    for group in study.groups:
        agents = study.agents[group.name]
        for date, clock, slot in _slots(study):
            for number, name in enumerate(group.live):
                volume = study.volumes[group.name][name]
                if group.is_open[slot]:
                    contacts, handle = float(volume.contacts[slot]), float(volume.handle[slot])
                    mine = int(agents[slot]) if number == 0 else 0
                    yield [f"{date} {clock}", name, round(contacts, 3), round(handle, 1) if contacts else "", mine]


def _slots(study: Study) -> Iterator[tuple[str, str, int]]:
    """Date, time of day and slot, in the order of time."""
    for day in study.slots.measured:
        kind = study.slots.kind_of(day)
        for interval in range(study.slots.per_day):
            slot = kind * study.slots.per_day + interval
            yield study.slots.date(day).isoformat(), study.slots.label(slot)[1], slot


def write_workbook(study: Study, path: Path) -> list[Path]:
    """required.xlsx: a sheet for each group with dates across and times down, net and scheduled, and one long list."""
    import openpyxl  # a third of a second that nobody else need pay

    book = openpyxl.Workbook()
    book.active.title = "answer"
    book.active.append([statement(study)])
    for group in study.groups:
        for title, numbers in (("net", study.agents[group.name]), ("scheduled", _scheduled(study, group))):
            sheet = book.create_sheet(f"{group.name[:20]} {title}")
            sheet.append(["from", *(study.slots.date(day).isoformat() for day in study.slots.measured)])
            for row in _grid(study, group, numbers):
                sheet.append(row)
            sheet.freeze_panes = "B2"
    sheet = book.create_sheet("list")
    sheet.append(list(WHOLE))
    for row in _list(study):
        sheet.append(row)
    sheet.freeze_panes = "A2"
    book.save(path)
    return [path]


def _scheduled(study: Study, group: Group) -> list[int]:
    if group.shrinkage >= 1:
        return [0] * study.slots.count
    return [scheduled_heads(int(n), group.shrinkage) for n in study.agents[group.name]]


def _grid(study: Study, group: Group, numbers: list[int] | np.ndarray) -> Iterator[list[object]]:
    slots = study.slots
    for interval in range(slots.per_day):
        of_day = [slots.kind_of(day) * slots.per_day + interval for day in slots.measured]
        if any(group.is_open[slot] for slot in of_day):
            cells = [int(numbers[slot]) if group.is_open[slot] else None for slot in of_day]
            yield [slots.label(interval)[1], *cells]


def _list(study: Study) -> Iterator[list[object]]:
    for group in study.groups:
        agents, scheduled, decided = study.agents[group.name], _scheduled(study, group), decided_by(study, group)
        of = study.formulas.get(group.name)
        for date, clock, slot in _slots(study):
            if group.is_open[slot]:
                level = int(of.erlang_c[slot]) if of else None
                busy = int(of.for_occupancy[slot]) if of and of.for_occupancy is not None else None
                yield [date, clock, group.name, int(agents[slot]), scheduled[slot], level, busy, decided[slot]]

"""A date that stands once, in a title or a line between the rows → a date in front of every time under it.

Comes in: a `Sheet` whose rows have a time of day and no date. Goes out: the sheet with whole starts. Exists because
reports of one day print the day above the table, and reports of several days print it above each day's rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.calibration.intervals.clock import Clock, read_clock
from sim.calibration.intervals.dates import FIRST_SERIAL, LAST_SERIAL, split_date
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import fits_layout, layouts, wanted
from sim.calibration.intervals.sheet import Line, Sheet
from sim.calibration.intervals.starts import LENGTHS
from sim.calibration.intervals.titles import matches
from sim.model.data import Data

_CLOCK = re.compile(r"[0-9]{1,2}(?:[:.h][0-9]{2}|\s*[ap]\.?m)", re.I)
_WORD = re.compile(r"(?<![\w./-])\w")
_SERIAL = re.compile(r"[0-9]{5}(?![0-9])")
_OF_THE_REPORT = re.compile(
    r"\b(generated|printed|created|exported|produced|run|as of|erstellt|gedruckt|exportiert|imprim\w+|généré)\b", re.I
)
FEWEST = 3
"""cells that a column of times, or a header, has at least"""
FIRST_LINES = 300
"""lines that show whether rows have dates"""
KEY = "data.date=2025-03-04 (say) is the day of rows that have none"


def time_of(text: str) -> Clock | None:
    """The time of day that a cell is, written as only a time is; None for anything else."""
    if not _CLOCK.match(text):
        return None
    try:
        return read_clock(text)
    except ValueError:
        return None


def date_in(text: str) -> str:
    """The text of the date at the start of a cell; empty where there is none."""
    if _SERIAL.match(text):
        return ""
    try:
        _, rest = split_date(text)
    except ValueError:
        return ""
    return text[: len(text) - len(rest)]


def dates_in(text: str) -> list[str]:
    """All dates in a line of text, as they are written and without the words before them, each once."""
    shortest: dict[int, str] = {}
    for word in _WORD.finditer(text):
        if date := date_in(text[word.start() :]):
            shortest[word.start() + len(date)] = date
    return list(dict.fromkeys(shortest.values()))


def said_dates(cells: Sequence[str]) -> list[str]:
    """The dates that a title is about; none in one about the report's making."""
    text = " ".join(cells)
    return [] if _OF_THE_REPORT.search(text) else dates_in(text)


def with_dates(sheet: Sheet, asked: Data, findings: Findings) -> Sheet:
    """The sheet, with the dates of titles in front of the times under them; as it is where rows have dates."""
    place = _time_column(sheet)
    if place is None:
        return sheet
    rows = [at for at, (_, cells) in enumerate(sheet.lines) if _has_time(cells, place)]
    header = _header(sheet, rows[0])
    if header is None:
        return sheet
    above = {date for _, cells in sheet.lines[: rows[0]] for date in said_dates(cells)}
    first = asked.date.isoformat() if asked.date else above.pop() if len(above) == 1 else ""
    by_row, between = _dates_by_row(sheet, set(rows), header, first)
    missing = [at for at in rows if not by_row[at]]
    if missing:
        several = f"the titles name {' and '.join(sorted(above))}; " if above else ""
        what = f"the rows have a time of day and no date: {several}{KEY}"
        findings.problem(sheet.lines[missing[0]][0], sheet.lines[header][1][place], what)
    else:
        said = ", ".join(list(dict.fromkeys(by_row.values()))[:4])
        findings.notice(sheet.lines[header][0], "", f"rows have times only: the date stands above them ({said})")
    return _joined(sheet, header, place, by_row, between, asked)


def _has_date(cell: str) -> bool:
    """Whether a cell is a date, one of a spreadsheet's serial numbers too."""
    return bool(date_in(cell)) or bool(_SERIAL.fullmatch(cell) and FIRST_SERIAL <= int(cell) <= LAST_SERIAL)


def _has_time(cells: Sequence[str], place: int) -> bool:
    """Whether a cell is a time at which an interval may begin."""
    clock = time_of(cells[place]) if len(cells) > place else None
    return clock is not None and clock.second % LENGTHS[0] == 0


def _time_column(sheet: Sheet) -> int | None:
    """The first column with times of day in rows that have no date in any cell."""
    rows = [cells for _, cells in sheet.lines[:FIRST_LINES] if any(map(time_of, cells))]
    if len(rows) < FEWEST or any(_has_date(cell) for cells in rows for cell in cells):
        return None
    width = max(map(len, rows))
    return next((c for c in range(width) if sum(_has_time(cells, c) for cells in rows) > 0.9 * len(rows)), None)


def _header(sheet: Sheet, first: int) -> int | None:
    """The last line above the rows with titles in it."""
    return next((at for at in range(first - 1, -1, -1) if sum(map(bool, sheet.lines[at][1])) >= FEWEST), None)


def _dates_by_row(sheet: Sheet, rows: set[int], header: int, first: str) -> tuple[dict[int, str], set[int]]:
    """(the date of each row, the lines between the rows that say one)."""
    date, found, between = first, {}, set()
    for at, (_, cells) in enumerate(sheet.lines):
        if at in rows:
            found[at] = date
        elif len(dates := said_dates(cells)) == 1 and sum(map(bool, cells)) < FEWEST:
            date = dates[0]
            between |= {at} if at > header else set()
    return found, between


def _joined(sheet: Sheet, header: int, place: int, by_row: dict[int, str], between: set[int], asked: Data) -> Sheet:
    """The first way of putting dates and times into columns that a layout reads; its own titles are tried first."""
    own = sheet.lines[header][1][place]
    found = [(layout, wanted(layout, "start")) for layout in layouts(asked)]
    for layout, titles in sorted(found, key=lambda each: (not matches([own], each[1][-1]), len(each[1]))):
        made = replace(sheet, lines=tuple(_lines(sheet, header, place, by_row, between, titles)))
        if fits_layout(made, layout):
            return made
    return replace(sheet, lines=tuple(_lines(sheet, header, place, by_row, between, ("start",))))


def _lines(
    sheet: Sheet, header: int, place: int, by_row: dict[int, str], between: set[int], titles: tuple[str, ...]
) -> Iterator[Line]:
    """The lines with a whole start in the column of times, or with a column of dates behind the others."""
    width = max(len(cells) for _, cells in sheet.lines)
    header_cells = sheet.lines[header][1]
    for at, (line, cells) in enumerate(sheet.lines):
        if at in between:
            continue
        more = [*cells]
        if at in by_row and len(titles) == 1:
            more[place] = f"{by_row[at]} {cells[place]}"
        elif cells == header_cells:
            more[place] = more[place] if matches([more[place]], titles[-1]) else titles[-1].split("|")[0].strip()
        if len(titles) > 1 and at >= header:
            more += [""] * (width - len(more))
            more.append(titles[0].split("|")[0].strip() if cells == header_cells else by_row.get(at, ""))
        yield line, tuple(more)

"""Queues or channels beside each other → under each other: one row for each interval and channel.

Comes in: a `Sheet` with a column of starts and, for each channel, a column or a group of columns (`Phone offered`,
`Chat AHT`; or names in a line above the measures). Goes out: a sheet under our own titles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.calibration.intervals.channels import ALL_NAMES
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import fits, is_repeated, layouts, wanted
from sim.calibration.intervals.sheet import LOOK, Line, Sheet
from sim.calibration.intervals.titles import matches, plain
from sim.calibration.intervals.words import MEASURES, split_measure
from sim.errors import LISTED
from sim.model.data import Data

_QUANTITY = re.compile(
    r"\b(?:avg|average|mean|max|min|total|time|talk|hold|wrap|acw|duration|wait|speed|rate|answered|handled|accepted|"
    r"abandon\w*|aband?|missed|lost|received|presented|entered|queued|inbound|outbound|transfer\w*|forecast|fcst|"
    r"required|req|scheduled|sched|staffed|fte|agents?|hour|date|day)\b|%",
    re.I,
)
"""words of quantities: a title that has one is no name of a queue"""


@dataclass(frozen=True)
class Header:
    """Where the titles stand, the columns of the start, and the column of each channel's measures."""

    at: int
    start: tuple[int, ...]
    columns: dict[str, dict[str, int]]


def stacked(sheet: Sheet, asked: Data, known: Sequence[str], findings: Findings) -> Sheet:
    """The sheet with one row a channel; as it is where it has no channels beside each other."""
    if fits(sheet, asked) and not is_repeated(sheet, asked):
        return sheet
    header = next(
        (found for at in range(min(LOOK, len(sheet.lines))) if (found := _header(sheet, at, asked, known))), None
    )
    if header is None:
        return sheet
    measures = [name for name in MEASURES if any(name in each for each in header.columns.values())]
    said = "; ".join(f"{name}: {', '.join(each)}" for name, each in list(header.columns.items())[:LISTED])
    findings.notice(sheet.lines[header.at][0], "", f"channels stand beside each other: read as {said}")
    rows = [row for line in sheet.lines[header.at + 1 :] for row in _rows(line, header, measures)]
    return replace(sheet, separator="", lines=((sheet.lines[header.at][0], ("start", "channel", *measures)), *rows))


def _header(sheet: Sheet, at: int, asked: Data, known: Sequence[str]) -> Header | None:
    """The line as a header with channels beside each other, if it is one."""
    titles = sheet.lines[at][1]
    start = next((found for layout in layouts(asked) if (found := _start(titles, layout))), None)
    if start is None:
        return None
    names = {plain(name) for name in (*known, *asked.channel_names)}
    for each in (_under(sheet, at), titles):
        columns = _columns(each, start)
        several = len(columns) > 1 and all(
            "offered" in found and not _QUANTITY.search(name) for name, found in columns.items()
        )
        if several and (any(plain(name) in names for name in columns) or _numeric(sheet, at, columns)):
            return Header(at, start, columns)
    return None


def _start(titles: Sequence[str], layout: Data) -> tuple[int, ...]:
    found = [matches(titles, title) for title in wanted(layout, "start")]
    return tuple(places[0] for places in found) if all(len(places) == 1 for places in found) else ()


def _under(sheet: Sheet, at: int) -> tuple[str, ...]:
    """The titles with the names of the line above them, each of which goes on until the next."""
    above, name, titles = sheet.lines[at - 1][1] if at else (), "", []
    for place, title in enumerate(sheet.lines[at][1]):
        name = above[place] if place < len(above) and above[place] else name
        titles.append(f"{name} {title}".strip())
    return tuple(titles)


def _columns(titles: Sequence[str], start: tuple[int, ...]) -> dict[str, dict[str, int]]:
    """Places by channel and measure; a title without a measure is a volume, one of all channels is left out."""
    found: dict[str, dict[str, int]] = {}
    for place, title in enumerate(titles):
        if place in start or not title:
            continue
        name, measure = split_measure(title)
        if name and name.casefold() not in ALL_NAMES:
            if (measure or "offered") in found.get(name, {}):
                return {}
            found.setdefault(name, {})[measure or "offered"] = place
    return found


def _numeric(sheet: Sheet, at: int, columns: dict[str, dict[str, int]]) -> bool:
    """Whether the first rows have numbers in all columns that are taken for volumes."""
    rows = [cells for _, cells in sheet.lines[at + 1 : at + 4]]
    places = [each["offered"] for each in columns.values()]
    return bool(rows) and all(p < len(row) and _is_count(row[p]) for row in rows for p in places)


def _is_count(text: str) -> bool:
    return text.replace(",", "").replace(".", "").isdigit()


def _rows(line: Line, header: Header, measures: Sequence[str]) -> list[Line]:
    number, cells = line
    start = " ".join(cells[place] for place in header.start if place < len(cells))
    filled = [each for each in header.columns.items() if any(p < len(cells) and cells[p] for p in each[1].values())]
    if not filled and not start:
        return []
    return [
        (number, (start, name, *(cells[p] if (p := each.get(m, len(cells))) < len(cells) else "" for m in measures)))
        for name, each in filled
    ]

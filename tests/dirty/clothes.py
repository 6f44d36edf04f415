"""One week of one line in many clothes: separators, dates, times, numbers, encodings, totals, titles.

The truth is `TRUTH`: (start, offered, seconds of handling, agents, abandoned, answered in target) by half-hour. A
`Clothes` says how a file writes it; `dressed` gives the bytes.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

Row = tuple[datetime, int, int, int, int, int]
Cells = list[str]

TITLES = ("start", "channel", "offered", "aht_s", "agents", "abandoned_pct", "sl_pct")
DATES = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d %b %Y",
    "%b %d %Y",
    "%Y%m%d",
    "%m/%d/%y",
    "%d-%m-%y",
    "serial",
)
TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%H%M", "range", "to")
MISSING = ("", "-", "N/A", "NULL", "NaN", "#DIV/0!")


def week(seed: int, monday: datetime) -> list[Row]:
    """Five days from 8 to 18 with thousands of calls in some half-hours and none in others."""
    chance = random.Random(seed)
    rows = []
    for day in range(5):
        for half in range(20):
            offered = chance.choice((0, 7, 25, 140, 986, 1234, 2051)) + chance.randrange(9)
            lost = chance.randrange(offered // 10 + 1)
            start = monday + timedelta(days=day, hours=8, minutes=30 * half)
            target = chance.randrange(offered - lost + 1)
            rows.append((start, offered, 180 + chance.randrange(240), 3 + chance.randrange(40), lost, target))
    return rows


@dataclass(frozen=True)
class Clothes:
    """How a file writes the week."""

    separator: str = ","
    date: str = "%Y-%m-%d"
    time: str = "%H:%M"
    mark: str = "."
    thousands: str = ""
    encoding: str = "utf-8"
    end: str = "\n"
    handling: str = "s"
    missing: str = ""
    title: bool = False
    extra: bool = False
    totals: str = ""


def clothes(seed: int) -> Clothes:
    """Any of them that can be read without a word from the planner."""
    chance = random.Random(seed)
    mark = chance.choice(".,")
    return Clothes(
        separator=chance.choice(",;\t|"),
        date=chance.choice(DATES),
        time=chance.choice(TIMES),
        mark=mark,
        thousands=chance.choice(("", "", " ", "'", ",."[mark == ","])),
        encoding=chance.choice(("utf-8", "utf-8-sig", "utf-16", "latin-1")),
        end=chance.choice(("\n", "\r\n", "\r")),
        handling=chance.choice(("s", "m:ss", "h:mm:ss")),
        missing=chance.choice(MISSING),
        title=chance.random() < 0.5,
        extra=chance.random() < 0.5,
        totals=chance.choice(("", "hour", "day", "end")),
    )


def dressed(rows: list[Row], how: Clothes) -> bytes:
    """The file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=how.separator, lineterminator=how.end)
    if how.title:
        writer.writerow(["Interval report – café" if how.encoding != "latin-1" else "Interval report, café"])
        writer.writerow([])
    writer.writerow([*TITLES, *(["Comment"] if how.extra else [])])
    for cells in _lines(rows, how):
        writer.writerow([*cells, *(["ok"] if how.extra else [])])
    return out.getvalue().encode(how.encoding)


def _lines(rows: list[Row], how: Clothes) -> Iterator[Cells]:
    hour = day = 0
    for at, row in enumerate(rows):
        yield _line(row, how)
        hour, day = hour + row[1], day + row[1]
        last = at + 1 == len(rows) or rows[at + 1][0].date() != row[0].date()
        if how.totals == "hour" and row[0].minute == 30:
            yield ["Subtotal", "", _count(hour, how), "", "", "", ""]
            hour = 0
        if how.totals == "day" and last:
            yield ["Total", "", _count(day, how), "", "", "", ""]
            day = 0
    if how.totals == "end":
        yield ["Grand total", "", _count(sum(row[1] for row in rows), how), "", "", "", ""]


def _line(row: Row, how: Clothes) -> Cells:
    start, offered, seconds, agents, lost, target = row
    share = [_share(part, offered, how) for part in (lost, target)]
    return [_start(start, how), "phone", _count(offered, how), _handling(seconds, how), str(agents), *share]


def _start(start: datetime, how: Clothes) -> str:
    end = start + timedelta(minutes=30)
    if how.date == "serial":
        days = (start - datetime(1899, 12, 30)) / timedelta(days=1)
        return f"{days:.10f}".replace(".", how.mark)
    day = f"{start:{how.date}}"
    if how.time == "range":
        return f"{day} {start:%H:%M}-{end:%H:%M}"
    if how.time == "to":
        return f"{day} {start:%I:%M %p} to {end:%I:%M %p}"
    return f"{day} {start:{how.time}}"


def _count(number: int, how: Clothes) -> str:
    return f"{number:,}".replace(",", how.thousands)


def _share(part: int, offered: int, how: Clothes) -> str:
    return f"{100 * part / offered:.2f}".replace(".", how.mark) if offered else how.missing


def _handling(seconds: int, how: Clothes) -> str:
    if how.handling == "m:ss":
        return f"{seconds // 60}:{seconds % 60:02d}"
    return f"0:{seconds // 60:02d}:{seconds % 60:02d}" if how.handling == "h:mm:ss" else str(seconds)

"""The column (or columns) of interval starts → local times, with the end of a range and the offset printed.

Comes in: (line, texts) and the layout. Goes out: a `Start` per row, None where none can be read. What the whole column
shows decides: the order of dates, and whether '-09:30' after a time is the end of a range or an offset from UTC.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from sim.calibration.intervals.clock import DAY, Clock, read_clock
from sim.calibration.intervals.dates import DateText, find_order, split_date
from sim.calibration.intervals.findings import Findings

LENGTHS = (900, 1800, 3600)
FORMS = "write YYYY-MM-DD HH:MM, DD.MM.YYYY HH:MM or DD/MM/YYYY HH:MM"
NO_TIME = "has no time of day"
_MIDNIGHT = re.compile(r"(?:[T\s]+(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)?\s*AM))$", re.I)
_NO_DATE = re.compile(
    r"^(?:1899-12-3[01]|1900-01-0[01]|0?1/0?[01]/1900|12/3[01]/1899|3[01][./]12[./]1899|0?[01][./]0?1[./]1900)[T\s]+(?=[0-9])"
)
"""what a spreadsheet or a database puts in front of a time of no date"""
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")


@dataclass(frozen=True)
class Start:
    """The civil time of a row as printed, the seconds that a printed range lasts (0: none), and the UTC offset in
    seconds printed with it (NaN: none)."""

    local: datetime
    lasts: int = 0
    offset: float = math.nan


@dataclass(frozen=True)
class Unread:
    """A row without a start that can be read, and why; it is no mistake where the row is a total. `start` is that of a
    row of all channels, whose text is its channel."""

    line: int
    text: str
    why: str
    start: Start | None = None


@dataclass(frozen=True)
class _Parts:
    date: DateText
    clock: Clock
    until: DateText | None = None  # a range with two dates


def read_starts(
    cells: Sequence[tuple[int, tuple[str, ...]]], order: str | None, findings: Findings
) -> list[Start | Unread]:
    """One start per row; nothing is reported about those that cannot be read."""
    split = cache(_split)  # queues repeat each start
    parts: list[_Parts | Unread] = []
    for line, texts in cells:
        found = split(joined(texts))
        parts.append(Unread(line, joined(texts), found) if isinstance(found, str) else found)
    read = [each for each in parts if isinstance(each, _Parts)]
    first = next((line for (line, _), each in zip(cells, parts, strict=True) if _is_open(each)), 0)
    order = find_order({each.date for each in read}, order, first, findings)
    ranges = _are_ranges([each.clock for each in read])
    return [
        each if isinstance(each, Unread) else _start(each, order, ranges, line, joined(texts))
        for (line, texts), each in zip(cells, parts, strict=True)
    ]


def joined(texts: Sequence[str]) -> str:
    """Date and time in one text; a date that a spreadsheet wrote with midnight behind it loses it, a time its day 0."""
    if len(texts) > 1:
        *dates, time = (_MIDNIGHT.sub("", texts[0]), *(_NO_DATE.sub("", text) for text in texts[1:]))
        texts = (time,) if isinstance(_split(time), _Parts) else (*dates, time)  # a whole start beside its date
    return " ".join(" ".join(texts).split())


def _split(text: str) -> _Parts | str:
    """The parts of a start, or what is wrong with it."""
    try:
        return _parts(text)
    except ValueError as error:
        return str(error)


def _is_open(parts: _Parts | Unread) -> bool:
    return isinstance(parts, _Parts) and parts.date.day is None and parts.date.mark != "."


def _parts(text: str) -> _Parts:
    """Raises ValueError that says what is wrong."""
    if _EPOCH.fullmatch(text):  # seconds or milliseconds since 1970, which are UTC
        moment = datetime.fromtimestamp(int(text[:10]), UTC)
        second = moment.hour * 3600 + moment.minute * 60 + moment.second
        return _Parts(DateText(moment.date()), Clock(second, offset=0.0))
    try:
        day, rest = split_date(text)
    except ValueError as error:
        why = str(error)
        raise ValueError(why if why.startswith("no such") else f"not a date and time; {FORMS}") from error
    rest = rest.strip(" ,").removeprefix("T").removeprefix("t").strip()
    if not rest:
        if not day.part:
            raise ValueError(f"{NO_TIME}; {FORMS}")
        rest = day.part
        return _Parts(day, Clock(60 * round(float(rest) * DAY / 60)))
    return _with_time(day, rest)


def _with_time(day: DateText, rest: str) -> _Parts:
    for mark in (" - ", " – ", "/", " to ", "-"):
        first, found, last = rest.partition(mark)
        if found:
            try:
                until, time = split_date(last.strip())
                begin, end = read_clock(first), read_clock(time.strip(" ,").removeprefix("T"))
            except ValueError:
                continue
            return _Parts(day, replace(begin, until=end.second), until)
    try:
        return _Parts(day, read_clock(rest))
    except ValueError as error:
        raise ValueError(f"{error}; {FORMS}") from error


def _are_ranges(clocks: Sequence[Clock]) -> bool:
    """Whether '09:00-09:30' is a range here: an offset stays, while the end of a range goes with its start."""
    lengths = Counter((each.until - each.second) % DAY for each in clocks if each.either and each.until is not None)
    if not lengths:
        return False
    likely = max(LENGTHS, key=lambda length: lengths[length])
    return 2 * lengths[likely] >= lengths.total()


def _start(parts: _Parts, order: str, ranges: bool, line: int, text: str) -> Start | Unread:
    clock = parts.clock
    try:
        begin = _moment(parts.date.ordered(order), clock.second)
        end = _moment(parts.until.ordered(order), clock.until or 0) if parts.until else None
    except ValueError as error:
        return Unread(line, text, f"no such date or time ({error})")
    if clock.either and not ranges:
        return Start(begin, 0, clock.offset)
    lasts = 0
    if end is not None:
        lasts = round((end - begin).total_seconds())
    elif clock.until is not None:
        lasts = (clock.until - clock.second - 1) % DAY + 1
    lasts += 1 if lasts % 60 == 59 else 60 if lasts % 900 == 840 else 0  # 09:00-09:29:59, 09:00-09:29
    return Start(begin, lasts, math.nan if clock.either else clock.offset)


def _moment(day: object, second: int) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(seconds=second)  # type: ignore[arg-type]

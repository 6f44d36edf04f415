"""Units written at the number: `20 s`, `6 min`, `09:30`, `mon-fri: 08:00-20:00` become seconds.

Comes in: what a person writes in YAML or on the command line. Goes out: floats in seconds (durations), seconds since
midnight (clock times), and tuples of open spans in seconds of the week (opening hours, Monday 00:00 is 0).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86400.0, 604800.0
YEAR = 365 * DAY
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {
    "ms": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0, "min": MINUTE, "minute": MINUTE, "h": HOUR, "hour": HOUR,
    "d": DAY, "day": DAY, "week": WEEK, "year": YEAR,
}  # fmt: skip
_DURATION = re.compile(r"^\s*([+-]?[0-9.]+(?:[eE][+-]?\d+)?)\s*([a-z]+)\s*$")

Spans = tuple[tuple[float, float], ...]


def parse_duration(value: Any) -> float:
    """Seconds from `'20 s'`, `'6 min'`, `'1.5 h'`, `'2 weeks'`; 0 and `inf` need no unit, any other bare number does.

    Raises ValueError naming the value and what is allowed.

    >>> parse_duration("6 min"), parse_duration("1 week")
    (360.0, 604800.0)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value == 0 or math.isinf(value):
            return float(value)
        raise ValueError(f"needs a unit, such as '{value} s' or '{value} min'")
    text = str(value).strip().lower()
    if text in ("inf", "infinite", "0"):
        return 0.0 if text == "0" else math.inf
    match = _DURATION.match(text)
    unit = match.group(2) if match else ""
    seconds = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    if match is None or seconds is None:
        raise ValueError(f"must be a duration such as '20 s', '6 min', '4 h' or '2 weeks', got {value!r}")
    try:
        return float(match.group(1)) * seconds
    except ValueError:
        raise ValueError(f"must be a duration such as '20 s', got {value!r}") from None


def parse_clock(value: Any) -> float:
    """Seconds since midnight from `'09:30'` (or `'24:00'`).

    YAML 1.1 reads an unquoted 10:30 as the sexagesimal integer 630, so a whole number counts as minutes.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1440:
        return value * MINUTE
    match = re.match(r"^\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*$", str(value))
    if match:
        seconds = int(match[1]) * HOUR + int(match[2]) * MINUTE + int(match[3] or 0)
        if int(match[2]) < 60 and int(match[3] or 0) < 60 and seconds <= DAY:
            return float(seconds)
    raise ValueError(f"must be a time of day such as '09:30', got {value!r}")


FIRST_YEAR, LAST_YEAR = 1900, 2200
"""of a date: another one is a slip, and time must not run out of the calendar"""


def parse_date(value: Any) -> Any:
    """A date from `2026-01-05`; raises ValueError for anything else."""
    try:
        date = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"must be a date such as 2026-01-05, got {value!r}") from None
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise ValueError(f"must be a date from {FIRST_YEAR} to {LAST_YEAR}, got {value}")
    return date


def parse_days(text: Any) -> tuple[int, ...]:
    """Weekday numbers (Monday 0) from `'mon-fri'`, `'sat'`, `'mon,wed'` or `'daily'`."""
    spec = str(text).strip().lower()
    if spec in ("daily", "all"):
        return tuple(range(7))
    days: list[int] = []
    for part in spec.split(","):
        ends = [piece.strip()[:3] for piece in part.split("-")]
        if len(ends) > 2 or any(end not in DAYS for end in ends):
            raise ValueError(f"must be days such as 'mon-fri' or 'sat', got {text!r}")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return tuple(dict.fromkeys(days))


def parse_hours(value: Any) -> Spans:
    """Open spans in seconds of the week from `always`, `never` or a mapping of days to `08:00-20:00` (or a list of
    such).

    >>> parse_hours({"mon": "08:00-20:00"})
    ((28800.0, 72000.0),)
    """
    if value == "always":
        return ((0.0, WEEK),)
    if value in ("never", "closed"):
        return ()
    if isinstance(value, (tuple, list)) and all(isinstance(span, (tuple, list)) and len(span) == 2 for span in value):
        return tuple((float(start), float(end)) for start, end in value)
    if not isinstance(value, Mapping):
        raise ValueError(f"must be 'always' or a mapping such as {{mon-fri: 08:00-20:00}}, got {value!r}")
    spans: list[tuple[float, float]] = []
    for days, ranges in value.items():
        if ranges in (None, "closed", "never"):
            continue
        for text in [ranges] if isinstance(ranges, str) else ranges:
            start, end = _clock_range(text)
            spans += [(day * DAY + start, day * DAY + end) for day in parse_days(days)]
    return joined(spans)


def parse_day_hours(value: Any) -> Spans:
    """Open spans of one day, seconds since midnight, from `08:00-12:00` (or a list of such), `always` or `closed`.

    >>> parse_day_hours("08:00-12:00"), parse_day_hours("closed")
    (((28800.0, 43200.0),), ())
    """
    if value == "always":
        return ((0.0, DAY),)
    if value in (None, "never", "closed"):
        return ()
    if isinstance(value, (tuple, list)) and all(isinstance(span, (tuple, list)) for span in value):
        return tuple((float(start), float(end)) for start, end in value)
    return joined([_clock_range(text) for text in ([value] if isinstance(value, str) else value)])


def _clock_range(text: Any) -> tuple[float, float]:
    parts = str(text).split("-")
    if len(parts) != 2:
        raise ValueError(f"must be a range such as '08:00-20:00', got {text!r}")
    start, end = parse_clock(parts[0].strip()), parse_clock(parts[1].strip())
    if end <= start:
        raise ValueError(f"must end after it starts (split spans over midnight by day), got {text!r}")
    return start, end


def joined(spans: Iterable[tuple[float, float]]) -> Spans:
    """Sorted spans, overlapping or touching ones made one, so that midnight between two open days is not a closing."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def format_duration(seconds: float) -> str:
    """A duration as a planner writes it: `20 s`, `6.5 min`, `4 h`, `2 d`.

    >>> format_duration(390.0), format_duration(1209600)
    ('6.5 min', '2 weeks')
    """
    if not math.isfinite(seconds):
        return "none" if math.isnan(seconds) else "unlimited"
    for unit, size in (("weeks", WEEK), ("d", DAY), ("h", HOUR), ("min", MINUTE)):
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def plain_duration(seconds: float) -> str:
    """A duration as a file can state it, without rounding: what `parse_duration` reads back to the bit."""
    return f"{seconds!r} s" if math.isfinite(seconds) else "inf"


def plain_clock(seconds: float) -> str:
    """A time of day as a file can state it, in whole seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"


Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    PlainSerializer(plain_duration, when_used="json"),
    Field(ge=0, json_schema_extra={"unit": "s"}),
]
Clock = Annotated[
    float,
    BeforeValidator(parse_clock),
    PlainSerializer(plain_clock, when_used="json"),
    Field(json_schema_extra={"unit": "s since midnight"}),
]
Hours = Annotated[Spans, BeforeValidator(parse_hours)]
Date = Annotated[dt.date, BeforeValidator(parse_date)]
DayHours = Annotated[Spans, BeforeValidator(parse_day_hours)]
Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "share"})]

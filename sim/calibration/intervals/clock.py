"""Times of day as people write them: 09:00, 9:00 AM, 9:30a, 9 Uhr, 8h, 24:00, 0900, ranges, UTC offsets, zones.

Comes in: what follows the date in a cell. Goes out: seconds of the day, the end of a range, an offset. '09:00-09:30'
can be a range or a time with an offset; a `Clock` keeps both, and the column decides (`starts`).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

DAY = 86400
TIME = r"([0-9]{1,2})(?:[:h.]([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?|\s?(?:h|Uhr))?\s*(?:([ap])(?:\.?\s?m)?\b\.?)?"
_ONE = re.compile(TIME, re.I)
_TWO = re.compile(rf"{TIME}(\s*(?:-|–|—|/|to|until|bis|à)\s*){TIME}", re.I)
_ZONES = {
    "Z": 0.0, "UTC": 0.0, "GMT": 0.0, "WET": 0.0, "WEST": 1.0, "CET": 1.0, "CEST": 2.0, "MEZ": 1.0, "MESZ": 2.0,
    "EET": 2.0, "EEST": 3.0, "MSK": 3.0, "SGT": 8.0, "JST": 9.0, "AWST": 8.0, "ACST": 9.5, "ACDT": 10.5, "AEST": 10.0,
    "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0, "EST": -5.0, "EDT": -4.0, "CDT": -5.0, "MST": -7.0, "MDT": -6.0,
    "PST": -8.0, "PDT": -7.0, "AKST": -9.0, "AKDT": -8.0, "HST": -10.0,
    "BST": math.nan, "CST": math.nan, "IST": math.nan,
}  # fmt: skip
"""hours east of UTC by the letters printed behind a time; NaN: two continents use them, and the time is local"""
_OFFSET = r"[+\-−][0-9]{1,2}(?::?[0-9]{2})?"
_ZONED = re.compile(
    rf"(?P<time>{TIME})\s*\(?(?P<zone>(?:UTC|GMT){_OFFSET}|{'|'.join(_ZONES)}|[+\-−][0-9]{{2}}(?::?[0-9]{{2}})?)\)?",
    re.I,
)
_HOURS = re.compile(r"(?<=[0-9][:.h][0-9]{2})\s*(?:Uhr|hrs?|h)\b\.?", re.I)
_COMPACT = re.compile(r"([0-9]{1,2})([0-9]{2})(?:([0-9]{2}))?")


@dataclass(frozen=True)
class Clock:
    """Seconds since midnight, the end of the range if there is one, and the offset from UTC (NaN: none).

    `either` marks '09:00-09:30', whose second half may be an end or an offset; both are then filled in.
    """

    second: int
    until: int | None = None
    offset: float = math.nan
    either: bool = False


def read_clock(text: str) -> Clock:
    """Raises ValueError that says what is wrong."""
    text = _HOURS.sub("", text).strip().replace("−", "-")
    if two := _TWO.fullmatch(text):
        return _range(two, text)
    if zoned := _ZONED.fullmatch(text):
        return Clock(_of_day(zoned["time"]), offset=read_offset(zoned["zone"]))
    return Clock(_of_day(text))


def _range(two: re.Match[str], text: str) -> Clock:
    first, last = text[: two.start(5)], text[two.end(5) :]
    if two[4] is None and two[9]:  # 9:00-9:30 AM
        first = _same_half(first, last, two[9])
    begin, end = _of_day(first), _of_day(last)
    plain_dash = two[5] == "-" and two[4] is None and two[9] is None and len(two[6]) == 2 and two[8] is None
    if plain_dash and _is_offset(last):
        return Clock(begin, end, read_offset("-" + last), either=True)
    return Clock(begin, end)


def _same_half(first: str, last: str, half: str) -> str:
    """The start of 11:30-12:00 PM is before noon, that of 1:00-1:30 PM after it."""
    other = "p" if half.lower() == "a" else "a"
    same = f"{first} {half}m"
    return same if _of_day(same) < _of_day(last) else f"{first} {other}m"


def _of_day(text: str) -> int:
    text = text.strip()
    if re.fullmatch(r"0?[.,][0-9]+|0", text):  # a spreadsheet's part of a day
        return 60 * round(float(text.replace(",", ".")) * DAY / 60)
    match = _ONE.fullmatch(text)
    if match and (match[2] or match[4] or not text[-1].isdigit()):
        return _seconds(int(match[1]), int(match[2] or 0), int(match[3] or 0), (match[4] or "").lower())
    compact = _COMPACT.fullmatch(text)
    if compact and len(text) >= 3:
        return _seconds(int(compact[1]), int(compact[2]), int(compact[3] or 0), "")
    raise ValueError("the time of day cannot be read")


def _seconds(hour: int, minute: int, second: int, half: str) -> int:
    if half and not 1 <= hour <= 12:
        raise ValueError(f"no such time ({hour} {half.upper()}M)")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise ValueError(f"no such time ({hour}:{minute:02d})")
    return hour * 3600 + minute * 60 + second


def _is_offset(text: str) -> bool:
    try:
        read_offset("-" + text)
    except ValueError:
        return False
    return True


def read_offset(text: str) -> float:
    """Seconds east of UTC; raises ValueError for what no country has (whole quarters of an hour, -12 to +14 h).

    >>> read_offset("+05:45"), read_offset("Z"), read_offset("CEST"), read_offset("GMT-3")
    (20700.0, 0.0, 7200.0, -10800.0)
    """
    if text.upper() in _ZONES:
        return 3600.0 * _ZONES[text.upper()]
    digits = re.sub("[A-Z:]", "", text.upper()).replace("−", "-")
    digits = digits if len(digits) % 2 else f"{digits[0]}0{digits[1:]}"  # GMT+1
    size = 3600.0 * int(digits[1:3]) + 60.0 * int(digits[3:5] or 0)
    offset = size if digits[0] == "+" else -size
    if size % 900 or int(digits[3:5] or 0) > 59 or not -12 * 3600 <= offset <= 14 * 3600:
        raise ValueError(f"{text} is no offset from UTC that exists")
    return offset

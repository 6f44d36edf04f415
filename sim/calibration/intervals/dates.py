"""Dates as people write them, and the order of day, month and year where the text leaves it open.

Comes in: texts that begin with a date. Goes out: what remains of the text, and a `DateText` that is a day or three
numbers. The order of those is one for the file: what all of them allow, then what makes the days follow each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sim.calibration.intervals.findings import Findings

MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "jan gen ene sty", "feb fev fév lut", "mar mär mrt maa", "apr avr abr kwi", "mai may maj mag mei",
            "jun giu juin cze", "jul lug juil lip", "aug aou aoû ago sie", "sep set wrz", "oct okt ott out paź",
            "nov lis", "dec dez déc dic des gru",
        ),
        start=1,
    )
    for month in names.split()
}  # fmt: skip
EPOCH = date(1899, 12, 30)
"""day 0 of spreadsheets, for all days since March 1900"""
FIRST_SERIAL, LAST_SERIAL = 20000, 80000
"""1954 to 2119"""
ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day", "ydm": "year/day/month"}
FEWEST = 3
"""days that can show that they follow each other"""
DECISIVE = 2
"""an order is decided where the other spreads the same dates over at least so many times as many days"""

_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_OPEN = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])")
_DAY_NAME = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|er|\.|º)?[\s/-]*(?:de\s+)?([^\W\d_]{3,10})\.?[\s,/-]*(?:del?\s+)?([0-9]{4}|[0-9]{2})(?![0-9:])",
    re.I,
)
_NAME_DAY = re.compile(r"([^\W\d_]{3,9})\.?[\s/-]*([0-9]{1,2})(?:st|nd|rd|th)?[\s,/-]+([0-9]{4})(?![0-9:])", re.I)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])(?![0-9])")
_COMPACT_TIME = re.compile(
    r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])(?=[0-2][0-9][0-5][0-9](?:[0-5][0-9])?(?![0-9]))"
)
_SERIAL = re.compile(r"([0-9]{5})([.,][0-9]+)?(?![0-9:/-])")
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,?\s+(?=[0-9]|[^\W\d_]{3})")


@dataclass(frozen=True)
class DateText:
    """A day, or three numbers of open order with the mark between them; `part` is the part of a day of a serial. A day
    written year first has its numbers too, for `data.date_order=ydm`."""

    day: date | None = None
    numbers: tuple[str, str, str] = ("", "", "")
    mark: str = ""
    part: str = ""

    def ordered(self, order: str) -> date:
        """The day, read in that order; raises ValueError where there is none."""
        if self.day is not None and order != "ydm":
            return self.day
        if order == "ydm" and not self.year_first:
            return self.day or self.ordered("dmy")
        if self.mark == ".":
            order = "dmy"
        year, month, day = (int(self.numbers[order.index(which)]) for which in "ymd")
        if len(self.numbers[order.index("y")]) == 2:
            year += 2000 if year < 70 else 1900
        return date(year, month, day)

    @property
    def year_first(self) -> bool:
        """Whether four digits of a year stand first."""
        return len(self.numbers[0]) == 4


def split_date(text: str) -> tuple[DateText, str]:
    """(the date at the start of the text, the rest); raises ValueError where there is none."""
    if match := _ISO.match(text):
        return DateText(_year_first(match), (match[1], match[3], match[4])), text[match.end() :]
    if match := _OPEN.match(text):
        return DateText(numbers=(match[1], match[3], match[4]), mark=match[2]), text[match.end() :]
    if match := _COMPACT.match(text) or _COMPACT_TIME.match(text):
        return DateText(_date(*match.groups())), text[match.end() :]
    if (match := _SERIAL.match(text)) and FIRST_SERIAL <= int(match[1]) <= LAST_SERIAL:
        part = (match[2] or "").replace(",", ".")
        return DateText(EPOCH + timedelta(days=int(match[1])), part="0" + part if part else ""), text[match.end() :]
    if (match := _DAY_NAME.match(text)) and (month := _month(match[2])):
        return DateText(_date(match[3], str(month), match[1])), text[match.end() :]
    if (match := _NAME_DAY.match(text)) and (month := _month(match[1])):
        return DateText(_date(match[3], str(month), match[2])), text[match.end() :]
    if match := _WEEKDAY.match(text):
        return split_date(text[match.end() :])
    raise ValueError("not a date")


def _year_first(match: re.Match[str]) -> date | None:
    """The day of 2025-01-20; None where only year-day-month is one, which `data.date_order` must say."""
    return None if int(match[3]) > 12 >= int(match[4]) else _date(match[1], match[3], match[4])


def _date(year: str, month: str, day: str) -> date:
    whole = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
    try:
        return date(whole, int(month), int(day))
    except ValueError as error:
        raise ValueError(f"no such date or time ({error})") from error


def _month(name: str) -> int:
    name = unicodedata.normalize("NFC", name).casefold()
    return MONTHS.get(name[:4]) or MONTHS.get(name[:3]) or 0


def find_order(texts: Collection[DateText], asked: str | None, line: int, findings: Findings) -> str:
    """The order of all dates that leave it open. `line` is where the first of them stands."""
    open_dates = {text for text in texts if text.day is None and text.mark != "."}
    if asked or not open_dates:
        _check_year_first(texts, asked, line, findings)
        return asked or "dmy"
    short = any(len(text.numbers[2]) == 2 for text in open_dates)
    days = {order: _days(open_dates, order) for order in ("dmy", "mdy", *(("ymd",) if short else ()))}
    valid = {order: found for order, found in days.items() if found is not None}
    if not valid:
        if _mixed(open_dates):
            what = (
                "some dates fit only day/month, others only month/day: was the file saved in another country's format?"
            )
            findings.problem(line, "start", f"{what} data.date_order=dmy or mdy reads them one way")
        return "dmy"
    return _chosen(valid, line, findings)


def _check_year_first(texts: Collection[DateText], asked: str | None, line: int, findings: Findings) -> None:
    """Refuses 2025-06-01 to 2025-10-01, five days over half a year, where 6 to 10 January are five days in a row."""
    year_first = {text for text in texts if text.year_first}
    days, turned = _days(year_first, "ymd"), _days(year_first, "ydm")
    if asked or not days or not turned or len(days) < FEWEST:
        return
    spans = [(max(each) - min(each)).days + 1 for each in (days, turned)]
    if spans[0] >= DECISIVE * spans[1] and spans[1] < 2 * len(turned):
        what = f"{len(days)} days that span {spans[0]}, or {spans[1]} if these are year-day-month"
        findings.problem(line, "start", f"{what}: data.date_order=ymd or ydm says which")


def _days(texts: Collection[DateText], order: str) -> frozenset[date] | None:
    try:
        return frozenset(text.ordered(order) for text in texts)
    except ValueError:
        return None


def _mixed(texts: Collection[DateText]) -> bool:
    first = any(int(text.numbers[0]) > 12 for text in texts)
    return first and any(int(text.numbers[1]) > 12 for text in texts)


def _chosen(valid: dict[str, frozenset[date]], line: int, findings: Findings) -> str:
    """The order that keeps the days together; where none does so clearly, day first, with a notice."""
    spans = {order: (max(days) - min(days)).days + 1 for order, days in valid.items()}
    best = min(spans, key=lambda order: spans[order])
    others = [order for order in valid if order != best and valid[order] != valid[best]]
    key = "data.date_order says another order"
    if not others:
        if best != "dmy" and "dmy" not in valid:
            findings.notice(line, "start", f"only {ORDERS[best]} fits all rows: read as {ORDERS[best]}")
        return best
    if all(spans[order] >= DECISIVE * spans[best] for order in others):
        other = min(others, key=lambda order: spans[order])
        what = f"read as {ORDERS[best]}, in which the dates span {spans[best]} days"
        findings.notice(line, "start", f"{what} ({ORDERS[other]}: {spans[other]}); {key}")
        return best
    if "ymd" in valid:
        what = f"these dates fit {' and '.join(ORDERS[order] for order in valid)}: data.date_order=dmy, mdy or ymd"
        findings.problem(line, "start", f"{what} says which")
        return best
    findings.notice(line, "start", f"these dates fit both orders: read as day/month/year; {key}")
    return "dmy"

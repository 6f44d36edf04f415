"""The part of a table that a planner names: `1999-01`, `1999-01-15` or `1999-01-01..1999-01-31`."""

from __future__ import annotations

import calendar
import datetime as dt

from ..errors import InputError, Problem
from .intervals.table import IntervalTable


def period(table: IntervalTable, text: str | None, where: str) -> IntervalTable:
    """The days of the table in a period; all of them for None. Raises InputError for a text that is no period."""
    if text is None:
        return table
    first, _, last = str(text).partition("..")
    try:
        begin, end = _date(first, False), _date(last or first, True)
    except ValueError:
        raise InputError(Problem(where, f"must be like 1999-01 or 1999-01-01..1999-01-31, got {text!r}")) from None
    return table.between(max(begin, table.first_day), min(end, table.last_day))


def _date(text: str, last: bool) -> dt.date:
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        return dt.date(year, month, calendar.monthrange(year, month)[1] if last else 1)
    return dt.date.fromisoformat(text)

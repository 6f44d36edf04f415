"""Where two logs of one replication differ: the first event that one engine lived and the other did not.

Comes in: two logs. Goes out: a sentence about the earliest row that differs, with the values of both, or None.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tables import Log

TABLES = {  # table -> columns that name its rows, and the column that says when a row begins
    "contacts": (("entity", "number"), "arrived"),
    "turns": (("entity", "number", "turn"), "taken"),
    "customers": (("entity",), "arrived"),
    "duties": (("pool", "agent"), "start"),
    "staffing": (("pool",), "start"),
    "posts": (("entity", "number"), "time"),
}


def first_difference(one: Log, other: Log) -> str | None:
    """The earliest difference between two logs in words; None if they are the same."""
    found = [each for table in TABLES if (each := _of_table(table, getattr(one, table), getattr(other, table)))]
    if found:
        return min(found)[1]
    return None if one.same_as(other) else f"the runs stopped at {one.stopped} and {other.stopped} s"


def _of_table(table: str, one: dict[str, NDArray[Any]], other: dict[str, NDArray[Any]]) -> tuple[float, str] | None:
    """(when, what) of the earliest row that differs."""
    names, begins = TABLES[table]
    rows = min(one[begins].size, other[begins].size)
    differs = np.zeros(rows, dtype=np.bool_)
    for column in one:
        mine, theirs = one[column][:rows], other[column][:rows]
        differs |= (mine != theirs) & ~((mine != mine) & (theirs != theirs))
    if not differs.any():
        if one[begins].size == other[begins].size:
            return None
        return np.inf, f"{table}: {one[begins].size} rows and {other[begins].size}"
    row = min(np.flatnonzero(differs).tolist(), key=lambda i: (float(one[begins][i]), i))
    which = ", ".join(f"{name} {one[name][row]}" for name in names)
    columns = [name for name in one if one[name][row] != other[name][row] and one[name][row] == one[name][row]]
    values = "; ".join(f"{name} {one[name][row]} and {other[name][row]}" for name in columns or names)
    return float(one[begins][row]), f"{table}, {which}, begun at {one[begins][row]} s: {values}"

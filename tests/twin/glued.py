"""The pieces of a log put together again: each row from the piece that counts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from sim.engine.compiled import engine, pieces
from sim.errors import InputError
from sim.log.tables import Log
from sim.model import Configuration

ORDER = {"customers": (), "contacts": ("number",), "turns": ("number", "turn"), "posts": ("number", "kind")}
"""by table: what its rows are in the order of, behind the customer"""
Table = dict[str, np.ndarray[Any, Any]]


@contextmanager
def in_short_stretches(customers: int = 7) -> Iterator[None]:
    """Customers are announced a few at a time, so that the smallest centre is handed over many times."""
    usual = engine.MOST_AT_ONCE
    engine.MOST_AT_ONCE = customers
    try:
        yield
    finally:
        engine.MOST_AT_ONCE = usual


def glued(parts: list[Log], table: str) -> Table:
    """A table of all pieces."""
    rows = [_counted(part, getattr(part, table)) for part in parts]
    columns = {name: np.concatenate([each[name] for each in rows]) for name in rows[0]}
    rank = np.lexsort([columns[name] for name in (*reversed(ORDER[table]), "entity")])
    return {name: column[rank] for name, column in columns.items()}


def _counted(part: Log, table: Table) -> Table:
    counted = part.customers["entity"] if part.counted is None else part.customers["entity"][part.counted]
    mine = np.isin(table["entity"], counted)
    return {name: column[mine] for name, column in table.items()}


def other_rows(whole: Log, parts: list[Log]) -> Iterator[str]:
    """Columns of the pieces together that are not those of the whole log, to the bit."""
    for table in ORDER:
        for name, column in glued(parts, table).items():
            expected = getattr(whole, table)[name]
            if not np.array_equal(column, expected, equal_nan=expected.dtype.kind == "f"):
                yield f"{table}.{name}"


def compare(name: str, config: Configuration) -> list[str]:
    """What is wrong with the pieces of a centre, handed over as often as can be."""
    try:
        whole = engine.simulate(config, 1, 0)
    except InputError:
        return []
    with in_short_stretches():
        parts = list(pieces.simulate_in_pieces(config, 1, 0, most=0))
    return [f"{name} in pieces: {column}" for column in other_rows(whole, parts)]

"""Columns into DuckDB, and tables out of it into files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..files import is_number, whole

SECONDS = "s"


def connected() -> Any:
    """A database in memory that works on one thread, so that sums come out the same each time."""
    import duckdb

    return duckdb.connect(config={"threads": 1})


def columns_of(values: Sequence[Any]) -> list[Any]:
    """Values of a factor as a column: numbers or truth values as they are, times in seconds as numbers (`unit_of`),
    anything else as texts."""
    plain = {type(value) for value in values}
    if plain <= {int, float} or plain == {bool}:
        return list(values)
    if unit_of(values) == SECONDS:
        return [float(value.removesuffix(f" {SECONDS}")) for value in values]
    return [value if isinstance(value, str) else json.dumps(value, default=str) for value in values]


def unit_of(values: Sequence[Any]) -> str:
    """The unit that all values are written in, where a column has numbers in their place; '' for none.

    >>> unit_of(["1.5 s", "20 s"]), unit_of(["2 min", "20 s"]), unit_of([1, 2])
    ('s', '', '')
    """
    times = all(
        isinstance(value, str) and value.endswith(f" {SECONDS}") and is_number(value.removesuffix(f" {SECONDS}"))
        for value in values
    )
    return SECONDS if values and times else ""


def quoted(name: str) -> str:
    """A name as an identifier of SQL, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal of SQL, for the places that take no parameter."""
    return "'" + text.replace("'", "''") + "'"


def few(column: str, texts: Iterable[str]) -> str:
    """A column of few different texts, in SQL, of a type that lists them: sorted and written to Parquet twice as fast,
    where it is a column of texts like any other.

    >>> few("name", ["b", "a", "b"])
    "name::ENUM('a', 'b') AS name"
    """
    different = sorted(set(texts))
    return f"{column}::ENUM({', '.join(map(literal, different))}) AS {column}" if different else column


def fill(connection: Any, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """A table from columns; texts, truth values, whole numbers and numbers are told apart."""
    arrays = {}
    for name, values in columns.items():
        texts = any(isinstance(value, str) for value in values) or not values
        arrays[name] = np.array(values, dtype=object if texts else None)
    connection.register("filling", arrays)
    kinds = ", ".join(
        f"{quoted(name)}::VARCHAR AS {quoted(name)}" for name, each in arrays.items() if each.dtype == object
    )
    replaced = f" REPLACE ({kinds})" if kinds else ""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(table)} AS SELECT *{replaced} FROM filling")
    connection.unregister("filling")


def copy_to(connection: Any, select: str, path: Path, kind: str, words: Sequence[Any] = ()) -> None:
    """A file from a query, complete or not at all."""
    with whole(path) as written:
        connection.execute(f"COPY ({select}) TO {literal(str(written))} (FORMAT {kind})", list(words))

"""Parts that somebody else may have written: are they parts of a sweep at all?

Comes in: Parquet files. Goes out: nothing, or an InputError that names the file: another's columns, values that no
sweep writes, measures that nobody knows. Whatever reads parts may then rely on what they hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..measures.catalogue import names

COLUMNS = {"hash": "VARCHAR", "replication": "INTEGER", "scope": "VARCHAR", "name": "VARCHAR", "measure": "VARCHAR",
           "top": "DOUBLE", "bottom": "DOUBLE"}  # fmt: skip
SAMPLES = {"sample": "BLOB", "size": "BIGINT"}
"""columns that parts of older versions lack"""
DESCRIBED = "DESCRIBE SELECT * FROM read_parquet(?)"
HARMED = """SELECT filename FROM read_parquet(?, filename=true, union_by_name=true) WHERE hash IS NULL
OR replication IS NULL OR replication < 0 OR scope IS NULL OR name IS NULL OR measure IS NULL"""
HARMED_SAMPLES = """ OR (sample IS NOT NULL AND (size IS NULL OR size < 0 OR octet_length(sample) % 8 <> 0
OR (octet_length(sample) = 0) <> (size = 0)))"""
MEASURES = "SELECT measure, any_value(filename) FROM read_parquet(?, filename=true, union_by_name=true) GROUP BY 1"


def check_parts(connection: Any, files: Sequence[Path]) -> None:
    """Raises InputError for the first file that is no part of a sweep."""
    have_samples = [_checked_columns(connection, path) for path in files]
    words = [[str(path) for path in files]]
    query = HARMED + (HARMED_SAMPLES if any(have_samples) else "")
    harmed = connection.execute(f"{query} LIMIT 1", words).fetchall() if files else []
    if harmed:
        raise _no_part(harmed[0][0], "it holds values that no sweep writes")
    known = names()
    for measure, path in connection.execute(MEASURES, words).fetchall() if files else ():
        if measure not in known:
            raise _no_part(path, f"unknown measure {measure[:60]!r}")


def _checked_columns(connection: Any, path: Path) -> bool:
    """Whether the file has samples; raises InputError where a column is missing or of another type."""
    columns = {name: kind for name, kind, *_ in connection.execute(DESCRIBED, [str(path)]).fetchall()}
    for name, kind in COLUMNS.items() | {(each, SAMPLES[each]) for each in SAMPLES if each in columns}:
        if columns.get(name) != kind:
            raise _no_part(path, f"its column {name} is {columns.get(name, 'missing').lower()}")
    return "sample" in columns


def _no_part(path: Path | str, what: str) -> InputError:
    return InputError(Problem(str(path), f"is no part of a sweep ({what}): remove it and run the same command again"))

"""The tables of a sweep: its design, and the estimates of all points in one file.

Comes in: a store whose parts are complete, the points and what failed. Goes out: design.csv, results.parquet and, where
a spreadsheet could open it, results.csv.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ..errors import InputError, Problem
from ..files import FORMULA, write_csv
from ..model.run import Run
from .columns import columns_of, connected, copy_to, fill, quoted
from .points import Point
from .schema import NUMBERS, results_query
from .slices import written_slices
from .store import Store
from .tasks import Outcome

SPREADSHEET = 2**20 - 1
"""rows below the heading that a spreadsheet can hold: a longer results.csv is not written"""


def write_tables(
    store: Store, parts: Sequence[Path], points: Sequence[Point], failed: Mapping[str, Outcome], run: Run,
    against: int = 0,
) -> None:  # fmt: skip
    """Writes results.parquet and results.csv from these parts; `failed` is by hash. Replications beyond
    `run.replications` are left out; differences are from point `against`."""
    with connected() as connection, TemporaryDirectory(prefix="tables-", suffix=".tmp", dir=store.folder) as folder:
        fill(connection, "design", design_columns(points, failed, "ok"))
        slices = [str(path) for path in written_slices(connection, parts, len(points), run, Path(folder), against)]
        read, results = "FROM read_parquet(?, union_by_name=true)", store.folder / "results.parquet"
        if len(slices) == 1:  # it is the whole
            slices = [str(Path(slices[0]).replace(results))]
        else:
            copy_to(connection, f"SELECT * {read}", results, "parquet", [slices])
        ((rows,),) = connection.execute(f"SELECT count(*) {read}", [slices]).fetchall()
        if rows <= SPREADSHEET:
            select = f"SELECT * REPLACE ({_for_spreadsheets(connection, read, slices)}) {read}"
            copy_to(connection, select, store.folder / "results.csv", "csv, HEADER", [slices])


def _for_spreadsheets(connection: Any, read: str, files: Sequence[str]) -> str:
    """Columns of results.csv in SQL: missing is empty, a text that would be a formula is quoted (see `plain_cell`)."""
    described = connection.execute(f"DESCRIBE SELECT * {read}", [files]).fetchall()
    starts = ", ".join(str(ord(letter)) for letter in FORMULA)
    cells = [f"nullif({name}, 'nan') AS {name}" for name in NUMBERS]
    for name, kind, *_ in described:
        if kind == "VARCHAR":
            cell = quoted(name)
            runs = f"ord({cell}) IN ({starts}) AND try_cast({cell} AS DOUBLE) IS NULL"
            cells.append(f"CASE WHEN {runs} THEN chr(39) || {cell} ELSE {cell} END AS {cell}")
    return ", ".join(cells)


def design_columns(points: Sequence[Point], failed: Mapping[str, Outcome], others: str) -> dict[str, list[Any]]:
    """design.csv by column; `others` is the status of points that did not fail."""
    told = [failed.get(point.hash) for point in points]
    return {
        "point": [point.number for point in points],
        "hash": [point.hash for point in points],
        **{key: columns_of([point.values[key] for point in points]) for key in points[0].values},
        "status": [outcome.status if outcome else others for outcome in told],
        "error": [outcome.error if outcome else "" for outcome in told],
    }


def write_design(store: Store, columns: Mapping[str, Sequence[Any]]) -> None:
    """design.csv."""
    write_csv(store.folder / "design.csv", list(columns), zip(*columns.values(), strict=True))


def read_study(folder: str | Path, measures: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """The columns of results.parquet of a finished sweep, by name; of `measures` only (scope.name.measure), if any.

    Raises InputError for a folder that is none, is not finished, or has a schema that this version cannot read.
    """
    store = Store(Path(folder))
    study = store.study()
    path = store.folder / "results.parquet"
    if not path.is_file():
        what = f"is not finished ({len(list(store.parts.glob('*.parquet')))} parts): run the same command again"
        raise InputError(Problem(str(folder), what))
    query, words = results_query(study, "read_parquet(?)"), list[Any]([str(path)])
    if measures:
        query = f"SELECT * FROM ({query}) WHERE concat_ws('.', scope, name, measure) IN (SELECT unnest(?::VARCHAR[]))"
        words.append(list(measures))
    import duckdb

    with connected() as connection:
        try:
            found = connection.execute(query, words).fetchnumpy()
        except duckdb.Error as error:
            what = f"cannot be read ({str(error).splitlines()[0]}); run the same command again"
            raise InputError(Problem(str(path), what)) from None
    return {name: _filled(column) for name, column in found.items()}


def _filled(column: Any) -> np.ndarray:
    """Missing is NaN among numbers with a fraction, 0 among whole numbers, None among texts."""
    if not isinstance(column, np.ma.MaskedArray):
        return np.asarray(column)
    kinds = {"f": np.nan, "i": 0, "b": False}
    return np.asarray(column.filled(kinds.get(column.dtype.kind)))

"""From parts to one table: estimates of every point with intervals, by DuckDB, in any memory.

Comes in: a store whose parts are complete, the points and what failed. Goes out: results.parquet and results.csv. The
estimators are those of `sim.experiments.estimates` (a test holds them equal): ratio of expectations by the delta
method, means by Student t; a mean is a ratio whose denominator is 1. Sums run in the order of replications, so that the
last digit does not depend on threads.

Parts hold sums, so a sweep does without what needs more: `run.ratio_interval` is always delta, and quantiles of waits
are the mean over replications of each one's quantile, not that of all waits together (`sim.experiments.quantiles`).
That mean is too low where a replication has few contacts: a 95 % wait by 1 to 3 % at 450, by 13 % at 45 of them.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special

from ...errors import InputError, Problem
from ...measures.catalogue import describe
from ...model.run import Run
from .points import Point
from .schema import results_query
from .store import Store, columns_of
from .tasks import Outcome

SUMS = """CREATE TEMP TABLE sums AS
SELECT hash, replication, scope, name, measure, top, bottom FROM read_parquet(?, union_by_name=true)
WHERE replication < ? AND hash IN (SELECT hash FROM design WHERE status = 'ok')"""
ESTIMATES = """CREATE TEMP TABLE estimates AS
WITH totals AS (
    SELECT hash, scope, name, measure, count(*) AS n,
        sum(top ORDER BY replication) AS top, sum(bottom ORDER BY replication) AS bottom
    FROM sums GROUP BY ALL),
ratios AS (
    SELECT * EXCLUDE (top, bottom), coalesce(bottom, n) / n AS mean_bottom,
        CASE WHEN bottom = 0 THEN 'nan' ELSE top / coalesce(bottom, n) END AS mean
    FROM totals),
squares AS (
    SELECT hash, scope, name, measure,
        sum(pow(s.top - r.mean * coalesce(s.bottom, 1), 2) ORDER BY replication) AS squares
    FROM sums s JOIN ratios r USING (hash, scope, name, measure) GROUP BY ALL),
widths AS (
    SELECT hash, scope, name, measure, mean, confidence, n,
        CASE WHEN n < 2 OR mean_bottom = 0 THEN 'nan'
        ELSE quantile * sqrt(squares / (n - 1) / n) / abs(mean_bottom) END AS half_width
    FROM ratios JOIN squares USING (hash, scope, name, measure) JOIN quantiles USING (n))
SELECT hash, scope, name, measure, mean, half_width, mean - half_width AS lower, mean + half_width AS upper,
    confidence, n::INTEGER AS n, unit
FROM widths JOIN units USING (measure)"""
RESULTS = """CREATE TEMP TABLE results AS
SELECT d.* EXCLUDE (hash, status, error), e.* EXCLUDE (hash), d.status, d.error
FROM design d LEFT JOIN estimates e USING (hash) ORDER BY point, scope, name, measure"""
NO_SUMS = """CREATE TEMP TABLE sums (hash VARCHAR, replication INTEGER, scope VARCHAR, name VARCHAR, measure VARCHAR,
top DOUBLE, bottom DOUBLE)"""
NUMBERS = ("mean", "half_width", "lower", "upper")


def write_tables(
    store: Store, parts: Sequence[Path], points: Sequence[Point], failed: Mapping[str, Outcome], run: Run
) -> None:
    """Writes results.parquet and results.csv from these parts; `failed` is by hash. Replications beyond
    `run.replications` are left out."""
    connection = _connected()
    _fill(connection, "design", design_columns(points, failed, "ok"))
    found = any(point.hash not in failed for point in points)
    connection.execute(SUMS if found else NO_SUMS, [[str(path) for path in parts], run.replications] if found else [])
    measures = [name for (name,) in connection.execute("SELECT DISTINCT measure FROM sums ORDER BY 1").fetchall()]
    _fill(connection, "units", {"measure": measures, "unit": [describe(name).unit for name in measures]})
    levels = special.stdtrit(np.arange(1, run.replications + 1) - 1, (1 + run.confidence) / 2)
    counts = list(range(1, run.replications + 1))
    columns = {"n": counts, "quantile": levels.tolist(), "confidence": [float(run.confidence)] * len(counts)}
    _fill(connection, "quantiles", columns)
    connection.execute(ESTIMATES)
    connection.execute(RESULTS)
    _copied(connection, "SELECT * FROM results", store.folder / "results.parquet", "parquet")
    blank = ", ".join(f"nullif({name}, 'nan') AS {name}" for name in NUMBERS)
    _copied(connection, f"SELECT * REPLACE ({blank}) FROM results", store.folder / "results.csv", "csv, HEADER")
    connection.close()


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
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    store.write_text("design.csv", text.getvalue())


def read_study(folder: str | Path) -> dict[str, np.ndarray]:
    """The columns of results.parquet of a finished sweep, by name.

    Raises InputError for a folder that is none, is not finished, or has a schema that this version cannot read.
    """
    store = Store(Path(folder))
    study = store.study()
    path = store.folder / "results.parquet"
    if not path.is_file():
        what = f"is not finished ({len(list(store.parts.glob('*.parquet')))} parts): run the same command again"
        raise InputError(Problem(str(folder), what))
    connection = _connected()
    found = connection.execute(results_query(study, "read_parquet(?)"), [str(path)]).fetchnumpy()
    connection.close()
    return {name: _filled(column) for name, column in found.items()}


def _filled(column: Any) -> np.ndarray:
    """Missing is NaN among numbers with a fraction, 0 among whole numbers, None among texts."""
    if not isinstance(column, np.ma.MaskedArray):
        return np.asarray(column)
    kinds = {"f": np.nan, "i": 0, "b": False}
    return np.asarray(column.filled(kinds.get(column.dtype.kind)))


def _connected() -> Any:
    import duckdb

    return duckdb.connect()


def _fill(connection: Any, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """A table from columns; texts, truth values, whole numbers and numbers are told apart."""
    arrays = {}
    for name, values in columns.items():
        texts = any(isinstance(value, str) for value in values) or not values
        arrays[name] = np.array(values, dtype=object if texts else None)
    connection.register("filling", arrays)
    kinds = ", ".join(f'"{name}"::VARCHAR AS "{name}"' for name, each in arrays.items() if each.dtype == object)
    replaced = f" REPLACE ({kinds})" if kinds else ""
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT *{replaced} FROM filling")
    connection.unregister("filling")


def _copied(connection: Any, select: str, path: Path, kind: str) -> None:
    """A file from a query, complete or not at all."""
    written = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    target = str(written).replace("'", "''")
    connection.execute(f"COPY ({select}) TO '{target}' (FORMAT {kind})")
    os.replace(written, path)

"""From parts to one table: estimates of every point with intervals, by DuckDB, in any memory.

Comes in: a store whose parts are complete, the points and what failed. Goes out: results.parquet and results.csv. The
estimators are those of `sim.experiments.estimates` (a test holds them equal): ratio of expectations by the delta
method, means by Student t; a mean is a ratio whose denominator is 1. Sums run in the order of replications, so that the
last digit does not depend on threads.
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
from .points import Point
from .store import Store, check_schema, columns_of
from .tasks import Outcome

SUMS = """CREATE TEMP TABLE sums AS
SELECT DISTINCT hash, replication, scope, name, measure, top, bottom FROM read_parquet(?, union_by_name=true)
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
    SELECT hash, scope, name, measure, mean, n,
        CASE WHEN n < 2 OR mean_bottom = 0 THEN 'nan'
        ELSE quantile * sqrt(squares / (n - 1) / n) / abs(mean_bottom) END AS half_width
    FROM ratios JOIN squares USING (hash, scope, name, measure) JOIN quantiles USING (n))
SELECT hash, scope, name, measure, mean, half_width, mean - half_width AS lower, mean + half_width AS upper,
    n::INTEGER AS n, unit
FROM widths JOIN units USING (measure)"""
RESULTS = """CREATE TEMP TABLE results AS
SELECT d.* EXCLUDE (hash, status, error), e.* EXCLUDE (hash), d.status, d.error
FROM design d LEFT JOIN estimates e USING (hash) ORDER BY point, scope, name, measure"""
NUMBERS = ("mean", "half_width", "lower", "upper")


def write_tables(store: Store, points: Sequence[Point], failed: Mapping[str, Outcome], run: Any) -> None:
    """Writes design.csv (with what became of each point), results.parquet and results.csv; `run` is the model's."""
    write_design(store, points, failed)
    connection = _connected()
    connection.execute("CREATE TEMP TABLE design AS SELECT * FROM columns", [])if False else None
    _register(connection, "design", _design_columns(points, failed))
    _estimates(connection, store, run, anything=len(failed) < len({point.hash for point in points}))
    connection.execute(RESULTS)
    _copied(connection, "SELECT * FROM results", store.folder / "results.parquet", "parquet")
    blank = ", ".join(f"nullif({name}, 'nan') AS {name}" for name in NUMBERS)
    _copied(connection, f"SELECT * REPLACE ({blank}) FROM results", store.folder / "results.csv", "csv, HEADER")
    connection.close()

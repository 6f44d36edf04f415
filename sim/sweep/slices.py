"""Estimates of some points at a time, by DuckDB, so that memory does not grow with the study.

Comes in: parts, the design as a table of the connection, what the run asks. Goes out: a Parquet file for each slice of
points, in their order. The estimators are those of `sim.statistics.estimates` (a test holds them equal): ratio of
expectations by the delta method, means by Student t; a mean is a ratio whose denominator is 1. Sums run in the order of
replications on one thread, so that the last digit does not depend on how the work was shared.

Parts hold sums, so a sweep does without what needs more: `run.ratio_interval` is always delta, and quantiles of waits
are the mean over replications of each one's quantile, not that of all waits together (`sim.statistics.quantiles`).
That mean is too low where a replication has few contacts: a 95 % wait by 1 to 3 % at 450, by 13 % at 45 of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special

from ..measures.catalogue import describe
from ..model.run import Run
from .columns import fill, literal

ROWS = 500_000
"""sums in memory at a time, about; some 100 bytes each"""
HELD = """CREATE TEMP TABLE held AS
SELECT filename, hash, count(*) AS size FROM read_parquet(?, filename=true, union_by_name=true) GROUP BY ALL"""
SLICE = "CREATE OR REPLACE TEMP TABLE slice AS SELECT * FROM design WHERE point >= ? AND point < ?"
FILES = "SELECT DISTINCT filename FROM held WHERE hash IN (SELECT hash FROM slice WHERE status = 'ok') ORDER BY 1"
FOUND = """CREATE OR REPLACE TEMP TABLE found AS
SELECT hash, replication, scope, name, measure, top, bottom FROM read_parquet(?, union_by_name=true)
WHERE replication < ? AND hash IN (SELECT hash FROM slice WHERE status = 'ok')"""
NOTHING = """CREATE OR REPLACE TEMP TABLE found (hash VARCHAR, replication INTEGER, scope VARCHAR, name VARCHAR,
measure VARCHAR, top DOUBLE, bottom DOUBLE)"""
STEPS = (
    """CREATE OR REPLACE TEMP TABLE keys AS SELECT *, row_number() OVER (ORDER BY scope, name, measure) AS key
    FROM (SELECT DISTINCT scope, name, measure FROM found)""",
    "CREATE OR REPLACE TEMP TABLE hashes AS SELECT hash, min(point) AS id FROM slice GROUP BY hash",
    """CREATE OR REPLACE TEMP TABLE sums AS SELECT id, key, top, coalesce(bottom, 1) AS bottom
    FROM found JOIN keys USING (scope, name, measure) JOIN hashes USING (hash) ORDER BY replication""",
    """CREATE OR REPLACE TEMP TABLE ratios AS SELECT id, key, count(*) AS n, sum(bottom) / count(*) AS mean_bottom,
    CASE WHEN sum(bottom) = 0 THEN 'nan' ELSE sum(top) / sum(bottom) END AS mean FROM sums GROUP BY id, key""",
    """CREATE OR REPLACE TEMP TABLE squares AS
    SELECT id, key, sum(pow(sums.top - mean * sums.bottom, 2)) AS squares
    FROM sums JOIN ratios USING (id, key) GROUP BY id, key""",
    """CREATE OR REPLACE TEMP TABLE estimates AS
    SELECT id, key, mean, confidence, n, CASE WHEN n < 2 OR mean_bottom = 0 THEN 'nan'
        ELSE quantile * sqrt(squares / (n - 1) / n) / abs(mean_bottom) END AS half_width
    FROM ratios JOIN squares USING (id, key) JOIN quantiles USING (n)""",
)
RESULTS = """SELECT s.* EXCLUDE (hash, status, error), scope, name, measure, mean, half_width,
mean - half_width AS lower, mean + half_width AS upper, confidence, n::INTEGER AS n, unit, s.status, s.error
FROM slice s LEFT JOIN hashes ON s.hash = hashes.hash AND s.status = 'ok' LEFT JOIN estimates USING (id)
LEFT JOIN keys USING (key) LEFT JOIN units USING (measure) ORDER BY point, key"""


def written_slices(connection: Any, parts: Sequence[Path], points: int, run: Run, folder: Path) -> Iterator[Path]:
    """Files in `folder` with the results of all points; `connection` has the table `design`."""
    size = points
    if parts:
        connection.execute(HELD, [[str(path) for path in parts]])
        ((rows, hashes),) = connection.execute("SELECT sum(size), count(DISTINCT hash) FROM held").fetchall()
        size = max(1, int(ROWS * hashes / rows))
    _fill_quantiles(connection, run)
    for number, first in enumerate(range(0, points, size)):
        connection.execute(SLICE, [first, first + size])
        files = [name for (name,) in connection.execute(FILES).fetchall()] if parts else []
        connection.execute(FOUND if files else NOTHING, [files, run.replications] if files else [])
        measures = [name for (name,) in connection.execute("SELECT DISTINCT measure FROM found ORDER BY 1").fetchall()]
        fill(connection, "units", {"measure": measures, "unit": [describe(name).unit for name in measures]})
        for step in STEPS:
            connection.execute(step)
        path = folder / f"{number:06d}.parquet"
        connection.execute(f"COPY ({RESULTS}) TO {literal(str(path))} (FORMAT parquet)")
        yield path


def _fill_quantiles(connection: Any, run: Run) -> None:
    counts = np.arange(1, run.replications + 1)
    levels = special.stdtrit(counts - 1, (1 + run.confidence) / 2)
    told = {"n": counts.tolist(), "quantile": levels.tolist(), "confidence": [float(run.confidence)] * counts.size}
    fill(connection, "quantiles", told)

"""Estimates of some points at a time, by DuckDB, so that memory does not grow with the study.

Comes in: parts, the design as a table of the connection, what the run asks. Goes out: a Parquet file for each slice of
points, in their order. The estimators are those of `sim.statistics` (a test holds them equal): DuckDB sums what
replications add, `interval` makes intervals of the sums, and quantiles are pooled from the samples that parts carry. A
mean is a ratio whose denominator is 1. Sums run in the order of replications on one thread, so that the last digit does
not depend on how the work was shared. `run.ratio_interval` is always delta here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..measures.catalogue import describe
from ..model.run import Run
from ..statistics.intervals import from_moments, interval, possible_values
from ..statistics.quantiles import pooled_quantile
from .columns import few, fill, literal
from .differences import Base, Cells, Key, base_of, paired
from .schema import NUMBERS

Floats = NDArray[np.float64]

ROWS = 1_000_000
"""sums in memory at a time, about; some 100 bytes each"""
HELD = """CREATE TEMP TABLE held AS
SELECT filename, hash, count(*) AS size FROM read_parquet(?, filename=true, union_by_name=true) GROUP BY ALL"""
SLICE = "CREATE OR REPLACE TEMP TABLE slice AS SELECT * FROM design WHERE point >= ? AND point < ?"
FILES = "SELECT DISTINCT filename FROM held WHERE hash IN (SELECT hash FROM slice WHERE status = 'ok') ORDER BY 1"
FOUND = """CREATE OR REPLACE TEMP VIEW found AS
SELECT hash, replication, scope, name, measure, top, bottom, sample, size
FROM (SELECT * FROM {parts}  -- parts of older versions have no samples
    UNION ALL BY NAME SELECT NULL::BLOB AS sample, NULL::BIGINT AS size WHERE false)
WHERE replication < {replications} AND hash IN (SELECT hash FROM slice WHERE status = 'ok')"""
NOTHING = """(SELECT NULL::VARCHAR AS hash, NULL::INTEGER AS replication, NULL::VARCHAR AS scope, NULL::VARCHAR AS name,
NULL::VARCHAR AS measure, NULL::DOUBLE AS top, NULL::DOUBLE AS bottom WHERE false)"""
STEPS = (
    """CREATE OR REPLACE TEMP TABLE keys AS SELECT *, row_number() OVER (ORDER BY scope, name, measure) AS key
    FROM (SELECT DISTINCT scope, name, measure FROM found)""",
    "CREATE OR REPLACE TEMP TABLE hashes AS SELECT hash, min(point) AS id FROM slice GROUP BY hash",
    """CREATE OR REPLACE TEMP TABLE sums AS
    SELECT id, key, replication, top, coalesce(bottom, 1) AS bottom, bottom IS NOT NULL OR NOT isnan(top) AS known
    FROM found JOIN keys USING (scope, name, measure) JOIN hashes USING (hash) ORDER BY replication""",
    """CREATE OR REPLACE TEMP TABLE ratios AS
    SELECT id, key, count(*) FILTER (known) AS n, coalesce(sum(bottom) FILTER (known), 0) AS trials,
    CASE WHEN trials = 0 THEN 'nan' ELSE sum(top) FILTER (known) / trials END AS mean FROM sums GROUP BY id, key""",
)
NAMES = "SELECT scope, name, measure FROM keys ORDER BY key"
RATIOS = "SELECT * FROM ratios ORDER BY id, key"
MOMENTS = """SELECT id, key, sum(pow(top - mean * bottom, 2)) FILTER (known) AS squares,
sum(pow(top - mean * bottom, 3)) FILTER (known) AS cubes
FROM sums JOIN ratios USING (id, key) WHERE n > 1 GROUP BY id, key ORDER BY id, key"""
SAMPLES = """SELECT id, key, sample, size FROM found JOIN keys USING (scope, name, measure)
JOIN hashes USING (hash) WHERE sample IS NOT NULL ORDER BY id, key, replication"""
RESULTS = """SELECT s.* EXCLUDE (hash, status, error), scope, name, measure, mean, half_width, lower, upper,
confidence, difference, difference_half_width, n::INTEGER AS n, unit, s.status, s.error
FROM slice s LEFT JOIN hashes ON s.hash = hashes.hash AND s.status = 'ok' LEFT JOIN estimates USING (id)
LEFT JOIN (SELECT key, {names} FROM keys JOIN units USING (measure)) USING (key) ORDER BY point, key"""


MISSING = ", ".join(f"CASE WHEN isfinite({name}) THEN {name} END AS {name}" for name in NUMBERS)
"""what is no finite number is missing"""


def written_slices(
    connection: Any, parts: Sequence[Path], points: int, run: Run, folder: Path, against: int = 0
) -> Iterator[Path]:
    """Files in `folder` with the results of all points; `connection` has the table `design`. Differences are from the
    point with the number `against`, paired (`differences`)."""
    base = base_of(connection, parts, run, against)
    size = points
    if parts:
        connection.execute(HELD, [[str(path) for path in parts]])
        ((rows, hashes),) = connection.execute("SELECT sum(size), count(DISTINCT hash) FROM held").fetchall()
        size = max(1, int(ROWS * hashes / rows))
    for number, first in enumerate(range(0, points, size)):
        connection.execute(SLICE, [first, first + size])
        files = [name for (name,) in connection.execute(FILES).fetchall()] if parts else []
        read = f"read_parquet([{', '.join(map(literal, files))}], union_by_name=true)" if files else NOTHING
        for step in (FOUND.format(parts=read, replications=run.replications), *STEPS):
            connection.execute(step)
        names = connection.execute(NAMES).fetchall()
        connection.register("estimates", _estimates(connection, run, base, names))
        results = RESULTS.format(names=_names(connection, names))
        path = folder / f"{number:06d}.parquet"
        connection.execute(
            f"COPY (SELECT * REPLACE ({MISSING}) FROM ({results})) TO {literal(str(path))} (FORMAT parquet)"
        )
        connection.unregister("estimates")
        yield path


def _names(connection: Any, names: Sequence[Key]) -> str:
    """Columns of the tables `keys` and `units`, which is filled, in SQL."""
    units = {measure: describe(measure).unit for *_, measure in names}
    fill(connection, "units", {"measure": [*units], "unit": [*units.values()]})
    texts = [*zip(*names, strict=True), units.values()] if names else [()] * 4
    return ", ".join(map(few, ("scope", "name", "measure", "unit"), texts))


def _estimates(connection: Any, run: Run, base: Base, names: Sequence[Key]) -> dict[str, NDArray[Any]]:
    """Every number of a slice with its interval, as columns."""
    found = connection.execute(RATIOS).fetchnumpy()
    n, trials, mean = (_plain(found[name]) for name in ("n", "trials", "mean"))
    cells = Cells(np.asarray(found["id"]), np.asarray(found["key"]), names)
    lower, upper = _intervals(connection, run, cells, n, trials, mean)
    pooled = _pool(connection, run, cells, mean, lower, upper) if run.replications > 1 else {}
    difference, apart = paired(connection, run, base, cells, mean, pooled)
    confidence = np.full(n.size, float(run.confidence))
    return {
        "id": cells.id, "key": cells.key, "mean": mean,
        "half_width": (upper - lower) / 2, "lower": lower, "upper": upper, "confidence": confidence,
        "difference": difference, "difference_half_width": apart, "n": n.astype(np.int64),
    }  # fmt: skip


def _intervals(
    connection: Any, run: Run, cells: Cells, n: Floats, trials: Floats, mean: Floats
) -> tuple[Floats, Floats]:
    """Lower and upper end of each number; NaN where fewer than two replications have one."""
    lower, upper = np.full(n.size, np.nan), np.full(n.size, np.nan)
    several = np.flatnonzero(n > 1)  # MOMENTS has these, in the same order
    if not several.size:
        return lower, upper
    found = connection.execute(MOMENTS).fetchnumpy()
    squares, cubes = (_plain(found[name]) for name in ("squares", "cubes"))
    n, trials, mean = (each[several] for each in (n, trials, mean))
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.abs(trials / n)  # mean denominator: turns what a replication adds into the unit of the ratio
        error = np.sqrt(squares / (n - 1) / n) / scale
        skew = from_moments(squares / n, cubes / n, n.astype(np.int64))
    possible = np.array([possible_values(describe(measure).unit) for *_, measure in cells.names], dtype=str)
    possible = possible[cells.key[several] - 1]
    for kind in np.unique(possible):
        mine = possible == kind
        count = n[mine].astype(np.int64)
        ends = interval(mean[mine], error[mine], skew[mine], count, run.confidence, kind, trials[mine])
        lower[several[mine]], upper[several[mine]] = ends
    return lower, upper


def _plain(column: Any) -> Floats:
    """Numbers of a query; NaN where there are none."""
    return np.asarray(np.ma.filled(column, np.nan), dtype=float)


def _pool(connection: Any, run: Run, cells: Cells, mean: Floats, lower: Floats, upper: Floats) -> dict[int, Floats]:
    """Puts quantiles of all replications together in place of means of their quantiles; what each replication adds, by
    cell."""
    added: dict[int, Floats] = {}
    rows = connection.execute(SAMPLES).fetchall()
    for (id, key), several in groupby(rows, key=lambda row: (row[0], row[1])):
        each = list(several)
        if len(each) > 1:
            values, i = [np.frombuffer(row[2]) for row in each], int(cells.at(id, key))
            share = describe(cells.names[key - 1][2]).share
            quantile = pooled_quantile(values, [row[3] for row in each], share, run.confidence)
            mean[i] = quantile.value
            lower[i], upper[i] = max(quantile.value - quantile.half_width, 0.0), quantile.value + quantile.half_width
            added[i] = quantile.residuals
    return added

"""Points of a sweep against one of them, paired: the same customers had the same luck at all points.

Comes in: the parts, and which point the others are held against. Goes out: for each number its difference from that
point and half the length of the difference's interval, Student t over the replications' linearised differences (delta
method, as in `sim.studies.compare.study`). Each interval holds alone: a design has too many points to hold together.
Points that miss a replication of the other, or a value in one, have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..measures.catalogue import describe
from ..model.run import Run
from ..statistics.intervals import student
from ..statistics.quantiles import pooled_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Key = tuple[str, str, str]
"""scope, name, measure"""
BASE = """CREATE OR REPLACE TEMP TABLE base_sums AS
SELECT scope, name, measure, replication, top, coalesce(bottom, 1) AS bottom FROM read_parquet(?, union_by_name=true)
WHERE replication < ? AND hash = (SELECT hash FROM design WHERE point = ? AND status = 'ok')
AND (bottom IS NOT NULL OR NOT isnan(top))"""
ADDED = """CREATE OR REPLACE TEMP TABLE base AS
SELECT scope, name, measure, replication, mean, n, (top - mean * bottom) / abs(trials / n) AS added
FROM base_sums JOIN (SELECT scope, name, measure, count(*) AS n, sum(bottom ORDER BY replication) AS trials,
sum(top ORDER BY replication) / trials AS mean
FROM base_sums GROUP BY ALL HAVING sum(bottom) <> 0) USING (scope, name, measure)"""
NO_BASE = """CREATE OR REPLACE TEMP TABLE base (scope VARCHAR, name VARCHAR, measure VARCHAR, replication INTEGER,
mean DOUBLE, n BIGINT, added DOUBLE)"""
SAMPLES = """SELECT scope, name, measure, sample, size FROM read_parquet(?, union_by_name=true)
WHERE replication < ? AND sample IS NOT NULL AND hash = (SELECT hash FROM design WHERE point = ? AND status = 'ok')
ORDER BY scope, name, measure, replication"""
PAIRED = """SELECT id, key, any_value(base.mean) AS base_mean, any_value(base.n) AS base_n,
any_value(ratios.n) AS n, count(*) AS pairs,
sum(pow((top - ratios.mean * bottom) / abs(trials / ratios.n) - added, 2) ORDER BY replication) AS squares
FROM sums JOIN ratios USING (id, key) JOIN
(SELECT key, replication, mean, n, added FROM base JOIN keys USING (scope, name, measure)) AS base
USING (key, replication) WHERE known AND trials <> 0 GROUP BY ALL"""


@dataclass(frozen=True)
class Cells:
    """The numbers of a slice, in order of their points and then of their names."""

    id: Ints
    """the first point that has its number"""
    key: Ints
    """the number of its name, from 1"""
    names: Sequence[Key]
    """by number of a name less 1"""

    def at(self, id: Ints, key: Ints) -> Ints:
        """Where these are."""
        most = len(self.names) + 1
        return np.searchsorted(self.id * most + self.key, id * most + key)


@dataclass(frozen=True)
class Base:
    """The point that others are held against: its sums are a table `base` of the database, here are its quantiles."""

    point: int
    quantiles: Mapping[Key, tuple[float, Floats]]
    """value, and what each replication adds"""


def base_of(connection: Any, parts: Sequence[Path], run: Run, point: int) -> Base:
    """Reads the sums of the point and makes its quantiles; the connection has the table `design`."""
    if not parts:
        connection.execute(NO_BASE)
        return Base(point, {})
    words = [[str(path) for path in parts], run.replications, point]
    connection.execute(BASE, words)
    connection.execute(ADDED)
    columns = [name for name, *_ in connection.execute("DESCRIBE FROM read_parquet(?, union_by_name=true)", words[:1])
               .fetchall()]  # fmt: skip
    rows = connection.execute(SAMPLES, words).fetchall() if "sample" in columns else []
    samples: dict[Key, list[tuple[Floats, int]]] = {}
    for scope, name, measure, sample, size in rows:
        samples.setdefault((scope, name, measure), []).append((np.frombuffer(sample), size))
    return Base(point, {key: _quantile(key, each, run) for key, each in samples.items() if len(each) > 1})


def _quantile(key: Key, samples: Sequence[tuple[Floats, int]], run: Run) -> tuple[float, Floats]:
    values, sizes = [value for value, _ in samples], [size for _, size in samples]
    quantile = pooled_quantile(values, sizes, describe(key[2]).share, run.confidence)
    return quantile.value, quantile.residuals


def paired(
    connection: Any, run: Run, base: Base, cells: Cells, mean: Floats, pooled: Mapping[int, Floats]
) -> tuple[Floats, Floats]:
    """Difference and half width of each number of a slice; NaN where there is none, the base itself among them.
    `pooled` has what each replication adds to a quantile, by number of its cell."""
    rows = connection.execute(PAIRED).fetchnumpy()
    pairs, n, base_n = (np.ma.filled(rows[name], 0) for name in ("pairs", "n", "base_n"))
    whole = (rows["id"] != base.point) & (pairs == n) & (pairs == base_n)
    cell, pairs = cells.at(rows["id"][whole], rows["key"][whole]), pairs[whole]
    base_mean, squares = (np.array(np.ma.filled(rows[name], np.nan)[whole]) for name in ("base_mean", "squares"))
    for row in np.flatnonzero(np.isin(cell, list(pooled))) if base.quantiles else ():
        quantile = base.quantiles.get(cells.names[cells.key[cell[row]] - 1])
        if quantile is not None:
            base_mean[row], squares[row] = quantile[0], ((pooled[cell[row]] - quantile[1]) ** 2).sum()
    difference, half = np.full(mean.size, np.nan), np.full(mean.size, np.nan)
    number = np.zeros(mean.size, dtype=np.int64)
    difference[cell], number[cell] = mean[cell] - base_mean, pairs
    half[cell] = squares / np.maximum(pairs - 1, 1) / pairs
    return difference, student(number, run.confidence) * np.sqrt(half)

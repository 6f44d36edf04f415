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
Key = tuple[str, str, str]
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
PAIRED = """SELECT id, key, scope, name, measure, any_value(base.mean) AS base_mean, any_value(base.n) AS base_n,
any_value(ratios.n) AS n, count(*) AS pairs,
sum(pow((top - ratios.mean * bottom) / abs(trials / ratios.n) - added, 2) ORDER BY replication) AS squares
FROM sums JOIN ratios USING (id, key) JOIN keys USING (key) JOIN base USING (scope, name, measure, replication)
WHERE known AND trials <> 0 GROUP BY ALL"""


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
    connection: Any, run: Run, base: Base, found: Mapping[str, Any], mean: Floats, pooled: Mapping[int, Floats]
) -> tuple[Floats, Floats]:
    """Difference and half width of each number of a slice; NaN where there is none, the base itself among them.
    `pooled` has what each replication adds to a quantile, by place in `found`."""
    difference, half = np.full(mean.size, np.nan), np.full(mean.size, np.nan)
    number = np.zeros(mean.size, dtype=np.int64)
    place = {pair: i for i, pair in enumerate(zip(found["id"].tolist(), found["key"].tolist(), strict=True))}
    for point, key, scope, name, measure, base_mean, base_n, n, pairs, squares in connection.execute(PAIRED).fetchall():
        i, quantile = place[point, key], base.quantiles.get((scope, name, measure))
        if point == base.point or pairs != n or pairs != base_n:
            continue
        if quantile is not None and i in pooled:
            base_mean, squares = quantile[0], float(((pooled[i] - quantile[1]) ** 2).sum())
        difference[i], number[i] = mean[i] - base_mean, pairs
        half[i] = squares / max(pairs - 1, 1) / pairs
    return difference, student(number, run.confidence) * np.sqrt(half)

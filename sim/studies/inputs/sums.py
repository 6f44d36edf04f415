"""What replications gave at the points of a sweep, read back for paired comparison between points.

Comes in: a finished sweep and measures. Goes out: `Sums`, numerators and denominators by point and replication. All
points had the same replications and seed, so that differences between points are paired by common random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...errors import InputError, Problem, nearest
from ...sweep.run import Swept
from ..compare.study import linear

Floats = NDArray[np.float64]
Key = tuple[str, str, str]
"""scope, name, measure"""
READ = """SELECT hash, replication, top, bottom FROM read_parquet(?, union_by_name=true)
WHERE scope = ? AND name = ? AND measure = ? AND replication < ?"""
KNOWN = "SELECT DISTINCT scope || '.' || name || '.' || measure FROM read_parquet(?, union_by_name=true) ORDER BY 1"


@dataclass(frozen=True)
class Sums:
    """One measure at all points. `bottom` is None for totals and values. NaN where a point failed."""

    key: Key
    top: Floats
    """(points, replications)"""
    bottom: Floats | None

    @property
    def values(self) -> Floats:
        """(points,): ratios of expectations, or means."""
        return linear(self.top, self.bottom)[0]

    @property
    def residuals(self) -> Floats:
        """(points, replications): what each replication adds to its point's value, linearised; means are 0."""
        return linear(self.top, self.bottom)[1]


def measures_of(swept: Swept) -> list[str]:
    """All measures that any point has, as `scope.name.measure`."""
    import duckdb

    connection = duckdb.connect()
    found = [name for (name,) in connection.execute(KNOWN, [str(swept.folder / "parts" / "*.parquet")]).fetchall()]
    connection.close()
    return found


def read_sums(swept: Swept, measures: Sequence[str], replications: int) -> dict[str, Sums]:
    """Sums by `scope.name.measure`. Raises InputError for a measure that no point has."""
    import duckdb

    connection, files = duckdb.connect(), str(swept.folder / "parts" / "*.parquet")
    known = measures_of(swept)
    wrong = [Problem("study", f"no measure {name!r}{nearest(name, known)}") for name in measures if name not in known]
    if wrong:
        raise InputError(wrong)
    rows: dict[str, list[int]] = {}
    for i, point in enumerate(swept.points):
        rows.setdefault(point.hash, []).append(i)
    found = {}
    for name in measures:
        scope, row, measure = key = _split(name)
        columns = connection.execute(READ, [files, scope, row, measure, replications]).fetchnumpy()
        top, bottom = (np.full((len(swept.points), replications), math.nan) for _ in range(2))
        places = [(i, j) for j, each in enumerate(columns["hash"]) for i in rows.get(each, ())]
        at, source = (np.array(part, dtype=np.int64) for part in zip(*places, strict=True))
        replication = np.asarray(columns["replication"])[source]
        top[at, replication] = np.ma.filled(columns["top"], math.nan)[source]
        bottom[at, replication] = np.ma.filled(columns["bottom"], math.nan)[source]
        found[name] = Sums(key, top, None if np.isnan(bottom).all() else bottom)
    connection.close()
    return found


def _split(name: str) -> Key:
    scope, row, measure = name.split(".")
    return scope, row, measure


def half_widths(residuals: Floats, confidence: float) -> Floats:
    """Half widths over the last axis (replications), Student t; NaN for one replication."""
    n = residuals.shape[-1]
    if n < 2:
        return np.full(residuals.shape[:-1], math.nan)
    quantile = float(special.stdtrit(n - 1, (1 + confidence) / 2))
    return np.asarray(quantile * residuals.std(axis=-1, ddof=1) / math.sqrt(n))

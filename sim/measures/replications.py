"""The value of every measure in each replication: the points behind an interval.

Comes in: observations by replication. Goes out: columns replication, scope, name, measure, value, for one's own
statistics: pair two configurations by replication, and the luck they share cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .table import Observations, Table


def by_replication(
    observations: Sequence[Observations], numbers: Sequence[int], measures: Sequence[str] = ()
) -> dict[str, NDArray[Any]]:
    """One row for each replication, scope, name and measure over the whole window; NaN where there is no value.

    Batches of one long run count as replications from 0.
    """
    labels = numbers if len(numbers) == len(observations) else range(len(observations))
    wanted = frozenset(measures)
    rows = [
        (number, scope, name, measure, value)
        for number, each in zip(labels, observations, strict=True)
        for (scope, measure), table in each.items()
        for name, value in zip(table.rows, _values(table), strict=True)
        if not wanted or f"{scope}.{name}.{measure}" in wanted
    ]
    kinds = {"replication": np.int64, "scope": object, "name": object, "measure": object, "value": np.float64}
    columns = zip(*rows, strict=True) if rows else ((),) * len(kinds)
    return {key: np.array(column, dtype=kind) for (key, kind), column in zip(kinds.items(), columns, strict=True)}


def _values(table: Table) -> list[float]:
    top = table.top[:, 0]
    if table.bottom is None:
        return [float(each) for each in top]
    with np.errstate(invalid="ignore", divide="ignore"):
        values = top / table.bottom[:, 0]
    return [float(each) if np.isfinite(each) else float("nan") for each in values]

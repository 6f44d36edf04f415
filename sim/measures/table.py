"""One measure in one scope: the sums that estimates are made of, and how the sums of two logs become one.

Comes in: numerators and denominators by row and time column. Goes out: `Table`, which can be sent between processes and
added over pieces of a log (`added`), so that a long log need not be in memory at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .samples import Samples, merged, sorted_quantiles

Floats = NDArray[np.float64]
Key = tuple[str, str]
"""(scope, measure)"""


@dataclass(frozen=True)
class Table:
    """Numerators and denominators, (rows, columns). Without time columns: one column."""

    rows: tuple[str, ...]
    top: Floats
    bottom: Floats | None = None
    """None: a total, a value, an extreme or a quantile"""
    samples: Samples | None = None
    """of a quantile: what it is a quantile of, by row, to be pooled over pieces and replications"""

    def __repr__(self) -> str:
        """Rows and size, without the numbers."""
        names = ", ".join(self.rows[:6]) + (", ..." if len(self.rows) > 6 else "")
        return f"<Table of {len(self.rows)} rows ({names}), {self.top.shape[1]} columns>"


Observations = dict[Key, Table]
"""all measures of one replication, or of a piece of one"""


def added(first: Table, second: Table, estimator: str, share: float = float("nan")) -> Table:
    """The table of two pieces of one log together. Raises ValueError where a value needs the whole log."""
    if first.rows != second.rows:
        raise ValueError(f"pieces of different centres cannot be added: {first.rows} and {second.rows}")
    if estimator in ("ratio", "total"):
        both = first.bottom is not None and second.bottom is not None
        bottom = first.bottom + second.bottom if both else None  # type: ignore[operator]
        return Table(first.rows, first.top + second.top, bottom)
    if estimator == "extreme":
        return Table(first.rows, np.fmax(first.top, second.top))
    if estimator == "quantile" and first.samples is not None and second.samples is not None:
        samples = merged(first.samples, second.samples)
        return Table(first.rows, quantiles_of(samples.values, share), None, samples)
    raise ValueError(f"a measure with estimator {estimator!r} needs the whole log: its pieces cannot be added")


def quantiles_of(rows: Sequence[Floats], share: float) -> Floats:
    """(rows, 1): the quantile at `share` of each row's sorted values; NaN where a row has none."""
    shares = np.array([share])
    return np.array([sorted_quantiles(each, shares)[0] if each.size else np.nan for each in rows]).reshape(-1, 1)

"""One measure in one scope: the sums that estimates are made of.

Comes in: numerators and denominators by row and time column. Goes out: `Table`, which can be sent between processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .samples import Samples, sorted_quantiles

Floats = NDArray[np.float64]
Key = tuple[str, str]
"""(scope, measure)"""


class Table(NamedTuple):
    """Numerators and denominators, (rows, columns); of several runs (`together`) the rows of one behind those of
    another. Without time columns: one column. A named tuple, for a log has some
    two hundred tables, and nothing is made faster."""

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


def quantiles_of(rows: Sequence[Floats], share: float) -> Floats:
    """(rows, 1): the quantile at `share` of each row's sorted values; NaN where a row has none."""
    shares = np.array([share])
    return np.array([sorted_quantiles(each, shares)[0] if each.size else np.nan for each in rows]).reshape(-1, 1)

"""Mixes over names: shares in a fixed order, renormalised over what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def mix_of(shares: Mapping[str, float], names: Iterable[str]) -> Floats:
    """Shares in the order of `names`, those of other names spread in proportion; zeros if nothing is left."""
    values = np.array([shares.get(name, 0.0) for name in names], dtype=float)
    total = values.sum()
    return values / total if total > 0 else values

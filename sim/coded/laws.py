"""Laws as rows of numbers.

Comes in: the laws of a configuration, one by one. Goes out: the table that `sim.chance.sampler` reads, and the flat
array of the numbers of quantile tables and samples.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..chance import sampler
from ..model.laws import NEEDS, Law
from ..model.own_laws import REACH

Floats = NDArray[np.float64]
CODES: dict[str, int] = {name: getattr(sampler, name.upper()) for name in NEEDS if name != "shifted"}
"""A shifted law has the code of the law that it shifts: the shift is a column of every row. A law from outside is a
table (LOG_ODDS)."""


@dataclass
class LawBook:
    """Laws as rows with the columns of the sampler, and their numbers in one flat array."""

    rows: list[tuple[float, ...]] = field(default_factory=list)
    quantiles: list[float] = field(default_factory=list)

    def add(self, law: Law | None) -> int:
        """The number of the law's row; -1 for no law. Parts of a mixture take the rows before it, shortest first."""
        if law is None:
            return -1
        inner = law.of or law
        if inner.parts is not None:
            first = len(self.rows)
            parts = sorted(inner.parts, key=lambda part: part.mean_value)
            self.rows += [self._row(part, part.share) for part in parts]
            self.rows.append(_columns("mixture", 1.0, law.shift or 0.0, (first, len(parts))))
        else:
            self.rows.append(self._row(law, 1.0))
        return len(self.rows) - 1

    def _row(self, law: Law, share: float) -> tuple[float, ...]:
        inner, coefficients = law.of or law, (law.of or law).coefficients
        if inner.numbers:
            self.quantiles += inner.numbers
            coefficients = (len(self.quantiles) - len(inner.numbers), len(inner.numbers), REACH)
        return _columns(inner.law, share, law.shift or 0.0, coefficients)

    def table(self) -> Floats:
        """The rows; one of zeros if there are none."""
        return np.array(self.rows or [(0.0,) * sampler.LAW_COLUMNS], dtype=float)

    def numbers(self) -> Floats:
        """The flat array that rows of quantile tables and samples point into."""
        return np.array(self.quantiles or [0.0])


def _columns(law: str, share: float, shift: float, coefficients: tuple[float, ...]) -> tuple[float, ...]:
    row = (CODES.get(law, sampler.LOG_ODDS), share, shift, *coefficients)
    return (*row, *(0.0,) * (sampler.LAW_COLUMNS - len(row)))

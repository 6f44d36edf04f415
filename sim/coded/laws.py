"""Laws as rows of numbers.

Comes in: the laws of a configuration, one by one. Goes out: the table that `sim.chance.sampler` reads, and the flat
array of the numbers of quantile tables and samples. Both may be in parts, each of them a book that goes on where the
one before it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

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
    """Laws as rows with the columns of the sampler, and their numbers in one flat array; each law once."""

    begin: tuple[int, int] = 0, 0
    """rows and numbers of the books before"""
    rows: list[tuple[float, ...]] = field(default_factory=list)
    quantiles: list[float] = field(default_factory=list)
    _known: dict[int, tuple[Law, int]] = field(default_factory=dict)

    @property
    def end(self) -> tuple[int, int]:
        """Rows and numbers of this book and of those before."""
        return self.begin[0] + len(self.rows), self.begin[1] + len(self.quantiles)

    def add(self, law: Law | None) -> int:
        """The number of the law's row; -1 for no law. Parts of a mixture take the rows before it, shortest first."""
        if law is None:
            return -1
        if id(law) not in self._known:
            self._known[id(law)] = law, self._added(law)
        return self._known[id(law)][1]

    def _added(self, law: Law) -> int:
        inner = law.of or law
        if inner.parts is not None:
            first = self.end[0]
            parts = sorted(inner.parts, key=lambda part: part.mean_value)
            self.rows += [self._row(part, part.share) for part in parts]
            self.rows.append(_columns("mixture", 1.0, law.shift or 0.0, (first, len(parts))))
        else:
            self.rows.append(self._row(law, 1.0))
        return self.end[0] - 1

    def _row(self, law: Law, share: float) -> tuple[float, ...]:
        inner, coefficients = law.of or law, (law.of or law).coefficients
        if inner.numbers:
            self.quantiles += inner.numbers
            coefficients = (self.end[1] - len(inner.numbers), len(inner.numbers), REACH)
        return _columns(inner.law, share, law.shift or 0.0, coefficients)


def table_of(books: Sequence[LawBook]) -> Floats:
    """The rows of books one after the other; one of zeros if there are none."""
    rows = [*chain.from_iterable(book.rows for book in books)]
    return np.array(rows or [(0.0,) * sampler.LAW_COLUMNS], dtype=float)


def numbers_of(books: Sequence[LawBook]) -> Floats:
    """The flat array that rows of quantile tables and samples point into."""
    return np.array([*chain.from_iterable(book.quantiles for book in books)] or [0.0])


def _columns(law: str, share: float, shift: float, coefficients: tuple[float, ...]) -> tuple[float, ...]:
    row = (CODES.get(law, sampler.LOG_ODDS), share, shift, *coefficients)
    return (*row, *(0.0,) * (sampler.LAW_COLUMNS - len(row)))

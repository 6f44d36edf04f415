"""Hops as arrays: the rows of the switching matrix, where a customer goes after a contact that solved nothing.

Comes in: a checked configuration. Goes out: `Hops` and the books of their laws, which every engine hands to
`sim.rules.hops`, `sim.rules.journeys` and `sim.rules.loyalty`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..chance.mixes import mix_of
from ..chance.sections import made_of
from ..model.centre import Configuration
from ..model.checks.centre import row_of
from ..model.outcomes import ROW_NAMES
from ..model.rows import GIVE_UP, Journeys, Row
from ..rules import loyalty
from .laws import LawBook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FIRST_ROW_OUTCOME = 2
"""ROW_NAMES begins with outcome 2 (failed) and ends with `reopened`, one past the last outcome."""
REOPENED_ROW = FIRST_ROW_OUTCOME + len(ROW_NAMES) - 1
Source: TypeAlias = "tuple[int, float | None]"
"""the channel that a row leads out of, and the probability that context survives, where the row says it"""


@dataclass(frozen=True)
class Hops:
    """Indexed by channel c, outcome o, attempt a and row; probabilities of a row are by next channel c."""

    row_of: Ints
    """(c, o, a) -> row; o = REOPENED_ROW for reopened"""
    deflection_row: Ints
    """(c) -> row of the company's push to another channel, or -1"""
    rows: Floats
    """(row, c + 1): probabilities of the next channel and, last, of giving up; with loyalty, of its mean"""
    elsewhere: Floats
    """(row, c): where those who switch go; zeros in rows without loyalty"""
    loyalty: Floats
    """(row, columns of sim.rules.loyalty)"""
    stays: Floats
    """(row, CELLS + 1): `stay_table` of rows whose loyalty differs between customers"""
    delays: Ints
    """(row, c) -> law or -1"""
    carries: Floats
    """(row, c): probability that context survives the hop"""
    until_opening: Ints
    """(row) 1 where a next contact waits for the opening of a channel that is closed"""
    after_opening: Ints
    """(row) -> law of the time after the opening, or -1: the delay"""


def hops_of(config: Configuration, begin: tuple[int, int]) -> tuple[Hops, list[LawBook]]:
    """Rows by (channel, outcome, attempt), the last attempt's row repeating, and after them the rows of deflection; and
    the books of their laws, which begin there."""
    names = config.open_channels
    index, listed = _listed(config, names, begin)
    pushed, tables = _RowBook(config.journeys, names, LawBook(listed.book.end)), listed.tables
    deflections = ((name, getattr(config.channels[name], "deflection", None)) for name in names)
    number = [-1 if row is None else pushed.add(name, row, row.context) for name, row in deflections]
    if pushed.rows:
        tables = {name: np.concatenate([tables[name], table]) for name, table in pushed.tables.items()}
    hops = Hops(
        row_of=index,
        deflection_row=np.array([n if n < 0 else len(listed.rows) + n for n in number], dtype=np.int64),
        carries=_carries(config, names, listed.sources + pushed.sources),
        **tables,
    )
    return hops, [listed.book, pushed.book]


@made_of("journeys")
def _listed(config: Configuration, names: tuple[str, ...], begin: tuple[int, int]) -> tuple[Ints, _RowBook]:
    """The rows that are listed, all but for what becomes of context, and their numbers by channel, outcome, attempt."""
    attempts = max((len(r) for by in config.journeys.rows.values() for r in by.values()), default=1)
    index = np.full((len(names), FIRST_ROW_OUTCOME + len(ROW_NAMES), attempts), -1, dtype=np.int64)
    rows = _RowBook(config.journeys, names, LawBook(begin))
    for c, name in enumerate(names):
        for o, outcome in enumerate(ROW_NAMES):
            listed = row_of(config, name, outcome)
            for a in range(attempts if listed else 0):
                index[c, o + FIRST_ROW_OUTCOME, a] = rows.add(name, listed[min(a, len(listed) - 1)])
    return index, rows


def _carries(config: Configuration, names: tuple[str, ...], sources: list[Source]) -> Floats:
    """(row, c): of tokens; of records it is the probability that a record alone is seen."""
    integration = config.integration
    identified = [integration.identified.get(j, 1.0) if integration.context == "record" else 1.0 for j in names]
    by_channel = [[integration.carried(i, j) * own for j, own in zip(names, identified, strict=True)] for i in names]
    given = ((context,) * len(names) if context is not None else by_channel[c] for c, context in sources)
    return np.array([*given], dtype=float).reshape(-1, len(names))


class _RowBook:
    """Rows of the switching matrix as numbers, each row of each channel once."""

    def __init__(self, journeys: Journeys, names: tuple[str, ...], book: LawBook) -> None:
        self.journeys, self.names, self.book = journeys, names, book
        self.numbers: dict[tuple[str, int], int] = {}
        self.rows: list[Floats] = []
        self.elsewhere: list[Floats] = []
        self.loyalty: list[list[float]] = []
        self.delays: list[list[int]] = []
        self.until_opening: list[int] = []
        self.after_opening: list[int] = []
        self.sources: list[Source] = []

    @cached_property
    def tables(self) -> dict[str, NDArray[Any]]:
        """All rows, as `Hops` has them."""
        size = len(self.names)
        return {
            "rows": np.array(self.rows).reshape(-1, size + 1),
            "elsewhere": np.array(self.elsewhere).reshape(-1, size),
            "loyalty": np.array(self.loyalty, dtype=float).reshape(-1, loyalty.LOYALTY_COLUMNS),
            "stays": np.array([loyalty.stays_of(*row) for row in self.loyalty]).reshape(-1, loyalty.CELLS + 1),
            "delays": np.array(self.delays, dtype=np.int64).reshape(-1, size),
            "until_opening": np.array(self.until_opening, dtype=np.int64),
            "after_opening": np.array(self.after_opening, dtype=np.int64),
        }

    def add(self, channel: str, row: Row, context: float | None = None) -> int:
        """The number of the row out of `channel`; `context`, if given, says how likely it is carried."""
        key = channel, id(row)
        if key not in self.numbers:
            self.numbers[key] = len(self.rows)
            said = row.mix(channel, self.journeys.stay)
            give_up = said.get(GIVE_UP, 0.0)
            elsewhere = mix_of(row.elsewhere, self.names)
            mix = self._mean(channel, row, elsewhere) if row.loyal else mix_of(said, self.names)
            self.rows.append(np.append(mix * (1 - give_up), give_up if mix.any() else 1.0))
            self.elsewhere.append(elsewhere)
            self.loyalty.append(self._loyalty(channel, row))
            self.delays.append([self.book.add(row.delay_to.get(to, row.delay)) for to in self.names])
            waits = self.journeys.waits_until_opening(row)
            self.until_opening.append(int(waits is not False))
            self.after_opening.append(self.book.add(None if isinstance(waits, bool) else waits))
            self.sources.append((self.names.index(channel), context))
        return self.numbers[key]

    def _mean(self, channel: str, row: Row, elsewhere: Floats) -> Floats:
        """Next channels of customers of mean loyalty; where nothing else is left, all stay who would."""
        stay = row.mean_stay(channel, self.journeys.stay)
        mine = np.array([float(name == channel) for name in self.names])
        mix = stay * mine + (1 - stay) * elsewhere
        return np.asarray(mix / mix.sum() if mix.any() else mix)

    def _loyalty(self, channel: str, row: Row) -> list[float]:
        """The row's columns of `sim.rules.loyalty`. Means of 0 and 1 leave nothing to differ."""
        if not row.loyal:
            return [-1.0] * loyalty.LOYALTY_COLUMNS
        mean, alike = row.mean_stay(channel, self.journeys.stay), self.journeys.stay_concentration
        own = float(self.names.index(channel))
        if alike is None or mean in (0.0, 1.0):
            return [own, mean, -1.0, -1.0]
        return [own, -1.0, mean * alike, (1 - mean) * alike]

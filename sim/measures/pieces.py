"""From the pieces of one log, one after the other, to its observations: what adds is added, and the rest made of sums.

Comes in: logs that say of a part each what all of them say together (`sim.engine.in_pieces`). Goes out: the
observations of the whole, without ever holding more than a piece. Counts are exact and sums differ in the last digits;
a quantile of more than a thousand waits, and the offered wait, are those of samples that stand for them
(`sim.measures.samples`).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from ..log.tables import Log
from ..model.centre import Configuration
from .catalogue import describe
from .measure import Measure
from .observe import asked, observations
from .samples import merged
from .table import Key, Observations, Table, quantiles_of
from .window import Facts


def lacking(config: Configuration, only: Collection[str] = ()) -> list[str]:
    """Names of the measures (of those in `only`, if any) that cannot be taken of pieces: values that say of no sums
    what they are made of, as one of an extension may."""
    return [each.name for each in asked(config, only) if each.estimator == "value" and each.sums is None]


class Sums:
    """Observations of pieces, added as they come."""

    def __init__(self, config: Configuration, only: Collection[str] = ()) -> None:
        self._config, self._measures = config, asked(config, only)
        self._sums: Observations = {}
        self._samples: dict[Key, list[tuple[int, Table]]] = {}
        """tables with samples, each of so many pieces: twice as many as the one behind it, for each merging costs
        precision"""
        self._last: Facts | None = None

    def add(self, piece: Log) -> None:
        """One more piece."""
        facts = self._last = Facts(piece, self._config)
        for key, table in observations(facts, self._measures, lambda each: each.sums or each.tables).items():
            if table.samples is not None:
                _pile(self._samples.setdefault(key, []), table, describe(key[1]))
            else:
                self._sums[key] = added(self._sums[key], table, describe(key[1])) if key in self._sums else table

    def observations(self) -> Observations:
        """Of all pieces so far. Raises ValueError before the first."""
        if self._last is None:
            raise ValueError("no piece of a log yet")
        whole = dict(self._sums)
        for key, pile in self._samples.items():
            measure, (_, table) = describe(key[1]), pile[-1]
            for _, more in reversed(pile[:-1]):
                table = added(table, more, measure)
            whole[key] = table
        found: Observations = {}
        for (scope, name), table in whole.items():
            make = describe(name).value
            found[scope, name] = table if make is None else make(self._last, table)
        return {key: found[key] for key in self._in_order(found)}

    def _in_order(self, found: Observations) -> list[Key]:
        """Measure after measure, as of a whole log."""
        place = {measure.name: i for i, measure in enumerate(self._measures)}
        return sorted(found, key=lambda key: place[key[1]])


def _pile(pile: list[tuple[int, Table]], table: Table, measure: Measure) -> None:
    """Adds a table of one piece: two of equally many pieces become one."""
    count = 1
    while pile and pile[-1][0] == count:
        _, before = pile.pop()
        table, count = added(before, table, measure), 2 * count
    pile.append((count, table))


def added(first: Table, second: Table, measure: Measure) -> Table:
    """The table of a measure of two pieces of one log together; of a value that of its sums. Raises ValueError for
    pieces of different centres, and where a value has no sums."""
    if first.rows != second.rows:
        raise ValueError(f"pieces of different centres cannot be added: {first.rows} and {second.rows}")
    if measure.estimator == "value" and measure.sums is None:
        raise ValueError(f"{measure.name} needs the whole log: its pieces cannot be added")
    if first.samples is not None and second.samples is not None:
        samples = merged(first.samples, second.samples)
        top = quantiles_of(samples.values, measure.share) if measure.estimator == "quantile" else first.top
        return Table(first.rows, top, None, samples)
    if measure.estimator == "extreme":
        return Table(first.rows, np.fmax(first.top, second.top))
    both = first.bottom is not None and second.bottom is not None
    bottom = first.bottom + second.bottom if both else None  # type: ignore[operator]
    return Table(first.rows, first.top + second.top, bottom)

"""Rows and time columns of the tables of measures, and the cells in which contacts and journeys are summed once.

Comes in: when each thing (a contact, a journey) happened and what it is: its channel, segment, reason, agent group.
Goes out: sums of any weights by row and time column, those of several runs one after the other. A week has some hundred
thousand contacts and a hundred measures in six scopes; so each contact is put into a cell once, by all that tables tell
apart, each weight is summed over cells, and every table is a sum of a few thousand cells. Sums of whole numbers are
exact; others may differ in the last bit from sums in the log's order, by less than that order loses itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model.centre import Configuration
from ..model.units import DAY
from ..sums.cells import apart
from ..sums.places import distinct
from ..sums.places import sums as sums_by_place
from ..sums.rows import row_sums
from ..sums.times import interval_codes, whole_times

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Label = tuple[NDArray[Any], int]
"""a number from 0 for each thing, and how many there are"""
Labels = Mapping[str, Label]


class Columns:
    """Time columns of a table of measures: the whole window, each day, each interval of the day."""

    def __init__(self, interval: float, window: tuple[float, float]) -> None:
        self.window, self.interval = window, interval
        self.first_day = int(window[0] // DAY)
        self.days = int(np.ceil(window[1] / DAY)) - self.first_day
        self.intervals = round(DAY / self.interval)
        self.count = 1 + self.days + self.intervals
        midnights = (self.first_day + np.arange(self.days + 1)) * DAY
        self.day_lengths: Floats = np.diff(np.clip(midnights, *window))
        """seconds of the window on each of its days"""
        self.of_day, self.of_interval = 1 - self.first_day, 1 + self.days
        """columns of day 0 and of the first interval of the day"""

    @cached_property
    def of_a_week(self) -> tuple[Floats, Floats | None]:
        """What part each day is of the days of the window that are the same weekday, 0 for days of which the window
        holds only a part; and 1 for those of the first seven days of the run of whose weekday it holds no whole one;
        None if there is no such weekday."""
        weekday = (self.first_day + np.arange(self.days)) % 7
        whole = self.day_lengths >= DAY
        number = np.bincount(weekday[whole], minlength=7)
        others = (number == 0).astype(np.float64) if (number == 0).any() else None
        return np.where(whole, 1.0 / np.maximum(number, 1)[weekday], 0.0), others

    def day_of(self, time: Floats) -> Ints:
        """Column of the day of each time."""
        return np.asarray(self.of_day + whole_times(time, DAY))

    def interval_of(self, time: Floats) -> Ints:
        """Column of the interval of the day of each time."""
        of_day = whole_times(time - whole_times(time, DAY) * DAY, self.interval)
        return np.asarray(self.of_interval + np.minimum(of_day, self.intervals - 1))

    def places(self, time: Floats) -> Ints:
        """(columns of a time, times): all that each time belongs to; `count` where it has one less."""
        return np.stack([np.zeros(time.size, dtype=np.int64), self.day_of(time), self.interval_of(time)])

    def sums(self, weights: Floats, row: Ints, rows: int, time: Floats) -> Floats:
        """(rows, columns): sums of weights by row and time column."""
        wide = self.count + 1
        table = np.zeros(rows * wide)
        for column in self.places(time):
            table += np.bincount(row * wide + column, weights=weights, minlength=table.size)
        return table.reshape(rows, wide)[:, : self.count]


@lru_cache(maxsize=64)
def _columns(interval: float, window: tuple[float, float]) -> Columns:
    return Columns(interval, window)


def columns_of(config: Configuration, window: tuple[float, float]) -> Columns:
    """The time columns of a window, made once."""
    return _columns(config.run.interval, window)


class Cells:
    """Things in cells: those of one cell share every label, the day and the interval of the day. Within a cell they are
    told apart by kind: a *pair* is of a cell and a kind, and pairs are in the order of cells, then of kinds."""

    def __init__(self, columns: Columns, time: Floats, labels: Labels, kind: Ints, kinds: int) -> None:
        """`kind` is a number for each thing, from 0 and below `kinds`."""
        self._columns, self._sizes = columns, {"run": 1} | {name: size for name, (_, size) in labels.items()}
        several = [name for name, size in self._sizes.items() if size > 1]
        code = interval_codes(time, DAY, columns.interval)
        for name in several:
            code = code * self._sizes[name] + labels[name][0]
        pairs, self.pair = distinct(code * kinds + kind)
        """of each thing, by number"""
        self.kind, self.cell, cells = apart(pairs, max(kinds, 1))
        """of each pair; the cell by number"""
        self.count, self._label = cells.size, dict[str, Ints]()
        for name in reversed(several):
            cells, self._label[name] = np.divmod(cells, self._sizes[name])
        day, interval = np.divmod(cells, columns.intervals)
        whole = np.zeros(self.count, dtype=np.int64)
        self._time = np.array([whole, day + columns.of_day, interval + columns.of_interval])

    @property
    def runs(self) -> int:
        """How many runs the things are of."""
        return self._sizes["run"]

    def in_runs(self, number: Ints, count: int) -> Ints:
        """Numbers below `count` of pairs, as numbers over all runs."""
        return number if self.runs == 1 else self._label["run"][self.cell] * count + number

    def sums(self, weights: NDArray[Any]) -> Floats:
        """(cells,): sums of the things' weights."""
        return sums_by_place(self.cell[self.pair], weights, self.count)

    def tables(self, sums: Floats, labels: tuple[str, ...], whole: bool) -> Floats:
        """(weights, rows, columns) from (cells, weights): sums by time column, or over the `whole` window alone, and by
        run and the labels named, of which the last varies fastest."""
        row, rows = np.zeros(self.count, dtype=np.int64), 1
        for name in ("run", *labels):
            size = self._sizes[name]
            row, rows = row * size + self._label[name] if size > 1 else row, rows * size
        count = 1 if whole else self._columns.count
        place = row[None] if whole else row * count + self._time
        return np.ascontiguousarray(row_sums(place, sums, rows * count).T).reshape(-1, rows, count)

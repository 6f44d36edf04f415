"""Contacts and journeys by kind: most measures count things that differ in a few marks, so each kind is asked once.

Comes in: facts of one log. Goes out: sums over cells of weights that look at nothing but marks. A contact's marks are
its channel, outcome, context, flags, turns, how it began, whether it is the journey's first, reopens, has an agent, was
answered, waited, and met its target; a journey's are its first channel, its end, and the marks of its legs in their
order (but turns, wait and target). A week of a plain queue has some hundred thousand contacts of a dozen kinds. Such
weights are whole numbers (a test holds all that are marked `counted` to it), so their sums are those over contacts and
journeys to the bit; and a sum of seconds of those counted is the seconds of each kind, times whether it counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..log.tables import Log
from ..sums.marks import MARKS, contact_codes
from ..sums.places import distinct, sequences, split, sums
from .columns import Cells, Floats, Ints
from .window import Facts, Selection

Weights = Callable[[Facts], Floats]


class Kinds:
    """Things of the window by cell and kind, and facts of one thing of each kind."""

    def __init__(self, cells: Cells, kind: Ints, kinds: int, facts: Facts) -> None:
        self.facts = facts
        """of one thing of each kind, in the order of kinds"""
        pairs, self._pair = distinct(cells.cell * kinds + kind)
        self._cell, self._kind = np.divmod(pairs, max(kinds, 1))
        self._cells, self._size = cells.count, np.bincount(self._pair, minlength=pairs.size)
        self.number = sums(self._kind, self._size, kinds)
        """of things of each kind"""
        self._of, self._values = kind, dict[Weights, Floats]()

    def sums(self, weights: Weights) -> Floats:
        """(cells,): sums of the things' weights, each kind's times their number."""
        return sums(self._cell, self.facts.once(weights)[self._kind] * self._size, self._cells)

    def sums_of(self, value: Weights, weights: Weights, facts: Facts) -> Floats:
        """(cells,): sums of the things' values, each kind's times its weight; `facts` are of all the things."""
        if value not in self._values:
            self._values[value] = sums(self._pair, value(facts), self._size.size)
        return sums(self._cell, self._values[value] * self.facts.once(weights)[self._kind], self._cells)

    def split(self, values: Floats, row: Ints, rows: int) -> list[Floats]:
        """The things' values by row, in their order; `row` says of each kind in which row its things are, or that they
        are in none, below zero."""
        return split(values, self._of, row, sums(row[row >= 0], self.number[row >= 0], rows).astype(np.int64))


def of_contacts(facts: Facts) -> Kinds:
    """The contacts of the window by kind."""
    _, code = facts.once(_legs)
    code = code[facts.inside] * 2 + (facts.wait > 0)
    for mark in (facts.target, facts.of("turns").astype(np.int64)):
        size = int(mark.max(initial=0)) + 1
        code = code * size + mark if size > 1 else code
    codes, kind = distinct(code)
    one = _one_of_each(kind, codes.size, facts.inside)
    log = replace(facts.log, contacts=_rows(facts.log.contacts, one), counted=None)
    return Kinds(facts.cells, kind, codes.size, Facts(log, facts.config))


def of_journeys(facts: Facts) -> Kinds:
    """The journeys of the window by kind."""
    log, (kinds, legs) = facts.log, facts.once(_legs)
    contacts, customers = log.contacts, log.customers
    first = customers["channel"].astype(np.int64) << 7 | customers["end"]
    number = sequences(legs, len(kinds), contacts["entity"], customers["entity"], first)
    codes, kind = distinct(number[facts.begun])
    one = _one_of_each(kind, codes.size, facts.begun)
    return Kinds(facts.journey_cells, kind, codes.size, Facts(_journeys(log, one), facts.config))


def _one_of_each(kind: Ints, kinds: int, chosen: Selection) -> Ints:
    """The row in the log of one thing of each kind; `kind` is that of the rows chosen."""
    one = np.zeros(kinds, dtype=np.int64)
    one[kind] = np.arange(kind.size)
    return one if isinstance(chosen, slice) else np.flatnonzero(chosen)[one]


def _journeys(log: Log, rows: Ints) -> Log:
    """The log of these customers alone, who become the customers 0, 1, ..."""
    owners, who = log.contacts["entity"], log.customers["entity"][rows]
    begin, end = (np.searchsorted(owners, who, side) for side in ("left", "right"))
    number, owner = np.arange(rows.size), np.repeat(np.arange(rows.size), end - begin)
    legs = np.arange(owner.size) + (begin - np.cumsum(end - begin) + (end - begin))[owner]
    contacts, customers = _rows(log.contacts, legs), _rows(log.customers, rows)
    contacts, customers = contacts | {"entity": owner}, customers | {"entity": number}
    return replace(log, contacts=contacts, customers=customers, counted=None)


def _rows(table: dict[str, NDArray[Any]], rows: Ints) -> dict[str, NDArray[Any]]:
    return {name: column[rows] for name, column in table.items()}


def _legs(facts: Facts) -> tuple[Ints, Ints]:
    """The different codes of marks, and the kind of each contact of the log: its place among them."""
    contacts = facts.log.contacts
    columns = [np.ascontiguousarray(contacts[name]) for name in MARKS]
    code = np.empty(contacts["entity"].size, dtype=np.int64)
    contact_codes(code, *columns)
    return distinct(code)

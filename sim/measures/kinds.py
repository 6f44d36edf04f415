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
from ..sums.places import distinct, sequences, sums
from .columns import Cells, Floats, Ints
from .window import Facts

Weights = Callable[[Facts], Floats]


class Kinds:
    """Things of the window by cell and kind, and facts of one thing of each kind."""

    def __init__(self, cells: Cells, kind: Ints, facts: Facts) -> None:
        self.facts = facts
        """of one thing of each kind, in the order of kinds"""
        self.number: Ints = np.bincount(kind)
        """of things of each kind"""
        pairs, self._pair = distinct(cells.cell * self.number.size + kind)
        self._cell, self._kind = np.divmod(pairs, max(self.number.size, 1))
        self._cells, self._size = cells.count, np.bincount(self._pair, minlength=pairs.size)
        self._values: dict[Weights, Floats] = {}

    def sums(self, weights: Weights) -> Floats:
        """(cells,): sums of the things' weights, each kind's times their number."""
        return sums(self._cell, self.facts.once(weights)[self._kind] * self._size, self._cells)

    def sums_of(self, value: Weights, weights: Weights, facts: Facts) -> Floats:
        """(cells,): sums of the things' values, each kind's times its weight; `facts` are of all the things."""
        if value not in self._values:
            self._values[value] = sums(self._pair, value(facts), self._size.size)
        return sums(self._cell, self._values[value] * self.facts.once(weights)[self._kind], self._cells)


def of_contacts(facts: Facts) -> Kinds:
    """The contacts of the window by kind."""
    kinds, code = facts.once(_legs)
    code, most = code[facts.inside] * 2 + (facts.wait > 0), len(kinds) * 2
    for mark in (_met(facts), facts.of("turns").astype(np.int64)) if code.size else ():
        size = int(mark.max()) + 1
        if size > 1:
            code, most = code * size + mark, most * size
    _, kind = distinct(code)
    one = np.arange(facts.log.contacts["entity"].size)[facts.inside][_one_of_each(kind)]
    log = replace(facts.log, contacts=_rows(facts.log.contacts, one), counted=None)
    return Kinds(facts.cells, kind, Facts(log, facts.config))


def of_journeys(facts: Facts) -> Kinds:
    """The journeys of the window by kind."""
    log, (kinds, legs) = facts.log, facts.once(_legs)
    contacts, customers = log.contacts, log.customers
    first = customers["channel"].astype(np.int64) << 7 | customers["end"]
    number = sequences(legs, len(kinds), contacts["entity"], customers["entity"], first)
    _, kind = distinct(number[facts.begun])
    one = np.arange(number.size)[facts.begun][_one_of_each(kind)]
    return Kinds(facts.journey_cells, kind, Facts(_journeys(log, one), facts.config))


def _one_of_each(kind: Ints) -> Ints:
    """One thing of each kind, which are numbered without gaps."""
    one = np.zeros(int(kind.max(initial=-1)) + 1, dtype=np.int64)
    one[kind] = np.arange(kind.size)
    return one


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


def _met(facts: Facts) -> Ints:
    """0 for contacts without a target, 1 for those that missed it, 2 for those that met it."""
    return np.where(np.isnan(facts.in_time), 0, facts.in_time + 1).astype(np.int64)

"""Contacts and journeys by kind: most measures count things that differ in a few marks, so each kind is asked once.

Comes in: facts of one log. Goes out: sums over cells of weights that look at nothing but marks. A contact's marks are
its channel, outcome, context, flags, turns, how it began, whether it is the journey's first, reopens, has an agent, was
answered, waited, and met its target; a journey's are its first channel, its end, and the marks of its legs in their
order (but turns, wait and target). A week of a plain queue has some hundred thousand contacts of a dozen kinds. Such
weights are whole numbers (a test holds all that are marked `counted` to it), so their sums are those over contacts and
journeys to the bit; and a sum of seconds of those counted is the seconds of each kind, times whether it counts.

Weights are asked of contacts and journeys that are made of their marks and have nothing else (`OneOfEach`), so what
they say holds for every log of the same layout, and is remembered (`Memory`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..log.tables import Log
from ..sums.marks import MARKS, contact_codes, contacts_of
from ..sums.places import distinct, sequences, split, sums
from ..sums.rows import row_sums
from .columns import Cells, Floats, Ints
from .layout import Layout
from .weights import Weights
from .window import Facts, Selection

Key = tuple[int, ...]
"""the marks of a kind"""
FEW = 64
"""kinds of one log: of more some are always new, and to ask the weights of all costs less than to learn these"""
MOST = 1024
"""kinds remembered of one layout"""


class OneOfEach(Facts):
    """One contact or journey of each kind, made of its marks: with no times but their order, and no configuration."""

    def __init__(
        self, layout: Layout, contacts: dict[str, NDArray[Any]], customers: dict[str, NDArray[Any]]
    ) -> None:  # fmt: skip
        self.layout, self.inside, self.begun = layout, slice(None), slice(None)
        self._once = {}
        names, nothing = (layout.channels, layout.pools, layout.segments, layout.reasons), np.zeros(0, dtype=np.int64)
        self.log = Log(*names, 0, 0, (0.0, 1.0), 1.0, contacts, {}, customers, {}, {}, {}, nothing)


class Kinds:
    """Things of the window by cell and kind, and what is said of one thing of each kind."""

    def __init__(self, cells: Cells, kind: Ints, facts: OneOfEach, place: Ints) -> None:
        """`kind` is the number of each pair's kind, `place` says of each kind where it is among those of `facts`."""
        self.cells, self._kind, self._facts, self._place = cells, kind, facts, place
        self._size = np.bincount(cells.pair, minlength=kind.size)
        numbers = sums(cells.in_runs(kind, place.size), self._size, cells.runs * place.size)
        self.numbers: Floats = numbers.reshape(cells.runs, place.size)
        """(runs, kinds): of things of each kind"""

    def of(self, marks: Callable[[Facts], NDArray[Any]]) -> NDArray[Any]:
        """(kinds, ...): what a function of facts that looks at nothing but marks says of each kind."""
        return np.asarray(self._facts.once(marks)[self._place])

    def sums(self, weights: tuple[Weights, ...]) -> Floats:
        """(cells, weights): sums of the things' weights, each kind's times their number."""
        rows = self._facts.once(_side_by_side, weights)
        return row_sums(self.cells.cell[None], rows, self.cells.count, self._place[self._kind], self._size)

    def products(self, values: Sequence[Weights], weights: tuple[Weights, ...], facts: Facts) -> Floats:
        """(cells, weights): sums of the things' values, each kind's times its weight; one of the `values`, which may be
        the same, for each of the weights, and `facts` of all the things."""
        each = {value: sums(self.cells.pair, value(facts), self._kind.size) for value in dict.fromkeys(values)}
        factors = self._facts.once(_side_by_side, weights)[self._place[self._kind]]
        rows = np.array([each[value] for value in values]).T * factors
        return row_sums(self.cells.cell[None], rows, self.cells.count)

    def split(self, values: Floats, row: Ints, rows: int) -> list[Floats]:
        """The things' values by run and row, in their order; `row` says of each kind in which row its things are, or
        that they are in none, below zero."""
        rows_of, size = row[self._kind], self.cells.runs * rows
        rows_of = np.where(rows_of < 0, rows_of, self.cells.in_runs(rows_of, rows))
        counted = rows_of >= 0
        sizes = sums(rows_of[counted], self._size[counted], size).astype(np.int64)
        return split(values, self.cells.pair, rows_of, sizes)


class Memory:
    """One of each kind that there was in logs of a layout; forgotten altogether where they become too many."""

    def __init__(self, make: Callable[[Sequence[Key]], OneOfEach]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._known: tuple[dict[Key, int], OneOfEach] = {}, make(())

    def of(self, keys: Sequence[Key]) -> tuple[OneOfEach, Ints]:
        """Facts of one of each kind, these among them, and where these are."""
        places, facts = self._known
        if not all(key in places for key in keys):
            places, facts = self._more(keys)
        return facts, np.array([places[key] for key in keys], dtype=np.int64)

    def _more(self, keys: Sequence[Key]) -> tuple[dict[Key, int], OneOfEach]:
        """What is known with these: another value, for other threads may be reading the one before."""
        with self._lock:
            together = dict.fromkeys([*self._known[0], *keys])
            kept = list(together if len(together) <= MOST else dict.fromkeys(keys))
            self._known = {key: place for place, key in enumerate(kept)}, self._make(kept)
            return self._known


@lru_cache(maxsize=16)
def _memory(layout: Layout) -> tuple[Memory, Memory]:
    """The kinds of contacts and of journeys that there were in logs of a layout."""
    return Memory(partial(_contacts_of_keys, layout)), Memory(partial(_journeys_of_keys, layout))


def of_contacts(facts: Facts) -> Kinds:
    """The contacts of the window by kind."""
    (legs, leg), turns = facts.once(_legs), np.zeros(1, dtype=np.int64)
    code = leg[facts.inside] * 6 + (facts.wait > 0) * 3 + facts.target
    if facts.log.turns["entity"].size:
        turns, turn = distinct(facts.of("turns").astype(np.int64))
        code = code * turns.size + turn
    cells = Cells(facts.columns, facts.arrived, facts.labels, code, legs.size * 6 * turns.size)
    codes, kind = distinct(cells.kind)
    rest, turn = np.divmod(codes, turns.size)
    marks = np.array([legs[rest // 6], rest // 3 % 2, rest % 3, turns[turn]]).T
    if codes.size > FEW:
        return Kinds(cells, kind, _contacts(facts.layout, marks), np.arange(codes.size))
    return Kinds(cells, kind, *_memory(facts.layout)[0].of([tuple(each) for each in marks.tolist()]))


def of_journeys(facts: Facts) -> Kinds:
    """The journeys of the window by kind."""
    (legs, leg), customers = facts.once(_legs), facts.log.customers
    owners, first = facts.log.contacts["entity"], customers["channel"].astype(np.int64) << 7 | customers["end"]
    number, count = sequences(leg, legs, owners, customers["entity"], first)
    cells = Cells(facts.columns, facts.began, facts.journey_labels, number[facts.begun], count)
    codes, kind = distinct(cells.kind)
    one = _one_of_each(kind[cells.pair], codes.size, facts.begun)
    begin, end = (owners.searchsorted(customers["entity"][one], side) for side in ("left", "right"))
    if codes.size > FEW:
        rows = np.arange(int((end - begin).sum())) + np.repeat(end - np.cumsum(end - begin), end - begin)
        every = _journeys(facts.layout, first[one], end - begin, legs[leg[rows]])
        return Kinds(cells, kind, every, np.arange(codes.size))
    places = zip(first[one].tolist(), begin.tolist(), end.tolist(), strict=True)
    keys = [(mark, *legs[leg[since:until]].tolist()) for mark, since, until in places]
    return Kinds(cells, kind, *_memory(facts.layout)[1].of(keys))


def _one_of_each(kind: Ints, kinds: int, chosen: Selection) -> Ints:
    """The row in the log of one thing of each kind; `kind` is that of the rows chosen."""
    one = np.zeros(kinds, dtype=np.int64)
    one[kind] = np.arange(kind.size)
    return one if isinstance(chosen, slice) else np.flatnonzero(chosen)[one]


def _contacts(layout: Layout, marks: Ints) -> OneOfEach:
    """Contacts from (kinds, 4) marks: the code of the leg, whether it waited, its target, its turns."""
    code, waited, target, turns = marks.T
    own = {"entity": np.arange(code.size), "turns": turns}
    facts = OneOfEach(layout, contacts_of(code) | own, {})
    facts.wait, facts.target = waited.astype(np.float64), target
    return facts


def _journeys(layout: Layout, first: Ints, length: Ints, code: Ints) -> OneOfEach:
    """Journeys from their first marks (channel and end), how many legs each has, and the codes of all legs."""
    owner = {"entity": np.repeat(np.arange(first.size), length)}
    customers = {"entity": np.arange(first.size), "channel": first >> 7, "end": first & 127}
    return OneOfEach(layout, contacts_of(code) | owner, customers)


def _contacts_of_keys(layout: Layout, keys: Sequence[Key]) -> OneOfEach:
    return _contacts(layout, np.array(keys, dtype=np.int64).reshape(-1, 4))


def _journeys_of_keys(layout: Layout, keys: Sequence[Key]) -> OneOfEach:
    first, length, code = [key[0] for key in keys], [len(key) - 1 for key in keys], [c for key in keys for c in key[1:]]
    return _journeys(layout, *(np.array(each, dtype=np.int64) for each in (first, length, code)))


def _side_by_side(facts: Facts, weights: tuple[Weights, ...]) -> Floats:
    """(things, weights)."""
    return np.stack([facts.once(each) for each in weights], axis=1).astype(np.float64, copy=False)


def _legs(facts: Facts) -> tuple[Ints, Ints]:
    """The different codes of marks, and the kind of each contact of the log: its place among them."""
    contacts = facts.log.contacts
    columns = [np.ascontiguousarray(contacts[name]) for name in MARKS]
    code = np.empty(contacts["entity"].size, dtype=np.int64)
    contact_codes(code, *columns)
    return distinct(code)

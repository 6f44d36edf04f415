"""Contacts by kind: most measures count contacts that differ in a few marks, so each kind of contact is asked once.

Comes in: facts of one log. Goes out: sums over cells of weights that look at nothing but a contact's marks: its
channel, outcome, context, flags, turns, whether it is the journey's first, reopens, has an agent, was answered, waited,
and met its target. A week of a plain queue has some hundred thousand contacts of a dozen kinds. Such weights are whole
numbers (a test holds all that are marked `counted` to it), so their sums are those over contacts to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from ..model.outcomes import Context, Outcome
from .columns import Floats, Ints, distinct
from .window import Facts


class Kinds:
    """The contacts of the window by cell and kind, and one contact of each kind."""

    def __init__(self, facts: Facts) -> None:
        cells, code, most = facts.cells, np.zeros(facts.arrived.size, dtype=np.int64), 1
        for marks, size in _marks(facts):
            code, most = code * size + marks, most * size
        kinds, kind = distinct(code, most)
        pairs, pair = distinct(cells.cell * kinds.size + kind, cells.count * kinds.size)
        self._cell, self._kind = np.divmod(pairs, max(kinds.size, 1))
        self._cells, self._size = cells.count, np.bincount(pair, minlength=pairs.size)
        one = np.zeros(kinds.size, dtype=np.int64)
        one[kind] = np.arange(kind.size)
        contacts = {name: column[facts.inside][one] for name, column in facts.log.contacts.items()}
        self.facts = Facts(replace(facts.log, contacts=contacts), facts.config)
        """of one contact of each kind"""

    def sums(self, weights: Callable[[Facts], Floats]) -> Floats:
        """(cells,): sums of the contacts' weights, each kind's times their number."""
        of_kind = self.facts.once(weights)
        return np.bincount(self._cell, weights=of_kind[self._kind] * self._size, minlength=self._cells).astype(
            float, copy=False
        )


def _marks(facts: Facts) -> Iterator[tuple[Ints, int]]:
    """By contact of the window what counts look at, as whole numbers from 0, and how many there are of each."""
    yield facts.channel, len(facts.log.channels)
    yield facts.outcome, len(Outcome)
    yield facts.of("context").astype(np.int64), len(Context)
    for name in ("reopens", "flags", "turns"):
        column = facts.of(name).astype(np.int64)
        yield column, int(column.max(initial=0)) + 1
    answered, ended = (np.asarray(facts.of(name), dtype=float) for name in ("answered", "ended"))
    for mark in (
        facts.of("number") == 1, facts.of("agent").astype(np.int64) >= 0, np.isnan(answered), np.isnan(ended),
        answered > ended, facts.wait > 0, np.isnan(facts.in_time), facts.in_time > 0,
    ):  # fmt: skip
        yield np.asarray(mark).astype(np.int64), 2

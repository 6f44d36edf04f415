"""Sums of many weights at once: over cells, and from there over the rows and time columns of tables.

Comes in: the weights that a plan knows beforehand (`sim.measures.plan`), or one that somebody asks for. Goes out: for
each weight its sums, of which tables are made without further ado.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np

from .columns import Floats
from .kinds import Kinds, of_contacts, of_journeys
from .scopes import Block
from .weights import COUNTED, VALUES, Weights
from .window import Facts

Things = Literal["contacts", "journeys"]


class Order:
    """Weights in the order in which they are summed, each once: those that count, those that are a product with such,
    others."""

    def __init__(self, weights: Iterable[Weights]) -> None:
        every = tuple(dict.fromkeys(weights))
        self.counted = tuple(each for each in every if each in COUNTED)
        self.products = tuple(each for each in every if each in VALUES)
        self.others = tuple(each for each in every if each not in COUNTED and each not in VALUES)
        together = (*self.counted, *self.products, *self.others)
        self.column = {weights: column for column, weights in enumerate(together)}


class Batch:
    """Sums of some weights of contacts, or of journeys."""

    def __init__(self, facts: Facts, things: Things, order: Order) -> None:
        kinds = facts.once(of_contacts if things == "contacts" else of_journeys)
        self._cells, self.column = kinds.cells, order.column
        parts = list(_sums(facts, kinds, order))
        self.sums: Floats = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
        """(cells, weights)"""
        self._tables: dict[Block, Floats] = {}

    def tables(self, block: Block) -> Floats:
        """(weights, rows, columns): sums by row and time column of the block."""
        if block not in self._tables:
            self._tables[block] = self._made(block)
        return self._tables[block]

    def _made(self, block: Block) -> Floats:
        if block.rows is None and not block.together:
            return self._cells.tables(self.sums, block.labels, block.whole)
        every = self.tables(block._replace(rows=None, together=False))
        weights, rows, columns = every.shape
        by_run = every.reshape(weights, self._cells.runs, rows // self._cells.runs, columns)
        if block.rows is not None:
            return by_run[:, :, _selection(block.rows)].reshape(weights, -1, columns)
        return every if by_run.shape[2] == 1 else by_run.sum(axis=2)


def _selection(rows: tuple[int, ...]) -> list[int] | slice:
    """What chooses these rows, without a copy where they follow each other."""
    first, past = (rows[0], rows[-1] + 1) if rows else (0, 0)
    return slice(first, past) if rows == tuple(range(first, past)) else list(rows)


def _sums(facts: Facts, kinds: Kinds, order: Order) -> Iterator[Floats]:
    """(cells, weights) of each of the three parts of an order."""
    if order.counted:
        yield kinds.sums(order.counted)
    if order.products:
        values, counts = zip(*(VALUES[each] for each in order.products), strict=True)
        yield kinds.products(values, counts, facts)
    for each in order.others:
        yield kinds.cells.sums(each(facts))[:, None]


def prepare(facts: Facts, things: Things, order: Order) -> Batch:
    """Sums these weights at once, for all who will ask for one of them."""
    batch = Batch(facts, things, order)
    facts.once(_known, things).update(dict.fromkeys(order.column, batch))
    return batch


def table_of(facts: Facts, things: Things, weights: Weights, block: Block) -> Floats:
    """(rows, columns): sums of the weights by row and time column of the block."""
    batch = _batch(facts, things, weights)
    return np.asarray(batch.tables(block)[batch.column[weights]])


def _batch(facts: Facts, things: Things, weights: Weights) -> Batch:
    """The batch that the weights are in, or one of them alone."""
    known = facts.once(_known, things)
    return known[weights] if weights in known else prepare(facts, things, Order([weights]))


def _known(_: Facts, things: Things) -> dict[Weights, Batch]:
    """By weights the batch that they are in: to be added to."""
    return {}

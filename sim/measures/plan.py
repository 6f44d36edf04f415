"""Which tables there are in a layout, known before any log: so that all sums of a log are taken at once.

Comes in: a layout and the measures that are wanted. Goes out: `Plan`, made once and remembered, which makes of the
facts of a log the tables of all its measures. A sweep observes thousands of logs of a few contacts; what depends on
the layout alone is then most of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from ..extensions import calling, owner_of
from .batches import Order, Things, prepare
from .layout import Layout, Names
from .measure import Measure, Scoped
from .scopes import Block
from .table import Key, Observations, Table
from .weights import Weights
from .window import Facts, Floats

Sum = tuple[Things, Block, Weights]
"""(rows, columns) of numbers: a numerator or a denominator of tables"""
Tables = Callable[[Facts], Iterable[Scoped]]


class Run(NamedTuple):
    """Tables of sums that follow each other: of each its key, its rows, and the numbers, among the sums of the plan, of
    its numerator and its denominator (`NONE` if it has none)."""

    keys: tuple[Key, ...]
    rows: tuple[Names, ...]
    tops: tuple[int, ...]
    bottoms: tuple[int, ...]


NONE = -1


class Plan:
    """The tables of some measures in a layout. Those of extensions are made one by one, so that their errors name
    them."""

    def __init__(self, layout: Layout, measures: Sequence[Measure]) -> None:
        self._number: dict[Sum, int] = {}
        self._steps: list[Run | Measure] = []
        self._foreign = {each for each in measures if owner_of("measure", each.name)}
        """of extensions"""
        for planned, some in groupby(measures, lambda each: each.summed is not None and each not in self._foreign):
            if planned:
                entries = (entry for each in some for entry in self._entries(each, layout))
                self._steps.append(Run(*zip(*entries, strict=True)))
            else:
                self._steps += some
        weights: dict[Things, list[Weights]] = {}
        for things, _, each in self._number:
            weights.setdefault(things, []).append(each)
        self._orders = {things: Order(wanted) for things, wanted in weights.items()}
        self._blocks = list(dict.fromkeys((things, block) for things, block, _ in self._number))
        self._places = [
            (self._blocks.index((things, block)), self._orders[things].column[each])
            for things, block, each in self._number
        ]
        """of each sum, by its number: its block, and where in the block it is"""

    def _entries(self, measure: Measure, layout: Layout) -> Iterator[tuple[Key, Names, int, int]]:
        """The tables of a measure; sums that are new get a number."""
        summed = measure.summed
        assert summed is not None
        for part in summed.parts(layout):
            sums = [(summed.things, part.block, weights) for weights in summed.weights(part)]
            top, *bottom = (self._number.setdefault(each, len(self._number)) for each in sums)
            yield (part.scope, measure.name), part.rows, top, bottom[0] if bottom else NONE

    def observations(self, facts: Facts, tables: Callable[[Measure], Tables]) -> Observations:
        """All tables, measure after measure; `tables` says which of its functions makes those of a measure that is no
        sum of weights. Raises InputError that names a measure of an extension whose function fails."""
        found = Observations()
        sum_of: Callable[[int], Any] = [*self._sums(facts), None].__getitem__
        for step in self._steps:
            if isinstance(step, Run):
                made = map(Table, step.rows, map(sum_of, step.tops), map(sum_of, step.bottoms))
                found.update(zip(step.keys, made, strict=True))
            else:
                with calling("measure", step.name) if step in self._foreign else nullcontext():
                    found.update({(scope, step.name): table for scope, table in tables(step)(facts)})
        return found

    def _sums(self, facts: Facts) -> list[Floats]:
        """(rows, columns) of all sums, by their numbers."""
        batches = {things: prepare(facts, things, order) for things, order in self._orders.items()}
        tables = [batches[things].tables(block) for things, block in self._blocks]
        return [tables[block][column] for block, column in self._places]


@lru_cache(maxsize=64)
def plan_of(layout: Layout, measures: tuple[Measure, ...]) -> Plan:
    """The plan of these measures in a layout, made once."""
    return Plan(layout, measures)

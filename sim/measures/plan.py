"""Which tables there are in a layout, known before any log: so that all sums of a log are taken at once.

Comes in: a layout and the measures that are wanted. Goes out: `Plan`, made once and remembered, which makes of the
facts of a log the tables of all its measures. A sweep observes thousands of logs of a few contacts; what depends on
the layout alone is then most of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..extensions import owner_of
from .batches import Order, Things, prepare
from .layout import Layout, Names
from .measure import Measure, Scoped, Summed
from .scopes import Part
from .table import Key, Observations, Table
from .weights import Weights
from .window import Facts, Floats

Single = Callable[[Measure, Facts], Iterable[Scoped]]
"""makes the tables of one measure"""


class Entry(NamedTuple):
    """A table of sums: its rows, the number of its block in the plan, the columns of its numerator and denominator."""

    key: Key
    rows: Names
    block: int
    top: int
    bottom: int | None


class Plan:
    """The tables of some measures in a layout. Those of extensions are made one by one, so that their errors name
    them."""

    def __init__(self, layout: Layout, measures: Sequence[Measure]) -> None:
        scoped = [(each, each.summed, part) for each in measures if each.summed and not owner_of("measure", each.name)
                  for part in each.summed.parts(layout)]  # fmt: skip
        weights: dict[Things, list[Weights]] = {"contacts": [], "journeys": []}
        for _, summed, part in scoped:
            weights[summed.things] += summed.weights(part)
        self._orders = {things: Order(wanted) for things, wanted in weights.items() if wanted}
        blocks = dict.fromkeys((summed.things, part.block) for _, summed, part in scoped)
        self._blocks = {block: number for number, block in enumerate(blocks)}
        """sums that tables are made of"""
        self._steps: list[Entry | Measure] = []
        for each in measures:
            mine = [self._entry(measure, summed, part) for measure, summed, part in scoped if measure is each]
            self._steps += mine or [each]

    def _entry(self, measure: Measure, summed: Summed, part: Part) -> Entry:
        column, (top, *bottom) = self._orders[summed.things].column, summed.weights(part)
        block = self._blocks[summed.things, part.block]
        below = column[bottom[0]] if bottom else None
        return Entry((part.scope, measure.name), part.rows, block, column[top], below)

    def observations(self, facts: Facts, single: Single) -> Observations:
        """All tables, measure after measure; `single` makes those that are no sums of weights."""
        found, sums = Observations(), self._sums(facts)
        for step in self._steps:
            if isinstance(step, Entry):
                key, rows, block, top, bottom = step
                found[key] = Table(rows, sums[block][top], None if bottom is None else sums[block][bottom])
            else:
                found.update(((scope, step.name), table) for scope, table in single(step, facts))
        return found

    def _sums(self, facts: Facts) -> list[list[Floats]]:
        """Of each block the sums by weights."""
        batches = {things: prepare(facts, things, order) for things, order in self._orders.items()}
        return [list(batches[things].tables(block)) for things, block in self._blocks]


@lru_cache(maxsize=64)
def plan_of(layout: Layout, measures: tuple[Measure, ...]) -> Plan:
    """The plan of these measures in a layout, made once."""
    return Plan(layout, measures)

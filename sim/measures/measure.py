"""What a measure is: its declaration and how it is computed, in one place.

Comes in: the facts of one log. Goes out: one `Table` for each scope in which the measure means something. Every measure
of the catalogue is a `Measure`: name, unit, formula, estimator and better direction for people; `tables` for programs.

The estimator says what may be done with the numbers of several logs, and every study obeys it:

| estimator | one log gives | pieces of a log | replications |
|---|---|---|---|
| `ratio` | a sum and what to divide it by | both add | ratio of expectations |
| `total` | a sum | add | mean |
| `quantile` | a sample of values | samples merge | quantile of all values together |
| `extreme` | a largest value | the larger one | mean of the extremes |
| `value` | a number that needs the whole log | what it is made of adds, if anything | mean of those that have one |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from . import scopes
from .batches import Things, table_of
from .layout import Layout
from .scopes import ANY, Part
from .table import Table
from .weights import Weights, every_contact
from .window import Facts

Needs = Literal["", "feelings", "money", "purchases"]
"""what a configuration must have for a measure to be taken"""
Unit = Literal["contacts", "share", "s", "journeys", "1", "agents", "h", "money", "posts", "impressions", "sessions"]
Estimator = Literal["ratio", "total", "value", "quantile", "extreme"]
Scoped = tuple[str, Table]
"""a scope (channel, centre, pool, journey, segment, reason, ...) and the table of the measure in it"""


@dataclass(frozen=True)
class Summed:
    """Sums over contacts or journeys, or ratios of two of them, in some scopes."""

    things: Things
    parts: Callable[[Layout], Iterable[Part]]
    """the scopes, in a layout"""
    top: Weights
    bottom: Weights | None

    def weights(self, part: Part) -> tuple[Weights, ...]:
        """What is summed in a scope: the numerator's weights and, of a ratio, the denominator's. Where a scope has no
        rows, because no channel is of the kind, it does not matter what, and counting costs nothing."""
        both = (self.top,) if self.bottom is None else (self.top, self.bottom)
        return both if part.rows else (every_contact,) * len(both)

    def tables(self, facts: Facts) -> Iterator[Scoped]:
        """The tables, one after the other; `sim.measures.plan` makes the same ones of many measures at once."""
        for part in self.parts(facts.layout):
            top, *bottom = (table_of(facts, self.things, each, part.block) for each in self.weights(part))
            yield part.scope, Table(part.rows, top, bottom[0] if bottom else None)


@dataclass(frozen=True, eq=False)
class Measure:
    """A measure as the catalogue declares it."""

    name: str
    title: str
    unit: Unit
    formula: str
    estimator: Estimator
    tables: Callable[[Facts], Iterable[Scoped]]
    """computes it, for every scope in which it means something"""
    better: Literal["higher", "lower", ""] = ""
    needs: Needs = ""
    """what must be on in the configuration for the measure to be taken"""
    share: float = float("nan")
    """of a quantile: its probability"""
    summed: Summed | None = None
    """of a sum over contacts or journeys: of what, and in which scopes"""
    sums: Callable[[Facts], Iterable[Scoped]] | None = None
    """of a value: what of it adds over pieces of a log,"""
    value: Callable[[Facts, Table], Table] | None = None
    """and what it is of the sums of all of them"""

    @property
    def top(self) -> Weights | None:
        """Of a sum over contacts or journeys: what each one adds."""
        return None if self.summed is None else self.summed.top

    @property
    def bottom(self) -> Weights | None:
        """Of a ratio of such sums: what each one adds to the denominator."""
        return None if self.summed is None else self.summed.bottom


def of_contacts(
    name: str, title: str, unit: Unit, formula: str, top: Weights, bottom: Weights | None = None,
    better: Literal["higher", "lower", ""] = "", kinds: tuple[str, ...] = ANY, needs: Needs = "",
    by_group: bool = False,
) -> Measure:  # fmt: skip
    """A ratio (with `bottom`) or total of contacts: by channel of one of the `kinds`, for the centre where all kinds
    count, by channel and segment or reason where there are several; `by_group`: by the agent group that answered, too.
    A contact counts when it joined its channel. Raises ValueError for a kind that there is not."""
    if unknown := set(kinds) - set(ANY):
        raise ValueError(f"kinds of channels are {', '.join(ANY)}, got {', '.join(sorted(unknown))}")

    return _of_things(Summed("contacts", partial(scopes.of_contacts, kinds=kinds, by_group=by_group), top, bottom),
                      name, title, unit, formula, better, needs)  # fmt: skip


def of_journeys(
    name: str, title: str, unit: Unit, formula: str, top: Weights, bottom: Weights | None = None,
    better: Literal["higher", "lower", ""] = "", needs: Needs = "",
) -> Measure:  # fmt: skip
    """A ratio (with `bottom`) or total of journeys: of all, by segment and reason where there are several. A journey
    counts when it began."""

    return _of_things(Summed("journeys", scopes.of_journeys, top, bottom), name, title, unit, formula, better, needs)


def _of_things(
    summed: Summed, name: str, title: str, unit: Unit, formula: str, better: Literal["higher", "lower", ""],
    needs: Needs,
) -> Measure:  # fmt: skip
    estimator: Estimator = "ratio" if summed.bottom else "total"
    return Measure(name, title, unit, formula, estimator, summed.tables, better, needs, summed=summed)


def of_sums(
    name: str, title: str, unit: Unit, formula: str, sums: Callable[[Facts], Iterable[Scoped]],
    value: Callable[[Facts, Table], Table], better: Literal["higher", "lower", ""] = "",
) -> Measure:  # fmt: skip
    """A number of the whole log that is made of sums: these add over pieces of a log, the numbers do not."""

    def tables(facts: Facts) -> Iterator[Scoped]:
        """The measure in every scope in which it means something."""
        return ((scope, value(facts, table)) for scope, table in sums(facts))

    return Measure(name, title, unit, formula, "value", tables, better, sums=sums, value=value)

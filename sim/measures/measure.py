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
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .columns import Cells
from .kinds import Kinds, Weights
from .kinds import of_contacts as contacts_by_kind
from .kinds import of_journeys as journeys_by_kind
from .table import Table
from .window import Facts

Floats = NDArray[np.float64]
Needs = Literal["", "feelings", "money", "purchases"]
"""what a configuration must have for a measure to be taken"""
Unit = Literal["contacts", "share", "s", "journeys", "1", "agents", "h", "money", "posts", "impressions", "sessions"]
Estimator = Literal["ratio", "total", "value", "quantile", "extreme"]
Scoped = tuple[str, Table]
"""a scope (channel, centre, pool, journey, segment, reason, ...) and the table of the measure in it"""
ALL = "all"


@dataclass(frozen=True)
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
    top: Weights | None = None
    """of a sum over contacts or journeys: what each one adds"""
    bottom: Weights | None = None
    """of a ratio: what each one adds to the denominator"""
    sums: Callable[[Facts], Iterable[Scoped]] | None = None
    """of a value: what of it adds over pieces of a log,"""
    value: Callable[[Facts, Table], Table] | None = None
    """and what it is of the sums of all of them"""


QUEUED = ("live", "deferred")
"""kinds of channels with agents"""
ANY = ("self_service", *QUEUED)


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

    def tables(facts: Facts) -> Iterator[Scoped]:
        """The measure in every scope in which it means something."""
        yield from _by_channel(facts, top, bottom, kinds)
        if by_group and facts.log.pools:
            yield _by_group(facts, top, bottom)

    estimator: Estimator = "ratio" if bottom else "total"
    return Measure(name, title, unit, formula, estimator, tables, better, needs, top=top, bottom=bottom)


def of_journeys(
    name: str, title: str, unit: Unit, formula: str, top: Weights, bottom: Weights | None = None,
    better: Literal["higher", "lower", ""] = "", needs: Needs = "",
) -> Measure:  # fmt: skip
    """A ratio (with `bottom`) or total of journeys: of all, by segment and reason where there are several. A journey
    counts when it began."""

    def tables(facts: Facts) -> Iterator[Scoped]:
        """The measure in every scope in which it means something."""
        return _by_journey(facts, top, bottom)

    estimator: Estimator = "ratio" if bottom else "total"
    return Measure(name, title, unit, formula, estimator, tables, better, needs, top=top, bottom=bottom)


def of_sums(
    name: str, title: str, unit: Unit, formula: str, sums: Callable[[Facts], Iterable[Scoped]],
    value: Callable[[Facts, Table], Table], better: Literal["higher", "lower", ""] = "",
) -> Measure:  # fmt: skip
    """A number of the whole log that is made of sums: these add over pieces of a log, the numbers do not."""

    def tables(facts: Facts) -> Iterator[Scoped]:
        """The measure in every scope in which it means something."""
        return ((scope, value(facts, table)) for scope, table in sums(facts))

    return Measure(name, title, unit, formula, "value", tables, better, sums=sums, value=value)


_COUNTED: set[Weights] = set()
_VALUES: dict[Weights, tuple[Weights, Weights]] = {}


def counted(weights: Weights) -> Weights:
    """Says of weights that they are whole numbers and look at nothing but what makes the kind of a contact, or of a
    journey (`kinds`)."""
    _COUNTED.add(weights)
    return weights


def among(value: Weights, count: Weights) -> Weights:
    """A value, such as seconds, times weights that are `counted`; it must be a number for everything else, too."""

    def weights(facts: Facts) -> Floats:
        """The product."""
        return value(facts) * count(facts)

    _VALUES[weights] = value, count
    return weights


def sums_of_contacts(facts: Facts, weights: Weights) -> Floats:
    """Sums of the contacts' weights by cell; the weights themselves are not kept."""
    return _sums(facts, weights, contacts_by_kind, lambda: facts.cells)


def sums_of_journeys(facts: Facts, weights: Weights) -> Floats:
    """Sums of the journeys' weights by cell."""
    return _sums(facts, weights, journeys_by_kind, lambda: facts.journey_cells)


def _sums(facts: Facts, weights: Weights, by_kind: Callable[[Facts], Kinds], cells: Callable[[], Cells]) -> Floats:
    if weights in _COUNTED:
        return facts.once(by_kind).sums(weights)
    if weights in _VALUES:
        return facts.once(by_kind).sums_of(*_VALUES[weights], facts)
    return cells().sums(weights(facts))


def _of_contacts(facts: Facts, weights: Weights, label: str) -> Floats:
    """(rows, columns): sums of the contacts' weights by a label; a weight is the denominator of many measures."""
    return facts.cells.table(facts.once(sums_of_contacts, weights), label)


def _of_journeys(facts: Facts, weights: Weights, *labels: str) -> Floats:
    """(rows, columns): sums of the journeys' weights by label."""
    return facts.journey_cells.table(facts.once(sums_of_journeys, weights), *labels)


def _by_channel(facts: Facts, top: Weights, bottom: Weights | None, kinds: tuple[str, ...]) -> Iterator[Scoped]:
    names, cells, mine = facts.log.channels, facts.cells, facts.channels_of(kinds)
    if not mine:  # rows of nothing, whatever the weights
        top, bottom = _nothing, None if bottom is None else _nothing
    both = (top, bottom)
    above, below = (None if each is None else facts.once(_of_contacts, each, "channel") for each in both)
    if len(mine) < len(names):
        yield "channel", _table(facts.names(mine), *(None if t is None else t[mine] for t in (above, below)))
    else:
        yield "channel", _table(names, above, below)
        yield "centre", _table((ALL,), *(None if t is None else _together(t) for t in (above, below)))
    for label, known in (("segment", facts.log.segments), ("reason", facts.log.reasons)):
        if len(known) > 1:
            sums = (None if each is None else facts.once(sums_of_contacts, each) for each in both)
            pick = [i * len(known) + k for i in mine for k in range(len(known))]
            parts = [None if each is None else cells.whole(each, "channel", label)[pick] for each in sums]
            rows = tuple(f"{names[i]}/{each}" for i in mine for each in known)
            yield f"channel_{label}", _table(rows, *parts)


def _together(rows: Floats) -> Floats:
    """(1, columns): the sum of all rows."""
    return rows if len(rows) == 1 else rows.sum(axis=0, keepdims=True)


def _table(rows: tuple[str, ...], above: Floats | None, below: Floats | None) -> Table:
    assert above is not None  # a bottom alone may be missing
    return Table(rows, above, below)


def _by_group(facts: Facts, top: Weights, bottom: Weights | None) -> Scoped:
    """Of the contacts that an agent answered: by the agent group."""
    parts = (None if each is None else facts.once(_of_contacts, each, "group")[:-1] for each in (top, bottom))
    return "pool", _table(facts.log.pools, *parts)


def _by_journey(facts: Facts, top: Weights, bottom: Weights | None) -> Iterator[Scoped]:
    log = facts.log
    scopes: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
        ("journey", (ALL,), ()), ("segment", log.segments, ("segment",)), ("reason", log.reasons, ("reason",)),
    )  # fmt: skip
    for scope, rows, labels in scopes:
        if scope == "journey" or len(rows) > 1:
            both = (None if each is None else facts.once(_of_journeys, each, *labels) for each in (top, bottom))
            yield scope, _table(rows, *both)


@counted
def every_contact(facts: Facts) -> Floats:
    """1 for each contact of the window."""
    return np.ones(facts.arrived.size)


@counted
def _nothing(facts: Facts) -> Floats:
    return np.zeros(facts.arrived.size)


@counted
def every_journey(facts: Facts) -> Floats:
    """1 for each journey of the window."""
    return np.ones(facts.began.size)


@counted
def served(facts: Facts) -> Floats:
    """1 for each contact that an agent or a session dealt with to the end."""
    return facts.served

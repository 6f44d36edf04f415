"""From the log of one replication to its observations: for each measure a sum and what to divide it by.

Comes in: a log and its configuration. Goes out: `Observations`, small arrays (rows, time columns) that can be sent
between processes, added over pieces of a log (`sim.measures.pieces`), and estimated over replications
(`sim.statistics.estimates`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial

from ..extensions import calling, owner_of
from ..log.tables import Log
from ..model.centre import Configuration
from .catalogue import taken
from .measure import Measure, Scoped
from .plan import plan_of
from .table import Observations, Table
from .window import Facts

__all__ = ["Observations", "Table", "observe"]
Tables = Callable[[Facts], Iterable[Scoped]]


def observe(log: Log, config: Configuration, only: Collection[str] = ()) -> Observations:
    """All measures of one replication, by scope and measure; of the names in `only`, if any, which saves most of the
    time of it."""
    return observations(Facts(log, config), asked(config, only), lambda measure: measure.tables)


def asked(config: Configuration, only: Collection[str] = ()) -> tuple[Measure, ...]:
    """The measures that are taken; of the names in `only`, if any."""
    return tuple(each for each in taken(config) if each.name in only) if only else taken(config)


def observations(facts: Facts, measures: tuple[Measure, ...], tables: Callable[[Measure], Tables]) -> Observations:
    """The tables of these measures; `tables` says which of its functions makes those of a measure."""
    return plan_of(facts.layout, measures).observations(facts, partial(_single, tables=tables))


def _single(measure: Measure, facts: Facts, tables: Callable[[Measure], Tables]) -> list[Scoped]:
    """The tables of one measure. Raises InputError that names a measure of an extension whose function fails."""
    if not owner_of("measure", measure.name):
        return list(tables(measure)(facts))
    with calling("measure", measure.name):
        return list(tables(measure)(facts))

"""From the log of one replication to its observations: for each measure a sum and what to divide it by.

Comes in: a log and its configuration. Goes out: `Observations`, small arrays (rows, time columns) that can be sent
between processes, added over pieces of a log (`sim.measures.pieces`), and estimated over replications
(`sim.statistics.estimates`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..log.tables import Log
from ..model.centre import Configuration
from .catalogue import taken
from .measure import Measure
from .plan import Tables, plan_of
from .table import Observations, Table
from .window import Facts

__all__ = ["Observations", "Table", "observe"]


def observe(log: Log, config: Configuration, only: Collection[str] = ()) -> Observations:
    """All measures of one replication, by scope and measure; of the names in `only`, if any, which saves most of the
    time of it."""
    return observations(Facts(log, config), asked(config, only), lambda measure: measure.tables)


def asked(config: Configuration, only: Collection[str] = ()) -> tuple[Measure, ...]:
    """The measures that are taken; of the names in `only`, if any."""
    return tuple(each for each in taken(config) if each.name in only) if only else taken(config)


def observations(facts: Facts, measures: tuple[Measure, ...], tables: Callable[[Measure], Tables]) -> Observations:
    """The tables of these measures; `tables` says which of its functions makes those of a measure."""
    return plan_of(facts.layout, measures).observations(facts, tables)

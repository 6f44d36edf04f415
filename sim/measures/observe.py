"""From the log of one replication to its observations: for each measure a sum and what to divide it by.

Comes in: a log and its configuration. Goes out: `Observations`, small arrays (rows, time columns) that can be sent
between processes, added over pieces of a log (`sim.measures.pieces`), and estimated over replications
(`sim.statistics.estimates`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from ..extensions import calling, owner_of
from ..log.tables import Log
from ..model.centre import Configuration
from .catalogue import taken
from .measure import Measure, Scoped
from .table import Observations, Table
from .window import Facts

__all__ = ["Observations", "Table", "observe"]


def observe(log: Log, config: Configuration, only: Collection[str] = ()) -> Observations:
    """All measures of one replication, by scope and measure; of the names in `only`, if any, which saves most of the
    time of it."""
    facts = Facts(log, config)
    wanted = (each for each in taken(config) if not only or each.name in only)
    return {(scope, each.name): table for each in wanted for scope, table in tables_of(each, facts, each.tables)}


def tables_of(measure: Measure, facts: Facts, tables: Callable[[Facts], Iterable[Scoped]]) -> list[Scoped]:
    """What a function of the measure gives, by scope. Raises InputError that names a measure of an extension whose
    function fails."""
    if not owner_of("measure", measure.name):
        return list(tables(facts))
    with calling("measure", measure.name):
        return list(tables(facts))

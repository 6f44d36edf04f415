"""From the log of one replication to its observations: for each measure a sum and what to divide it by.

Comes in: a log (or a piece of one) and its configuration. Goes out: `Observations`, small arrays (rows, time columns)
that can be sent between processes, added over pieces of a log (`added`), and estimated over replications
(`sim.statistics.estimates`).
"""

from __future__ import annotations

from collections.abc import Collection

from ..extensions import calling, owner_of
from ..log.tables import Log
from ..model.centre import Configuration
from .catalogue import describe, taken
from .measure import Measure, Scoped
from .table import Observations, Table
from .table import added as added_tables
from .window import Facts

__all__ = ["Observations", "Table", "added", "observe"]


def observe(log: Log, config: Configuration, only: Collection[str] = ()) -> Observations:
    """All measures of one replication, by scope and measure; of the names in `only`, if any, which saves most of the
    time of it."""
    facts = Facts(log, config)
    wanted = (each for each in taken(config) if not only or each.name in only)
    return {(scope, each.name): table for each in wanted for scope, table in _tables(each, facts)}


def _tables(measure: Measure, facts: Facts) -> list[Scoped]:
    """By scope. Raises InputError that names a measure of an extension whose function fails."""
    if not owner_of("measure", measure.name):
        return list(measure.tables(facts))
    with calling("measure", measure.name):
        return list(measure.tables(facts))


def added(first: Observations, second: Observations) -> Observations:
    """The observations of two pieces of one log together; measures that need the whole log are left out."""
    whole = {}
    for (scope, name), table in first.items():
        measure = describe(name)
        if measure.estimator != "value":
            whole[scope, name] = added_tables(table, second[scope, name], measure.estimator, measure.share)
    return whole

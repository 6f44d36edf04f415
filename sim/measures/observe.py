"""From the log of one replication to its observations: for each measure a sum and what to divide it by.

Comes in: a log (or a piece of one) and its configuration. Goes out: `Observations`, small arrays (rows, time columns)
that can be sent between processes, added over pieces of a log (`added`), and estimated over replications
(`sim.statistics.estimates`).
"""

from __future__ import annotations

from ..log.tables import Log
from ..model.centre import Configuration
from .catalogue import describe, taken
from .table import Observations, Table
from .table import added as added_tables
from .window import Facts

__all__ = ["Observations", "Table", "added", "observe"]


def observe(log: Log, config: Configuration) -> Observations:
    """All measures of one replication, by scope and measure."""
    facts = Facts(log, config)
    return {(scope, each.name): table for each in taken(config) for scope, table in each.tables(facts)}


def added(first: Observations, second: Observations) -> Observations:
    """The observations of two pieces of one log together; measures that need the whole log are left out."""
    whole = {}
    for (scope, name), table in first.items():
        measure = describe(name)
        if measure.estimator != "value":
            whole[scope, name] = added_tables(table, second[scope, name], measure.estimator, measure.share)
    return whole

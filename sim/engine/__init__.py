"""Engines: a configuration, a seed and a replication number become a log.

Comes in: a validated configuration. Goes out: the log of one replication, made by the engine that `engine:` names.
This is the one door to all engines: whatever simulates calls it, tests of mechanisms among them, so that a new engine
is tried on everything at once. An engine is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..log.tables import Log
    from ..model.centre import Configuration

__all__ = ["simulate"]


def simulate(config: Configuration, seed: int, replication: int) -> Log:
    """One replication on the engine of the configuration; replications count from 0.

    Raises InputError for what only a run can find.
    """
    from .simpy.simulation import simulate as on_simpy

    return on_simpy(config, seed, replication)

"""Engines: a configuration, a seed and a replication number become a log.

Comes in: a validated configuration. Goes out: the log of one replication, made by the engine that `engine:` names.
This is the one door to all engines: whatever simulates calls it, tests of mechanisms among them, so that a new engine
is tried on everything at once. An engine is imported when it is first used.

`simpy` simulates every mechanism; `compiled` is many times faster, and refuses by name what it lacks; `auto` takes the
compiled engine where it lacks nothing; `both` runs the two and stops at the first event in which they differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..log.tables import Log
    from ..model.centre import Configuration

__all__ = ["described", "lacking", "simulate"]


def simulate(config: Configuration, seed: int, replication: int) -> Log:
    """One replication on the engine of the configuration; replications count from 0.

    Raises InputError for what only a run can find, for a mechanism that the engine lacks, and where `both` differ.
    """
    if config.engine == "simpy" or (config.engine == "auto" and lacking(config)):
        from .simpy.simulation import simulate as on_simpy

        return on_simpy(config, seed, replication)
    from .compiled.engine import simulate as compiled

    log = compiled(config, seed, replication)
    if config.engine == "both":
        _compare(config, log)
    return log


def lacking(config: Configuration) -> list[str]:
    """Names of the configuration's mechanisms that the compiled engine does not simulate."""
    from ..coded.centre import centre_of
    from .compiled.model import missing

    return missing(centre_of(config))


def described(config: Configuration) -> str:
    """The engine in words: `auto` says which one it took, and why."""
    if config.engine != "auto":
        return config.engine
    lacks = lacking(config)
    return f"auto: simpy (compiled lacks {', '.join(lacks)})" if lacks else "auto: compiled"


def _compare(config: Configuration, log: Log) -> None:
    from ..errors import InputError, Problem
    from ..log.differences import first_difference
    from .simpy.simulation import simulate as on_simpy

    difference = first_difference(on_simpy(config, log.seed, log.replication), log)
    if difference:
        raise InputError(Problem("engine", f"both: simpy and compiled differ in {difference}"))

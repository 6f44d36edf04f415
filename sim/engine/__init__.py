"""Engines: a configuration, a seed and a replication number become a log.

Comes in: a validated configuration. Goes out: the log of one replication, made by the engine that `engine:` names.
This is the one door to all engines: whatever simulates calls it, tests of mechanisms among them, so that a new engine
is tried on everything at once. An engine is imported when it is first used.

`simpy` is the readable one, and runs rules of extensions, too; `compiled` writes the same logs many times faster once
it is compiled, and refuses such rules by name; `auto` takes the compiled engine where it lacks nothing and is compiled
already or the work is worth it; `both` runs the two and stops at the first event in which they differ.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..log.tables import Log
    from ..model.centre import Configuration

__all__ = ["described", "lacking", "simulate"]


WORTH_COMPILING = 1_000_000
"""contacts that the SimPy engine simulates in the time that compiling takes, about"""
CONTACTS_PER_JOURNEY = 1.5
"""a guess before anything has run: of plain queues 1, of the shipped baseline 2.6"""
_simulated = 0
"""contacts that `auto` has left to the SimPy engine in this process"""


def simulate(config: Configuration, seed: int, replication: int) -> Log:
    """One replication on the engine of the configuration; replications count from 0.

    Raises InputError for what only a run can find, for a mechanism that the engine lacks, and where `both` differ.
    """
    global _simulated
    if _choice(config)[0] == "simpy":
        from .simpy.simulation import simulate as on_simpy

        log = on_simpy(config, seed, replication)
        _simulated += log.contacts["entity"].size
        return log
    from .compiled.engine import simulate as compiled

    log = compiled(config, seed, replication)
    if config.engine == "both":
        _compare(config, log)
    return log


def lacking(config: Configuration) -> list[str]:
    """Names of the configuration's mechanisms that the compiled engine does not simulate."""
    from .compiled.engine import prepared

    return prepared(config).lacking


def described(config: Configuration) -> str:
    """The engine in words: `auto` says which one it took, and why."""
    engine, why = _choice(config)
    if config.engine != "auto":
        return config.engine
    return f"auto: {engine} ({why})" if why else f"auto: {engine}"


def _choice(config: Configuration) -> tuple[str, str]:
    """The engine that a configuration takes, and why `auto` took it."""
    if config.engine != "auto":
        return config.engine, ""
    from ..chance.jit import is_ready
    from .compiled.loop import run

    ready = is_ready(run)
    contacts = 0.0 if ready else _contacts(config)
    if not ready and contacts + _simulated < WORTH_COMPILING:
        return "simpy", f"compiling is not worth it for about {contacts:,.0f} contacts"
    lacks = lacking(config)
    return ("simpy", f"compiled lacks {', '.join(lacks)}") if lacks else ("compiled", "")


def _contacts(config: Configuration) -> float:
    """Contacts of all replications, about."""
    from ..chance.arrivals import Arrivals
    from ..model.units import DAY

    days = ceil((config.run.warm_up + config.run.measure) / DAY)
    return Arrivals(config, 0, 0).expected(days) * CONTACTS_PER_JOURNEY * config.run.replications


def _compare(config: Configuration, log: Log) -> None:
    from ..errors import InputError, Problem
    from ..log.differences import first_difference
    from .simpy.simulation import simulate as on_simpy

    difference = first_difference(on_simpy(config, log.seed, log.replication), log)
    if difference:
        raise InputError(Problem("engine", f"both: simpy and compiled differ in {difference}"))

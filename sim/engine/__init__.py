"""Engines: a configuration, a seed and a replication number become a log.

Comes in: a validated configuration. Goes out: the log of one replication, made by the engine that `engine:` names.
This is the one door to all engines: whatever simulates calls it, tests of mechanisms among them, so that a new engine
is tried on everything at once. An engine is imported when it is first used.

`simpy` is the readable one, and runs rules of extensions, too; `compiled` writes the same logs many times faster once
it is compiled, and refuses such rules by name; `auto` takes the compiled engine where it lacks nothing and is compiled
already or the work is worth it; `both` runs the two and stops at the first event in which they differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .work import SECONDS, contacts_of, is_worth_compiling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..log.tables import Log
    from ..model.centre import Configuration

__all__ = ["chosen", "described", "frees_the_lock", "in_pieces", "is_long", "lacking", "seconds", "simulate"]
LONG = 1_000_000
"""contacts of a replication from which on nobody holds its whole log (some 100 MB) unless they ask for it"""


_simulated = 0
"""contacts that `auto` has left to the SimPy engine in this process: many small runs are worth compiling, too. It is
state of the process, as compiled code is, and decides on nothing but which of two engines writes the same log; threads
that count at the same time may lose a run, and compile a little later."""


def simulate(config: Configuration, seed: int, replication: int) -> Log:
    """One replication on the engine of the configuration; replications count from 0.

    Raises InputError for what only a run can find, for a mechanism that the engine lacks, and where `both` differ.
    """
    global _simulated
    if chosen(config) == "simpy":
        from .simpy.simulation import simulate as on_simpy

        log = on_simpy(config, seed, replication)
        _simulated += log.contacts["entity"].size
        return log
    from .compiled.engine import simulate as compiled

    log = compiled(config, seed, replication)
    if config.engine == "both":
        _compare(config, log)
    return log


def in_pieces(config: Configuration, seed: int, replication: int) -> Iterator[Log]:
    """The log of one replication in bounded pieces, in the order of time (`compiled.pieces`); the SimPy engine, which
    keeps its log to the end, gives it as one piece. Raises InputError as `simulate` does."""
    if chosen(config) != "compiled":
        yield simulate(config, seed, replication)
        return
    from .compiled.pieces import simulate_in_pieces

    yield from simulate_in_pieces(config, seed, replication)


def is_long(config: Configuration) -> bool:
    """Whether a replication is so long that its log comes in pieces, if the compiled engine has what it needs."""
    return config.engine in ("auto", "compiled") and contacts_of(config) > LONG


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


def seconds(config: Configuration) -> float:
    """Of computing that a contact takes on the engine of the configuration, about; asks for nothing that is large."""
    engine = config.engine
    if engine == "auto":
        engine = "compiled" if _pays(config) else "simpy"
    return SECONDS[engine]


def chosen(config: Configuration, replications: int | None = None) -> str:
    """The engine that so many replications take (None: as many as the run has): `simpy`, `compiled` or `both`."""
    return _choice(config, replications)[0]


def frees_the_lock(config: Configuration) -> bool:
    """Whether replications can run in threads at the same time: those of machine code do not hold the interpreter's
    lock."""
    return chosen(config) == "compiled"


def _choice(config: Configuration, replications: int | None = None) -> tuple[str, str]:
    """The engine that a configuration takes, and why `auto` took it."""
    if config.engine != "auto":
        return config.engine, ""
    if not _pays(config, replications):
        contacts = contacts_of(config) * config.run.replications
        return "simpy", f"compiling is not worth it for about {contacts:,.0f} contacts"
    lacks = lacking(config)
    return ("simpy", f"compiled lacks {', '.join(lacks)}") if lacks else ("compiled", "")


def _pays(config: Configuration, replications: int | None = None) -> bool:
    """Whether the compiled engine is compiled already, or worth compiling."""
    from ..chance.jit import is_ready
    from .compiled.loop import run

    asked = config.run.replications if replications is None else replications
    return is_ready(run) or is_worth_compiling(contacts_of(config) * asked + _simulated)


def _compare(config: Configuration, log: Log) -> None:
    from ..errors import InputError, Problem
    from ..log.differences import first_difference
    from .simpy.simulation import simulate as on_simpy

    difference = first_difference(on_simpy(config, log.seed, log.replication), log)
    if difference:
        raise InputError(Problem("engine", f"both: simpy and compiled differ in {difference}"))

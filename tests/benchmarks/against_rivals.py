"""`python -m tests.benchmarks.against_rivals`: the plain queue (M/M/50+M) on our engines and on others, in turns.

CPU microseconds a contact, medians and quartiles over rounds, and ratios to the bare Numba loop of the same round.
Compiling is over before the clock starts and is reported apart; the configuration is read before, too, and files are
not written. What is not installed is named and left out. Each program's share of leavers is held against Erlang A: a
program that simulates another queue is no rival.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from functools import cache
from math import sqrt
from statistics import quantiles

from sim.measures.observe import observe
from sim.model import Configuration
from sim.theory import ErlangA

from . import rivals
from .compared_centres import plain_queue
from .idiomatic import Centre

Program = Callable[[int, float], tuple[int, int]]
"""of a seed and hours: contacts over, and those that left"""
ROUNDS = 7
BARE = "Numba loop"
HOURS = {
    "Cimba": 20.0, "Cimba, a process a caller": 20.0, BARE: 300.0, "C loop": 300.0, "compiled engine": 60.0,
    "compiled engine, measures": 60.0, "SimPy engine": 4.0, "idiomatic SimPy": 4.0, "Ciw": 2.0,
}  # fmt: skip
"""simulated by each program in each round: about as long by the clock"""


@cache
def read(hours: int) -> Configuration:
    """The queue as a configuration, read once for all replications, as a run does."""
    return Configuration.from_mapping(plain_queue(hours))


def ours(engine: str, measures: bool = False) -> Program:
    """Our simulator, log included; with all measures if asked."""

    def simulated(seed: int, hours: float) -> tuple[int, int]:
        """(contacts over, those that left)."""
        module, config = importlib.import_module(f"sim.engine.{engine}"), read(round(hours))
        log = module.simulate(config, seed, 0)
        if measures:
            found = observe(log, config)
            return log.contacts["entity"].size, int(found["channel", "abandoned_count"].top[0, 0])
        return log.contacts["entity"].size, int((log.contacts["agent"] < 0).sum())

    simulated(0, 1)
    return simulated


def idiomatic(seed: int, hours: float) -> tuple[int, int]:
    """SimPy as its examples write it."""
    records = Centre(plain_queue(round(hours)), seed).run()
    return len(records), sum(record[-1] == "abandoned" for record in records)


def rival(module: str, *of: str) -> Callable[[], Program]:
    """What prepares a program of the folder `rivals`."""
    return lambda: importlib.import_module(f".rivals.{module}", __package__).prepared(*of)


PREPARED: dict[str, Callable[[], Program]] = {
    "Cimba": rival("cimba_queue"), "Cimba, a process a caller": rival("cimba_queue", "Centre"),
    BARE: rival("numba_loop"), "C loop": rival("c_loop"),
    "compiled engine": lambda: ours("compiled.engine"),
    "compiled engine, measures": lambda: ours("compiled.engine", measures=True),
    "SimPy engine": lambda: ours("simpy.simulation"), "idiomatic SimPy": lambda: idiomatic, "Ciw": rival("ciw_queue"),
}  # fmt: skip
"""Cimba first: see there"""


def checked(name: str, program: Program, hours: float) -> None:
    """Raises AssertionError for a program whose share of leavers is not Erlang A's."""
    over, left = program(99, hours)
    exact = ErlangA(rivals.AGENTS / 1.0, 1, rivals.AGENTS, 1).p_abandon
    noise = 12 * sqrt(exact / over)  # leavers come in bursts: their number varies some ten times a Poisson number's
    assert abs(left / over - exact) < noise, f"{name}: {left / over:.4f} leave, exactly {exact:.4f}"


def cost(program: Program, seed: int, hours: float) -> float:
    """CPU microseconds a contact."""
    began = time.process_time()
    over, _ = program(seed, hours)
    return (time.process_time() - began) / over * 1e6


def spread(values: list[float], digits: int) -> str:
    """Median and quartiles."""
    low, middle, high = quantiles(values, n=4)
    return f"**{middle:.{digits}f}** ({low:.{digits}f}–{high:.{digits}f})"


def main() -> None:
    """Print the table."""
    programs: dict[str, Program] = {}
    for name, prepare in PREPARED.items():
        began = time.process_time()
        try:
            programs[name] = prepare()
        except (ImportError, OSError) as error:
            print(f"left out: {name} ({error})")
            continue
        print(f"ready: {name}, {time.process_time() - began:.1f} CPU s", flush=True)
        checked(name, programs[name], HOURS[name])
    rounds: dict[str, list[float]] = {name: [] for name in programs}
    for seed in range(ROUNDS):
        for name, program in programs.items():
            rounds[name].append(cost(program, seed, HOURS[name]))
    print("\n| program | µs a contact | contacts a CPU second | times the Numba loop |\n|---|---|---|---|")
    for name, values in sorted(rounds.items(), key=lambda pair: quantiles(pair[1], n=4)[1]):
        ratios = [mine / bare for mine, bare in zip(values, rounds[BARE], strict=True)]
        middle = quantiles(values, n=4)[1]
        print(f"| {name} | {spread(values, 2)} | {1e6 / middle:,.0f} | {spread(ratios, 1)} |")


if __name__ == "__main__":
    main()

"""Both engines on the same centre: the same log field by field, or the same refusal.

`NUMBA_DISABLE_JIT=1 python -m tests.twin.twins NUMBER` runs that many random centres as plain Python: the same source,
the same arithmetic, nothing to wait for. It names what differs, and each mechanism that was not at work in any of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.coded.centre import centre_of
from sim.engine.compiled.engine import simulate as compiled
from sim.engine.compiled.model import missing
from sim.engine.simpy.simulation import simulate as simpy
from sim.errors import InputError
from sim.log.codes import Context, Flag, Via
from sim.log.differences import first_difference
from sim.log.tables import Log
from sim.model import Configuration, Outcome
from tests.extreme.mechanised import mechanised as all_at_once
from tests.extreme.small import centre, live
from tests.extreme.test_ties import LATTICE_TEAMS, lattice
from tests.invariants.same_logs import drawn

from . import glued
from .whole_centres import gridded, whole

TABLES = ("contacts", "customers", "turns", "duties", "staffing", "posts")
OUTCOMES = ("FAILED", "TRANSFERRED", "ABANDONED", "BLOCKED", "CLOSED", "BALKED", "TIMED_OUT", "UNANSWERED")
AT_WORK: dict[str, Callable[[Log], Any]] = {
    **{f"outcome {name}": lambda log, code=Outcome[name]: log.contacts["outcome"] == code for name in OUTCOMES},
    **{f"{flag.name}": lambda log, flag=flag: log.contacts["flags"] & flag for flag in Flag},
    **{f"{context.name}": lambda log, code=context: log.contacts["context"] == code for context in Context},
    **{f"via {via.name}": lambda log, code=via: log.contacts["via"] == code for via in Via},
    "rings": lambda log: log.turns["answered"] > log.turns["taken"],
    "agents who share": lambda log: log.turns["attention"] < log.turns["released"] - log.turns["taken"] - 1,
    "replies": lambda log: log.turns["turn"] > 0,
    "an answer too late": lambda log: log.contacts["answered"] > log.contacts["ended"],
    "frustration": lambda log: log.contacts["frustration"] > 0,
    "posts": lambda log: log.posts["reach"] > 0,
    "a break cut off": lambda log: log.duties["missed"] > 0,
    "overtime": lambda log: log.duties["released"] > log.duties["end"],
}
"""mechanisms that a log shows: where this is true of any of its rows"""


def differing(one: Log, other: Log) -> list[str]:
    """Columns in which two logs differ."""
    found = [] if one.stopped == other.stopped else ["stopped"]
    for table in TABLES:
        mine, theirs = getattr(one, table), getattr(other, table)
        for name in mine:
            same = np.array_equal(mine[name], theirs[name], equal_nan=mine[name].dtype.kind == "f")
            found += [] if same else [f"{table}.{name}"]
    return found


def outcome(engine: Callable[[Configuration, int, int], Log], config: Configuration, seed: int) -> Log | str:
    """The log, or what the engine says against the centre."""
    try:
        return engine(config, seed, 0)
    except InputError as error:
        return str(error)


def difference(config: Configuration, seed: int = 1) -> tuple[str, Log | None]:
    """(where the engines differ, or nothing; the log)."""
    assert missing(centre_of(config)) == []
    one, other = outcome(simpy, config, seed), outcome(compiled, config, seed)
    if isinstance(one, str) or isinstance(other, str):
        said = [each if isinstance(each, str) else "a log" for each in (one, other)]
        return ("" if said[0] == said[1] else " | ".join(said)), None
    same = one.same_as(other)
    return ("" if same else f"{first_difference(one, other)} ({', '.join(differing(one, other))})"), one


def random_centres(number: int) -> Iterator[tuple[str, Configuration]]:
    """So many valid centres with any mechanisms, every other one on a grid."""
    for name, strategy, count in (("whole", whole(), number - number // 2), ("grid", gridded(), number // 2)):
        for i, mapping in enumerate(drawn(strategy, count)):
            try:
                yield f"{name} {i}", Configuration.from_mapping(mapping)
            except InputError:  # parts that do not go together
                continue


def late_breaks() -> Configuration:
    """Agents so busy that their breaks begin late, and are cut off by the end of their shift or run into each other."""
    pauses = [{"start": "00:30", "end": "00:40"}, {"start": "00:45", "end": "00:55"}]
    shifts = [
        {"start": "00:00", "end": "01:00", "agents": 3, "breaks": pauses},
        {"start": "00:20", "end": "02:00", "agents": 2, "breaks": [{"start": "01:00", "end": "01:20"}]},
    ]
    calls = {"phone": live({"law": "exponential", "mean": "9 min"}, wrap_up="1 min", patience="5 min")}
    return centre(calls, {"team": {"serves": {"phone": 1}, "shifts": shifts}}, range(0, 7_200, 60))


def impatient_company() -> Configuration:
    """Callers who would wait, and a company that ends their wait."""
    calls = {"phone": live("5 min", patience="20 min", queue_timeout="90 s", failure=0.5)}
    return centre(calls, {"team": {"agents": 1, "serves": {"phone": 1}}}, range(0, 3_600, 60))


def patience_that_remains() -> Configuration:
    """Callers who wait, find all lines taken, and wait again: what they waited before counts, whatever came between."""
    calls = {"phone": live("5 min", patience="3 min", redial_patience="remaining", lines=3, failure=0.5)}
    rows = {"phone": {"any": {"to": {"phone": 0.9, "give_up": 0.1}, "delay": "20 s"}}}
    team = {"team": {"agents": 1, "serves": {"phone": 1}}}
    return centre(calls, team, range(0, 3_600, 40), rows=rows, journeys={"max_contacts": 12})


def compare(number: int, in_pieces: bool = False) -> list[str]:
    """What is wrong: differences on the fixed and so many random centres, and of the pieces of every fourth one's log,
    if asked; mechanisms that none of them shows."""
    idle, wrong = dict(AT_WORK), []
    fixed = {"all at once": all_at_once(), "lattice": lattice(LATTICE_TEAMS), "breaks": late_breaks()}
    fixed |= {"time-outs": impatient_company(), "remaining": patience_that_remains()}
    for i, (name, config) in enumerate([*fixed.items(), *random_centres(number)]):
        found, log = difference(config)
        wrong += [f"{name}: {found}"] if found else []
        wrong += glued.compare(name, config) if in_pieces and i % 4 == 0 else []
        if log is not None:
            idle = {what: shown for what, shown in idle.items() if not np.any(shown(log))}
    return wrong + [f"nowhere: {what}" for what in idle]


if __name__ == "__main__":
    lines = compare(int(sys.argv[1]), in_pieces=True)
    print("\n".join(lines) or "all the same")
    sys.exit(bool(lines))

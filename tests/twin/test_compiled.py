"""The compiled engine writes the log of the SimPy engine to the last bit, or refuses by name what it lacks."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from sim.coded.centre import centre_of
from sim.engine.compiled.engine import Run
from sim.engine.compiled.engine import simulate as compiled
from sim.engine.simpy.simulation import simulate as simpy
from sim.errors import InputError
from sim.log.tables import Log
from sim.model import Configuration
from tests.benchmarks.compared_centres import plain_queue, six_channels
from tests.extreme.small import centre, live, team, to, web
from tests.extreme.test_ties import LATTICE_TEAMS, lattice
from tests.invariants.random_centres import centres
from tests.invariants.test_laws_of_the_log import examples


def differing(one: Log, other: Log) -> list[str]:
    """Columns in which two logs differ."""
    found = [] if one.stopped == other.stopped else ["stopped"]
    for table in ("contacts", "customers", "turns", "duties", "staffing", "posts"):
        mine, theirs = getattr(one, table), getattr(other, table)
        for name in mine:
            same = np.array_equal(mine[name], theirs[name], equal_nan=mine[name].dtype.kind == "f")
            found += [] if same else [f"{table}.{name}"]
    return found


def twins(config: Configuration, seed: int = 1) -> None:
    """Both engines live the same history."""
    assert Run(config, centre_of(config), seed, 0).lacking == []
    one, other = simpy(config, seed, 0), compiled(config, seed, 0)
    assert differing(one, other) == []
    assert one.same_as(other)


def within_reach(mapping: dict[str, Any]) -> dict[str, Any]:
    """The centre without what the compiled engine lacks."""
    mapping = copy.deepcopy(mapping)
    for channel in mapping["channels"].values():
        if channel["kind"] == "live":
            remaining = channel["redial_patience"] == "remaining"
            channel["at_closing"] = "clear"
            channel |= {"lines": None, "redial_patience": "same" if remaining else channel["redial_patience"]}
        elif channel["kind"] == "deferred":
            channel["stale"] = "removed"
    for pool in mapping["staffing"].values():
        pool["said"] = "net"  # of scheduled agents some are off the phone
        for shift in pool.get("shifts", ()):
            shift.pop("breaks", None)
    if mapping["run"]["end"] == "clear":
        mapping["run"]["end"] = "drain"
    return mapping


@pytest.mark.slow
@settings(examples, max_examples=25)
@given(centres())
def test_twins_on_random_centres(mapping: dict[str, Any]) -> None:
    twins(Configuration.from_mapping(within_reach(mapping)))


@pytest.mark.slow
@pytest.mark.parametrize("mapping", [plain_queue(2), six_channels(12)], ids=["plain_queue", "six_channels"])
def test_twins_on_the_centres_of_the_benchmarks(mapping: dict[str, Any]) -> None:
    twins(Configuration.from_mapping(mapping))


@pytest.mark.slow
def test_twins_on_a_day_full_of_ties() -> None:
    """On a grid of 10 s, with time-outs, closings and shifts that fall together."""
    closing = {"hours": {"mon": "00:00-00:10"}, "at_closing": "clear"}
    channels = {
        "web": web("20 s", ports=8, failure=0.5),
        "phone": live("40 s", wrap_up="10 s", patience="90 s", failure=0.5, queue_timeout="60 s", **closing),
        "chat": live("30 s", patience="20 s", places=4, failure=0.5, **closing),
    }
    to_all = {"phone": 0.4, "chat": 0.4, "give_up": 0.2}
    shifts = [{"start": "00:00", "end": "00:05", "agents": 2}, {"start": "00:05", "end": "24:00", "agents": 1}]
    config = centre(
        channels,
        {"one": team(2, "phone", "chat", profile=[1, 2] * 48), "two": {"serves": {"chat": 1}, "shifts": shifts}},
        rows={name: {"any": {"to": to_all, "delay_to": {"chat": "10 s"}}} for name in channels},
        streams={"a": {"times": [10 * (i * i % 60) for i in range(120)], "first_channel": {"web": 0.4, "phone": 0.6}}},
        journeys={"max_contacts": 5},
    )
    twins(config)


def test_what_it_lacks_it_refuses_by_name() -> None:
    config = lattice(LATTICE_TEAMS)
    with pytest.raises(InputError, match="does not simulate: lines, overflow, redial_patience: remaining, stale: answ"):
        compiled(config, 1, 0)


def test_a_journey_that_never_ends_is_refused_alike() -> None:
    rows = {"phone": {"any": to("phone", delay="1 s")}}
    config = centre({"phone": live(places=0)}, {"team": team(0)}, [0], rows=rows, journeys={"max_contacts": None})
    said = []
    for engine in (simpy, compiled):
        with pytest.raises(InputError) as raised:
            engine(config, 1, 0)
        said.append(str(raised.value))
    assert said[0] == said[1]


def test_twins_every_day_as_plain_python() -> None:
    """Compiling takes minutes, so the slow tests run here without: the same source, uncompiled, on a day of ties."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "slow", "-k", "ties", __file__]
    environment, root = os.environ | {"NUMBA_DISABLE_JIT": "1"}, Path(__file__).parents[2]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]

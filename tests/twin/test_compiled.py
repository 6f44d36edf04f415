"""The compiled engine writes the log of the SimPy engine to the last bit, or refuses by name what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

import sim
from sim.engine.compiled.engine import simulate as compiled
from sim.engine.simpy.simulation import simulate as simpy
from sim.errors import InputError
from sim.model import Configuration
from sim.model.journeys import AgentRule
from tests.benchmarks.compared_centres import plain_queue, six_channels
from tests.extreme.small import centre, live, team, to, web
from tests.invariants.same_logs import SHORT

from .twins import compare, difference, outcome

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def twins(config: Configuration, seed: int = 1) -> None:
    """Both engines live the same history."""
    found, log = difference(config, seed)
    assert found == ""
    assert log is not None


def test_twins_every_day_as_plain_python() -> None:
    """The same source and the same arithmetic, uncompiled: random centres of all mechanisms, half of them full of ties,
    and between them each mechanism at work."""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "tests.twin.twins", "40"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_no_index_leaves_its_table(tmp_path: Path) -> None:
    """The machine code asks of no index whether it is negative or too large; here, compiled anew, it does."""
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "tests.twin.twins", "100"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_twins_on_a_thousand_random_centres() -> None:
    assert compare(1_000) == []


@pytest.mark.parametrize("scenario", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
def test_twins_on_every_scenario(scenario: str) -> None:
    """Some hours of each, with a third of its demand."""
    twins(sim.load([f"scenarios={scenario}", *SHORT]))


@pytest.mark.parametrize("mapping", [plain_queue(2), six_channels(12)], ids=["plain_queue", "six_channels"])
def test_twins_on_the_centres_of_the_benchmarks(mapping: dict[str, Any]) -> None:
    twins(Configuration.from_mapping(mapping))


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


def test_every_agent_rule_is_one_of_its_own_on_both_engines() -> None:
    """Chats go to agents two at a time: a rule that one engine did not know would name the agents of another rule."""
    chat, times = live({"law": "exponential", "mean": "90 s"}, concurrency=2), [13 * i for i in range(300)]
    found = {}
    for rule in get_args(AgentRule):
        config = centre({"chat": chat}, {"team": team(5, "chat")}, times, routing={"agent_rule": rule})
        differs, log = difference(config, 1)
        assert differs == "", rule
        assert log is not None
        found[rule] = log.turns["agent"].tobytes()
    assert found.pop("least_loaded") == found["longest_idle"]  # two names of one rule (MODEL section 5)
    assert len(set(found.values())) == len(found)


def test_what_it_lacks_it_refuses_by_name() -> None:
    names = [f"c{i}" for i in range(63)]
    rows = {name: {"any": {"to": {"give_up": 1}}} for name in names}
    config = centre({name: web() for name in names}, {}, [0], rows=rows)
    with pytest.raises(InputError, match="does not simulate: more than 62 channels"):
        compiled(config, 1, 0)


def test_a_thread_that_never_ends_is_refused_alike() -> None:
    phone = live("1 s", turns={"probability": 0.9999999, "delay": "1 s"})
    assert_refused_alike(centre({"phone": phone}, {"team": team()}, [0]), "had more than 16,383 answers")


def test_a_queue_that_nobody_can_serve_is_refused_alike() -> None:
    phone = live(hours={"mon": "00:00-01:00"}, at_closing="serve")
    config = centre({"phone": phone}, {"team": team(1, profile=[1] + [0] * 47)}, [1700, 1750, 1900])
    assert_refused_alike(config, "in the queue when the hours end")


def test_a_journey_that_never_ends_is_refused_alike() -> None:
    rows = {"phone": {"any": to("phone", delay="1 s")}}
    config = centre({"phone": live(places=0)}, {"team": team(0)}, [0], rows=rows, journeys={"max_contacts": None})
    assert_refused_alike(config, "a customer made 100,000 contacts")


def assert_refused_alike(config: Configuration, words: str) -> None:
    said = [outcome(engine, config, 1) for engine in (simpy, compiled)]
    assert said[0] == said[1]
    assert isinstance(said[0], str)
    assert words in said[0]

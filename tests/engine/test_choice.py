"""`engine: auto` takes the compiled engine where it is compiled already or the work is worth compiling, and says so."""

from __future__ import annotations

import pytest

from sim import engine
from sim.chance import jit
from sim.engine import described
from sim.model import Configuration
from tests.benchmarks.compared_centres import plain_queue


def queue(engine: str, hours: int = 1, replications: int = 1) -> Configuration:
    mapping = plain_queue(hours)
    mapping["run"]["replications"] = replications
    return Configuration.from_mapping(mapping | {"engine": engine})


@pytest.fixture(autouse=True)
def nothing_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_simulated", 0)


def compiled_already(monkeypatch: pytest.MonkeyPatch, ready: bool) -> None:
    monkeypatch.setattr(jit, "is_ready", lambda function: ready)


def test_a_small_run_is_not_compiled_for(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_already(monkeypatch, False)
    assert described(queue("auto")) == "auto: simpy (compiling is not worth it for about 3,000 contacts)"


def test_a_large_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_already(monkeypatch, False)
    assert described(queue("auto", hours=24, replications=10)) == "auto: compiled"


def test_what_is_compiled_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_already(monkeypatch, True)
    assert described(queue("auto")) == "auto: compiled"


def test_many_small_runs_are_worth_compiling_for(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_already(monkeypatch, False)
    monkeypatch.setattr(engine, "_simulated", 1_000_000)
    assert described(queue("auto")) == "auto: compiled"


@pytest.mark.parametrize("name", ["simpy", "compiled", "both"])
def test_an_engine_that_is_named_is_taken(name: str) -> None:
    assert described(queue(name)) == name

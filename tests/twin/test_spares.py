"""A run takes over the memory of another of its size, and no more is kept than is said."""

from __future__ import annotations

import pytest

from sim.engine.compiled import engine, spares
from sim.log.differences import first_difference
from sim.log.tables import Log
from sim.model import Configuration
from tests.extreme.small import centre, live, team

SEED = 20261128  # declared before the first run
EXPONENTIAL = {"law": "exponential", "mean": "5 min"}


def staffed(agents: int) -> Configuration:
    """A busy queue."""
    return centre({"phone": live(EXPONENTIAL, patience=EXPONENTIAL)}, {"team": team(agents)}).at(
        {"demand.streams": {"calls": {"per_day": 2000}}, "run.measure": "2 h"}
    )


def log_of(config: Configuration, replication: int = 0) -> Log:
    return engine.simulate(config, SEED, replication)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    engine.SPARES.clear()


def kept() -> list[tuple[int, ...]]:
    """Agents of the states that are kept, the last one last."""
    return [memory.size.agents for memory in engine.SPARES._kept]


def test_a_run_takes_the_state_of_its_size() -> None:
    few, many = staffed(3), staffed(9)
    alone = log_of(few)
    log_of(many)
    assert kept() == [(3,), (9,)]
    assert first_difference(log_of(few), alone) is None
    assert kept() == [(9,), (3,)]
    assert first_difference(log_of(few), alone) is None


def test_many_sizes_are_kept_and_the_oldest_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spares, "MOST", 3)
    logs = [log_of(staffed(agents)) for agents in (2, 3, 4, 5, 6)]
    assert kept() == [(4,), (5,), (6,)]
    for agents, log in zip((2, 3, 4, 5, 6), logs, strict=True):
        assert first_difference(log_of(staffed(agents)), log) is None
    assert len(kept()) == 3


def test_what_is_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    log_of(staffed(3))
    size = engine.SPARES._kept[0].bytes
    monkeypatch.setattr(spares, "LARGEST", size * 3 // 2)
    log_of(staffed(4))
    assert kept() == [(4,)]
    monkeypatch.setattr(spares, "LARGEST", 1)
    log_of(staffed(5))
    assert kept() == [(4,)]

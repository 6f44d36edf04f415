"""What points of a sweep have in common is prepared once, and never changes a log."""

from __future__ import annotations

from typing import Any

import pytest

from sim.cli.compose import compose
from sim.engine.compiled import engine
from sim.log.differences import first_difference
from sim.model import Configuration
from sim.sweep.configurations import Configurations
from sim.sweep.points import simulated

SEED = 20261127  # declared before the first run
SEED_AND_DEMAND = {"run.seed": SEED + 1, "demand.scale": 1.3, "demand.streams.all.per_day": 1500}
OTHERS = {
    "run.warm_up": "1 h", "run.start": "2026-03-07", "channels.phone.service.mean": "4 min",
    "customers.difficulty": 0.5, "journeys.return_factor": 0.5, "integration.level": 0.3, "staffing.phone.agents": 12,
    "routing.queue_rule": "priority", "economics.wage_per_hour": 31, "feelings.advocates.probability": 0.2,
}  # fmt: skip


@pytest.fixture(scope="module")
def points() -> Configurations:
    words = ["run.measure=2 h", "run.warm_up=0", "run.end=cut", f"run.seed={SEED}"]
    return Configurations({"": simulated(compose(words))})


@pytest.fixture(autouse=True)
def nothing_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_PREPARED", [])


def anew(config: Configuration) -> Any:
    """The log of a configuration of which nothing is prepared."""
    engine._PREPARED.clear()
    return engine.simulate(config, config.run.seed, 0)


@pytest.mark.parametrize(("key", "value"), [*SEED_AND_DEMAND.items(), *OTHERS.items()])
def test_a_point_after_another_has_the_log_that_it_has_alone(key: str, value: Any, points: Configurations) -> None:
    base, other = points.at({}), points.at({key: value})
    logs = []
    for config in (base, other, base):
        logs.append(engine.simulate(config, config.run.seed, 0))
    for log, config in zip(logs, (base, other, base), strict=True):
        assert first_difference(log, anew(config)) is None


@pytest.mark.parametrize(("key", "value"), SEED_AND_DEMAND.items())
def test_another_seed_or_another_demand_has_the_same_model(key: str, value: Any, points: Configurations) -> None:
    one, other = (engine.prepared(points.at(values)) for values in ({}, {key: value}))
    assert other.model is one.model
    assert (other is one) == (key == "run.seed")


@pytest.mark.parametrize(("key", "value"), OTHERS.items())
def test_whatever_else_is_changed_is_prepared_anew(key: str, value: Any, points: Configurations) -> None:
    one, other = (engine.prepared(points.at(values)) for values in ({}, {key: value}))
    assert other.model is not one.model

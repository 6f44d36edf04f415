"""What points of a sweep have in common is prepared once, and never changes a log."""

from __future__ import annotations

from typing import Any

import pytest

from sim.chance.sections import MEMORIES
from sim.cli.compose import compose
from sim.engine.compiled import engine
from sim.log.differences import first_difference
from sim.model import Configuration
from sim.model.base import FrozenDict
from sim.sweep.configurations import Configurations
from sim.sweep.points import simulated

SEED = 20261127  # declared before the first run
SEED_AND_DEMAND = {"run.seed": SEED + 1, "demand.scale": 1.3, "demand.streams.all.per_day": 1500}
OTHERS = {
    "channels.phone.at_closing": "clear", "channels.chat.while_closed": 0.5,
    "channels.email.deflection": {"share": 0.3, "to": {"phone": 1}, "context": 0.7},
    "run.warm_up": "1 h", "run.start": "2026-03-07", "channels.phone.service.mean": "4 min",
    "customers.difficulty": 0.5, "journeys.return_factor": 0.5, "integration.level": 0.3, "staffing.phone.agents": 12,
    "customers.reasons.general.needs_authority": 0.5, "routing.queue_rule": "priority",
    "routing.agent_rule": "random", "economics.wage_per_hour": 31, "feelings.advocates.probability": 0.2,
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
    engine._SPARE.clear()
    for memory in MEMORIES:
        memory.clear()
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


@pytest.mark.parametrize("section", ["channels", "staffing"])
def test_the_order_of_names_is_not_forgotten(section: str, points: Configurations) -> None:
    """Sections that are equal but for the order of their names number what they name otherwise."""
    config = points.at({})
    part = getattr(config, section)
    other = config.model_copy(update={section: FrozenDict(reversed(part.items()))})
    assert getattr(other, section) == part
    one, two = (engine.prepared(each).centre.tables for each in (config, other))
    names = {"channels": "channels", "staffing": "pools"}[section]
    assert getattr(two, names) == getattr(one, names)[::-1] != getattr(one, names)
    assert first_difference(engine.simulate(other, SEED, 0), anew(other)) is None


def test_points_with_a_staff_of_their_own_share_what_is_not_of_it(points: Configurations) -> None:
    one, other = (engine.prepared(points.at({"staffing.phone.agents": agents})) for agents in (10, 11))
    assert other.centre.feelings is one.centre.feelings
    assert other.arrivals.sources is one.arrivals.sources
    assert other.centre.tables.desks is not one.centre.tables.desks
    assert other.days is not one.days


def test_points_with_a_patience_of_their_own_share_what_is_not_of_channels(points: Configurations) -> None:
    one, other = (engine.prepared(points.at({"channels.phone.patience.mean": mean})) for mean in ("1 min", "2 min"))
    assert other.centre.tables.hops.row_of is one.centre.tables.hops.row_of
    assert other.arrivals.sources is one.arrivals.sources
    assert other.days is one.days
    assert other.centre.tables.desks is not one.centre.tables.desks

"""With coefficients of zero nothing is felt: the same log to the bit, whether feelings are asked or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.cli.compose import compose
from sim.engine import simulate
from sim.engine.simpy import setup
from sim.engine.simpy.moods import Mood
from sim.log.tables import Log
from sim.model import Configuration
from sim.model.feelings import Feelings
from tests.extreme.test_without_jit import everything

SHORT = ("engine=simpy", "run.warm_up=0", "run.measure='12 h'", "run.follow_limit='6 h'")
ZERO = Feelings(effects={"patience": 0, "public": 0, "give_up": 0}, public=(), relief=0.7)  # type: ignore[arg-type]


def centres() -> dict[str, Configuration]:
    """All mechanisms in a small centre, the shipped baseline, a plain queue."""
    return {
        "everything": everything().model_copy(update={"engine": "simpy"}),
        "baseline": Configuration.from_mapping(compose([*SHORT, "demand.scale=0.5", "feelings=none"])),
        "single queue": Configuration.from_mapping(compose([*SHORT, "centre=single_queue"])),
    }


@pytest.mark.parametrize("name", ["everything", "baseline", "single queue"])
def test_asking_for_nothing_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = centres()[name]
    plain = simulate(config, 5, 1)
    assert plain.contacts["entity"].size > 100
    assert simulate(config.changed(feelings=ZERO), 5, 1).same_as(plain)
    monkeypatch.setattr(setup, "mood_of", Mood)  # goes the whole way, with zeros
    assert simulate(config.changed(feelings=ZERO), 5, 1).same_as(plain)
    for table, column in (("contacts", "frustration"), ("customers", "frustration")):
        assert np.all(getattr(plain, table)[column] == 0)
    assert plain.posts["entity"].size == 0


def stripped(log: Log) -> Log:
    """The log without posts."""
    return replace(log, posts={})


def test_measuring_changes_nothing_but_posts() -> None:
    """Posts, satisfaction and churn look at journeys; they do not move them, even while frustration does."""
    felt = Feelings.model_validate(
        {"growth": {"failure": 1, "wait": 0.3, "restart": 0.5}, "effects": {"patience": 0.2, "public": 0.3}}
    )
    measured = Feelings.model_validate(
        felt.model_dump() | {
            "public": ("mail",), "posts": {"probability": 1, "reach": {"mean": 9}}, "churn": {"dissatisfied": 1},
            "advocates": {"probability": 1, "reach": {"mean": 9}}, "satisfaction": {"per_frustration": 1},
            "effects": {"patience": 0.2, "public": 0}, "customer_value": 10,
        }
    )  # fmt: skip
    config = everything()
    log = simulate(config.changed(feelings=measured), 2, 0)
    assert set(log.posts["kind"].tolist()) == {1, 2}
    assert stripped(simulate(config.changed(feelings=felt), 2, 0)).same_as(stripped(log))
    assert not stripped(simulate(config, 2, 0)).same_as(stripped(log))

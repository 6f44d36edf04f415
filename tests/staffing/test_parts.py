"""Slots, levels and formulas by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.base import FrozenDict
from sim.model.people import Pool
from sim.studies.staffing.groups import groups_to_solve, owner, staffed
from sim.studies.staffing.level import Level
from sim.studies.staffing.slots import planned, slots_of

from .known import Problem

CONFIG = Problem(load=3, patience=2, target=0.8, within=1 / 3, most_leave=1, most_busy=1).configuration(5, 7, 1, "6 h")


def with_pool(**changes: object):  # type: ignore[no-untyped-def]
    pool = CONFIG.staffing["team"].model_copy(update=changes)
    return CONFIG.model_copy(update={"staffing": FrozenDict({"team": pool})})


def test_days_with_the_same_plan_share_slots() -> None:
    slots = slots_of(with_pool(weekday=FrozenDict({"sat": 0.5, "sun": 0.5, "mon": 1.2})))
    assert slots.kinds == ("mon", "tue-fri", "sat,sun")
    assert slots.dates == (1, 4, 2)  # the window is the week from Tuesday on
    assert slots.count == 12
    assert slots.label(5) == ("tue-fri", "06:00")
    assert slots.of(np.array([0.0, 86400.0 + 6 * 3600, 5 * 86400.0 - 1])).tolist() == [0, 5, 7]


def test_the_plan_is_net_of_shrinkage_and_resampled() -> None:
    config = with_pool(said="scheduled", shrinkage=0.2, agents=10.0, profile=(0.0, 1.0, 0.5))
    assert planned(config, "team", 6 * 3600.0)[0] == pytest.approx([0, 8 * 4 / 6, 8 * 5 / 6, 4])


def test_agents_by_slot_become_counts_of_a_week() -> None:
    config = with_pool(weekday=FrozenDict({"mon": 2.0}))
    slots = slots_of(config)
    changed = staffed(config, slots, groups_to_solve(config, slots), {"team": np.array([1, 2, 3, 4, 5, 6, 7, 8])})
    counts = changed.staffing["team"].counts
    assert counts is not None
    assert counts.values[:8] == (1, 2, 3, 4, 5, 6, 7, 8)  # Monday, Tuesday
    assert len(counts.values) == 28
    assert planned(changed, "team", 6 * 3600.0)[6].tolist() == [5, 6, 7, 8]


def test_the_first_in_rank_owns_a_channel() -> None:
    helper = Pool.model_validate({"agents": 50, "serves": {"phone": 2}})
    config = CONFIG.model_copy(update={"staffing": FrozenDict({"helper": helper, **CONFIG.staffing})})
    assert owner(config, "phone") == "team"
    assert [group.name for group in groups_to_solve(config, slots_of(config))] == ["team"]


@pytest.mark.parametrize(("start", "needed"), [(1, 1), (1, 9), (5, 5), (6, 2), (20, 23)])
def test_a_level_is_found_from_either_side(start: int, needed: int) -> None:
    level, looks = Level(start), 0
    while not level.settled:
        level.learn(0.7 * (level.at - needed) - (0.2 if level.at < needed else 0.0))
        looks += 1
    assert level.at == needed
    assert looks < 12


def test_a_level_that_never_does_gives_up() -> None:
    level = Level(3)
    for _ in range(40):
        level.learn(-1.0)
    assert level.stuck
    assert level.at == 3

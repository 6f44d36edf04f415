"""Slots, levels and formulas by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import simulate
from sim.measures.spans import PoolTime
from sim.measures.window import Facts
from sim.model.base import FrozenDict
from sim.model.people import Pool
from sim.studies.staffing.groups import groups_to_solve, owner, staffed
from sim.studies.staffing.limits import Limit, Margin
from sim.studies.staffing.observed import SlotColumns
from sim.studies.staffing.search import Ladder
from sim.studies.staffing.slots import on_duty, slots_of

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
    assert on_duty(config, "team", 6 * 3600.0, range(1))[0] == pytest.approx([0, 8 * 4 / 6, 8 * 5 / 6, 4])


def test_agents_by_slot_become_counts_of_a_week() -> None:
    config = with_pool(weekday=FrozenDict({"mon": 2.0}))
    slots = slots_of(config)
    changed = staffed(config, slots, groups_to_solve(config, slots), {"team": np.array([1, 2, 3, 4, 5, 6, 7, 8])})
    counts = changed.staffing["team"].counts
    assert counts is not None
    assert counts.values[:8] == (1, 2, 3, 4, 5, 6, 7, 8)  # Monday, Tuesday
    assert len(counts.values) == 28
    assert on_duty(changed, "team", 6 * 3600.0, range(7))[6].tolist() == [5, 6, 7, 8]


def test_the_first_in_rank_owns_a_channel() -> None:
    helper = Pool.model_validate({"agents": 50, "serves": {"phone": 2}})
    config = CONFIG.model_copy(update={"staffing": FrozenDict({"helper": helper, **CONFIG.staffing})})
    assert owner(config, "phone") == "team"
    assert [group.name for group in groups_to_solve(config, slots_of(config))] == ["team"]


LEVEL = Limit("channel", "phone", "service_level", 0.8, True)


def margin_of(values: np.ndarray) -> Margin:
    """A margin with these values by replication, each of one contact."""
    return Margin(LEVEL, values, np.ones(values.size), np.zeros((values.size, 0)))


def observed(agents: int, needed: int) -> Margin:
    """A margin that is good from `needed` agents on, hardly noisy."""
    return margin_of(0.07 * (agents - needed) + 0.035 + np.array([-1e-3, 1e-3] * 10))


@pytest.mark.parametrize(("start", "needed"), [(1, 1), (1, 9), (5, 5), (6, 2), (20, 23)])
def test_the_fewest_agents_are_found_from_either_side(start: int, needed: int) -> None:
    ladder, looks = Ladder(None, start, 1, 100), 0  # type: ignore[arg-type]
    while not ladder.settled:
        number = ladder.best if ladder.fewer is None else ladder.fewer
        ladder.learn(number, [observed(number, needed)])
        looks += 1
    assert ladder.best == needed
    assert looks < 12


def test_a_number_that_only_just_meets_its_limit_gets_one_more() -> None:
    """0.2 points of room, and a confirmation whose standard error is 0.2 points: it would fail every other time."""
    ladder = Ladder(None, 10, 1, 100)  # type: ignore[arg-type]
    ladder.learn(10, [margin_of(0.002 + np.array([-0.02, 0.02] * 50))])
    assert not ladder.does(10)
    assert ladder.best == 11


def test_a_limit_that_no_number_meets_is_given_up() -> None:
    ladder = Ladder(None, 3, 1, 100)  # type: ignore[arg-type]
    for _ in range(60):
        if not ladder.stuck:
            ladder.learn(ladder.best, [margin_of(-0.5 + np.array([-0.1, 0.1] * 10))])
    assert ladder.stuck


def test_a_margin_of_skewed_service_levels_claims_less_than_a_plain_t_test() -> None:
    """Nearly all days are perfect and one in twenty is lost: the t test takes the calm days for knowledge."""
    days = np.where(np.arange(40) % 20 == 7, -2.35, 0.2)
    margin = margin_of(days)
    plain = days.mean() / days.std(ddof=1) * np.sqrt(40)
    assert margin._unskewed() < plain


def test_what_is_known_of_a_margin_is_taken_out_of_its_noise() -> None:
    """Days with more work are worse by a known amount: at the mean amount of work the margin is the same every day."""
    work = np.linspace(-1, 2, 50)
    with_work = Margin(LEVEL, 0.1 - 0.05 * work, np.ones(50), work[:, None])
    assert with_work.value == pytest.approx(0.1)
    assert with_work.spread == pytest.approx(0.0, abs=1e-9)
    assert margin_of(0.1 - 0.05 * work).value < 0.1


def test_agents_time_by_slot_is_that_of_the_plan() -> None:
    """Of the days of each kind together, hand sums; what a slot has none of is in no column."""
    config = with_pool(
        weekday=FrozenDict({"sat": 0.5, "sun": 0.5, "mon": 2.0}), agents=4.0, profile=(0.5, 1.0, 1.0, 1.0)
    )
    slots = slots_of(config)
    facts = Facts(simulate(config, 1, 0), config)
    facts.columns = SlotColumns(config, facts.log.window, slots)
    duty = PoolTime(facts).duty[0] / (6 * 3600)
    by_kind = {"mon": 8, "tue-fri": 4 * 4, "sat,sun": 2 * 2}
    assert slots.kinds == tuple(by_kind)
    expected = [agents * share for agents in by_kind.values() for share in (0.5, 1, 1, 1)]
    assert duty[1:] == pytest.approx(expected, rel=0.01)  # who finishes a contact is on duty no more
    assert duty[0] == pytest.approx(duty[1:].sum())

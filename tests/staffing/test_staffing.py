"""How many agents: the number that Erlang A knows; earlier service spares later agents; the answer runs at once."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import special

from sim.errors import InputError
from sim.model import Configuration
from sim.model.base import FrozenDict
from sim.model.channels import DeferredChannel
from sim.model.people import Demand, Stream
from sim.studies.staffing.observed import simulated
from sim.studies.staffing.study import Study, verdict

from .known import MORNING, Problem, morning_that_comes_back

EVERYDAY = (
    Problem(load=3, patience=2, target=0.8, within=1 / 3, most_leave=1, most_busy=1),  # the service level decides
    Problem(load=3, patience=6, target=0.7, within=0.5, most_leave=0.05, most_busy=1),  # abandonment decides
    Problem(load=2, patience=2, target=0.5, within=1, most_leave=1, most_busy=0.53),  # occupancy decides
)
LONG = (
    Problem(load=8, patience=2, target=0.8, within=1 / 3, most_leave=0.05, most_busy=0.85),
    Problem(load=8, patience=2, target=0.7, within=0.5, most_leave=1, most_busy=1),
    Problem(load=3, patience=6, target=0.9, within=0.25, most_leave=0.03, most_busy=0.75),
)


def solved(config: Configuration) -> Study:
    study = Study(config)
    study.solve()
    study.confirm()
    return study


def check(problem: Problem, days: int, replications: int, off: int) -> None:
    """The exact number from a plan that is `off` it; and that noise could not have decided (5 standard errors)."""
    exact = problem.exact
    study = solved(problem.configuration(max(1, exact + off), days, replications))
    assert study.holds
    assert study.agents["team"].tolist() == [exact]
    broken = min(problem.margins(exact - 1), key=problem.margins(exact - 1).__getitem__)
    for limit, value, half in study.judged(study.groups[0]):
        count = study.after.sums.shape[0]
        error = half[0] / special.stdtrit(count - 1, 0.975)
        whole = error * np.sqrt(count / study.replications)
        good, bad = problem.margins(exact)[limit.measure], problem.margins(exact - 1)[limit.measure]
        assert good > 5 * whole
        assert limit.measure != broken or bad < -5 * whole
        assert abs(value[0] - problem.measured(exact)[limit.measure][0]) < 3.3 * error


@pytest.mark.parametrize("problem", EVERYDAY, ids=["level", "abandonment", "occupancy"])
def test_the_number_is_that_of_erlang_a(problem: Problem) -> None:
    check(problem, days=2, replications=4, off=-2)


@pytest.mark.slow
@pytest.mark.parametrize("off", [-4, 6])
@pytest.mark.parametrize("problem", LONG)
def test_the_number_is_that_of_erlang_a_at_larger_loads(problem: Problem, off: int) -> None:
    check(problem, days=6, replications=10, off=off)


@cache
def morning() -> Study:
    return solved(morning_that_comes_back())


def test_fixing_the_morning_spares_agents_later() -> None:
    """The naive requirement takes later volumes as they are under the plan; they are redials of the morning."""
    study = morning()
    (group,) = study.groups
    later = slice(MORNING + 1, MORNING + 4)  # after that the night, when hardly anybody calls
    naive, needed = study.formulas["team"].all_asked[later], study.agents["team"][later]
    assert study.agents["team"][MORNING] > 2 * group.plan[MORNING]
    assert needed[0] <= naive[0] - 4
    assert needed.sum() < naive.sum()
    assert (study.after.offered("phone")[MORNING + 2] < 0.6 * study.plan.offered("phone")[MORNING + 2]).all()


def test_the_later_agents_do_only_after_the_morning_is_fixed() -> None:
    """The same agents from 10:00 on, with the planned morning before them, surely miss the target."""
    study, at = morning(), MORNING + 1
    (group,) = study.groups
    agents = study.agents["team"].copy()
    agents[MORNING] = group.plan[MORNING]
    seen = simulated(study.staffed_with({"team": agents}), study.slots, first=100_000)
    value, half = (each[1 + at] for each in seen.with_interval("channel", "phone", "service_level", 0.99))
    assert value + half < 0.8
    limit, fixed, width = study.judged(group)[0]
    assert verdict(limit, fixed[1 + at], width[1 + at]) in ("meets", "within noise")


def test_a_group_nobody_knows_is_refused() -> None:
    config = EVERYDAY[0].configuration(4, 1, 1)
    asked = config.study.staffing.model_copy(update={"groups": ("teem",)})
    with pytest.raises(InputError, match="study.staffing.groups: unknown agent group 'teem'; did you mean 'team'"):
        Study(config.model_copy(update={"study": config.study.model_copy(update={"staffing": asked})}))


def test_agents_with_two_chats_at_a_time_are_counted_by_what_they_do() -> None:
    """Two chats at full speed each: every agent is two servers of Erlang A. The search knows nothing of it."""
    problem = EVERYDAY[1]
    config = problem.configuration(9, days=2, replications=3)
    two = config.staffing["team"].model_copy(update={"concurrency": FrozenDict({"phone": 2}), "speeds": (1.0, 2.0)})
    study = solved(config.model_copy(update={"staffing": FrozenDict({"team": two})}))
    assert study.agents["team"].tolist() == [-(-problem.exact // 2)]


def test_a_group_with_mail_beside_calls_gets_what_both_need() -> None:
    """Half as much work again in mails to answer within the hour: calls alone would do with fewer agents."""
    alone = EVERYDAY[0]
    config = alone.configuration(12, days=2, replications=2, interval="24 h")
    mail = DeferredChannel.model_validate(
        {
            "kind": "deferred",
            "service": {"law": "exponential", "mean": "6 min"},
            "target": {"share": 0.9, "within": "1 h"},
        }
    )
    stream = Stream.model_validate({"per_day": 960, "first_channel": {"mail": 1}})
    serves = config.staffing["team"].model_copy(update={"serves": FrozenDict({"phone": 1, "mail": 2})})
    rows = config.journeys.model_copy(
        update={"rows": FrozenDict({**config.journeys.rows, "mail": config.journeys.rows["phone"]})}
    )
    config = config.changed(
        channels=FrozenDict({**config.channels, "mail": mail}), staffing=FrozenDict({"team": serves}), journeys=rows,
        demand=Demand(streams={**config.demand.streams, "mails": stream}),
    )  # fmt: skip
    study = solved(config)
    assert study.holds
    assert (study.agents["team"] >= 8).all()  # 3 Erlang of calls and 4 of mails
    assert (study.agents["team"] <= 12).all()
    judged = {limit.name: verdict(limit, value[0], half[0]) for limit, value, half in study.judged(study.groups[0])}
    assert judged["mail"] == "meets"

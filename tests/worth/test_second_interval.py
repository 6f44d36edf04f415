"""The second interval where Erlang A knows every parameter set's answer; fresh replications; mistakes."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.model import Configuration
from sim.plots.worth import draw
from sim.studies.worth.answer import Answer
from sim.studies.worth.confirm import compared, confirmed, judged, verdict
from sim.studies.worth.study import Worth
from sim.studies.worth.unknowns import WorthInputs, along
from sim.studies.worth.words import worth_table

from .known import AGENTS, abandonment, container, needed, service_level

LEVEL, LEFT = "channel.phone.service_level", "channel.phone.abandoned"
RANGES = {
    "talk": {"key": "channels.phone.service.mean", "low": "4.5 min", "high": "5.5 min"},
    "saved": {"key": "integration.time_saved", "low": 0.35, "high": 0.65},
}


def study(folder: Path, ranges: dict[str, Any], measure: str = "1 day", **options: Any) -> tuple[Worth, WorthInputs]:
    """Full integration alone, half the length and half the replications of the other tests."""
    asked = container(ranges, levels=[0, 1], constraints=[LEVEL, LEFT], allocation=["cheapest"], sets=10,
                       confirm_replications=8, **options)  # fmt: skip
    asked["study"]["sweep"] = {"folder": str(folder)}
    asked["run"].update(measure=measure, replications=4)
    worth = Worth(Configuration.from_mapping(asked))
    return worth, WorthInputs(worth, asked)


def exact(talk: float, saved: float) -> float:
    """Agents freed by full integration."""
    return AGENTS - max(needed(measure, talk, saved) for measure in (service_level, abandonment))


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Worth, WorthInputs, list[Answer]]:
    worth, inputs = study(tmp_path_factory.mktemp("sets"), RANGES)
    return worth, inputs, inputs.with_both(list(worth.answers()))


def test_each_parameter_set_frees_what_erlang_a_says(solved: tuple[Worth, WorthInputs, list[Answer]]) -> None:
    """One Newton step from today's answer against the exact answer of each set: within a fifth of the sets' spread on
    average (what is left is simulation noise of two replications and the curve of the margins)."""
    worth, inputs, _ = solved
    assert inputs.swept is not None
    shifts, residuals = inputs._misses("cheapest", [1.0], False)
    assert inputs.swept.tasks == 0  # all of it was on disk
    found = inputs._freed("cheapest", 1.0, shifts[0], residuals[0])
    values = [point.values for point in inputs.swept.points[2::2]]
    truth = [
        exact(float(str(each["channels.phone.service.mean"]).split()[0]) / 60, float(each["integration.time_saved"]))
        for each in values
    ]
    deviation = np.array(truth) - exact(5.0, 0.5)
    assert np.corrcoef(found, deviation)[0, 1] > 0.95
    assert np.sqrt(np.mean((found - deviation) ** 2)) < 0.25 * deviation.std() + 0.1


def test_the_wide_interval_holds_the_narrow_one_and_the_exact_range(
    solved: tuple[Worth, WorthInputs, list[Answer]],
) -> None:
    worth, inputs, answers = solved
    today, full = (next(each for each in answers if each.level == level) for level in (0, 1))
    assert today.both is None
    assert full.both is not None
    low, high = full.both
    assert low < full.freed - full.half_width < full.freed + full.half_width < high
    corners = [exact(talk, saved) for talk in (4.5, 5.5) for saved in (0.35, 0.65)]
    assert min(corners) - 0.5 < low < high < max(corners) + 0.5
    assert full.spread is not None
    assert f"95 % {low:.1f} to {high:.1f}; none with probability 0%" in full.words
    assert low < full.spread.agents[1] < full.spread.median < full.spread.agents[3] < high
    assert 0.1 < full.spread.rank < 0.9
    per_agent = full.saved_per_year / full.freed  # nothing is paid for integration here, and wages have no range
    assert np.allclose(full.spread.net, np.array(full.spread.agents) * per_agent)


def test_other_replications_confirm(solved: tuple[Worth, WorthInputs, list[Answer]]) -> None:
    worth, inputs, answers = solved
    (plan,) = confirmed(worth, answers)
    assert plan.holds
    assert {each.scenario for each in plan.differences} == {"cheapest at 1"}
    assert all(judged(each, worth.asked.margin) == "shown" for each in plan.differences)
    full = next(each for each in answers if each.level == 1)
    assert full.freed - 0.7 < plan.freed < full.freed + 0.05  # what it takes to be shown costs a part of an agent
    one, other = (worth.staffed(0.0, worth.groups.peaks, fresh).replications for fresh in (0, 1))
    assert len(one) == worth.asked.confirm_replications
    assert not {*one} & {*worth.baseline.replications, *other}
    table = worth_table(worth, answers, inputs, [plan])
    assert "10 sets of 2 parameters" in table
    assert "1 of 1 plans hold: all their constraints are shown on 8 replications" in table
    assert draw(worth, answers).axes


def test_far_too_few_agents_are_called_worse_and_mended(solved: tuple[Worth, WorthInputs, list[Answer]]) -> None:
    worth, _, answers = solved
    full = next(each for each in answers if (each.rule, each.level) == ("cheapest", 1))
    found = worth.found["cheapest", 1.0]
    few = worth.staffed(1.0, worth.groups.peaks * (found.point - 0.15), 0)
    baseline = worth.staffed(0.0, worth.groups.peaks, 0)
    said = verdict(compared("too few", baseline, few, worth.constraints.names), worth.asked.margin)
    assert "worse: channel.phone." in said
    worth.found["cheapest", 1.0] = dataclasses.replace(found, point=found.point - 0.15)
    (plan,) = confirmed(worth, [full])
    worth.found["cheapest", 1.0] = found
    assert plan.rounds > 1
    assert plan.freed < full.freed + 0.15  # as exact as the noise of two rounds


def test_ranges_of_what_the_study_varies_are_refused(tmp_path: Path) -> None:
    agents = {"staff": {"key": "staffing.team.agents", "low": 5, "high": 9}}
    with pytest.raises(InputError, match="study.ranges.staff: moves staffing.team.agents, which study=worth varies"):
        study(tmp_path, agents, "1 h")
    with pytest.raises(InputError, match="nothing to vary"):
        study(tmp_path, {}, "1 h")


def test_levels_between_lie_on_a_parabola_through_today() -> None:
    def curve(x: float) -> float:
        return 3 * x - 2 * x**2

    found = along([np.array([curve(1.0)]), np.array([curve(0.4)])], [1.0, 0.4], 0.0, 0.7)
    assert found[0] == pytest.approx(curve(0.7))
    assert along([np.array([2.0])], [0.5], 0.1, 0.3)[0] == pytest.approx(1.0)

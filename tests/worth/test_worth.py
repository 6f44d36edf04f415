"""What integration is worth in agents, where Erlang A knows it; monotone; the same luck; nothing for nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import InputError
from sim.model import Configuration
from sim.plots.worth import draw, title
from sim.studies.worth.agent_groups import with_peaks
from sim.studies.worth.answer import Answer
from sim.studies.worth.cheapest import least
from sim.studies.worth.constraints import Margins
from sim.studies.worth.study import Worth
from sim.studies.worth.words import worth_table, write_worth

from .known import AGENTS, abandonment, configuration, needed, service_level

LEVEL, LEFT = "channel.phone.service_level", "channel.phone.abandoned"


@pytest.fixture(scope="module")
def study() -> Worth:
    return Worth(configuration(levels=[0, 0.5, 1], constraints=[LEVEL, LEFT]))


@pytest.fixture(scope="module")
def answers(study: Worth) -> list[Answer]:
    return list(study.answers())


def of(answers: list[Answer], level: float, rule: str = "cheapest") -> Answer:
    return next(each for each in answers if (each.rule, each.level) == (rule, level))


def test_full_integration_frees_what_erlang_a_says(answers: list[Answer]) -> None:
    exact = max(needed(service_level), needed(abandonment))  # both constraints hold at the larger
    found = of(answers, 1)
    assert found.converged
    assert abs(found.agents - exact) < found.half_width + 0.05  # 0.05: the switch of agents every four hours
    assert 0 < found.half_width < 0.5


def test_the_baselines_own_level_frees_exactly_nothing(answers: list[Answer]) -> None:
    found = of(answers, 0)
    assert (found.freed, found.half_width, found.peaks) == (0.0, 0.0, (float(AGENTS),))


def test_more_integration_frees_more(answers: list[Answer]) -> None:
    freed = [of(answers, level).freed for level in (0, 0.5, 1)]
    assert freed == sorted(freed)
    assert freed[1] > 0.5


def test_with_one_group_both_rules_agree_and_nothing_is_simulated_twice(study: Worth, answers: list[Answer]) -> None:
    """Up to the search's tolerance: the second search begins with the slopes that the first ended with."""
    for level in (0, 0.5, 1):
        (one,), (other,) = of(answers, level, "proportional").peaks, of(answers, level).peaks
        assert abs(one - other) < study.asked.tolerance
    assert study.runs == 1 + len(study._seen)


def test_the_same_luck_on_both_sides(study: Worth, answers: list[Answer]) -> None:
    """At the baseline margins are 0 in every replication; beside it they vary less than independent ones would."""
    same = study._seen[0.0, (1.0,)]
    assert not same.values.any()
    assert not same.residuals.any()
    config = with_peaks(study.at(0.0), study.groups, study.groups.peaks * 0.95)
    beside = study.constraints.margins(study.simulated(config))
    assert (beside.values < 0).all()
    alone = np.array([residuals.std() for _, residuals in study.constraints._base])
    assert (beside.residuals.std(axis=0) < 0.7 * alone * math.sqrt(2)).all()


def test_money_follows_people(study: Worth, answers: list[Answer]) -> None:
    found = of(answers, 1)
    assert found.fte_freed == pytest.approx(found.freed * 168 / 40)
    assert found.saved_per_year == pytest.approx(found.freed * 168 * 20 * 365 / 7)


def test_the_report_says_it(study: Worth, answers: list[Answer], tmp_path) -> None:  # type: ignore[no-untyped-def]
    write_worth(tmp_path / "worth.csv", study, answers)
    lines = (tmp_path / "worth.csv").read_text().splitlines()
    assert len(lines) == 1 + len(answers)
    assert lines[0].endswith("agents_team")
    assert of(answers, 1).words in worth_table(study, answers)
    assert title(study, answers).startswith("Integration.level at 1 frees 3.")
    assert draw(study, answers).axes


@pytest.mark.parametrize(
    ("constraint", "says"),
    [
        ("channel.phone.service_levl", "did you mean 'channel.phone.service_level'"),
        ("phone", "no measure 'phone'"),
        ("channel.phone.aht", "neither direction is better"),
    ],
)
def test_a_constraint_that_cannot_be_held_is_refused(study: Worth, constraint: str, says: str) -> None:
    from sim.studies.worth.constraints import Constraints

    with pytest.raises(InputError, match=f"study.worth.constraints: .*{says}"):
        Constraints([constraint], study.baseline, study.asked.margin)


def test_groups_without_a_peak_are_refused(study: Worth) -> None:
    from sim.studies.worth.agent_groups import groups_of

    pool = study.config.staffing["team"].model_copy(update={"agents": 0.0})
    shifts = study.config.model_copy(update={"staffing": {"team": pool}})
    with pytest.raises(InputError, match="staffing.team: has no peak"):
        groups_of(shifts, ["phone"])
    with pytest.raises(InputError, match="no agent group serves"):
        groups_of(study.config, ["website"])


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(InputError, match="study.worth.allocation"):
        configuration(allocation=["cheepest"])


def test_the_cheapest_mix_is_found_where_one_group_at_a_time_would_stop() -> None:
    """Two groups; each one's constraint leans a little on the other: both bind at (0.8, 0.6), found from (1, 1)."""
    slopes, answer = np.array([[3.0, 0.3], [0.2, 2.0]]), np.array([0.8, 0.6])

    def margins(point: np.ndarray) -> Margins:
        values = slopes @ (point - answer) - 0.5 * (point - answer) ** 2  # saturating, as service levels are
        return Margins(values, np.array([[0.1, 0.0], [-0.1, 0.0]]))

    found = least(margins, np.ones(2), np.array([2.0, 1.0]), (0.1, 3.0), np.full(2, 1e-6))
    assert found.converged
    assert found.point == pytest.approx(answer, abs=1e-5)
    expected = -np.linalg.solve(slopes, [0.1, 0.0]).sum()  # the noise of the first margin, moved into agents
    assert found.deviations(np.ones(2))[0] == pytest.approx(expected, rel=1e-2)


def test_a_constraint_that_only_wakes_further_down_is_still_held() -> None:
    """Saturated above 0.7 of present staffing, so without a slope where the search begins: the answer is safe."""

    def margins(point: np.ndarray) -> Margins:
        return Margins(5 * np.minimum(point - 0.7, 0.0), np.zeros((2, 1)))

    found = least(margins, np.ones(1), np.ones(1), (0.1, 3.0), np.full(1, 1e-3))
    assert found.converged
    assert 0.7 - 1e-3 <= found.point[0] < 0.85
    assert margins(found.point).values[0] >= -0.01


def test_a_start_that_breaks_a_constraint_is_mended() -> None:
    def margins(point: np.ndarray) -> Margins:
        return Margins(4 * np.log(point / 1.5), np.zeros((2, 1)))

    found = least(margins, np.ones(1), np.ones(1), (0.1, 3.0), np.full(1, 1e-4))
    assert found.converged
    assert found.point[0] == pytest.approx(1.5, abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_noise_of_small_moves_does_not_throw_slopes_about(seed: int) -> None:
    """A line of slope 8 through 0.6 with a new error at every point looked at, as its replications show."""

    def margins(point: np.ndarray) -> Margins:
        noise = np.random.default_rng([seed, round(1e6 * point[0])]).normal(0, 0.1, (6, 1))
        return Margins(8 * (point - 0.6) + noise.mean(axis=0), noise - noise.mean(axis=0))

    found = least(margins, np.ones(1), np.ones(1), (0.1, 3.0), np.full(1, 5e-3))
    assert found.slopes[0, 0] == pytest.approx(8, rel=0.2)
    assert found.point[0] == pytest.approx(0.6, abs=0.03)


def test_words_when_a_level_needs_more() -> None:
    more = Answer("cheapest", 0.2, 10.0, -1.0, 0.5, (11.0,), 0, 0, 0, (), True)
    assert more.words == "integration.level at 0.2 needs 1.0 more agents (0.5 to 1.5) of 10"


def test_the_shipped_study_is_valid() -> None:
    from sim.cli.compose import compose

    config = Configuration.from_mapping(compose(["study=worth", "run.seed=3"]))
    assert (config.study.kind, config.run.replications, config.run.end) == ("worth", 16, "drain")
    assert config.study.worth.constraints == ("auto",)

"""The search for the cheapest staffing cannot lie: never dearer than a feasible plan it has seen, never infeasible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.chance.philox import uniform
from sim.studies.worth.cheapest import feasible, least
from sim.studies.worth.constraints import Floats, Margins
from sim.studies.worth.study import between

BOUNDS = (0.1, 3.0)


class Centre:
    """Margins of three groups and four constraints: concave in agents, with noise that depends on the point."""

    def __init__(self, seed: int, noise: float, gain: float) -> None:
        draws = np.array([uniform(seed, 0, i, 0, 1) for i in range(12)]).reshape(4, 3)
        self.slopes, self.noise, self.gain, self.seed = 4 * draws, noise, gain, seed
        self.points: list[Floats] = []

    def margins(self, point: Floats) -> Margins:
        """As simulated at a point."""
        self.points.append(point)
        key = int(abs(point @ np.array([1.0, 7.0, 49.0])) * 1e9) % 2**50
        luck = np.array([uniform(self.seed, 1, key, i, 1) - 0.5 for i in range(4)])
        saved = 1 + self.gain
        values = self.slopes @ (np.sqrt(np.maximum(point * saved, 0)) - 1) + self.noise * luck
        residuals = np.array([[uniform(self.seed, 2 + r, key, i, 1) - 0.5 for i in range(4)] for r in range(3)])
        return Margins(values, residuals - residuals.mean(axis=0))


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10**6), noise=st.sampled_from([0.0, 0.05, 0.5, 2.0]),
    gain=st.sampled_from([-0.3, 0.0, 0.2, 0.6]),
)  # fmt: skip
def test_never_dearer_than_a_feasible_plan_that_was_seen(seed: int, noise: float, gain: float) -> None:
    centre = Centre(seed, noise, gain)
    cost, slack, tolerance = np.array([2.0, 1.0, 0.5]), np.full(4, 0.01), np.full(3, 0.01)
    found = least(centre.margins, np.ones(3), cost, BOUNDS, tolerance)
    seen = [*centre.points]
    answer = feasible(found, centre.margins, seen, cost, slack, tolerance)
    holds = [point for point in seen if (centre.margins(point).values >= -slack).all()]
    if holds:
        assert cost @ answer.point <= min(cost @ point for point in holds) + 1e-6
    if answer.converged:
        assert (centre.margins(answer.point).values >= -slack).all()


def test_where_nothing_is_freed_and_the_slopes_mislead_the_present_staffing_stands() -> None:
    """Slopes of a group that noise hides made the search take all of it away; today's plan was feasible all along."""
    centre = Centre(5, 3.0, 0.0)
    cost, slack, tolerance = np.ones(3), np.full(4, 2.0), np.full(3, 0.01)
    found = least(centre.margins, np.ones(3), cost, BOUNDS, tolerance)
    answer = feasible(found, centre.margins, [np.ones(3), *centre.points], cost, slack, tolerance)
    assert cost @ answer.point <= 3.0


def test_an_exact_centre_is_found() -> None:
    """Without noise the answer is where the tightest constraint of the same shape binds: 1 / (1 + gain) of each."""
    centre = Centre(11, 0.0, 0.25)
    cost, slack, tolerance = np.ones(3), np.zeros(4) + 1e-9, np.full(3, 0.002)
    found = least(centre.margins, np.ones(3), cost, BOUNDS, tolerance)
    answer = feasible(found, centre.margins, list(centre.points), cost, slack, tolerance)
    assert cost @ answer.point <= 3 / 1.25 + 0.03
    assert (centre.margins(answer.point).values >= -0.02).all()
    assert pytest.approx(1.0) == sum(answer.point >= 0.1) / 3


OWN = np.array([[6.0, 0.0, 0.0], [0.0, 6.0, 0.0], [0.0, 0.0, 6.0], [3.0, 0.0, 0.0]])
"""each group serves a channel of its own, the first has two measures, and all of them a little of the others"""


@pytest.mark.parametrize(("noise", "off"), [(0.0, 0.005), (0.05, 0.03), (0.1, 0.05)])
def test_a_plan_at_the_limit_settles_though_noise_is_wider_than_the_slack(noise: float, off: float) -> None:
    """Noise of up to 0.05 either way where 0.03 may be missed: the end of a search breaks a constraint every second
    time, and is mended. All of 20 seeds, declared, settle beside the known answer."""
    for seed in range(20):
        centre = Centre(seed, noise, 0.25)
        centre.slopes = OWN + centre.slopes / 8
        cost, slack, tolerance = np.array([2.0, 1.0, 0.5]), np.full(4, 0.03), np.full(3, 0.01)
        first = least(centre.margins, np.ones(3), cost, BOUNDS, tolerance)
        found = least(centre.margins, first.point, cost, BOUNDS, tolerance)
        answer = feasible(found, centre.margins, list(centre.points), cost, slack, tolerance, BOUNDS)
        assert answer.converged, seed
        assert abs(cost @ answer.point - cost.sum() / 1.25) < off, seed


def test_slopes_that_noise_explains_are_none() -> None:
    """A group that does not serve a channel must not look like cheap help for it."""
    centre = Centre(3, 0.02, 0.0)
    centre.slopes = np.vstack([np.eye(3), np.eye(3)[:1]]) * 6.0
    found = least(centre.margins, np.ones(3), np.ones(3), BOUNDS, np.full(3, 0.01))
    assert np.count_nonzero(found.slopes) <= 4 + 2


def test_searches_begin_between_the_levels_on_both_sides() -> None:
    done = {0.0: np.array([1.0, 1.0]), 1.0: np.array([0.8, 0.9])}
    assert between(done, 0.25) == pytest.approx([0.95, 0.975])
    assert between(done, 2.0) == pytest.approx([0.8, 0.9])
    assert between({2.0: np.ones(1)}, 1.0) == pytest.approx([1.0])

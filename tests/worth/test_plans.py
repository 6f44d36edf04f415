"""What a plan needs beyond the limit to be shown to hold, and how it is mended where it was not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from sim.chance.philox import uniform
from sim.studies.worth.cheapest import Least
from sim.studies.worth.confirm import reserve
from sim.studies.worth.constraints import Margins

SEED = 20261126  # declared before the first run


def residuals(n: int, k: int, spread: float) -> np.ndarray:
    """Normal ones with mean 0 and exactly this standard deviation."""
    draws = np.array([[special.ndtri(uniform(SEED, 0, i, j, 1)) for j in range(k)] for i in range(n)])
    draws -= draws.mean(axis=0)
    return np.asarray(spread * draws / draws.std(axis=0, ddof=1))


def test_the_reserve_by_hand() -> None:
    """40 replications that differ by 1: a mean has a standard error of 0.158, and 2.023 of them must lie above the
    slack, with two more so that it happens in 98 % of cases."""
    found = reserve(Margins(np.zeros(2), residuals(16, 2, 1.0)), np.array([0.1, 0.7]), 40, 0.95)
    assert found[0] == pytest.approx((2.0227 + 2) / math.sqrt(40) - 0.1, abs=1e-4)
    assert found[1] == 0.0  # a wide slack is not used up


def test_a_plan_with_its_reserve_is_shown_as_often_as_promised() -> None:
    """One constraint, normal noise: 98 % of 2,000 fresh samples of 40 show it; a plan at the limit itself 8 %."""
    n, slack = 40, 0.1
    wanted = float(reserve(Margins(np.zeros(1), residuals(400, 1, 1.0)), np.array([slack]), n, 0.95)[0])
    draws = special.ndtri(np.array([[uniform(SEED, 1, i, j, 1) for j in range(n)] for i in range(2000)]))
    bound = draws.mean(axis=1) - special.stdtrit(n - 1, 0.975) * draws.std(axis=1, ddof=1) / math.sqrt(n)
    shown, at_the_limit = (float((bound + mean >= -slack).mean()) for mean in (wanted, 0.0))
    assert abs(shown - special.ndtr(2.0)) < 4 * math.sqrt(0.98 * 0.02 / 2000) + 0.005
    assert at_the_limit < 0.1


def test_mending_buys_what_is_short_from_the_group_that_sells_it_cheapest() -> None:
    """Two groups, a constraint each; the second is 0.3 short at a slope of 6: 0.05 more of it, nothing else."""
    slopes, none = np.array([[6.0, 0.0], [0.0, 6.0]]), np.zeros((4, 2))
    end = Least(np.array([0.8, 0.9]), Margins(np.zeros(2), none), slopes, np.ones(2, dtype=bool),
                np.ones(2, dtype=bool), True, np.zeros(2))  # fmt: skip
    mended = end.mended(Margins(np.array([0.0, -0.2]), none), np.ones(2), (0.1, 3.0), np.array([0.0, 0.1]))
    assert mended.point == pytest.approx([0.8, 0.95])

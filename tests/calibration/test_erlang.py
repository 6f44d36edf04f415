"""The fit's Erlang A, all intervals at once, is the theory's, one queue at a time."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sim.calibration.fit.erlang import Intervals
from sim.theory import ErlangA

WITHIN = 20.0
HANDLE = 240.0
QUEUES = list(product((0.004, 0.03, 0.12), (1, 6, 30), (20.0, 900.0)))


def answers_of(rate: float, agents: float, patience: float) -> np.ndarray:
    """(abandoned, in time, mean wait of the answered) of one interval, by the fit."""
    return Intervals(np.array([rate]), np.array([HANDLE]), np.array([agents]), WITHIN).answers(patience)


def theory_of(rate: float, agents: int, patience: float) -> tuple[float, float, float]:
    """The same by theory."""
    queue = ErlangA(rate, HANDLE, agents, patience)
    return queue.p_abandon, queue.p_served_within(WITHIN), queue.mean_wait_served


@pytest.mark.parametrize(("rate", "agents", "patience"), QUEUES)
def test_one_interval_is_erlang_a(rate: float, agents: int, patience: float) -> None:
    """From one agent to thirty, from a tenth of the capacity to twenty-nine times it."""
    np.testing.assert_allclose(
        answers_of(rate, agents, patience), theory_of(rate, agents, patience), rtol=1e-6, atol=1e-9
    )


def test_a_fraction_of_an_agent_is_one_with_that_probability() -> None:
    """6.25 agents are 6 in three of four intervals and 7 in the fourth; waits are those of all the answered."""
    (few, in_six, wait_six), (more, in_seven, wait_seven) = theory_of(0.03, 6, 90.0), theory_of(0.03, 7, 90.0)
    left = 0.75 * few + 0.25 * more
    waited = 0.75 * wait_six * (1 - few) + 0.25 * wait_seven * (1 - more)
    by_hand = (left, 0.75 * in_six + 0.25 * in_seven, waited / (1 - left))
    np.testing.assert_allclose(answers_of(0.03, 6.25, 90.0), by_hand, rtol=1e-6)


def test_intervals_weigh_by_their_contacts_and_factors_act_on_agents_and_volumes() -> None:
    two = Intervals(np.array([0.02, 0.04]), np.array([HANDLE, HANDLE]), np.array([5.0, 5.0]), WITHIN)
    quiet, busy = theory_of(0.02 * 1.5, 10, 90.0), theory_of(0.04 * 1.5, 10, 90.0)
    gave = two.answers(90.0, factor=2.0, volume=1.5)
    np.testing.assert_allclose(gave[:2], [quiet[k] / 3 + busy[k] * 2 / 3 for k in range(2)], rtol=1e-6)

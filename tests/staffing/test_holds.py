"""The sentence at the end is true: every interval meets its limits, in at least 95 % of tries.

The procedure is tried on margins whose truth is known, drawn by key: days of intervals with a true margin each, some of
them just below their limit, and agents that add a known amount. That is the confirmation itself, without a centre;
`test_whole_slow.py` does it with one, on a few mornings, against many replications of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import special

from sim.chance.philox import uniform
from sim.studies.staffing.confirmation import Confirmation
from sim.studies.staffing.limits import Limit
from sim.studies.staffing.needs import Need
from sim.studies.staffing.observed import Observed
from sim.studies.staffing.search import Ladder

SEED = 20261126  # declared before the first run
TRIES, INTERVALS, DAYS, STEP = 100, 12, 40, 0.08
SPREAD = 0.2
"""of an interval's service level from day to day"""
LIMIT = Limit("channel", "phone", "service_level", 0.8, True)


class Known:
    """Intervals of known service level at any number of agents."""

    def __init__(self, number: int, flat: bool) -> None:
        u = np.array([uniform(SEED, number, n, 0, 0) for n in range(INTERVALS)])
        self.margin = np.full(INTERVALS, -0.004) if flat else STEP * (u - 0.5)
        self.number, self.next = number, 0

    def truth(self, numbers: Sequence[int]) -> np.ndarray:
        """True margins with these agents, of which 10 are the start."""
        return self.margin + STEP * (np.array(numbers) - 10)

    def simulate(self, numbers: Sequence[int], count: int) -> Observed:
        """Fresh days: a normal service level for each interval and one contact each."""
        keys = range(self.next, self.next + count)
        self.next += count
        noise = special.ndtri([[uniform(SEED, self.number, k, n, 1) for n in range(INTERVALS)] for k in keys])
        level = 0.8 + self.truth(numbers) + SPREAD * noise
        sums = np.zeros((count, 8, 1 + INTERVALS))
        sums[:, 0, 1:], sums[:, 1, 1:] = level, 1.0
        return Observed(("phone",), ("team",), sums)


def confirmed(known: Known) -> Confirmation:
    group = SimpleNamespace(name="team")
    needs = [Need(group, (n,), ((1 + n,),), (LIMIT,)) for n in range(INTERVALS)]  # type: ignore[arg-type]
    ladders = [Ladder(need, 10, 1, DAYS) for need in needs]
    check = Confirmation(ladders, [10] * INTERVALS, known.simulate, DAYS, 0.95, 12)
    check.run(lambda short: None)
    return check


@pytest.mark.parametrize("flat", [True, False], ids=["flat", "varying"])
def test_what_is_confirmed_is_true(flat: bool) -> None:
    """The binomial 99 % bound on 5 % wrong statements in the tries."""
    wrong = made = 0
    for number in range(TRIES):
        known = Known(number, flat)
        check = confirmed(known)
        made += check.holds
        wrong += check.holds and bool((known.truth(check.numbers) < 0).any())
    assert made > 0.8 * TRIES
    assert wrong <= special.bdtrik(0.99, TRIES, 0.05)

"""The check of every import: what is off is said by day and in words, what is noise is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.calibration.check import check, comparisons
from sim.calibration.compared import ABANDONED, IN_TIME, OFFERED, SUMS

from .test_days import HOURS, centre_of, table_of

DAYS = {day: list(HOURS) for day in range(5)}


def simulated(factor_of_monday: float) -> list[np.ndarray]:
    """Ten replications that give every day back, within a contact or so, and Monday times a factor."""
    table = table_of(DAYS)
    offered = np.nan_to_num(table.offered[0])
    offered[0] *= factor_of_monday
    found = []
    for replication in range(10):
        sums = np.zeros((1, *offered.shape, SUMS))
        sums[0, ..., OFFERED] = offered * (1 + 0.002 * (replication - 4.5) / 4.5)
        found.append(sums)
    return found


def test_a_flooded_monday_is_said_first_in_words() -> None:
    table = table_of(DAYS)
    first = check(table, centre_of(table), simulated(1.18))[0]
    assert first == "not as in the file: Monday 3 March, phone: offered +18% (283 for 240)"


def test_a_file_that_comes_back_is_said_in_one_sentence() -> None:
    table = table_of(DAYS)
    (sentence,) = check(table, centre_of(table), simulated(1.0))
    assert sentence.startswith("the file comes back: all 13 numbers of its days and hours are within noise")


def test_another_month_is_held_against_what_the_fit_leaves_open() -> None:
    """Service 12 points off with hardly any noise: said of the fitted period, but not where 6 points are unknown."""
    table = table_of(DAYS)
    table = replace(table, sl_pct=np.where(np.isnan(table.offered), np.nan, 80.0))
    sums = simulated(1.0)
    for each in sums:
        each[0, ..., IN_TIME] = 0.92 * each[0, ..., OFFERED]
    config = centre_of(table)
    assert "service level +12.0 points" in check(table, config, sums)[0]
    (sentence,) = check(table, config, sums, {("phone", "service level"): 0.06})
    assert "within noise and what the fit leaves open of roster and patience" in sentence
    assert "service level" in check(table, config, sums, {("phone", "service level"): 0.01})[0]


def test_a_night_of_few_calls_is_said_when_it_is_off_beyond_its_noise() -> None:
    """Four calls a half-hour from three to four in a week: of 56 calls at 2 % the abandoned share has a standard
    deviation of 1.9 points, so that 2.1 points more in the file are noise and 18 are not."""
    table, share, night = table_of(dict.fromkeys(range(7), list(range(24)))), 0.02, slice(6, 8)
    offered = table.offered.copy()
    offered[..., night] = 4
    rng, sums = np.random.default_rng(20261127), np.zeros((60, *offered.shape, SUMS))
    sums[..., OFFERED], sums[..., ABANDONED] = offered, rng.binomial(offered.astype(int), share, (60, *offered.shape))
    said = {}
    for more in (2.1, 18.0):
        left = np.full(offered.shape, 100 * share)
        left[..., night] += more
        lonely = replace(table, offered=offered, abandoned_pct=left)
        (told,) = (
            each
            for each in comparisons(lonely, centre_of(lonely), list(sums))
            if each.when == "03 to 04 h" and each.quantity == "abandoned"
        )
        assert told.deviation == pytest.approx((share * (1 - share) / 56) ** 0.5, rel=0.3)
        said[more] = check(lonely, centre_of(lonely), list(sums))[0]
    assert said[2.1].startswith("the file comes back")
    assert said[18.0].startswith("not as in the file: 03 to 04 h, phone: abandoned -1")

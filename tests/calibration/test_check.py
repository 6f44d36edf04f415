"""The check of every import: what is off is said by day and in words, what is noise is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.calibration.check import check
from sim.calibration.compared import IN_TIME, OFFERED, SUMS

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

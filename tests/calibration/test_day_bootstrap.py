"""The bootstrap of days: linearised it has the covariance of real samples, and what is drawn has that of the file."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy.stats import qmc

from sim.calibration.compared import ABANDONED, HANDLE, HANDLED, OFFERED, SUMS
from sim.calibration.day_bootstrap import PRIOR, Joint, _added, combined
from sim.calibration.fit.noise import covariance
from sim.calibration.fit.targets import Target

from .joint_truth import NAMES, TABLE

SEED = 20261205


def test_a_ratio_moves_by_what_the_days_of_a_sample_add() -> None:
    """A day taken twice and one left out, against the ratio of that sample itself."""
    top, bottom = np.array([10.0, 12.0, 9.0, 11.0]), np.array([100.0, 101.0, 99.0, 100.0])
    times = np.array([2.0, 1.0, 0.0, 1.0])
    moved = (times * top).sum() / (times * bottom).sum() - top.sum() / bottom.sum()
    assert ((times - 1) * _added(top, bottom)).sum() == pytest.approx(moved, rel=0.02)


def test_without_luck_it_is_the_covariance_of_samples_of_days() -> None:
    """Against 20,000 samples of ten days; both names are told by days alone, so that the prior has their variances."""
    rng = np.random.default_rng(SEED)
    pulls = rng.normal(0, 0.01, (10, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]])
    pulls -= pulls.mean(axis=0)
    moves = (rng.multinomial(10, np.full(10, 0.1), 20_000) - 1) @ pulls
    sampled = np.cov(moves.T) * 10 / 9
    found = combined(pulls, np.zeros((2, 2)))
    assert np.diag(found) == pytest.approx(np.diag(sampled), rel=0.05)
    assert found[0, 1] == pytest.approx(sampled[0, 1] * 9 / (9 + PRIOR), rel=0.1)


def test_few_days_leave_the_luck_of_the_fit() -> None:
    luck = np.array([[4e-4, -1e-4], [-1e-4, 1e-4]])
    assert combined(np.zeros((1, 2)), luck) == pytest.approx(luck)


def test_factors_are_drawn_with_the_sizes_and_ties_of_the_file() -> None:
    covariance = np.array([[0.01, -0.004, 0.0], [-0.004, 0.0025, 0.0], [0.0, 0.0, 0.0001]])
    joint = Joint(("patience", "agents", "volumes"), covariance, 10)
    u = np.clip(qmc.Sobol(3, seed=SEED).random(4096), 1e-9, 1 - 1e-9)
    logs = np.log(joint.drawn(["volumes", "agents", "patience"], u, {"volumes": 0.05}))
    assert logs.std(axis=0) == pytest.approx([0.05, 0.05, 0.1], rel=0.02)
    assert np.corrcoef(logs.T) == pytest.approx(np.array([[1, 0, 0], [0, 1, -0.8], [0, -0.8, 1]]), abs=0.02)


def test_the_committed_table_has_every_name_and_pair() -> None:
    """Fits of forty files of one truth, beside what the days of one file say."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["what"].startswith("#")]
    assert [row["name"] for row in rows if row["what"] == "deviation"] == [*NAMES]
    assert len(rows) == len(NAMES) + len(NAMES) * (len(NAMES) - 1) // 2
    for row in rows:
        if row["what"] == "deviation":
            assert 0.5 < float(row["between_files"]) / float(row["from_one_file"]) < 2
        else:
            assert float(row["between_files"]) == pytest.approx(float(row["from_one_file"]), abs=0.5)


def test_what_handle_times_explain_is_no_doubt() -> None:
    """Eight files of three days whose abandonment differs by their handle times alone, four points for each tenth."""
    longer = np.random.default_rng(SEED).normal(0, 0.05, (8, 3))
    sums = np.zeros((8, 3, 2, SUMS))
    sums[..., OFFERED], sums[..., HANDLED] = 100, 100
    sums[..., HANDLE] = 30_000 * (1 + longer[..., None])
    sums[..., ABANDONED] = 5 + 40 * longer[..., None]
    target = Target("phone", "abandoned_pct", 0.05, np.ones((3, 2), dtype=bool), "patience")
    plain, told = covariance([target], list(sums)), covariance([target], list(sums), np.array([0.4]))
    of_days = (0.4 * (longer - longer.mean(axis=0)) / 3) ** 2
    assert plain[0, 0] == pytest.approx(of_days.sum() / 7)
    assert told[0, 0] < 1e-3 * plain[0, 0]

"""The warm-up that a pilot finds: none where there is no start, the length of a start where there is one."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.run import Run
from sim.runs.warm_up import BATCH, WarmUp, detect, means_of, mser5, welch, without_weekly_rhythm

from .test_compare import queue

SEED = 20261122  # declared before the first run


def noise(hours: int) -> np.ndarray:
    return np.random.default_rng(SEED).normal(0, 1, hours)


def test_mser5_cuts_a_start_that_is_there() -> None:
    start = np.where(np.arange(1000) < 100, 10.0, 0.0)
    cut, most = mser5(noise(1000) + start)
    assert 100 / BATCH <= cut <= 1.5 * 100 / BATCH
    assert most == 100


def test_mser5_leaves_noise_mostly_alone() -> None:
    cut, most = mser5(noise(1000))
    assert cut < most / 2


def test_welch_cuts_a_start_that_is_there_and_little_of_none() -> None:
    hours = np.arange(1000)
    cut, most = welch(noise(1000) + 10 * np.exp(-hours / 40))
    assert 60 <= cut <= 200  # ten times the noise dies out in 40 hours; 25 of them are averaged
    assert most == 500
    assert welch(noise(1000))[0] < 100


def test_welch_sees_week_means_where_weeks_repeat() -> None:
    """A weekly rhythm five times the start does not hide it, nor is it taken for one."""
    hours = np.arange(12 * 168)
    rhythm = 50 * (1 + np.sin(2 * np.pi * hours / 168))
    assert welch(means_of(rhythm, 168))[0] == 0
    cut, most = welch(means_of(rhythm - 20 * np.exp(-hours / 84) + noise(hours.size), 168))
    assert (2 <= cut <= 5, most) == (True, 6)


def test_a_drift_without_end_is_not_sure() -> None:
    cut, most = welch(np.arange(40.0))
    assert cut == most


def test_a_weekly_rhythm_is_not_a_start() -> None:
    hours = np.arange(6 * 168)
    rhythm = 50 + 40 * np.sin(2 * np.pi * hours / 24) + 10 * (hours // 24 % 7 < 5)
    assert np.abs(without_weekly_rhythm(rhythm)).max() < 1e-9


@pytest.mark.parametrize("method", ["mser5", "welch"])
def test_a_fast_queue_needs_little_warm_up(method: str) -> None:
    config = queue(6, 1).config
    config = config.model_copy(update={"run": config.run.model_copy(update={"detect_warm_up": method})})
    slow = config.demand.streams["calls"].model_copy(update={"per_day": 400.0})
    demand = config.demand.model_copy(update={"streams": {"calls": slow}})
    found = detect(config.model_copy(update={"demand": demand}))
    assert isinstance(found, WarmUp)
    assert found.sure
    assert found.seconds <= 7 * 86400
    assert found.seconds % 86400 == 0


def test_true_means_mser5_and_other_words_are_refused() -> None:
    values = {word: Run.model_validate({"detect_warm_up": word}).detect_warm_up for word in (True, False, "welch")}
    assert values == {True: "mser5", False: False, "welch": "welch"}
    with pytest.raises(ValueError, match="detect_warm_up"):
        Run.model_validate({"detect_warm_up": "schruben"})

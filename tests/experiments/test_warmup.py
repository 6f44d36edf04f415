"""The warm-up that a pilot finds: none where there is no start, the length of a start where there is one."""

from __future__ import annotations

import numpy as np

from sim.experiments.warmup import BATCH, WarmUp, detect, mser5, without_weekly_rhythm

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


def test_a_weekly_rhythm_is_not_a_start() -> None:
    hours = np.arange(6 * 168)
    rhythm = 50 + 40 * np.sin(2 * np.pi * hours / 24) + 10 * (hours // 24 % 7 < 5)
    assert np.abs(without_weekly_rhythm(rhythm)).max() < 1e-9


def test_a_fast_queue_needs_little_warm_up() -> None:
    config = queue(6, 1).config
    slow = config.demand.streams["calls"].model_copy(update={"per_day": 400.0})
    demand = config.demand.model_copy(update={"streams": {"calls": slow}})
    found = detect(config.model_copy(update={"demand": demand}))
    assert isinstance(found, WarmUp)
    assert found.sure
    assert found.seconds % 86400 == 0

"""Relative keys on a centre that is described whole: hand sums over the shipped numbers."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.model import Configuration
from sim.model.channels import LiveChannel


def beginners(config: Configuration) -> dict[str, float]:
    """Customers a day who begin on each channel, by the segments' mixes."""
    (stream,) = config.demand.streams.values()
    segments = config.customers.segments.values()
    assert stream.per_day is not None
    return {
        name: stream.per_day * sum(each.share * each.first_channel.get(name, 0.0) for each in segments)
        for name in config.channels
    }


def test_a_factor_on_a_channel_leaves_the_others_alone() -> None:
    before, after = beginners(sim.load()), beginners(sim.load(["demand.channels.phone=1.2"]))
    assert after == pytest.approx(before | {"phone": 1.2 * before["phone"]})


def test_agents_more_and_fewer() -> None:
    plain, scaled = sim.load(), sim.load(["staffing.phone.factor=0.5"])
    assert scaled.staffing["phone"].agents == plain.staffing["phone"].agents / 2
    fewer = sim.load(["staffing.phone.plus=-2"]).staffing["phone"]
    pool = plain.staffing["phone"]
    assert fewer.counts is not None
    monday = pool.agents * np.array(pool.profile) / max(pool.profile)
    expected = np.where(monday > 0, np.maximum(monday - 2, 0), 0)
    np.testing.assert_allclose(fewer.counts.values[: monday.size], expected)
    assert not any(fewer.counts.values[-monday.size :]), "on Sunday there is nobody to take off"


def test_shifts_name_their_agents() -> None:
    shifts = "staffing.phone.shifts=[{start: '08:00', end: '16:00', agents: 3}]"
    with pytest.raises(InputError, match=r"staffing\.phone\.plus: is staffed by shifts"):
        sim.load([shifts, "staffing.phone.plus=1"])


def test_handle_times_with_wrap_up() -> None:
    before, after = (sim.load(words).channels["phone"] for words in ([], ["channels.phone.aht_factor=1.1"]))
    assert isinstance(before, LiveChannel)
    assert isinstance(after, LiveChannel)
    assert after.mean_handle == pytest.approx(1.1 * before.mean_handle)


def test_a_sweep_point_reads_them_like_the_command_line() -> None:
    from sim.sweep.configurations import Configurations
    from sim.sweep.points import simulated

    base = sim.load(["demand.channels.phone=1.2"])
    points = Configurations({"": simulated(base.source)})
    for key, value in (("demand.scale", 2), ("staffing.phone.plus", 3), ("demand.channels.chat", 1.5)):
        assert points.at({key: value}).staffing == base.at({key: value}).staffing
        assert beginners(points.at({key: value})) == pytest.approx(beginners(base.at({key: value})))

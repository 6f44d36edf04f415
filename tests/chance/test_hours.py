"""Customers know opening hours: first contacts come while a channel is open, and none is lost for it."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.chance.arrivals import Arrivals, Customers
from sim.chance.hours import open_moment, open_seconds
from sim.model import Configuration
from sim.model.calendar import cycle_of, spans_of
from sim.model.units import DAY, HOUR, WEEK, parse_hours

SEED, WEEKS = 20251126, 6
WORDS = ("feelings=none", "demand.streams.all.count=poisson", "run.start=2026-01-05")


def centre(*words: str) -> Configuration:
    return sim.load([*WORDS, *words])


def everybody(config: Configuration) -> list[Customers]:
    arrivals = Arrivals(config, SEED, 0)
    return [arrivals.day(day) for day in range(7 * WEEKS)]


def open_at(config: Configuration, channel: str, time: np.ndarray) -> np.ndarray:
    spec = config.channels[channel]
    cycle = cycle_of(config.channels.values(), config.run)
    place = (time + config.run.start.weekday() * DAY) % cycle
    return np.any([(start <= place) & (place < end) for start, end in spans_of(spec, config.run, cycle)], axis=0)


def test_nobody_calls_a_closed_line_and_every_channel_keeps_its_week() -> None:
    """Counts over six weeks against the mix of first channels times the volume, within four standard deviations."""
    config = centre()
    days = everybody(config)
    time, channel = (np.concatenate([getattr(day, name) for day in days]) for name in ("time", "channel"))
    week = sum(
        2000 * config.demand.streams["all"].weekday[day] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    )
    for c, name in enumerate(config.open_channels):
        mine = channel == c
        if config.channels[name].kind == "live":
            assert open_at(config, name, time[mine]).all()
        wanted = WEEKS * week * sum(s.share * s.first_channel[name] for s in config.customers.segments.values())
        assert abs(mine.sum() - wanted) < 4 * wanted**0.5, name


def test_a_line_that_opens_within_an_interval_is_called_from_then_on() -> None:
    config = centre('channels.phone.hours={mon-sat: null, daily: "08:20-16:45"}')
    arrivals = Arrivals(config, SEED, 0)
    phone = config.open_channels.index("phone")
    time = np.concatenate([day.time[day.channel == phone] % DAY / HOUR for day in (arrivals.day(d) for d in range(28))])
    assert time.min() >= 8 + 1 / 3
    assert time.max() < 16.75
    within = time[(time >= 8) & (time < 9)]
    assert within.mean() == pytest.approx((8 + 1 / 3 + 9) / 2, abs=4 * within.std() / within.size**0.5)


def test_who_comes_before_a_moment_does_not_depend_on_where_the_run_ends() -> None:
    """A line closes within an interval; times are moved into its open part after they are drawn, so that some that were
    drawn after the run's end come before it."""
    config = centre('channels.phone.hours={mon-sat: null, daily: "08:00-16:05"}', "demand.scale=20")
    arrivals, end = Arrivals(config, SEED, 0), 16.05 * HOUR
    whole, cut = arrivals.day(0), arrivals.day(0, end)
    for name in ("time", "entity", "segment", "reason", "channel"):
        np.testing.assert_array_equal(getattr(whole, name)[whole.time < end], getattr(cut, name)[cut.time < end])
    assert (whole.time < end).sum() > 10_000


def test_a_share_may_come_while_closed() -> None:
    """A fifth ignores the hours: of them, as many as the profile has outside them."""
    hours = 'channels.phone.hours={mon-sat: null, daily: "08:00-20:00"}'
    config = centre(hours, "channels.phone.while_closed=0.2")
    days, phone = everybody(config), config.open_channels.index("phone")
    time = np.concatenate([day.time[day.channel == phone] for day in days])
    profile = np.array(config.demand.streams["all"].profile)
    wanted = 0.2 * (1 - profile[8:20].sum() / profile.sum())
    outside = 1 - open_at(config, "phone", time).mean()
    assert outside == pytest.approx(wanted, abs=4 * (wanted * (1 - wanted) / time.size) ** 0.5)


def test_a_channel_may_have_a_profile_of_its_own() -> None:
    evening = [0.0] * 18 + [1.0] * 3 + [0.0] * 3
    config = centre(f"+demand.streams.all.profiles.chat={evening}")
    days, chat = everybody(config), config.open_channels.index("chat")
    hour = np.concatenate([day.time[day.channel == chat] % DAY / HOUR for day in days])
    assert hour.min() >= 18
    assert hour.max() < 21
    assert hour.mean() == pytest.approx(19.5, abs=4 * 0.87 / hour.size**0.5)


def test_always_open_changes_no_customer() -> None:
    """Without closed hours the draws are those of a stream without channels of its own."""
    words = [f"channels.{name}.hours=always" for name in ("chat", "phone")]
    shaped, plain = (
        Arrivals(centre(*more), SEED, 0).day(3) for more in ((*words, "channels.phone.while_closed=1"), words)
    )
    np.testing.assert_array_equal(shaped.time, plain.time)
    np.testing.assert_array_equal(shaped.channel, plain.channel)


@pytest.mark.parametrize("hours", [{"mon-fri": "08:00-20:00"}, "always", {"wed": ["09:00-12:00", "13:00-17:00"]}])
def test_moments_of_opening_are_the_inverse_of_seconds_of_opening(hours: object) -> None:
    spans = parse_hours(hours)
    middle = np.array([week * WEEK + (start + end) / 2 for week in range(3) for start, end in spans])
    np.testing.assert_allclose(open_moment(open_seconds(middle, spans), spans), middle)

"""Arrivals: counts of every kind, factors, profiles; more demand adds customers and changes none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special

from sim.chance.arrivals import Arrivals, Customers, poisson_quantile
from sim.chance.keys import DAY_BITS, INTERVAL_BITS, NUMBER_BITS
from sim.errors import InputError
from sim.model.units import DAY

from .demand import CHANNELS, demand

SEED, DAYS = 20260120, 1000
BUSY = {"shape": 5.0}
COUNTS: dict[str, dict[str, Any]] = {
    "poisson": {"per_day": 30, "profile": [1, 3, 0, 2]},
    "mixed_poisson": {"per_day": 30, "profile": [1, 3, 0, 2], "count": "mixed_poisson", "busyness": BUSY},
    "fixed": {"per_day": 30, "profile": [1, 3, 0, 2], "count": "fixed"},
    "normal": {"per_day": 30, "profile": [1, 3, 0, 2], "count": "normal", "sd": 6},
    "fixed rates": {"rates": {"interval": "6 h", "values": [2.3, 7.9, 0, 0.4]}, "count": "fixed"},
}


def daily(stream: dict[str, Any], days: int = DAYS, bins: int = 4, **more: Any) -> NDArray[np.float64]:
    """(days, bins): arrivals of one stream by part of the day."""
    arrivals = Arrivals(demand(calls=stream, **more), SEED, 0)
    parts = []
    for day in range(days):
        time = arrivals.day(day).time - day * DAY
        assert np.all((time >= 0) & (time < DAY))
        parts.append(np.bincount((time / DAY * bins).astype(int), minlength=bins))
    return np.array(parts, dtype=float)


# More demand --------------------------------------------------------------------------------------------------------


def people(customers: Customers) -> dict[int, tuple[float, int, int, int]]:
    """Who came, with everything they brought."""
    rows = zip(customers.time, customers.segment, customers.reason, customers.channel, strict=True)
    return dict(zip(customers.entity.tolist(), rows, strict=True))


@pytest.mark.parametrize("kind", COUNTS)
@pytest.mark.parametrize(("less", "more"), [(1.0, 1.3), (0.0, 1.0), (0.2, 40.0)])
def test_more_demand_adds_customers_and_changes_none(kind: str, less: float, more: float) -> None:
    for day in range(12):
        few = people(Arrivals(demand(calls=COUNTS[kind], scale=less), SEED, 3).day(day))
        many = people(Arrivals(demand(calls=COUNTS[kind], scale=more), SEED, 3).day(day))
        assert few.items() <= many.items()
    assert len(many) > len(few)


def test_another_stream_changes_no_customer() -> None:
    alone = people(Arrivals(demand(calls=COUNTS["poisson"]), SEED, 0).day(4))
    both = people(Arrivals(demand(calls=COUNTS["poisson"], more=COUNTS["mixed_poisson"]), SEED, 0).day(4))
    assert alone.items() < both.items()


def test_customers_come_by_time_then_by_entity_and_days_can_be_asked_in_any_order() -> None:
    config = demand(a={"times": [5, 5, 2]}, b={"times": [5, 1]}, c=COUNTS["poisson"])
    arrivals = Arrivals(config, SEED, 0)
    later, first = arrivals.day(7), arrivals.day(0)
    again = Arrivals(config, SEED, 0)
    assert people(again.day(0)) == people(first)
    assert people(again.day(7)) == people(later)
    assert list(zip(first.time, first.entity, strict=True)) == sorted(zip(first.time, first.entity, strict=True))
    streams = (first.entity >> (DAY_BITS + INTERVAL_BITS + NUMBER_BITS)).tolist()
    at_five = [(s, e & 0xFFFFF) for t, s, e in zip(first.time, streams, first.entity.tolist(), strict=True) if t == 5]
    assert at_five == [(0, 0), (0, 1), (1, 0)]


# Counts -------------------------------------------------------------------------------------------------------------


def close(x: NDArray[np.float64], mean: float, variance: float | None) -> None:
    """Sample mean and variance within 4.4 standard errors (probability 1e-5)."""
    n = x.size
    spread = math.sqrt(x.var() if variance is None else variance)
    assert abs(x.mean() - mean) <= 4.4 * spread / math.sqrt(n)
    if variance is not None:
        deviation = (x - mean) ** 2
        assert abs(deviation.mean() - variance) <= 4.4 * deviation.std() / math.sqrt(n)


@pytest.mark.parametrize(
    ("kind", "variance"),
    [("poisson", 30), ("mixed_poisson", 30 + 30**2 / 5), ("fixed", 0), ("normal", 36 + 1 / 12)],
)
def test_daily_counts(kind: str, variance: float) -> None:
    """Mixed Poisson has m + m^2/shape; a rounded normal count adds 1/12 to its variance."""
    parts = daily(COUNTS[kind])
    close(parts.sum(axis=1), 30, variance)
    for part, share in enumerate((1 / 6, 1 / 2, 0, 1 / 3)):
        close(parts[:, part], 30 * share, None)


def test_poisson_counts_have_the_poisson_law() -> None:
    """Chi-square over the counts of a day, 9 classes; its 1 - 1e-5 quantile for 8 degrees of freedom is 37.3."""
    counts = daily({"per_day": 6}, bins=1)[:, 0]
    observed = np.bincount(np.minimum(np.maximum(counts, 2), 10).astype(int), minlength=11)[2:]
    p = np.diff(np.concatenate([[0], special.pdtr(np.arange(2, 10), 6), [1]]))
    assert ((observed - DAYS * p) ** 2 / (DAYS * p)).sum() < 37.3


def test_common_busyness_moves_streams_together_and_own_busyness_does_not() -> None:
    for scope, expected in (("common", 36 / 66), ("stream", 0.0)):
        stream = {"per_day": 30, "count": "mixed_poisson", "busyness": {"shape": 25, "scope": scope}}
        arrivals = Arrivals(demand(a=stream, b=stream), SEED, 0)
        entities = [arrivals.day(day).entity for day in range(DAYS)]
        counts = np.array([np.bincount(e >> 45, minlength=2) for e in entities], dtype=float)
        assert abs(np.corrcoef(counts.T)[0, 1] - expected) < 4.4 / math.sqrt(DAYS)


def test_busyness_is_correlated_over_intervals_as_asked() -> None:
    """Counts of neighbouring and further intervals: correlation near r^k x m^2/shape / (m + m^2/shape)."""
    busyness = {"shape": 4.0, "correlation": 0.6}
    counts = daily({"per_day": 120, "profile": [1] * 4, "count": "mixed_poisson", "busyness": busyness})
    share = (30**2 / 4) / (30 + 30**2 / 4)
    matrix = np.corrcoef(counts.T)
    for gap in (1, 2, 3):
        # A Gaussian copula with Gamma(4) margins: the correlation is slightly below r^k (by less than 0.03).
        found = np.mean([matrix[i, i + gap] for i in range(4 - gap)])
        assert abs(found - share * 0.6**gap) < 0.03 + 4.4 / math.sqrt(DAYS)
    for part in range(4):
        close(counts[:, part], 30, 30 + 30**2 / 4)


def test_full_correlation_is_one_factor_a_day() -> None:
    counts = daily({"per_day": 400, "profile": [1, 1], "count": "mixed_poisson", "busyness": BUSY}, bins=2)
    share = (200**2 / 5) / (200 + 200**2 / 5)
    assert np.corrcoef(counts.T)[0, 1] == pytest.approx(share, abs=0.02)


# Factors ------------------------------------------------------------------------------------------------------------


def test_weekday_and_dated_factors_multiply() -> None:
    """From Saturday 10 January 2026: fixed counts show the factors exactly."""
    stream = {
        "per_day": 100, "count": "fixed", "weekday": {"sat": 0.5, "sun": 0, "tue": 1.2},
        "dates": {"2026-01-10": 3, "2026-01-12": 1.6},
    }  # fmt: skip
    counts = daily(stream, days=5, start="2026-01-10", scale=2.0).sum(axis=1)
    assert counts.tolist() == [2 * 100 * 0.5 * 3, 0, 2 * 160, 2 * 120, 200]


def test_rates_by_interval_run_from_the_first_day_and_repeat() -> None:
    """Six-hour rates over a day and a half, then from the start again, times weekday factors."""
    rates = {"interval": "6 h", "values": [4, 0, 8, 20, 40, 2]}
    arrivals = Arrivals(demand(calls={"rates": rates, "weekday": {"tue": 0.5}}), SEED, 0)
    found = [arrivals.rates(arrivals.sources[0], day).tolist() for day in range(3)]
    assert found == [[4, 0, 8, 20], [20, 1, 2, 0], [8, 20, 40, 2]]
    counts = daily({"rates": rates})
    for part in range(4):
        three_days = counts[: DAYS // 3 * 3, part].reshape(-1, 3).sum(axis=1)
        mean = sum(rates["values"][(4 * day + part) % 6] for day in range(3))  # type: ignore[index]
        close(three_days, mean, mean)


def test_fixed_rates_are_whole_numbers_or_their_neighbours() -> None:
    """Each interval has its mean's floor or one more, with the probability of the fraction."""
    counts = daily({"rates": {"interval": "6 h", "values": [2.25, 7, 0, 0.5]}, "count": "fixed"})
    assert [set(part) for part in counts.T] == [{2, 3}, {7}, {0}, {0, 1}]
    for part, mean in ((0, 2.25), (3, 0.5)):
        close(counts[:, part], mean, (mean % 1) * (1 - mean % 1))


def test_arrival_times_are_uniform_within_their_interval() -> None:
    arrivals = Arrivals(demand(calls={"per_day": 4000, "profile": [0, 0, 1, 0]}), SEED, 0)
    p = np.sort((arrivals.day(2).time - 2 * DAY) / (DAY / 4) - 2)
    assert 0 <= p[0] < p[-1] < 1
    assert np.abs(p - np.arange(1, p.size + 1) / p.size).max() < math.sqrt(-math.log(0.5e-5) / 2 / p.size)


def test_replayed_times_are_lived_as_given() -> None:
    """Each time on its day, whatever the order in the list; a time at midnight belongs to the new day."""
    times = [10.5, DAY, 3 * DAY - 0.25, 7.0, 7.0, 3 * DAY]
    arrivals = Arrivals(demand(calls={"times": times}, scale=5.0), SEED, 0)
    assert [arrivals.day(day).time.tolist() for day in range(5)] == [
        [7.0, 7.0, 10.5], [DAY], [3 * DAY - 0.25], [3 * DAY], [],
    ]  # fmt: skip


def test_segments_reasons_and_first_channels_follow_their_mixes() -> None:
    day = Arrivals(demand(calls={"per_day": 20_000, "count": "fixed"}), SEED, 0).day(0)
    n = day.time.size
    assert abs((day.segment == 0).mean() - 0.6) < 4.4 * math.sqrt(0.24 / n)
    assert np.all(day.reason[day.segment == 1] == 0)
    young, old = day.channel[day.segment == 0], day.channel[day.segment == 1]
    assert abs((day.reason[day.segment == 0] == 1).mean() - 0.75) < 4.4 * math.sqrt(0.1875 / young.size)
    for mix, found in (((0.7, 0.1, 0.2), young), ((0.2, 0.8, 0.0), old)):
        shares = np.bincount(found, minlength=len(CHANNELS)) / found.size
        assert np.all(np.abs(shares - mix) <= 4.4 * np.sqrt(np.array(mix) * (1 - np.array(mix)) / found.size))


def test_streams_may_have_mixes_of_their_own() -> None:
    stream = {"per_day": 300, "count": "fixed", "segments": {"old": 1.0}, "first_channel": {"mail": 1.0}}
    day = Arrivals(demand(calls=stream), SEED, 0).day(0)
    assert set(day.segment) == {1}
    assert set(day.channel) == {2}


def test_too_many_customers_for_an_interval_are_refused_by_name() -> None:
    arrivals = Arrivals(demand(calls={"per_day": 1.1e6, "count": "fixed"}), SEED, 0)
    with pytest.raises(InputError, match=r"demand\.streams\.calls: at most 1048575 first contacts per interval"):
        arrivals.day(0)


# Inversion ----------------------------------------------------------------------------------------------------------

MEANS = (0.0, 1e-12, 0.01, 0.3, 1.0, 5.5, 30.0, 700.0, 20_000.0)
UNIFORMS = (0.5 / 2**52, 1e-9, 0.001, 0.1, 0.5, 0.7310586, 0.9, 0.999, 1 - 1e-9)


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_quantile_is_the_smallest_count(mean: float) -> None:
    counts = np.arange(0, math.ceil(mean + 12 * math.sqrt(mean) + 60))
    below = special.pdtr(counts, mean) if mean > 0 else np.ones(counts.size)
    for u in (*UNIFORMS, *below[below < 1][:: max(1, counts.size // 50)]):
        k = int(poisson_quantile(np.array([u]), np.array([mean]))[0])
        assert k == int(np.argmax(below >= u))


@pytest.mark.parametrize("mean", MEANS[1:])
def test_the_largest_uniform_gives_a_count_at_the_end_of_the_distribution(mean: float) -> None:
    """There the distribution function is 1 but for its own rounding: right within two units in the last place."""
    u = 1 - 2.0**-53
    k = int(poisson_quantile(np.array([u]), np.array([mean]))[0])
    assert special.pdtr(k, mean) >= u
    assert k == 0 or special.pdtr(k - 1, mean) <= u + 2**-52


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.floats(2.0**-53, 1 - 2.0**-53), st.floats(0, 5000), st.floats(0, 5000))
def test_poisson_quantile_rises_with_the_mean(u: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    k = poisson_quantile(np.array([u, u]), np.array([low, high]))
    assert k[0] <= k[1]

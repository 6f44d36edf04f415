"""The file comes back day by day: warm-up days have the hours of the days they copy, and closed is closed.

Without redials the volumes of a file are replayed as they stand, so that every day comes back to the contact.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration.compared import OFFERED, interval_sums
from sim.calibration.imported import imported, start_of_fit
from sim.calibration.intervals.table import IntervalTable
from sim.chance.hours import open_seconds
from sim.measures.window import Facts
from sim.model import Configuration
from sim.model.calendar import cycle_of, spans_of
from sim.model.outcomes import Outcome
from sim.model.units import DAY, HOUR, WEEK

MONDAY = dt.date(2025, 3, 3)
HOURS = range(9, 17)
PER_INTERVAL, AGENTS = 15, 5


def table_of(days: dict[int, list[int]], last: int | None = None) -> IntervalTable:
    """A phone line: by day after Monday 2025-03-03 the full hours in which it is open, all intervals alike."""
    first, n_days = min(days), (max(days) if last is None else last) - min(days) + 1
    offered = np.full((1, n_days, 48), np.nan)
    for day, hours in days.items():
        for hour in hours:
            offered[0, day - first, 2 * hour : 2 * hour + 2] = PER_INTERVAL + day
    known = np.where(np.isnan(offered), np.nan, 1.0)
    return IntervalTable(
        Path("made_up.csv"), 1800, MONDAY + dt.timedelta(days=first), n_days, ("phone",), offered, 200.0 * known,
        AGENTS * known, np.nan * known, np.nan * known,
    )  # fmt: skip


def centre_of(table: IntervalTable) -> Configuration:
    config = sim.load(["centre=phone", "run.workers=1", "run.end=cut"])
    return imported(config, table, start_of_fit(config, table))


KINDS = {
    "one day": dict.fromkeys([0], list(HOURS)),
    "a Saturday": dict.fromkeys([5], list(HOURS)),
    "two days": dict.fromkeys(range(2), list(HOURS)),
    "three days": dict.fromkeys(range(3), list(HOURS)),
    "Monday to Friday": dict.fromkeys(range(5), list(HOURS)),
    "Tuesday to Friday": dict.fromkeys(range(1, 5), list(HOURS)),
    "six days": dict.fromkeys(range(6), list(HOURS)),
    "a short Friday": {day: list(range(9, 13) if day == 4 else HOURS) for day in range(5)},
    "around the clock": dict.fromkeys(range(7), list(range(24))),
    "lunch closed": {day: [hour for hour in HOURS if hour != 12] for day in range(5)},
    "a holiday": {day: list(HOURS) for day in range(14) if day % 7 < 5 and day != 2},
    "nine days": {day: list(HOURS) for day in range(9) if day % 7 < 5},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_day_and_every_interval_comes_back_to_the_contact(kind: str) -> None:
    table = table_of(KINDS[kind])
    config = centre_of(table)
    sums = interval_sums(sim.simulate(config), config, 1800.0)
    np.testing.assert_array_equal(sums[0, :, :, OFFERED], np.nan_to_num(table.offered[0]))


@pytest.mark.parametrize("kind", ["lunch closed", "a holiday", "Tuesday to Friday"])
def test_where_the_file_has_no_rows_nobody_is_paid_and_nobody_calls(kind: str) -> None:
    table = table_of(KINDS[kind])
    config = centre_of(table)
    log = sim.simulate(config)
    facts = Facts(log, config)
    is_open = ~np.isnan(table.offered[0]).ravel()
    begun = ((facts.arrived - log.window[0]) // 1800).astype(int)
    assert is_open[begun].all()
    assert facts.ended_as(Outcome.CLOSED).sum() == 0
    staffing, inside = log.staffing, (log.staffing["end"] > log.window[0]) & (log.staffing["start"] < log.window[1])
    paid = (np.minimum(staffing["end"], log.window[1]) - np.maximum(staffing["start"], log.window[0]))[inside]
    hours = float(paid @ staffing["scheduled"][inside]) / HOUR
    left = 1 - config.staffing["phone"].shrinkage
    assert hours == pytest.approx(is_open.sum() / 2 * AGENTS / left)


def test_a_holiday_is_closed_and_a_date_may_have_hours_of_its_own() -> None:
    words = ["centre=single_queue", "run.start=2025-03-03", "run.warm_up=0 s", "run.measure=1 week", "run.end=cut"]
    hours = 'channels.phone.hours={daily: "08:00-20:00"}'
    dates = 'channels.phone.dates={2025-03-05: closed, 2025-03-06: "10:00-12:00"}'
    config = sim.load([*words, hours, dates])
    log = sim.simulate(config)
    facts = Facts(log, config)
    day, hour = facts.arrived // DAY, facts.arrived % DAY / HOUR
    answered = facts.ended_as(Outcome.CLOSED) == 0
    assert not answered[day == 2].any()
    thursday = answered[day == 3]
    np.testing.assert_array_equal(thursday, (hour[day == 3] >= 10) & (hour[day == 3] < 12))
    assert answered[(day == 1) & (hour >= 8) & (hour < 20)].all()


def test_the_business_clock_stands_still_on_a_holiday() -> None:
    words = ["centre=single_queue", "run.start=2025-03-03", "run.measure=1 week"]
    config = sim.load(
        [*words, 'channels.phone.hours={mon-fri: "08:00-20:00"}', "channels.phone.dates={2025-03-05: closed}"]
    )
    phone = config.channels["phone"]
    cycle = cycle_of([phone], config.run)
    spans = spans_of(phone, config.run, cycle)
    assert cycle > WEEK
    tuesday_19, thursday_9 = DAY + 19 * HOUR, 3 * DAY + 9 * HOUR
    apart = np.diff(open_seconds(np.array([tuesday_19, thursday_9]), spans, cycle))
    assert apart == pytest.approx(2 * HOUR)

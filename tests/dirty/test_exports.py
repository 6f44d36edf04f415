"""Dirty: files in the shapes that exports have, read whole; what must happen is known for each (all made up).

`exports/base.csv` is an ordinary week of one phone line, 2,273 calls; most other files are the same week in other
clothes, so that volumes and handle times must come back exactly.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.intervals.table import IntervalTable, read_intervals
from sim.errors import InputError
from sim.model.data import Data

EXPORTS = Path(__file__).parent / "exports"
CENTRE = ["phone", "chat", "email"]
BASE = 2273


def read(name: str, **keys: object) -> IntervalTable:
    return read_intervals(EXPORTS / name, CENTRE, Data.model_validate(keys))


def faults(name: str, **keys: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(name, **keys)
    return [str(problem).removeprefix(name) for problem in caught.value.problems]


def assert_same_week(table: IntervalTable, agents: bool = True, shares: bool = True) -> None:
    """The same numbers as base.csv, interval by interval; counts of a share are rounded to whole calls."""
    base = read("base.csv")
    assert (table.interval, table.n_days, table.channels) == (1800, 5, ("phone",))
    np.testing.assert_array_equal(table.offered, base.offered)
    np.testing.assert_allclose(table.aht, base.aht, rtol=1e-9)
    if agents:
        np.testing.assert_array_equal(table.agents, base.agents)
    if shares:
        np.testing.assert_allclose(table.sl_pct, base.sl_pct, atol=0.05)


@pytest.mark.parametrize(
    ("name", "preset", "abandoned", "agents"),
    [
        ("f01_avaya.csv", "avaya_cms", 117, True),
        ("f02_genesys.csv", "genesys_cloud", 80, False),
        ("f03_five9.csv", "five9", 80, False),
    ],
)
def test_layouts_of_three_systems_are_recognised_and_said(name: str, preset: str, abandoned: int, agents: bool) -> None:
    table = read(name)
    assert_same_week(table, agents=agents)
    assert np.isnan(table.agents).all() != agents
    assert table.abandoned_share("phone") == pytest.approx(abandoned / BASE)
    assert any(f"recognised as the layout data={preset}" in notice for notice in table.notices)


def test_a_layout_can_be_typed() -> None:
    columns = {
        "start": ["Date", "Time"], "offered": "Calls Inbound", "aht_s": "Avg Handle Time (sec)",
        "abandoned_pct": "Calls Abandoned", "sl_pct": "Service Level %",
    }  # fmt: skip
    table = read("f03_five9.csv", columns=columns, units={"abandoned_pct": "count"}, channel="phone")
    assert_same_week(table, agents=False)
    assert not any("recognised" in notice for notice in table.notices)


@pytest.mark.parametrize(
    "name", ["f05_ampm.csv", "f06_hms.csv", "f07_extra.csv", "f12_utc.csv", "f52_range.csv", "f57_title.csv"]
)
def test_other_clothes_of_the_same_week(name: str) -> None:
    assert_same_week(read(name))


def test_utc_is_said_and_the_time_zone_moves_it() -> None:
    assert [n for n in read("f12_utc.csv").notices if "data.timezone" in n]
    table = read("f12_utc.csv", timezone="America/New_York")
    assert table.notices == ()
    np.testing.assert_array_equal(table.offered[0, :, 8:24], read("base.csv").offered[0, :, 18:34])


def test_what_is_more_than_needed_is_said() -> None:
    assert read("f07_extra.csv").notices == (
        "f07_extra.csv line 1, asa_s: not needed: read as the average speed of answer",
    )
    assert "title above the columns, left out: lines 1 to 2" in read("f57_title.csv").notices[0]


def test_agents_may_be_missing_or_blank() -> None:
    for name in ("f10_noagents.csv", "n1_agents_blank.csv"):
        table = read(name)
        assert np.isnan(table.agents).all()
        assert table.total_offered("phone") == BASE


def test_daily_totals_and_call_logs_are_explained() -> None:
    assert faults("f26_daily.csv")[0].startswith(", start: daily totals are not enough")
    for columns in ({}, {"start": ["Date", "Time"], "offered": "Topic", "aht_s": "AvgTalkDuration"}):
        assert any("is a log with one row a contact" in each for each in faults("f27_calls.csv", columns=columns))


def test_all_abandoned_explains_a_handle_time_of_zero() -> None:
    table = read("f37_allaband_aht0.csv")
    assert (table.offered[0, 0, 18], table.abandoned_pct[0, 0, 18]) == (1, 100)


def test_a_dash_is_missing() -> None:
    table = read("f47_dash.csv")
    assert np.isnan([each[0, 0, 23] for each in (table.aht, table.sl_pct, table.abandoned_pct)]).all()
    assert table.offered[0, 0, 23] == 0


def test_two_queues_are_added_and_weighted() -> None:
    table, base = read("f59_two_queues.csv"), read("base.csv")
    known = ~np.isnan(base.offered)
    np.testing.assert_array_equal(table.offered[known], base.offered[known] + 5)
    np.testing.assert_array_equal(table.agents[known], base.agents[known] + 2)
    np.testing.assert_allclose(table.aht[known], base.aht[known])
    assert len(table.notices) == 1
    assert "2 queues in an interval: volumes added" in table.notices[0]
    once = read("f59_two_queues.csv", queue_agents="largest")
    np.testing.assert_array_equal(once.agents, base.agents)


def test_subtotals_do_not_double_a_volume() -> None:
    table = read("g1_range_subtotal.csv")
    assert_same_week(table)
    assert table.notices == (
        "g1_range_subtotal.csv line 4: totals and subtotals, recognised and left out: 40 rows (first: line 4)",
    )


def test_consecutive_days_decide_the_order_of_a_date() -> None:
    table = read("f60b_us_early.csv")
    assert (table.first_day, table.last_day) == (date(2025, 1, 6), date(2025, 1, 10))
    assert "read as month/day/year, in which the dates span 5 days (day/month/year: 123)" in table.notices[0]
    assert read("f60b_us_early.csv", date_order="dmy").n_days == 123


def test_a_clock_change_needs_a_named_zone() -> None:
    assert all("data.timezone" in fault for fault in faults("f61_dst_au.csv"))
    table = read("f61_dst_au.csv", timezone="Australia/Sydney")
    assert table.offered[0, 0, 4:6].tolist() == [41 + 19, 43 + 25]
    assert any("a 25-hour day" in notice for notice in table.notices)
    assert "no clock change in Australia/Brisbane" in faults("f61_dst_au.csv", timezone="Australia/Brisbane")[0]
    assert "did you mean 'Australia/Sydney'" in faults("f61_dst_au.csv", timezone="Sidney")[0]
    assert "did you mean 'Australia/Sydney'" in faults("f61_dst_au.csv", timezone="Australia/Sidney")[0]


def test_fractions_and_minutes_are_refused_with_the_key_that_settles_them() -> None:
    found = faults("f20_fraction.csv")
    assert [
        f"data.units.{name}=fraction" in each for name, each in zip(("abandoned_pct", "sl_pct"), found, strict=True)
    ]
    fraction = {"abandoned_pct": "fraction", "sl_pct": "fraction"}
    assert_same_week(read("f20_fraction.csv", units=fraction))
    (minutes,) = faults("g17_min.csv")
    assert "data.units.aht_s=min" in minutes
    assert read("g17_min.csv", units={"aht_s": "min"}).weighted_aht("phone") == pytest.approx(238.3, abs=0.5)

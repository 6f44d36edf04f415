"""Dirty: tables that are no list of intervals: dates in titles, times or dates across, queues beside each other.

Every file holds the same two days of ten half-hours, so that volumes and handle times must come back exactly.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from sim.calibration.intervals.table import IntervalTable, read_intervals
from sim.model.data import Data

from .conftest import Fault, Read

TIMES = [f"{8 + half // 2:02d}:{30 * (half % 2):02d}" for half in range(10)]
VOLUMES = {
    "2025-03-04": (19, 25, 34, 30, 41, 43, 48, 28, 33, 38),
    "2025-03-05": (9, 15, 24, 20, 31, 33, 38, 18, 23, 28),
}
AHT, AGENTS = 240, 5
WHOLE = sum(map(sum, VOLUMES.values()))


def rows(day: str) -> list[str]:
    """A day's half-hours, times only."""
    return [f"{time},{n},{AHT},{AGENTS}" for time, n in zip(TIMES, VOLUMES[day], strict=True)]


def volumes(table: IntervalTable, day: int, channel: int = 0) -> list[float]:
    return [float(each) for each in table.offered[channel, day, 16:26]]


def assert_both_days(table: IntervalTable) -> None:
    assert (table.first_day, table.n_days, table.interval) == (date(2025, 3, 4), 2, 1800)
    assert [tuple(volumes(table, day)) for day in (0, 1)] == list(VOLUMES.values())
    assert table.weighted_aht("phone") == AHT


# ---- dates in titles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Report for 2025-03-04",
        "Date: 04.03.2025",
        "Queue Performance - Tuesday 4 March 2025",
        "Interval report,,,March 4 2025",
        "Date,2025-03-04,,",
        "From 2025-03-04 00:00 to 2025-03-04 23:59",
    ],
)
@pytest.mark.parametrize(
    "header", ["time,offered,aht_s,agents", "Interval,Calls Offered,AHT,Agents", "Time,Volume,AHT,Staff"]
)
def test_a_date_in_a_title_line(read: Read, title: str, header: str) -> None:
    table = read(title, "Printed 2025-03-06 07:12", header, *rows("2025-03-04"))
    assert (table.first_day, table.n_days) == (date(2025, 3, 4), 1)
    assert volumes(table, 0) == list(VOLUMES["2025-03-04"])
    assert "the date stands above them" in " ".join(table.notices)


def test_a_date_above_each_days_rows_with_totals_and_headers(read: Read) -> None:
    lines = ["Split report"]
    for day, values in VOLUMES.items():
        lines += [f"Date:,{day}", "Interval,Calls Offered,AHT,Agents", *rows(day), f"Total,{sum(values)},{AHT},"]
    assert_both_days(read(*lines))


def test_a_period_in_the_title_is_no_day(fault: Fault, read: Read) -> None:
    lines = ("From 2025-03-04 to 2025-03-08", "time,offered,aht_s,agents", *rows("2025-03-04"))
    assert "the titles name 2025-03-04 and 2025-03-08; data.date=2025-03-04 (say)" in fault(*lines)
    assert read(*lines, date="2025-03-04").first_day == date(2025, 3, 4)


def test_times_without_any_date_name_the_key(fault: Fault, read: Read) -> None:
    lines = ("time,offered,aht_s,agents", *rows("2025-03-04"))
    assert "the rows have a time of day and no date: data.date=2025-03-04 (say)" in fault(*lines)
    assert read(*lines, date="2025-03-05").first_day == date(2025, 3, 5)


# ---- times or dates across ------------------------------------------------------------------------------------------


def test_a_column_for_each_half_hour(read: Read, fault: Fault) -> None:
    lines = [",".join(["Date", *TIMES, "Total"])]
    lines += [",".join([day, *map(str, values), str(sum(values))]) for day, values in VOLUMES.items()]
    totals = [a + b for a, b in zip(*VOLUMES.values(), strict=True)]
    lines += [",".join(["Total", *map(str, totals), str(WHOLE)])]
    table = read(*lines, aht={"phone": "4 min"})
    assert_both_days(table)
    assert "totals left out: 1 rows" in " ".join(table.notices)
    assert "'data.aht={phone: 5 min}'" in fault(*lines)


def test_a_column_for_each_half_hour_and_one_for_measures(read: Read) -> None:
    lines = [",".join(["Date", "Metric", *TIMES])]
    for day, values in VOLUMES.items():
        lines.append(",".join([day, "Calls Offered", *map(str, values)]))
        lines.append(",".join(["", "AHT", *["0:04:00"] * 10]))
        lines.append(",".join(["", "Occupancy", *["81"] * 10]))
        lines.append(",".join(["", "Agents", *["5"] * 10]))
    table = read(*lines)
    assert_both_days(table)
    assert np.nanmax(table.agents) == np.nanmin(table.agents) == AGENTS
    assert "rows of other measures ignored: Occupancy" in " ".join(table.notices)


def test_a_column_for_each_date_in_blocks_by_measure(read: Read) -> None:
    lines = ["Calls offered,,", ",".join(["Time", *VOLUMES])]
    lines += [",".join([time, *map(str, pair)]) for time, *pair in zip(TIMES, *VOLUMES.values(), strict=True)]
    lines += ["", "Average handle time,,", ",".join(["Time", *VOLUMES]), *(f"{time},240,240" for time in TIMES)]
    assert_both_days(read(*lines))


def test_weekdays_across_count_from_the_date_in_the_title(read: Read, fault: Fault) -> None:
    lines = ["Time,Tuesday,Wednesday"]
    lines += [",".join([time, *map(str, pair)]) for time, *pair in zip(TIMES, *VOLUMES.values(), strict=True)]
    aht = {"phone": "4 min"}
    assert_both_days(read("Week of 2025-03-04", *lines, aht=aht))
    assert_both_days(read(*lines, aht=aht, date="2025-03-04"))
    assert "is that of the first, Tuesday" in fault(*lines, aht=aht)
    assert "is that of the first, Tuesday" in fault("Week of 2025-03-03", *lines, aht=aht)  # a Monday


def test_rows_of_queues_under_times(read: Read) -> None:
    head = ["Report for 2025-03-04", ",".join(["Queue", *TIMES])]
    queues = {"phone": VOLUMES["2025-03-04"], "chat": VOLUMES["2025-03-05"]}
    lines = [",".join([name, *map(str, values)]) for name, values in queues.items()]
    table = read(*head, *lines, aht={"phone": "4 min", "chat": "9 min"})
    assert [tuple(volumes(table, 0, i)) for i in (0, 1)] == list(queues.values())
    assert table.weighted_aht("chat") == 540


def test_one_start_twice_across_is_refused(fault: Fault) -> None:
    lines = [",".join(["Date", *TIMES]), *[",".join(["2025-03-04", *["9"] * 10])] * 2]
    assert "a start is there twice with one measure" in fault(*lines, aht={"phone": "4 min"})


def test_a_workbook_with_times_across(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Date", *TIMES])
    for day, values in VOLUMES.items():
        sheet.append([date.fromisoformat(day), *values])
    book.save(tmp_path / "my.xlsx")
    assert_both_days(read_intervals(tmp_path / "my.xlsx", ["phone"], Data.model_validate({"aht": {"phone": "4 min"}})))


# ---- channels and queues beside each other --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        ["start,Phone offered,Phone AHT,Chat offered,Chat AHT"],
        [",Phone,,Chat,", "Start Time,Offered,AHT,Offered,AHT"],
        ["start,AHT Phone,Offered Phone,AHT Chat,Offered Chat"],
    ],
)
def test_channels_beside_each_other(read: Read, head: list[str]) -> None:
    swapped = head[0].startswith("start,AHT")
    lines = []
    for time, phone, chat in zip(TIMES, *VOLUMES.values(), strict=True):
        cells = [str(each) for each in (phone, AHT, chat, 540)]
        cells = [cells[k] for k in ((1, 0, 3, 2) if swapped else range(4))]
        lines.append(",".join([f"2025-03-04 {time}", *cells]))
    table = read(*head, *lines)
    assert [tuple(volumes(table, 0, i)) for i in (0, 1)] == list(VOLUMES.values())
    assert (table.weighted_aht("phone"), table.weighted_aht("chat")) == (AHT, 540)


def test_queues_beside_each_other_are_named_or_asked_about(read: Read, fault: Fault) -> None:
    pairs = list(zip(TIMES, *VOLUMES.values(), strict=True))
    lines = ["start,Sales,Support,Total", *(f"2025-03-04 {time},{a},{b},{a + b}" for time, a, b in pairs)]
    aht = {"phone": "4 min"}
    assert "'data.channel_names={Sales: phone, Support: phone}' reads them all as one" in fault(*lines, aht=aht)
    table = read(*lines, aht=aht, channel_names={"Sales": "phone", "Support": "phone"})
    assert table.total_offered("phone") == WHOLE


# ---- a queue and its total ------------------------------------------------------------------------------------------


def queue_rows(*queues: tuple[str, int]) -> list[str]:
    header = "start,queue,offered,aht_s,agents"
    lines = [
        f"2025-03-04 {time},{name},{n + more},{AHT},{AGENTS}"
        for time, n in zip(TIMES, VOLUMES["2025-03-04"], strict=True) for name, more in queues
    ]  # fmt: skip
    return [header, *lines]


@pytest.mark.parametrize("name", ["Total", "TOTAL", "All queues", "Whole site", "Hotline (sum)"])
def test_a_single_queue_and_its_total_count_once(read: Read, name: str) -> None:
    table = read(*queue_rows(("Sales", 0), (name, 0)))
    assert table.total_offered("phone") == sum(VOLUMES["2025-03-04"])
    assert np.nanmax(table.agents) == AGENTS


def test_a_total_of_queues_of_which_one_opens_late(read: Read) -> None:
    lines = queue_rows(("Sales", 0))
    late = [f"2025-03-04 {time},Support,7,240,2" for time in TIMES[6:]]
    totals = [f"2025-03-04 {time},Total,{n + 7 * (k >= 6)},240,7" for k, (time, n) in
              enumerate(zip(TIMES, VOLUMES["2025-03-04"], strict=True))]  # fmt: skip
    assert read(*lines, *late, *totals).total_offered("phone") == sum(VOLUMES["2025-03-04"]) + 28


def test_a_total_that_is_not_the_sum_is_refused_and_a_queue_called_so_is_a_queue(read: Read, fault: Fault) -> None:
    assert "says it is a total and is not the sum" in fault(*queue_rows(("Sales", 0), ("Total", 1)))
    table = read(*queue_rows(("Sales", 0), ("Total Care", 1)))
    assert table.total_offered("phone") == 2 * sum(VOLUMES["2025-03-04"]) + 10


def test_a_handle_time_said_for_a_channel_that_the_file_does_not_have(fault: Fault) -> None:
    lines = ("start,offered", *(f"2025-03-04 {time},9" for time in TIMES))
    assert "data.aht.phon" in fault(*lines, aht={"phon": "4 min"})

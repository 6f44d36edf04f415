"""Dirty: more of each kind than the exports hold: zones, dates, totals, queues, numbers of other countries."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from .conftest import Fault, Read

HEADER = "start,channel,offered,aht_s,agents,abandoned_pct,sl_pct"
WITH_QUEUE = HEADER.replace("channel", "channel,queue")
VOLUMES = (19, 25, 34, 30, 41, 43, 48, 28, 33, 38)


def days(first: date, count: int, form: str, channel: str = "phone") -> list[str]:
    """Ten half-hours from 9 on each day, starts written in `form`."""
    starts = [datetime.combine(first, datetime.min.time()) + timedelta(days=day, hours=9) for day in range(count)]
    moments = [start + timedelta(minutes=30 * half) for start in starts for half in range(10)]
    volumes = VOLUMES * count
    return [f"{at:{form}},{channel},{n},240,5,3,80" for at, n in zip(moments, volumes, strict=True)]


# ---- zones ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "first", "repeated"),
    [
        ("Europe/London", "2025-10-26 00:00", "2025-10-26 01:00"),
        ("America/New_York", "2025-11-02 00:00", "2025-11-02 01:00"),
        ("Pacific/Auckland", "2025-04-06 00:00", "2025-04-06 02:00"),
        ("America/Santiago", "2025-04-05 12:00", "2025-04-05 23:00"),
        ("Australia/Lord_Howe", "2025-04-06 00:00", "2025-04-06 01:30"),  # by half an hour
    ],
)
def test_the_25_hour_day_of_a_named_zone(read: Read, fault: Fault, zone: str, first: str, repeated: str) -> None:
    begin, again = datetime.fromisoformat(first), datetime.fromisoformat(repeated)
    times = [begin + timedelta(minutes=30 * k) for k in range(30)]
    twice = [again] if zone == "Australia/Lord_Howe" else [again, again + timedelta(minutes=30)]
    at = times.index(twice[-1]) + 1
    lines = [f"{at:%Y-%m-%d %H:%M},phone,10,200,3,2,80" for at in (*times[:at], *twice, *times[at:])]
    table = read(HEADER, *lines, timezone=zone)
    slots = [moment.hour * 2 + moment.minute // 30 for moment in twice]
    assert table.offered[0, 0, slots].tolist() == [20] * len(twice)
    assert table.agents[0, 0, slots].tolist() == [3] * len(twice)
    assert table.total_offered("phone") == 10 * len(lines)
    assert "data.timezone=Europe/Berlin (say) reads both" in fault(HEADER, *lines)
    assert "no clock change in Asia/Tokyo" in fault(HEADER, *lines, timezone="Asia/Tokyo")


def test_utc_over_a_clock_change_becomes_the_25_hour_day(read: Read) -> None:
    times = [datetime(2025, 10, 25, 22) + timedelta(minutes=30 * k) for k in range(50)]
    table = read(HEADER, *(f"{at:%Y-%m-%dT%H:%M:%SZ},phone,10,200,3,2,80" for at in times), timezone="Europe/Berlin")
    assert (table.first_day, table.n_days, table.total_offered("phone")) == (date(2025, 10, 26), 1, 500)
    assert table.offered[0, 0, 3:7].tolist() == [10, 20, 20, 10]


def test_utc_said_by_the_layout_moves_to_local_time(read: Read) -> None:
    lines = days(date(2025, 7, 7), 1, "%Y-%m-%d %H:%M")
    table = read(HEADER, *lines, timezone="America/Sao_Paulo", units={"start": "UTC"})
    assert table.offered[0, 0, 12:22].tolist() == list(VOLUMES)
    assert any("times are in UTC" in notice for notice in read(HEADER, *lines, units={"start": "UTC"}).notices)


def test_contacts_at_a_time_that_the_clock_skipped(fault: Fault) -> None:
    times = [datetime(2025, 3, 30) + timedelta(minutes=30 * k) for k in range(10)]
    lines = [f"{at:%Y-%m-%d %H:%M},phone,10,200,3,2,80" for at in times]
    assert "this time does not exist in Europe/Berlin" in fault(HEADER, *lines, timezone="Europe/Berlin")


def test_an_offset_that_stays_is_an_offset_even_half_past_nine(read: Read) -> None:
    table = read(
        HEADER, *(line.replace(",phone", "-09:30,phone") for line in days(date(2025, 7, 7), 2, "%Y-%m-%d %H:%M"))
    )
    assert table.total_offered("phone") == 2 * sum(VOLUMES)
    assert table.interval == 1800


def test_a_clock_change_with_two_queues(read: Read) -> None:
    times = [datetime(2025, 10, 26) + timedelta(minutes=30 * k) for k in range(8)]
    times = [*times[:6], *times[4:]]
    lines = [f"{at:%Y-%m-%d %H:%M},phone,{q},{n},200,3,2,80" for at in times for q, n in (("A", 10), ("B", 4))]
    table = read(WITH_QUEUE, *lines, timezone="Europe/Berlin")
    assert table.offered[0, 0, 3:7].tolist() == [14, 28, 28, 14]
    assert table.agents[0, 0, 3:7].tolist() == [6, 6, 6, 6]


# ---- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ["%m/%d/%Y %H:%M", "%m/%d/%y %H:%M", "%d/%m/%y %H:%M", "%y-%m-%d %H:%M", "%d-%m-%Y %H:%M"]
)
def test_days_in_a_row_decide_the_order(read: Read, form: str) -> None:
    table = read(HEADER, *days(date(2025, 1, 6), 5, form))
    assert (table.first_day, table.n_days) == (date(2025, 1, 6), 5)
    assert table.total_offered("phone") == 5 * sum(VOLUMES)


def test_year_day_month_is_asked_about(read: Read, fault: Fault) -> None:
    lines = (HEADER, *days(date(2025, 1, 6), 5, "%Y-%d-%m %H:%M"))
    assert "5 days that span 123, or 5 if these are year-day-month: data.date_order=ymd or ydm says which" in fault(
        *lines
    )
    assert read(*lines, date_order="ydm").first_day == date(2025, 1, 6)
    assert read(*lines, date_order="ymd").n_days == 123


def test_two_orders_in_one_file_are_refused(fault: Fault) -> None:
    lines = [*days(date(2025, 1, 13), 1, "%d/%m/%Y %H:%M"), *days(date(2025, 1, 14), 1, "%m/%d/%Y %H:%M")]
    assert "some dates fit only day/month, others only month/day" in fault(HEADER, *lines)


def test_two_digit_years_of_a_single_day_are_asked_about(read: Read, fault: Fault) -> None:
    lines = (HEADER, *days(date(2025, 3, 13), 1, "%d/%m/%y %H:%M"))
    assert "data.date_order=dmy, mdy or ymd says which" in fault(*lines)
    assert read(*lines, date_order="dmy").first_day == date(2025, 3, 13)


def test_seconds_since_1970_are_utc(read: Read) -> None:
    lines = [f"{1737363600 + 1800 * k},phone,10,200,3,2,80" for k in range(4)]
    assert read(HEADER, *lines).offered[0, 0, 18:22].tolist() == [10] * 4
    assert read(HEADER, *lines, timezone="Asia/Kolkata").offered[0, 0, 29:33].tolist() == [10] * 4


def test_midnight_written_as_24_belongs_to_the_next_day(read: Read) -> None:
    table = read(
        HEADER,
        "2025-03-03 23:00,phone,10,200,3,2,80",
        "2025-03-03 23:30,phone,10,200,3,2,80",
        "2025-03-03 24:00,phone,4,200,3,2,80",
    )
    assert (table.n_days, table.offered[0, 1, 0]) == (2, 4)


# ---- totals and queues ----------------------------------------------------------------------------------------------


def test_rows_of_all_channels_are_left_out(read: Read, fault: Fault) -> None:
    lines = []
    for line in days(date(2025, 1, 20), 2, "%Y-%m-%d %H:%M"):
        cells = line.split(",")
        lines += [line, line.replace("phone", "chat"), ",".join([cells[0], "All", str(2 * int(cells[2])), *cells[3:]])]
    table = read(HEADER, *lines)
    assert [table.total_offered(name) for name in ("phone", "chat")] == [2 * sum(VOLUMES)] * 2
    lines[2] = lines[2].replace(",38,", ",39,")
    assert "says it is a total and is not the sum of the rows" in fault(HEADER, *lines)


def test_a_total_in_the_column_of_the_channel(read: Read) -> None:
    lines = days(date(2025, 1, 20), 1, "%Y-%m-%d %H:%M") + [f"2025-01-20 14:00,Total,{sum(VOLUMES)},240,,,"]
    assert read(HEADER, *lines).total_offered("phone") == sum(VOLUMES)


@pytest.mark.parametrize(
    "label", ["Total", "Summe", "TOTAL 2025", "Grand Total:", "Durchschnitt", "Average", "2025-01-20", ""]
)
def test_totals_by_any_name(read: Read, label: str) -> None:
    volume = "33.9" if label in ("Durchschnitt", "Average") else str(sum(VOLUMES))
    table = read(HEADER, *days(date(2025, 1, 20), 1, "%Y-%m-%d %H:%M"), f"{label},,{volume},240,,,")
    assert table.total_offered("phone") == sum(VOLUMES)
    assert any("totals and subtotals, recognised and left out: 1 rows" in notice for notice in table.notices)


def test_a_spoilt_start_with_the_volume_of_the_rows_above_is_no_total(fault: Fault) -> None:
    lines = days(date(2025, 1, 20), 1, "%Y-%m-%d %H:%M")
    lines[2] = f"2025-13-20 10:00,phone,{VOLUMES[0] + VOLUMES[1]},240,5,3,80"
    assert "line 4, start: no such date or time" in fault(HEADER, *lines)


def test_the_row_of_all_queues_is_left_out(read: Read) -> None:
    lines = [
        f"2025-01-20 {9 + half // 2:02d}:{30 * (half % 2):02d},phone,{queue},{volume},240,5,3,80"
        for half, n in enumerate(VOLUMES) for queue, volume in (("North", n), ("South", 5), ("Both", n + 5))
    ]  # fmt: skip
    table = read(WITH_QUEUE, *lines)
    assert table.total_offered("phone") == sum(VOLUMES) + 50
    assert np.nanmax(table.agents) == 10


def test_queues_with_the_same_changing_agents_are_one_team(read: Read) -> None:
    times = [f"2025-01-20 {9 + half // 2:02d}:{30 * (half % 2):02d}" for half in range(10)]
    rows = [
        f"{at},phone,{q},{n},240,{3 + at_ % 3},3,80" for at_, at in enumerate(times) for q, n in (("A", 10), ("B", 5))
    ]
    table = read(WITH_QUEUE, *rows)
    assert table.agents[0, 0, 18:21].tolist() == [3, 4, 5]
    assert "agents counted once (data.queue_agents=sum adds them" in " ".join(table.notices)
    assert read(WITH_QUEUE, *rows, queue_agents="sum").agents[0, 0, 18:21].tolist() == [6, 8, 10]


def test_a_second_queue_that_is_open_for_an_hour_only(read: Read, fault: Fault) -> None:
    lines = [line.replace("phone,", "phone,Day,") for line in days(date(2025, 1, 20), 1, "%Y-%m-%d %H:%M")]
    extra = [f"2025-01-20 {time},phone,Lunch,7,240,2,3,80" for time in ("12:00", "12:30")]
    assert read(WITH_QUEUE, *lines, *extra).total_offered("phone") == sum(VOLUMES) + 14
    without = [line.replace("Day,", "").replace("Lunch,", "") for line in (*lines, *extra)]
    assert "repeats line" in fault(HEADER, *without)


# ---- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("separator", "offered", "share", "volume"),
    [
        (";", "1.234", "5,5", 1234),
        (";", "1 234", "5,5", 1234),
        (";", "1'234", "5.5", 1234),
        (";", "1,234", "5.5", 1234),
        (",", '"1,234"', "5.5", 1234),
        (";", "1.234,00", "5,5", 1234),
        ("\t", "1,234.00", "5.5", 1234),
    ],
)
def test_thousands_are_settled_by_the_file(read: Read, separator: str, offered: str, share: str, volume: int) -> None:
    lines = [HEADER.replace(",", separator)]
    lines += [
        separator.join((f"2025-01-20 {h}:00", "phone", n, "240", "99", share, "80"))
        for h, n in ((10, offered), (11, "12"))
    ]
    assert read(*lines).offered[0, 0, 10:12].tolist() == [volume, 12]


def test_a_point_that_may_be_either_is_refused(fault: Fault) -> None:
    lines = ("2025-01-20 10:00,phone,1.234,240,5,5.5,80", "2025-01-20 10:30,phone,12,240,5,5.5,80")
    assert "ambiguous, a thousands separator or decimals? data.decimal" in fault(HEADER, *lines)


@pytest.mark.parametrize(
    "text", ["4:06", "0:04:06", "00:04:06", "246", "246.0", "4m 6s", "4 min 6 sec", "246 s", "0.00:04:06"]
)
def test_a_handle_time_by_any_writing(read: Read, text: str) -> None:
    assert read(HEADER, *(f"2025-01-20 {h}:00,phone,9,{text},5,3,80" for h in (10, 11))).weighted_aht("phone") == 246


def test_hours_that_a_spreadsheet_made_of_minutes(read: Read, fault: Fault) -> None:
    lines = (HEADER, *(f"2025-01-20 {h}:00,phone,9,04:06:00,5,3,80" for h in (10, 11)))
    assert "is 14760.0 s, over two hours" in fault(*lines)
    assert read(*lines, units={"aht_s": "m:ss"}).weighted_aht("phone") == 246


@pytest.mark.parametrize(("unit", "text"), [("ms", "246000"), ("min", "4.1"), ("h", "0.068333"), ("days", "0.0028472")])
def test_handle_times_in_every_unit(read: Read, fault: Fault, unit: str, text: str) -> None:
    lines = (HEADER, *(f"2025-01-20 {h}:00,phone,9,{text},5,3,80" for h in (10, 11)))
    assert "data.units.aht_s" in fault(*lines)
    assert read(*lines, units={"aht_s": unit}).weighted_aht("phone") == pytest.approx(246, abs=0.1)


@pytest.mark.parametrize("text", ["-", "--", "N/A", "n.a.", "NULL", "NaN", "#DIV/0!", "#N/A", "None", "–"])
def test_words_for_nothing(read: Read, text: str) -> None:
    lines = [f"2025-01-20 10:00,phone,0,{text},5,{text},{text}", "2025-01-20 10:30,phone,9,240,5,3,80"]
    table = read(HEADER, *lines)
    assert np.isnan([each[0, 0, 20] for each in (table.aht, table.abandoned_pct, table.sl_pct)]).all()


# ---- around the rows ------------------------------------------------------------------------------------------------


def test_notes_below_and_a_header_on_every_page(read: Read) -> None:
    lines = days(date(2025, 1, 20), 2, "%Y-%m-%d %H:%M")
    table = read("Report;;", "", HEADER, *lines[:10], HEADER, *lines[10:], "Printed by A. Planner on 3 March")
    assert table.total_offered("phone") == 2 * sum(VOLUMES)
    said = " ".join(table.notices)
    assert "the header is repeated further down, left out: 1 times" in said
    assert "note below the rows, left out: 'Printed by A. Planner on 3 March'" in said


def test_names_that_stand_once_above_their_rows(read: Read, fault: Fault) -> None:
    lines = days(date(2025, 1, 20), 1, "%Y-%m-%d %H:%M")
    lines += days(date(2025, 1, 20), 1, "%Y-%m-%d %H:%M", "chat")
    blank = [line if i % 10 == 0 else line.replace("phone", "").replace("chat", "") for i, line in enumerate(lines)]
    table = read(HEADER, *blank)
    assert [table.total_offered(name) for name in table.channels] == [sum(VOLUMES)] * 2
    lines[4] = lines[4].replace("phone", "")
    assert "line 6, channel: is blank" in fault(HEADER, *lines)


def test_dates_without_rows_and_gaps_in_a_day_stay_as_they_are(read: Read) -> None:
    lines = [
        line for line in days(date(2025, 1, 20), 3, "%Y-%m-%d %H:%M") if "01-21" not in line and " 11:" not in line
    ]
    table = read(HEADER, *lines)
    assert np.isnan(table.offered[0, 1]).all()
    assert np.isnan(table.offered[0, 0, 22:24]).all()
    assert table.total_offered("phone") == 2 * (sum(VOLUMES) - VOLUMES[4] - VOLUMES[5])

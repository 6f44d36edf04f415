"""Dirty: titles as reports print them, times and numbers as systems write them, totals within totals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim

from .conftest import Fault, Read

HEADER = "start,offered,aht_s,agents,abandoned_pct,sl_pct"


def half_hours(values: str, form: str = "2025-01-20 {hour:02d}:{minute:02d}", count: int = 12) -> list[str]:
    """A dozen half-hours from 8 on; 20, 21, ... contacts; `{n}` of `values` is the number."""
    return [
        form.format(hour=8 + half // 2, minute=half % 2 * 30, half="AM" if half < 8 else "PM")
        + values.format(n=20 + half)
        for half in range(count)
    ]


# ---- titles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "cell"),
    [("AHT (min)", "4.5"), ("AHT (mm:ss)", "4:30"), ("Avg Handle Time in ms", "270000"), ("AHT sec", "270"),
     ("Average Handling Time (seconds)", "270"), ("AHT [hh:mm:ss]", "00:04:30")],
)  # fmt: skip
def test_a_title_says_the_unit_of_its_column(read: Read, title: str, cell: str) -> None:
    table = read(f"Interval,Calls Offered,{title},Staffed", *half_hours(f",{{n}},{cell},7"))
    assert table.weighted_aht("phone") == 270
    assert table.agents[0, 0, 16] == 7


@pytest.mark.parametrize("title", ["% Abandoned", "Abandoned (%)", "Aband%", "Abandonment Rate", "Abbruchquote %"])
def test_a_per_cent_sign_stands_anywhere_in_a_title(read: Read, title: str) -> None:
    table = read(f"Interval,Calls,AHT,Agents,{title}", *half_hours(",{n},240,7,5"))
    assert table.abandoned_share("phone") == pytest.approx(0.05)


def test_a_number_abandoned_is_no_share(read: Read, fault: Fault) -> None:
    table = read("Interval,Calls Offered,Calls Abandoned,AHT", *half_hours(",{n},2,240"))
    assert table.abandoned_share("phone") == pytest.approx(24 / sum(range(20, 32)))
    text = fault("Interval,Calls Offered,Calls Abandoned,AHT", *half_hours(",{n},2.5,240"))
    assert "some are not whole: per cent? data.units.abandoned_pct=percent" in text


def test_names_of_channels_that_many_reports_share(read: Read) -> None:
    lines = [line for name in ("Voice", "Web Chat") for line in half_hours(f",{name},{{n}},240")]
    assert read("start,channel,offered,aht_s", *lines).channels == ("phone", "chat")


def test_cells_with_a_per_cent_sign_are_shares_whatever_the_title(read: Read) -> None:
    assert read("Interval,Calls,Abandoned,AHT", *half_hours(",{n},5.5%,240")).abandoned_pct[0, 0, 16] == 5.5


def test_answered_and_abandoned_are_offered_together(read: Read) -> None:
    lines = ("Date,Interval,Calls Answered,Calls Abandoned,Avg Talk Time,Avg ACW", *half_hours(",{n},2,200,40"))
    table = read(lines[0], *(line.replace(" ", ",", 1) for line in lines[1:]))
    assert table.total_offered("phone") == sum(range(20, 32)) + 24
    assert table.weighted_aht("phone") == 240


def test_columns_that_somebody_names_bring_no_units_of_a_layout(read: Read) -> None:
    columns = {"start": ["Call - Date", "Call - Hour"], "offered": "Inbound calls", "aht_s": "Talk time (min)"}
    lines = [f"2025-01-20,{hour}:00,{20 + hour},4.5,0.5,2,30" for hour in range(8, 18)]
    head = "Call - Date,Call - Hour,Inbound calls,Talk time (min),Wrap-up time (min),Abandoned calls,Wait time (sec)"
    table = read(head, *lines, columns=columns, units={"aht_s": "min"})
    assert table.weighted_aht("phone") == 270
    assert np.isnan(table.abandoned_pct).all()


def test_quantities_beside_each_other_are_no_queues(fault: Fault) -> None:
    text = fault("Interval,Inbound Calls,Missed Calls,Avg. duration", *half_hours(",{n},2,240"))
    assert "columns missing: 'aht' (aht_s); columns left: Avg. duration" in text


@pytest.mark.parametrize("days", ["Date", "Month"])
def test_common_titles_of_daily_totals_are_explained(fault: Fault, days: str) -> None:
    assert "daily totals are not enough" in fault(f"{days},Offered,AHT", "2025-01-20,300,240", "2025-01-21,310,240")


@pytest.mark.parametrize(
    ("title", "within"),
    [
        ("SL 20s", 20),
        ("SL% (30s)", 30),
        ("SL 80/20", 20),
        ("SL 80%/20s", 20),
        ("SL 80%", np.nan),
        ("Service Level (90 sec)", 90),
        ("% Service Level", np.nan),
    ],
)
def test_a_title_says_what_a_service_level_counts(read: Read, title: str, within: float) -> None:
    table = read(f"Interval,Calls,AHT,{title}", *half_hours(",{n},240,85"))
    assert table.sl_pct[0, 0, 16] == 85
    np.testing.assert_equal(table.sl_within, within)
    assert any("as its title says" in notice for notice in table.notices) == (within > 0)


def test_what_a_title_counts_is_the_target_of_the_recorded_centre(tmp_path: Path) -> None:
    lines = ["Interval,Calls,AHT,Agents,SL% (30s)", *half_hours(",{n},240,7,85")]
    (tmp_path / "my.csv").write_text("\n".join(lines))
    words = [f"data.intervals={tmp_path / 'my.csv'}"]
    assert phone_within(words) == phone_within([*words, "centre=phone"]) == 30
    assert phone_within([*words, "data.sl_within={phone: 10 s}"]) == 10
    assert phone_within([*words, "channels.phone.target.within='60 s'"]) == 60


def phone_within(words: list[str]) -> float:
    target = sim.load(words).channels["phone"].target
    assert target is not None
    return target.within


# ---- times ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    ["2025-01-20 {hour}:{minute:02d} Uhr", "20/01/2025 {hour}h{minute:02d}", "20250120{hour:02d}{minute:02d}",
     "2025-01-20 {hour}:{minute:02d} CET", "2025-01-20 {hour}:{minute:02d} GMT+1",
     "20 de enero de 2025 {hour}:{minute:02d}",
     "20 stycznia 2025 {hour}:{minute:02d}", "=\"2025-01-20 {hour:02d}:{minute:02d}\"",
     "'2025-01-20 {hour:02d}:{minute:02d}"],
)  # fmt: skip
def test_a_start_by_any_writing(read: Read, form: str) -> None:
    table = read(HEADER, *half_hours(",{n},240,7,5,80", form))
    assert (str(table.first_day), table.offered[0, 0, 16], table.offered[0, 0, 27]) == ("2025-01-20", 20, 31)


def test_a_letter_for_the_half_of_the_day(read: Read) -> None:
    table = read(
        HEADER, "2025-01-20 11:30a,20,240,7,5,80", "2025-01-20 12:00p,21,240,7,5,80", "2025-01-20 1:00p,22,240,7,5,80"
    )
    assert table.offered[0, 0, [23, 24, 26]].tolist() == [20, 21, 22]


@pytest.mark.parametrize("day", ["2025-01-20 00:00:00", "45677", "20.01.2025"])
@pytest.mark.parametrize(
    "form", ["1899-12-30 {hour:02d}:{minute:02d}:00", "1/0/1900 {hour}:{minute:02d}", "{part:.9f}"]
)
def test_date_and_time_in_two_cells_of_a_spreadsheet(read: Read, day: str, form: str) -> None:
    times = [form.format(hour=8 + k // 2, minute=k % 2 * 30, part=(16 + k) / 48) for k in range(12)]
    table = read("Date,Time,Offered,AHT", *(f"{day},{time},{20 + k},240" for k, time in enumerate(times)))
    assert (str(table.first_day), table.interval, table.offered[0, 0, 16]) == ("2025-01-20", 1800, 20)


def test_a_whole_start_beside_its_date(read: Read) -> None:
    lines = [f"2025-01-20,{line}" for line in half_hours(",{n},240")]
    assert read("Date,Interval Start,Offered,AHT", *lines).offered[0, 0, 16] == 20


def test_ends_of_intervals_are_read_as_ends_where_the_title_says_so(read: Read) -> None:
    columns = {"start": "Interval End", "offered": "Offered", "aht_s": "AHT"}
    lines = half_hours(",{n},240")
    table = read("Interval End,Offered,AHT", *lines, columns=columns)
    assert table.offered[0, 0, 15:17].tolist() == [20, 21]
    late = ("2025-01-20 23:00,4,240", "2025-01-20 23:30,5,240", "2025-01-21 00:00,6,240")
    table = read("Interval End,Offered,AHT", *late, columns=columns)
    assert (table.n_days, table.offered[0, 0, 45:].tolist()) == (1, [4, 5, 6])


def test_hours_are_numbers_where_none_is_24(read: Read, fault: Fault) -> None:
    lines = [f"2025-01-20,{hour},{20 + hour},240" for hour in range(8, 18)]
    table = read("Date,Hour,Offered,AHT", *lines)
    assert (table.interval, table.offered[0, 0, 8], table.offered[0, 0, 17]) == (3600, 28, 37)
    assert "the time of day cannot be read" in fault("Date,Hour,Offered,AHT", *lines, "2025-01-20,24,5,240")


def test_a_time_that_cannot_be_read_is_no_daily_total(fault: Fault) -> None:
    text = fault(HEADER, *half_hours(",{n},240,7,5,80", "2025-01-20 {hour}~{minute:02d}"))
    assert "the time of day cannot be read" in text
    assert "daily totals" not in text


@pytest.mark.parametrize("minutes", [5, 10])
def test_short_intervals_are_no_log_of_calls(fault: Fault, minutes: int) -> None:
    starts = [f"2025-01-20 {8 + at // 60:02d}:{at % 60:02d}" for at in range(0, 240, minutes)]
    text = fault(HEADER, *(f"{start},9,240,7,5,80" for start in starts))
    assert f"rows are {minutes} minutes apart" in text
    assert "log" not in text


# ---- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ['4\'30""', "PT4M30S", "4:30", "270"])
def test_handle_times_as_systems_print_them(read: Read, cell: str) -> None:
    table = read(HEADER, *half_hours(f',{{n}},"{cell}",7,5,80'), '2025-01-20 14:00,20,":30",7,5,80')
    assert table.aht[0, 0, [16, 28]].tolist() == [270, 30]


@pytest.mark.parametrize("cell", ["#NV", "#WERT!", "#¡DIV/0!", "...", "k.A.", "n.d."])
def test_no_number_in_other_languages(read: Read, cell: str) -> None:
    table = read(HEADER, *half_hours(",{n},240,7,5,80"), f"2025-01-20 14:00,20,{cell},7,{cell},{cell}")
    assert np.isnan(table.sl_pct[0, 0, 28])
    assert table.aht[0, 0, 28] == 240


@pytest.mark.parametrize(("key", "contacts"), [("comma", 1234), ("point", 1.234)])
def test_a_key_settles_what_a_point_is(read: Read, fault: Fault, key: str, contacts: float) -> None:
    lines = [HEADER.replace(",", ";"), "2025-01-20 08:00;1.234;240;7;5;80", "2025-01-20 08:30;1.234;240;7;5;80"]
    assert "data.decimal=point or comma" in fault(*lines)
    assert read(*lines, decimal=key).offered[0, 0, 16] == contacts


def test_fractions_with_a_stray_cell_are_fractions(fault: Fault) -> None:
    text = fault(HEADER, *half_hours(",{n},240,7,5,0.8"), "2025-01-20 14:00,20,240,7,5,88")
    assert "most values are at most 1, others are not: fractions? data.units.sl_pct=fraction" in text


# ---- totals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [False, True])
def test_totals_of_hours_days_and_all_in_one_file(read: Read, first: bool) -> None:
    lines, whole = [], 0
    for day in (20, 21, 22):
        volumes = [20 + day * half % 17 for half in range(12)]
        rows = [
            f"2025-01-{day} {8 + half // 2:02d}:{half % 2 * 30:02d},{n},240,7,5,80" for half, n in enumerate(volumes)
        ]
        hours = [f"Hour total,{sum(volumes[at : at + 2])},240,,," for at in range(0, 12, 2)]
        block = [line for at in range(6) for line in (*rows[2 * at : 2 * at + 2], hours[at])]
        total = f"{'2025-01-' + str(day) if first else 'Day total'},{sum(volumes)},240,,,"
        lines += [total, *block] if first else [*block, total]
        whole += sum(volumes)
    table = read(HEADER, *lines, f"Grand total,{whole},240,,,")
    assert table.total_offered("phone") == whole
    assert any("recognised and left out: 22 rows" in notice for notice in table.notices)

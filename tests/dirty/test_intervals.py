"""Dirty: a planner's own interval file, as spreadsheets and people really write it; each message is asserted."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.calibration.intervals.table import IntervalTable, read_intervals
from sim.errors import InputError, Problem, nearest
from sim.model.data import Data

ROOT = Path(__file__).resolve().parents[2]
BANK = ROOT.parent / "shared" / "data" / "bank_intervals_1999_jan_feb.csv"
HEADER = "start,channel,offered,aht_s,agents"
PCT = HEADER + ",abandoned_pct,sl_pct"
GOOD = ("2025-03-03 08:00,phone,10,200,3", "2025-03-03 08:30,phone,20,230,4")

Read = Callable[..., IntervalTable]
Faults = Callable[..., list[str]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes lines (or bytes) to my.csv and reads it."""

    def act(*lines: str, data: bytes | None = None, known: list[str] | None = None, **keys: object) -> IntervalTable:
        path = tmp_path / "my.csv"
        path.write_bytes(("\n".join(lines) + "\n").encode() if data is None else data)
        return read_intervals(path, known, Data.model_validate(keys))

    return act


@pytest.fixture
def faults(read: Read) -> Faults:
    """The problems of a file that must be refused."""

    def act(*lines: str, data: bytes | None = None, known: list[str] | None = None, **keys: object) -> list[str]:
        with pytest.raises(InputError) as caught:
            read(*lines, data=data, known=known, **keys)
        return [str(problem) for problem in caught.value.problems]

    return act


def row(start: str, offered: object = 10, channel: str = "phone") -> str:
    return f"{start},{channel},{offered},200,3"


def hours(first: str, step: int, count: int, channel: str = "phone") -> list[str]:
    begin = datetime.fromisoformat(first)
    return [row(f"{begin + timedelta(minutes=step * i):%Y-%m-%d %H:%M}", channel=channel) for i in range(count)]


# ---- good files -----------------------------------------------------------------------------------------------------


def test_shipped_template_is_clean() -> None:
    table = read_intervals(ROOT / "conf" / "data" / "intervals_template.csv", ["phone", "chat", "email"])
    assert table.notices == ()
    assert (table.interval, table.n_days, table.channels) == (1800, 2, ("phone", "chat", "email"))
    assert table.offered.shape == (3, 2, 48)
    assert all((~np.isnan(table.offered)).sum(axis=2).ravel() == 20)
    assert not np.isnan(table.agents[~np.isnan(table.offered)]).any()
    assert 0.02 < table.abandoned_share("phone") < 0.10
    assert math.isnan(table.abandoned_share("email"))


def test_bank_of_1999() -> None:
    if not BANK.exists():
        pytest.skip(f"the bank's intervals are not shipped with the repository and are absent here: {BANK}")
    table = read_intervals(BANK)
    assert (table.interval, table.channels, table.first_day) == (1800, ("phone",), date(1999, 1, 3))
    assert table.days_with_data().sum() == 39
    assert (~np.isnan(table.offered)).sum() == 1320  # every row of the file, once
    assert 100 < table.weighted_aht("phone") < 300
    assert 0.05 < table.abandoned_share("phone") < 0.2
    assert len(table.notices) == 1
    assert "18 of the 57 calendar days" in table.notices[0]


def test_columns_in_any_order_case_and_spacing(read: Read) -> None:
    table = read(
        " Agents , OFFERED,Start,aht_s ,Channel", "3,10,2025-03-03 08:00,200,Phone", "4,20,2025-03-03 08:15,230, phone "
    )
    assert (table.interval, table.channels, table.notices) == (900, ("Phone",), ())
    assert table.total_offered("Phone") == 30
    assert table.weighted_aht("Phone") == 220
    assert table.offered[0, 0, 32:34].tolist() == [10, 20]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_and_points(read: Read, separator: str) -> None:
    for mark in ",.":
        lines = [line.replace(",", separator) for line in (PCT, *(f"{each},5#5,80" for each in GOOD))]
        table = read(*(line.replace("#", mark) for line in lines))
        assert table.abandoned_share("phone") == pytest.approx(0.055)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(read: Read, encoding: str, end: str) -> None:
    text = end.join((HEADER, *(line.replace("phone", '"téléphone"') for line in GOOD), "", ",,,,", ""))
    table = read(data=text.encode(encoding))
    assert table.channels == ("téléphone",)
    assert any("Windows Latin-1" in notice for notice in table.notices) == (encoding == "latin-1")


def test_excel_separator_line_keeps_line_numbers(read: Read, faults: Faults) -> None:
    lines = [line.replace(",", ";") for line in (HEADER, *GOOD)]
    assert read("sep=;", *lines).total_offered("phone") == 30
    assert faults("sep=;", *lines[:2], lines[2].replace("20", "x", 2).replace("x25", "2025")) == [
        "my.csv line 4, offered: must be a number >= 0 (or blank: not known), got 'x'"
    ]


@pytest.mark.parametrize(
    ("first", "second", "day"),
    [
        ("2025-03-13T08:00:00", "2025-03-13T08:30", date(2025, 3, 13)),
        ("13.03.2025 8:00", "13.3.2025 08:30:00", date(2025, 3, 13)),
        ("13/03/2025 08:00", "13/03/2025 08:30", date(2025, 3, 13)),
        ("2025-03-13 08:00+01:00", "2025-03-13 08:30:00 +0100", date(2025, 3, 13)),
        ("2025.03.13 08:00", "2025/03/13 08:30", date(2025, 3, 13)),
        ("13-03-2025 08:00", "13-03-2025 08:30", date(2025, 3, 13)),
        ("2025-03-13 8:00 AM", "2025-03-13 8:30 a.m.", date(2025, 3, 13)),
        ("13-Mar-25 08:00", "13. März 2025 08:30", date(2025, 3, 13)),
        ("Thursday March 13 2025 8:00 AM", "Thu 13 Mar 2025 08:30", date(2025, 3, 13)),
        ("20250313 0800", "20250313T083000", date(2025, 3, 13)),
        ("45729.333333333336", "45729.3541666667", date(2025, 3, 13)),
        ("2025-03-13 08:00-08:30", "2025-03-13 08:30-09:00", date(2025, 3, 13)),
        ("2025-03-13 8:00 AM - 8:30 AM", "2025-03-13 8:30 – 9:00", date(2025, 3, 13)),
        ("2025-03-13 08:00-08:29", "2025-03-13 08:30:00-08:59:59", date(2025, 3, 13)),
        ("2025-03-13 08:00-03:00", "2025-03-13 08:30-03:00", date(2025, 3, 13)),
    ],
)
def test_forms_of_start(read: Read, first: str, second: str, day: date) -> None:
    table = read(HEADER, row(first), row(second))
    assert (table.first_day, table.interval, table.notices) == (day, 1800, ())
    assert table.offered[0, 0, 16:18].tolist() == [10, 10]


@pytest.mark.parametrize(
    ("text", "day", "notice"),
    [
        (
            "03/04/2025",
            date(2025, 4, 3),
            "line 2, start: these dates fit both orders: read as day/month/year; data.date_order says another order",
        ),
        ("03/14/2025", date(2025, 3, 14), "line 2, start: only month/day/year fits all rows: read as month/day/year"),
    ],
)
def test_slash_dates_say_how_they_were_read(read: Read, text: str, day: date, notice: str) -> None:
    table = read(HEADER, row(f"{text} 08:00"), row(f"{text} 08:30"))
    assert table.first_day == day
    assert table.notices == (f"my.csv {notice}",)


def test_one_row_settles_the_order_of_slash_dates(read: Read) -> None:
    table = read(HEADER, row("03/04/2025 08:00"), row("03/04/2025 09:00"), row("13/04/2025 08:00"))
    assert (table.first_day, table.n_days, table.interval) == (date(2025, 4, 3), 11, 3600)
    assert table.notices == ("my.csv: 9 of the 11 calendar days spanned have no rows",)


def test_blank_is_not_zero(read: Read) -> None:
    table = read(
        PCT,
        *("2025-03-03 08:00,phone,,200,3,2,90", "2025-03-03 08:30,phone,0,,3,,", "2025-03-03 09:00,phone,10,200,,,"),
    )
    offered = table.offered[0, 0, 15:19]
    assert np.isnan(offered).tolist() == [True, True, False, False]
    assert offered[2] == 0
    assert np.isnan(table.aht[0, 0, 17])
    assert np.isnan(table.agents[0, 0, 18])
    assert math.isnan(table.abandoned_share("phone"))
    assert table.notices == (
        "my.csv line 2, offered: blank cells: 1 in the file, read as not known, not as 0",
        "my.csv line 4, agents: blank cells: 1 in the file, read as not known",
    )


def test_blank_handle_time_takes_the_weighted_mean(read: Read) -> None:
    table = read(HEADER, *GOOD, "2025-03-03 09:00,phone,5,,4")
    assert table.aht[0, 0, 18] == 220
    assert table.notices == (
        "my.csv line 4, aht_s: blank cells with contacts offered: 1 of 'phone', filled with its mean 220 s",
    )


def test_fractions_for_percentages_are_asked_about_and_the_key_settles_it(read: Read, faults: Faults) -> None:
    lines = (PCT, f"{GOOD[0]},0,0.85", f"{GOOD[1]},0,0.9")
    assert faults(*lines) == [
        "my.csv line 2, sl_pct: no value is above 1: fractions? data.units.sl_pct=fraction; per cent that small? "
        "data.units.sl_pct=percent"
    ]
    assert read(*lines, units={"sl_pct": "fraction"}).sl_pct[0, 0, 16:18].tolist() == [85, 90]
    assert read(*lines, units={"sl_pct": "percent"}).sl_pct[0, 0, 16:18].tolist() == [0.85, 0.9]
    assert read(PCT, f"{GOOD[0]},0,0.85%", f"{GOOD[1]},0,0.9 %").sl_pct[0, 0, 16:18].tolist() == [0.85, 0.9]


def test_slices_and_channel_names(read: Read) -> None:
    table = read(HEADER, *GOOD, *hours("2025-03-05 08:00", 30, 2))
    assert table.days_with_data().tolist() == [True, False, True]
    part = table.between(date(2025, 3, 4), date(2025, 3, 9))
    assert (part.first_day, part.n_days, part.total_offered("phone")) == (date(2025, 3, 4), 2, 20)
    with pytest.raises(InputError, match="no volumes from 2025-03-04 to 2025-03-04; the file spans 2025-03-03 to"):
        table.between(date(2025, 3, 4), date(2025, 3, 4))
    with pytest.raises(InputError, match="no channel 'fone'; did you mean 'phone'"):
        table.total_offered("fone")
    with pytest.raises(ValueError, match="read-only"):
        table.offered[0] = 1


# ---- clock changes and repetitions ----------------------------------------------------------------------------------


def test_the_hour_shown_twice_is_merged_where_the_zone_is_named(read: Read) -> None:
    pair = ("2025-10-26 02:00,phone,10,100,2,10,80", "2025-10-26 02:00,phone,30,200,4,,90")
    lines = (PCT, "2025-10-26 01:30,phone,1,20,1,2,1", *pair, "2025-10-26 03:00,phone,1,20,1,2,1")
    table = read(*lines, timezone="Europe/Berlin")
    assert [float(each[0, 0, 4]) for each in (table.offered, table.aht, table.agents)] == [40, 175, 3]
    assert [float(each[0, 0, 4]) for each in (table.abandoned_pct, table.sl_pct)] == [10, 87.5]
    assert table.notices == (
        "my.csv line 3, start: 2025-10-26 shows 1 starts twice (first: lines 3 and 4), a 25-hour day: merged, "
        "offered added, agents averaged, the rest by volume",
    )


def test_offsets_prove_a_clock_change_anywhere(read: Read, faults: Faults) -> None:
    rest = row("2025-04-06 03:00+10:00"), row("2025-04-06 03:30+10:00")
    twice = row("2025-04-06 02:00+11:00"), row("2025-04-06 02:00+10:00")
    assert read(HEADER, *twice, *rest).total_offered("phone") == 40
    assert faults(HEADER, twice[0], twice[0], *rest)[0].startswith(
        "my.csv line 3, start: repeats line 2 (2025-04-06 02:00, phone)"
    )


@pytest.mark.parametrize("start", ["2025-10-26 03:00", "2025-10-27 02:00", "2025-10-19 02:00", "2025-11-09 01:00"])
def test_any_other_repetition_is_refused(faults: Faults, start: str) -> None:
    lines = hours(f"{start[:10]} 10:00", 30, 4)
    found = faults(HEADER, row(start), *lines, row(start), timezone="Europe/Berlin")
    assert found == [f"my.csv line 7, start: repeats line 2 ({start}, phone); no clock change in Europe/Berlin"]
    assert faults(HEADER, row(start), *lines, row(start)) == [
        f"my.csv line 7, start: repeats line 2 ({start}, phone); on a 25-hour day, data.timezone=Europe/Berlin (say) "
        "reads both"
    ]


def test_three_of_a_kind_are_refused_even_on_a_long_day(faults: Faults) -> None:
    lines = [*[row("2025-11-02 01:00")] * 3, *hours("2025-11-02 01:30", 30, 6)]
    found = faults(HEADER, *lines, timezone="America/New_York")
    assert [each.split(" (")[0] for each in found] == [f"my.csv line {n}, start: repeats line 2" for n in (3, 4)]


# ---- intervals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_lengths(read: Read, minutes: int) -> None:
    table = read(HEADER, *hours("2025-03-03 00:00", minutes, 1440 // minutes))
    assert table.interval == 60 * minutes
    assert not np.isnan(table.offered).any()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            hours("2025-03-03 08:00", 10, 4),
            "3, start: rows are 10 minutes apart (lines 2 and 3); intervals must be of 15,",
        ),
        (hours("2025-03-03 08:00", 120, 4), "3, start: rows are 120 minutes apart (lines 2 and 3); intervals must be"),
        ([*hours("2025-03-03 08:00", 30, 4), row("2025-03-03 08:40")], "6, start: off the 30-minute grid of the other"),
        (hours("2025-03-03 08:10", 60, 2)[:1] + hours("2025-03-03 09:00", 60, 3), "2, start: off the 60-minute grid"),
        ([*GOOD, *hours("2025-03-03 09:00", 60, 4)], "5, start: 60 minutes after the row before, but line 3 is 30"),
        (
            [*hours("2025-03-03 08:00", 30, 8), row("2025-03-03 08:15")],
            "10, start: 15 minutes after the row before, but",
        ),
        (
            hours("2025-03-03 08:00", 30, 5) + hours("2025-03-03 08:00", 60, 5, "email"),
            "8, start: 60 minutes after the",
        ),
    ],
)
def test_wrong_lengths_are_refused_at_a_line(faults: Faults, lines: list[str], message: str) -> None:
    found = faults(HEADER, *lines)
    assert len(found) == 1
    assert found[0].startswith(f"my.csv line {message}")


def test_a_single_row_a_day_tells_no_length(faults: Faults) -> None:
    message = "my.csv, start: cannot tell the interval length: no channel has two rows on one day"
    message += "; ranges say it, 09:00-09:30"
    assert faults(HEADER, row("2025-03-03 08:00"), row("2025-03-04 09:00")) == [message]
    daily = faults(HEADER, row("2025-03-03 08:00"), row("2025-03-04 08:00"))
    assert daily[0].startswith("my.csv, start: daily totals are not enough")


def test_quiet_intervals_left_out_are_no_other_length(read: Read) -> None:
    rng = np.random.default_rng(1)
    lines = [line for day in range(1, 29) for line in hours(f"2025-02-{day:02d} 00:00", 30, 48) if rng.random() < 0.6]
    assert read(HEADER, *lines).interval == 1800


# ---- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("2025-03-03 09:00,phone,-3,200,3,1,1", "offered: must be a number >= 0, got '-3'"),
        ("2025-03-03 09:00,phone,many,200,3,1,1", "offered: must be a number >= 0 (or blank: not known), got 'many'"),
        ("2025-03-03 09:00,phone,1e9,200,3,1,1", "offered: must be at most 1e+06, got '1e9'"),
        ("2025-03-03 09:00,phone,1.234.567,200,3,1,1", "offered: must be at most 1e+06, got '1.234.567'"),
        (
            "2025-03-03 09:00,phone,1.234,200,3,1,1",
            "offered: ambiguous, a thousands separator or decimals? data.decimal",
        ),
        ("2025-03-03 09:00,phone,5,0,3,1,1", "aht_s: must be above 0 where contacts were handled, got 0"),
        (
            "2025-03-03 09:00,phone,5,90000,3,1,1",
            "aht_s: must be at most 86400 s (24 h); it is in seconds (milliseconds: data.units.aht_s=ms), got '90000'",
        ),
        (
            "2025-03-03 09:00,phone,5,3:75,3,1,1",
            "aht_s: must be a number >= 0 or a time such as 4:06 or 0:04:06 (or blank: not known), got '3:75'",
        ),
        ("2025-03-03 09:00,phone,5,200,-1,1,1", "agents: must be a number >= 0, got '-1'"),
        ("2025-03-03 09:00,phone,5,200,3,101,1", "abandoned_pct: must be a percentage between 0 and 100, got '101'"),
        ("2025-03-03 09:00,phone,5,200,3,1,-0.1", "sl_pct: must be a percentage between 0 and 100, got '-0.1'"),
        ("2025-03-03 09:00,,5,200,3,1,1", "channel: is blank"),
        (",phone,5,200,3,1,1", "start: not a date and time; write YYYY-MM-DD HH:MM, DD.MM.YYYY HH:MM or"),
        ("2025-03-03,phone,5,200,3,1,1", "start: the row has no time of day; write"),
        ("2025-02-30 09:00,phone,5,200,3,1,1", "start: no such date or time (day"),
        ("2025-03-03 24:30,phone,5,200,3,1,1", "start: no such time (24:30); write"),
        ("2025-03-03 13:00 PM,phone,5,200,3,1,1", "start: no such time (13 PM); write"),
        ("2025-03-03 09:00+05:17,phone,5,200,3,1,1", "start: +05:17 is no offset from UTC that exists; write"),
        ("2025-03-03 09:00+15:00,phone,5,200,3,1,1", "start: +15:00 is no offset from UTC that exists; write"),
        ("Total,,31,210,,,", "offered: says it is a total and is not the sum of the rows: are rows missing, or there"),
        ("2205-03-03 09:00,phone,5,200,3,1,1", "start: 2205-03-03 09:00, phone is more than ten years after line 2"),
    ],
)
def test_each_bad_cell_is_named(faults: Faults, cells: str, message: str) -> None:
    found = faults(PCT, *(f"{each},1,80" for each in GOOD), cells)
    assert found[0].startswith(f"my.csv line 4, {message}")


def test_thousands_are_settled_by_the_column(read: Read) -> None:
    """1.234 beside 987.5 is a decimal; 182.125 s is one too, since 182125 s is more than a day."""
    table = read(HEADER, "2025-03-03 08:00,phone,1.234,182.125,3", "2025-03-03 08:30,phone,987.5,200,3")
    assert table.total_offered("phone") == pytest.approx(988.734)
    assert table.aht[0, 0, 16] == 182.125


def test_rows_of_another_width(faults: Faults) -> None:
    assert faults(HEADER, *GOOD, "2025-03-03 09:00,phone,5", "2025-03-03 09:30,phone,5,200,3,5") == [
        "my.csv line 4: has 3 cells where the header has 5",
        "my.csv line 5: has 6 cells where the header has 5; a decimal comma in a comma-separated file?",
    ]


def test_broken_quotes(faults: Faults) -> None:
    assert faults(HEADER, GOOD[0], '2025-03-03 08:30,"phone,20,230,4', "x,y") == [
        "my.csv line 3: broken quotes (unexpected end of data)"
    ]


def test_a_channel_without_numbers(faults: Faults) -> None:
    assert faults(HEADER, *GOOD, "2025-03-03 08:00,chat,,,1") == [
        "my.csv line 4, offered: channel 'chat' has no volume in any row"
    ]
    assert faults(HEADER, *GOOD, "2025-03-03 08:00,chat,5,,1") == [
        "my.csv line 4, aht_s: blank, and channel 'chat' has no handle time at all to take a mean of"
    ]


def test_channels_are_held_against_the_known_ones(read: Read, faults: Faults) -> None:
    assert read(HEADER, *GOOD, known=["Phone", "email"]).channels == ("Phone",)
    lines = (*GOOD, row("2025-03-03 08:00", channel="emial"), row("2025-03-03 08:30", channel="emial"))
    assert faults(HEADER, *lines, row("2025-03-03 08:00", channel="fax"), known=["phone", "email"]) == [
        "my.csv line 4, channel: unknown channel 'emial' (and 1 more lines); did you mean 'email'?",
        "my.csv line 6, channel: unknown channel 'fax' (known: phone, email)",
    ]


# ---- headers and files ----------------------------------------------------------------------------------------------


def test_columns_missing_and_twice(faults: Faults) -> None:
    found = faults("start,channel,offered,handled,agents,agents", "2025-03-03 08:00,phone,-1,2,3,4")
    assert found[0] == "my.csv line 1, agents: this column appears twice"
    assert found[1].startswith(
        "my.csv line 1: columns missing: 'aht_s'; columns left: handled, agents. "
        "'data.columns={aht_s: ...}' names them, data=NAME chooses a layout: "
    )
    assert found[2] == "my.csv line 2, offered: must be a number >= 0, got '-1'"


def test_another_separator(read: Read, faults: Faults) -> None:
    assert read(*(line.replace(",", "|") for line in (HEADER, *GOOD))).total_offered("phone") == 30
    found = faults(*(line.replace(",", "~") for line in (HEADER, *GOOD)))
    assert "my.csv line 1: only one column found: separate the columns with commas, semicolons, tabs or bars" in found


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "my.csv: the file is empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "my.csv: the file is empty"),
        (HEADER.encode() + b"\n,,,,\n", "my.csv: has a header but no rows"),
        (b"PK\x03\x04...", "my.csv: is a zip archive or a workbook of another kind than XLSX: save it as XLSX or CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe\x81", "my.csv: holds binary content, not text: save it as CSV"),
        (
            b"start,channel\n2025,t\x81l\n",
            "my.csv: cannot be decoded as text, byte 21 is neither UTF-8 nor Windows Latin-1: save it as CSV in UTF-8",
        ),
        (b"\xff\xfes\x00t", "my.csv: cannot be decoded as text, byte 5 is not UTF-16: save it as CSV in UTF-8"),
    ],
)
def test_what_is_no_table(faults: Faults, data: bytes, message: str) -> None:
    assert faults(data=data) == [message]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "volumes_march.csv").write_text("x")
    for path, message in (
        (tmp_path / "volume_march.csv", "no such file; did you mean 'volumes_march.csv'?"),
        (tmp_path, "is a directory, not a file"),
        (tmp_path / "no" / "volumes.csv", f"no such file: there is no folder {str(tmp_path / 'no')!r}"),
    ):
        with pytest.raises(InputError) as caught:
            read_intervals(path)
        assert str(caught.value) == f"{path}: {message}"


# ---- many mistakes --------------------------------------------------------------------------------------------------


def test_all_mistakes_come_together_in_the_order_of_the_file(faults: Faults) -> None:
    lines = (*GOOD, "2025-03-03 08:30,phone,x,0,-4", "yesterday,fax,1,1,1", "2025-03-03 09:00,phone,5,-1,3")
    assert [each.split(" ")[2] + each.split(":")[1] for each in faults(HEADER, *lines, known=["phone"])] == [
        "4, must be a number >= 0 (or blank",
        "4, must be a number >= 0, got '-4'",
        "4, repeats line 3 (2025-03-03 08",
        "5, not a date and time; write YYYY-MM-DD HH",
        "6, must be a number >= 0, got '-1'",
    ]


def test_a_mistake_of_a_whole_column_is_one_line(faults: Faults) -> None:
    assert faults(HEADER, *(line.replace(",10,", ",-1,") for line in hours("2025-03-03 00:00", 30, 48))) == [
        "my.csv line 2, offered: must be a number >= 0, got '-1' (and 47 more lines like it)"
    ]


def test_the_text_stops_at_twenty() -> None:
    text = str(InputError([Problem(f"line {i}", "is wrong") for i in range(48)]))
    assert text.splitlines()[20:] == ["and 28 more"]


def test_an_error_survives_a_worker_process() -> None:
    error = pickle.loads(pickle.dumps(InputError(Problem("a.b", "is wrong"))))
    assert (str(error), error.problems) == ("a.b: is wrong", (Problem("a.b", "is wrong"),))
    assert nearest("x", []) == ""


# ---- round trip -----------------------------------------------------------------------------------------------------

volume = st.one_of(st.none(), st.integers(0, 5000), st.floats(0.01, 900).map(lambda x: round(x, 2)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(volumes=st.lists(volume, min_size=2, max_size=48), style=st.sampled_from([",.", ";,", ";.", "\t,"]))
def test_what_is_written_is_read_back(read: Read, volumes: list[float | None], style: str) -> None:
    volumes[0] = 10.5  # one volume at least, and one that settles the decimal mark
    separator, mark = style[0], style[1]
    texts = ["" if each is None else str(each).replace(".", mark) for each in volumes]
    starts = [f"2025-03-03 {i // 2:02d}:{30 * (i % 2):02d}" for i in range(len(texts))]
    lines = [separator.join((start, "phone", text, "200", "3")) for start, text in zip(starts, texts, strict=True)]
    table = read(HEADER.replace(",", separator), *lines)
    expected = [math.nan if each is None else float(each) for each in volumes]
    np.testing.assert_array_equal(table.offered[0, 0, : len(expected)], expected)

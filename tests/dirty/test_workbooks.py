"""Dirty: XLSX workbooks as planners keep them, written with openpyxl and by hand."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from sim.calibration.intervals import workbook as reader
from sim.calibration.intervals.table import IntervalTable, read_intervals
from sim.errors import InputError
from sim.model.data import Data

BASE = Path(__file__).parent / "exports" / "base.csv"
HEADER = ["start", "channel", "offered", "aht_s", "agents", "abandoned_pct", "sl_pct"]
MONDAY = dt.datetime(2025, 1, 20, 9)
ROWS: list[list[Any]] = [[MONDAY + dt.timedelta(minutes=30 * i), "phone", 10 + i, 200, 3, 0.05, 0.8] for i in range(4)]


def read(path: Path, **keys: object) -> IntervalTable:
    return read_intervals(path, ["phone"], Data.model_validate(keys))


def fault(path: Path, **keys: object) -> str:
    with pytest.raises(InputError) as caught:
        read(path, **keys)
    return str(caught.value)


def save(folder: Path, *sheets: tuple[str, list[list[Any]]], per_cent: str = "0.0%") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row][5:7]:
                cell.number_format = per_cent
    book.save(folder / "my.xlsx")
    return folder / "my.xlsx"


def test_a_workbook_with_formats_merged_dates_and_a_title_is_the_same_week(tmp_path: Path) -> None:
    base, rows, before = read(BASE), [], None
    for day, slot in zip(*np.nonzero(~np.isnan(base.offered[0])), strict=True):
        date = dt.date(2025, 1, 20 + int(day))
        at = (0, day, slot)
        seconds = int(base.aht[at])
        time = dt.time(int(slot) // 2, 30 * (int(slot) % 2))
        shares = [float(each[at]) / 100 for each in (base.abandoned_pct, base.sl_pct)]
        handling = dt.time(0, seconds // 60, seconds % 60)
        rows.append([date if date != before else None, time, int(base.offered[at]), handling, base.agents[at], *shares])
        before = date
    header = ["Date", "Time", "Offered", "AHT_s", "Agents", "Abandoned_pct", "SL_pct"]
    path = save(tmp_path, ("Notes", [["for March"]]), ("Data", [["Interval report"], [], header, *rows]))
    table = read(path)
    for name in ("offered", "aht", "agents", "abandoned_pct", "sl_pct"):
        np.testing.assert_allclose(getattr(table, name), getattr(base, name), atol=1e-9)
    said = " ".join(table.notices)
    assert "of 2 sheets, 'Data' is read" in said
    assert "blank dates take the date above them: 75 rows" in said
    assert "title above the columns, left out: line 1" in said


def test_serial_dates_without_a_format_are_dates(tmp_path: Path) -> None:
    rows = [[(row[0] - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1), *row[1:]] for row in ROWS]
    table = read(save(tmp_path, ("Data", [HEADER, *rows])))
    assert table.offered[0, 0, 18:22].tolist() == [10, 11, 12, 13]


def test_fractions_without_a_format_are_asked_about(tmp_path: Path) -> None:
    path = save(tmp_path, ("Data", [HEADER, *ROWS]), per_cent="General")
    assert "data.units.sl_pct=fraction" in fault(path)
    assert read(path, units={"sl_pct": "fraction", "abandoned_pct": "fraction"}).sl_pct[0, 0, 18] == 80
    assert read(save(tmp_path, ("Data", [HEADER, *ROWS]))).sl_pct[0, 0, 18] == 80


def test_numbers_of_a_workbook_are_never_ambiguous(tmp_path: Path) -> None:
    rows = [[*row[:2], value, *row[3:]] for row, value in zip(ROWS, (1.234, 10, 1234, 7.5), strict=True)]
    assert read(save(tmp_path, ("Data", [HEADER, *rows]))).offered[0, 0, 18:22].tolist() == [1.234, 10, 1234, 7.5]


def test_of_several_sheets_with_intervals_one_must_be_named(tmp_path: Path) -> None:
    path = save(tmp_path, ("January", [HEADER, *ROWS]), ("February", [HEADER, *ROWS[:3]]))
    assert "sheets 'January', 'February' all hold intervals: data.sheet='January' reads one" in fault(path)
    assert read(path, sheet="February").total_offered("phone") == 33
    assert "data.sheet: no sheet 'Februar' with cells; did you mean 'February'?" in fault(path, sheet="Februar")


def test_a_formula_without_its_result_is_refused(tmp_path: Path) -> None:
    rows = [[*row[:2], "=5+5", *row[3:]] for row in ROWS]
    message = fault(save(tmp_path, ("Data", [HEADER, *rows])))
    assert message.startswith("my.xlsx, sheet 'Data' C2: holds a formula without its result")


def test_errors_in_cells_are_missing(tmp_path: Path) -> None:
    rows = [ROWS[0], [*ROWS[1][:6], "#DIV/0!"], *ROWS[2:]]
    assert np.isnan(read(save(tmp_path, ("Data", [HEADER, *rows]))).sl_pct[0, 0, 19])


def test_what_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, ("Data", [HEADER, *ROWS]))
    monkeypatch.setattr(reader, "LARGEST", 1000)
    assert "unpacks to" in fault(path)


def test_a_zip_bomb_says_what_it_unpacks_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LARGEST", 40_000_000)  # a tenth of the true one, for a quick test
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(bytes(50_000_000))
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(content.getvalue())
    assert path.stat().st_size < 1_000_000
    assert "unpacks to 50 MB, the most is 40" in fault(path)


@pytest.mark.parametrize("cut", [200, 1000, 3000])
def test_a_broken_workbook_is_said_to_be_broken(tmp_path: Path, cut: int) -> None:
    path = save(tmp_path, ("Data", [HEADER, *ROWS]))
    path.write_bytes(path.read_bytes()[:cut])
    assert "save it" in fault(path)


def test_parts_that_are_no_xml_are_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"not xml")
    assert "cannot be read as a workbook" in fault(path)


def test_an_empty_workbook_and_other_archives(tmp_path: Path) -> None:
    assert fault(save(tmp_path, ("Data", []))) == "my.xlsx: the file is empty"
    with zipfile.ZipFile(tmp_path / "my.ods", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "save it as XLSX or CSV" in fault(tmp_path / "my.ods")

"""An XLSX workbook → sheets of texts, as a CSV of them would read.

Comes in: bytes and a path. Goes out: one `Sheet` per visible sheet. Exists because planners keep their numbers in
workbooks, and because number formats say what a CSV loses: that 0.8 is 80 %, that a number is a date. openpyxl reads
row by row; python-calamine is faster and knows no formats, so that every per cent would have to be asked about.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.calibration.intervals.sheet import Line, Sheet
from sim.errors import InputError, Problem, nearest

LARGEST = 400_000_000
"""bytes that a workbook may unpack to: a year of half-hours of 20 queues takes 60 MB"""
WIDEST = 1000
"""columns that are looked at"""
_EITHER = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")
_FORMULA = re.compile(rb"<f[ >/]")


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are those of an XLSX workbook, whatever the file is called."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def read_workbook(data: bytes, path: Path, wanted: str | None) -> list[Sheet]:
    """The visible sheets with cells in them, or the one called `wanted`; raises InputError for what is no workbook."""
    _check_size(data, path)
    try:
        sheets = dict(_sheets(data, path, wanted))
        if _has_formulas(data):
            _check_formulas(data, path, sheets)
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part of the archive leads to
        what = f"cannot be read as a workbook ({type(error).__name__}): open it and save it again, or save it as CSV"
        raise InputError(Problem(path.name, what)) from error
    if wanted is not None and wanted not in sheets:
        raise InputError(Problem("data.sheet", f"no sheet {wanted!r} with cells{nearest(wanted, _names(data))}"))
    return [Sheet(name, "", lines) for name, lines in sheets.items()]


def _check_size(data: bytes, path: Path) -> None:
    size = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
    if size > LARGEST:
        what = f"unpacks to {size / 1e6:.0f} MB, the most is {LARGEST / 1e6:.0f}: save the sheet as CSV"
        raise InputError(Problem(path.name, what))


def _open(data: bytes, values: bool) -> Any:
    import openpyxl  # a third of a second that a CSV need not pay

    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values)


def _names(data: bytes) -> list[str]:
    return [sheet.title for sheet in _open(data, values=True).worksheets]


def _sheets(data: bytes, path: Path, wanted: str | None) -> Iterator[tuple[str, tuple[Line, ...]]]:
    for sheet in _open(data, values=True).worksheets:
        if sheet.title == wanted or (wanted is None and sheet.sheet_state == "visible"):
            sheet.reset_dimensions()  # exports often write a wrong size
            lines = tuple(_lines(sheet))
            if lines:
                yield sheet.title, lines


def _lines(sheet: Any) -> Iterator[Line]:
    for number, row in enumerate(sheet.iter_rows(), start=1):  # asked for a width, a gap of a million rows has it too
        cells = [_text(cell) for cell in row[:WIDEST]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, tuple(cells)


def _text(cell: Any) -> str:
    """What a CSV would hold, in forms that every country reads alike."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()[:10]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(float(value), str(cell.number_format or ""))
    return " ".join(str(value).split())


def _moment(value: dt.datetime) -> str:
    """Rounded to the second: a spreadsheet's 9 o'clock may be a millionth of a second before it."""
    value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M:%S}"


def _number(value: float, number_format: str) -> str:
    if "%" in number_format:
        return f"{100 * value:.10g}%"
    text = f"{value:.15g}"
    return text + "0" if _EITHER.fullmatch(text) else text  # 1.2340 is nowhere twelve hundred


def _has_formulas(data: bytes) -> bool:
    archive = zipfile.ZipFile(io.BytesIO(data))
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _check_formulas(data: bytes, path: Path, sheets: dict[str, tuple[Line, ...]]) -> None:
    """Refuses formulas whose results the workbook does not hold: programs write such, and every cell would be blank."""
    for sheet in _open(data, values=False).worksheets:
        known = dict(sheets.get(sheet.title, ()))
        if sheet.title not in sheets and sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=WIDEST), start=1):
            for place, cell in enumerate(row):
                cells = known.get(number, ())
                if getattr(cell, "data_type", "") == "f" and not (place < len(cells) and cells[place]):
                    what = "holds a formula without its result: open the workbook in a spreadsheet and save it"
                    raise InputError(Problem(f"{path.name}, sheet {sheet.title!r} {cell.coordinate}", what))

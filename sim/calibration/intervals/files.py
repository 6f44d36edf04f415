"""The one sheet of a file that holds the intervals, whatever kind of file it is.

Comes in: a path and the layout asked for. Goes out: a `Sheet`.
"""

from __future__ import annotations

from pathlib import Path

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import fits
from sim.calibration.intervals.sheet import Sheet, check_lines, file_bytes, read_text
from sim.calibration.intervals.workbook import is_workbook, read_workbook
from sim.errors import InputError, Problem
from sim.model.data import Data


def read_sheet(path: Path, asked: Data, findings: Findings) -> Sheet:
    """Raises InputError where there is no table, or where several sheets are and none is named."""
    data = file_bytes(path)
    if not is_workbook(data):
        return read_text(data, path, findings)
    sheets = read_workbook(data, path, asked.sheet)
    if not sheets:
        raise InputError(Problem(path.name, "the file is empty"))
    fitting = [sheet for sheet in sheets if fits(sheet, asked)]
    if len(fitting) > 1:
        names = ", ".join(repr(sheet.name) for sheet in fitting)
        what = f"sheets {names} all hold intervals: data.sheet={fitting[0].name!r} reads one"
        raise InputError(Problem(path.name, what))
    sheet = (fitting or sheets)[0]
    check_lines(path, sheet.lines)
    if len(sheets) > 1:
        findings.notice(0, "", f"of {len(sheets)} sheets, {sheet.name!r} is read (data.sheet names another)")
    return sheet

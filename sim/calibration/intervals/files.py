"""The one sheet of a file that holds the intervals, whatever kind of file it is and however it is laid out.

Comes in: a path and the layout asked for. Goes out: a `Sheet` that is a list of intervals, and the layout it is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.calibration.intervals.crosstab import plain_layout, unfolded
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import fits
from sim.calibration.intervals.sheet import Sheet, check_lines, file_bytes, read_text
from sim.calibration.intervals.side_by_side import stacked
from sim.calibration.intervals.title_dates import with_dates
from sim.calibration.intervals.workbook import is_workbook, read_workbook
from sim.errors import InputError, Problem
from sim.model.data import Data


@dataclass(frozen=True)
class Listed:
    """A sheet as a list of intervals, its layout, and what was done to it."""

    sheet: Sheet
    layout: Data
    findings: Findings

    @property
    def fits(self) -> bool:
        """Whether the sheet has the columns needed."""
        return fits(self.sheet, self.layout)


def read_sheet(path: Path, asked: Data, known: Sequence[str], findings: Findings) -> tuple[Sheet, Data]:
    """Raises InputError where there is no table, or where several sheets are and none is named."""
    data = file_bytes(path)
    sheets = read_workbook(data, path, asked.sheet) if is_workbook(data) else [read_text(data, path, findings)]
    if not sheets:
        raise InputError(Problem(path.name, "the file is empty"))
    listed = [_listed(sheet, asked, known, path.name) for sheet in sheets]
    fitting = [each for each in listed if each.fits]
    if len(fitting) > 1:
        names = ", ".join(repr(each.sheet.name) for each in fitting)
        what = f"sheets {names} all hold intervals: data.sheet={fitting[0].sheet.name!r} reads one"
        raise InputError(Problem(path.name, what))
    chosen = (fitting or listed)[0]
    check_lines(path, chosen.sheet.lines)
    if len(sheets) > 1:
        findings.notice(0, "", f"of {len(sheets)} sheets, {chosen.sheet.name!r} is read (data.sheet names another)")
    findings.add(chosen.findings)
    findings.check()
    return chosen.sheet, chosen.layout


def _listed(sheet: Sheet, asked: Data, known: Sequence[str], name: str) -> Listed:
    findings = Findings(name)
    made = unfolded(sheet, asked, findings)
    made = made if made is not sheet else stacked(sheet, asked, known, findings)
    layout = asked if made is sheet else plain_layout(asked)
    return Listed(with_dates(made, layout, findings), layout, findings)

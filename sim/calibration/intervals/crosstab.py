"""A sheet with times, dates or weekdays across → one row for each of its cells' starts, under our own titles.

Comes in: a `Sheet` that is no list of intervals. Goes out: one that is. Plans and pivot tables have a column for each
half-hour and a row for each day, or the other way round; what the numbers are stands in a column of measures, above the
block, or nowhere (then they are volumes); the queue in a column of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sim.calibration.intervals.dates import split_date
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import fits
from sim.calibration.intervals.numbers import is_missing
from sim.calibration.intervals.sheet import Line, Sheet
from sim.calibration.intervals.starts import LENGTHS
from sim.calibration.intervals.title_dates import KEY, date_in, dates_in, said_dates, time_of
from sim.calibration.intervals.totals import says_sum
from sim.calibration.intervals.words import MEASURES, measure_in, measure_of, split_measure
from sim.model.data import Data
from sim.model.layout import Columns

FEWEST_TIMES, FEWEST_DATES = 4, 2
"""cells in a row that make it a header of times, of dates"""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Axis:
    """The header of a block: what stands across, by place, `time` or `date`."""

    at: int
    kind: str
    across: dict[int, str]


@dataclass
class Cells:
    """Values by (start, channel) and field, in the order of the sheet, with the line of each."""

    values: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    totals: int = 0
    strange: dict[str, int] = field(default_factory=dict)
    twice: int = 0
    """the line of a cell whose place was taken, 0 for none"""

    def add(self, line: int, start: str, channel: str, measure: str, text: str) -> None:
        """One cell of the sheet."""
        self.lines.setdefault((start, channel), line)
        here = self.values.setdefault((start, channel), {})
        self.twice = self.twice or (line if measure in here else 0)
        here[measure] = text


def unfolded(sheet: Sheet, asked: Data, findings: Findings) -> Sheet:
    """The sheet with a row for each start; as it is where it has no times or dates across."""
    axes = list(_axes(sheet, asked)) if not fits(sheet, asked) else []
    if not axes:
        return sheet
    cells, names = Cells(), [_block_name(sheet, axis) for axis in axes]
    names = names if len(set(names)) > 1 and all(names) else [""] * len(axes)
    ends = [*(axis.at for axis in axes[1:]), len(sheet.lines)]
    for axis, name, end in zip(axes, names, ends, strict=True):
        _Block(sheet, axis, name, asked).read(sheet.lines[axis.at + 1 : end], cells, findings)
    _say(sheet, axes[0], cells, findings)
    return _listed(sheet, cells) if cells.values else sheet


def plain_layout(asked: Data) -> Data:
    """The layout of an unfolded sheet: our own titles, whatever was said of the file's."""
    return asked.model_copy(update={"columns": Columns(), "preset": None})


def _axes(sheet: Sheet, asked: Data) -> Iterator[Axis]:
    for at, (_, cells) in enumerate(sheet.lines):
        times = {place: cell for place, cell in enumerate(cells) if time_of(cell)}
        if len(times) >= FEWEST_TIMES and _even([time_of(cell).second for cell in times.values()]):  # type: ignore[union-attr]
            yield Axis(at, "time", times)
            continue
        dates = {place: date for place, cell in enumerate(cells) if place and (date := date_in(cell))}
        dates = dates or _weekdays(sheet, at, cells, asked)
        if len(dates) >= FEWEST_DATES and _times_below(sheet, at):
            yield Axis(at, "date", dates)


def _even(seconds: Sequence[int]) -> bool:
    """Whether times follow each other as intervals do."""
    gaps = [after - before for before, after in pairwise(seconds)]
    return all(gap > 0 for gap in gaps) and 2 * sum(gap in LENGTHS for gap in gaps) > len(gaps)


def _times_below(sheet: Sheet, at: int) -> bool:
    """Whether the next row has a time before its numbers."""
    below = sheet.lines[at + 1][1] if at + 1 < len(sheet.lines) else ()
    return any(time_of(cell) for cell in below[:4])


def _weekdays(sheet: Sheet, at: int, cells: Sequence[str], asked: Data) -> dict[int, str]:
    """Weekdays across as dates, counted from the one in the title or in `data.date`; as they are if there is none."""
    names = {place: cell for place, cell in enumerate(cells) if cell.casefold()[:3] in WEEKDAYS and cell.isalpha()}
    days = [WEEKDAYS.index(name.casefold()[:3]) for name in names.values()]
    if len(days) < FEWEST_DATES or any(after != before + 1 for before, after in pairwise(days)):
        return {}
    first = asked.date.isoformat() if asked.date else next(iter(_title_dates(sheet, at)), "")
    day = _iso_date(first)
    if day is None or day.weekday() != days[0]:
        return names
    return {place: (day + dt.timedelta(days=k)).isoformat() for k, place in enumerate(names)}


def _iso_date(text: str) -> dt.date | None:
    """A date whose order is settled, or is read day first."""
    if not text:
        return None
    try:
        return split_date(text)[0].ordered("dmy")
    except ValueError:
        return None


def _title_dates(sheet: Sheet, at: int) -> list[str]:
    """The dates in the nearest line above that says one."""
    return next((dates for _, cells in reversed(sheet.lines[:at]) if (dates := said_dates(cells))), [])


class _Block:
    """One table with an axis across its top."""

    def __init__(self, sheet: Sheet, axis: Axis, name: str, asked: Data) -> None:
        self.axis, self.name, self.left = axis, name, range(min(axis.across))
        self.measure = _block_measure(sheet, axis)
        dates = _title_dates(sheet, axis.at)
        said = asked.date.isoformat() if asked.date else dates[0] if len(dates) == 1 else ""
        self.otherwise = said if axis.kind == "time" else ""
        """the date of rows that have none"""

    def read(self, lines: Sequence[Line], cells: Cells, findings: Findings) -> None:
        """Adds the cells of the rows under the axis."""
        rows = [each for each in lines if sum(map(bool, each[1])) > 1]
        measures = next((place for place in self.left if _mostly_measures(rows, place)), None)
        above: dict[int, str] = {}
        for line, row in rows:
            above |= {place: row[place] for place in self.left if place < len(row) and row[place]}
            texts = {place: above.get(place, "") for place in self.left if place != measures}
            measure = self.measure if measures is None else measure_of(above[measures])
            if measures is not None and not measure:
                cells.strange[above[measures]] = line
            else:
                self._row(line, row, [text for text in texts.values() if text], measure, cells, findings)

    def _row(
        self, line: int, row: Sequence[str], texts: list[str], measure: str, cells: Cells, findings: Findings
    ) -> None:
        keys = [text for text in texts if self._is_key(text)]
        names = [text for text in texts if text not in keys]
        if not keys and any(says_sum(text) for text in names):
            cells.totals += 1
            return
        key = " ".join(keys) or self.otherwise
        if not key:
            what = f"no date; {KEY}" if self.axis.kind == "time" else "no time of day"
            findings.problem(line, "", f"the row has {what}")
            return
        for place, across in self.axis.across.items():
            text = row[place] if place < len(row) else ""
            if text and not (is_missing(text) and measure == "offered"):
                start = f"{key} {across}" if self.axis.kind == "time" else f"{across} {key}"
                cells.add(line, start, " ".join(names) or self.name, measure, text)

    def _is_key(self, text: str) -> bool:
        """Whether a cell beside the block is the other half of a start."""
        return bool(date_in(text)) if self.axis.kind == "time" else time_of(text) is not None


def _mostly_measures(rows: Sequence[Line], place: int) -> bool:
    """Whether a column says what the numbers of its rows are."""
    texts = {row[place] for _, row in rows if place < len(row) and row[place]}
    return bool(texts) and 2 * sum(bool(measure_of(text)) for text in texts) > len(texts)


def _block_name(sheet: Sheet, axis: Axis) -> str:
    """What the line above a block says beside its measure: its queue, where blocks have different ones."""
    above = sheet.lines[axis.at - 1][1] if axis.at else ()
    return split_measure(above[0])[0] if sum(map(bool, above)) == 1 and not dates_in(above[0]) else ""


def _block_measure(sheet: Sheet, axis: Axis) -> str:
    """What the corner of a block or the line above it says; volumes where nothing is said."""
    corner = next((cell for cell in sheet.lines[axis.at][1][: min(axis.across)] if measure_in(cell)), "")
    above = sheet.lines[axis.at - 1][1] if axis.at else ()
    words = [corner, *above] if sum(map(bool, above)) <= FEWEST_DATES else [corner]
    return next((name for word in words if (name := measure_in(word))), "offered")


def _say(sheet: Sheet, axis: Axis, cells: Cells, findings: Findings) -> None:
    line, header = sheet.lines[axis.at]
    found = sorted({name for each in cells.values.values() for name in each}, key=MEASURES.index)
    across = f"{header[min(axis.across)]} to {header[max(axis.across)]}"
    unread = f"; rows of other measures ignored: {', '.join(cells.strange)}" if cells.strange else ""
    totals = f"; totals left out: {cells.totals} rows" if cells.totals else ""
    what = f"{axis.kind}s stand across ({across}): read as {', '.join(found) or 'nothing'}{unread}{totals}"
    findings.notice(line, "", what)
    if cells.twice:
        what = "a start is there twice with one measure: two queues whose names no column and no title says?"
        findings.problem(cells.twice, "", what)
    if axis.kind == "date" and not any(date_in(each) for each in axis.across.values()):
        what = f"weekdays without a date: 'data.date=2025-03-03' (say) is that of the first, {header[min(axis.across)]}"
        findings.problem(line, "", what)


def _listed(sheet: Sheet, cells: Cells) -> Sheet:
    """The sheet as a list of intervals."""
    names = [name for name in MEASURES if any(name in each for each in cells.values.values())]
    channel = ["channel"] if any(name for _, name in cells.values) else []
    header = (0, ("start", *channel, *names))
    rows = [
        (cells.lines[key], (key[0], *([key[1]] if channel else []), *(each.get(name, "") for name in names)))
        for key, each in cells.values.items() if "offered" in each or "offered" not in names
    ]  # fmt: skip
    return replace(sheet, separator="", lines=(header, *rows))

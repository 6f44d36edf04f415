"""Where the header of a sheet stands and which column is which field.

Comes in: a `Sheet` and the layout that was asked for. Goes out: a `Grid`: the header's line, the place of each field's
columns, the rows under it. A layout typed or chosen wins; else the project's own titles; else the preset whose titles
the file has, which is said. Title lines above, columns too many and notes below are left out, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.presets import merged, presets, ranked
from sim.calibration.intervals.sheet import LOOK, Line, Sheet
from sim.calibration.intervals.titles import matches, plain, unit_of
from sim.errors import LISTED, nearest
from sim.model.data import Data

FIELDS = ("start", "channel", "offered", "aht_s", "agents", "abandoned_pct", "sl_pct", "asa_s")
NEEDED = ("start", "offered", "aht_s")
OWN_SPLIT = {"start": ("date", "time")}
"""our own titles, where date and time stand apart"""
_ID = re.compile(
    r"(call|contact|interaction|conversation|session|segment|ticket|chat).?(id|key|guid|number|no\.?)\b|ucid"
)
CALL_LOG = (
    "is a log with one row a contact, and volumes by interval are needed: count its rows by half-hour and channel "
    "(offered), with the mean of talk, hold and wrap-up time (aht_s) and the share abandoned (abandoned_pct); a pivot "
    "table does it"
)

DAILY = (
    "daily totals are not enough: waiting depends on the half-hour. Export intervals of 15, 30 or 60 minutes; or give "
    "the day's total to demand.streams (per_day, with a profile over the day and weekdays) in place of data.intervals"
)
DAYS = ("date", "day", "datum", "tag", "fecha", "week", "woche", "month", "monat", "mois", "mes")

Places = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Grid:
    """A sheet whose columns are known: `places` by field, `per` the columns that a field is divided by."""

    sheet: Sheet
    layout: Data
    header: Line
    places: Places
    per: Places
    rows: tuple[Line, ...]

    def has(self, name: str) -> bool:
        """Whether the file has this field."""
        return name in self.places

    def titles(self, name: str) -> list[str]:
        """The titles of the field's columns as the file has them."""
        return [self.header[1][place] for place in self.places.get(name, ())]

    @property
    def free(self) -> list[int]:
        """Places of the columns with a title that are no field."""
        used = {place for group in (*self.places.values(), *self.per.values()) for place in group}
        return [place for place, title in enumerate(self.header[1]) if place not in used and title]

    def title(self, name: str) -> str:
        """The field's column in the file's own words, for messages."""
        titles = " + ".join(self.titles(name))
        return name if not titles or plain(titles) == plain(name) else f"{titles} ({name})"


def find_grid(sheet: Sheet, asked: Data, findings: Findings) -> Grid:
    """The grid of a sheet; what is missing is reported, and the grid then holds what there is."""
    fitting = next(_fitting(sheet, asked), None)
    if fitting is None:
        header, layout = _likeliest(sheet, asked)
    else:
        header, layout = fitting
    grid = _grid(sheet, header, layout, findings)
    if fitting and layout.preset and not asked.preset:
        read = ", ".join(f"{name} from {' + '.join(grid.titles(name))!r}" for name in grid.places)
        counts = "; abandoned are contacts" if layout.units.abandoned_pct == "count" else ""
        what = f"recognised as the layout data={layout.preset}: {read}{counts}; data.columns says other columns"
        findings.notice(grid.header[0], "", what)
    return grid


def fits(sheet: Sheet, asked: Data) -> bool:
    """Whether some line of the sheet is a header with all the fields needed."""
    return next(_fitting(sheet, asked), None) is not None


def fits_layout(sheet: Sheet, layout: Data) -> bool:
    """Whether some line of the sheet is a header in this layout."""
    return next(_headers(sheet, layout), None) is not None


def is_repeated(sheet: Sheet, asked: Data) -> bool:
    """Whether the header has a column that is needed several times, as with queues beside each other."""
    at, layout = next(_fitting(sheet, asked), (0, None))
    if layout is None:
        return False
    titles = [title for name in needed(layout) for title in wanted(layout, name)]
    return any(len(matches(sheet.lines[at][1], title)) > 1 for title in titles if "*" not in title)


def _fitting(sheet: Sheet, asked: Data) -> Iterator[tuple[int, Data]]:
    """(index of the header line, layout), the best first: columns that somebody named; those with most titles in the
    file, date and time in two columns before one of them alone; then our own titles, the presets."""
    if _names_columns(asked):  # a preset beside them would bring units of its own
        yield from _headers(sheet, asked)
    found = [each for layout in layouts(asked) for each in _headers(sheet, layout)]
    yield from sorted(
        found, key=lambda each: (-_fields(sheet.lines[each[0]][1], each[1]), -len(wanted(each[1], "start")))
    )


def layouts(asked: Data) -> list[Data]:
    """Every layout that a file may have: what was asked for, our own titles, the presets."""
    return [*_own_layouts(asked), *_preset_layouts(asked)]


def _own_layouts(asked: Data) -> list[Data]:
    if _names_columns(asked):
        return [asked]
    return [asked, asked.model_copy(update={"columns": asked.columns.model_copy(update=OWN_SPLIT)})]


def _names_columns(asked: Data) -> bool:
    return any(getattr(asked.columns, name) is not None for name in FIELDS)


def _preset_layouts(asked: Data) -> list[Data]:
    if asked.preset is not None:
        return []
    return [merged(preset, asked) for preset in ranked()]


def _headers(sheet: Sheet, layout: Data) -> Iterator[tuple[int, Data]]:
    for index, (_, cells) in enumerate(sheet.lines[:LOOK]):
        if all(matches(cells, title) for name in needed(layout) for title in wanted(layout, name)):
            yield index, layout


def needed(layout: Data) -> tuple[str, ...]:
    """The fields that a file must have: handle times may be said in one number a channel."""
    return tuple(name for name in NEEDED if name != "aht_s" or not layout.aht)


def _fields(cells: Sequence[str], layout: Data) -> int:
    """How many fields a layout finds in a header."""
    return sum(all(matches(cells, title) for title in wanted(layout, name)) for name in FIELDS)


def wanted(layout: Data, name: str) -> tuple[str, ...]:
    """The titles of a field's columns."""
    return getattr(layout.columns, name) or (name,)


def _likeliest(sheet: Sheet, asked: Data) -> tuple[int, Data]:
    """Where nothing fits: the line with most titles of a layout, and that layout, so that the message is about what is
    missing."""
    tries = [(at, layout) for layout in layouts(asked) for at in range(min(LOOK, len(sheet.lines)))]
    return max(tries, key=lambda each: _fields(sheet.lines[each[0]][1], each[1]))


def _grid(sheet: Sheet, index: int, layout: Data, findings: Findings) -> Grid:
    header = sheet.lines[index]
    _say_titles(sheet, index, findings)
    layout = _with_units(layout, header)
    places = _places(header, layout, findings)
    per = {name: found for name in FIELDS if (found := _per(header, layout, name, findings))}
    rows = _even_rows(sheet, header, sheet.lines[index + 1 :], findings)
    grid = Grid(sheet, layout, header, places, per, rows)
    _say_extra(grid, findings)
    return grid


def _with_units(layout: Data, header: Line) -> Data:
    """The layout with the units that titles say, where nobody said others; seconds are what is read anyway."""
    said: dict[str, str] = {}
    for name in ("aht_s", "asa_s"):
        titles = [header[1][place] for title in wanted(layout, name) for place in matches(header[1], title)]
        units = {unit_of(title) for title in titles} - {"", "s"}
        if getattr(layout.units, name) is None and len(units) == 1:
            said[name] = units.pop()
    return layout.model_copy(update={"units": layout.units.model_copy(update=said)})


def _say_titles(sheet: Sheet, index: int, findings: Findings) -> None:
    if index:
        first, last = sheet.lines[0][0], sheet.lines[index - 1][0]
        lines = f"lines {first} to {last}" if last > first else f"line {first}"
        findings.notice(first, "", f"title above the columns, left out: {lines}, {' '.join(sheet.lines[0][1])[:60]!r}")


def _places(header: Line, layout: Data, findings: Findings) -> dict[str, tuple[int, ...]]:
    line, cells = header
    found: dict[str, tuple[int, ...]] = {}
    missing = []
    for name in FIELDS:
        at = {title: matches(cells, title) for title in wanted(layout, name)}
        for places in at.values():
            if len(places) > 1:
                titles = " and ".join(dict.fromkeys(cells[place] for place in places))
                several = len({cells[place] for place in places}) > 1
                which = f"both fit; data.columns.{name} says which" if several else "this column appears twice"
                findings.problem(line, "" if several else titles, f"{titles} {which}" if several else which)
        if all(at.values()):
            found[name] = tuple(places[0] for places in at.values())
        elif name in needed(layout) or (getattr(layout.columns, name) and not layout.preset):
            missing += [(name, title) for title, places in at.items() if not places]
    _report_missing(header, found, missing, findings)
    return found


def _report_missing(header: Line, found: Places, missing: Sequence[tuple[str, str]], findings: Findings) -> None:
    line, cells = header
    if not missing:
        return
    if any(_ID.search(plain(title)) for title in cells):
        findings.problem(line, "", CALL_LOG)
        return
    if len(cells) == 1:
        what = "only one column found: separate the columns with commas, semicolons, tabs or bars"
        findings.problem(line, "", what)
    used = {place for places in found.values() for place in places}
    free = [title for place, title in enumerate(cells) if title and place not in used]
    days = [title for title in free if plain(title) in DAYS]
    if days and {name for name, _ in missing} == {"start"}:
        findings.problem(line, days[0], DAILY)
        return
    hints = [_meant(name, title.split("|")[0].strip(), free) for name, title in missing]
    what = f"columns missing: {', '.join(hints)}; columns left: {', '.join(free[:LISTED]) or 'none'}"
    names = list(dict.fromkeys(name for name, _ in missing))
    key = ", ".join(f"{name}: ..." for name in names)
    one = "; one handle time for all of a channel: 'data.aht={phone: 5 min}'" if names == ["aht_s"] else ""
    names_them = f"'data.columns={{{key}}}' names them, data=NAME chooses a layout: {_names()}"
    findings.problem(line, "", f"{what}. {names_them}{one}")


def _meant(name: str, title: str, free: Sequence[str]) -> str:
    said = "" if plain(name) == plain(title) else f" ({name})"
    close = nearest(title, free)
    return f"{title!r}{said}" + (close if close.startswith("; did") else "")


def _names() -> str:
    return ", ".join(presets())


def _per(header: Line, layout: Data, name: str, findings: Findings) -> tuple[int, ...]:
    titles = getattr(layout.per, name, None) or ()
    places = []
    for title in titles:
        if at := matches(header[1], title):
            places.append(at[0])
        elif name in NEEDED or not layout.preset:
            hint = nearest(title, [each for each in header[1] if each])
            findings.problem(header[0], "", f"column {title!r} (data.per.{name}) is missing{hint}")
    return tuple(places)


def _say_extra(grid: Grid, findings: Findings) -> None:
    if grid.has("asa_s") and not grid.layout.preset:
        findings.notice(grid.header[0], grid.title("asa_s"), "not needed: read as the average speed of answer")
    free = [grid.header[1][place] for place in grid.free]
    if free and findings.clean:
        hints = [_hint(grid, name, free) for name in FIELDS if not grid.has(name)]
        more = "".join(hint for hint in hints if hint)
        shown = ", ".join(free[:12]) + (", ..." if len(free) > 12 else "")
        findings.notice(grid.header[0], "", f"columns that are not needed, ignored: {shown}{more}")


def _hint(grid: Grid, name: str, free: Sequence[str]) -> str:
    found = nearest(name, free)
    if not found.startswith("; did you mean"):
        return ""
    return f"; is {found.split(chr(39))[1]!r} the column {name}? data.columns.{name} says it"


def _even_rows(sheet: Sheet, header: Line, lines: Sequence[Line], findings: Findings) -> tuple[Line, ...]:
    """The rows with as many cells as the header (empty cells too many are dropped); the others are reported."""
    width, even, repeated = len(header[1]), [], 0
    titles = [plain(cell) for cell in header[1]]
    hint = "; a decimal comma in a comma-separated file?" if sheet.separator == "," else ""
    lines = _without_notes(lines, width, findings)
    for line, cells in lines:
        if cells[0] == header[1][0] and [plain(cell) for cell in cells] == titles:
            repeated += 1
        elif len(cells) < width and sheet.separator or any(cells[width:]):
            more = hint if len(cells) > width else ""
            findings.problem(line, "", f"has {len(cells)} cells where the header has {width}", more)
        else:
            even.append((line, (*cells[:width], *[""] * (width - len(cells)))))
    if repeated:
        findings.notice(header[0], "", f"the header is repeated further down, left out: {repeated} times")
    return tuple(even)


def _without_notes(lines: Sequence[Line], width: int, findings: Findings) -> Sequence[Line]:
    """Drops the lines after the last row that have a single cell filled in: when and by whom the report was made."""
    end = len(lines)
    while end and sum(map(bool, lines[end - 1][1])) == 1 and width > 2 and lines[end - 1][1][0]:
        end -= 1
    if end < len(lines) and end:
        text = lines[end][1][0][:60]
        findings.notice(lines[end][0], "", f"note below the rows, left out: {text!r}")
    return lines[:end] if end else lines


def filled_down(rows: Sequence[Line], place: int) -> tuple[Sequence[Line], int]:
    """(rows, how many): where most cells of a column are blank under the first, as in merged cells and grouped reports,
    each blank one takes the text above it; a stray blank among full cells stays one."""
    blank = sum(1 for _, row in rows if not row[place])
    if not rows or 2 * blank < len(rows) or not rows[0][1][place]:
        return rows, 0
    above, filled = "", []
    for line, row in rows:
        above = row[place] or above
        alone = not any(cell for at, cell in enumerate(row) if at != place)
        filled.append((line, row if alone else (*row[:place], above, *row[place + 1 :])))
    return filled, blank

"""A file as spreadsheets really save it → lines of cells, numbered.

Comes in: a path. Goes out: a `CsvText`, decoded, split and stripped, with no idea yet of what its columns mean.
Separators (comma, semicolon, tab), byte-order marks, UTF-16, Windows Latin-1 and all line ends are accepted; what is
not a text table is refused by name, because "codec can't decode byte 0xd0" helps no planner.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.calibration.intervals.findings import Findings
from sim.errors import InputError, Problem, nearest

SEPARATORS = (",", ";", "\t")
_MAGIC = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
}
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_SEP_LINE = re.compile(r'"?sep=([,;\t])"?[,;\t]*\s*', re.IGNORECASE)  # Excel's own first line

Line = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class CsvText:
    """Cells, stripped of surrounding spaces. A line is (its number in the file, counted from 1, and its cells).

    Lines whose cells are all empty are left out.
    """

    separator: str
    header: Line
    rows: tuple[Line, ...]


def read_csv(path: Path, names: Sequence[str], findings: Findings) -> CsvText:
    """Reads `path`; `names` are the columns hoped for, which tell one separator from another.

    Raises InputError where there is no text table with a header and at least one row.
    """
    text = _decode(_bytes(path), path, findings)
    separator = _separator(text, names)
    try:
        lines = list(_lines(text, separator))
    except csv.Error as error:
        raise InputError(Problem(f"{path.name} {error.args[0]}", f"broken quotes ({error.args[1]})")) from error
    if not lines:
        raise InputError(Problem(path.name, "the file is empty"))
    if len(lines) == 1:
        raise InputError(Problem(path.name, "has a header but no rows"))
    return CsvText(separator, lines[0], tuple(lines[1:]))


def match_columns(
    table: CsvText, required: Sequence[str], optional: Sequence[str], findings: Findings
) -> dict[str, int]:
    """Known column → its place in a row, in any order and case; reports unknown, repeated and missing columns."""
    line, header = table.header
    known, places = (*required, *optional), {}
    for place, title in enumerate(header):
        name = title.lower()
        if name in places:
            findings.problem(line, name, "this column appears twice")
        elif name in known:
            places[name] = place
        elif name:
            findings.problem(line, "", f"unknown column {title!r}{nearest(title, known)}")
    missing = [name for name in required if name not in places]
    if len(header) == 1 and missing:
        findings.problem(line, "", "only one column found: separate the columns with commas, semicolons or tabs")
    for name in missing:
        findings.problem(line, "", f"column {name!r} is missing")
    return places


def even_rows(table: CsvText, findings: Findings) -> list[Line]:
    """The rows with as many cells as the header (empty cells too many are dropped); the others are reported."""
    width, even = len(table.header[1]), []
    hint = "; a decimal comma in a comma-separated file?" if table.separator == "," else ""
    for line, cells in table.rows:
        if len(cells) < width or any(cells[width:]):
            more = hint if len(cells) > width else ""
            findings.problem(line, "", f"has {len(cells)} cells where the header has {width}{more}")
        elif any(cell and not title for cell, title in zip(cells, table.header[1], strict=False)):
            findings.problem(line, "", "has a cell under a column without a name")
        else:
            even.append((line, cells[:width]))
    return even


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise InputError(Problem(str(path), "is a directory, not a file"))
    if not path.parent.is_dir():
        raise InputError(Problem(str(path), f"no such file: there is no folder {str(path.parent)!r}"))
    if not path.exists():
        others = sorted(each.name for each in path.parent.iterdir() if each.is_file())
        raise InputError(Problem(str(path), f"no such file{nearest(path.name, others)}"))
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem(str(path), f"cannot be read: {error.strerror}")) from error


def _decode(data: bytes, path: Path, findings: Findings) -> str:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(Problem(path.name, f"is {what}, not a text file: save it as CSV"))
    encoding = next((each for bom, each in _BOMS.items() if data.startswith(bom)), _without_bom(data))
    try:
        text = data.decode("latin-1" if encoding == "cp1252" else encoding)
        if _BINARY.search(text):
            raise InputError(Problem(path.name, "holds binary content, not text: save it as CSV"))
        if encoding == "cp1252":
            text = data.decode(encoding)
            findings.notice(0, "", "is not UTF-8: read as Windows Latin-1")
    except UnicodeDecodeError as error:
        tried = "neither UTF-8 nor Windows Latin-1" if encoding == "cp1252" else f"not {encoding.upper()}"
        what = f"cannot be decoded as text, byte {error.start + 1} is {tried}: save it as CSV in UTF-8"
        raise InputError(Problem(path.name, what)) from error
    return text


def _without_bom(data: bytes) -> str:
    """Latin text in UTF-16 has a zero in every other byte; else UTF-8 if it is valid, else what Windows writes."""
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = data[first::2]
        if len(data) % 2 == 0 and half.count(0) > 0.9 * len(half):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(text: str, names: Sequence[str]) -> str:
    """The separator that makes most of the expected names out of the first line, then the one that splits it most."""
    first = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    declared = _SEP_LINE.fullmatch(first)
    if declared:
        return declared[1]

    def score(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([first[:4096]], delimiter=separator, skipinitialspace=True), [])
        return sum(cell.strip().lower() in names for cell in cells), len(cells)

    return max(SEPARATORS, key=score)


def _lines(text: str, separator: str) -> Iterator[Line]:
    """Raises csv.Error(where, what) at broken quotes; `line_num` counts to a row's end, a reader wants its start."""
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)
    start = 1
    while True:
        try:
            cells = tuple(cell.strip() for cell in next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            raise csv.Error(f"line {start}", str(error)) from error
        declaration = start == 1 and _SEP_LINE.fullmatch(separator.join(cells))
        if any(cells) and not declaration:
            yield start, cells
        start = reader.line_num + 1

"""A file as spreadsheets and exports really save it → lines of cells, numbered.

Comes in: a path. Goes out: `Sheet`s, decoded, split and stripped, with no idea yet of what their columns mean.
Separators (comma, semicolon, tab, bar), byte-order marks, UTF-16, Windows Latin-1 and all line ends are accepted; what
is not a text table is refused by name, because "codec can't decode byte 0xd0" helps no planner.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.calibration.intervals.findings import Findings
from sim.errors import InputError, Problem, nearest

SEPARATORS = (",", ";", "\t", "|")
LOOK = 60
"""lines that are looked at to tell one separator from another; a header stands among them"""
_MAGIC = {
    b"PK\x03\x04": "is a zip archive or a workbook of another kind than XLSX: save it as XLSX or CSV",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook: save it as XLSX or CSV",
    b"\x1f\x8b": "is a gzip archive: unpack it first",
    b"%PDF": "is a PDF: export it as CSV or XLSX",
}
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*\s*', re.IGNORECASE)  # Excel's own first line

Line = tuple[int, tuple[str, ...]]
MOST_BYTES = 1 << 30
MOST_COLUMNS = 16_384
"""as a workbook has"""


@dataclass(frozen=True)
class Sheet:
    """Cells, stripped of surrounding spaces. A line is (its number in the file, counted from 1, and its cells).

    Lines whose cells are all empty are left out. `separator` is '' in a workbook, whose name `name` is.
    """

    name: str
    separator: str
    lines: tuple[Line, ...]


def file_bytes(path: Path) -> bytes:
    """The content of the file; raises InputError that names the nearest file if there is none."""
    if path.is_dir():
        raise InputError(Problem(str(path), "is a directory, not a file"))
    if not path.parent.is_dir():
        raise InputError(Problem(str(path), f"no such file: there is no folder {str(path.parent)!r}"))
    if not path.exists():
        others = sorted(each.name for each in path.parent.iterdir() if each.is_file())
        raise InputError(Problem(str(path), f"no such file{nearest(path.name, others)}"))
    if not path.is_file():
        raise InputError(Problem(str(path), "is a pipe or a device, and files are read more than once: save it first"))
    if path.stat().st_size > MOST_BYTES:
        raise InputError(Problem(str(path), f"is larger than {MOST_BYTES >> 20} MB"))
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem(str(path), f"cannot be read: {error.strerror}")) from error


def read_text(data: bytes, path: Path, findings: Findings) -> Sheet:
    """The one sheet of a text file; raises InputError where there is no text table with at least two lines."""
    text = _decode(data, path, findings)
    separator = _separator(text)
    try:
        lines = tuple(_lines(text, separator))
    except csv.Error as error:
        raise InputError(Problem(f"{path.name} {error.args[0]}", f"broken quotes ({error.args[1]})")) from error
    check_lines(path, lines)
    return Sheet("", separator, lines)


def check_lines(path: Path, lines: tuple[Line, ...]) -> None:
    """Raises InputError for a table without rows, or with more columns than any sheet has."""
    if not lines:
        raise InputError(Problem(path.name, "the file is empty"))
    if len(lines) == 1:
        raise InputError(Problem(path.name, "has a header but no rows"))
    if (widest := max(len(cells) for _, cells in lines)) > MOST_COLUMNS:
        raise InputError(Problem(path.name, f"has {widest:,} columns, the most is {MOST_COLUMNS:,}"))


def _decode(data: bytes, path: Path, findings: Findings) -> str:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(Problem(path.name, what))
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


def _separator(text: str) -> str:
    """The separator that splits most lines, and those most alike: a title or a footnote may hold commas too."""
    first = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    declared = _SEP_LINE.fullmatch(first)
    if declared:
        return declared[1]
    head = [line[:4096] for _, line in zip(range(LOOK), io.StringIO(text, newline=None), strict=False) if line.strip()]

    def score(separator: str) -> tuple[int, int]:
        """How many lines have the usual number of columns, and how many columns that is."""
        widths = [len(_split(line, separator)) for line in head]
        usual = max(set(widths), key=lambda width: (width > 1, widths.count(width), width), default=1)
        return (widths.count(usual) * (usual > 1), usual)

    return max(SEPARATORS, key=score)


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def _unprotected(cell: str) -> str:
    """The text of a cell that an export kept a spreadsheet from reading as a number: `="0900"`, `'0900`."""
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].strip()
    return cell[1:] if cell.startswith("'") and not cell.endswith("'") else cell


def _lines(text: str, separator: str) -> Iterator[Line]:
    """Raises csv.Error(where, what) at broken quotes; `line_num` counts to a row's end, a reader wants its start."""
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)
    start = 1
    while True:
        try:
            cells = tuple(_unprotected(cell.strip()) for cell in next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            raise csv.Error(f"line {start}", str(error)) from error
        declaration = start == 1 and _SEP_LINE.fullmatch(separator.join(cells))
        if any(cells) and not declaration:
            yield start, cells
        start = reader.line_num + 1

"""Files that are complete or not there, and tables that no spreadsheet takes for a program.

Comes in: a path and what belongs there. Goes out: the file. Everything that a run leaves is written under another name
first and renamed: a full disk, a kill or a power cut leaves the file of before, or none, and never half a one.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""first letters that make a spreadsheet take a text for a program (OWASP, CSV injection)"""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to in place of `path`, which gets its contents if the body succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        yield written
        os.replace(written, path)
    finally:
        written.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> Path:
    """A text in UTF-8."""
    with whole(path) as written:
        written.write_text(text, encoding="utf-8")
    return path


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Comma-separated, points for decimals, empty for missing."""
    with whole(path) as written, written.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(plain_cell(name) for name in header)
        writer.writerows([plain_cell(cell) for cell in row] for row in rows)


def plain_cell(cell: Any) -> Any:
    """A cell that a spreadsheet shows and never runs: missing is empty, a text that would be a formula is quoted.

    >>> plain_cell("=cmd|' /C calc'!A0"), plain_cell("-16.5"), plain_cell("phone")
    ("'=cmd|' /C calc'!A0", '-16.5', 'phone')
    """
    if isinstance(cell, float) and not math.isfinite(cell):
        return ""
    if isinstance(cell, str) and cell[:1] in FORMULA and not is_number(cell):
        return "'" + cell
    return cell


def is_number(text: str) -> bool:
    """Whether a text is a number as Python reads it."""
    try:
        float(text)
    except ValueError:
        return False
    return True

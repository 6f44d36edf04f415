"""A column of a user's file as numbers: what the law `sample` is made of.

Comes in: a relative path, a column, the folders in which files may lie. Goes out: the numbers, and a digest of them.
A configuration may come from elsewhere, so it may read nothing outside these folders, and nothing that a file contains
is ever repeated in a message.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

ENDINGS = (".csv", ".txt", ".tsv")
MOST_BYTES = 64 << 20
MOST_NUMBERS = 1_000_000


def numbers_of(name: str, column: str | None, folders: Sequence[Path]) -> tuple[float, ...]:
    """The column's numbers in rising order; without a column, the file is one number a line.

    Raises ValueError saying what is wrong and where, without a word of what the file contains.
    """
    path = _allowed(name, folders)
    try:
        rows = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"file {name!r} cannot be read as text") from None
    if not rows:
        raise ValueError(f"file {name!r} is empty")
    found = tuple(sorted(_column(name, rows, column)))
    if not 1 <= len(found) <= MOST_NUMBERS:
        raise ValueError(f"file {name!r} must hold 1 to {MOST_NUMBERS:,} numbers, has {len(found):,}")
    return found


def digest_of(numbers: Sequence[float]) -> str:
    """Sixteen hexadecimal digits that tell one sample from another."""
    return hashlib.sha256(" ".join(map(repr, numbers)).encode()).hexdigest()[:16]


def _allowed(name: str, folders: Sequence[Path]) -> Path:
    """The file, if it lies inside one of the folders, symbolic links followed."""
    asked = PurePath(name)
    if asked.is_absolute() or ".." in asked.parts or asked.suffix.lower() not in ENDINGS:
        endings = ", ".join(ENDINGS)
        raise ValueError(f"file must be a relative path without '..' that ends in {endings}, got {name!r}")
    for folder in folders:
        top = folder.resolve()
        path = (top / asked).resolve()
        if path.is_relative_to(top) and path.is_file():
            if path.stat().st_size > MOST_BYTES:
                raise ValueError(f"file {name!r} must be smaller than {MOST_BYTES >> 20} MB")
            return path
    raise ValueError(f"there is no file {name!r} in the working folder or the configuration's own")


def _column(name: str, rows: Sequence[str], column: str | None) -> Iterator[float]:
    if column is None:
        yield from (_number(name, line, text) for line, text in enumerate(rows, 1) if text.strip())
        return
    mark = max(",;\t", key=rows[0].count)
    head = [title.strip() for title in next(csv.reader(rows[:1], delimiter=mark))]
    if column not in head:
        raise ValueError(f"file {name!r} has no column {column!r} in its first line")
    at = head.index(column)
    for line, cells in enumerate(csv.reader(rows[1:], delimiter=mark), 2):
        if cells:
            yield _number(name, line, cells[at] if at < len(cells) else "")


def _number(name: str, line: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise ValueError(f"file {name!r}, line {line}: must be a number that is not negative")
    return value

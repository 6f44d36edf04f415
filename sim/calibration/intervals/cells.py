"""One column of text cells → numbers or local times, every doubtful cell reported with its line.

Comes in: (line, cell) pairs. Goes out: floats (NaN: blank, not known) and `Start`s. A number that two countries read
differently ('1.234', '03/04/2025') is never guessed in silence: the other cells of the column must settle it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sim.calibration.intervals.findings import Findings

Cell = tuple[int, str]


@dataclass(frozen=True)
class Column:
    """A column of numbers >= 0; `absurd` is a size no centre has (seconds of handling above 24 h, say)."""

    name: str
    absurd: float
    percent: bool = False


@dataclass(frozen=True)
class Start:
    """The civil time printed in a row, and the UTC offset in seconds printed with it, if any."""

    local: datetime
    offset: float  # NaN: none printed


_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([ .,'’\u00a0\u202f][0-9]{3})+([.,][0-9]+)?")
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")  # 1.234: a thousand, or one and a bit?


def read_numbers(cells: Sequence[Cell], column: Column, separator: str, findings: Findings) -> list[float]:
    """One float per cell, NaN where blank (or reported)."""
    texts = [(line, _bare(text, column)) for line, text in cells]
    settled = {mark for mark in ".," if any(_is_decimal(text, mark, column.absurd) for _, text in texts)}
    numbers = []
    for line, text in texts:
        fault = _fault(text, settled, separator) if text else ""
        number = math.nan if fault or not text else float(text.replace(",", "."))
        if number < 0 or number > column.absurd:
            fault = _limits(column, number)
        if fault:
            findings.problem(line, column.name, f"{fault}, got {text!r}")
        numbers.append(number)
    if column.percent:
        _notice_fractions(cells, numbers, column, findings)
    return numbers


def _bare(text: str, column: Column) -> str:
    text = text.replace("\u2212", "-")  # a typographer's minus
    return text.removesuffix("%").rstrip() if column.percent else text


def _is_decimal(text: str, mark: str, absurd: float) -> bool:
    """Whether this cell can only be read with `mark` as the decimal mark: 12.5, 0.125, or 95.125 per cent."""
    if mark not in text or not _NUMBER.fullmatch(text):
        return False
    return not _EITHER.fullmatch(text) or float(text.replace(mark, "")) > absurd


def _fault(text: str, settled: set[str], separator: str) -> str:
    """Why `text` is not a plain number, or ''."""
    plain = _NUMBER.fullmatch(text) is not None
    if plain and "," in text and separator == ",":
        return "a comma inside a number is ambiguous in a comma-separated file, write 1234 or 0.5"
    if plain and _EITHER.fullmatch(text) and not settled & set(text):
        return "ambiguous, a thousands separator or decimals? write 1234 or 1.23"
    if not plain and _GROUPED.fullmatch(text):
        return "thousands separators are ambiguous, write 1234"
    return "" if plain else "must be a number >= 0 (or blank: not known)"


def _limits(column: Column, number: float) -> str:
    if column.percent:
        return "must be a percentage between 0 and 100"
    if number < 0:
        return "must be a number >= 0"
    unit = " s (24 h); it is in seconds" if column.name == "aht_s" else ""
    return f"must be at most {column.absurd:g}{unit}"


def _notice_fractions(cells: Sequence[Cell], numbers: Sequence[float], column: Column, findings: Findings) -> None:
    known = [number for number in numbers if not math.isnan(number)]
    if known and max(known) <= 1 and any(0 < number < 1 for number in known):
        example = next(line for (line, _), number in zip(cells, numbers, strict=True) if 0 < number < 1)
        what = f"no value is above 1: read as per cent, so {max(known):g} means {max(known):g} %; fractions? times 100"
        findings.notice(example, column.name, what)


_START = re.compile(
    r"([0-9]{1,4})([-./])([0-9]{1,2})\2([0-9]{1,4})"
    r"(?:(?:T|\s+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?\s*(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?",
    re.IGNORECASE,
)
_FORMS = "write YYYY-MM-DD HH:MM, DD.MM.YYYY HH:MM or DD/MM/YYYY HH:MM"


def read_starts(cells: Sequence[Cell], findings: Findings) -> list[Start | None]:
    """One start per cell, None where reported. Slash dates are day/month unless some row allows month/day only."""
    matches = [_START.fullmatch(text) for _, text in cells]
    slashed = [(int(m[1]), int(m[3]), line) for m, (line, _) in zip(matches, cells, strict=True) if m and _is_slash(m)]
    month_first = _month_first(slashed, findings)
    starts: list[Start | None] = []
    for (line, text), match in zip(cells, matches, strict=True):
        try:
            starts.append(_start(match, month_first))
        except ValueError as error:
            findings.problem(line, "start", f"{error}, got {text!r}")
            starts.append(None)
    return starts


def _is_slash(match: re.Match[str]) -> bool:
    return match[2] == "/" and len(match[4]) == 4


def _month_first(slashed: Sequence[tuple[int, int, int]], findings: Findings) -> bool:
    if any(first > 12 for first, _, _ in slashed) or all(first == second for first, second, _ in slashed):
        return False
    month_first = any(second > 12 for _, second, _ in slashed)
    why = "only month/day/year fits all rows" if month_first else "these dates fit both orders"
    order = "month/day/year" if month_first else "day/month/year"
    findings.notice(slashed[0][2], "start", f"{why}: read as {order}")
    return month_first


def _start(match: re.Match[str] | None, month_first: bool) -> Start:
    """Raises ValueError that says what to write."""
    if match is None:
        raise ValueError(f"not a date and time; {_FORMS}")
    if match[5] is None:
        raise ValueError(f"has no time of day; {_FORMS}")
    first, middle, last = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4 and match[2] != ".":
        year, month, day = first, middle, last
    elif len(match[4]) == 4 and match[2] != "-":
        day, month, year = (middle, first, last) if _is_slash(match) and month_first else (first, middle, last)
    else:
        raise ValueError(f"not a date of a known form; {_FORMS}")
    try:
        local = datetime(year, month, day, int(match[5]), int(match[6]), int(match[7] or 0))
    except ValueError as error:
        raise ValueError(f"no such date or time ({error})") from error
    return Start(local, _offset(match[8]))


def _offset(text: str | None) -> float:
    if text is None:
        return math.nan
    digits = text.upper().replace("Z", "+00").replace(":", "")
    return (1 if digits[0] == "+" else -1) * (3600.0 * int(digits[1:3]) + 60.0 * int(digits[3:5] or 0))

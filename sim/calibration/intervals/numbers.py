"""One column of text cells → numbers, every doubtful cell reported with its line.

Comes in: (line, cell) pairs and what the numbers are of. Goes out: floats (NaN: not known). A number that two countries
read differently ('1.234') is never guessed in silence: the other cells of the column, then of the file, must settle it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.calibration.intervals.findings import Findings

Cell = tuple[int, str]
MISSING = frozenset(
    [
        "",
        "-",
        "--",
        "---",
        "–",
        "—",
        "−",
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "null",
        "(null)",
        "nan",
        "none",
        "nil",
        "\\n",
        "?",
        ".",
        "#div/0!",
        "#value!",
        "#ref!",
        "#num!",
        "#name?",
        "#null!",
        "∞",
        "inf",
        "infinity",
        "(blank)",
        "not available",
        "n.d.",
        "n/d",
        "nd",
        "n.v.",
        "k.a.",
        "k. a.",
        "s/o",
    ]
)
NAMES = {"point": ".", "comma": ","}
"""decimal marks by the words of `data.decimal`"""
SECONDS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0, "days": 86400.0, "m:ss": 1.0}
HOURS_FOR_MINUTES = "m:ss"
"""a spreadsheet makes 4 hours and 6 minutes of a typed 4:06; this unit makes minutes and seconds of them again"""


@dataclass(frozen=True)
class Quantity:
    """Numbers >= 0 under a title; `absurd` is a size no centre has, `kind` is count, time (in s) or percent, `decimal`
    the name of the decimal mark where somebody says it."""

    name: str
    absurd: float
    kind: str = "count"
    unit: str = ""
    decimal: str = ""


_ERROR = re.compile(r"#[^\W\d_]?[\w/.¡¿]*[!?]?")
"""#NV, #WERT!, #¡VALOR!: what spreadsheets print for no number, in any language"""
_DOTS = re.compile(r"[.…·]{2,}|…")
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([ .,'’\u00a0\u202f])[0-9]{3}(\1[0-9]{3})*([.,][0-9]+)?")
_LAKHS = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")  # 1,23,456
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")  # 1.234: a thousand, or one and a bit?
_CLOCK = re.compile(r"(?:([0-9]+)[. ])?([0-9]*):([0-5]?[0-9])(?::([0-5]?[0-9]))?([.,][0-9]+)?")
_PRIMES = re.compile(r"([0-9]+)\s?['’′]\s?([0-5]?[0-9])\s?(?:\"|''|’’|″|”)?")
_ISO = re.compile(r"P(?:[0-9]+D)?T(?=[0-9])", re.I)
_WORDS = re.compile(
    r"(?:([0-9.]+) ?h(?:ours?|rs?)?)? ?(?:([0-9.]+) ?m(?:in(?:utes?|s)?)?)? ?(?:([0-9.]+) ?s(?:ec(?:onds?|s)?)?)?", re.I
)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no number."""
    return text.casefold() in MISSING or bool(_ERROR.fullmatch(text) or _DOTS.fullmatch(text))


def decimal_marks(columns: Iterable[Sequence[Cell]]) -> frozenset[str]:
    """The decimal marks that some cell of the file can only be read with."""
    return frozenset(mark for cells in columns for mark in _marks({text for _, text in cells}))


def read_numbers(cells: Sequence[Cell], quantity: Quantity, marks: frozenset[str], findings: Findings) -> list[float]:
    """One float per cell in the column's own unit, times given as h:mm:ss in seconds; NaN where missing or reported.

    `marks` are the decimal marks of the file.
    """
    texts = [(line, _bare(text, quantity)) for line, text in cells]
    different = {text for _, text in texts}
    own = {NAMES[quantity.decimal]} if quantity.decimal else _marks(different) | _absurd_marks(different, quantity)
    known = {text: _number(text, quantity, own, marks) for text in different}
    numbers, thousands = [], []
    for line, text in texts:
        number, fault = known[text]
        if not fault and (number < 0 or number > quantity.absurd / SECONDS.get(quantity.unit, 1.0)):
            fault = _limits(quantity, number)
        if fault:
            findings.problem(line, quantity.name, fault, f", got {text!r}")
        elif _EITHER.fullmatch(text) and number >= 1000:
            thousands.append((line, text))
        numbers.append(math.nan if fault else number)
    if thousands and not marks:
        line, text = thousands[0]
        findings.notice(line, quantity.name, f"{text!r} is read with a thousands separator")
    return numbers


def _bare(text: str, quantity: Quantity) -> str:
    text = text.replace("\u2212", "-").strip("\u00a0\u202f ")  # a typographer's minus, hard spaces
    return text.removesuffix("%").rstrip() if quantity.kind == "percent" else text


def _marks(texts: Iterable[str]) -> set[str]:
    """Marks that must be decimal: 12.5, 0.125, 1,234.5."""
    found = set()
    for text in texts:
        text = text.removesuffix("%").rstrip()
        if _NUMBER.fullmatch(text) and not _EITHER.fullmatch(text):
            found |= set(text) & {".", ","}
        elif (grouped := _GROUPED.fullmatch(text)) and grouped[3] and grouped[3][0] != grouped[1]:
            found.add(grouped[3][0])
    return found


def _absurd_marks(texts: Iterable[str], quantity: Quantity) -> set[str]:
    """Marks that are decimal because the number without them is more than any centre has."""
    return {
        mark for text in texts if _EITHER.fullmatch(text) for mark in ".,"
        if mark in text and float(text.replace(mark, "")) > quantity.absurd / SECONDS.get(quantity.unit, 1.0)
    }  # fmt: skip


def _number(text: str, quantity: Quantity, own: set[str], marks: frozenset[str]) -> tuple[float, str]:
    """(number, '') or (NaN, what is wrong); `own` and `marks` are the decimal marks of the column and the file."""
    if is_missing(text):
        return math.nan, ""
    if quantity.kind == "time" and (seconds := _seconds(text, quantity)) is not None:
        return seconds, ""
    if _NUMBER.fullmatch(text) and not _EITHER.fullmatch(text):
        return float(text.replace(",", ".")), ""
    if _EITHER.fullmatch(text):
        return _settled(text, quantity, own, marks)
    if _LAKHS.fullmatch(text):
        return float(text.replace(",", "")), ""
    grouped = _GROUPED.fullmatch(text)
    if grouped and (grouped[3] is None or grouped[3][0] != grouped[1]):
        whole, part = (text[: grouped.start(3)], grouped[3]) if grouped[3] else (text, "")
        return float(whole.replace(grouped[1], "") + part.replace(",", ".")), ""
    hint = " or a time such as 4:06 or 0:04:06" if quantity.kind == "time" else ""
    return math.nan, f"must be a number >= 0{hint} (or blank: not known)"


def _settled(text: str, quantity: Quantity, own: set[str], marks: frozenset[str]) -> tuple[float, str]:
    """1.234 or 1,234: as the column's other cells have it, else the file's; a comma alone parts thousands."""
    mark = "," if "," in text else "."
    whole = quantity.kind == "count" and not own
    if mark in own or (mark in marks and not whole):
        return float(text.replace(mark, ".")), ""
    if (marks | own) - {mark} and mark not in marks or (mark == "," and not marks):
        return float(text.replace(mark, "")), ""
    return math.nan, "ambiguous, a thousands separator or decimals? data.decimal=point or comma is the mark of decimals"


def _seconds(text: str, quantity: Quantity) -> float | None:
    """Seconds of 4:06, :40, 0:04:06, 1.02:03:04 (days), '4m 6s', PT4M6S or 4'06" in the quantity's own unit; None: no
    such text."""
    scale = SECONDS.get(quantity.unit, 1.0)
    text = _ISO.sub("", text)  # PT4M6S
    if primes := _PRIMES.fullmatch(text):  # 4'06"
        return (60 * float(primes[1]) + float(primes[2])) / scale
    if clock := _CLOCK.fullmatch(text):
        days, first, second, third = (float(part or 0) for part in clock.groups()[:4])
        part = float((clock[5] or "0").replace(",", "."))
        seconds = first * 60 + second if clock[4] is None else first * 3600 + second * 60 + third
        if quantity.unit == HOURS_FOR_MINUTES and clock[4] is not None:
            seconds /= 60
        return (days * 86400 + seconds + part) / scale
    words = _WORDS.fullmatch(text)
    if words and any(words.groups()) and text[-1].isalpha():
        try:
            return (
                sum(float(part or 0) * size for part, size in zip(words.groups(), (3600, 60, 1), strict=True)) / scale
            )
        except ValueError:  # two points in a number
            return None
    return None


def _limits(quantity: Quantity, number: float) -> str:
    if quantity.kind == "percent":
        return "must be a percentage between 0 and 100"
    if number < 0:
        return "must be a number >= 0"
    if quantity.kind == "time":
        return f"must be at most {quantity.absurd:g} s (24 h); it is in seconds (milliseconds: data.units.aht_s=ms)"
    return f"must be at most {quantity.absurd:g}"

"""What the title of a column says: a name, and beside it a unit, a per-cent sign, the wait that a service level counts.

Comes in: titles of a file and of a layout. Goes out: where a layout's titles stand, units and thresholds. `AHT (min)`,
`AHT in sec` and `AHT` are one name; `% Abandoned` and `Abandoned (%)` another one than `Abandoned`, which is a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache, lru_cache

_TIMES = {
    "ms": r"ms|msecs?|milliseconds?|millis",
    "s": r"s|secs?|seconds?|sek|sekunden|secondes|segundos",
    "min": r"mins?|minutes?|minuten|minutos",
    "h": r"h|hours?|stunden",
    "": r"hh?:mm(?::ss)?|mm?:ss|#|no\.?|count|number|anzahl",
}
"""units by what `data.units` calls them; those of the last say how a cell is written, not in what"""
_ANY = "|".join(_TIMES.values())
_BRACKETED = re.compile(rf"[(\[]\s*(?:in\s+)?({_ANY})\s*[)\]]")
_TRAILING = re.compile(rf"(?<=\w)[\s,]+(?:in\s+)?({_TIMES['ms']}|{_TIMES['s']}|mins?|minuten|minutes)$")
_PER_CENT = re.compile(
    r"\b[0-9]{2,3}\s*%\s*/?|[(\[]\s*(?:in\s+)?%\s*[)\]]|%|\b(?:pct|percent(?:age)?|prozent)\b(?:\s+of\b)?"
)
_LEVEL = re.compile(r"(?:sl|sla|service ?level|servicelevel|svc (?:lvl|level)|tsf)\b")
_WITHIN = re.compile(
    r"\(?\s*(?:\b(?:in|within|under|innerhalb|at)\b|[<≤@-]=?)?\s*(?:\b[0-9]{2}\s*/\s*)?\b([0-9]{1,4})\s*(?:s|secs?|seconds?|sek|sekunden)?\b\s*\)?"
)
_MEAN = re.compile(r"\b(?:average|mean|avg)\b\.?")


def plain(title: str) -> str:
    """A title without what differs between exports of one report.

    >>> plain("  Avg_Handle  Time ")
    'avg handle time'
    """
    return re.sub(r"[\s_]+", " ", title.strip().strip("\ufeff")).strip().casefold()


@lru_cache(maxsize=65536)
def name_of(title: str) -> str:
    """A title without its unit and threshold, a per-cent sign at its end.

    >>> name_of("Average Handle Time (mm:ss)"), name_of("% Abandoned"), name_of("SL% (20s)"), name_of("AHT in sec")
    ('avg handle time', 'abandoned %', 'sl %', 'aht')
    """
    text = _MEAN.sub("avg", _TRAILING.sub("", _BRACKETED.sub(" ", plain(title))))
    share = "%" if _PER_CENT.search(text) else ""
    text = plain(_PER_CENT.sub(" ", text))
    if _LEVEL.match(text):
        text, share = _WITHIN.sub(" ", text), "%"
    return plain(f"{text} {share}")


@lru_cache(maxsize=4096)
def unit_of(title: str) -> str:
    """The unit of time that a title says, as `data.units` calls it; empty where it says none.

    >>> unit_of("AHT (min)"), unit_of("AHT in ms"), unit_of("AHT (mm:ss)")
    ('min', 'ms', '')
    """
    text = plain(title)
    said = _BRACKETED.search(text) or _TRAILING.search(text)
    return next((unit for unit, words in _TIMES.items() if said and re.fullmatch(words, said[1])), "")


@lru_cache(maxsize=4096)
def threshold_of(title: str) -> float:
    """Seconds that a service level counts as in target, by its title; NaN where it says none.

    >>> threshold_of("SL 80%/20s"), threshold_of("Service Level (30 sec)"), threshold_of("SL 80%")
    (20.0, 30.0, nan)
    """
    text = plain(_PER_CENT.sub(" ", plain(title)))
    found = _WITHIN.search(text) if _LEVEL.match(text) else None
    return float(found[1]) if found else float("nan")


def matches(cells: Sequence[str], title: str) -> list[int]:
    """Where the title stands; a star in it stands for anything ("service level * seconds"), a bar parts titles of which
    the file has one ("offered | calls offered"). Titles that are written so go before those of the same name."""
    written, names = _places(tuple(cells))
    options = _options(title)
    found = [place for each in options for place in written.get(each, ())]
    if not found:
        stars = [each for each in options if "*" in each]
        found = [
            place for each in stars for cell, places in written.items() if fnmatchcase(cell, each) for place in places
        ]
    return found or sorted({place for each in options for place in names.get(name_of(each), ())})


Places = Mapping[str, Sequence[int]]


@lru_cache(maxsize=4096)
def _places(cells: tuple[str, ...]) -> tuple[Places, Places]:
    """Where cells stand, by their text and by their name; a sheet is asked for hundreds of titles."""
    written: dict[str, list[int]] = {}
    names: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell:
            written.setdefault(plain(cell), []).append(place)
            names.setdefault(name_of(cell), []).append(place)
    return written, names


@cache
def _options(title: str) -> tuple[str, ...]:
    return tuple(plain(each) for each in title.split("|"))

"""What a word above a block, in a column of measures or in a title says that its numbers are.

Comes in: texts of a sheet. Goes out: fields of a row. The words are our own titles and those of the layout `common`, so
that there is one list of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from sim.calibration.intervals.header import FIELDS
from sim.calibration.intervals.presets import shipped_presets
from sim.calibration.intervals.titles import plain

MEASURES = FIELDS[2:]
_APART = re.compile(r"[\s:/|()_-]+")


@cache
def measure_words() -> Mapping[str, str]:
    """Field by word."""
    common = shipped_presets()["common"].columns
    words = {plain(name): name for name in MEASURES}
    for name in MEASURES:
        for title in getattr(common, name) or ():
            words |= {plain(each): name for each in title.split("|")}
    return words


def measure_of(text: str) -> str:
    """The field that a text names; empty if it names none."""
    return measure_words().get(plain(text.rstrip(": ")), "")


def measure_in(text: str) -> str:
    """The field of the longest word at the start or the end of a title, such as `Calls offered, week 12`."""
    return split_measure(text)[1]


def split_measure(title: str) -> tuple[str, str]:
    """(what is left of a title, its measure): `Chat - AHT` is (`Chat`, `aht_s`); the measure is empty if none is there.

    >>> split_measure("Calls Offered Sales")
    ('Sales', 'offered')
    """
    words = [word for word in _APART.split(title.strip()) if word]
    for size in range(len(words), 0, -1):
        for part, rest in ((words[-size:], words[:-size]), (words[:size], words[size:])):
            if name := measure_of(" ".join(part)):
                return " ".join(rest), name
    return title.strip(), ""

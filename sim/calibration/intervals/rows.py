"""Rows of an interval file as columns of arrays: read, held to one grid of intervals, repeated starts merged.

Comes in: a `CsvText`. Goes out: `Rows` and an interval length. Only the file is judged here, nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.calibration.intervals.cells import Cell, Column, Start, read_numbers, read_starts
from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.text import CsvText, even_rows, match_columns
from sim.errors import nearest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COLUMNS = (
    Column("offered", 1e6),
    Column("aht_s", 86400.0),
    Column("agents", 1e5),
    Column("abandoned_pct", 100.0, percent=True),
    Column("sl_pct", 100.0, percent=True),
)
REQUIRED = ("start", "channel", "offered", "aht_s", "agents")
OPTIONAL = ("abandoned_pct", "sl_pct")


@dataclass(frozen=True, eq=False)
class Rows:
    """Equal-length arrays, sorted by channel, day and second. `channel` indexes `names`.

    `day` is a proleptic ordinal, `second` the local second of the day, `offset` the UTC offset in seconds or NaN.
    """

    names: tuple[str, ...]
    line: Ints
    channel: Ints
    day: Ints
    second: Ints
    offset: Floats
    offered: Floats
    aht_s: Floats
    agents: Floats
    abandoned_pct: Floats
    sl_pct: Floats

    def take(self, index: Ints) -> Rows:
        """The rows at `index`, in that order."""
        arrays = {each.name: getattr(self, each.name)[index] for each in fields(self) if each.name != "names"}
        return replace(self, **arrays)

    def when(self, row: int) -> str:
        """'2025-03-03 08:30, phone', for messages."""
        minutes = int(self.second[row]) // 60
        day = date.fromordinal(int(self.day[row]))
        return f"{day} {minutes // 60:02d}:{minutes % 60:02d}, {self.names[self.channel[row]]}"


def read_rows(table: CsvText, known_channels: Sequence[str] | None, findings: Findings) -> Rows:
    """The rows whose start and channel could be read; all faults of single cells are reported on the way."""
    places = match_columns(table, REQUIRED, OPTIONAL, findings)
    even = even_rows(table, findings)
    lines = [line for line, _ in even]

    def cells(name: str) -> list[Cell]:
        return [(line, row[places[name]]) for line, row in even] if name in places else []

    def numbers(column: Column) -> Floats:
        if column.name not in places:
            return np.full(len(even), np.nan)
        return np.array(read_numbers(cells(column.name), column, table.separator, findings), float)

    starts = read_starts(cells("start"), findings)
    names, channel = _channels(cells("channel"), known_channels, findings)
    values = {column.name: numbers(column) for column in COLUMNS}
    _judge(lines, values, findings)
    good = [i for i, (start, c) in enumerate(zip(starts, channel, strict=False)) if start and c >= 0]
    return _rows(names, lines, channel, starts, values, good)


def _rows(
    names: tuple[str, ...],
    lines: Sequence[int],
    channel: Sequence[int],
    starts: Sequence[Start | None],
    values: dict[str, Floats],
    good: Sequence[int],
) -> Rows:
    kept = [start for i in good if (start := starts[i])]
    rows = Rows(
        names=names,
        line=np.array([lines[i] for i in good], np.int64),
        channel=np.array([channel[i] for i in good], np.int64),
        day=np.array([each.local.toordinal() for each in kept], np.int64),
        second=np.array([_second(each) for each in kept], np.int64),
        offset=np.array([each.offset for each in kept], float),
        **{name: array[np.array(good, np.int64)] for name, array in values.items()},
    )
    return rows.take(np.lexsort((rows.line, rows.second, rows.day, rows.channel)))


def _second(start: Start) -> int:
    return start.local.hour * 3600 + start.local.minute * 60 + start.local.second


def _channels(
    cells: Sequence[Cell], known: Sequence[str] | None, findings: Findings
) -> tuple[tuple[str, ...], list[int]]:
    """Channel names in order of appearance and an index per row (-1: reported). Case does not make another channel."""
    spelling = {name.casefold(): name for name in known or ()}
    names: dict[str, int] = {}
    strange: dict[str, list[int]] = {}
    index = []
    for line, text in cells:
        name = spelling.get(text.casefold(), text)
        if not text:
            findings.problem(line, "channel", "is blank")
        elif known is not None and name.casefold() not in spelling:
            strange.setdefault(name, []).append(line)
        else:
            name = spelling.setdefault(text.casefold(), text)
            names.setdefault(name, len(names))
        index.append(names.get(name, -1))
    for name, lines in strange.items():
        more = f" (and {len(lines) - 1} more lines)" if len(lines) > 1 else ""
        findings.problem(lines[0], "channel", f"unknown channel {name!r}{more}{nearest(name, known or ())}")
    return tuple(names), index


def _judge(lines: Sequence[int], values: dict[str, Floats], findings: Findings) -> None:
    """Cells that are fine alone and wrong together; zero handle time without contacts becomes 'not known'."""
    offered, aht, agents = values["offered"], values["aht_s"], values["agents"]
    for row in np.flatnonzero((aht == 0) & (offered > 0)):
        findings.problem(lines[int(row)], "aht_s", "must be above 0 where contacts were offered, got 0")
    aht[aht == 0] = np.nan
    for name, array, meaning in (("offered", offered, "not known, not as 0"), ("agents", agents, "not known")):
        blank = np.flatnonzero(np.isnan(array))
        if len(blank):
            findings.notice(lines[blank[0]], name, f"blank cells: {len(blank)} in the file, read as {meaning}")

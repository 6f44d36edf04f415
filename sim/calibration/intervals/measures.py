"""The numbers of the rows in the table's own units: contacts, seconds, heads, per cent.

Comes in: a `Grid` and which of its rows count. Goes out: arrays by field. Sums of columns, totals divided by a column,
counts out of those offered, milliseconds and fractions are the layout's; what is not believable in its unit is refused
here, before anything is fitted to it, with the key that settles it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import Grid
from sim.calibration.intervals.numbers import SECONDS, Quantity, decimal_marks, is_missing, read_numbers
from sim.model.data import Data

Floats = NDArray[np.float64]
VALUES = ("offered", "aht_s", "agents", "abandoned_pct", "sl_pct", "asa_s")
ABSURD = {"offered": 1e6, "aht_s": 86400.0, "agents": 1e5, "asa_s": 86400.0, "abandoned_pct": 100.0, "sl_pct": 100.0}
KINDS = {"aht_s": "time", "asa_s": "time", "abandoned_pct": "percent", "sl_pct": "percent"}
TOTAL = 1e9
"""largest total of seconds or contacts in a cell"""
PER_CENT = 100.0
ROUNDED = 0.5


def read_values(grid: Grid, kept: Sequence[int], findings: Findings) -> dict[str, Floats]:
    """Arrays by field over the rows `kept`; NaN where the file does not say. Agents given as time stay seconds:
    the length of an interval is not known yet."""
    marks = decimal_marks(
        [_cells(grid, place, kept) for places in grid.places.values() for place in _numeric(grid, places)]
    )
    offered = _sum(grid, "offered", kept, marks, findings)
    values = {"offered": offered}
    for name in VALUES[1:]:
        values[name] = _value(grid, name, kept, marks, offered, findings)
    return values


def _numeric(grid: Grid, places: Sequence[int]) -> Sequence[int]:
    return places if places not in (grid.places.get("start"), grid.places.get("channel")) else ()


def _cells(grid: Grid, place: int, kept: Sequence[int]) -> list[tuple[int, str]]:
    return [(grid.rows[i][0], grid.rows[i][1][place]) for i in kept]


def _value(
    grid: Grid, name: str, kept: Sequence[int], marks: frozenset[str], offered: Floats, findings: Findings
) -> Floats:
    if not grid.has(name):
        return np.full(len(kept), np.nan)
    unit = getattr(grid.layout.units, name, None)
    if unit == "count" and name not in grid.per and _is_signed(grid, name, kept):
        unit, grid = None, replace(grid, layout=_as_percent(grid.layout, name))
    values = _sum(grid, name, kept, marks, findings)
    if name in grid.per:
        per = np.sum(
            [_numbers(grid, place, Quantity(name, TOTAL), kept, marks, findings) for place in grid.per[name]], axis=0
        )
        values = np.divide(values, per, out=np.full(len(kept), np.nan), where=per > 0)
        values = values * PER_CENT if KINDS[name] == "percent" else values
    elif unit == "count":
        _check_counts(grid, name, kept, values, offered, findings)
        values = PER_CENT * np.divide(values, offered, out=np.full(len(kept), np.nan), where=offered > 0)
    return values * SECONDS.get(unit or "s", 1.0)


def _is_signed(grid: Grid, name: str, kept: Sequence[int]) -> bool:
    """Whether the cells of a column are written with a per-cent sign, whatever its title is."""
    texts = [text for place in grid.places[name] for _, text in _cells(grid, place, kept) if not is_missing(text)]
    return bool(texts) and all(text.endswith("%") for text in texts)


def _as_percent(layout: Data, name: str) -> Data:
    return layout.model_copy(update={"units": layout.units.model_copy(update={name: "percent"})})


def _check_counts(
    grid: Grid, name: str, kept: Sequence[int], counts: Floats, offered: Floats, findings: Findings
) -> None:
    if (np.nan_to_num(counts) % 1 > 0).any():
        row = int(np.flatnonzero(np.nan_to_num(counts) % 1 > 0)[0])
        what = f"read as numbers of contacts, and some are not whole: per cent? data.units.{name}=percent"
        findings.problem(grid.rows[kept[row]][0], grid.title(name), what, f", got {counts[row]:g}")
    for row in map(int, np.flatnonzero(counts > offered + ROUNDED)):
        what = "more contacts than were offered"
        findings.problem(grid.rows[kept[row]][0], grid.title(name), what, f": {counts[row]:g} of {offered[row]:g}")
        counts[row] = np.nan


def _sum(grid: Grid, name: str, kept: Sequence[int], marks: frozenset[str], findings: Findings) -> Floats:
    """The field's columns, added; a part of a time that is missing is none where another part is known."""
    if not grid.has(name):
        return np.full(len(kept), np.nan)
    quantity = _quantity(grid, name)
    parts = np.array([_numbers(grid, place, quantity, kept, marks, findings) for place in grid.places[name]])
    if quantity.kind == "time" and len(parts) > 1:
        return np.where(np.isnan(parts).all(axis=0), np.nan, np.nansum(parts, axis=0))
    return np.asarray(parts.sum(axis=0))


def _quantity(grid: Grid, name: str) -> Quantity:
    unit, total = getattr(grid.layout.units, name, None), name in grid.per
    kind = KINDS.get(name, "time" if unit in SECONDS else "count")
    if unit == "count" or (total and kind == "percent"):
        return Quantity(grid.title(name), TOTAL)
    absurd = TOTAL if total or (name == "agents" and unit in SECONDS) else ABSURD[name]
    return Quantity(grid.title(name), absurd, kind, unit or "")


def _numbers(
    grid: Grid, place: int, quantity: Quantity, kept: Sequence[int], marks: frozenset[str], findings: Findings
) -> Floats:
    cells = _cells(grid, place, kept)
    quantity = replace(quantity, decimal=grid.layout.decimal or "")
    values = np.array(read_numbers(cells, quantity, marks, findings), float)
    if quantity.unit == "fraction":  # a cell that says % is per cent already
        signed = np.array([text.endswith("%") for _, text in cells], bool)
        values = np.where(signed, values, PER_CENT * values)
    return values


def judge(grid: Grid, lines: Sequence[int], values: Mapping[str, Floats], findings: Findings) -> None:
    """Cells that are fine alone and wrong together; a handle time of zero where nobody was handled is unknown."""
    offered, aht, left = values["offered"], values["aht_s"], values["abandoned_pct"]
    handled = offered * (1 - np.nan_to_num(left) / PER_CENT)
    for row in np.flatnonzero((aht == 0) & (handled >= ROUNDED)):
        what = "must be above 0 where contacts were handled"
        findings.problem(lines[int(row)], grid.title("aht_s"), what, ", got 0")
    aht[aht == 0] = np.nan
    for name, meaning in (("offered", "not known, not as 0"), ("agents", "not known")):
        blank = np.flatnonzero(np.isnan(values[name]))
        if len(blank) and grid.has(name):
            what = f"blank cells: {len(blank)} in the file, read as {meaning}"
            findings.notice(lines[blank[0]], grid.title(name), what)

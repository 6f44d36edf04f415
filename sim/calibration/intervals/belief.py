"""Whether a column is believable in its unit: minutes read as seconds and fractions read as per cent are refused.

Comes in: `Rows` and their `Grid`. Goes out: problems, one a column, each with the key that settles it. Exists because
four-second calls fit to something, and the plan that comes out looks like one.
"""

from __future__ import annotations

import numpy as np

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import Grid
from sim.calibration.intervals.repeats import weighted_mean
from sim.calibration.intervals.rows import Rows

SHORTEST, LONGEST = 10.0, 2 * 3600.0
"""s: mean handle times of a channel that are believed unasked"""
MOST = 0.5
"""share of service levels at or below one that no centre has, and a column of fractions with a stray cell does"""
FEWEST = 10
"""service levels that say so"""
SHARES = ("abandoned_pct", "sl_pct")


def check_belief(rows: Rows, grid: Grid, findings: Findings) -> None:
    """Reports columns whose unit must be said."""
    if grid.layout.units.aht_s is None:
        _check_handle_times(rows, grid, findings)
    for name in SHARES:
        if getattr(grid.layout.units, name) is None and name not in grid.per and grid.has(name):
            _check_share(rows, name, grid, findings)


def _check_handle_times(rows: Rows, grid: Grid, findings: Findings) -> None:
    for index, channel in enumerate(rows.names):
        here = rows.channel == index
        mean = weighted_mean(rows.aht_s[here], rows.offered[here])
        if np.isnan(mean) or SHORTEST <= mean <= LONGEST or not here.any():
            continue
        line = int(rows.line[here].min())
        where = f"the mean of channel {channel!r} is {mean:.1f} s"
        if mean < SHORTEST:
            what = (
                f"{where}, and no handle time is that short: in minutes? data.units.aht_s=min (h, days; s if it is so)"
            )
        else:
            what = f"{where}, over two hours: in milliseconds? data.units.aht_s=ms (s if it is so)"
            what += "; minutes of which a spreadsheet made hours (4:06:00)? data.units.aht_s=m:ss"
        findings.problem(line, grid.title("aht_s"), what)


def _check_share(rows: Rows, name: str, grid: Grid, findings: Findings) -> None:
    values, cells = getattr(rows, name), dict(grid.rows)
    signed = np.array([any(cells[int(line)][at].endswith("%") for at in grid.places[name]) for line in rows.line], bool)
    known = ~np.isnan(values) & ~signed
    if not known.any() or values[known].max() == 0:
        return
    small, line = float((values[known] <= 1).mean()), int(rows.line[known].min())
    keys = f"data.units.{name}=fraction; per cent that small? data.units.{name}=percent"
    if small == 1:
        findings.problem(line, grid.title(name), f"no value is above 1: fractions? {keys}")
    elif name == "sl_pct" and small > MOST and known.sum() >= FEWEST and (values[known] % 1 > 0).any():
        findings.problem(line, grid.title(name), f"most values are at most 1, others are not: fractions? {keys}")

"""What a file says about how its contacts ended, and which unknown each of these numbers identifies.

Comes in: the recorded centre and the table. Goes out: targets, each with its channel, its value, and the one parameter
that it identifies: a target identifies one parameter, a parameter takes one target. Abandonment identifies patience;
service level (or else the speed of answer) identifies the factor on agents. Where patience is assumed
(`data.assume.patience`) abandonment identifies the factor if nothing else does; what is left over is a check.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...model.centre import Configuration
from ...model.mechanisms import PatienceLaw
from ..compared import ABANDONED, HANDLED, IN_TIME, OFFERED, WAIT
from ..intervals.table import IntervalTable

Floats = NDArray[np.float64]
PATIENCE_FIELD = {"live": "patience", "deferred": "deadline"}
PARTS = {"abandoned_pct": (ABANDONED, OFFERED), "sl_pct": (IN_TIME, OFFERED), "asa_s": (WAIT, HANDLED)}
"""what a target is made of: its sum over the sum that it is taken of"""
ANSWER = {"abandoned_pct": 0, "sl_pct": 1, "asa_s": 2}
"""its place among the answers of Erlang A"""
SOME, SOON = 0.002, 1.0
"""added to shares, and to seconds, before their logarithm: 0 has none, and below this they hardly differ"""
SHORTEST_PATIENCE = 5.0
"""shortest mean patience that a fit believes, s"""
LEAST_STAFFING, MOST_STAFFING = 0.5, 2.0
"""factors on agents beyond which a file is not believed"""


@dataclass(frozen=True, eq=False)
class Target:
    """A number of the file that the simulation must give back by way of one parameter; `parameter` is empty for one
    that is only compared."""

    channel: str
    column: str
    value: float
    known: NDArray[np.bool_]
    """(days, intervals) in which the file has it"""
    parameter: str

    def parts(self, sums: Floats) -> tuple[Floats, Floats]:
        """(days,) numerators and denominators of a replication's (days, intervals, SUMS)."""
        inside = sums * self.known[..., None]
        top, bottom = PARTS[self.column]
        return inside[..., top].sum(axis=1), inside[..., bottom].sum(axis=1)

    def of(self, sums: Floats) -> float:
        """What (days, intervals, SUMS) give."""
        top, bottom = self.parts(sums)
        return float(top.sum() / max(bottom.sum(), 1e-9))

    def bent(self, value: float) -> float:
        """The scale on which steps are straight: logarithms, of odds for service levels."""
        if self.column == "asa_s":
            return float(np.log(value + SOON))
        if self.column == "sl_pct":
            return float(np.log((value + SOME) / (1 - value + SOME)))
        return float(np.log(value + SOME))

    def slope(self, value: float) -> float:
        """Derivative of `bent`."""
        if self.column == "asa_s":
            return 1 / (value + SOON)
        return 1 / (value + SOME) + (1 / (1 - value + SOME) if self.column == "sl_pct" else 0.0)

    def said(self, value: float) -> str:
        """The value as the file would write it."""
        return f"{value:.1f} s" if self.column == "asa_s" else f"{value:.1%}"


def targets_of(config: Configuration, table: IntervalTable) -> list[Target]:
    """All targets of the file, each with the parameter that it identifies."""
    return [target for name in table.channels for target in _of_channel(config, table, name)]


def _of_channel(config: Configuration, table: IntervalTable, name: str) -> list[Target]:
    values = {column: _mean(table, name, column) for column in PARTS}
    left = [column for column, (value, _) in values.items() if not np.isnan(value)]
    assigned: dict[str, str] = {}
    for parameter, columns in _wanted(config, name).items():
        column = next((each for each in columns if each in left), None)
        if column is not None:
            assigned[column] = parameter
            left.remove(column)
    return [Target(name, column, *values[column], assigned.get(column, "")) for column in (*assigned, *left)]


def _wanted(config: Configuration, name: str) -> dict[str, tuple[str, ...]]:
    """Parameters of a channel that may be fitted, with the columns that identify them, best first."""
    assume, live = config.data.assume, config.channels[name].kind == "live"
    found: dict[str, tuple[str, ...]] = {}
    fits_patience = law_of(config, name) is not None and not (live and assume.patience is not None)
    if fits_patience:
        found["patience"] = ("abandoned_pct",)
    if live and assume.staffing is None:
        found["staffing"] = ("sl_pct", "asa_s") if fits_patience else ("sl_pct", "asa_s", "abandoned_pct")
    return found


def _mean(table: IntervalTable, name: str, column: str) -> tuple[float, NDArray[np.bool_]]:
    """The file's value over all intervals that have it, and where these are; NaN if none has."""
    values, weight = recorded(table, name, column)
    known, total = weight > 0, float(weight.sum())
    mean = float((weight * np.where(known, values, 0.0)).sum()) / total if total > 0 else np.nan
    return (mean if column == "asa_s" else mean / 100), known


def recorded(table: IntervalTable, name: str, column: str) -> tuple[Floats, Floats]:
    """(days, intervals): the file's values for a target, in its own unit, and how much each counts: not at all where
    the file has none."""
    i = table.channels.index(name)
    field = {"abandoned_pct": "abandoned_pct", "sl_pct": "sl_pct", "asa_s": "asa"}[column]
    all_of_it = getattr(table, field, None)
    offered = np.nan_to_num(table.offered[i])
    if all_of_it is None:
        return np.full(offered.shape, np.nan), np.zeros(offered.shape)
    weight = offered if column != "asa_s" else offered * (1 - np.nan_to_num(table.abandoned_pct[i]) / 100)
    return all_of_it[i], np.where(~np.isnan(all_of_it[i]) & (offered > 0), weight, 0.0)


def law_of(config: Configuration, name: str) -> PatienceLaw | None:
    """The law of a channel's patience or deadline."""
    channel = config.channels[name]
    law = getattr(channel, PATIENCE_FIELD.get(channel.kind, ""), None)
    assert law is None or isinstance(law, PatienceLaw)
    return law


def ends(config: Configuration, target: Target) -> tuple[float, float]:
    """Least and greatest factor that a fit believes of the target's parameter."""
    if target.parameter == "staffing":
        return LEAST_STAFFING, MOST_STAFFING
    law = law_of(config, target.channel)
    assert law is not None
    if config.channels[target.channel].kind != "live":
        return 1e-3, 1e3
    return SHORTEST_PATIENCE / law.mean_value, config.data.longest_patience / law.mean_value

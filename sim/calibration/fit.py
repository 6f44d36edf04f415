"""First-contact demand, patience and handle time for which the simulated baseline gives the imported numbers back.

Comes in: the baseline as it was when the numbers were recorded, and the table. Goes out: `Fitted`, solved once and then
frozen: solving again in a what-if would return the imported numbers for ever. Every step simulates the same
replications (common random numbers), starting from the chain of journeys and from Erlang A, and corrects all channels
at once: demand by the chain's gains (a first contact in one channel brings contacts to the others) and by interval of
the day in proportion to what was missing, patience by secants in logarithms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, Problem
from ..experiments.replicate import gathered
from ..model.centre import Configuration
from ..model.channels import Patience
from .compare import ABANDONED, HANDLE, HANDLED, OFFERED, interval_sums
from .demand import LEAST, gain, needed
from .imported import PATIENCE_FIELD, Fitted, imported, start_of_fit
from .intervals import IntervalTable
from .patience import erlang_a_patience

Floats = NDArray[np.float64]
MOST_STEPS = 12
FEWER, NEARLY = 4, 3.0
"""until all misses are below NEARLY tolerances, a FEWERth of the replications tells the direction"""
ROUGH_STEPS, ROUGH = 5, 0.05
"""in these first steps patience waits until volumes are this near: it would answer to a load that is not the day's"""
CONTACTS_WANTED = 50_000
"""imported contacts simulated in a step: the noise of a share of 5 % is then 0.1 points"""
SHORTEST_PATIENCE = 5.0
"""shortest mean patience that a fit believes, s"""
VOLUME_TOLERANCE, ABANDONED_TOLERANCE, HANDLE_TOLERANCE = 0.01, 0.02, 0.005
"""relative; abandonment also stops within 0.1 percentage points"""
SMOOTHING = 3600.0
"""s; demand is corrected over a moving hour, so that it follows the day and not the noise of single intervals"""
FIRST_REPLICATION = 1_000_000
"""replications of the fit have numbers of their own: results are not measured on the luck they were fitted to"""


class Slopes:
    """How offered contacts answer to first contacts: at first the chain's gains, then learnt from the steps (Broyden
    1965, first method), since in a busy centre each call more brings more than itself: others abandon and redial."""

    def __init__(self, gains: Floats) -> None:
        self.gains = gains
        self._last: tuple[Floats, Floats] | None = None

    def next_first(self, first: Floats, got: Floats, wanted: Floats) -> Floats:
        """First contacts, by stream, after `first` gave `got`."""
        if self._last is not None:
            step, answer = first - self._last[0], got - self._last[1]
            if step @ step > 1e-6 * (first @ first):
                self.gains = self.gains + np.outer(step, answer - step @ self.gains) / (step @ step)
        self._last = first, got
        return needed(self.gains, first @ self.gains + wanted - got, LEAST * wanted)


def fit(config: Configuration, table: IntervalTable, step_done: Callable[[int, str], None]) -> Fitted:
    """Solves for demand, patience and handle time; raises InputError naming what cannot be reached."""
    fitted = _with_erlang_a(config, table, start_of_fit(config, table))
    slopes = Slopes(gain(config, table))
    replications = _replications(config, table)
    now = max(2, replications // FEWER) if replications > 1 else 1
    tried: dict[str, list[tuple[float, float]]] = {name: [] for name in table.channels}
    for step in range(MOST_STEPS):
        total = _simulated(config, table, fitted, now)
        out_of_reach = _out_of_reach(table, config, fitted, total)
        misses = _misses(table, config, total, out_of_reach)
        too_much = _too_much_switching(table, fitted, total, misses)
        step_done(step + 1, "; ".join(misses.values()) or "reached")
        if now == replications and len(misses) == len(too_much) or step + 1 == MOST_STEPS:
            break
        if not _misses(table, config, total, out_of_reach, NEARLY):
            now = replications
        if misses:
            fitted = _corrected(config, table, slopes, fitted, total, tried, step < ROUGH_STEPS)
    out_of_reach |= too_much
    if out_of_reach and config.data.infeasible == "error":
        hint = Problem("data.infeasible", "say nearest to go on with the nearest fit")
        raise InputError([*(Problem(f"{table.path.name}, {k}", text) for k, text in out_of_reach.items()), hint])
    stopped = (f"the fit stopped after {step + 1} steps at: {text}" for text in misses.values())
    return replace(fitted, notes=(*(f"{k}: {text}" for k, text in out_of_reach.items()), *stopped))


def _replications(config: Configuration, table: IntervalTable) -> int:
    volume = sum(table.total_offered(name) for name in table.channels)
    return config.data.replications or int(np.clip(np.ceil(CONTACTS_WANTED / max(volume, 1)), 2, 64))


def _simulated(config: Configuration, table: IntervalTable, fitted: Fitted, replications: int) -> dict[str, Floats]:
    """By imported channel: (intervals, SUMS), means over replications."""
    run = config.run.model_copy(update={"replications": replications, "end": "cut"})
    current = imported(config.model_copy(update={"run": run}), table, fitted)
    sums = gathered(current, partial(interval_sums, interval=float(table.interval)), FIRST_REPLICATION)
    return _pooled(table, current, np.mean(sums, axis=0))


def _out_of_reach(
    table: IntervalTable, config: Configuration, fitted: Fitted, total: dict[str, Floats]
) -> dict[str, str]:
    """Abandonment that no believable patience gives, in words, by what the file calls it."""
    found = {}
    for name in table.channels:
        got, target = total[name].sum(axis=0), table.abandoned_share(name)
        if np.isnan(target) or not _fits_patience(config, name) or config.channels[name].kind != "live":
            continue
        share = got[ABANDONED] / max(got[OFFERED], 1)
        mean = _law(config, name).mean_value * fitted.patience[name]
        longest = config.data.longest_patience
        at_end = (share > target and mean >= 0.99 * longest) or (share < target and mean <= 1.01 * SHORTEST_PATIENCE)
        if at_end and _far(share, target):
            found[f"channel {name}, abandoned_pct"] = (
                f"{target:.1%} cannot be reached with the agents, volumes and handle times imported: at a mean "
                f"patience of {mean:,.0f} s {share:.1%} leave"
            )
    return found


def _far(share: float, target: float, slack: float = 1.0) -> bool:
    return abs(share - target) > slack * max(0.001, ABANDONED_TOLERANCE * target)


def _with_erlang_a(config: Configuration, table: IntervalTable, fitted: Fitted) -> Fitted:
    patience = dict(fitted.patience)
    for name in table.channels:
        channel = config.channels[name]
        law = getattr(channel, PATIENCE_FIELD[channel.kind], None)
        target = table.abandoned_share(name)
        if channel.kind == "live" and law is not None and target > 0:
            patience[name] = erlang_a_patience(table, name, target) / law.mean_value
    return replace(fitted, patience=patience)


def _pooled(table: IntervalTable, config: Configuration, mean: Floats) -> dict[str, Floats]:
    """By imported channel: (intervals, SUMS) over the days and intervals that the table has."""
    found = {}
    for i, name in enumerate(table.channels):
        known = ~np.isnan(table.offered[i])
        found[name] = (mean[config.open_channels.index(name)] * known[..., None]).sum(axis=0)
    return found


def _misses(
    table: IntervalTable,
    config: Configuration,
    total: dict[str, Floats],
    out_of_reach: dict[str, str],
    slack: float = 1.0,
) -> dict[str, str]:
    """What is not yet as imported and may still become so, in words, by channel and quantity; `slack` widens tolerances."""
    misses = {}
    for name in table.channels:
        got, wanted = total[name].sum(axis=0), table.total_offered(name)
        if config.data.volumes == "offered" and abs(got[OFFERED] - wanted) > slack * max(VOLUME_TOLERANCE * wanted, 1.0):
            misses[f"{name} offered"] = f"{name} offered {got[OFFERED]:,.0f} of {wanted:,.0f}"
        aht = table.weighted_aht(name)
        if got[HANDLED] and abs(got[HANDLE] / got[HANDLED] / aht - 1) > slack * HANDLE_TOLERANCE:
            misses[f"{name} aht"] = f"{name} AHT {got[HANDLE] / got[HANDLED]:.1f} s of {aht:.1f} s"
        share, target = got[ABANDONED] / max(got[OFFERED], 1), table.abandoned_share(name)
        fits = not np.isnan(target) and _fits_patience(config, name)
        if fits and f"channel {name}, abandoned_pct" not in out_of_reach and _far(share, target, slack):
            misses[f"{name} abandoned"] = f"{name} abandoned {share:.1%} of {target:.1%}"
    return misses


def _law(config: Configuration, name: str) -> Patience:
    law = getattr(config.channels[name], PATIENCE_FIELD[config.channels[name].kind])
    assert isinstance(law, Patience)
    return law


def _fits_patience(config: Configuration, name: str) -> bool:
    return getattr(config.channels[name], PATIENCE_FIELD[config.channels[name].kind]) is not None


def _corrected(
    config: Configuration, table: IntervalTable, slopes: Slopes, fitted: Fitted, total: dict[str, Floats],
    tried: dict[str, list[tuple[float, float]]], rough: bool,
) -> Fitted:  # fmt: skip
    """All factors after one step. `tried` collects (factor on patience, share abandoned) by channel."""
    demand, patience, handle = dict(fitted.demand), dict(fitted.patience), dict(fitted.handle)
    if config.data.volumes == "offered":
        demand = _demand(table, slopes, fitted, total)
    for name in table.channels:
        got = total[name].sum(axis=0)
        aht, wanted = table.weighted_aht(name), table.total_offered(name)
        if got[HANDLE] > 0 and aht > 0:
            handle[name] *= float(aht / (got[HANDLE] / got[HANDLED]))
        target = table.abandoned_share(name)
        adrift = config.data.volumes == "offered" and abs(got[OFFERED] - wanted) > ROUGH * wanted
        if not np.isnan(target) and _fits_patience(config, name) and not (rough and adrift):
            tried[name].append((patience[name], max(got[ABANDONED] / max(got[OFFERED], 1), 1e-5)))
            patience[name] = _patience(tried[name], max(target, 1e-5))
            if config.channels[name].kind == "live":
                ends = np.array([SHORTEST_PATIENCE, config.data.longest_patience]) / _law(config, name).mean_value
                patience[name] = float(np.clip(patience[name], *ends))
    return Fitted(demand, patience, handle)


def _demand(
    table: IntervalTable, slopes: Slopes, fitted: Fitted, total: dict[str, Floats]
) -> dict[str, list[float]]:
    """Shares by interval: those of each channel's whole day by the gains, their shape by what each hour was short."""
    names = table.channels
    offered = np.nansum(table.offered, axis=1)
    got = np.array([total[name][:, OFFERED] for name in names])
    started = np.array([(offered[i] * fitted.demand[name]).sum() for i, name in enumerate(names)])
    wanted = offered.sum(axis=1)
    first = slopes.next_first(started, got.sum(axis=1), wanted)
    found = {}
    for i, name in enumerate(names):
        shape = _shape(np.array(fitted.demand[name]), offered[i], got[i], table.interval)
        found[name] = (shape * first[i] / max((shape * offered[i]).sum(), 1e-9)).tolist()
    return found


def _patience(tried: list[tuple[float, float]], target: float) -> float:
    """The next factor on patience: a secant through the last two tries in logarithms, a step of at most 3 times.

    Abandonment falls with patience, less than in proportion: slopes between -1.5 and -0.3 are believed.
    """
    factor, share = tried[-1]
    slope = -0.7
    if len(tried) > 1 and abs(np.log(tried[-2][0] / factor)) > 1e-3:
        slope = float(np.clip(np.log(tried[-2][1] / share) / np.log(tried[-2][0] / factor), -1.5, -0.3))
    return float(factor * np.exp(np.clip(np.log(target / share) / slope, -np.log(3), np.log(3))))


def _shape(shares: Floats, wanted: Floats, got: Floats, interval: float) -> Floats:
    """Shares by interval, times what was short, smoothed over a moving hour (volumes as weights)."""
    ratio = np.where(wanted > 0, np.clip(wanted / np.maximum(got, 1e-9), 0.5, 2.0), 1.0)
    window = np.ones(2 * max(1, round(SMOOTHING / interval / 2)) + 1)
    weight = np.convolve(wanted, window, "same")
    smooth = np.convolve(shares * ratio * wanted, window, "same") / np.maximum(weight, 1e-9)
    return np.asarray(np.maximum(np.where(weight > 0, smooth, shares), 1e-6))


def _too_much_switching(
    table: IntervalTable, fitted: Fitted, total: dict[str, Floats], misses: dict[str, str]
) -> dict[str, str]:
    """Volumes that switches and redials alone exceed, in words."""
    found = {}
    for i, name in enumerate(table.channels):
        got, wanted = total[name].sum(axis=0)[OFFERED], table.total_offered(name)
        started = float(np.nansum(table.offered[i] * np.array(fitted.demand[name])))
        if f"{name} offered" in misses and got > wanted and started < 2 * LEAST * wanted:
            found[f"channel {name}, offered"] = (
                f"switches and redials alone bring {got:,.0f} contacts, more than the {wanted:,.0f} imported: in a "
                "centre file of your own (centre=mine) lower the rows that lead here and disable channels you do not "
                "have, or say data.volumes=first_contacts"
            )
    return found

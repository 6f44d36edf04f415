"""First-contact demand, patience and handle time for which the simulated baseline gives the imported numbers back.

Comes in: the baseline as it was when the numbers were recorded, and the table. Goes out: `Fitted`, solved once and then
frozen: solving again in a what-if would return the imported numbers for ever. Every step simulates the same
replications (common random numbers), starting from the chain of journeys and from Erlang A, and corrects all channels
at once: the day's volumes and patience by a common quasi-Newton search (a first contact in one channel brings contacts
to others), demand by interval of the day in proportion to what was missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, Problem
from ...model.centre import Configuration
from ...model.mechanisms import PatienceLaw
from ...runs.replicate import gathered
from ..compared import ABANDONED, HANDLE_FACTOR, HANDLED, OFFERED, interval_sums
from ..imported import PATIENCE_FIELD, Fitted, imported, start_of_fit
from ..intervals.table import IntervalTable
from .demand import LEAST, gain
from .patience import erlang_a_patience
from .slopes import next_point

Floats = NDArray[np.float64]
ROUGH_STEPS, MOST_STEPS, FEWER = 3, 10, 4
"""the first steps only find the direction, with a FEWERth of the replications"""
CROWDING = 1.4
"""what a first contact more brings, relative to the chain's gain: in a busy centre others abandon and redial"""
BY_PATIENCE, BY_VOLUME = -0.55, 4.0
"""relative change of abandonment by that of patience, and by that of volume"""
VOLUMES_FIRST = 100.0
"""weight of a volume's miss against one of abandonment"""
LONGEST_STEP = 0.3
"""of first contacts, relative to the imported volume"""
SOME = 0.002
"""added to shares before their logarithm: 0 % has none, and below this they hardly differ"""
CONTACTS_WANTED = 40_000
"""imported contacts simulated in a step: the noise of a share of 5 % is then 0.1 points"""
SHORTEST_PATIENCE = 5.0
"""shortest mean patience that a fit believes, s"""
VOLUME_TOLERANCE, ABANDONED_TOLERANCE, HANDLE_TOLERANCE = 0.01, 0.03, 0.005
"""relative; abandonment also stops within 0.1 percentage points"""
SMOOTHING = 3600.0
"""s; demand is corrected over a moving hour, so that it follows the day and not the noise of single intervals"""
FIRST_REPLICATION = 1_000_000
"""replications of the fit have numbers of their own: results are not measured on the luck they were fitted to"""


def fit(config: Configuration, table: IntervalTable, step_done: Callable[[int, str], None]) -> Fitted:
    """Solves for demand, patience and handle time; raises InputError naming what cannot be reached."""
    fitted = _with_erlang_a(config, table, start_of_fit(config, table))
    unknowns = _Unknowns(config, table)
    replications = _replications(config, table)
    best: tuple[float, _Step] | None = None
    for step in range(MOST_STEPS):
        rough = step < ROUGH_STEPS and replications > FEWER
        total = _simulated(config, table, fitted, replications // FEWER if rough else replications)
        now = _judged(config, table, fitted, total)
        step_done(step + 1, "; ".join(now.misses.values()) or "reached")
        if not rough and (best is None or now.distance < best[0]):
            best = now.distance, now
        if not rough and len(now.misses) == len(now.too_much):
            break
        fitted = _corrected(table, unknowns, fitted, total)
    assert best is not None
    return _checked(config, table, best[1])


@dataclass(frozen=True)
class _Step:
    """Where a step stood: what is out of reach, what is missed, both in words, and by how many tolerances at most."""

    fitted: Fitted
    out_of_reach: dict[str, str]
    too_much: dict[str, str]
    misses: dict[str, str]
    distance: float


def _judged(config: Configuration, table: IntervalTable, fitted: Fitted, total: dict[str, Floats]) -> _Step:
    out_of_reach = _out_of_reach(table, config, fitted, total)
    misses = _misses(table, config, fitted, total, out_of_reach)
    said = {what: text for what, (_, text) in misses.items()}
    too_much = _too_much_switching(table, fitted, total, said)
    distance = max((miss for miss, _ in misses.values()), default=0.0)
    return _Step(fitted, out_of_reach, too_much, said, distance)


def _checked(config: Configuration, table: IntervalTable, step: _Step) -> Fitted:
    """The fit with its notes; raises InputError if it is not the imported centre and that was not allowed."""
    impossible = step.out_of_reach | step.too_much
    if impossible and config.data.infeasible == "error":
        hint = Problem("data.infeasible", "say nearest to go on with the nearest fit")
        raise InputError([*(Problem(f"{table.path.name}, {k}", text) for k, text in impossible.items()), hint])
    stopped = (f"the fit stopped at: {text}" for what, text in step.misses.items())
    return replace(step.fitted, notes=(*(f"{k}: {text}" for k, text in impossible.items()), *stopped))


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
        share = _share(got)
        mean = _law(config, name).mean_value * fitted.patience[name]
        longest = config.data.longest_patience
        at_end = (share > target and mean >= 0.99 * longest) or (share < target and mean <= 1.01 * SHORTEST_PATIENCE)
        if at_end and abs(share - target) > _abandoned_tolerance(target):
            found[f"channel {name}, abandoned_pct"] = (
                f"{target:.1%} cannot be reached with the agents, volumes and handle times imported: at a mean "
                f"patience of {mean:,.0f} s {share:.1%} leave"
            )
    return found


def _abandoned_tolerance(target: float) -> float:
    return max(0.001, ABANDONED_TOLERANCE * target)


def _with_erlang_a(config: Configuration, table: IntervalTable, fitted: Fitted) -> Fitted:
    patience = dict(fitted.patience)
    for name in table.channels:
        channel = config.channels[name]
        law = getattr(channel, PATIENCE_FIELD[channel.kind], None)
        target = table.abandoned_share(name)
        if channel.kind == "live" and law is not None and target > 0:
            guess = erlang_a_patience(table, name, target) / law.mean_value
            patience[name] = float(np.clip(guess, *_ends(config, name)))
    return replace(fitted, patience=patience)


def _pooled(table: IntervalTable, config: Configuration, mean: Floats) -> dict[str, Floats]:
    """By imported channel: (intervals, SUMS) over the days and intervals that the table has."""
    found = {}
    for i, name in enumerate(table.channels):
        known = ~np.isnan(table.offered[i])
        found[name] = (mean[config.open_channels.index(name)] * known[..., None]).sum(axis=0)
    return found


def _misses(
    table: IntervalTable, config: Configuration, fitted: Fitted, total: dict[str, Floats], out_of_reach: dict[str, str]
) -> dict[str, tuple[float, str]]:
    """What is not yet as imported and may still become so, by channel and quantity: in tolerances, and in words."""
    found = {}
    for name in table.channels:
        got, wanted = total[name].sum(axis=0), table.total_offered(name)
        if config.data.volumes == "offered":
            miss = abs(got[OFFERED] - wanted) / max(VOLUME_TOLERANCE * wanted, 1.0)
            found[f"{name} offered"] = miss, f"{name} offered {got[OFFERED]:,.0f} of {wanted:,.0f}"
        miss = abs(fitted.handle[name] * _left_of_handle(got) - 1) / HANDLE_TOLERANCE
        found[f"{name} aht"] = miss, f"{name} AHT off by {fitted.handle[name] * _left_of_handle(got) - 1:.1%}"
        share, target = _share(got), table.abandoned_share(name)
        fits = not np.isnan(target) and _fits_patience(config, name)
        if fits and f"channel {name}, abandoned_pct" not in out_of_reach:
            miss = abs(share - target) / _abandoned_tolerance(target)
            found[f"{name} abandoned"] = miss, f"{name} abandoned {share:.1%} of {target:.1%}"
    return {what: (float(miss), text) for what, (miss, text) in found.items() if miss > 1}


def _law(config: Configuration, name: str) -> PatienceLaw:
    law = getattr(config.channels[name], PATIENCE_FIELD[config.channels[name].kind])
    assert isinstance(law, PatienceLaw)
    return law


def _ends(config: Configuration, name: str) -> tuple[float, float]:
    """Least and greatest factor on a channel's patience that a fit believes."""
    if config.channels[name].kind != "live":
        return 1e-3, 1e3
    mean = _law(config, name).mean_value
    return SHORTEST_PATIENCE / mean, config.data.longest_patience / mean


def _left_of_handle(got: Floats) -> float:
    """What context leaves of handle time, on average; 1 if nobody was served."""
    return float(got[HANDLE_FACTOR] / got[HANDLED]) if got[HANDLED] else 1.0


def _share(got: Floats) -> float:
    return float(got[ABANDONED] / max(got[OFFERED], 1))


def _fits_patience(config: Configuration, name: str) -> bool:
    return getattr(config.channels[name], PATIENCE_FIELD[config.channels[name].kind]) is not None


class _Unknowns:
    """What the search sees: first contacts and offered contacts relative to the imported ones, patience and abandonment
    in logarithms."""

    def __init__(self, config: Configuration, table: IntervalTable) -> None:
        self.names = table.channels if config.data.volumes == "offered" else ()
        self.patient = [n for n in table.channels if table.abandoned_share(n) >= 0 and _fits_patience(config, n)]
        self.offered = {name: np.nansum(table.offered[i], axis=0) for i, name in enumerate(table.channels)}
        self.volume = np.array([self.offered[name].sum() for name in self.names])
        self.shares = [table.abandoned_share(name) for name in self.patient]
        self.wanted = np.array([*np.ones(len(self.names)), *(np.log(share + SOME) for share in self.shares)])
        ends = [_ends(config, name) for name in self.patient]
        self.low = np.array([*np.full(len(self.names), LEAST), *(np.log(low) for low, _ in ends)])
        self.high = np.array([*np.full(len(self.names), np.inf), *(np.log(high) for _, high in ends)])
        steps = [LONGEST_STEP] * len(self.names) + [np.log(2.0)] * len(self.patient)
        self.longest, self.slopes = np.array(steps), self._slopes(gain(config, table))

    def _slopes(self, gains: Floats) -> Floats:
        n, all_of_them = len(self.names), len(self.wanted)
        slopes = np.zeros((all_of_them, all_of_them))
        if n:
            slopes[:n, :n] = CROWDING * gains.T * self.volume / self.volume[:, None]
        for k, name in enumerate(self.patient):
            slopes[n + k, n + k] = BY_PATIENCE
            if n:
                slopes[n + k, :n] = BY_VOLUME * slopes[self.names.index(name), :n]
        return slopes

    def at(self, fitted: Fitted) -> Floats:
        """Where a fit stands."""
        first = [(self.offered[n] * fitted.demand[n]).sum() for n in self.names] / np.maximum(self.volume, 1e-9)
        return np.array([*first, *(np.log(fitted.patience[name]) for name in self.patient)])

    def gave(self, total: dict[str, Floats]) -> Floats:
        """What its simulation gave."""
        day = {name: sums.sum(axis=0) for name, sums in total.items()}
        offered = [day[name][OFFERED] for name in self.names] / np.maximum(self.volume, 1e-9)
        return np.array([*offered, *(np.log(_share(day[name]) + SOME) for name in self.patient)])

    def next_point(self, fitted: Fitted, total: dict[str, Floats]) -> tuple[dict[str, float], dict[str, float]]:
        """First contacts of the whole period by stream, and factors on patience."""
        at = np.clip(self.at(fitted), self.low, self.high)
        n = len(self.names)
        # Volumes weigh so much that none is given away for an abandonment that patience alone cannot reach.
        weights = np.where(np.arange(self.wanted.size) < n, VOLUMES_FIRST, 1.0)
        slopes, missing = self.slopes * weights[:, None], (self.wanted - self.gave(total)) * weights
        point = next_point(slopes, at, missing, self.low, self.high, self.longest)
        first = dict(zip(self.names, (point[:n] * self.volume).tolist(), strict=True))
        return first, dict(zip(self.patient, np.exp(point[n:]).tolist(), strict=True))


def _corrected(table: IntervalTable, unknowns: _Unknowns, fitted: Fitted, total: dict[str, Floats]) -> Fitted:
    """All factors after one step."""
    demand, handle = dict(fitted.demand), dict(fitted.handle)
    first, patience = unknowns.next_point(fitted, total)
    for name, whole in first.items():
        wanted = unknowns.offered[name]
        shape = _shape(np.array(demand[name]), wanted, total[name][:, OFFERED], table.interval)
        demand[name] = (shape * whole / max((shape * wanted).sum(), 1e-9)).tolist()
    for name in table.channels:
        handle[name] = 1 / _left_of_handle(total[name].sum(axis=0))
    return Fitted(demand, fitted.patience | patience, handle)


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

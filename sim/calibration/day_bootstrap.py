"""What the days of a file leave open of its fit, all at once: patience, agents, volumes and handle times together.

Comes in: a planner's own centre. Goes out: the covariance of the logarithms of what was fitted, from which sets of
parameters are drawn (`Joint.drawn`). Exists because patience and agents answer to each other: a file that would also
agree with longer patience would then have had fewer agents, and varying each by itself counts that doubt twice.

The method is a bootstrap of days, linearised (the infinitesimal jackknife: Jaeckel, Bell Laboratories memorandum, 1972;
Efron and Tibshirani, An Introduction to the Bootstrap, 1993). A sample that holds day d w times moves the fit by the
sum of (w - 1) J^-1 r(d). r(d) is what the day adds to the file's targets less what the same day adds to those of the
fitted centre, so that a day that was meant to be worse, for its volume or its roster, pulls on nothing; J are the
slopes of the targets, measured by simulation. Fitting every sample anew would cost a fit each. Volumes count against
the mean of their weekday. The fit takes handle times from the file, most of the luck of single days removed from them
(`fit.handle`), but not that of all days together: what a day's handle time does to the mean, and the mean to the
targets, comes off r(d). `fit.noise` does the same.

Few days tell a covariance badly, so that of files as the fitted centre would write them counts like `PRIOR` more days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .fit.findings import slopes_by_handle, slopes_of
from .fit.handle import handle_times
from .fit.noise import covariance
from .fit.solve import Solver, Step
from .fit.targets import Target, recorded
from .intervals.table import IntervalTable
from .own_centre import OwnCentre

Floats = NDArray[np.float64]
PRIOR = 10
"""days that the luck of the fitted centre counts for"""
VOLUMES, HANDLE_TIME, AGENTS = "volumes", "{}_handle_time", "{}_agents"


@dataclass(frozen=True)
class Joint:
    """Covariance of logarithms, by the names of `study=uncertainty`."""

    names: tuple[str, ...]
    covariance: Floats
    days: int

    def correlation(self, names: Sequence[str]) -> Floats:
        """Of some of them; a name that is not among them goes with nothing."""
        at = [self.names.index(name) if name in self.names else -1 for name in names]
        known = np.array([place >= 0 for place in at])
        chosen = self.covariance[np.ix_(at, at)] * np.outer(known, known)
        spread = np.sqrt(np.where(np.diag(chosen) > 0, np.diag(chosen), 1.0))
        found = chosen / np.outer(spread, spread)
        np.fill_diagonal(found, 1.0)
        return np.asarray(found)

    def drawn(self, names: Sequence[str], u: Floats, sizes: Mapping[str, float]) -> Floats:
        """(points, names): factors at points of the unit cube, lognormal with this correlation. `sizes` are standard
        deviations of logarithms in place of the file's own: another period differs by more than an average of days."""
        own = dict(zip(self.names, np.sqrt(np.diag(self.covariance)).tolist(), strict=True))
        spread = np.array([sizes.get(name, own.get(name, 0.0)) for name in names])
        return np.asarray(np.exp(special.ndtri(u) @ np.linalg.cholesky(self.correlation(names)).T * spread))


def joint_of(own: OwnCentre) -> Joint:
    """The covariance for a file and its fit. Simulates the fitted centre and its slopes."""
    table, solver = own.fit_table, Solver(own.baseline, own.fit_table)
    fitted = own.fitted()
    gave = solver.simulated(fitted, solver.replications)
    slopes = slopes_of(solver, Step(fitted, gave, {}, 0.0, {}, {}))
    by_handle = slopes_by_handle(solver, fitted, solver.replications)
    names, pulls, luck = [VOLUMES], [_volumes(table)[:, None]], [np.zeros((1, 1))]
    for i, channel in enumerate(table.channels):
        targets, back = solver.of_channel(channel), np.linalg.pinv(slopes[channel])
        names += [*(_name(solver, target) for target in targets), HANDLE_TIME.format(channel)]
        handle, used = (_handle(table, i, each) for each in (table.aht[i], handle_times(table, channel)))
        residuals = [_residuals(table, target, np.mean(gave[channel], axis=0)) for target in targets]
        left = np.reshape(residuals, (len(targets), -1)).T - np.outer(handle - used, by_handle[channel])
        pulls += [left @ back.T, handle[:, None]] if targets else [handle[:, None]]
        again = covariance(targets, gave[channel], by_handle[channel]) * (1 + 1 / solver.replications)
        luck += [back @ again @ back.T, np.zeros((1, 1))]
    recorded_days = np.nansum(table.offered, axis=(0, 2)) > 0
    return Joint(tuple(names), combined(np.hstack(pulls)[recorded_days], _blocks(luck)), int(recorded_days.sum()))


def combined(pulls: Floats, luck: Floats) -> Floats:
    """The covariance of bootstrap samples of days, which pull by `pulls` (days, names), together with that of `luck`,
    which is 0 for what only days tell."""
    days = pulls.shape[0]
    centred = pulls - pulls.mean(axis=0)
    sampled = centred.T @ centred * days / max(days - 1, 1)
    prior = np.where(np.diag(np.diag(luck) == 0), np.diag(np.diag(sampled)), luck)
    return np.asarray((PRIOR * prior + (days - 1) * sampled) / (PRIOR + days - 1))


def _name(solver: Solver, target: Target) -> str:
    if target.parameter == "staffing":
        return AGENTS.format(target.channel)
    kind = solver.config.channels[target.channel].kind
    return f"{target.channel}_{'deadline' if kind == 'deferred' else 'patience'}"


def _residuals(table: IntervalTable, target: Target, simulated: Floats) -> Floats:
    """(days,): what each day adds to the file's target beyond what it adds to that of the fitted centre."""
    values, weight = recorded(table, target.channel, target.column)
    scale = 1.0 if target.column == "asa_s" else 0.01
    ours = (weight * np.nan_to_num(values) * scale).sum(axis=1)
    return _added(ours, weight.sum(axis=1)) - _added(*target.parts(simulated))


def _added(top: Floats, bottom: Floats) -> Floats:
    whole = max(float(bottom.sum()), 1e-9)
    return (top - float(top.sum()) / whole * bottom) / whole


def _volumes(table: IntervalTable) -> Floats:
    """(days,): by how much each adds to the logarithm of all contacts, against the mean of its weekday."""
    offered = np.nansum(table.offered, axis=(0, 2))
    weekdays = (table.first_day.weekday() + np.arange(table.n_days)) % 7
    found = np.zeros(table.n_days)
    for weekday in range(7):
        mine = (weekdays == weekday) & (offered > 0)
        count = int(mine.sum())
        if count > 1:
            found[mine] = (offered[mine] - offered[mine].mean()) * np.sqrt(count / (count - 1))
    return found / max(float(offered.sum()), 1e-9)


def _handle(table: IntervalTable, channel: int, times: Floats) -> Floats:
    """(days,): by how much each adds to the logarithm of a channel's mean handle time, of `times` by day and
    interval."""
    known = ~np.isnan(times)
    calls = np.where(known, np.nan_to_num(table.offered[channel]), 0.0)
    work = (calls * np.nan_to_num(times)).sum(axis=1)
    return _added(work, calls.sum(axis=1)) * float(calls.sum()) / max(float(work.sum()), 1e-9)


def _blocks(parts: Sequence[Floats]) -> Floats:
    size = sum(len(part) for part in parts)
    found, at = np.zeros((size, size)), 0
    for part in parts:
        found[at : at + len(part), at : at + len(part)] = part
        at += len(part)
    return found

"""Simulated against imported, interval by interval.

Comes in: logs of a configuration made by `imported`, and the table. Goes out: sums by channel, day and interval, and
the columns of `intervals.csv`. Contacts outside opening hours are not offered, as an ACD does not count them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..log.tables import Log
from ..measures.window import Facts
from ..model.centre import Configuration
from ..model.channels import Queued
from ..model.outcomes import Outcome
from ..model.units import DAY
from ..rules.decisions import CARRIED
from .intervals.table import IntervalTable

Floats = NDArray[np.float64]
OFFERED, HANDLED, ABANDONED, IN_TIME, WAIT, HANDLE, HANDLE_FACTOR = range(7)
SUMS = 7
COLUMNS = ("start", "channel", "offered", "offered_simulated", "aht_s", "aht_s_simulated", "agents", "abandoned_pct",
           "abandoned_pct_simulated", "sl_pct", "sl_pct_simulated", "wait_s_simulated")  # fmt: skip


def interval_sums(log: Log, config: Configuration, interval: float) -> Floats:
    """(channels, days, intervals, SUMS) of contacts by the interval in which they joined, for one replication."""
    facts = Facts(log, config)
    days, per_day = round((log.window[1] - log.window[0]) / DAY), round(DAY / interval)
    index = ((facts.arrived - log.window[0]) / interval).astype(np.int64)
    cell = facts.channel * days * per_day + np.minimum(index, days * per_day - 1)
    offered = 1 - facts.ended_as(Outcome.CLOSED)
    weights = (
        offered, facts.served, facts.ended_as(Outcome.ABANDONED, Outcome.UNANSWERED),
        np.nan_to_num(facts.in_time) * facts.served, facts.wait * facts.served, facts.talk + facts.wrap_up,
        _handle_factor(facts, config),
    )  # fmt: skip
    size = len(log.channels) * days * per_day
    sums = np.stack([np.bincount(cell, weights=w, minlength=size) for w in weights], axis=-1).astype(float, copy=False)
    return sums.reshape(len(log.channels), days, per_day, SUMS)


def _handle_factor(facts: Facts, config: Configuration) -> Floats:
    """Each served contact's handle time over the mean of its channel's laws, as a factor without the luck of single
    times: what carried context leaves, the answers of a thread, and how much slower agents are who share themselves."""
    saved = config.integration.time_saved_by_channel
    by_channel = np.array([saved.get(name, config.integration.time_saved) for name in config.open_channels])
    left = np.where(facts.of("context") == CARRIED, 1 - by_channel[facts.channel], 1.0) * facts.served
    return left * _stretch(facts, config)[facts.channel]


def _stretch(facts: Facts, config: Configuration) -> Floats:
    """(channels,): time from answer to the end of wrap-up over the work in it, times the expected answers."""
    channels = [config.channels[name] for name in config.open_channels]
    answers = np.array([1 / (1 - c.turns.probability) if isinstance(c, Queued) else 1.0 for c in channels])
    if not facts.log.turns["entity"].size:
        return answers
    counted = facts.served * (facts.of("turns").astype(int) > 0)
    took = np.bincount(facts.channel, weights=counted * (facts.talk + facts.wrap_up), minlength=len(channels))
    work = np.bincount(facts.channel, weights=counted * facts.work, minlength=len(channels))
    return answers * np.where(work > 0, took / np.maximum(work, 1e-9), 1.0)


def comparison(table: IntervalTable, config: Configuration, sums: Sequence[Floats]) -> list[list[object]]:
    """Rows of `intervals.csv`: one for each row of the imported file, means over replications."""
    mean = np.mean(sums, axis=0)
    rows: list[list[object]] = []
    for day in range(table.n_days):
        for k in range(table.offered.shape[2]):
            for i, name in enumerate(table.channels):
                if not np.isnan(table.offered[i, day, k]):
                    rows.append(_row(table, name, (i, day, k), _of(config, name, mean)[day, k]))
    return rows


def _of(config: Configuration, name: str, mean: Floats) -> Floats:
    """(days, intervals, SUMS) of a channel; nothing for one that a what-if has closed."""
    names = config.open_channels
    return np.asarray(mean[names.index(name)] if name in names else np.zeros(mean.shape[1:]))


def _row(table: IntervalTable, name: str, at: tuple[int, int, int], simulated: Floats) -> list[object]:
    start = dt.datetime.combine(table.first_day, dt.time()) + dt.timedelta(days=at[1], seconds=at[2] * table.interval)
    offered, handled = simulated[OFFERED], simulated[HANDLED]
    return [
        start.isoformat(sep=" "), name, _round(table.offered[at], 1), _round(offered, 1), _round(table.aht[at], 1),
        _ratio(simulated[HANDLE], handled, 1), _round(table.agents[at], 2), _round(table.abandoned_pct[at], 1),
        _ratio(100 * simulated[ABANDONED], offered, 1), _round(table.sl_pct[at], 1),
        _ratio(100 * simulated[IN_TIME], offered, 1), _ratio(simulated[WAIT], handled, 1),
    ]  # fmt: skip


def by_hour(table: IntervalTable, config: Configuration, sums: Sequence[Floats]) -> list[dict[str, object]]:
    """Imported and simulated by channel, month and hour of the day; weights are the offered contacts of each side."""
    mean = np.mean(sums, axis=0)
    months = [(table.first_day + dt.timedelta(days=d)).strftime("%Y-%m") for d in range(table.n_days)]
    per_hour = max(1, round(3600 / table.interval))
    rows: list[dict[str, object]] = []
    for i, name in enumerate(table.channels):
        theirs = _of(config, name, mean)
        for month in sorted(set(months)):
            days = np.array([m == month for m in months])
            for hour in (*range(24), None):
                pick = slice(None) if hour is None else slice(hour * per_hour, (hour + 1) * per_hour)
                cell = np.ix_(np.array([i]), np.flatnonzero(days), np.arange(table.offered.shape[2])[pick])
                offered = table.offered[cell]
                if np.nansum(offered) > 0:
                    inside = theirs[days][:, pick][~np.isnan(offered[0])]
                    label = "all" if hour is None else f"{hour:02d}"
                    rows.append({"channel": name, "month": month, "hour": label} | _pair(table, cell, offered, inside))
    return rows


def _pair(table: IntervalTable, cell: tuple[np.ndarray, ...], offered: Floats, simulated: Floats) -> dict[str, object]:
    total = simulated.sum(axis=0)
    return {
        "offered": _round(np.nansum(offered), 0), "offered_simulated": _round(total[OFFERED], 0),
        "abandoned_pct": _weighted(table.abandoned_pct[cell], offered),
        "abandoned_pct_simulated": _ratio(100 * total[ABANDONED], total[OFFERED], 1),
        "sl_pct": _weighted(table.sl_pct[cell], offered),
        "sl_pct_simulated": _ratio(100 * total[IN_TIME], total[OFFERED], 1),
        "wait_s_simulated": _ratio(total[WAIT], total[HANDLED], 1),
    }  # fmt: skip


def _weighted(values: Floats, weights: Floats) -> float | None:
    known = ~np.isnan(values) & ~np.isnan(weights)
    return _ratio(float((values[known] * weights[known]).sum()), float(weights[known].sum()), 1)


def _ratio(top: float, bottom: float, digits: int) -> float | None:
    return round(float(top / bottom), digits) if bottom > 0 else None


def _round(value: float, digits: int) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)

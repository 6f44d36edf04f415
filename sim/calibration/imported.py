"""A centre with a planner's own volumes in it: staffing, handle times, opening hours and demand from an interval table.

Comes in: an `IntervalTable`, a configuration, and what a fit has found (`Fitted`). Goes out: a configuration whose days
are those of the table, after warm-up days that repeat its first days, hours and all. Channels and agent groups that the
table does not name keep their defaults.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, Problem
from ..model.base import FrozenDict
from ..model.centre import Configuration
from ..model.channels import AnyChannel, Factors, Queued, Target
from ..model.people import Demand, Pool, Stream
from ..model.run import Run
from ..model.units import DAY, Spans, joined
from .fit.assume import assumed
from .fit.demand import LEAST, entry_mixes, gain, streams_of
from .fit.handle import handle_cv, handle_times, with_cv
from .fit.slopes import nearest_within
from .fit.targets import PATIENCE_FIELD
from .groups import shares_of
from .intervals.table import IntervalTable

Floats = NDArray[np.float64]
Days = TypeVar("Days", Floats, list[Spans])
CAUTIOUS = 0.85
"""a fit starts below what the chain says: too many customers clog a centre, and clogged centres teach slowly"""
NO_AGENTS = (
    "add a column agents (data.columns.agents names another; staffed time: data.units.agents=s), or ask how many are "
    "needed: study=staffing"
)


@dataclass(frozen=True)
class Finding:
    """A fitted or assumed number of a channel, with its 95 % interval where the file tells one."""

    channel: str
    parameter: str
    value: float
    unit: str
    low: float | None
    high: float | None
    by: str
    """the column that identifies it, or why it is what it is"""


@dataclass(frozen=True)
class Fitted:
    """What a fit freezes. By imported channel: first contacts per offered contact by weekday (Monday first) and
    interval of the day; factors on patience, on handle time and on the agents of the file; coefficients of variation of
    handle times, where the file tells them. And one factor on rows."""

    demand: dict[str, list[list[float]]]
    patience: dict[str, float]
    handle: dict[str, float]
    staffing: dict[str, float]
    cv: dict[str, float] = field(default_factory=dict)
    switches: float = 1.0
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """A plain mapping, for the cache and the manifest."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Fitted:
        """A fit from its plain mapping; raises KeyError or TypeError for another version's."""
        findings = tuple(Finding(**each) for each in said["findings"])
        return cls(**{**said, "findings": findings, "notes": tuple(said["notes"])})


def imported(
    config: Configuration, table: IntervalTable, fit: Fitted, recorded: Configuration | None = None
) -> Configuration:
    """The configuration with the table's days, staffing, handle times, hours and the fitted demand and patience.

    `recorded` is the centre in which the table was recorded, where `config` is a what-if on it: what the table says is
    about that centre.
    """
    asked, before = config, recorded or config
    config, recorded = assumed(asked, fit.switches, before), assumed(before, fit.switches)
    warm = _warm_up_days(table)
    pools = {name: _pool(config, recorded, table, fit, name, warm) for name in config.staffing}
    run = config.run.model_copy(
        update={
            "start": table.first_day - dt.timedelta(days=warm), "warm_up": warm * DAY, "measure": table.n_days * DAY,
            "interval": max(config.run.interval, float(table.interval)),
        }
    )  # fmt: skip
    channels = {name: _channel(config, recorded, table, fit, name, run) for name in config.channels}
    mixes = entry_mixes(recorded, table)
    streams = {name: _stream(recorded, table, fit, name, mixes[name], warm) for name in table.channels}
    streams = streams_of(config, recorded, table, streams)
    demand = Demand.model_construct(scale=config.demand.scale, streams=FrozenDict(streams))
    return config.changed(channels=FrozenDict(channels), staffing=FrozenDict(pools), run=run, demand=demand)


def start_of_fit(config: Configuration, table: IntervalTable) -> Fitted:
    """First guess: first contacts by the chain of journeys, patience and handle time as they are."""
    offered = np.array([table.total_offered(name) for name in table.channels])
    unlimited = np.full(offered.size, np.inf)
    brings = gain(assumed(config), table)
    caution = 1.0 if np.allclose(brings, np.eye(offered.size)) else CAUTIOUS
    first = caution * nearest_within(brings.T, offered, LEAST * offered, unlimited)
    share = dict(zip(table.channels, (first / np.maximum(offered, 1.0)).tolist(), strict=True))
    per_day, ones = round(DAY / table.interval), dict.fromkeys(table.channels, 1.0)
    demand = {name: [[share[name]] * per_day for _ in range(7)] for name in table.channels}
    staffing = dict.fromkeys(table.channels, config.data.assume.staffing or 1.0)
    return Fitted(demand, ones, ones, staffing, _cvs(config, table))


def _cvs(config: Configuration, table: IntervalTable) -> dict[str, float]:
    """Coefficients of variation that the file tells, of channels whose law takes one for all of the handle time."""
    told = {name: handle_cv(table, name) for name in table.channels if one_law(config.channels[name])}
    return {name: each[0] for name, each in told.items() if each is not None}


def one_law(channel: AnyChannel) -> bool:
    """Whether a channel's handle time is one law that is stated with a coefficient of variation."""
    return isinstance(channel, Queued) and channel.wrap_up is None and channel.service.cv is not None


def _warm_up_days(table: IntervalTable) -> int:
    return 7 if table.n_days >= 7 else 1


def _days(values: Days, warm: int) -> Days:
    """Days with the warm-up days before: the same weekdays of the first week, or the first day."""
    if isinstance(values, list):
        return values[:warm] + values
    return np.concatenate([values[:warm], values])


def _stream(config: Configuration, table: IntervalTable, fit: Fitted, name: str, mix: Floats, warm: int) -> Stream:
    weekdays = (table.first_day.weekday() + np.arange(table.n_days)) % 7
    offered = np.nan_to_num(table.offered[table.channels.index(name)])
    if config.data.volumes == "first_contacts":
        own = mix[config.open_channels.index(name)]
        rates = offered / (own if own > 0 else 1.0)
    else:
        rates = offered * np.array(fit.demand[name])[weekdays]
    first = {channel: float(share) for channel, share in zip(config.open_channels, mix, strict=True) if share > 0}
    # Recorded counts are not means: drawing Poisson counts around them would double the noise they already contain.
    return Stream(rates=_factors(table, _days(rates, warm)), first_channel=first, count="fixed")


def _pool(
    config: Configuration, recorded: Configuration, table: IntervalTable, fit: Fitted, name: str, warm: int
) -> Pool:
    pool, before = config.staffing[name], recorded.staffing.get(name)
    named = [channel for channel in before.serves if channel in table.channels] if before else []
    if not named:
        return pool
    mine = {channel: shares_of(recorded, channel)[name] for channel in named}
    agents = np.sum([mine[channel] * fit.staffing[channel] * agents_of(table, channel) for channel in named], axis=0)
    said, counted = config.data.agents, at_intervals(table, agents, warm)
    return pool.model_copy(
        update={"agents": 0.0, "shifts": (), "weekday": FrozenDict(), "counts": counted, "said": said}
    )


def at_intervals(table: IntervalTable, values: Floats, warm: int) -> Factors:
    """Values by day and interval of the table, as a parameter that begins with the warm-up days."""
    return _factors(table, _days(values, warm))


def _factors(table: IntervalTable, values: Floats) -> Factors:
    """(days, intervals) as a parameter; not validated, there may be a hundred thousand."""
    return Factors.model_construct(interval=float(table.interval), values=tuple(values.ravel().tolist()))


def agents_of(table: IntervalTable, name: str) -> Floats:
    """Agents by day and interval; where the file leaves them blank, the mean of the same interval on other days, and
    where no day has one, a straight line between the intervals around it."""
    i = table.channels.index(name)
    agents, asked = table.agents[i].copy(), ~np.isnan(table.offered[i])
    known = (~np.isnan(agents)).sum(axis=0)
    if not known.any():
        what = f"a run needs the agents on duty, and the file has none for channel {name}: {NO_AGENTS}"
        raise InputError(Problem(f"{table.path.name}, agents", what))
    at = np.flatnonzero(known)
    means = np.interp(np.arange(known.size), at, np.nansum(agents, axis=0)[at] / known[at])
    blank = np.isnan(agents) & asked
    agents[blank] = np.broadcast_to(means, agents.shape)[blank]
    return np.asarray(np.nan_to_num(agents))


def _channel(
    config: Configuration, recorded: Configuration, table: IntervalTable, fit: Fitted, name: str, run: Run
) -> AnyChannel:
    channel, before = config.channels[name], recorded.channels.get(name)
    if name not in table.channels or not channel.enabled:
        return channel
    where = f"{table.path.name}, channel {name}"
    if not isinstance(channel, Queued) or not isinstance(before, Queued):
        raise InputError(Problem(where, "is self-service here; volumes are of channels with agents"))
    if not shares_of(recorded, name):
        raise InputError(Problem(where, "no agent group serves it"))
    i = table.channels.index(name)
    mean, warm = before.mean_handle, round(run.warm_up / DAY)
    aht, usual = _days(handle_times(table, name), warm), table.weighted_aht(name)
    factor = np.where(np.isnan(aht), mean if np.isnan(usual) else usual, aht) / mean * fit.handle[name]
    law = with_cv(channel.service, fit.cv.get(name)) if one_law(before) else channel.service
    update: dict[str, object] = {"service": law, "service_factors": _factors(table, factor)}
    if (channel.hours, channel.dates) == (before.hours, before.dates):
        update |= _hours(table, i, run)
    patience = getattr(channel, PATIENCE_FIELD[channel.kind])
    if patience is not None:
        update[PATIENCE_FIELD[channel.kind]] = patience.scaled(fit.patience[name])
    if channel.target is None:
        update["target"] = Target()
    return channel.model_copy(update=update)


def _hours(table: IntervalTable, i: int, run: Run) -> dict[str, object]:
    """Opening hours: the intervals that have rows. By weekday as the weekday's first day with rows, and by date where
    a day of the run (which repeats the table, warm-up and follow-up included) differs from its weekday."""
    by_day = [_spans(row, table.interval) for row in ~np.isnan(table.offered[i])]
    by_weekday: list[Spans] = [()] * 7
    for day, spans in enumerate(by_day):
        weekday = (table.first_day.weekday() + day) % 7
        by_weekday[weekday] = by_weekday[weekday] or spans
    repeated = _days(by_day, round(run.warm_up / DAY))
    last = int(np.ceil((run.warm_up + run.measure + run.follow_limit) / DAY))
    dates = {}
    for day in range(last + 1):
        date, spans = run.start + dt.timedelta(days=day), repeated[day % len(repeated)]
        if spans != by_weekday[date.weekday()]:
            dates[date] = spans
    hours = joined((day * DAY + start, day * DAY + end) for day in range(7) for start, end in by_weekday[day])
    return {"hours": hours, "dates": FrozenDict(dates)}


def _spans(is_open: NDArray[np.bool_], interval: float) -> Spans:
    """Open spans of a day, s since midnight, from a flag by interval."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_open.astype(int), [0]]))) * float(interval)
    return tuple(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))

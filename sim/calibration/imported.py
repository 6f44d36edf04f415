"""A centre with a planner's own volumes in it: staffing, handle times, opening hours and demand from an interval table.

Comes in: an `IntervalTable`, a configuration, and what a fit has found (`Fitted`). Goes out: a configuration whose days
are those of the table, after warm-up days that repeat its first days. Channels and agent groups that the table does not
name keep their defaults.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..engine.tables import tables_of
from ..errors import InputError, Problem
from ..experiments.load import expected_visits
from ..model.base import FrozenDict
from ..model.centre import Configuration
from ..model.channels import AnyChannel, Factors, Queued, Target
from ..model.people import Demand, Pool, Stream
from ..model.units import DAY, Spans
from .intervals import IntervalTable

Floats = NDArray[np.float64]
PATIENCE_FIELD = {"live": "patience", "deferred": "deadline"}


@dataclass(frozen=True)
class Fitted:
    """What a fit freezes: by imported channel, first contacts per offered contact by interval of the day, and factors
    on patience and handle time."""

    demand: dict[str, list[float]]
    patience: dict[str, float]
    handle: dict[str, float]
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """A plain mapping, for the cache and the manifest."""
        return asdict(self)


def imported(config: Configuration, table: IntervalTable, fit: Fitted, peaks: dict[str, float | None]) -> Configuration:
    """The configuration with the table's days, staffing, handle times, hours and the fitted demand and patience.

    `peaks` gives, for pools whose `agents` were changed by a what-if, the new peak; None keeps the table's counts.
    """
    warm = _warm_up_days(table)
    channels = {name: _channel(config, table, fit, name, warm) for name in config.channels}
    pools = {name: _pool(config, table, name, warm, peaks.get(name)) for name in config.staffing}
    run = config.run.model_copy(
        update={
            "start": table.first_day - dt.timedelta(days=warm), "warm_up": warm * DAY, "measure": table.n_days * DAY,
            "interval": max(config.run.interval, float(table.interval)),
        }
    )  # fmt: skip
    streams = {name: _stream(config, table, fit, name, warm) for name in table.channels}
    demand = Demand.model_construct(scale=config.demand.scale, streams=FrozenDict(streams))
    return config.changed(channels=FrozenDict(channels), staffing=FrozenDict(pools), run=run, demand=demand)


def start_of_fit(config: Configuration, table: IntervalTable) -> Fitted:
    """First guess: first contacts by the chain in which everyone is served, patience and handle time as they are."""
    mixes = entry_mixes(config, table)
    visits = expected_visits(config, tables_of(config)).sum(axis=0)
    index = [config.open_channels.index(name) for name in table.channels]
    gain = np.array([(mixes[name] @ visits)[index] for name in table.channels])
    offered = np.array([table.total_offered(name) for name in table.channels])
    first = np.maximum(np.linalg.solve(gain.T, offered), 0.02 * offered)
    per_day = round(DAY / table.interval)
    shares = {n: [float(f / max(o, 1.0))] * per_day for n, f, o in zip(table.channels, first, offered, strict=True)}
    return Fitted(shares, dict.fromkeys(table.channels, 1.0), dict.fromkeys(table.channels, 1.0))


def entry_mixes(config: Configuration, table: IntervalTable) -> dict[str, Floats]:
    """Where the customers behind each imported channel's volume begin: there, or on a channel that the table does not
    name. Such channels (website, IVR) keep their place in the mix, in proportion to what reaches the imported ones."""
    names, tables = config.open_channels, tables_of(config)
    mix = np.zeros(len(names))
    for segment in config.customers.segments.values():
        mix += segment.share * np.array([segment.first_channel.get(name, 0.0) for name in names])
    reach = mix @ expected_visits(config, tables).sum(axis=0)
    index = {name: names.index(name) for name in table.channels}
    unnamed = np.array([0.0 if name in index else share for name, share in zip(names, mix, strict=True)])
    total = sum(reach[i] for i in index.values())
    found = {}
    for name, i in index.items():
        entry = unnamed * (reach[i] / total if total > 0 else 1 / len(index))
        entry[i] += mix[i]
        if entry.sum() <= 0:
            entry[i] = 1.0
        found[name] = entry / entry.sum()
    return found


def _warm_up_days(table: IntervalTable) -> int:
    return 7 if table.n_days >= 7 else 1


def _days(table: IntervalTable, values: Floats, warm: int) -> Floats:
    """(days, intervals) with the warm-up days before: the same weekdays of the first week, or the first day."""
    return np.concatenate([values[:warm], values])


def _stream(config: Configuration, table: IntervalTable, fit: Fitted, name: str, warm: int) -> Stream:
    i = table.channels.index(name)
    offered = np.nan_to_num(_days(table, table.offered[i], warm))
    mix = entry_mixes(config, table)[name]
    if config.data.volumes == "first_contacts":
        own = mix[config.open_channels.index(name)]
        rates = offered / (own if own > 0 else 1.0)
    else:
        rates = offered * np.array(fit.demand[name])
    first = {channel: float(share) for channel, share in zip(config.open_channels, mix, strict=True) if share > 0}
    # Recorded counts are not means: drawing Poisson counts around them would double the noise they already contain.
    return Stream(rates=_factors(table, rates), first_channel=first, count="fixed")


def _pool(config: Configuration, table: IntervalTable, name: str, warm: int, peak: float | None) -> Pool:
    pool = config.staffing[name]
    named = [channel for channel in pool.serves if channel in table.channels]
    if not named:
        return pool
    agents = np.sum([_agents(table, channel) for channel in named], axis=0)
    counts = _days(table, agents, warm)
    if peak is not None and counts.max() > 0:
        counts = counts * (peak / counts.max())
    said, counted = config.data.agents, _factors(table, counts)
    return pool.model_copy(
        update={"agents": 0.0, "shifts": (), "weekday": FrozenDict(), "counts": counted, "said": said}
    )


def _factors(table: IntervalTable, values: Floats) -> Factors:
    """(days, intervals) as a parameter; not validated, there may be a hundred thousand."""
    return Factors.model_construct(interval=float(table.interval), values=tuple(values.ravel().tolist()))


def _agents(table: IntervalTable, name: str) -> Floats:
    """Agents by day and interval; where the file leaves them blank, the mean of the same interval on other days."""
    i = table.channels.index(name)
    agents, asked = table.agents[i].copy(), ~np.isnan(table.offered[i])
    filled = np.nansum(agents, axis=0) / np.maximum((~np.isnan(agents)).sum(axis=0), 1)
    blank = np.isnan(agents) & asked
    if blank.any() and not (~np.isnan(agents)).any():
        raise InputError(Problem(f"{table.path.name}, agents", f"channel {name} has no number at all"))
    agents[blank] = np.broadcast_to(filled, agents.shape)[blank]
    return np.asarray(np.nan_to_num(agents))


def _channel(config: Configuration, table: IntervalTable, fit: Fitted, name: str, warm: int) -> AnyChannel:
    channel = config.channels[name]
    if name not in table.channels:
        return channel
    where = f"{table.path.name}, channel {name}"
    if not isinstance(channel, Queued):
        raise InputError(Problem(where, "is self-service here; volumes are of channels with agents"))
    if not any(name in pool.serves for pool in config.staffing.values()):
        raise InputError(Problem(where, "no agent group serves it"))
    i = table.channels.index(name)
    mean = channel.service.mean_value + (channel.wrap_up.mean_value if channel.wrap_up else 0.0)
    aht = _days(table, table.aht[i], warm)
    factor = np.where(np.isnan(aht), table.weighted_aht(name), aht) / mean * fit.handle[name]
    update = {
        "hours": _hours(table, i),
        "service_factors": _factors(table, factor),
    }
    patience = getattr(channel, PATIENCE_FIELD[channel.kind])
    if patience is not None:
        update[PATIENCE_FIELD[channel.kind]] = patience.scaled(fit.patience[name])
    if channel.target is None:
        update["target"] = Target()
    return channel.model_copy(update=update)


def _hours(table: IntervalTable, i: int) -> Spans:
    """Opening hours by weekday: from the first to the end of the last interval that ever has a row."""
    spans = []
    for weekday in range(7):
        days = [d for d in range(table.n_days) if (table.first_day.weekday() + d) % 7 == weekday]
        rows = np.flatnonzero((~np.isnan(table.offered[i, days])).any(axis=0)) if days else np.array([])
        if rows.size:
            start = weekday * DAY
            spans.append((start + float(rows[0]) * table.interval, start + float(rows[-1] + 1) * table.interval))
    return tuple(spans)

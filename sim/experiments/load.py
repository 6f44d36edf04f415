"""Offered load before anything is simulated: which agent groups are asked for more than they can give.

Comes in: a configuration. Goes out: warnings with the load. Visits come from the absorbing chain of journeys in which
everyone is served (`sim.theory`), so that abandonment, which hides an overload, does not hide it here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..chance.arrivals import Arrivals
from ..chance.rosters import Roster
from ..engine.tables import Tables, tables_of
from ..model.centre import Configuration
from ..model.channels import Queued
from ..model.outcomes import Outcome
from ..model.units import DAY, HOUR

Floats = NDArray[np.float64]


def overload_warnings(config: Configuration) -> Iterator[str]:
    """One text for each set of agent groups (joined by channels they share) whose load reaches 1."""
    hours = offered_hours(config)
    for pools, channels in _sets(config):
        staffed = sum(_net_hours(config, pool) for pool in pools)
        asked = sum(hours[channel] for channel in channels)
        if asked == 0 or (staffed > 0 and asked / staffed < 1):
            continue
        load = f"load {asked / staffed:.2f}" if staffed > 0 else "no agent on duty"
        endless = [name for name in channels if _patience(config, name) is None]
        then = f"unstable: {', '.join(endless)} without patience, waits grow without end" if endless else "many will leave"
        yield (
            f"staffing {', '.join(pools)}: {load} in the measured window ({asked:,.0f} hours asked of "
            f"{staffed:,.0f} on duty, for {', '.join(channels)}); {then}"
        )


def offered_hours(config: Configuration) -> dict[str, float]:
    """Agent hours asked for in the measured window, by queued channel, if all contacts are served."""
    tables = tables_of(config)
    visits = first_contacts(config) @ visits_matrix(config, tables)
    found = {}
    for c, name in enumerate(tables.channels):
        channel = config.channels[name]
        if isinstance(channel, Queued):
            handle = channel.service.mean_value + (channel.wrap_up.mean_value if channel.wrap_up else 0.0)
            factor = np.mean(channel.service_factors.values) if channel.service_factors else 1.0
            found[name] = float(visits[c] * handle * factor / HOUR)
    return found


def first_contacts(config: Configuration) -> Floats:
    """Mean first contacts in the measured window by channel."""
    arrivals, run = Arrivals(config, 0, 0), config.run
    days = range(int(run.warm_up // DAY), int(np.ceil((run.warm_up + run.measure) / DAY)))
    total = np.zeros(len(config.open_channels))
    for source in arrivals.sources:
        shares = np.diff(source.segments, prepend=0.0) @ np.diff(source.first_channel, axis=1, prepend=0.0)
        if source.stream.times is not None:
            inside = [t for t in source.stream.times if run.warm_up <= t < run.warm_up + run.measure]
            total += len(inside) * shares
            continue
        for day in days:
            rates = arrivals.rates(source, day)
            starts = day * DAY + np.arange(rates.size) * (DAY / rates.size)
            total += rates[(starts >= run.warm_up) & (starts < run.warm_up + run.measure)].sum() * shares
    return total


def visits_matrix(config: Configuration, tables: Tables) -> Floats:
    """(i, j): expected contacts in channel j of a journey that begins in i, everyone served, first rows for all attempts."""
    size = len(tables.channels)
    moves = np.zeros((size, size))
    for c in range(size):
        failure = float(tables.failure[c].mean())
        handed = config.channels[tables.channels[c]].transfer
        left = getattr(config.channels[tables.channels[c]], "abandonment", 0.0)
        served = 1 - left
        for outcome, share in (
            (Outcome.FAILED, served * failure * (1 - handed)),
            (Outcome.TRANSFERRED, served * failure * handed),
            (Outcome.ABANDONED, left),
        ):
            row = tables.row_of[c, outcome, 0]
            if share > 0 and row >= 0:
                moves[c] += share * tables.rows[row, :size]
    # The limit of 1,000 contacts keeps a chain that never ends finite; it is reported as overload all the same.
    return np.asarray(np.linalg.inv(np.eye(size) - moves * 0.999))


def _sets(config: Configuration) -> Iterator[tuple[list[str], list[str]]]:
    """Pools joined by channels they share, with those channels."""
    left = {p: {c for c in pool.serves if c in config.open_channels} for p, pool in config.staffing.items()}
    while left:
        pools, channels = [next(iter(left))], set(left.pop(next(iter(left))))
        while more := [p for p, served in left.items() if served & channels]:
            for pool in more:
                channels |= left.pop(pool)
                pools.append(pool)
        if channels:
            yield pools, [name for name in config.open_channels if name in channels]


def _net_hours(config: Configuration, name: str) -> float:
    roster, run = Roster(config, name, 0, 0), config.run
    total = 0.0
    for day in range(int(run.warm_up // DAY), int(np.ceil((run.warm_up + run.measure) / DAY))):
        scheduled = roster.scheduled(day)
        starts = day * DAY + np.arange(scheduled.size) * (DAY / scheduled.size)
        inside = (starts >= run.warm_up) & (starts < run.warm_up + run.measure)
        total += float(scheduled[inside].sum() * DAY / scheduled.size / HOUR)
    return total * (1 - roster.pool.shrinkage)


def _patience(config: Configuration, name: str) -> object:
    channel = config.channels[name]
    return getattr(channel, "patience", None) or getattr(channel, "deadline", None)

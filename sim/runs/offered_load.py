"""Offered load before anything is simulated: which agent groups are asked for more than they can give.

Comes in: a configuration. Goes out: warnings with the load. Visits come from the absorbing chain of journeys in which
everyone is served (`sim.theory`), so that abandonment, which hides an overload, does not hide it here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from ..chance.rosters import Roster
from ..chance.streams import Streams
from ..coded.tables import Tables, tables_of
from ..model.centre import Configuration
from ..model.channels import Queued
from ..model.outcomes import Outcome
from ..model.units import DAY, HOUR
from ..rules import numbers

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
        unstable = f"unstable: {', '.join(endless)} without patience, waits grow without end"
        then = unstable if endless else "many will leave"
        yield (
            f"staffing {', '.join(pools)}: {load} in the measured window ({asked:,.0f} hours asked of "
            f"{staffed:,.0f} on duty, for {', '.join(channels)}); {then}"
        )


def offered_hours(config: Configuration) -> dict[str, float]:
    """Agent hours asked for in the measured window, by queued channel, if all contacts are served."""
    tables = tables_of(config)
    without, with_context = first_contacts(config) @ expected_visits(config, tables)
    saved = tables.profiles[:, numbers.TIME_SAVED]
    found = {}
    for c, name in enumerate(tables.channels):
        channel = config.channels[name]
        if isinstance(channel, Queued):
            work = (without[c] + with_context[c] * (1 - saved[c])) * mean_work(config, name)
            found[name] = float(work / most_work(config, tables, c) / HOUR)
    return found


def mean_work(config: Configuration, name: str) -> float:
    """Mean work of a contact without context, s: all its turns, wrap-up, mean factor; reasons by their shares."""
    channel, reasons = config.channels[name], config.customers.reasons
    assert isinstance(channel, Queued)
    work = 0.0
    for reason, spec in reasons.items():
        varied = channel.by_reason.get(reason)
        service = (varied and varied.service) or channel.service
        wrap_up = (varied and varied.wrap_up) or channel.wrap_up
        work += spec.share * (service.mean_value + (wrap_up.mean_value if wrap_up else 0.0))
    factor = float(np.mean(channel.service_factors.values)) if channel.service_factors else 1.0
    customers = config.customers
    harder = math.exp((customers.difficulty_work * customers.difficulty) ** 2 / 2)  # mean of a lognormal factor
    paces = [pool.haste.time * pool.assistance.time for pool in config.staffing.values() if name in pool.serves]
    factor *= harder * float(np.mean(paces or [1.0]))
    return work / sum(spec.share for spec in reasons.values()) * factor / (1 - channel.turns.probability)


def most_work(config: Configuration, tables: Tables, channel: int) -> float:
    """Work per second of an agent who holds as many contacts of the channel as may be; the slowest group's."""
    desks = tables.desks
    serving = [p for p in range(desks.capacity.size) if desks.units[p, channel] > 0]
    held = {p: int(desks.capacity[p] // desks.units[p, channel]) for p in serving}
    return min((desks.speeds[p][most - 1] for p, most in held.items()), default=1.0)


def first_contacts(config: Configuration) -> Floats:
    """Mean first contacts in the measured window by channel."""
    streams, run = Streams(config), config.run
    days = range(int(run.warm_up // DAY), int(np.ceil((run.warm_up + run.measure) / DAY)))
    total = np.zeros(len(config.open_channels))
    for source in streams.sources:
        weights = np.diff(source.segments, prepend=0.0) @ np.diff(source.first_channel, axis=1, prepend=0.0)
        if source.stream.times is not None:
            inside = [t for t in source.stream.times if run.warm_up <= t < run.warm_up + run.measure]
            total += len(inside) * weights
            continue
        for day in days:
            rates = streams.rates_by_channel(source, day)
            starts = (day + np.arange(rates.shape[1]) / rates.shape[1]) * DAY
            inside_window = (starts >= run.warm_up) & (starts < run.warm_up + run.measure)
            total += rates[:, inside_window].sum(axis=1) * weights
    return total


def expected_visits(config: Configuration, tables: Tables, leaving: Mapping[str, float] | None = None) -> Floats:
    """(2, i, j): contacts in channel j, without and with context, of a journey that begins in channel i.

    The share `leaving` gives up waiting, by channel; elsewhere everyone is served. The rows of the first attempt hold
    throughout.
    """
    size = len(tables.channels)
    hops, moves = tables.hops, np.zeros((2, size, 2, size))
    for context in (0, 1):
        for c in range(size):
            profiles = tables.profiles[tables.profile_of[c].ravel()]
            left = max(0.0, profiles[0, numbers.ABANDONMENT]) + (leaving or {}).get(tables.channels[c], 0.0)
            helpless, pushed, failure = (1 - left) * _unsolved(profiles, bool(context))
            handed = profiles[0, numbers.TRANSFER]
            failed, transferred = helpless + failure * (1 - handed), failure * handed
            gone = Outcome.UNANSWERED if tables.kind[c] == "deferred" else Outcome.ABANDONED
            shares = ((Outcome.FAILED, failed), (Outcome.TRANSFERRED, transferred), (gone, left))
            steps_on = [(int(hops.row_of[c, outcome, 0]), share) for outcome, share in shares if share > 0]
            if pushed > 0:
                steps_on.append((int(hops.deflection_row[c]), pushed))
            for number, share in steps_on:
                row, carried = share * hops.rows[number, :size], hops.carries[number]
                moves[context, c, 0] += row * (1 - carried)
                moves[context, c, 1] += row * carried
    # The limit of 1,000 contacts keeps a chain that never ends finite; it is reported as overload all the same.
    visits = np.linalg.inv(np.eye(2 * size) - 0.999 * moves.reshape(2 * size, 2 * size))
    return np.asarray(visits[:size].reshape(size, 2, size).transpose(1, 0, 2))


def _unsolved(profiles: Floats, context: bool) -> Floats:
    """(3,): shares of served contacts that lack authority, are pushed elsewhere, fail; in the order of the draws
    (`sim.rules.service`), means over profiles. Agent groups that differ in authority count as having it."""
    helpless = profiles[:, numbers.NEEDS] * (1 - profiles[:, numbers.AUTHORITY])
    pushed = (1 - helpless) * np.maximum(0.0, profiles[:, numbers.DEFLECT])
    removed = profiles[:, numbers.REMOVED] if context else 0.0
    failed = (1 - helpless - pushed) * profiles[:, numbers.FAILURE] * (1 - removed)
    return np.array([helpless.mean(), pushed.mean(), failed.mean()])


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

"""Waiting lines and who serves them: skills by channel and reason, preferences, ranks, capacity in whole units.

Comes in: a checked configuration. Goes out: `Desks`: first-come classes (lines), the pools that take each (channel,
reason) at once, in sets of equal preference, and what each pool is offered.

Capacity: an agent of pool p has `capacity[p]` units and a contact of channel c takes `units[p][c]` of them. The units
are the smallest whole numbers that say the concurrencies: with 1 call, 3 chats or 2 e-mails at a time an agent has 6,
a call takes 6, a chat 2, an e-mail 3. So concurrency and blending are one mechanism.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from ..model.centre import Configuration
from ..model.channels import DeferredChannel, Queued
from ..model.people import Pool

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LAST_CHOICE = 10**6
"""preference of a pool that a channel's `prefer` does not name"""


@dataclass(frozen=True)
class Desks:
    """Indexed by channel c, segment s, reason r, handed on t (0 or 1), pool p, line l."""

    line_of: Ints
    """(c, s, r, t) -> waiting line"""
    line_channel: Ints
    line_priority: Floats
    tiers: tuple[tuple[tuple[tuple[int, ...], ...], ...], ...]
    """[c][r]: sets of pools of equal preference, in order, that take a contact as soon as it comes"""
    helpers: tuple[tuple[tuple[tuple[float, tuple[tuple[int, ...], ...]], ...], ...], ...]
    """[c][r]: (wait, sets of pools of equal preference that help out after it), the shortest wait first"""
    pool_offers: tuple[Floats, ...]
    """by pool: (lines that it serves, columns of rules.choose_line)"""
    capacity: Ints
    """(p) units of an agent"""
    units: Ints
    """(p, c) units that a contact takes; 0 where the pool does not serve the channel"""
    speeds: tuple[tuple[float, ...], ...]
    """by pool: total work per second with 1, 2, ... open contacts, as many as an agent can hold"""
    reserve: Ints
    rank: Ints
    """(p) place among the names in alphabetical order: it settles ties between pools"""


def desks_of(config: Configuration) -> Desks:
    """Lines and pools of a configuration."""
    names, pools = config.open_channels, tuple(config.staffing.values())
    capacity, units = capacity_units(config)
    reasons = tuple(config.customers.reasons)
    line_of, channel_of, score_of, taken_by = _lines(config)
    offers = []
    for p, pool in enumerate(pools):
        served = [line for line, takers in enumerate(taken_by) if p in takers]
        rows = [
            (
                line,
                pool.serves[names[channel_of[line]]],
                score_of[line],
                pool.overflow.get(names[channel_of[line]], 0.0),
                units[p, channel_of[line]],
                isinstance(config.channels[names[channel_of[line]]], DeferredChannel),
            )
            for line in served
        ]
        offers.append(np.array(rows, dtype=float).reshape(-1, 6))
    return Desks(
        line_of=line_of,
        line_channel=np.array(channel_of, dtype=np.int64),
        line_priority=np.array(score_of),
        tiers=tuple(tuple(_tiers(config, name, reason) for reason in reasons) for name in names),
        helpers=tuple(tuple(_helpers(config, name, reason) for reason in reasons) for name in names),
        pool_offers=tuple(offers),
        capacity=capacity,
        units=units,
        speeds=tuple(_speeds(pool, int(capacity[p]), units[p]) for p, pool in enumerate(pools)),
        reserve=np.array([pool.reserve for pool in pools], dtype=np.int64),
        rank=np.argsort(np.argsort(list(config.staffing))) if pools else np.zeros(0, dtype=np.int64),
    )


def _takers(config: Configuration, channel: str, reason: str) -> tuple[int, ...]:
    """Pools that serve the channel and the reason."""
    return tuple(
        p
        for p, pool in enumerate(config.staffing.values())
        if channel in pool.serves and (not pool.reasons or reason in pool.reasons)
    )


def _lines(config: Configuration) -> tuple[Ints, list[int], list[float], list[tuple[int, ...]]]:
    """First-come classes: one line for each channel, base score and set of pools that may take it."""
    names, customers, bonus = config.open_channels, config.customers, config.routing.transfer_bonus
    shape = (len(names), len(customers.segments), len(customers.reasons), 2)
    line_of = np.full(shape, -1, dtype=np.int64)
    numbers: dict[tuple[int, float, tuple[int, ...]], int] = {}
    for c, name in enumerate(names):
        for s, segment in enumerate(customers.segments.values()):
            for r, (reason_name, reason) in enumerate(customers.reasons.items()):
                score = config.channels[name].priority + segment.priority + reason.priority
                takers = _takers(config, name, reason_name)
                line_of[c, s, r, 0] = numbers.setdefault((c, score, takers), len(numbers))
                line_of[c, s, r, 1] = numbers.setdefault((c, score + bonus, takers), len(numbers))
    return line_of, [c for c, _, _ in numbers], [score for _, score, _ in numbers], [t for _, _, t in numbers]


def _tiers(config: Configuration, name: str, reason: str) -> tuple[tuple[int, ...], ...]:
    """Sets of pools of equal preference that take a contact at once."""
    if not isinstance(config.channels[name], Queued):
        return ()
    waits = _waits(config, name, reason)
    return _preferred(config, name, [p for p, wait in waits.items() if wait <= 0])


def _helpers(config: Configuration, name: str, reason: str) -> tuple[tuple[float, tuple[tuple[int, ...], ...]], ...]:
    """The pools that help out, by the wait after which they do."""
    waits = _waits(config, name, reason)
    longer = sorted({wait for wait in waits.values() if wait > 0})
    return tuple((wait, _preferred(config, name, [p for p in waits if waits[p] == wait])) for wait in longer)


def _waits(config: Configuration, name: str, reason: str) -> dict[int, float]:
    """Of each pool that serves the channel and the reason: the wait after which it does, s."""
    pools = tuple(config.staffing.values())
    return {p: pools[p].overflow.get(name, 0.0) for p in _takers(config, name, reason)}


def _preferred(config: Configuration, name: str, takers: list[int]) -> tuple[tuple[int, ...], ...]:
    """Pools in sets of equal preference, the first choice first."""
    channel, pools = config.channels[name], tuple(config.staffing)
    assert isinstance(channel, Queued)
    ranks = {p: channel.prefer.get(pools[p], LAST_CHOICE if channel.prefer else 0) for p in takers}
    return tuple(tuple(p for p in takers if ranks[p] == rank) for rank in sorted(set(ranks.values())))


def capacity_units(config: Configuration) -> tuple[Ints, Ints]:
    """Units of an agent by pool, and units that a contact takes by pool and channel; 0 where it is not served."""
    names = config.open_channels
    capacity = np.ones(len(config.staffing), dtype=np.int64)
    units = np.zeros((len(config.staffing), len(names)), dtype=np.int64)
    for p, pool in enumerate(config.staffing.values()):
        held = {}
        for c, name in enumerate(names):
            channel = config.channels[name]
            if name in pool.serves and isinstance(channel, Queued):
                held[c] = pool.concurrency.get(name, channel.concurrency)
        capacity[p] = lcm(*held.values()) if held else 1
        for c, most in held.items():
            units[p, c] = capacity[p] // most
    return capacity, units


def _speeds(pool: Pool, capacity: int, units: Ints) -> tuple[float, ...]:
    most = max((capacity // int(each) for each in units if each > 0), default=1)
    if pool.slowdown is not None:
        return tuple(n / (1 + pool.slowdown * (n - 1)) for n in range(1, most + 1))
    return tuple(pool.speeds[min(n, len(pool.speeds)) - 1] for n in range(1, most + 1))

"""Waiting lines and who serves them: skills by channel and reason, preferences, ranks, capacity in whole units.

Comes in: a checked configuration. Goes out: `Desks`: first-come classes (lines), the pools that take each (channel,
reason) at once, in sets of equal preference, and what each pool is offered.

Capacity: an agent of pool p has `capacity[p]` units and a contact of channel c takes `units[p][c]` of them. The units
are the smallest whole numbers that say the concurrencies: with 1 call, 3 chats or 2 e-mails at a time an agent has 6,
a call takes 6, a chat 2, an e-mail 3. So concurrency and blending are one mechanism.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import lcm
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..chance.sections import made_of
from ..model.centre import Configuration
from ..model.channels import DeferredChannel, Queued
from ..model.people import Pool
from ..rules.decisions import OFFER_COLUMNS

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")
Nested = tuple[tuple[tuple[T, ...], ...], ...]
LAST_CHOICE = 10**6
"""preference of a pool that a channel's `prefer` does not name"""


@dataclass(frozen=True)
class Desks:
    """Indexed by channel c, segment s, reason r, handed on t (0 or 1), pool p, line l."""

    line_of: Ints
    """(c, s, r, t) -> waiting line"""
    line_channel: Ints
    line_priority: Floats
    takers: Ints
    """(k, 4): channel, reason, pool, and the number of the set of pools of equal preference that it belongs to. Sorted:
    by channel and reason, then sets in the order in which they are asked, then by the pools' ranks"""
    takers_wait: Floats
    """(k) wait after which the set takes a contact, s; 0: as soon as it comes"""
    offers: Floats
    """(lines that a pool serves, pool after pool; columns of rules.choose_line)"""
    first_offer: Ints
    """(p + 1): the offers of pool p are first_offer[p] .. first_offer[p + 1]"""
    capacity: Ints
    """(p) units of an agent"""
    units: Ints
    """(p, c) units that a contact takes; 0 where the pool does not serve the channel"""
    speeds: Floats
    """(p, n): total work per second of an agent with n + 1 open contacts; beyond what it can hold, the last"""
    shares: Bools
    """(p) agents hold several contacts, or work at another speed than 1"""
    reserve: Ints
    rank: Ints
    """(p) place among the names in alphabetical order: it settles ties between pools"""

    @property
    def tiers(self) -> Nested[tuple[int, ...]]:
        """[c][r]: sets of pools of equal preference, in order, that take a contact as soon as it comes."""
        return self._by_channel(lambda sets: tuple(pools for wait, pools in sets if wait <= 0))

    @property
    def helpers(self) -> Nested[tuple[float, tuple[tuple[int, ...], ...]]]:
        """[c][r]: (wait, sets of pools of equal preference that help out after it), the shortest wait first."""

        def helping(sets: list[tuple[float, tuple[int, ...]]]) -> tuple[tuple[float, tuple[tuple[int, ...], ...]], ...]:
            """The sets that help out, by the wait after which they do."""
            waits = sorted({wait for wait, _ in sets if wait > 0})
            return tuple((wait, tuple(pools for after, pools in sets if after == wait)) for wait in waits)

        return self._by_channel(helping)

    def _by_channel(self, read: Callable[[list[tuple[float, tuple[int, ...]]]], tuple[T, ...]]) -> Nested[T]:
        """What `read` makes of the (wait, pools) of each set, by channel and reason."""
        channels, _, reasons, _ = self.line_of.shape
        sets: list[list[dict[int, tuple[float, tuple[int, ...]]]]] = [
            [{} for _ in range(reasons)] for _ in range(channels)
        ]
        for (c, r, pool, number), wait in zip(self.takers.tolist(), self.takers_wait.tolist(), strict=True):
            _, pools = sets[c][r].get(number, (wait, ()))
            sets[c][r][number] = wait, (*pools, pool)
        return tuple(tuple(read(list(of_reason.values())) for of_reason in of_channel) for of_channel in sets)

    def offers_of(self, pool: int) -> Floats:
        """The lines that a pool serves, a row each."""
        return self.offers[self.first_offer[pool] : self.first_offer[pool + 1]]


@made_of("channels", "customers", "staffing", "routing")
def desks_of(config: Configuration) -> Desks:
    """Lines and pools of a configuration."""
    names, pools = config.open_channels, tuple(config.staffing.values())
    capacity, units = capacity_units(config)
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
                _ageing(config, names[channel_of[line]]) / 60,
            )
            for line in served
        ]
        offers.append(np.array(rows, dtype=float).reshape(-1, OFFER_COLUMNS))
    speeds, takers = _speeds(pools, capacity, units), list(_sets(config))
    return Desks(
        line_of=line_of,
        line_channel=np.array(channel_of, dtype=np.int64),
        line_priority=np.array(score_of),
        takers=np.array([row[:4] for row in takers], dtype=np.int64).reshape(-1, 4),
        takers_wait=np.array([row[4] for row in takers], dtype=float),
        offers=np.concatenate([np.zeros((0, OFFER_COLUMNS)), *offers]),
        first_offer=np.cumsum([0, *(len(rows) for rows in offers)]),
        capacity=capacity,
        units=units,
        speeds=speeds,
        shares=(capacity > 1) | (speeds[:, 0] != 1.0),
        reserve=np.array([pool.reserve for pool in pools], dtype=np.int64),
        rank=np.argsort(np.argsort(list(config.staffing))) if pools else np.zeros(0, dtype=np.int64),
    )


def _ageing(config: Configuration, channel: str) -> float:
    """Score that a contact of the channel gains per minute of waiting."""
    own = getattr(config.channels[channel], "ageing_per_minute", None)
    return float(config.routing.ageing_per_minute if own is None else own)


def _bonus(config: Configuration, channel: str) -> float:
    """Score of a contact that was handed on to the channel."""
    own = getattr(config.channels[channel], "transfer_bonus", None)
    return float(config.routing.transfer_bonus if own is None else own)


def _takers(config: Configuration, channel: str, reason: str) -> tuple[int, ...]:
    """Pools that serve the channel and the reason."""
    return tuple(
        p
        for p, pool in enumerate(config.staffing.values())
        if channel in pool.serves and (not pool.reasons or reason in pool.reasons)
    )


def _lines(config: Configuration) -> tuple[Ints, list[int], list[float], list[tuple[int, ...]]]:
    """First-come classes: one line for each channel, base score and set of pools that may take it."""
    names, customers = config.open_channels, config.customers
    shape = (len(names), len(customers.segments), len(customers.reasons), 2)
    line_of = np.full(shape, -1, dtype=np.int64)
    numbers: dict[tuple[int, float, tuple[int, ...]], int] = {}
    for c, name in enumerate(names):
        bonus = _bonus(config, name)
        for s, segment in enumerate(customers.segments.values()):
            for r, (reason_name, reason) in enumerate(customers.reasons.items()):
                score = config.channels[name].priority + segment.priority + reason.priority
                takers = _takers(config, name, reason_name)
                line_of[c, s, r, 0] = numbers.setdefault((c, score, takers), len(numbers))
                line_of[c, s, r, 1] = numbers.setdefault((c, score + bonus, takers), len(numbers))
    return line_of, [c for c, _, _ in numbers], [score for _, score, _ in numbers], [t for _, _, t in numbers]


def _sets(config: Configuration) -> Iterator[tuple[int, int, int, int, float]]:
    """(channel, reason, pool, set, wait): pools of equal wait and preference are one set, the shortest wait first."""
    rank, number = sorted(config.staffing), 0
    for c, name in enumerate(config.open_channels):
        for r, reason in enumerate(config.customers.reasons if isinstance(config.channels[name], Queued) else ()):
            waits = _waits(config, name, reason)
            for wait in sorted(set(waits.values())):
                for pools in _preferred(config, name, [p for p in waits if waits[p] == wait]):
                    for pool in sorted(pools, key=lambda p: rank.index(tuple(config.staffing)[p])):
                        yield c, r, pool, number, wait
                    number += 1


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


def _speeds(pools: tuple[Pool, ...], capacity: Ints, units: Ints) -> Floats:
    """Total work per second by pool and number of open contacts, as many as any agent can hold."""
    most = int(max((capacity[p] // units[p, c] for p, c in np.argwhere(units > 0)), default=1))
    table = np.ones((len(pools), most))
    for p, pool in enumerate(pools):
        mine = max((int(capacity[p] // each) for each in units[p] if each > 0), default=1)
        for n in range(1, most + 1):
            table[p, n - 1] = _speed(pool, min(n, mine))
    return table


def _speed(pool: Pool, n: int) -> float:
    """Total work per second of an agent with n open contacts."""
    if pool.slowdown is not None:
        return n / (1 + pool.slowdown * (n - 1))
    return pool.speeds[min(n, len(pool.speeds)) - 1]

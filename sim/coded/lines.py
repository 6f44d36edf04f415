"""Waiting lines and who serves them: skills by channel and reason, preferences, ranks, capacity in whole units.

Comes in: a checked configuration. Goes out: `Desks`: first-come classes (lines), the pools that take each (channel,
reason) at once, in sets of equal preference, and what each pool is offered.

Capacity: an agent of pool p has `capacity[p]` units and a contact of channel c takes `units[p][c]` of them. The units
are the smallest whole numbers that say the concurrencies: with 1 call, 3 chats or 2 e-mails at a time an agent has 6,
a call takes 6, a chat 2, an e-mail 3. So concurrency and blending are one mechanism.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import lcm
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..chance.sections import made_of
from ..model.centre import Configuration
from ..model.channels import AnyChannel, DeferredChannel, Queued
from ..model.journeys import Routing
from ..model.people import Customers
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


class Lane(NamedTuple):
    """What of an open channel says who waits in which line, and who serves it."""

    name: str
    priority: float
    queued: bool
    deferred: bool
    concurrency: int
    prefer: Mapping[str, int]
    ageing: float
    """score that a contact gains per minute of waiting"""
    bonus: float
    """score of a contact that was handed on to the channel"""

    @classmethod
    def of(cls, name: str, channel: AnyChannel, routing: Routing) -> Lane:
        """That of a channel."""
        ageing, bonus = (getattr(channel, key, None) for key in ("ageing_per_minute", "transfer_bonus"))
        queued, deferred = isinstance(channel, Queued), isinstance(channel, DeferredChannel)
        prefer = channel.prefer if isinstance(channel, Queued) else {}
        ageing = float(routing.ageing_per_minute if ageing is None else ageing)
        bonus = float(routing.transfer_bonus if bonus is None else bonus)
        return cls(name, channel.priority, queued, deferred, _concurrency(channel), prefer, ageing, bonus)


class Skills(NamedTuple):
    """What of an agent group says whom it serves, and how many at a time; whatever its size."""

    name: str
    serves: Mapping[str, int]
    reasons: tuple[str, ...]
    overflow: Mapping[str, float]
    concurrency: Mapping[str, int]
    reserve: int
    slowdown: float | None
    speeds: tuple[float, ...]


Lanes: TypeAlias = "tuple[Lane, ...]"
Groups: TypeAlias = "tuple[Skills, ...]"


def _lanes(config: Configuration) -> Lanes:
    return tuple(Lane.of(name, config.channels[name], config.routing) for name in config.open_channels)


def _groups(config: Configuration) -> Groups:
    return tuple(
        Skills(name, p.serves, p.reasons, p.overflow, p.concurrency, p.reserve, p.slowdown, p.speeds)
        for name, p in config.staffing.items()
    )


def desks_of(config: Configuration) -> Desks:
    """Lines and pools of a configuration."""
    return _desks(config, _lanes(config), _groups(config))


@made_of("customers")
def _desks(config: Configuration, lanes: Lanes, groups: Groups) -> Desks:
    capacity, units = _units({lane.name: lane.concurrency for lane in lanes}, groups)
    line_of, channel_of, score_of, taken_by = _lines(config.customers, lanes, groups)
    offers = []
    for p, group in enumerate(groups):
        served = [(line, lanes[channel_of[line]]) for line, takers in enumerate(taken_by) if p in takers]
        rows = [
            (
                line,
                group.serves[lane.name],
                score_of[line],
                group.overflow.get(lane.name, 0.0),
                units[p, channel_of[line]],
                lane.deferred,
                lane.ageing / 60,
            )
            for line, lane in served
        ]
        offers.append(np.array(rows, dtype=float).reshape(-1, OFFER_COLUMNS))
    speeds, takers = _speeds(groups, capacity, units), list(_sets(tuple(config.customers.reasons), lanes, groups))
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
        reserve=np.array([group.reserve for group in groups], dtype=np.int64),
        rank=np.argsort(np.argsort([group.name for group in groups])) if groups else np.zeros(0, dtype=np.int64),
    )


def _takers(groups: Groups, channel: str, reason: str) -> tuple[int, ...]:
    """Pools that serve the channel and the reason."""
    return tuple(
        p
        for p, group in enumerate(groups)
        if channel in group.serves and (not group.reasons or reason in group.reasons)
    )


def _lines(
    customers: Customers, lanes: Lanes, groups: Groups
) -> tuple[Ints, list[int], list[float], list[tuple[int, ...]]]:
    """First-come classes: one line for each channel, base score and set of pools that may take it."""
    line_of = np.full((len(lanes), len(customers.segments), len(customers.reasons), 2), -1, dtype=np.int64)
    numbers: dict[tuple[int, float, tuple[int, ...]], int] = {}
    for c, lane in enumerate(lanes):
        for s, segment in enumerate(customers.segments.values()):
            for r, (reason_name, reason) in enumerate(customers.reasons.items()):
                score = lane.priority + segment.priority + reason.priority
                takers = _takers(groups, lane.name, reason_name)
                line_of[c, s, r, 0] = numbers.setdefault((c, score, takers), len(numbers))
                line_of[c, s, r, 1] = numbers.setdefault((c, score + lane.bonus, takers), len(numbers))
    return line_of, [c for c, _, _ in numbers], [score for _, score, _ in numbers], [t for _, _, t in numbers]


def _sets(reasons: tuple[str, ...], lanes: Lanes, groups: Groups) -> Iterator[tuple[int, int, int, int, float]]:
    """(channel, reason, pool, set, wait): pools of equal wait and preference are one set, the shortest wait first."""
    number = 0
    for c, lane in enumerate(lanes):
        for r, reason in enumerate(reasons if lane.queued else ()):
            waits = {p: groups[p].overflow.get(lane.name, 0.0) for p in _takers(groups, lane.name, reason)}
            for wait in sorted(set(waits.values())):
                for pools in _preferred(lane, groups, [p for p in waits if waits[p] == wait]):
                    for pool in sorted(pools, key=lambda p: groups[p].name):
                        yield c, r, pool, number, wait
                    number += 1


def _preferred(lane: Lane, groups: Groups, takers: list[int]) -> tuple[tuple[int, ...], ...]:
    """Pools in sets of equal preference, the first choice first."""
    ranks = {p: lane.prefer.get(groups[p].name, LAST_CHOICE if lane.prefer else 0) for p in takers}
    return tuple(tuple(p for p in takers if ranks[p] == rank) for rank in sorted(set(ranks.values())))


def capacity_units(config: Configuration) -> tuple[Ints, Ints]:
    """Units of an agent by pool, and units that a contact takes by pool and channel; 0 where it is not served."""
    return _units({name: _concurrency(config.channels[name]) for name in config.open_channels}, _groups(config))


def _concurrency(channel: AnyChannel) -> int:
    """Contacts that an agent works on at a time; none of self-service."""
    return channel.concurrency if isinstance(channel, Queued) else 0


def _units(concurrency: Mapping[str, int], groups: Groups) -> tuple[Ints, Ints]:
    capacity = np.ones(len(groups), dtype=np.int64)
    units = np.zeros((len(groups), len(concurrency)), dtype=np.int64)
    for p, group in enumerate(groups):
        held = {
            c: group.concurrency.get(name, most)
            for c, (name, most) in enumerate(concurrency.items())
            if most and name in group.serves
        }
        capacity[p] = lcm(*held.values()) if held else 1
        for c, most in held.items():
            units[p, c] = capacity[p] // most
    return capacity, units


def _speeds(groups: Groups, capacity: Ints, units: Ints) -> Floats:
    """Total work per second by pool and number of open contacts, as many as any agent can hold."""
    most = int(max((capacity[p] // units[p, c] for p, c in np.argwhere(units > 0)), default=1))
    table = np.ones((len(groups), most))
    for p, group in enumerate(groups):
        mine = max((int(capacity[p] // each) for each in units[p] if each > 0), default=1)
        for n in range(1, most + 1):
            table[p, n - 1] = _speed(group, min(n, mine))
    return table


def _speed(group: Skills, n: int) -> float:
    """Total work per second of an agent with n open contacts."""
    if group.slowdown is not None:
        return n / (1 + group.slowdown * (n - 1))
    return group.speeds[min(n, len(group.speeds)) - 1]

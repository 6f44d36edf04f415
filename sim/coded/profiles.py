"""Profiles: a channel as one segment, reason and agent group see it, as a row of numbers that the steps read.

Comes in: a checked configuration. Goes out: the table of profiles, which profile each (channel, segment, reason) has on
arrival, which it becomes in the hands of each agent group, and the book of all laws of channels. The first rows are the
channels themselves, without any variation.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..chance.sections import made_of
from ..model.centre import Configuration
from ..model.channels import AnyChannel, DeferredChannel, Factors, LiveChannel, Queued, SelfService
from ..model.journeys import Integration
from ..model.laws import Law
from ..model.mechanisms import PatienceLaw, Variation
from ..model.people import Pool
from ..rules import numbers
from .laws import LawBook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REDIAL_MODES = {"fresh": numbers.FRESH, "same": numbers.SAME, "remaining": numbers.REMAINING}


class Varied(NamedTuple):
    """A variation, or one of several."""

    session: Law | None = None
    service: Law | None = None
    wrap_up: Law | None = None
    patience: PatienceLaw | None = None
    deadline: PatienceLaw | None = None
    failure: float | None = None

    def and_then(self, other: Variation | None) -> Varied:
        """Both: what the other says wins."""
        if other is None:
            return self
        both: Any = ((mine, getattr(other, name)) for mine, name in zip(self, self._fields, strict=True))
        return Varied(*(mine if new is None else new for mine, new in both))


class Hands(NamedTuple):
    """What an agent group makes of a contact; by default nothing."""

    authority: float = 1.0
    time: float = 1.0
    """factor on it, and on the odds of failure; and on these odds for each session beside"""
    failure_odds: float = 1.0
    attention: float = 1.0

    @classmethod
    def of(cls, pool: Pool) -> Hands:
        """Those of an agent group."""
        haste, assistance = pool.haste, pool.assistance
        odds = haste.failure_odds * assistance.failure_odds
        return cls(pool.authority, haste.time * assistance.time, odds, pool.attention)


class Group(NamedTuple):
    """An agent group, whatever its size."""

    name: str
    serves: tuple[str, ...]
    hands: Hands


NOBODY, PLAIN = Hands(), Varied()


def profiles_of(config: Configuration) -> Profiles:
    """The profiles of a configuration."""
    groups = (Group(name, tuple(pool.serves), Hands.of(pool)) for name, pool in config.staffing.items())
    return _profiles(config, tuple(groups))


@made_of("channels", "customers")
def _profiles(config: Configuration, groups: tuple[Group, ...]) -> Profiles:
    return Profiles(config, groups)


class Profiles:
    """All profiles of a centre, each different one once."""

    def __init__(self, config: Configuration, groups: tuple[Group, ...]) -> None:
        self.config, self.groups, self.names = config, groups, config.open_channels
        self.book = LawBook()
        self.factors: list[float] = []
        self.first_factor: dict[int, int] = {}
        self.rows: list[list[float]] = []
        self.channel: list[int] = []
        """of each row"""
        self.known: dict[Any, int] = {}
        """the number of a row, by what it is made of, and by what it is"""
        self.plain = [self._of_channel(config.channels[name], name) for name in self.names]
        for c in range(len(self.names)):
            self._number(c, PLAIN, 0.0, NOBODY)
        customers = config.customers
        self.of = np.zeros((len(self.names), len(customers.segments), len(customers.reasons)), dtype=np.int64)
        self.matters = [False] * len(self.names)
        """by channel: whether the agent group that answers changes anything"""
        self.by_pool: list[dict[int, int]] = [{} for _ in groups]
        for c, name in enumerate(self.names):
            for s, segment in enumerate(customers.segments):
                for r, reason in enumerate(customers.reasons):
                    self.of[c, s, r] = self._place(c, config.channels[name], segment, reason)
        self.balk_law = np.array([self._balk_law(config.channels[name]) for name in self.names], dtype=np.int64)
        self.in_the_hands_of_pools = self._in_the_hands_of_pools()

    def table(self, integration: Integration) -> Floats:
        """(profiles, columns of sim.rules.numbers)"""
        table, channel, specs = np.array(self.rows, dtype=float), np.array(self.channel), self.config.channels
        by_channel = [
            (
                integration.time_saved_by_channel.get(name, integration.time_saved),
                integration.failures_removed_by_channel.get(name, integration.failures_removed),
                0.0 if isinstance(specs[name], SelfService) else integration.reading,
            )
            for name in self.names
        ]
        table[:, [numbers.TIME_SAVED, numbers.REMOVED, numbers.READING]] = np.array(by_channel)[channel]
        return table

    def _in_the_hands_of_pools(self) -> Ints:
        """(p, profile) -> profile once an agent of pool p has answered; the same where the pool changes nothing."""
        table = np.tile(np.arange(len(self.rows), dtype=np.int64), (len(self.by_pool), 1))
        for pool, changed in enumerate(self.by_pool):
            table[pool, list(changed)] = list(changed.values())
        return table

    def _place(self, c: int, channel: AnyChannel, segment: str, reason: str) -> int:
        """The profile of (channel, segment, reason), and what each pool that serves the channel makes of it."""
        varied = PLAIN.and_then(channel.by_segment.get(segment)).and_then(channel.by_reason.get(reason))
        needs = self.config.customers.reasons[reason].needs_authority
        mine = self._number(c, varied, needs, NOBODY)
        if not isinstance(channel, Queued):
            return mine
        found = {
            p: self._number(c, varied.and_then(channel.by_pool.get(group.name)), needs, group.hands)
            for p, group in enumerate(self.groups)
            if self.names[c] in group.serves
        }
        if len(set(found.values())) == 1:  # whoever answers: known on arrival
            mine = next(iter(found.values()))
        for p, number in found.items():
            self.by_pool[p][mine] = number
        self.matters[c] = self.matters[c] or len(set(found.values())) > 1
        return mine

    def _number(self, c: int, varied: Varied, needs: float, hands: Hands) -> int:
        """The number of a profile; most are asked for again and again."""
        parts = (c, *map(id, varied), needs, hands)
        if parts not in self.known:
            row = self._row(c, varied, needs, hands)
            number = self.known.setdefault((c, *row), len(self.rows))
            if number == len(self.rows):
                self.rows.append(row)
                self.channel.append(c)
            self.known[parts] = number
        return self.known[parts]

    def _row(self, c: int, varied: Varied, needs: float, hands: Hands) -> list[float]:
        """A row but for what integration says."""
        channel, row = self.config.channels[self.names[c]], self.plain[c].copy()
        row[numbers.FAILURE] = channel.failure if varied.failure is None else varied.failure
        row[numbers.NEEDS] = needs
        row[numbers.PACE : numbers.ATTENTION + 1] = hands[1:]
        if isinstance(channel, SelfService):
            row[numbers.SERVICE] = self.book.add(varied.session or channel.session)
            return row
        if isinstance(channel, LiveChannel):
            patience = varied.patience or channel.patience
        else:
            assert isinstance(channel, DeferredChannel)
            patience = varied.deadline or channel.deadline
        row[numbers.AUTHORITY] = hands.authority
        row[numbers.SERVICE] = self.book.add(varied.service or channel.service)
        row[numbers.WRAP_UP] = self.book.add(varied.wrap_up or channel.wrap_up)
        row[numbers.PATIENCE] = self.book.add(patience)
        row[numbers.ZERO_SHARE] = 0.0 if patience is None else patience.zero_share
        return row

    def _of_channel(self, channel: AnyChannel, name: str) -> list[float]:
        """What all rows of a channel have in common."""
        customers, row = self.config.customers, [-1.0] * numbers.PROFILE_COLUMNS
        row[numbers.TRANSFER], row[numbers.REOPEN] = channel.transfer, channel.reopen
        row[numbers.REOPEN_DELAY] = self.book.add(channel.reopen_delay)
        row[numbers.JOURNEY_LEG] = 1 << 31 | crc32(name.encode()) >> 1  # above the legs of all contacts
        row[numbers.DIFFICULTY], row[numbers.HARDER_WORK] = customers.difficulty, customers.difficulty_work
        for first, field_name in (
            (numbers.SERVICE_FACTORS, "service_factors"),
            (numbers.PATIENCE_FACTORS, "patience_factors"),
            (numbers.FAILURE_FACTORS, "failure_factors"),
        ):
            row[first : first + 3] = self._factors(getattr(channel, field_name, None))
        if isinstance(channel, SelfService):
            row[numbers.AUTHORITY] = channel.authority
            row[numbers.ABANDONMENT] = channel.abandonment
            row[numbers.ABANDON_AT] = -1.0 if channel.abandonment_at is None else channel.abandonment_at
        else:
            self._queued(row, channel)
        return row

    def _queued(self, row: list[float], channel: AnyChannel) -> None:
        assert isinstance(channel, Queued)
        if isinstance(channel, LiveChannel):
            row[numbers.REDIAL] = REDIAL_MODES[channel.redial_patience]
            row[numbers.SILENT] = channel.silent.share
            row[numbers.DETECTION] = self.book.add(channel.silent.detection)
        else:
            assert isinstance(channel, DeferredChannel)
            row[numbers.REDIAL], row[numbers.SEEN] = numbers.FRESH, channel.seen
        row[numbers.DEFLECT] = 0.0 if channel.deflection is None else channel.deflection.share
        row[numbers.TURN], row[numbers.TURN_DELAY] = channel.turns.probability, self.book.add(channel.turns.delay)

    def _balk_law(self, channel: AnyChannel) -> int:
        """The law of the expected wait that is tolerated, or -1."""
        return self.book.add(channel.balking.threshold if isinstance(channel, LiveChannel) else None)

    def _factors(self, factors: Factors | None) -> tuple[float, float, float]:
        if factors is None:
            return -1.0, -1.0, 0.0
        if id(factors) not in self.first_factor:
            self.first_factor[id(factors)] = len(self.factors)
            self.factors += factors.values
        return factors.interval, self.first_factor[id(factors)], len(factors.values)

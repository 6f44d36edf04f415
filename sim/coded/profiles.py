"""Profiles: a channel as one segment, reason and agent group see it, as a row of numbers that the steps read.

Comes in: a checked configuration and the book of laws. Goes out: the table of profiles, which profile each (channel,
segment, reason) has on arrival, and which it becomes in the hands of each agent group. The first rows are the channels
themselves, without any variation.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..model.centre import Configuration
from ..model.channels import AnyChannel, DeferredChannel, Factors, LiveChannel, Queued, SelfService
from ..model.laws import Law
from ..model.mechanisms import Variation
from ..model.people import Pool
from ..rules import numbers
from .laws import LawBook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REDIAL_MODES = {"fresh": numbers.FRESH, "same": numbers.SAME, "remaining": numbers.REMAINING}
FIELDS = ("session", "service", "wrap_up", "patience", "deadline", "failure")


class Profiles:
    """All profiles of a centre, each different one once."""

    def __init__(self, config: Configuration, book: LawBook) -> None:
        self.config, self.book = config, book
        self.names = config.open_channels
        self.rows: list[tuple[float, ...]] = []
        self.factors: list[float] = []
        self.first_factor: dict[int, int] = {}
        self.numbers: dict[tuple[float, ...], int] = {}
        self.laws: dict[int, int] = {}
        plain = Variation()
        self.base = [self._number(c, plain, 0.0, None, own=True) for c in range(len(self.names))]
        customers = config.customers
        shape = (len(self.names), len(customers.segments), len(customers.reasons))
        self.of = np.zeros(shape, dtype=np.int64)
        self.matters = [False] * len(self.names)
        """by channel: whether the agent group that answers changes anything"""
        self.by_pool: list[dict[int, int]] = [{} for _ in config.staffing]
        for c in range(shape[0]):
            for s in range(shape[1]):
                for r in range(shape[2]):
                    self._place(c, s, r)

    def table(self) -> Floats:
        """(profiles, columns of sim.rules.numbers)"""
        return np.array(self.rows, dtype=float)

    def in_the_hands_of_pools(self) -> Ints:
        """(p, profile) -> profile once an agent of pool p has answered; the same where the pool changes nothing."""
        table = np.tile(np.arange(len(self.rows), dtype=np.int64), (len(self.by_pool), 1))
        for pool, changed in enumerate(self.by_pool):
            table[pool, list(changed)] = list(changed.values())
        return table

    def _place(self, c: int, s: int, r: int) -> None:
        """The profile of (channel, segment, reason), and what each pool that serves the channel makes of it."""
        config, channel = self.config, self.config.channels[self.names[c]]
        reason = list(config.customers.reasons)[r]
        merged = _merged(channel.by_segment.get(list(config.customers.segments)[s]), channel.by_reason.get(reason))
        needs = config.customers.reasons[reason].needs_authority
        mine = self.of[c, s, r] = self._number(c, merged, needs, None)
        if not isinstance(channel, Queued):
            return
        found = {
            p: self._number(c, _merged(merged, channel.by_pool.get(name)), needs, pool)
            for p, (name, pool) in enumerate(config.staffing.items())
            if self.names[c] in pool.serves
        }
        if len(set(found.values())) == 1:  # whoever answers: known on arrival
            mine = self.of[c, s, r] = next(iter(found.values()))
        for p, number in found.items():
            self.by_pool[p][mine] = number
        self.matters[c] = self.matters[c] or len(set(found.values())) > 1

    def _number(self, c: int, varied: Variation, needs: float, pool: Pool | None, own: bool = False) -> int:
        row = tuple(self._row(c, varied, needs, pool))
        if own or row not in self.numbers:
            self.numbers.setdefault(row, len(self.rows))
            self.rows.append(row)
        return self.numbers[row]

    def _row(self, c: int, varied: Variation, needs: float, pool: Pool | None) -> list[float]:
        config, name = self.config, self.names[c]
        channel, integration = config.channels[name], config.integration
        row = [-1.0] * numbers.PROFILE_COLUMNS
        row[numbers.TRANSFER], row[numbers.REOPEN] = channel.transfer, channel.reopen
        row[numbers.REOPEN_DELAY] = self._law(channel.reopen_delay)
        row[numbers.TIME_SAVED] = integration.time_saved_by_channel.get(name, integration.time_saved)
        row[numbers.REMOVED] = integration.failures_removed_by_channel.get(name, integration.failures_removed)
        row[numbers.JOURNEY_LEG] = 1 << 31 | crc32(name.encode()) >> 1  # above the legs of all contacts
        row[numbers.FAILURE] = channel.failure if varied.failure is None else varied.failure
        row[numbers.NEEDS], row[numbers.DIFFICULTY] = needs, config.customers.difficulty
        row[numbers.HARDER_WORK] = config.customers.difficulty_work
        row[numbers.READING] = 0.0 if isinstance(channel, SelfService) else integration.reading
        row[numbers.PACE : numbers.ATTENTION + 1] = _pace(pool)
        for first, field_name in (
            (numbers.SERVICE_FACTORS, "service_factors"),
            (numbers.PATIENCE_FACTORS, "patience_factors"),
            (numbers.FAILURE_FACTORS, "failure_factors"),
        ):
            row[first : first + 3] = self._factors(getattr(channel, field_name, None))
        if isinstance(channel, SelfService):
            row[numbers.AUTHORITY] = channel.authority
            row[numbers.SERVICE] = self._law(varied.session or channel.session)
            row[numbers.ABANDONMENT] = channel.abandonment
            row[numbers.ABANDON_AT] = -1.0 if channel.abandonment_at is None else channel.abandonment_at
        else:
            row[numbers.AUTHORITY] = 1.0 if pool is None else pool.authority
            self._queued(row, channel, varied)
        return row

    def _queued(self, row: list[float], channel: AnyChannel, varied: Variation) -> None:
        assert isinstance(channel, Queued)
        if isinstance(channel, LiveChannel):
            patience = varied.patience or channel.patience
            row[numbers.REDIAL] = REDIAL_MODES[channel.redial_patience]
            row[numbers.SILENT], row[numbers.DETECTION] = channel.silent.share, self._law(channel.silent.detection)
        else:
            assert isinstance(channel, DeferredChannel)
            patience = varied.deadline or channel.deadline
            row[numbers.REDIAL], row[numbers.SEEN] = numbers.FRESH, channel.seen
        row[numbers.SERVICE] = self._law(varied.service or channel.service)
        row[numbers.WRAP_UP] = self._law(varied.wrap_up or channel.wrap_up)
        row[numbers.PATIENCE] = self._law(patience)
        row[numbers.ZERO_SHARE] = 0.0 if patience is None else patience.zero_share
        row[numbers.DEFLECT] = 0.0 if channel.deflection is None else channel.deflection.share
        row[numbers.TURN], row[numbers.TURN_DELAY] = channel.turns.probability, self._law(channel.turns.delay)

    def _law(self, law: Law | None) -> int:
        """Each law of the configuration once, however many profiles have it."""
        if id(law) not in self.laws:
            self.laws[id(law)] = self.book.add(law)
        return self.laws[id(law)]

    def _factors(self, factors: Factors | None) -> tuple[float, float, float]:
        if factors is None:
            return -1.0, -1.0, 0.0
        if id(factors) not in self.first_factor:
            self.first_factor[id(factors)] = len(self.factors)
            self.factors += factors.values
        return factors.interval, self.first_factor[id(factors)], len(factors.values)


def _pace(pool: Pool | None) -> tuple[float, float, float]:
    """Factors on time and on the odds of failure, and on these odds for each session beside."""
    if pool is None:
        return 1.0, 1.0, 1.0
    haste, assistance = pool.haste, pool.assistance
    return haste.time * assistance.time, haste.failure_odds * assistance.failure_odds, pool.attention


def _merged(first: Variation | None, then: Variation | None) -> Variation:
    """One variation of two: the second wins."""
    said = [each for each in (then, first) if each is not None]
    values = {name: [getattr(each, name) for each in said if getattr(each, name) is not None] for name in FIELDS}
    return Variation.model_construct(**{name: found[0] for name, found in values.items() if found})

"""A configuration as integer-coded arrays: what rules and engines read.

Comes in: a checked `Configuration`. Goes out: `Tables`, in which channels, pools, reasons, segments, laws and rows are
numbers. Disabled channels are gone: what they were given in mixes and rows goes to the remaining ones in proportion,
with give-up unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..chance.hours import doors_of
from ..model.centre import Configuration
from ..model.channels import SelfService
from ..model.units import DAY
from ..rules import decisions as rules
from .hops import Hops, hops_of
from .laws import numbers_of, table_of
from .lines import Desks, desks_of
from .profiles import profiles_of
from .records import Records, records_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Tables:
    """The coded model. Arrays are indexed by channel c, reason r, segment s, pool p, line l, outcome o, attempt a."""

    channels: tuple[str, ...]
    pools: tuple[str, ...]
    reasons: tuple[str, ...]
    segments: tuple[str, ...]
    laws: Floats
    """(laws, columns of sim.chance.sampler)"""
    quantiles: Floats
    factors: Floats
    """service factors of all channels, one after the other"""
    kind: tuple[str, ...]
    profiles: Floats
    """(profile, columns of sim.rules.numbers); the first are the channels without variation"""
    profile_of: Ints
    """(c, s, r) -> profile on arrival"""
    profile_by_pool: Ints
    """by pool: profile on arrival -> profile in its hands"""
    pool_matters: tuple[bool, ...]
    """(c) whether the pool that answers changes the profile"""
    hops: Hops
    opens: Floats
    closes: Floats
    first_span: Ints
    """(c + 1): spans of opening hours of channel c are first_span[c] .. first_span[c + 1]"""
    balk_law: Ints
    """(c) -> law of the expected wait that is tolerated, or -1"""
    desks: Desks
    records: Records
    front: Ints
    """(c) the channel that is met first by who makes for c, or -1"""
    front_share: Floats
    week_offset: float
    """seconds from Monday 00:00 to midnight of the run's first day"""
    cycle: float
    """seconds after which opening hours repeat: a week, or more where single dates have their own"""

    def since_closing(self, channel: int, now: float) -> float:
        """Seconds since the hours of a channel ended; infinite if they never were, -1 if they are open."""
        spans = slice(int(self.first_span[channel]), int(self.first_span[channel + 1]))
        time = (now + self.week_offset) % self.cycle
        return rules.since_closing(time, self.opens[spans], self.closes[spans], self.cycle)


def tables_of(config: Configuration) -> Tables:
    """The arrays of a configuration."""
    names = config.open_channels
    profiles = profiles_of(config)
    hops, books = hops_of(config, profiles.book.end)
    books.insert(0, profiles.book)
    doors = doors_of(config)
    front, front_share = _fronts(config)
    return Tables(
        channels=names,
        pools=tuple(config.staffing),
        reasons=tuple(config.customers.reasons),
        segments=tuple(config.customers.segments),
        kind=tuple(config.channels[name].kind for name in names),
        hops=hops,
        profiles=profiles.table(config.integration),
        profile_of=profiles.of,
        profile_by_pool=profiles.in_the_hands_of_pools,
        pool_matters=tuple(profiles.matters),
        factors=np.array(profiles.factors or [1.0]),
        balk_law=profiles.balk_law,
        opens=np.array([start for spans in doors.spans for start, _ in spans]),
        closes=np.array([end for spans in doors.spans for _, end in spans]),
        first_span=np.cumsum([0, *(len(spans) for spans in doors.spans)]),
        desks=desks_of(config),
        records=records_of(config),
        front=front,
        front_share=front_share,
        week_offset=config.run.start.weekday() * DAY,
        cycle=doors.cycle,
        laws=table_of(books),
        quantiles=numbers_of(books),
    )


def _fronts(config: Configuration) -> tuple[Ints, Floats]:
    names = config.open_channels
    front, share = np.full(len(names), -1, dtype=np.int64), np.zeros(len(names))
    for f, name in enumerate(names):
        channel = config.channels[name]
        for behind, part in channel.in_front_of.items() if isinstance(channel, SelfService) else ():
            if behind in names:
                front[names.index(behind)], share[names.index(behind)] = f, part
    return front, share

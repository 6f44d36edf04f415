"""What streams of customers are expected to bring on a day, before chance.

Comes in: a checked configuration. Goes out: by stream and interval of any day the mean first contacts, in all and by
channel, and the mixes of segments and first channels. Who then comes is drawn in `arrivals`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..model.centre import Configuration
from ..model.people import Stream
from ..model.units import DAYS
from .hours import ByChannel, Doors, doors_of
from .mixes import mix_of
from .sections import made_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """One stream, coded: cumulative mixes by segment."""

    number: int
    name: str
    stream: Stream
    scale: float
    segments: Floats
    reasons: Floats
    first_channel: Floats
    by_channel: ByChannel

    def mixes(self, by_channel: Floats) -> tuple[Floats, Floats]:
        """Cumulative weights of segments and, by segment, of first channels: (intervals, segments[, channels]), from
        mean first contacts by channel and interval."""
        first = np.diff(self.first_channel, axis=1, prepend=0.0)[None] * by_channel.T[:, None, :]
        segments = np.diff(self.segments, prepend=0.0)[None] * first.sum(axis=2)
        return np.cumsum(segments, axis=1), np.cumsum(first, axis=2)


class Shape(NamedTuple):
    """A stream's day, before chance: cumulative weights of segments and of first channels (`Source.mixes`), and the
    channels that are open in part of an interval."""

    segments: Floats
    first: Floats
    partly: list[int]


MOST_DAYS = 1_000
"""days of streams that are remembered"""
Day: TypeAlias = "tuple[int, int]"
"""a stream's number and a day"""
T = TypeVar("T")


class Streams:
    """All streams of a configuration."""

    def __init__(self, config: Configuration) -> None:
        doors = doors_of(config)
        self.start = doors.start
        self.sources, self._shapes, self._rates = _sources(config, doors)

    def expected(self, days: int) -> float:
        """Mean first contacts of the first days of the run, before busyness."""
        replayed = sum(len(source.stream.times or ()) for source in self.sources)
        drawn = [source for source in self.sources if source.stream.times is None]
        return replayed + sum(float(self.rates(source, day).sum()) for source in drawn for day in range(days))

    def rates(self, source: Source, day: int) -> Floats:
        """Mean first contacts by interval of the day, before busyness."""
        if not source.by_channel.plain:
            return self.shape(source, day).segments[:, -1]
        key = (source.number, day)
        known = self._rates.get(key)
        if known is None:
            known = np.asarray(self._total(source, day) * source.by_channel.profile("", day))
            known.flags.writeable = False
            _remember(self._rates, key, known)
        return known

    def shape(self, source: Source, day: int) -> Shape:
        """The stream's day; remembered, for all replications ask for the same days."""
        key = (source.number, day)
        known = self._shapes.get(key)
        if known is None:
            segments, first = source.mixes(self.rates_by_channel(source, day))
            shares = (source.by_channel.open_share(c, day, first.shape[0]) for c in range(first.shape[2]))
            partly = [c for c, share in enumerate(shares) if ((share > 0) & (share < 1)).any()]
            known = Shape(segments, first, partly)
            _remember(self._shapes, key, known)
        return known

    def rates_by_channel(self, source: Source, day: int) -> Floats:
        """(channels, intervals): mean first contacts of the day, before busyness, if all began on that channel."""
        return source.by_channel.day(day, self._total(source, day))

    def _total(self, source: Source, day: int) -> float:
        """First contacts of the day at the profile's own hours; with rates, the factor on them."""
        stream, date = source.stream, self.start + dt.timedelta(days=day)
        factor = source.scale * stream.weekday.get(DAYS[date.weekday()], 1.0) * stream.dates.get(date, 1.0)
        return factor if stream.rates is not None else factor * (stream.per_day or 0.0)


def _remember(known: dict[Day, T], key: Day, value: T) -> None:
    """Keeps a value for all replications, which ask for the same days."""
    if len(known) >= MOST_DAYS:
        known.clear()
    known[key] = value


@made_of("demand", "customers")
def _sources(config: Configuration, doors: Doors) -> tuple[list[Source], dict[Day, Shape], dict[Day, Floats]]:
    """All streams, coded, and what is known of their days, which is none yet."""
    return [_source(config, number, name, doors) for number, name in enumerate(config.demand.streams)], {}, {}


def _source(config: Configuration, number: int, name: str, doors: Doors) -> Source:
    """A stream, coded. Its number, which keys its customers, is its place in the file: a scenario that adds a stream
    at the end keeps everybody else's luck. (Rejected: the place among the names in order, with which a new name may
    come before others and change all their customers.)"""
    stream, people = config.demand.streams[name], config.customers
    segments = {s: stream.segments.get(s, 0.0) if stream.segments else p.share for s, p in people.segments.items()}
    shares = {reason: r.share for reason, r in people.reasons.items()}
    reasons = [mix_of(s.reasons or shares, people.reasons) for s in people.segments.values()]
    first = [mix_of(stream.first_channel or s.first_channel, doors.names) for s in people.segments.values()]
    return Source(
        number, name, stream, config.demand.scale,
        np.cumsum(mix_of(segments, people.segments)), np.cumsum(reasons, axis=1), np.cumsum(first, axis=1),
        ByChannel(stream, doors),
    )  # fmt: skip

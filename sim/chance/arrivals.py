"""Who arrives on a day: customers with their times, segments, reasons and first channels, drawn by key.

Comes in: a checked configuration and (seed, replication, day). Goes out: arrays of the day's customers of all streams
in the order of their arrival. Counts invert a keyed uniform by (stream, day, interval), so a higher rate keeps every
customer and adds new ones; whoever is counted has a time, a segment, a reason and a first channel by key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, inf
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..errors import InputError, Problem
from ..extensions import calling, registered
from ..model.centre import Configuration
from ..model.people import Busyness, Count
from ..model.units import DAY
from .filling import draw, draw_attributes, fill, fill_day
from .keys import CUSTOMERS_PER_INTERVAL, NUMBER_BITS, WHOLE_DAY, Purpose, entity_of
from .philox import uniform
from .strata import spread
from .streams import Source, Streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
COMMON = (1 << 8) - 1
"""The stream number under which busyness common to all streams is drawn."""
_COUNT, _BUSYNESS, _HOURS = int(Purpose.COUNT), int(Purpose.BUSYNESS), int(Purpose.HOURS)
_OWN_ARRIVALS = int(Purpose.OWN_ARRIVALS)
_COUNTS = get_args(Count)


@dataclass(frozen=True)
class Customers:
    """Customers of one day, by time of arrival and then by entity."""

    time: Floats
    entity: Ints
    segment: Ints
    reason: Ints
    channel: Ints


class OwnArrivals(NamedTuple):
    """What the arrival process of an extension sees of a stream's day; it answers times, s since the midnight."""

    rates: Floats
    """mean first contacts by interval of the day"""
    interval: float
    """length of an interval, s"""
    day: int
    """0 is the run's first"""
    uniforms: Callable[[int], Floats]
    """so many uniforms in (0, 1) that belong to this stream, day and replication; asked again, the next ones"""
    settings: Mapping[str, float]
    """the stream's `settings`"""


class Arrivals(Streams):
    """All streams of a configuration with their luck; `day` gives the customers of any day in any order of asking."""

    def __init__(self, config: Configuration, seed: int, replication: int) -> None:
        super().__init__(config)
        self.seed, self.replication, self.group = seed, replication, config.run.group

    def of(self, seed: int, replication: int) -> Arrivals:
        """The same streams in another replication."""
        other = object.__new__(Arrivals)
        vars(other).update(vars(self), seed=seed, replication=replication)
        return other

    def day(self, day: int, until: float = inf) -> Customers:
        """The customers of the day `day` (0 is the run's first), and at least those who come before `until`, s."""
        parts = [self._of_source(source, day, until) for source in self.sources]
        columns = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
        time, entity, segment, reason, channel = columns
        if (time[1:] > time[:-1]).all():
            return Customers(time, entity, segment, reason, channel)
        order = np.argsort(time)
        ordered = time[order]
        if (ordered[1:] == ordered[:-1]).any():
            order = np.lexsort((entity, time))
        return Customers(ordered, entity[order], segment[order], reason[order], channel[order])

    def _of_source(self, source: Source, day: int, until: float) -> tuple[Floats, Ints, Ints, Ints, Ints]:
        """Times, entities, segments, reasons and first channels."""
        times, entities = self._arrivals(source, day, until)
        segment, reason, channel = (np.empty(times.size, dtype=np.int64) for _ in range(3))
        segments, first = source.segments[None], source.first_channel[None]
        interval = np.zeros(times.size, dtype=np.int64)
        if not source.by_channel.plain:
            segments, first, _ = self.shape(source, day)
            length = DAY / first.shape[0]
            interval = np.clip(((times - day * DAY) / length).astype(np.int64), 0, first.shape[0] - 1)
        mixes = (segments, source.reasons, first)
        draw_attributes(self.seed, self.replication, entities, interval, *mixes, segment, reason, channel)
        if not source.by_channel.plain:
            times = self._while_open(source, day, first.shape[0], times, entities, channel)
        return times, entities, segment, reason, channel

    def _while_open(
        self, source: Source, day: int, intervals: int, times: Floats, entities: Ints, channel: Ints
    ) -> Floats:
        """Times in intervals that their channel is open in part, moved into that part."""
        found = times.copy()
        for c in self.shape(source, day).partly:
            mine = channel == c
            if mine.any():
                luck = self._luck(entities[mine], _HOURS)
                found[mine] = source.by_channel.while_open(c, day, intervals, times[mine], luck)
        return found

    def _arrivals(self, source: Source, day: int, until: float) -> tuple[Floats, Ints]:
        """Times and entities of the day's customers."""
        stream = source.stream
        if stream.times is not None:
            times = np.array([t for t in stream.times if day * DAY <= t < (day + 1) * DAY])
            replayed = [entity_of(source.number, day, WHOLE_DAY, n) for n in range(times.size)]
            return times, np.array(replayed, dtype=np.int64)
        rates = self.rates(source, day)
        if stream.count not in _COUNTS:
            return self._own(source, day, rates)
        if stream.count == "normal" or (stream.count == "fixed" and stream.rates is None):
            return self._daily_count(source, day, rates)
        counts = self._counts(source, day, rates)
        if until < (day + 1) * DAY:
            counts = counts[: max(0, ceil((until - day * DAY) / (DAY / rates.size)))]
        come = counts.sum()
        times, entities = np.empty(come), np.empty(come, dtype=np.int64)
        if not source.by_channel.plain and self.shape(source, day).partly:
            until = np.inf  # some of them will be moved to where their channel is open, which may be earlier
        key = (self.seed, self.replication, source.number, day)
        most = int(counts.max(initial=0))
        luck, begins = np.empty(most), np.empty(most + 1, dtype=np.int64)
        come = fill(*key, counts, DAY / rates.size, until, luck, begins, times, entities)
        return times[:come], entities[:come]

    def _counts(self, source: Source, day: int, rates: Floats) -> Ints:
        """First contacts by interval."""
        stream = source.stream
        if stream.count == "mixed_poisson":
            rates = rates * self._busyness(stream.busyness, source.number, day, rates.size)
        u = self._uniforms(source.number, day, rates.size, _COUNT)
        counts = _rounded(u, rates) if stream.count == "fixed" else poisson_quantile(u, rates)
        _refuse_overflow(source, counts)
        return counts

    def _own(self, source: Source, day: int, rates: Floats) -> tuple[Floats, Ints]:
        """The arrival process of an extension: its times within the day, in order; raises InputError for others."""
        name, first = source.stream.count, 0

        def uniforms(count: int) -> Floats:
            """The next keyed uniforms of this stream and day."""
            nonlocal first
            keys = [entity_of(source.number, day, WHOLE_DAY, n) for n in range(first, first + count)]
            first += count
            return np.array([uniform(self.seed, self.replication, key, 0, _OWN_ARRIVALS) for key in keys])

        with calling("arrivals", name):
            asked = OwnArrivals(rates.copy(), DAY / rates.size, day, uniforms, source.stream.settings)
            times = np.sort(np.asarray(registered("arrivals")[name](asked), dtype=float))
            if times.ndim != 1 or not np.all((times >= 0) & (times < DAY)):
                raise ValueError("must give times from 0 to a day, s since its midnight")
        _refuse_overflow(source, np.array([times.size]))
        numbered = [entity_of(source.number, day, WHOLE_DAY, n) for n in range(times.size)]
        return times + day * DAY, np.array(numbered, dtype=np.int64)

    def _daily_count(self, source: Source, day: int, rates: Floats) -> tuple[Floats, Ints]:
        """A daily count that is fixed, or normal with a standard deviation; its customers fall on intervals by key."""
        mean = rates.sum()
        if source.stream.count == "normal" and mean > 0:
            u = self._uniforms(source.number, day, 1, _COUNT)[0]
            mean += (source.stream.sd or 0.0) * special.ndtri(u)
        count = max(0, int(np.floor(mean + 0.5)))
        _refuse_overflow(source, np.array([count]))
        times, entities = np.empty(count), np.empty(count, dtype=np.int64)
        if count:
            cumulative = np.cumsum(rates) / rates.sum()
            fill_day(self.seed, self.replication, source.number, day, cumulative, DAY / rates.size, times, entities)
        return times, entities

    def _busyness(self, busyness: Busyness, number: int, day: int, intervals: int) -> Floats:
        """Gamma factors of mean 1; neighbours are correlated by an autoregressive Gaussian copula."""
        stream = COMMON if busyness.scope == "common" else number
        rho = busyness.correlation
        if rho == 1.0:
            u = self._busy_uniforms(stream, day, 1)
            return np.full(intervals, special.gammaincinv(busyness.shape, u[0]) / busyness.shape)
        noise = special.ndtri(self._busy_uniforms(stream, day, intervals))
        z = np.empty(intervals)
        z[0] = noise[0]
        for i in range(1, intervals):
            z[i] = rho * z[i - 1] + np.sqrt(1 - rho * rho) * noise[i]
        return np.asarray(special.gammaincinv(busyness.shape, special.ndtr(z)) / busyness.shape)

    def _busy_uniforms(self, stream: int, day: int, count: int) -> Floats:
        """Those of busyness; with `run.strata` spread evenly over the replications of a group."""
        keys, u = _keys(stream, day, count), self._uniforms(stream, day, count, _BUSYNESS)
        return spread(u, keys, self.seed, self.replication, self.group) if self.group > 1 else u

    def _uniforms(self, stream: int, day: int, count: int, purpose: int) -> Floats:
        return self._luck(_keys(stream, day, count), purpose)

    def _luck(self, entities: Ints, purpose: int) -> Floats:
        """A uniform for each entity."""
        u = np.empty(entities.size)
        draw(self.seed, self.replication, entities, purpose, u)
        return u


def _keys(stream: int, day: int, count: int) -> Ints:
    """What a stream's day draws for each of its first intervals belongs to."""
    return entity_of(stream, day, 0, 0) + (np.arange(count) << NUMBER_BITS)


def poisson_quantile(u: Floats, mean: Floats) -> Ints:
    """Smallest k with P(Poisson(mean) <= k) >= u, elementwise."""
    some = mean > 0
    k = np.ceil(special.pdtrik(u, np.maximum(mean, 1e-300)))
    k = np.where(some, np.fmax(k, 0.0), 0.0)  # no less, also where there is no number
    k -= (k > 0) & (special.pdtr(k - 1, mean) >= u)  # the continuous inverse may be off by one
    k += some & (special.pdtr(k, mean) < u)
    return np.asarray(k.astype(np.int64))


def _rounded(u: Floats, mean: Floats) -> Ints:
    """The mean's floor, plus one with the probability of its fraction, elementwise."""
    whole = np.floor(mean)
    return (whole + (u < mean - whole)).astype(np.int64)


def _refuse_overflow(source: Source, counts: Ints) -> None:
    if counts.size and counts.max() >= CUSTOMERS_PER_INTERVAL:
        raise InputError(
            Problem(
                f"demand.streams.{source.name}",
                f"at most {CUSTOMERS_PER_INTERVAL - 1} first contacts per interval, got {counts.max()}: "
                "use a profile of more intervals",
            )
        )

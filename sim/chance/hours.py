"""Customers know opening hours: when first contacts with each channel come.

Comes in: a configuration and a stream of demand. Goes out: by day, the mean first contacts by channel and interval, and
times moved into the open part of an interval. Over its cycle a channel keeps the volume that the stream's profile gives
it; what would have come while it is closed comes while it is open, in proportion to the profile. A channel's
`while_closed` is the share of its first contacts that ask nobody for the hours. Deferred channels take contacts at any
time.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..model.calendar import cycle_of, entry_spans
from ..model.centre import Configuration
from ..model.people import Stream
from ..model.units import DAY, DAYS, WEEK, Spans
from .sections import made_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def open_seconds(time: Floats, hours: Spans, cycle: float = WEEK) -> Floats:
    """Seconds of opening between Monday 00:00 of week 0 and each time (s since then); hours repeat after `cycle`."""
    opens, closes, before = _sums(hours)
    rounds, rest = np.divmod(time, cycle)
    place = np.searchsorted(closes, rest)
    begun = np.append(opens, np.inf)[place]
    return np.asarray(rounds * before[-1] + before[place] + np.maximum(0.0, rest - begun))


def open_moment(opened: Floats, hours: Spans, cycle: float = WEEK) -> Floats:
    """The time at which so many seconds of opening have passed: the inverse of `open_seconds` while open."""
    opens, _, before = _sums(hours)
    rounds, rest = np.divmod(opened, before[-1])
    place = np.minimum(np.searchsorted(before, rest, "right") - 1, opens.size - 1)
    return np.asarray(rounds * cycle + opens[place] + rest - before[place])


def _sums(hours: Spans) -> tuple[Floats, Floats, Floats]:
    """Openings, closings, and seconds of opening before each of them and in all."""
    opens, closes = (np.array([span[side] for span in hours], dtype=float) for side in (0, 1))
    return opens, closes, np.concatenate([[0.0], np.cumsum(closes - opens)])


class Doors(NamedTuple):
    """When channels take first contacts; by channel."""

    names: tuple[str, ...]
    spans: tuple[Spans, ...]
    """s from the Monday of the run's first week, over one cycle"""
    ordinary: tuple[Spans, ...]
    """of a week without dates of its own"""
    while_closed: tuple[float, ...]
    cycle: float
    start: dt.date
    """of the run"""


@made_of("channels", "run")
def doors_of(config: Configuration) -> Doors:
    """Those of a configuration."""
    run, names = config.run, config.open_channels
    channels = [config.channels[name] for name in names]
    cycle = cycle_of(channels, run)
    spans = ordinary = tuple(entry_spans(channel, run, cycle) for channel in channels)
    if cycle != WEEK:
        ordinary = tuple(entry_spans(channel.model_copy(update={"dates": {}}), run) for channel in channels)
    return Doors(names, spans, ordinary, tuple(channel.while_closed for channel in channels), cycle, run.start)


class ByChannel:
    """First contacts of one stream by channel, as opening hours and profiles of their own shape them."""

    def __init__(self, stream: Stream, doors: Doors) -> None:
        self.stream, self.doors = stream, doors
        self.cycle, self.offset = doors.cycle, doors.start.weekday() * DAY
        self.spans, self.ignore = doors.spans, np.array(doors.while_closed)
        self.factor = np.array([self._kept(c) for c in range(len(doors.names))])

    @cached_property
    def plain(self) -> bool:
        """Whether all channels have the stream's own profile at all times."""
        always = all(spans == ((0.0, self.cycle),) or self.ignore[c] == 1 for c, spans in enumerate(self.spans))
        return self.stream.times is not None or (always and not self.stream.profiles)

    def day(self, day: int, total: float) -> Floats:
        """(channels, intervals): mean first contacts of the day if all began on that channel, where a day of the
        stream has `total` of them (with rates: a factor on them)."""
        shapes = [self.profile(name, day) for name in self.doors.names]
        open_share = np.array([self.open_share(c, day, shape.size) for c, shape in enumerate(shapes)])
        weight = self.ignore[:, None] + (1 - self.ignore[:, None]) * open_share * self.factor[:, None]
        return np.asarray(total * np.array(shapes) * weight)

    def open_share(self, channel: int, day: int, intervals: int) -> Floats:
        """Share of each interval of the day in which the channel takes first contacts."""
        edges = self.offset + (day + np.arange(intervals + 1) / intervals) * DAY
        return np.asarray(np.diff(open_seconds(edges, self.spans[channel], self.cycle)) * intervals / DAY)

    def while_open(self, channel: int, day: int, intervals: int, time: Floats, luck: Floats) -> Floats:
        """Times of arrival of first contacts with the channel, those in an interval that is open in part moved into its
        open part; `luck` says who ignores the hours."""
        share = self.open_share(channel, day, intervals)
        length = DAY / intervals
        at = np.clip(((time - day * DAY) / length).astype(np.int64), 0, intervals - 1)
        ignore, knows = self.ignore[channel], (1 - self.ignore[channel]) * share * self.factor[channel]
        ignores = luck < ignore / np.maximum(ignore + knows, 1e-300)[at]
        begin = np.asarray(self.offset + day * DAY + at * length, dtype=np.float64)
        spans, offset = self.spans[channel], self.offset
        inside = open_seconds(begin, spans, self.cycle) + share[at] * (time + offset - begin)
        moved = open_moment(inside, spans, self.cycle) - offset if spans else time
        return np.where((share[at] > 0) & (share[at] < 1) & ~ignores, moved, time)

    def profile(self, name: str, day: int) -> Floats:
        """Shares of a day by interval; with rates, the rates."""
        rates = self.stream.rates
        if rates is not None:
            per_day, values = round(DAY / rates.interval), np.array(rates.values)
            return np.asarray(values[np.arange(day * per_day, (day + 1) * per_day) % values.size])
        profile = np.array(self.stream.profiles.get(name, self.stream.profile))
        return np.asarray(profile / profile.sum())

    def _kept(self, channel: int) -> float:
        """Factor on first contacts while open that makes up for those who know that it is closed; a channel that is
        never open when somebody comes keeps its customers, who find it closed."""
        name, rates = self.doors.names[channel], self.stream.rates
        spans, cycle = self.spans[channel], self.cycle
        if spans == ((0.0, cycle),):
            return 1.0
        if rates is None:  # an ordinary week; dates are what they are
            spans, cycle = self.doors.ordinary[channel], WEEK
        days = 7 if rates is None else max(7, int(np.ceil(len(rates.values) * rates.interval / DAY)))
        shapes = [self.profile(name, day) for day in range(days)]
        edges = np.arange(days)[:, None] + np.arange(shapes[0].size + 1) / shapes[0].size
        seconds = np.diff(open_seconds(self.offset + edges * DAY, spans, cycle))
        volume, opened = 0.0, 0.0
        for day, profile in enumerate(shapes):
            weekday = DAYS[(self.doors.start + dt.timedelta(days=day)).weekday()]
            shape = profile * self.stream.weekday.get(weekday, 1.0)
            volume += float(shape.sum())
            opened += float(shape @ seconds[day]) * shape.size / DAY
        if opened <= 0 < volume:
            self.ignore[channel] = 1.0
            return 1.0
        return volume / opened if opened > 0 else 1.0

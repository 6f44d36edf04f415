"""When channels are open: hours by weekday, and single dates that have hours of their own.

Comes in: a channel and the run's dates. Goes out: open spans on one time axis, seconds since the Monday of the week in
which the run begins. The axis repeats after its cycle: a week, or, where any channel has dates of its own, as many
weeks as the run can last.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

from .channels import AnyChannel, DeferredChannel
from .run import Run
from .units import DAY, WEEK, Spans, joined


def cycle_of(channels: Iterable[AnyChannel], run: Run) -> float:
    """Seconds after which opening hours repeat."""
    if not any(channel.dates for channel in channels):
        return WEEK
    last = run.start.weekday() * DAY + run.warm_up + run.measure + run.follow_limit
    return (math.floor(last / WEEK) + 1) * WEEK


def spans_of(channel: AnyChannel, run: Run, cycle: float = WEEK) -> Spans:
    """Open spans from the Monday of the run's first week over one cycle, sorted, touching ones joined."""
    monday = run.start - dt.timedelta(days=run.start.weekday())
    weeks = round(cycle / WEEK)
    own = {
        (date - monday).days: hours for date, hours in channel.dates.items() if 0 <= (date - monday).days < 7 * weeks
    }
    if not own:
        return joined((start + week * WEEK, end + week * WEEK) for week in range(weeks) for start, end in channel.hours)
    by_weekday = [_of_day(channel.hours, weekday) for weekday in range(7)]
    return joined(
        (day * DAY + start, day * DAY + end)
        for day in range(7 * weeks) for start, end in own.get(day, by_weekday[day % 7])
    )  # fmt: skip


def entry_spans(channel: AnyChannel, run: Run, cycle: float = WEEK) -> Spans:
    """When a contact can begin: deferred channels accept at any time, their hours are those of the business clock."""
    return ((0.0, cycle),) if isinstance(channel, DeferredChannel) else spans_of(channel, run, cycle)


def _of_day(hours: Spans, weekday: int) -> Spans:
    """The part of a week's spans that falls on a weekday, seconds since its midnight."""
    begin = weekday * DAY
    inside = ((max(start - begin, 0.0), min(end - begin, DAY)) for start, end in hours)
    return tuple((start, end) for start, end in inside if start < end)

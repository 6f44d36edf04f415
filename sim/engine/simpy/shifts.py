"""Staff and hours over time: who comes on and goes off duty, and which queues are cleared at closing."""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np
import simpy

from ...chance.rosters import Roster
from ...coded.order import of_agent, of_pool
from ...log.tables import Rows
from ...model.calendar import spans_of
from ...model.channels import LiveChannel
from ...model.outcomes import Outcome
from ...model.units import DAY
from .clock import CLOSING, SHIFT_END, SHIFT_START, Timer, order
from .desk import Desk
from .setup import Setup

Story = Generator[simpy.Event, None, None]


def schedule_staff(env: simpy.Environment, desk: Desk, rosters: list[Roster], staffing: Rows, limit: float) -> Story:
    """Puts each day's changes on the calendar a day ahead, so that they have their place among simultaneous events."""
    before = [0] * len(rosters)
    for day in range(int(np.ceil(limit / DAY))):
        for pool, roster in enumerate(rosters):
            if roster.pool.shifts:
                _schedule_duties(env, desk, pool, roster, day)
            else:
                before[pool] = _schedule_counts(env, desk, pool, roster.counts(day), day, before[pool])
            _write_scheduled(staffing, pool, roster.scheduled(day), day)
        if day > 0:  # day 1 is put on the calendar together with day 0
            yield Timer(env, day * DAY, order(SHIFT_START, 0))


def _at(env: simpy.Environment, time: float, priority: int, action: Callable[[], None]) -> None:
    Timer(env, time, priority).callbacks.append(lambda _: action())


def _schedule_counts(env: simpy.Environment, desk: Desk, pool: int, counts: list[int], day: int, before: int) -> int:
    length = DAY / len(counts)
    for interval, count in enumerate(counts):
        if count != before:
            kind = SHIFT_START if count > before else SHIFT_END
            at = day * DAY + interval * length
            _at(
                env,
                at,
                order(kind, of_pool(int(desk.desks.rank[pool]))),
                lambda pool=pool, count=count: desk.staff.set_count(pool, count),
            )  # type: ignore[misc]
        before = count
    return before


def _schedule_duties(env: simpy.Environment, desk: Desk, pool: int, roster: Roster, day: int) -> None:
    for duty in roster.duties(day):
        agent = desk.staff.first[pool] + duty.agent
        subject = of_agent(int(desk.desks.rank[pool]), duty.agent)
        _at(env, duty.start, order(SHIFT_START, subject), lambda agent=agent: desk.staff.bring_in(agent))  # type: ignore[misc]
        _at(env, duty.end, order(SHIFT_END, subject), lambda agent=agent: desk.staff.send_home(agent))  # type: ignore[misc]


def _write_scheduled(staffing: Rows, pool: int, scheduled: np.ndarray, day: int) -> None:
    """Paid agents, one row for each run of equal intervals."""
    length = DAY / scheduled.size
    cuts = [0, *(np.flatnonzero(np.diff(scheduled)) + 1).tolist(), scheduled.size]
    for first, last in zip(cuts, cuts[1:], strict=False):
        if scheduled[first] > 0:
            staffing.add(pool, day * DAY + first * length, day * DAY + last * length, float(scheduled[first]))


def schedule_closings(env: simpy.Environment, desk: Desk, setup: Setup) -> None:
    """Channels whose queue is cleared at closing get a process that does it."""
    for channel, name in enumerate(setup.tables.channels):
        spec = setup.config.channels[name]
        if isinstance(spec, LiveChannel) and spec.at_closing == "clear" and spec.hours:
            cycle = setup.tables.cycle
            spans = spans_of(spec, setup.config.run, cycle)
            over_midnight = spans[0][0] == 0.0  # open on Sunday to 24:00 and on Monday from 00:00: no closing
            closes = [end for _, end in spans if not (end == cycle and over_midnight)]
            env.process(_close(env, desk, channel, closes, setup))


def _close(env: simpy.Environment, desk: Desk, channel: int, closes: list[float], setup: Setup) -> Story:
    offset, cycle = setup.tables.week_offset, setup.tables.cycle
    for again in range(int(setup.limit / cycle) + 2):
        for close in closes:
            at = again * cycle + close - offset
            if at >= env.now:
                yield Timer(env, at, order(CLOSING, channel))
                desk.send_away(channel, int(Outcome.CLOSED))

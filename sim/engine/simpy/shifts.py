"""The schedule on SimPy's calendar: who comes on and goes off duty, and which queues are cleared at closing."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from math import ceil

import simpy

from ...coded.order import SECOND_BITS, SUBJECT_BITS
from ...coded.schedule import Action, Change, Schedule
from ...log.tables import Rows
from ...model.outcomes import Outcome
from ...model.units import DAY
from .clock import SHIFT_START, Timer, order
from .desk import Desk

CLOSED = int(Outcome.CLOSED)


def schedule_staff(
    env: simpy.Environment, desk: Desk, schedule: Schedule, staffing: Rows, limit: float
) -> Generator[simpy.Event, None, None]:
    """Puts each day's changes on the calendar a day ahead, so that they have their place among simultaneous events."""
    for day in range(ceil(limit / DAY)):
        for change in schedule.changes(day):
            key = (change.kind << SUBJECT_BITS | change.subject) << SECOND_BITS
            Timer(env, change.time, key, partial(_happens, desk, change))
        for row in schedule.paid(day):
            staffing.add(*row)
        if day > 0:  # day 1 is put on the calendar together with day 0
            yield Timer(env, day * DAY, order(SHIFT_START, 0))


def _happens(desk: Desk, change: Change, _: simpy.Event) -> None:
    if change.action == Action.COMES:
        desk.staff.bring_in(change.who)
    elif change.action == Action.GOES:
        desk.staff.send_home(change.who)
    elif change.action == Action.PAUSES:
        desk.staff.pauses.begin(change.who, change.length, change.subject)
    elif change.action == Action.COUNT:
        desk.staff.set_count(change.who, change.agents)
    elif change.action == Action.COUNT_BY_FREE:
        desk.staff.set_count(change.who, change.agents, first_free=True)
    else:
        desk.send_away(change.who, CLOSED)

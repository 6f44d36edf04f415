"""The schedule on SimPy's calendar: who comes on and goes off duty, and which channels close."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from math import ceil

import simpy

from ...coded.order import SECOND_BITS, SUBJECT_BITS
from ...coded.schedule import Action, Change, Schedule
from ...log.tables import Rows
from ...model.units import DAY
from .clock import SHIFT_START, Timer, order
from .closing import Doors
from .desk import Desk


def schedule_staff(
    env: simpy.Environment, desk: Desk, schedule: Schedule, staffing: Rows, limit: float
) -> Generator[simpy.Event, None, None]:
    """Puts each day's changes on the calendar a day ahead, so that they have their place among simultaneous events."""
    doors = Doors(desk, schedule.planned_at)
    for day in range(ceil(limit / DAY)):
        for change in schedule.changes(day):
            key = (change.kind << SUBJECT_BITS | change.subject) << SECOND_BITS
            Timer(env, change.time, key, partial(_happens, desk, doors, change))
        for row in schedule.paid(day):
            staffing.add(*row)
        if day > 0:  # day 1 is put on the calendar together with day 0
            yield Timer(env, day * DAY, order(SHIFT_START, 0))


def _happens(desk: Desk, doors: Doors, change: Change, _: simpy.Event) -> None:
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
        doors.close(change.who)

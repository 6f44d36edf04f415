"""One replication on the compiled engine: day after day of arrivals and changes goes in, the log comes out.

Comes in: a checked configuration whose mechanisms it has (`missing`), a seed and a replication. Goes out: a `Log`.
"""

from __future__ import annotations

from math import ceil, nan

import numpy as np

from ...chance.arrivals import Arrivals
from ...coded.centre import Centre, centre_of, endless_journey
from ...coded.order import SUBJECT_BITS, Kind, first
from ...coded.schedule import Schedule
from ...errors import InputError, Problem
from ...log.assembly import Written, assembled
from ...log.tables import Log
from ...model.centre import Configuration
from ...model.outcomes import End
from ...model.units import DAY
from . import state as at
from .agents import close_duties
from .calendar import push
from .loop import CHECK, ROOM, STOP, run
from .model import Model, missing, model_of
from .state import State, empty, grown

TIMERS_EACH = 4
"""timers on the calendar for each contact begun: its wait, its work, its being sent away, the next contact"""


class Run:
    """A replication under way: the state, which grows from day to day."""

    def __init__(self, config: Configuration, centre: Centre, seed: int, replication: int) -> None:
        self.centre, self.config, self.key = centre, config, (seed, replication)
        self.arrivals = Arrivals(config, seed, replication)
        self.schedule = Schedule(config, centre.tables, seed, replication)
        self.lacking = missing(centre, self.schedule)
        """names of what this engine does not simulate"""
        self.model: Model = model_of(centre, self.schedule.sizes, seed, replication)
        self.state: State = empty(self.model)
        self.changes = 0
        """changes of the schedule so far"""

    def to_the_end(self) -> None:
        """Live day after day until the run stops."""
        window, day = self.centre.window, 0
        self._make_room(contacts=0)
        for when, what in ((window.end, CHECK), (window.limit, STOP)):
            push(self.state, when, first(Kind.RUN_END, 0), what, 0)
        while self.state.counters[at.STOPPED] == 0:
            self._change(day)
            if day * DAY < window.last_arrival:
                self._arrive(day)
            times = np.ascontiguousarray(self.state.customer_floats[:, at.CAME])
            while run(self.model, self.state, times, (day + 1) * DAY):
                self._make_room(contacts=self.state.contact_ints.shape[0])
            day += 1

    def _make_room(self, contacts: int) -> None:
        """Room for so many contacts more, and for the timers of all."""
        s, rows = self.state, int(self.state.counters[at.CONTACTS]) + contacts + ROOM
        timers = TIMERS_EACH * rows + self.changes + ROOM
        self.state = s._replace(
            contact_ints=grown(s.contact_ints, rows), contact_floats=grown(s.contact_floats, rows),
            calendar=grown(s.calendar, timers), calendar_time=grown(s.calendar_time, timers),
        )  # fmt: skip

    def _change(self, day: int) -> None:
        """The day's changes of the schedule come on the calendar."""
        window = self.centre.window
        changes = self.schedule.changes(day) if day * DAY < window.limit else []
        begin, self.changes = self.changes, self.changes + len(changes)
        agents = self.model.pool_of.size
        duties = int(self.state.counters[at.DUTIES]) + agents * (len(changes) + 1)
        self.state = self.state._replace(
            changes=grown(self.state.changes, self.changes), duties=grown(self.state.duties, duties)
        )
        self._make_room(contacts=0)
        for row, change in enumerate(changes, begin):
            self.state.changes[row] = change.action, change.who, change.agents
            push(self.state, change.time, change.kind << SUBJECT_BITS | change.subject, 0, row)

    def _arrive(self, day: int) -> None:
        """The day's customers are there, to come at their times."""
        today = self.arrivals.day(day)
        use = today.time < self.centre.window.last_arrival
        begin = int(self.state.counters[at.CUSTOMERS])
        end = begin + int(use.sum())
        s = self.state = self.state._replace(
            customer_ints=grown(self.state.customer_ints, end), customer_floats=grown(self.state.customer_floats, end)
        )
        s.counters[at.CUSTOMERS] = end
        s.customer_floats[begin:end, at.CAME], s.customer_floats[begin:end, at.LEFT] = today.time[use], nan
        columns = ((at.ENTITY, today.entity), (at.SEGMENT, today.segment), (at.REASON, today.reason))
        for column, values in (*columns, (at.FIRST_CHANNEL, today.channel)):
            s.customer_ints[begin:end, column] = values[use]

    def refuse_endless(self) -> None:
        """Raises InputError where a journey without a cap never ends, as the SimPy engine does."""
        s, journeys = self.state, self.centre.journeys
        capped = np.flatnonzero(s.customer_ints[:, at.END] == int(End.CAPPED))
        if s.counters[at.STOPPED] != at.ENDLESS and (journeys.capped or not capped.size):
            return
        who = int(capped[0]) if capped.size else int(s.contact_ints[int(s.counters[at.CONTACTS]) - 1, at.WHO])
        channel = int(s.contact_ints[s.customer_ints[who, at.LAST], at.CHANNEL])
        raise InputError(endless_journey(self.centre.tables.channels[channel]))

    def log(self) -> Log:
        """What happened."""
        s, written = self.state, Written()
        stopped = float(s.clock[0])
        close_duties(self.model, s)
        came = int(s.counters[at.NEXT_ARRIVAL])
        ints, floats = s.customer_ints[:came], s.customer_floats[:came]
        written.customers.add_all(
            ints[:, at.ENTITY], ints[:, at.SEGMENT], ints[:, at.REASON], ints[:, at.FIRST_CHANNEL], floats[:, at.CAME],
            floats[:, at.LEFT], ints[:, at.END], ints[:, at.LEGS], floats[:, at.FRUSTRATION],
        )  # fmt: skip
        begun = int(s.counters[at.CONTACTS])
        entity, ints, floats = s.customer_ints[:, at.ENTITY], s.contact_ints[:begun], s.contact_floats[:begun]
        written.contacts.add_all(
            entity[ints[:, at.WHO]], ints[:, at.NUMBER], ints[:, at.CHANNEL], floats[:, at.ARRIVED],
            floats[:, at.ANSWERED], floats[:, at.ENDED], floats[:, at.RELEASED], ints[:, at.AGENT],
            ints[:, at.OUTCOME], ints[:, at.CONTEXT], ints[:, at.VIA], ints[:, at.REOPENS], floats[:, at.MOOD],
            ints[:, at.FLAGS],
        )  # fmt: skip
        written.duties.add_all(*s.duties[: int(s.counters[at.DUTIES])].T)
        for day in range(min(ceil(self.centre.window.limit / DAY), int(stopped // DAY) + 2)):
            for row in self.schedule.paid(day):
                written.staffing.add(*row)
        return assembled(written, self.centre, self.config.feelings, self.key, stopped, self.schedule.sizes)


def simulate(config: Configuration, seed: int, replication: int) -> Log:
    """One replication on the compiled engine. Raises InputError for what it does not simulate, by name."""
    run_of_it = Run(config, centre_of(config), seed, replication)
    if run_of_it.lacking:
        raise InputError(Problem("engine", f"the compiled engine does not simulate: {', '.join(run_of_it.lacking)}"))
    run_of_it.to_the_end()
    run_of_it.refuse_endless()
    return run_of_it.log()

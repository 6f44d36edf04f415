"""One replication on the compiled engine: day after day of arrivals and changes goes in, the log comes out.

Comes in: a checked configuration whose mechanisms it has (`missing`), a seed and a replication. Goes out: a `Log`.
"""

from __future__ import annotations

from math import ceil, nan

import numpy as np

from ...chance.arrivals import Arrivals
from ...coded.centre import Centre, centre_of, endless_journey, endless_thread, nobody_to_serve
from ...coded.order import SUBJECT_BITS, Kind, first
from ...coded.schedule import Action, Change, Schedule
from ...errors import InputError, Problem
from ...log.assembly import Written, assembled
from ...log.tables import Log
from ...model.centre import Configuration
from ...model.outcomes import End
from ...model.units import DAY
from . import state as at
from .bundle import handed
from .calendar import push
from .loop import CHECK, CLEAR, ROOM, STOP, TIMERS_EACH, run
from .model import Model, missing, model_of
from .state import State, empty, grown
from .writing import close_duties, close_holdings

SPELLS = 2
"""most spells of duty an agent has beside those that the day's changes begin: one begun before, one after a break"""


class Run:
    """A replication under way: the state, which grows from day to day."""

    def __init__(self, config: Configuration, centre: Centre, seed: int, replication: int) -> None:
        self.centre, self.config, self.key = centre, config, (seed, replication)
        self.arrivals = Arrivals(config, seed, replication)
        self.schedule = Schedule(config, centre.tables, seed, replication)
        self.lacking = missing(centre)
        """names of what this engine does not simulate"""
        self.model: Model = model_of(centre, self.schedule.sizes, seed, replication)
        self.state: State = empty(self.model)
        self.changes = 0
        """changes of the schedule so far"""

    def to_the_end(self) -> None:
        """Live day after day until the run stops."""
        window, day = self.centre.window, 0
        self._make_room(timers=0)
        ends = ((window.end, CHECK), (window.end, CLEAR), (window.limit, STOP))
        for when, what in ends if window.clears else ends[::2]:
            push(handed(self.state), when, first(Kind.RUN_END, 0), what, 0)
        while self.state.counters[at.STOPPED] == 0:
            self._change(day)
            if day * DAY < window.last_arrival:
                self._arrive(day)
            times = np.ascontiguousarray(self.state.customer_floats[:, at.CAME])
            while run(handed(self.model), handed(self.state), times, float((day + 1) * DAY)):
                self._make_room(timers=0)
            day += 1

    def _make_room(self, timers: int) -> None:
        """Room for all that one event can write, and for so many timers more."""
        s, most = self.state, ROOM + self.model.most_held
        contacts, holdings = int(s.counters[at.CONTACTS]) + ROOM, int(s.counters[at.HOLDINGS]) + most
        timers += int(s.counters[at.CALENDAR] + s.counters[at.IN_LINE]) + TIMERS_EACH * most
        self.state = s._replace(
            contact_ints=grown(s.contact_ints, contacts), contact_floats=grown(s.contact_floats, contacts),
            holding_ints=grown(s.holding_ints, holdings), holding_floats=grown(s.holding_floats, holdings),
            calendar=grown(s.calendar, timers), calendar_time=grown(s.calendar_time, timers),
        )  # fmt: skip

    def _change(self, day: int) -> None:
        """The day's changes of the schedule come on the calendar."""
        window = self.centre.window
        changes = self.schedule.changes(day) if day * DAY < window.limit else []
        begin, self.changes = self.changes, self.changes + len(changes)
        agents = self.model.pool_of.size
        duties = int(self.state.counters[at.DUTIES]) + agents * (len(changes) + SPELLS)
        s = self.state
        self.state = s._replace(
            changes=grown(s.changes, self.changes), change_lengths=grown(s.change_lengths, self.changes),
            duties=grown(s.duties, duties),
        )  # fmt: skip
        self._make_room(timers=len(changes))
        for row, change in enumerate(changes, begin):
            agents = self._planned(change) if change.action == Action.CLOSES else change.agents
            self.state.changes[row] = change.action, change.who, agents
            self.state.change_lengths[row] = change.length
            push(handed(self.state), change.time, change.kind << SUBJECT_BITS | change.subject, 0, row)

    def _planned(self, change: Change) -> int:
        """Whether anybody who serves a channel is planned to be on duty as it closes."""
        units = self.model.units
        return int(self.schedule.planned_at([p for p in range(len(units)) if units[p, change.who] > 0], change.time))

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
        """Raises InputError where a journey without a cap never ends, a contact's turns do not, or nobody is there for
        a queue that is to be served to its end, as the SimPy engine does."""
        s, journeys, names = self.state, self.centre.journeys, self.centre.tables.channels
        culprit = int(s.counters[at.CULPRIT])
        if s.counters[at.STOPPED] == at.ENDLESS_THREAD:
            raise InputError(endless_thread(names[int(s.contact_ints[culprit, at.CHANNEL])]))
        if s.counters[at.STOPPED] == at.NOBODY_THERE:
            raise InputError(nobody_to_serve(names[culprit], int(s.waiting[culprit])))
        capped = np.flatnonzero(s.customer_ints[:, at.END] == int(End.CAPPED))
        if s.counters[at.STOPPED] != at.ENDLESS and (journeys.capped or not capped.size):
            return
        who = int(capped[0]) if capped.size else int(s.contact_ints[int(s.counters[at.CONTACTS]) - 1, at.WHO])
        channel = int(s.contact_ints[s.customer_ints[who, at.LAST], at.CHANNEL])
        raise InputError(endless_journey(names[channel]))

    def log(self) -> Log:
        """What happened."""
        s, written = self.state, Written()
        stopped = float(s.clock[0])
        close_duties(handed(self.model), handed(s))
        close_holdings(handed(self.model), handed(s))
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
        self._write_turns(written)
        written.duties.add_all(*s.duties[: int(s.counters[at.DUTIES])].T)
        for day in range(min(ceil(self.centre.window.limit / DAY), int(stopped // DAY) + 2)):
            for row in self.schedule.paid(day):
                written.staffing.add(*row)
        return assembled(written, self.centre, self.config.feelings, self.key, stopped, self.schedule.sizes)

    def _write_turns(self, written: Written) -> None:
        s, held = self.state, int(self.state.counters[at.HOLDINGS])
        ints, floats = s.holding_ints[:held], s.holding_floats[:held]
        contacts = s.contact_ints[ints[:, at.CONTACT]]
        times = (at.TAKEN_FROM, at.TAKEN, at.BEGUN, at.DONE_AT, at.GIVEN_BACK, at.ATTENTION, at.WORK)
        written.turns.add_all(
            s.customer_ints[contacts[:, at.WHO], at.ENTITY], contacts[:, at.NUMBER], ints[:, at.FOR_TURN],
            ints[:, at.BY], *(floats[:, column] for column in times),
        )  # fmt: skip


def simulate(config: Configuration, seed: int, replication: int) -> Log:
    """One replication on the compiled engine. Raises InputError for what it does not simulate, by name."""
    run_of_it = Run(config, centre_of(config), seed, replication)
    if run_of_it.lacking:
        raise InputError(Problem("engine", f"the compiled engine does not simulate: {', '.join(run_of_it.lacking)}"))
    run_of_it.to_the_end()
    run_of_it.refuse_endless()
    return run_of_it.log()

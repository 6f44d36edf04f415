"""One replication on the compiled engine: day after day of arrivals and changes goes in, the log comes out.

Comes in: a checked configuration whose mechanisms it has (`missing`), a seed and a replication. Goes out: a `Log`.
What does not depend on chance is made once for a configuration (`Prepared`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, NamedTuple

import numpy as np

from ...chance.arrivals import Arrivals, Customers
from ...chance.jit import has_machine_code, is_ready
from ...chance.sections import made_of
from ...coded.centre import Window, centre_of, endless_journey, endless_thread, nobody_to_serve
from ...coded.schedule import clock_of
from ...errors import InputError, Problem
from ...log.tables import Log
from ...memory import keep_freed
from ...model.centre import Centre, Configuration
from ...model.outcomes import End
from ...model.run import Run as Asked
from ...model.units import DAY
from ...rules.numbers import Floats, Ints
from . import state as at
from .blocks import Placed
from .bundle import changed, packed, with_numbers
from .calendar import push_all, push_ends
from .changes import Changes, Days, Table, days_of
from .history import log_of
from .loop import CHECK, CLEAR, ROOM, STOP, TIMERS_EACH, run
from .model import Model, missing, model_of
from .state import TABLES, State, empty, grown, no_rows, restart, size_of
from .writing import announce, close

SPELLS = 2
"""most spells of duty an agent has beside those that the day's changes begin: one begun before, one after a break"""
MOST_AT_ONCE = 10_000
"""customers that are announced at a time: tables need no room for a whole day of a very large centre"""
PREPARED = 8
"""configurations that are kept prepared"""
PARTS = Centre.model_fields.keys() - {"demand"}
"""sections that a centre is coded from"""
ASKED = Configuration.model_fields.keys() - Centre.model_fields.keys() - {"run"}
"""sections that say what is asked, which no engine reads"""


class Prepared:
    """All of a configuration that is the same in each of its replications, and with any other seed; but for its
    arrivals, with any other demand, too. What must not matter is hidden while it is made, so that it cannot."""

    def __init__(self, config: Configuration) -> None:
        self.config = config
        """the last that asked for it"""
        self.run = _run_of(config)
        hidden: dict[str, Any] = {**dict.fromkeys(ASKED), "demand": None, "run": self.run}
        bare = config.model_copy(update=hidden)
        self.centre = centre_of(bare)
        self.lacking = missing(self.centre)
        """names of what this engine does not simulate"""
        self.arrivals = self._arrivals(config)
        self.days = self._days(bare)
        self.sizes = self.days.schedule.sizes
        self.model: Model = model_of(self.centre, self.sizes, 0, 0)
        self.handed: Model = packed(self.model)
        self.ends = _ends(self.centre.window)
        self.size = size_of(self.model)

    def _days(self, bare: Configuration) -> Days:
        tables = self.centre.tables
        serving = tuple(tuple(np.flatnonzero(of_channel).tolist()) for of_channel in tables.desks.units.T)
        return days_of(bare, clock_of(bare, tables), serving, self.centre.window.limit)

    def _arrivals(self, config: Configuration) -> Arrivals:
        hidden: dict[str, Any] = {**dict.fromkeys(ASKED), "run": self.run}
        return Arrivals(config.model_copy(update=hidden), 0, 0)

    def serves(self, config: Configuration) -> bool:
        """Whether a configuration is that of this centre, except perhaps for its demand and its seed: made of the very
        same parts, which never change."""
        same = all(getattr(config, name) is getattr(self.config, name) for name in PARTS)
        return same and (config.run is self.config.run or {**vars(config.run), "seed": None} == vars(self.run))

    def with_demand_of(self, config: Configuration) -> Prepared:
        """The same centre with the demand of a configuration that it serves."""
        other = copy(self)
        other.config, other.arrivals = config, self._arrivals(config)
        return other


@made_of("run")
def _run_of(config: Configuration) -> Asked:
    """The run that is asked, with any seed."""
    return config.run.model_copy(update={"seed": None})


def _ends(window: Window) -> tuple[Floats, Ints]:
    """When the run ends, and what happens then."""
    ends = [(window.end, CHECK), (window.end, CLEAR), (window.limit, STOP)]
    times, what = zip(*(ends if window.clears else ends[::2]), strict=True)
    return np.array(times, dtype=np.float64), np.array(what, dtype=np.int64)


_PREPARED: list[Prepared] = []
"""the last few, the last one first"""


def prepared(config: Configuration) -> Prepared:
    """The configuration, prepared; what another one has in common with it is taken over, as long as that is among the
    last few."""
    keep_freed()
    for known in _PREPARED:
        if known.config is config:
            return known
    fitting = [known for known in _PREPARED if known.serves(config)]
    for known in fitting:
        if known.config.demand is config.demand:
            known.config = config
            return known
    made = fitting[0].with_demand_of(config) if fitting else Prepared(config)
    _PREPARED[:] = [made, *_PREPARED[: PREPARED - 1]]
    return made


class Memory(NamedTuple):
    """What machine code works on in one run: the model and the state."""

    base: Prepared
    model: Model
    state: Placed[State]


_SPARE: list[Memory] = []
"""of runs that are over: those that begin take all of one, or, of another configuration, what they can; a thread has
one run at a time"""
LARGEST_SPARE = 1 << 28
"""bytes of tables that are kept"""


def _memory(base: Prepared, seed: int, replication: int) -> Memory:
    """That of a replication at its start."""
    key = {"seed": seed, "replication": replication}
    try:
        spare = _SPARE.pop()
    except IndexError:
        return Memory(base, changed(base.handed, **key), empty(base.size, no_rows()))
    state, same = spare.state, spare.base.model is base.model
    if spare.base.size == base.size:
        restart(state)
    else:
        state = empty(base.size, {name: getattr(state.values, name) for name in TABLES})
    return Memory(base, with_numbers(spare.model, **key) if same else changed(base.handed, **key), state)


class Run:
    """A replication under way: the state, which grows from day to day."""

    def __init__(self, base: Prepared, seed: int, replication: int) -> None:
        self.base, self.centre, self.key = base, base.centre, (seed, replication)
        self.arrivals = base.arrivals.of(seed, replication)
        self.schedule = base.days.schedule.of(seed, replication)
        self.memory = _memory(base, seed, replication)
        self.model, self.state, self.handed = self.memory.model, self.memory.state.values, self.memory.state.live
        self.changes = 0
        """changes of the schedule so far"""

    def stretches(self) -> Iterator[None]:
        """Live stretch after stretch, each of MOST_AT_ONCE customers and of a day at most, or of several quiet ones,
        until the run stops."""
        day, changes = 0, self.base.days.changes(self.schedule, 0)
        self._make_room(timers=self.base.ends[0].size)
        push_ends(self.handed, *self.base.ends)
        while self.state.counters[at.STOPPED] == 0:
            self._change(changes)
            today, (day, changes) = day, self._next(day)
            for until in self._arrivals_of(today, float(day * DAY)):
                while run(self.model, self.handed, until):
                    self._make_room(timers=0)
                yield

    def _next(self, after: int) -> tuple[int, Changes]:
        """The next day on which anything comes, or twice as late a day, and its changes: what is left of the journeys
        is lived over the quiet days between at once."""
        day = after + 1
        changes = self.base.days.changes(self.schedule, day)
        while not changes.times.size and day * DAY >= self.centre.window.last_arrival and day <= 2 * after:
            day += 1
            changes = self.base.days.changes(self.schedule, day)
        return day, changes

    def to_the_end(self) -> None:
        """Live until the run stops."""
        for _ in self.stretches():
            pass

    def _grow(self, **rows: int) -> None:
        """Tables, by name, have room for so many rows."""
        small = {name: size for name, size in rows.items() if getattr(self.state, name).shape[0] < size}
        if small:
            larger: dict[str, Any] = {name: grown(getattr(self.state, name), size) for name, size in small.items()}
            self.state, self.handed = self.state._replace(**larger), changed(self.handed, **larger)

    def _make_room(self, timers: int, contacts: int = 0, **rows: int) -> None:
        """Room for all that one event can write, and for so many timers and contacts more; other tables, by name, have
        room for so many rows."""
        used, most = self.state.counters, ROOM + self.base.model.most_held
        contacts += int(used[at.CONTACTS]) + ROOM
        holdings = int(used[at.HOLDINGS]) + most
        timers += int(used[at.CALENDAR] + used[at.IN_LINE]) + TIMERS_EACH * most
        self._grow(
            contact_ints=contacts, contact_floats=contacts, holding_ints=holdings, holding_floats=holdings,
            timers=timers, timer_time=timers, soon=timers, soon_time=timers, **rows,
        )  # fmt: skip

    def _change(self, changes: Changes) -> None:
        """A day's changes of the schedule come on the calendar."""
        count = changes.times.size
        begin, self.changes = self.changes, self.changes + count
        spells = SPELLS * self.base.model.pool_of.size + changes.spells
        duties = int(self.state.counters[at.DUTIES]) + spells
        self._make_room(timers=count, changes=self.changes, change_lengths=self.changes, duties=duties)
        if count:
            self.state.changes[begin : self.changes] = changes.rows
            self.state.change_lengths[begin : self.changes] = changes.lengths
            push_all(self.handed, changes.times, changes.keys, 0, begin)

    def _arrivals_of(self, day: int, end: float) -> Iterator[float]:
        """The customers of a day are there, to come at their times, some after others until the run stops: the time
        until which they are all, the last of them `end`."""
        last = self.centre.window.last_arrival
        if day * DAY >= last:
            yield end
            return
        today = self.arrivals.day(day, last)
        count = int(np.searchsorted(today.time, last))
        for first_one in range(0, max(count, 1), MOST_AT_ONCE):
            next_one = first_one + MOST_AT_ONCE
            self._announce(today, first_one, min(next_one, count))
            yield float(today.time[next_one]) if next_one < count else end
            if self.state.counters[at.STOPPED]:
                return

    def _announce(self, today: Customers, first_one: int, last_one: int) -> None:
        begin, count = int(self.state.counters[at.CUSTOMERS]), last_one - first_one
        end, these = begin + count, slice(first_one, last_one)
        self._make_room(timers=0, contacts=count, customer_ints=end, customer_floats=end)
        self.state.counters[at.CUSTOMERS] = end
        who = (column[these] for column in (today.entity, today.segment, today.reason, today.channel))
        announce(self.handed, begin, count, today.time[these], *who)

    def refuse_endless(self) -> None:
        """Raises InputError where a journey without a cap never ends, a contact's turns do not, or nobody is there for
        a queue that is to be served to its end, as the SimPy engine does."""
        s, journeys, names = self.state, self.centre.journeys, self.centre.tables.channels
        culprit = int(s.counters[at.CULPRIT])
        if s.counters[at.STOPPED] == at.ENDLESS_THREAD:
            raise InputError(endless_thread(names[int(s.contact_ints[culprit, at.CHANNEL])]))
        if s.counters[at.STOPPED] == at.NOBODY_THERE:
            raise InputError(nobody_to_serve(names[culprit], int(s.waiting[culprit])))
        if s.counters[at.STOPPED] != at.ENDLESS and (journeys.capped or not s.counters[at.CAPPED]):
            return
        capped = np.flatnonzero(s.customer_ints[: s.counters[at.NEXT_ARRIVAL], at.END] == int(End.CAPPED))
        who = int(capped[0]) if capped.size else int(s.contact_ints[int(s.counters[at.CONTACTS]) - 1, at.WHO])
        channel = int(s.contact_ints[s.customer_ints[who, at.LAST], at.CHANNEL])
        raise InputError(endless_journey(names[channel]))

    def log(self) -> Log:
        """What happened; the run is over."""
        close(self.model, self.handed)
        log = self.log_so_far(self.state, self.handed, self.base.days.paid)
        if sum(getattr(self.state, name).nbytes for name in TABLES) <= LARGEST_SPARE:
            self.memory.state.values, self.memory.state.live = self.state, self.handed
            _SPARE.append(self.memory)
        return log

    def log_so_far(self, state: State, live: State, paid: Callable[[int], Table]) -> Log:
        """What has happened, by a state in which all spells and holds are over, and by the same as machine code takes
        it; `paid` gives the table of those paid on the first days."""
        return log_of(state, live, self.centre, self.base.config, self.key, self.base.sizes, paid)


_SAID: list[str] = []


def warn_of_compiling() -> None:
    """Says once that the engine compiles, where it is the machine code that runs."""
    if not _SAID and has_machine_code():
        _SAID.append("compiling the fast engine, once for this version: about half a minute ...")
        print(_SAID[0], file=sys.stderr, flush=True)


def simulate(config: Configuration, seed: int, replication: int) -> Log:
    """One replication on the compiled engine. Raises InputError for what it does not simulate, by name."""
    life = begun(config, seed, replication)
    life.to_the_end()
    life.refuse_endless()
    return life.log()


def begun(config: Configuration, seed: int, replication: int) -> Run:
    """A replication at its start. Raises InputError for what this engine does not simulate, by name."""
    base = prepared(config)
    if base.lacking:
        raise InputError(Problem("engine", f"the compiled engine does not simulate: {', '.join(base.lacking)}"))
    if not is_ready(run):
        warn_of_compiling()
    return Run(base, seed, replication)

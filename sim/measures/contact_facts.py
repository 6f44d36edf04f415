"""What a log says about contacts, arranged for measuring: those that joined a channel within the measured window.

Comes in: one log (or a piece of one) and its configuration. Goes out: arrays with a number for each contact of the
window; `sim.measures.window` adds its journeys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..chance.hours import open_seconds
from ..log.tables import Log
from ..model.calendar import cycle_of, spans_of
from ..model.centre import Configuration
from ..model.outcomes import Outcome
from ..model.units import DAY
from ..sums.marks import target_codes
from ..sums.places import sums
from ..sums.times import seconds, waits
from .columns import Columns, Floats, Ints, Label, Labels, columns_of
from .layout import Layout, layout_of
from .runs import OfRuns

Bools = NDArray[np.bool_]
Selection = Bools | slice
T = TypeVar("T")
_NOT_YET: Any = object()
SERVED = (Outcome.RESOLVED, Outcome.FAILED, Outcome.TRANSFERRED)


class ContactFacts(OfRuns):
    """Contacts and their attributes within the measured window of one log, or of several that were joined."""

    def __init__(self, log: Log, config: Configuration) -> None:
        super().__init__(log, (config,), (log.stopped,))
        self.layout: Layout = layout_of(log, config)
        self.columns: Columns = columns_of(config, log.window)
        self._once: dict[Any, Any] = {}

    @cached_property
    def inside(self) -> Selection:
        """Which contacts of the log joined within the window, and are counted."""
        counted = self.log.counted
        return self.within(self.log.contacts["arrived"], None if counted is None else counted[self._customer])

    def within(self, times: Floats, counted: Bools | None) -> Selection:
        """Which times lie in the window, of those that are counted."""
        start, end = self.log.window
        inside = (times >= start) & (times < end)
        return selection(inside if counted is None else inside & counted)

    def once(self, make: Callable[..., T], *of: Any) -> T:
        """What `make` gives of these facts (and `of`), made once for all measures that ask; not to be changed."""
        key = (make, of)
        made = self._once.get(key, _NOT_YET)
        if made is _NOT_YET:
            made = self._once[key] = make(self, *of)
        return made  # type: ignore[no-any-return]

    def channels_of(self, kinds: Sequence[str]) -> list[int]:
        """Numbers of the channels of these kinds."""
        return self.once(_channels_of, tuple(kinds))

    def names(self, channels: Sequence[int]) -> tuple[str, ...]:
        """Names of channels by their numbers."""
        return tuple(self.log.channels[i] for i in channels)

    def of(self, name: str) -> NDArray[np.generic]:
        """A column of the contacts in the window."""
        return self.once(_of_window, name)

    @property
    def contacts(self) -> int:
        """How many contacts there are in the window."""
        return self.of("entity").size

    @cached_property
    def _customer(self) -> Ints:
        """The customer of each contact of the log, by place: both tables are sorted by customer."""
        owners, customers = self.log.contacts["entity"], self.log.customers["entity"]
        if owners.size == customers.size and bool((owners == customers).all()):
            return np.arange(owners.size)
        first = np.searchsorted(owners, customers)
        return np.repeat(np.arange(first.size), np.diff(first, append=owners.size))

    def owned(self, name: str) -> Ints:
        """A whole-number column of the customers (segment, reason), by contact of the window."""
        return np.asarray(self.log.customers[name][self._customer[self.inside]].astype(np.int64))

    @property
    def labels(self) -> Labels:
        """`channel`, `segment`, `reason` and `group` of agents of the contacts of the window (the last number is that
        of contacts without an agent)."""
        log = self.log
        groups = len(log.pools)
        group = np.concatenate((log.agent_pool, [groups]))[self.of("agent")]  # -1, no agent, is the last
        labels: dict[str, Label] = {"channel": (self.of("channel"), len(log.channels)), "group": (group, groups + 1)}
        if self.runs > 1:
            labels["run"] = self._run_of_each, self.runs
        for name, known in (("segment", log.segments), ("reason", log.reasons)):
            if len(known) > 1:
                labels[name] = self.owned(name), len(known)
        return labels

    @cached_property
    def in_channel(self) -> tuple[Ints, ...]:
        """For each channel the contacts of the window that joined it, by place."""
        if len(self.log.channels) == 1:
            return (np.arange(self.channel.size),)
        order = np.argsort(self.of("channel"), kind="stable")
        ends = np.cumsum(np.bincount(self.channel, minlength=len(self.log.channels)))
        return tuple(np.split(order, ends[:-1]))

    @cached_property
    def channel(self) -> Ints:
        """Channel of each contact."""
        return self.of("channel").astype(np.int64)

    @cached_property
    def arrived(self) -> Floats:
        """When each contact joined, s."""
        return self._times("arrived")

    @cached_property
    def outcome(self) -> Ints:
        """Outcome of each contact."""
        return self.of("outcome").astype(np.int64)

    def ended_as(self, *outcomes: Outcome) -> Floats:
        """1 for contacts with one of the outcomes, else 0."""
        return np.asarray(_one_of(outcomes)[self.of("outcome")])

    @cached_property
    def served(self) -> Floats:
        """1 for contacts that an agent or a session dealt with to the end."""
        return self.ended_as(*SERVED)

    @cached_property
    def assisted(self) -> Floats:
        """1 for contacts that an agent dealt with."""
        return self.served * (self.of("agent") >= np.int32(0))

    @cached_property
    def wait(self) -> Floats:
        """Wait of each contact, s."""
        return np.asarray(self._all_waits[self.inside])

    @cached_property
    def _all_waits(self) -> Floats:
        """Wait by contact of the log, s."""
        return waits(self.log.contacts, self.stopped, self.run("contacts"))

    @property
    def _run_of_each(self) -> Ints:
        """The run of each contact of the window; `ONE` of a single run."""
        return self.run("contacts") if self.runs == 1 else self.run("contacts")[self.inside]

    @cached_property
    def talk(self) -> Floats:
        """Session or talk time of served contacts, all turns together, s; 0 for others."""
        return self._of_turns("answered", "ended", self.served > 0)

    @cached_property
    def wrap_up(self) -> Floats:
        """Wrap-up of served contacts, all turns together, s; 0 for others."""
        return self._of_turns("ended", "released", self.assisted > 0)

    def _of_turns(self, early: str, late: str, which: Bools) -> Floats:
        """Seconds between two moments of these contacts; where a contact has turns, of all its turns together."""
        turns, whole = self.log.turns, seconds(self._times(early), self._times(late), which)
        if not turns["entity"].size:
            return whole
        by_turn = self.turn_sums(turns[late] - turns[early])[self.inside]
        return np.where(which & (self.of("turns").astype(int) > 0), by_turn, whole)

    def _times(self, name: str) -> Floats:
        """A column of moments of the contacts in the window."""
        return np.asarray(self.of(name), dtype=float)

    def turn_sums(self, values: Floats) -> Floats:
        """(contacts of the log,): sums over the turns of each contact; what did not happen counts as zero."""
        return sums(self.contact_of_turn, without_nan(values, 0.0), self.log.contacts["entity"].size)

    @cached_property
    def contact_of_turn(self) -> Ints:
        """The contact of the log that each turn is of, by place."""
        contacts, turns = self.log.contacts, self.log.turns
        return np.asarray(np.searchsorted(contacts["entity"], turns["entity"]) + turns["number"] - 1)

    @cached_property
    def response(self) -> Floats:
        """Wait by the clock of each channel's target, s."""
        channels = [self.config.channels[name] for name in self.log.channels]
        by_hours = [i for i, each in enumerate(channels) if each.target and each.target.clock == "business"]
        if not by_hours:
            return self.wait
        run, wait = self.config.run, self.wait.copy()
        cycle, offset = cycle_of(channels, run), run.start.weekday() * DAY
        for number in by_hours:
            mine, spans = self.in_channel[number], spans_of(channels[number], run, cycle)
            begin = self.arrived[mine] + offset
            wait[mine] = open_seconds(begin + wait[mine], spans, cycle) - open_seconds(begin, spans, cycle)
        return wait

    @cached_property
    def target(self) -> Ints:
        """0 for contacts of channels without a target, 1 for those that missed theirs, 2 for those that met it."""
        within, inclusive = (each.reshape(self.runs, -1) for each in self.given(lambda given: given.targets).T)
        if np.isnan(within).all():
            return np.zeros(self.wait.size, dtype=np.int64)
        code = np.empty(self.wait.size, dtype=np.int64)
        target_codes(code, self.of("channel"), self._run_of_each, self.response, within, inclusive)
        return code

    @cached_property
    def in_time(self) -> Floats:
        """1 where the response was within the channel's target; NaN where the channel has none."""
        return np.array([np.nan, 0.0, 1.0])[self.target]

    @cached_property
    def self_service(self) -> Floats:
        """1 for contacts in self-service channels."""
        return np.asarray(self._of_self_service[self.channel], dtype=float)

    @property
    def _of_self_service(self) -> Bools:
        """Which channels are of self-service."""
        return np.array([kind == "self_service" for kind in self.layout.kinds])

    @cached_property
    def work(self) -> Floats:
        """Work of contacts that have turns, all turns together, s of an agent at speed 1; 0 for others."""
        return np.asarray(self.turn_sums(self.log.turns["work"])[self.inside])

    @cached_property
    def _all_agent_seconds(self) -> Floats:
        """Agents' time by contact of the log, s; shared agents' time is split equally between what they hold."""
        contacts = self.log.contacts
        alone = seconds(contacts["answered"], contacts["released"], contacts["agent"] >= 0)
        if not self.log.turns["entity"].size:
            return alone
        return np.where(contacts["turns"] > 0, self.turn_sums(self.log.turns["attention"]), alone)

    @cached_property
    def agent_seconds(self) -> Floats:
        """Agents' time by contact of the window, s."""
        return np.asarray(self._all_agent_seconds[self.inside])


def without_nan(values: Floats, instead: float) -> Floats:
    """What did not happen counts as something else; `np.nan_to_num` looks at infinities besides."""
    return np.where(np.isnan(values), instead, values)


def selection(which: Bools) -> Selection:
    """What chooses these; all of them without a copy of each column."""
    return slice(None) if which.all() else which


@cache
def _one_of(outcomes: tuple[Outcome, ...]) -> Floats:
    """1 for these outcomes, else 0."""
    return np.isin(np.arange(len(Outcome)), outcomes).astype(np.float64)


def _channels_of(facts: ContactFacts, kinds: tuple[str, ...]) -> list[int]:
    return list(facts.layout.of_kinds(kinds))


def _of_window(facts: ContactFacts, name: str) -> NDArray[np.generic]:
    return np.asarray(facts.log.contacts[name][facts.inside])

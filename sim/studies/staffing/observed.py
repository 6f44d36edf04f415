"""What a simulated staffing gave, slot by slot: service level, abandonment, handle time, occupancy.

Comes in: logs. Goes out: `Observed`, sums over sums by slot and replication. The measures are those of the catalogue,
with slots in place of its time columns; occupancy of agents who hold several contacts at a time is the share of their
slots in use. A deferred channel counts the contacts that join in its opening hours: nobody can answer within minutes
what comes at night to a group that is at work by day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...coded.lines import Desks, desks_of
from ...log.tables import Log
from ...measures.catalogue import CONTACT_MEASURES
from ...measures.spans import PoolTime
from ...measures.window import Columns, Facts
from ...model.centre import Configuration
from ...model.channels import DeferredChannel
from ...model.units import DAY, WEEK
from ...runs.replicate import gathered
from ...statistics.estimates import ratio_with_interval
from .slots import Slots

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MEASURES = ("service_level", "abandoned", "aht")
_OF = {measure.name: measure for measure in CONTACT_MEASURES if measure.name in MEASURES}


class SlotColumns(Columns):
    """Time columns of which the first is the whole window and the others are slots."""

    def __init__(self, config: Configuration, window: tuple[float, float], slots: Slots) -> None:
        super().__init__(config.run.interval, window)
        self.slots, self.interval, self.count = slots, slots.length, 1 + slots.count

    def places(self, time: Floats) -> Ints:
        """(2, times): the whole window and the slot; `count` for a time without one."""
        slot = self.slots.of(time)
        return np.stack([np.zeros_like(slot), np.where(slot < 0, self.count, 1 + slot)])


@dataclass(frozen=True)
class Observed:
    """`sums` (replications, rows, columns): for each measure tops by channel then bottoms by channel, then seconds
    in which agents are busy (or slots in use) by group, then seconds on duty."""

    channels: tuple[str, ...]
    groups: tuple[str, ...]
    sums: Floats

    def parts(self, scope: str, name: str, measure: str) -> tuple[Floats, Floats]:
        """Top and bottom (replications, columns) of a measure of a channel, or of a group's occupancy."""
        c = len(self.channels)
        if scope == "pool":
            at = 2 * len(MEASURES) * c + self.groups.index(name)
            return self.sums[:, at], self.sums[:, at + len(self.groups)]
        at = 2 * MEASURES.index(measure) * c + self.channels.index(name)
        return self.sums[:, at], self.sums[:, at + c]

    def value(self, scope: str, name: str, measure: str) -> Floats:
        """The ratio over all replications by column; NaN where nothing was offered."""
        top, bottom = (part.sum(axis=0) for part in self.parts(scope, name, measure))
        return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0))

    def with_interval(self, scope: str, name: str, measure: str, confidence: float) -> tuple[Floats, Floats]:
        """The ratio and its half width by column."""
        return ratio_with_interval(*self.parts(scope, name, measure), confidence)

    @property
    def work(self) -> Floats:
        """(replications, columns): handle time of the contacts that arrived in each column and were served."""
        return np.asarray(sum(self.parts("channel", name, "aht")[0] for name in self.channels))

    def offered(self, channel: str) -> Floats:
        """Contacts offered when open, mean over replications, by column."""
        return np.asarray(self.parts("channel", channel, "abandoned")[1].mean(axis=0))


def slot_sums(log: Log, config: Configuration, slots: Slots) -> Floats:
    """The rows of `Observed.sums` for one replication."""
    facts = Facts(log, config)
    facts.columns = SlotColumns(config, log.window, slots)
    rows, size, counted = [], len(log.channels), _counted(facts)
    for name in MEASURES:
        measure = _OF[name]
        assert measure.top is not None
        assert measure.bottom is not None
        for part in (measure.top, measure.bottom):
            rows.append(facts.columns.sums(part(facts) * counted, facts.channel, size, facts.arrived))
    return np.vstack([*rows, *_slots_in_use(facts, desks_of(config))])


def _slots_in_use(facts: Facts, desks: Desks) -> tuple[Floats, Floats]:
    """(groups, columns): agents' seconds in use, and on duty.

    A group whose agents take one contact at a time is in use while they are busy; where they hold several, a contact
    takes the share of an agent that its slot is, and what lasts beyond the end of duty takes one slot of it.
    """
    time = PoolTime(facts)
    smallest = [units[units > 0].min(initial=most) for units, most in zip(desks.units, desks.capacity, strict=True)]
    slot = np.array(smallest) / desks.capacity
    return (time.held - time.overtime) * slot[:, None], time.duty


@dataclass(frozen=True)
class SlotSums:
    """`slot_sums` for `replicate(extra=...)`."""

    slots: Slots

    def __call__(self, log: Log, config: Configuration) -> Floats:
        return slot_sums(log, config, self.slots)


def _counted(facts: Facts) -> Floats:
    """1 for contacts that count: those of deferred channels only if they join in opening hours."""
    counted = np.ones(facts.arrived.size)
    week = (facts.arrived + facts.config.run.start.weekday() * DAY) % WEEK
    for number, name in enumerate(facts.log.channels):
        channel = facts.config.channels[name]
        if isinstance(channel, DeferredChannel):
            mine = facts.channel == number
            inside = np.any([(start <= week) & (week < end) for start, end in channel.hours] or [week < 0], axis=0)
            counted[mine] = inside[mine]
    return counted


def observed_of(config: Configuration, sums: Sequence[Floats]) -> Observed:
    """`Observed` from the sums of replications."""
    return Observed(config.open_channels, tuple(config.staffing), np.stack(sums))


def simulated(config: Configuration, slots: Slots, first: int = 0) -> Observed:
    """Simulates `config.run.replications` replications, numbered from `first`."""
    return observed_of(config, gathered(config, SlotSums(slots), first))


def together(parts: Sequence[Observed]) -> Observed:
    """Replications of several simulations of one staffing."""
    return replace(parts[0], sums=np.concatenate([each.sums for each in parts]))

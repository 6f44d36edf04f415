"""Needs: the unknown numbers of the study, each a number of agents for one or several slots.

Comes in: groups, slots and volumes. Goes out: `Need`s. Most slots are a need of their own. Slots with the same demand,
after the same demand, have the same need: they share one number, so that flat demand gets a flat answer, and what was
observed in all of them counts together. A group's level (agents at the peak of its plan) is one need, because the work
of deferred channels may wait for later intervals.

Why slots may be judged together: what happens in a slot depends on its own demand and on what the time before left
behind. The memory of a queue fades with its relaxation time, service time / (sqrt(agents) - sqrt(load))^2 (Newell,
Applications of Queueing Theory, 1982), a few minutes for calls at a usual load; `REACH` is many times that. So slots
whose demand was the same for `REACH` differ by less than anything here can measure. The slots after opening share the
number and are not counted with them: a centre that opens empty serves better at first, and that must not flatter the
rest (from empty, waits of a first-come queue only grow).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...model.centre import Configuration
from ...model.units import HOUR
from .formula import speeds_of
from .groups import Group
from .limits import Limit, can_leave, limits
from .slots import Slots
from .volumes import Volume, stated_alone

Floats = NDArray[np.float64]
Look = tuple[float, ...]
REACH = 2 * HOUR
"""how far back a slot remembers"""


@dataclass(frozen=True, eq=False)
class Need:
    """One unknown number of agents."""

    group: Group
    slots: tuple[int, ...]
    """that have the number; empty for a level"""
    judged: tuple[tuple[int, ...], ...]
    """columns of `Observed` that are judged together, each of them by all limits"""
    limits: tuple[Limit, ...]
    work: Floats | None = None
    """agents' time that is known to arrive, s by column of one replication; None where it is not known"""

    @property
    def is_level(self) -> bool:
        """Whether it is the level of a group with deferred channels."""
        return not self.slots


def needs_of(
    config: Configuration, slots: Slots, groups: list[Group], volumes: Mapping[str, Mapping[str, Volume]]
) -> list[Need]:
    """All needs, those of slots in the order of time. `volumes` is by group and channel."""
    found = []
    for group in groups:
        asked = tuple(limits(config, group))
        if group.by_interval:
            mine = tuple(each for each in asked if each.name not in group.deferred)
            found += list(_of_slots(config, slots, group, mine, volumes[group.name]))
        if group.deferred:
            found.append(Need(group, (), ((0,),), tuple(each for each in asked if each.name in group.deferred)))
    return found


def _of_slots(
    config: Configuration, slots: Slots, group: Group, asked: tuple[Limit, ...], volumes: Mapping[str, Volume]
) -> Iterator[Need]:
    alone = all(stated_alone(config, name) for name in group.live) and not group.deferred
    work = known_work(config, slots, group, volumes) if alone else None
    steady: dict[Look, list[int]] = {}
    for slot in np.flatnonzero(group.is_open).tolist():
        look = _steady_look(slots, group, volumes, slot) if alone else None
        if look is None:
            yield Need(group, (slot,), ((1 + slot,),), asked, work)
        else:
            steady.setdefault(look, []).append(slot)
    for members in steady.values():
        settled = [slot for slot in members if len(_history(slots, group, slot)) >= round(REACH / slots.length)]
        judged = (tuple(1 + slot for slot in settled),) if settled else tuple((1 + slot,) for slot in members)
        yield Need(group, tuple(members), judged, asked, work)


def known_work(config: Configuration, slots: Slots, group: Group, volumes: Mapping[str, Volume]) -> Floats | None:
    """Agents' time that arrives by column of `Observed`: known where the whole centre has stated volumes, everybody is
    served to the end, and an agent holds one contact at a time, so that a contact takes its stated time."""
    busy = [name for name in config.open_channels if name in volumes or _has_contacts(config, name)]
    endless = not any(can_leave(config, name) for name in group.live)
    alone = all(len(speeds_of(config, group.name, name)) == 1 for name in group.live)
    if set(busy) != set(group.live) or not (endless and alone) or config.run.end != "drain":
        return None
    by_slot = sum((volume.contacts * volume.handle for volume in volumes.values()), np.zeros(slots.count))
    return np.concatenate([[np.nan], by_slot * slots.days_by_slot])


def _has_contacts(config: Configuration, channel: str) -> bool:
    segments = [segment.first_channel for segment in config.customers.segments.values()]
    own = [stream.first_channel for stream in config.demand.streams.values()]
    mixes = [*filter(None, own), *(segments if not all(own) else ())]
    return any(mix.get(channel, 0.0) > 0 for mix in mixes)


def _steady_look(slots: Slots, group: Group, volumes: Mapping[str, Volume], slot: int) -> Look | None:
    """Demand of a slot, if it was the same as far back as the slot remembers, or since opening; else None."""
    look = _look(volumes, slot)
    past = _history(slots, group, slot)
    if (
        len(slots.kinds) > 1
        and len(past) == slot % slots.per_day < round(REACH / slots.length)
        and _all_night(slots, group)
    ):
        return None  # what the day before left behind differs from day to day
    return look if all(_look(volumes, each) == look for each in past) else None


def _all_night(slots: Slots, group: Group) -> bool:
    """Whether the group is open round midnight on any day."""
    by_day = group.is_open.reshape(-1, slots.per_day)
    return bool(by_day[:, 0].any() and by_day[:, -1].any())


def _history(slots: Slots, group: Group, slot: int) -> list[int]:
    """The slots just before, while the group is open without a break. Where all days are of one kind, the evening is
    before the night; else the first slots of a day count from midnight."""
    day, at = divmod(slot, slots.per_day)
    past = []
    for back in range(1, round(REACH / slots.length) + 1):
        if at - back < 0 and len(slots.kinds) > 1:
            break
        each = day * slots.per_day + (at - back) % slots.per_day
        if not group.is_open[each]:
            break
        past.append(each)
    return past


def _look(volumes: Mapping[str, Volume], slot: int) -> Look:
    return tuple(round(float(each), 6) for v in volumes.values() for each in (v.contacts[slot], v.handle[slot]))

"""Which agent groups are solved, for which channels, and the centre with other agents in them.

A channel belongs to the group that ranks it first (then to the one that the channel prefers, then to the larger one):
if the channel misses its target, that group gets the agents; other groups that serve it help as planned. A group with a
live channel of its own is solved interval by interval. A group with deferred channels only is solved as one level: the
shape of its plan times one number, because deferred work may wait for later intervals, and its target is judged over
the whole window. Of a group with both, the level is a floor: no interval has fewer agents than it, and the live
channels get what they need beyond. Groups that own no channel stay as planned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, Problem, nearest
from ...model.base import FrozenDict
from ...model.centre import Configuration
from ...model.channels import Factors, LiveChannel, Queued
from .slots import Slots, on_duty, open_by_slot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Group:
    """An agent group to solve."""

    name: str
    live: tuple[str, ...]
    """live channels that are its own"""
    deferred: tuple[str, ...]
    plan: Floats
    """agents on duty by slot, net"""
    plan_of_cycle: Floats
    """(days of the slots' cycle, intervals) the same by day"""
    is_open: NDArray[np.bool_]
    """by slot, whether any of its channels is open"""
    least: Ints
    """fewest agents by slot"""
    shrinkage: float

    @property
    def by_interval(self) -> bool:
        """Whether each slot has its own number; else one level scales the plan."""
        return bool(self.live)

    @property
    def peak(self) -> int:
        """Whole agents at the peak of the plan."""
        return int(np.ceil(self.plan.max() - 1e-9)) if self.plan.size else 0

    def at_level(self, level: int) -> Ints:
        """The plan's shape with `level` agents at its peak, in whole agents."""
        if self.plan.max() <= 0:
            return np.where(self.least > 0, level, 0)
        scaled = np.floor(level * self.plan / self.plan.max() + 0.5).astype(np.int64)
        return np.where(self.plan > 0, np.maximum(scaled, 1), 0)


def groups_to_solve(config: Configuration, slots: Slots) -> list[Group]:
    """The groups asked for that own a channel; raises InputError for unknown ones or if there is none."""
    asked, known = config.study.staffing.groups, list(config.staffing)
    problems = [
        Problem("study.staffing.groups", f"unknown agent group {name!r}{nearest(name, known)}")
        for name in asked
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    own: dict[str, list[str]] = {name: [] for name in known}
    for channel in config.open_channels:
        if isinstance(config.channels[channel], Queued):
            own[owner(config, channel)].append(channel)
    found = [_group(config, slots, name, own[name]) for name in known if own[name] and (not asked or name in asked)]
    if not found:
        raise InputError(Problem("study.staffing.groups", "none of them is the first to serve an open channel"))
    return found


def owner(config: Configuration, channel: str) -> str:
    """The group that gets agents when the channel misses its target."""
    spec = config.channels[channel]
    prefer: Mapping[str, int] = spec.prefer if isinstance(spec, Queued) else {}
    serving = [name for name, pool in config.staffing.items() if channel in pool.serves]

    def order(name: str) -> tuple[float, float, float]:
        """The group's rank for the channel, the channel's preference, then the largest group first."""
        size = float(on_duty(config, name, config.run.interval, range(7)).sum())
        return config.staffing[name].serves[channel], prefer.get(name, 10**6), -size

    return min(serving, key=order)


def _group(config: Configuration, slots: Slots, name: str, channels: list[str]) -> Group:
    live = tuple(each for each in channels if isinstance(config.channels[each], LiveChannel))
    deferred = tuple(each for each in channels if each not in live)
    plan = slots.by_slot(on_duty(config, name, slots.length, slots.measured))
    of_cycle = on_duty(config, name, slots.length, range(len(slots.cycle)))
    is_open = np.sum([open_by_slot(config, slots, each) for each in live or deferred], axis=0) > 0
    least = np.where(is_open, config.study.staffing.minimum, 0)
    return Group(name, live, deferred, plan, of_cycle, is_open, least, config.staffing[name].shrinkage)


def staffed(config: Configuration, slots: Slots, groups: list[Group], agents: Mapping[str, Ints]) -> Configuration:
    """The centre with these agents on duty by group and slot."""
    changed = {
        group.name: config.staffing[group.name].model_copy(
            update={
                "agents": 0.0, "said": "net", "weekday": FrozenDict({}), "shifts": (),
                "counts": Factors.model_construct(
                    interval=slots.length,
                    values=slots.of_cycle(agents[group.name].astype(float), group.plan_of_cycle),
                ),
            }
        )
        for group in groups
    }  # fmt: skip
    return config.model_copy(update={"staffing": FrozenDict({**config.staffing, **changed})})

"""What a planner's calculator says for the same slots.

Comes in: volumes and handle times (`volumes`), targets and patience of the configuration. Goes out: agents by slot.
Each slot alone, in steady state, each channel alone, volumes at their mean: what the formulas assume is what the
simulation does not. Erlang C and Erlang A answer for the service level and nothing else, as a calculator does; limits
on occupancy and abandonment have columns of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...coded.lines import desks_of
from ...model.centre import Configuration
from ...model.channels import LiveChannel, Target
from ...theory import ErlangA, agents_by_occupancy, agents_required, agents_required_sharing
from ...theory.staffing import fewest
from .groups import Group
from .volumes import Volume

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ALMOST_ALL = 1 - 1e-9
"""a target of 100 % has no answer: this one stands for it"""


@dataclass(frozen=True, eq=False)
class Formulas:
    """Agents of a group by slot, from formulas."""

    erlang_c: Ints
    """for the service level, if nobody leaves"""
    erlang_a: Ints | None
    """for the service level, if those who wait leave after an exponential patience; None without a stated patience"""
    for_abandonment: Ints | None
    """so that no more leave than may (Erlang A)"""
    for_occupancy: Ints | None
    """so that agents are no busier than they may be; None without a limit"""
    stable: Ints
    """so that the work can be done at all, if nobody leaves"""

    @property
    def all_asked(self) -> Ints:
        """The greatest of what the formulas ask for; Erlang A in place of C where customers leave."""
        level = self.erlang_c if self.erlang_a is None else self.erlang_a
        limits = [each for each in (self.for_abandonment, self.for_occupancy) if each is not None]
        return np.asarray(np.maximum.reduce([level, *limits]))


def formulas(config: Configuration, group: Group, volumes: Mapping[str, Volume]) -> Formulas:
    """What the formulas ask for the group's live channels together."""
    asked = config.study.staffing
    patience = {name: _patience(config, name) for name in group.live}
    leave = all(each is not None for each in patience.values())
    speeds = {name: speeds_of(config, group.name, name) for name in group.live}

    def total(agents: Callable[[str, float, float], int]) -> Ints:
        """Agents of all live channels of the group, slot by slot."""
        return np.asarray(np.sum([_by_slot(volumes[name], partial(agents, name)) for name in group.live], axis=0))

    def by_level(name: str, rate: float, handle: float) -> int:
        """Agents for the service level where nobody leaves."""
        target = _target(config, name)
        if len(speeds[name]) > 1:
            return agents_required_sharing(rate, handle, speeds[name], target.share, target.within)
        return agents_required(rate, handle, target.share, target.within)

    def by_level_leaving(name: str, rate: float, handle: float) -> int:
        """Agents for the service level where customers leave."""
        target, held = _target(config, name), speeds[name]
        slots = agents_required(
            rate, handle * len(held) / held[-1], target.share, target.within, mean_patience=patience[name]
        )
        return -(-slots // len(held))

    def by_abandonment(name: str, rate: float, handle: float) -> int:
        """Agents with whom few enough leave."""
        held, mean = speeds[name], patience[name]
        assert mean is not None

        def few_leave(slots: int) -> bool:
            """Whether so many contacts at a time leave few enough waiting."""
            return ErlangA(rate, handle * len(held) / held[-1], slots, mean).p_abandon <= asked.max_abandonment

        return -(-fewest(few_leave, int(rate * handle) + 1) // len(held))

    loads = np.sum([volumes[n].rate * volumes[n].handle / speeds[n][-1] for n in group.live], axis=0)
    return Formulas(
        total(by_level),
        total(by_level_leaving) if leave else None,
        total(by_abandonment) if leave and asked.max_abandonment < 1 else None,
        _for_occupancy(config, group, volumes, speeds) if asked.max_occupancy < 1 else None,
        np.floor(loads + 1e-9).astype(np.int64) + (loads > 0),
    )


def _for_occupancy(
    config: Configuration, group: Group, volumes: Mapping[str, Volume], speeds: Mapping[str, tuple[float, ...]]
) -> Ints:
    limit = config.study.staffing.max_occupancy
    if len(group.live) == 1 and len(speeds[group.live[0]]) > 1:  # fewer chats than slots go faster: load is no constant
        held = speeds[group.live[0]]
        return _by_slot(
            volumes[group.live[0]],
            lambda rate, work: agents_required_sharing(rate, work, held, 0.0, 0.0, max_in_use=limit),
        )
    load = np.sum([volumes[name].rate * volumes[name].handle / speeds[name][-1] for name in group.live], axis=0)
    return np.array([agents_by_occupancy(float(each), limit) for each in load], dtype=np.int64)


def _by_slot(volume: Volume, agents: Callable[[float, float], int]) -> Ints:
    """Agents by slot; equal volumes are computed once."""
    known: dict[tuple[float, float], int] = {}
    found = np.zeros(volume.contacts.size, dtype=np.int64)
    for slot, pair in enumerate(zip(volume.rate.tolist(), volume.handle.tolist(), strict=True)):
        if pair[0] > 0 and pair[1] > 0:
            if pair not in known:
                known[pair] = agents(*pair)
            found[slot] = known[pair]
    return found


def speeds_of(config: Configuration, group: str, channel: str) -> tuple[float, ...]:
    """Total work per second of an agent of the group with 1, 2, ... contacts of the channel open."""
    number, name = list(config.staffing).index(group), config.open_channels.index(channel)
    desks = desks_of(config)
    most = int(desks.capacity[number]) // max(int(desks.units[number, name]), 1)
    return tuple(float(each) for each in desks.speeds[number][:most])


def _patience(config: Configuration, channel: str) -> float | None:
    spec = config.channels[channel]
    assert isinstance(spec, LiveChannel)
    mean = None if spec.patience is None else spec.patience.mean_value
    return mean if mean is not None and mean > 0 else None


def _target(config: Configuration, channel: str) -> Target:
    """The channel's target, or one that anything meets."""
    target = config.channels[channel].target
    if target is None:
        return Target.model_construct(share=0.0, within=0.0, clock="clock", inclusive=True)
    return target.model_copy(update={"share": min(target.share, ALMOST_ALL)})

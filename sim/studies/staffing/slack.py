"""Is a slot well staffed, and by how many agents not?

Comes in: what was seen at a staffing. Goes out: slack in agents, at least 0 where every limit is met. The sign is
exact; the size is an estimate that only sets the length of the search's steps. It follows the square-root rule of
staffing (Halfin and Whitt, Operations Research 29 (1981) 567-588; Garnett, Mandelbaum and Reiman, M&SOM 4 (2002)
208-227): the normal quantile of a share moves by about 1/sqrt(agents) with each agent, whatever the agents do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...model.centre import Configuration
from .groups import Group
from .observed import Seen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EDGE = 1e-3
"""shares nearer to 0 or 1 than this look alike to the length of a step"""


@dataclass(frozen=True)
class Limit:
    """One thing asked: `scope.name.measure` at least (or at most) `value`."""

    scope: str
    name: str
    measure: str
    value: float
    at_least: bool


def limits(config: Configuration, group: Group) -> Iterator[Limit]:
    """What is asked of a group in each slot (or, of a group of deferred channels, over the window)."""
    asked = config.study.staffing
    for channel in (*group.live, *group.deferred):
        target = config.channels[channel].target
        if target is not None:
            yield Limit("channel", channel, "service_level", target.share, True)
        if channel in group.live and asked.max_abandonment < 1:
            yield Limit("channel", channel, "abandoned", asked.max_abandonment, False)
    if group.by_interval and asked.max_occupancy < 1:
        yield Limit("pool", group.name, "occupancy", asked.max_occupancy, False)


def slack(config: Configuration, group: Group, seen: Seen, agents: Ints) -> Floats:
    """By slot, agents more than needed (negative: missing); infinite where nothing was offered."""
    found = np.full(agents.size, np.inf)
    for limit in limits(config, group):
        if limit.name not in group.deferred:
            value = seen.value(limit.scope, limit.name, limit.measure)[1:]
            found = np.minimum(found, _in_agents(limit, value, agents))
    nobody = (agents == 0) & (sum(seen.offered(channel)[1:] for channel in group.live) > 0)
    return np.where(nobody, np.minimum(found, -1.0), found)


def slack_of_level(config: Configuration, group: Group, seen: Seen, level: int) -> float:
    """Of a group's deferred channels, over the whole window, in agents at the peak of its plan."""
    values = [
        _in_agents(limit, seen.value(limit.scope, limit.name, limit.measure)[:1], np.array([level]))
        for limit in limits(config, group)
        if limit.name in group.deferred
    ]
    return float(np.min(values)) if values else np.inf


def _in_agents(limit: Limit, value: Floats, agents: Ints) -> Floats:
    if limit.measure == "occupancy":
        room = agents * (1 - value / limit.value)
    else:
        sign = 1.0 if limit.at_least else -1.0
        ends = special.ndtri(np.clip([value, np.full(value.size, limit.value)], EDGE, 1 - EDGE))
        room = sign * (ends[0] - ends[1]) * np.sqrt(np.maximum(agents, 1))
        met = value >= limit.value if limit.at_least else value <= limit.value
        room = np.where(met, np.maximum(room, 0.0), np.minimum(room, -1e-9))  # the sign is exact at the edges too
    return np.where(np.isnan(value), np.inf, room)

"""What a planner's formula says for the same slots: Erlang C and Erlang A, with the volumes and handle times seen.

Each slot alone, in steady state, each channel alone, volumes at their mean: what the formulas assume is what the
simulation does not. `of` takes the patience of the configuration as exponential with its mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...model.centre import Configuration
from ...model.channels import LiveChannel, Target
from ...theory import ErlangA
from ...theory.staffing import agents_required, fewest
from .groups import Group
from .observed import Seen
from .slots import Slots

Ints = NDArray[np.int64]
NOTHING_ASKED = Target.model_construct(share=0.0, within=0.0, clock="clock", inclusive=True)


def erlang(config: Configuration, slots: Slots, group: Group, seen: Seen, patient: bool) -> Ints:
    """Agents by slot for the group's live channels: Erlang C (`patient`: nobody leaves) or Erlang A."""
    total = np.zeros(slots.count, dtype=np.int64)
    load = _load_of_handle_time(group, seen)
    dates = np.repeat(slots.dates, slots.per_day)
    for name in group.live:
        channel = config.channels[name]
        assert isinstance(channel, LiveChannel)
        handle = float(seen.value("channel", name, "aht")[0])
        handle = channel.mean_handle if np.isnan(handle) or handle == 0 else handle * load
        rates = seen.offered(name)[1:] / (dates * slots.length)
        patience = None if patient or channel.patience is None else channel.patience.mean_value
        target = channel.target or NOTHING_ASKED
        total += np.array([_required(config, rate, handle, target, patience) if rate > 0 else 0 for rate in rates])
    return np.maximum(total, group.least)


def _load_of_handle_time(group: Group, seen: Seen) -> float:
    """Agents' time by time of contacts: below 1 where an agent has several chats at a time."""
    if len(group.live) != 1 or group.deferred:
        return 1.0
    busy, handled = seen.parts("pool", group.name, "occupancy")[0], seen.parts("channel", group.live[0], "aht")[0]
    share = float(busy[:, 0].sum() / handled[:, 0].sum()) if handled[:, 0].sum() > 0 else 1.0
    return share if share < 0.95 else 1.0  # finishing after duty and helpers from other groups are no concurrency


def _required(config: Configuration, rate: float, handle: float, target: Target, patience: float | None) -> int:
    asked = config.study.staffing
    share = min(target.share, 1 - 1e-9)
    if patience is None or patience <= 0:
        return agents_required(rate, handle, share, target.within, max_occupancy=asked.max_occupancy)

    def enough(servers: int) -> bool:
        queue = ErlangA(rate, handle, servers, patience)
        level, left = queue.p_served_within(target.within), queue.p_abandon
        return level >= share and left <= asked.max_abandonment and queue.occupancy <= asked.max_occupancy

    return fewest(enough, int(rate * handle) + 1)

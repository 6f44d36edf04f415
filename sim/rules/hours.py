"""Opening hours: how long until a channel is open, and when a contact begins that waits for it; pure, compiled."""

from __future__ import annotations

import numpy as np

from ..chance.jit import compiled
from .numbers import Floats


@compiled
def since_closing(time: float, opens: Floats, closes: Floats, cycle: float) -> float:
    """Seconds since the hours ended: 0 at the very moment, infinite if they never were, -1 if they are open.

    Spans are sorted, within a cycle that repeats; `time` counts from its beginning.
    """
    if opens.size == 0:
        return np.inf
    last = time + cycle - closes[-1]
    for i in range(opens.size):
        if opens[i] <= time < closes[i]:
            return -1.0
        if closes[i] <= time:
            last = time - closes[i]
    return float(last)


@compiled
def next_opening(time: float, opens: Floats, closes: Floats, cycle: float) -> float:
    """Seconds until the hours are open: 0 if they are, infinite if never. Spans are sorted, closed on the left, and
    repeat after `cycle` seconds; `time` is since the cycle began."""
    for i in range(opens.size):
        if time < closes[i]:
            return max(0.0, float(opens[i]) - time)
    return float(cycle - time + opens[0]) if opens.size else np.inf


@compiled
def when_open(at: float, delay: float, offset: float, opens: Floats, closes: Floats, cycle: float) -> float:
    """When a contact begins that is due at `at`, `delay` after the decision, and waits for opening hours if need be."""
    wait = next_opening((at + offset) % cycle, opens, closes, cycle)
    if wait == np.inf:
        return wait
    if wait > 0.0:
        opening = at + wait
        at = opening + delay  # not all at the stroke of opening: each as long after it as they would have waited,
        if next_opening((at + offset) % cycle, opens, closes, cycle) > 0.0:
            at = opening  # unless that is past the closing
    return at

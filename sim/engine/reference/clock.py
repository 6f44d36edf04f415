"""The only place that touches SimPy's inside: timers at absolute times, with the written order of simultaneous events.

SimPy schedules by delay, and now + (t - now) differs from t for 4 % of doubles; its ties fall by order of scheduling. A
`Timer` is an event put on SimPy's queue at its absolute time with a priority made of (kind, customer, contact). SimPy's
own events have priorities 0 and 1, so they come before all timers of the same instant. Requires simpy < 5.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappush
from typing import Any

import simpy

# The order of simultaneous events (MODEL section 10). SimPy's own events are 0 and 1.
SHIFT_START, SHIFT_END, RELEASE, TIMER, PATIENCE, REPLY, ARRIVAL = range(2, 9)
_KIND_SHIFT = 53 + 32
_LEG_SHIFT = 32


def order(kind: int, entity: int, contact: int = 0) -> int:
    """Priority of a timer: by kind, then customer (stream, day, interval, number), then contact."""
    return kind << _KIND_SHIFT | entity << _LEG_SHIFT | contact << 8


class Timer(simpy.Event):
    """An event that happens at the absolute time `at`; ties go by `priority`."""

    def __init__(self, env: simpy.Environment, at: float, priority: int) -> None:
        self.env = env
        self.callbacks: list[Any] = []
        self._value = None
        self._ok = True
        heappush(env._queue, (at, priority, next(env._eid), self))


class Started(simpy.Process):
    """A process that takes its first step now, within the event that starts it, rather than in an event of its own."""

    def __init__(self, env: simpy.Environment, generator: Generator[simpy.Event, None, None]) -> None:
        self.env = env
        self.callbacks: list[Any] = []
        self._generator = generator
        now = simpy.Event(env)
        now._ok, now._value = True, None
        self._target = now
        self._resume(now)


def hand_over(leg: simpy.Event, to: simpy.Event) -> None:
    """Whoever waits for `leg` now waits for `to` instead; `leg`, should its time come, passes unheard.

    So a waiting customer yields once: the patience that they wait on becomes the end of their service. What a timer
    itself does when its time comes (its first callback) is dropped.
    """
    if leg.callbacks:
        to.callbacks += leg.callbacks[1:] if isinstance(leg, Timer) else leg.callbacks
        leg.callbacks = []

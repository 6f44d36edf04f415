"""The only place that touches SimPy's inside: timers at absolute times, with the written order of simultaneous events.

SimPy schedules by delay, and now + (t - now) differs from t for 4 % of doubles; its ties fall by order of scheduling. A
`Timer` is an event put on SimPy's queue at its absolute time with the key of `sim.coded.order` as its priority. SimPy's
own events have priorities 0 and 1, so they come before all timers of the same instant. Requires simpy < 5.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappush
from typing import Any

import simpy

from ...coded.order import SECOND_BITS, Kind, first

# The kinds of simultaneous events at their place in a priority.
(SHIFT_START, SHIFT_END, RELEASE, OVERFLOW, TIME_OUT, CLOSING, SENT_AWAY, PATIENCE, REPLY, ARRIVAL, RUN_END) = (
    first(kind, 0) << SECOND_BITS for kind in Kind
)


def order(kind: int, subject: int, what: int = 0) -> int:
    """Priority of a timer: a kind (one of the above), a subject and what the timer does, as one number.

    Customers and contacts keep theirs, without a kind, as `tie`: `kind | tie` is a priority.
    """
    return kind | subject << SECOND_BITS | what


class Clock(simpy.Environment):
    """SimPy's environment with a faster `now`: the field itself, which SimPy reads through a Python property."""

    __slots__ = ("_now",)


Clock.now = Clock._now  # type: ignore[method-assign, assignment, misc]


class Timer(simpy.Event):
    """An event that happens at the absolute time `at`; ties go by `priority`. Before all else it does its `action`."""

    _ok, _value = True, None  # of the class: every timer's

    def __init__(
        self, env: simpy.Environment, at: float, priority: int, action: Callable[[Any], None] | None = None
    ) -> None:
        self.env = env
        self.callbacks: list[Any] = [] if action is None else [action]
        heappush(env._queue, (at, priority, next(env._eid), self))  # type: ignore[misc]


class Started(simpy.Process):
    """A process that takes its first step now, within the event that starts it, and ends without an event of its own.

    Leaner than SimPy's because journeys ask for less: what they wait for has not happened yet and does not fail, and
    nobody waits for their end or interrupts them.
    """

    def __init__(self, env: simpy.Environment, generator: Generator[simpy.Event, None, None]) -> None:
        self.env = env
        self.callbacks: list[Any] = []
        self._generator = generator
        self._resume(None)

    def _resume(self, _: simpy.Event | None) -> None:
        try:
            leg = self._generator.send(None)
        except StopIteration:
            self._ok, self._value = True, None
        else:
            leg.callbacks.append(self._resume)


def hand_over(leg: simpy.Event, to: simpy.Event) -> None:
    """Whoever waits for `leg` now waits for `to` instead; `leg`, should its time come, passes unheard.

    So a waiting customer yields once: the patience that they wait on becomes the end of their service. What a timer
    itself does when its time comes (its first callback) is dropped.
    """
    if leg.callbacks:
        to.callbacks += leg.callbacks[1:] if isinstance(leg, Timer) else leg.callbacks
        leg.callbacks = []

# ruff: noqa: NPY002  (Numba compiles no Generator that it can seed)
"""A bare loop in Numba: one binary heap of (time, what), three kinds of events, no log, draws in the loop."""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np

from . import AGENTS, PATIENCE, PER_SECOND, SERVICE

COMES, LEAVES, ENDS = 0, 1, 2
WAITS, GONE = 1, 2


def prepared() -> Callable[[int, float], tuple[int, int]]:
    """The loop, compiled."""
    simulated(1, 10_000, 0.1)
    return lambda seed, hours: simulated(seed, round(PER_SECOND * 3600 * hours * 1.5 + 1000), float(hours))


@numba.njit  # type: ignore[untyped-decorator]
def push(times, what, size, time, code):  # type: ignore[no-untyped-def]
    """The heap's size with one event more."""
    at = size
    while at > 0 and times[(at - 1) // 2] > time:
        times[at], what[at] = times[(at - 1) // 2], what[(at - 1) // 2]
        at = (at - 1) // 2
    times[at], what[at] = time, code
    return size + 1


@numba.njit  # type: ignore[untyped-decorator]
def drop(times, what, size):  # type: ignore[no-untyped-def]
    """The heap's size without its first event."""
    size -= 1
    time, code, at = times[size], what[size], 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and times[child + 1] < times[child]:
            child += 1
        if times[child] >= time:
            break
        times[at], what[at] = times[child], what[child]
        at = child
    times[at], what[at] = time, code
    return size


@numba.njit  # type: ignore[untyped-decorator]
def simulated(seed, most, hours):  # type: ignore[no-untyped-def]
    """(contacts over, those that left)."""
    np.random.seed(seed)
    times, what = np.empty(most), np.empty(most, dtype=np.int64)
    state = np.zeros(most, dtype=np.int8)
    busy, came, head, over, left = 0, 0, 0, 0, 0
    size = push(times, what, 0, np.random.exponential(1 / PER_SECOND), COMES)
    while size:
        now, code = times[0], what[0]
        size = drop(times, what, size)
        kind, who = code & 3, code >> 2
        if kind == COMES:
            if now >= hours * 3600:
                continue
            if busy < AGENTS:
                busy += 1
                size = push(times, what, size, now + np.random.exponential(SERVICE), ENDS)
            else:
                state[came] = WAITS
                size = push(times, what, size, now + np.random.exponential(PATIENCE), came << 2 | LEAVES)
            came += 1
            size = push(times, what, size, now + np.random.exponential(1 / PER_SECOND), COMES)
        elif kind == LEAVES:
            if state[who] == WAITS:
                state[who] = GONE
                over, left = over + 1, left + 1
        else:
            over, busy = over + 1, busy - 1
            while head < came and state[head] != WAITS:
                head += 1
            if head < came:
                state[head], busy, head = GONE, busy + 1, head + 1
                size = push(times, what, size, now + np.random.exponential(SERVICE), ENDS)
    return over, left

"""Planned shrinkage: paid time off the phone, spread over the day without chance.

Comes in: agents by interval, or the duties of a day, and the share of their time off the phone. Goes out: whole agents
by interval, or duties with more pauses. Both round by largest remainder as the day goes on: what is left over in one
interval is carried into the next, so every interval is within one agent of its share and no span of time is further off
than that. In shifts the agents to whom most time is owed go, half an hour at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

SLOT = 1800.0
"""how long an agent of a shift is off the phone at a time, s"""
DIGITS = 9
"""of sums of agents: beyond them is rounding noise"""
Floats = NDArray[np.float64]
Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Duty:
    """One named agent's duty (its index within the pool), and when it pauses, s since the run's start."""

    agent: int
    start: float
    end: float
    pauses: Spans = ()

    def with_pauses(self, more: Sequence[tuple[float, float]]) -> Duty:
        """With these pauses too, which may stand in any order and overlap: joined where they touch. A pause at the
        start or at the end of the duty makes it shorter."""
        start, end, joined = self.start, self.end, list[tuple[float, float]]()
        for begins, ends in sorted((*self.pauses, *more)):
            if begins <= start:
                start = max(start, ends)
            elif joined and begins <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
            else:
                joined.append((begins, ends))
        if joined and joined[-1][1] >= end:
            end = joined.pop()[0]
        return replace(self, start=min(start, end), end=end, pauses=tuple(joined))

    def from_time(self, time: float) -> Duty:
        """What is left of it from that time on."""
        if time <= self.start:
            return self
        pauses = [(max(start, time), end) for start, end in self.pauses if end > time]
        return Duty(self.agent, min(time, self.end), self.end).with_pauses(pauses)

    def worked(self, start: float, end: float) -> Spans:
        """The parts of a span in which the agent is on the phone."""
        at, found = max(start, self.start), list[tuple[float, float]]()
        for begins, ends in (*self.pauses, (self.end, self.end)):
            if min(begins, end) > at:
                found.append((at, min(begins, end)))
            at = max(at, ends)
        return tuple(found)


def rounded_as_it_runs(values: Floats, before: float = 0.0) -> list[int]:
    """Whole numbers whose running total is that of the values, rounded; `before` is what the total was until now.

    >>> rounded_as_it_runs(np.array([7.5, 7.5, 7.5, 0.2, 0.2, 0.2]))
    [8, 7, 8, 0, 0, 0]
    """
    total = np.round(np.concatenate([[before], before + np.cumsum(values)]), DIGITS)
    return [int(n) for n in np.diff(np.floor(total + 0.5))]


def off_phone(duties: Sequence[Duty], share: float, midnight: float) -> list[Duty]:
    """The duties of a day, with a share of their time off the phone as further pauses."""
    if share <= 0.0 or not duties:
        return list(duties)
    owed = np.zeros(len(duties))
    due = 0.0
    pauses: list[list[tuple[float, float]]] = [[] for _ in duties]
    last = max(duty.end for duty in duties)
    for slot in np.arange(midnight, last, SLOT).tolist():
        parts = [duty.worked(slot, slot + SLOT) for duty in duties]
        lengths = np.array([sum(end - start for start, end in part) for part in parts])
        owed += share * lengths
        due += share * float(lengths.sum())
        for who in sorted(np.flatnonzero(lengths), key=lambda each: (-owed[each], each)):
            if due < lengths[who] / 2 - 1e-6:
                break
            pauses[who] += parts[who]
            owed[who] -= lengths[who]
            due -= lengths[who]
    return [duty.with_pauses(more) for duty, more in zip(duties, pauses, strict=True)]

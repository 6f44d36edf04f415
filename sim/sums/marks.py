"""What tells contacts apart but times and names, as one whole number each; and contacts again, from such numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..chance.jit import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MARKS = ("channel", "outcome", "context", "via", "reopens", "flags", "number", "agent", "answered", "ended")
"""columns of the log that `contact_codes` looks at"""


@compiled
def contact_codes(
    code: Ints, channel: Any, outcome: Any, context: Any, via: Any, reopens: Any, flags: Any, number: Any, agent: Any,
    answered: Floats, ended: Floats,
) -> None:  # fmt: skip
    """Fills in a code by contact of the columns in `MARKS`: of the whole-number ones up to `flags` (none below zero,
    seven bits each but the channel) the value; whether the contact is the journey's first, has an agent, was answered,
    is over, and was answered after it was over."""
    for i in range(code.size):
        marks = (np.int64(channel[i]) << 7 | outcome[i]) << 7 | context[i]
        marks = ((marks << 7 | via[i]) << 7 | reopens[i]) << 7 | flags[i]
        marks = (marks << 2) + 2 * (number[i] == 1) + (agent[i] >= 0)
        times = 4 * (answered[i] == answered[i]) + 2 * (ended[i] == ended[i]) + (answered[i] > ended[i])
        code[i] = marks << 3 | times


def contacts_of(code: Ints) -> dict[str, NDArray[Any]]:
    """The columns in `MARKS` of contacts that have such codes and are nothing but their marks: their agents are 0,
    their numbers 1 or 2, and of their times only the order is theirs.

    >>> contacts_of(np.array([0b1_0000011_0000000_0000000_0000001_0000000_10_100]))["outcome"]
    array([3])
    """
    times, marks = code & 7, code >> 3
    values = {"agent": (marks & 1) - 1, "number": 2 - (marks >> 1 & 1)}
    values["answered"] = np.where(times & 4, 1.0 + 2 * (times & 1), np.nan)
    values["ended"] = np.where(times & 2, 2.0, np.nan)
    marks = marks >> 2
    for name in ("flags", "reopens", "via", "context", "outcome"):
        values[name], marks = marks & 127, marks >> 7
    return {**values, "channel": marks}


@compiled
def target_codes(code: Ints, channel: Any, run: Ints, response: Floats, within: Floats, inclusive: Floats) -> None:
    """Fills in 0 for contacts of channels without a target (`within` NaN), 1 for those that missed theirs and 2 for
    those that met it; `within` and `inclusive` (1 or 0) are by run and channel, `run` is that of each contact, or
    `ONE`."""
    for i in range(code.size):
        which = run[i] if run.size else 0
        limit = within[which, channel[i]]
        met = response[i] < limit or (inclusive[which, channel[i]] > 0 and response[i] == limit)
        code[i] = 0 if limit != limit else 1 + met

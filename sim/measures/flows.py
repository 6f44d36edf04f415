"""Movement between channels, for the picture of journeys: counts of moves by step.

Comes in: a log. Goes out: an array (steps, channels + 3, channels + 3) of moves of the journeys begun in the window,
from the k-th leg's channel to the next (put-throughs are shown as moves); beyond the channels stand RESOLVED, GIVEN_UP
and OPEN, the ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..log.tables import Log
from ..model.outcomes import End

STEPS = 4
"""Moves shown one by one; the last contains all later ones."""
ENDS = ("resolved", "given up", "open")


def flows(log: Log) -> NDArray[np.float64]:
    """Moves by step: [k, i, j] counts journeys whose contact k + 1 was in channel i and whose next state is j."""
    start, end = log.window
    customers, contacts = log.customers, log.contacts
    begun = (customers["arrived"] >= start) & (customers["arrived"] < end)
    if log.counted is not None:
        begun &= log.counted
    entities = customers["entity"][begun]
    states = len(log.channels) + len(ENDS)
    counts = np.zeros(STEPS * states * states)
    if entities.size:
        position = np.minimum(np.searchsorted(entities, contacts["entity"]), entities.size - 1)
        mine = entities[position] == contacts["entity"]
        owner, number = position[mine], contacts["number"][mine].astype(np.int64)
        channel = contacts["channel"][mine].astype(np.int64)
        last = np.append(owner[1:] != owner[:-1], True)
        ends = customers["end"][begun].astype(np.int64)
        final = np.select([ends == End.RESOLVED, ends == End.OPEN], [0, 2], 1) + len(log.channels)
        target = np.where(last, final[owner], np.append(channel[1:], 0))
        step = np.minimum(number - 1, STEPS - 1)
        counts = np.bincount((step * states + channel) * states + target, minlength=counts.size).astype(float)
    return counts.reshape(STEPS, states, states)

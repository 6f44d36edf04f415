"""A day's changes of the schedule as the calendar and the table of changes take them.

Comes in: the changes of `sim.coded.schedule`. Goes out: arrays, and how many spells of duty they may begin or end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ...coded.order import SUBJECT_BITS
from ...coded.schedule import Action, Change
from ...rules.numbers import Floats, Ints


class Changes(NamedTuple):
    """Changes of one day."""

    times: Floats
    keys: Ints
    """first part of each one's key"""
    rows: Ints
    """(n, 3): action, who, agents, as the state's table has them"""
    lengths: Floats
    spells: int
    """most spells of duty that they begin or end"""


def coded(changes: Sequence[Change], sizes: Sequence[int], planned: Callable[[int, float], bool]) -> Changes:
    """The changes, coded: `sizes` are the agents by pool; `planned` says whether anybody who serves a channel is
    planned to be on duty as it closes at that time."""
    rows = [(change.action, change.who, _agents(change, planned)) for change in changes]
    return Changes(
        np.array([change.time for change in changes]),
        np.array([change.kind << SUBJECT_BITS | change.subject for change in changes], dtype=np.int64),
        np.array(rows, dtype=np.int64).reshape(-1, 3),
        np.array([change.length for change in changes]),
        sum(_spells(change, sizes) for change in changes),
    )


def _spells(change: Change, sizes: Sequence[int]) -> int:
    """Most spells of duty that a change can begin or end."""
    return sizes[change.who] if change.action in (Action.COUNT, Action.COUNT_BY_FREE) else 1


def _agents(change: Change, planned: Callable[[int, float], bool]) -> int:
    """Agents of a change; as a channel closes, whether anybody who serves it is planned to be on duty."""
    return int(planned(change.who, change.time)) if change.action == Action.CLOSES else change.agents

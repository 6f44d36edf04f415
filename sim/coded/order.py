"""The written order of simultaneous events (MODEL section 10): the key of a timer, the same in every engine.

A key is (kind, subject, contact, turn, what) and fits two 64-bit integers: `first` holds kind and subject, `second` the
rest. No two timers that are due at the same instant share a key, so nothing is left to the order of scheduling. The
subject of a customer's timer is the customer's entity, that of a shift the agent or the agent group, by the group's
place among the names in alphabetical order: the order of keys in a file decides nothing. `what` tells timers of one
contact and turn apart, such as the waits after which one agent group after another helps out.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

N = TypeVar("N", int, NDArray[np.int64])
SUBJECT_BITS, CONTACT_BITS, TURN_BITS, WHAT_BITS = 53, 32, 16, 8
SECOND_BITS = CONTACT_BITS + TURN_BITS + WHAT_BITS
NEXT_TURN = 1 << WHAT_BITS
"""what each turn of a contact adds to its key"""
NEXT_CONTACT = 1 << WHAT_BITS + TURN_BITS
"""what each contact of a customer adds to the key"""


class Kind(IntEnum):
    """Kinds of timers, the earlier the smaller. From 1, because a key of 0 or 1 is SimPy's own."""

    SHIFT_START = 1
    SHIFT_END = 2
    RELEASE = 3
    """the end of service, wrap-up, a ring, a session"""
    OVERFLOW = 4
    """agents of another group may help out"""
    TIME_OUT = 5
    """the company ends a wait"""
    CLOSING = 6
    """a queue is cleared as its channel closes"""
    SENT_AWAY = 7
    """a customer of a cleared queue goes on; after all closings of the instant"""
    PATIENCE = 8
    """patience or a deadline is over"""
    REPLY = 9
    """a customer replies within a contact"""
    ARRIVAL = 10
    """a contact begins"""
    RUN_END = 11
    """the end of the window and of the run"""


def first(kind: int, subject: int) -> int:
    """Kind and subject of a key."""
    return kind << SUBJECT_BITS | subject


def second(contact: int = 0, turn: int = 0, what: int = 0) -> int:
    """Contact, turn and what the timer does, of a key."""
    return contact * NEXT_CONTACT | turn * NEXT_TURN | what


def of_pool(rank: N) -> N:
    """The subject of a change of an agent group's count; `rank` is the group's place among the names in order. 0 is
    nobody's: the moment at which the next day's changes are made."""
    return rank + 1 << CONTACT_BITS


def of_agent(rank: N, index: N) -> N:
    """The subject of one agent's shift: `index` within the group of that rank. After all of the group's counts."""
    return of_pool(rank) | index + 1

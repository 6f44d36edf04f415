"""Waiting lines: contacts in the order in which they joined, chained both ways."""

from __future__ import annotations

import numpy as np

from ...chance.jit import part_of_kernel as compiled
from .state import (
    AHEAD,
    BEHIND,
    CHANNEL,
    ENTITY,
    HEAD,
    IN_LINE,
    LINE,
    QUEUED,
    TAIL,
    WAITING,
    WHO,
    State,
)  # fmt: skip


@compiled
def join(s: State, contact: int, line: int) -> None:
    """The contact joins the tail of a line."""
    ints, tail = s.contact_ints[contact], s.lines[line, TAIL]
    ints[LINE], ints[WAITING], ints[AHEAD], ints[BEHIND] = line, 1, tail, -1
    s.waiting[ints[CHANNEL]] += 1
    s.counters[IN_LINE] += 1
    s.length[line] += 1
    s.lines[line, TAIL] = contact
    if tail >= 0:
        s.contact_ints[tail, BEHIND] = contact
    else:
        _new_head(s, line, contact)


@compiled
def remove(s: State, contact: int) -> None:
    """The contact waits no more."""
    ints = s.contact_ints[contact]
    line, ahead, behind = ints[LINE], ints[AHEAD], ints[BEHIND]
    ints[WAITING] = 0
    s.waiting[ints[CHANNEL]] -= 1
    s.counters[IN_LINE] -= 1
    s.length[line] -= 1
    if behind >= 0:
        s.contact_ints[behind, AHEAD] = ahead
    else:
        s.lines[line, TAIL] = ahead
    if ahead >= 0:
        s.contact_ints[ahead, BEHIND] = behind
    else:
        _new_head(s, line, behind)


@compiled
def take_head(s: State, line: int) -> int:
    """Who heads the line leaves it: its contact."""
    contact = int(s.lines[line, HEAD])
    remove(s, contact)
    return contact


@compiled
def _new_head(s: State, line: int, contact: int) -> None:
    """What the queue rule compares of a line."""
    s.lines[line, HEAD] = contact
    if contact >= 0:
        s.head_time[line] = s.contact_floats[contact, QUEUED]
        s.head_order[line] = s.customer_ints[s.contact_ints[contact, WHO], ENTITY]
    else:
        s.head_time[line] = s.head_order[line] = np.inf

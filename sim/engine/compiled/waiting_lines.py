"""Waiting lines: contacts in the order in which they joined, chained; who leaves stays in the chain up to its head."""

from __future__ import annotations

import numpy as np

from ...chance.jit import compiled
from .state import ARRIVED, BEHIND, CHANNEL, ENTITY, HEAD, LENGTH, LINE, TAIL, WAITING, WHO, State


@compiled
def join(s: State, contact: int, line: int) -> None:
    """The contact joins the tail of a line."""
    s.contact_ints[contact, LINE] = line
    s.contact_ints[contact, WAITING] = 1
    s.contact_ints[contact, BEHIND] = -1
    s.waiting[s.contact_ints[contact, CHANNEL]] += 1
    s.lines[line, LENGTH] += 1
    if s.lines[line, HEAD] < 0:
        s.lines[line, HEAD] = contact
        _note_head(s, line, contact)
    else:
        s.contact_ints[s.lines[line, TAIL], BEHIND] = contact
    s.lines[line, TAIL] = contact


@compiled
def remove(s: State, contact: int) -> None:
    """The contact waits no more."""
    line = s.contact_ints[contact, LINE]
    s.contact_ints[contact, WAITING] = 0
    s.waiting[s.contact_ints[contact, CHANNEL]] -= 1
    s.lines[line, LENGTH] -= 1
    if s.lines[line, HEAD] == contact:
        _new_head(s, line)


@compiled
def take_head(s: State, line: int) -> int:
    """Who heads the line leaves it: its contact."""
    contact = int(s.lines[line, HEAD])
    remove(s, contact)
    return contact


@compiled
def _new_head(s: State, line: int) -> None:
    head = s.lines[line, HEAD]
    while head >= 0 and s.contact_ints[head, WAITING] == 0:
        head = s.contact_ints[head, BEHIND]
    s.lines[line, HEAD] = head
    if head >= 0:
        _note_head(s, line, head)
    else:
        s.head_time[line] = s.head_order[line] = np.inf


@compiled
def _note_head(s: State, line: int, contact: int) -> None:
    """What the queue rule compares of a line: of a contact without turns, it was queued as it began."""
    s.head_time[line] = s.contact_floats[contact, ARRIVED]
    s.head_order[line] = s.customer_ints[s.contact_ints[contact, WHO], ENTITY]

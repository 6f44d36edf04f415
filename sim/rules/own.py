"""What a rule from outside sees, and what it answers: the place of its choice among what it may choose from.

Such a rule is a plain Python function of one argument; it runs on the SimPy engine alone (no compiled code can call it)
and decides among agents, or lines, that may take part: on duty with room, due, and fitting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .numbers import Floats, Ints


class AgentChoice(NamedTuple):
    """A contact, and the agents of equal preference who may take it now, at least one; arrays have an entry for each,
    in the order that settles ties."""

    agents: Ints
    """numbers over all pools"""
    pool: tuple[str, ...]
    load: Ints
    """units of capacity in use; 0: wholly idle"""
    capacity: Ints
    since: Floats
    """when each last ended a contact, or came on duty, s since the run's start"""
    came: Floats
    """when each came on duty, s"""
    worked: Floats
    """time that each was busy since then, s"""
    channel: str
    segment: str
    reason: str
    number: int
    """of the contact in its journey, from 1"""
    now: float
    """s since the run's start"""
    luck: float
    """a uniform in (0, 1) that belongs to this contact"""
    settings: Mapping[str, float]
    """`routing.settings`"""


class LineChoice(NamedTuple):
    """An agent with room, and the waiting lines whose first contact it may take now, at least one; arrays have an entry
    for each."""

    channel: tuple[str, ...]
    rank: Floats
    """of the channel in the agent's pool: lower first"""
    score: Floats
    """base score and ageing of the first contact"""
    queued_at: Floats
    """when the first contact joined, s"""
    length: Ints
    """contacts that wait"""
    agent: int
    pool: str
    now: float
    settings: Mapping[str, float]
    """`routing.settings`"""

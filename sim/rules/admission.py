"""Who is let into a channel, in the order in which it is asked; pure, compiled, for every engine.

Comes in: what is true of the channel and of the customer at the moment of arrival. Goes out: the outcome of a contact
that ends at once, or 0.
"""

from __future__ import annotations

from ..chance.jit import compiled_for
from .numbers import ABANDONED, BALKED, BLOCKED, CLOSED

LET_IN = 0


@compiled_for("int64(boolean, boolean)")
def refused_at_the_door(closed: bool, taken: bool) -> int:
    """Out of hours, then no free line or port; before any agent is asked."""
    if closed:
        return CLOSED
    return BLOCKED if taken else LET_IN


@compiled_for("int64(boolean, boolean, float64)")
def turned_away(full: bool, balks: bool, patience: float) -> int:
    """Where no agent is free: no place to wait, then who hears the expected wait and leaves, then one without
    any patience."""
    if full:
        return BLOCKED
    if balks:
        return BALKED
    return ABANDONED if patience <= 0.0 else LET_IN

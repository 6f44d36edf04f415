"""The decisions of the model under one name, as engines call them; each lives in the module named for what it decides.

Pure functions of numbers and small arrays, compiled. Comes in: state and uniform draws, as numbers. Goes out: a
decision. No clock, no generator, no objects: the SimPy engine calls these and a compiled engine can inline them.
"""

from __future__ import annotations

from .hops import hop_context, next_channel
from .hours import next_opening, since_closing
from .numbers import (
    ABANDONED,
    AGEING,
    BALKED,
    BASE,
    BLOCKED,
    BY_LENGTH,
    BY_LENGTH_THEN_SCORE,
    BY_SCORE,
    CARRIED,
    CLOSED,
    DEFERRED,
    DELAY,
    FAILED,
    FORCED,
    GIVE_UP,
    LEAST_LOADED,
    LEAST_OCCUPIED,
    LINE,
    LONGEST_IDLE,
    LOST,
    MOST_LOADED,
    NOBODY,
    NOTHING,
    OFFER_COLUMNS,
    RANDOM,
    RANK,
    RESOLVED,
    TRANSFERRED,
    UNITS,
    Floats,
    Ints,
)
from .routing import choose_agent, choose_agent_by, choose_line, may_defer
from .service import served_outcome, talk_after_wait, with_odds
from .staff import absent_agent, surplus_agent
from .waiting import balks

__all__ = [
    "ABANDONED", "AGEING", "BALKED", "BASE", "BLOCKED", "BY_LENGTH", "BY_LENGTH_THEN_SCORE", "BY_SCORE", "CARRIED",
    "CLOSED", "DEFERRED", "DELAY", "FAILED", "FORCED", "Floats", "GIVE_UP", "Ints", "LEAST_LOADED",
    "LEAST_OCCUPIED", "LINE", "LONGEST_IDLE", "LOST", "MOST_LOADED", "NOBODY", "NOTHING", "OFFER_COLUMNS", "RANDOM",
    "RANK", "RESOLVED", "TRANSFERRED", "UNITS", "absent_agent", "balks", "choose_agent", "choose_agent_by",
    "choose_line", "hop_context", "may_defer", "next_channel", "next_opening", "served_outcome", "since_closing",
    "surplus_agent", "talk_after_wait", "with_odds",
]  # fmt: skip

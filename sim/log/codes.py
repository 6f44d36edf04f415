"""All codes of the log as enums: what the whole numbers in its tables mean.

Outcomes and ends of journeys are named in `sim.model.outcomes`, because configurations speak of them, too. Engines and
rules write plain numbers, which compiled code wants: the names below the enums. A test holds the two together.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

from ..model.outcomes import End, Outcome

__all__ = ["Context", "End", "Flag", "Outcome", "PostKind", "Via"]


class Context(IntEnum):
    """What a contact has of the story told before, as it begins."""

    NOTHING = 0
    """there was nothing to carry"""
    CARRIED = 1
    LOST = 2
    """the customer starts over: a restart"""


class Via(IntEnum):
    """How a leg began."""

    FIRST = 0
    """as the journey did"""
    HOP = 1
    CAME_BACK = 2
    """the issue, solved before, came back"""
    PUT_THROUGH = 3
    """handed on without delay by the leg before: both are one contact"""


class Flag(IntFlag):
    """What else is true of a contact; the column holds their sum."""

    FORCED_HOP = 1
    """the company pushed the customer on: by deflection, or by ending the wait"""
    UNSEEN = 2
    """missed by monitoring"""
    SILENT_LEAVER = 4
    """left the queue without a word"""


class PostKind(IntEnum):
    """Why a customer posted."""

    ADVERSE = 1
    ADVOCATE = 2
    SOLUTION = 3
    """an adverse post's: who saw the complaint sees that it was solved"""


FIRST, HOP, CAME_BACK, PUT_THROUGH = (int(via) for via in Via)
FORCED_HOP, UNSEEN, SILENT_LEAVER = (int(flag) for flag in Flag)
ADVERSE, ADVOCATE, SOLUTION = (int(kind) for kind in PostKind)

"""The outcomes of a contact and the ends of a journey, as the integers that rules, engines and logs use."""

from __future__ import annotations

from enum import IntEnum


class Outcome(IntEnum):
    """How a contact ended (MODEL section 2). OPEN: the run ended first."""

    OPEN = 0
    RESOLVED = 1
    FAILED = 2
    TRANSFERRED = 3
    ABANDONED = 4
    BLOCKED = 5
    CLOSED = 6
    BALKED = 7
    TIMED_OUT = 8
    UNANSWERED = 9


class End(IntEnum):
    """How a journey ended. CAPPED is a give-up forced by `journeys.max_contacts`; OPEN is censored."""

    OPEN = 0
    RESOLVED = 1
    GIVEN_UP = 2
    CAPPED = 3


class Context(IntEnum):
    """What of the customer's story is known as a contact begins: there was nothing to know, it is known, it is lost."""

    NOTHING = 0
    CARRIED = 1
    LOST = 2


REOPENED = "reopened"
ROW_NAMES: tuple[str, ...] = tuple(o.name.lower() for o in Outcome if o > Outcome.RESOLVED) + (REOPENED,)
"""Names of rows in the switching matrix: the unresolved outcomes, and `reopened`."""

POSSIBLE: dict[str, tuple[str, ...]] = {
    "self_service": ("failed", "transferred", "abandoned", "blocked", "closed"),
    "live": ("failed", "transferred", "abandoned", "blocked", "closed", "balked", "timed_out"),
    "deferred": ("failed", "transferred", "unanswered"),
}
"""Unresolved outcomes that a kind of channel can have."""
INSTANT = ("blocked", "closed", "balked")
"""Outcomes that take no time, so that a cycle of them without delay never ends."""

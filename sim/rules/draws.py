"""The steps of a contact under one name, as engines call them: each draws by key and decides, in one compiled call.

Comes in: the coded tables (`sim.coded.tables`) and who asks. Goes out: the plan of a contact, or the next hop.
"""

from __future__ import annotations

from .hops import plan_hop, plan_reopening
from .hours import when_open
from .numbers import (
    ABANDON_AT,
    ABANDONMENT,
    ATTENTION,
    AUTHORITY,
    DEFLECT,
    DETECTION,
    DIFFICULTY,
    ENDLESS,
    FAILURE,
    FAILURE_FACTORS,
    FRESH,
    HARDER_WORK,
    JOURNEY_LEG,
    NEEDS,
    ODDS,
    PACE,
    PATIENCE,
    PATIENCE_FACTORS,
    PROFILE_COLUMNS,
    READING,
    REDIAL,
    REMAINING,
    REMOVED,
    REOPEN,
    REOPEN_DELAY,
    SAME,
    SEEN,
    SERVICE,
    SERVICE_FACTORS,
    SILENT,
    TIME_SAVED,
    TRANSFER,
    TURN,
    TURN_DELAY,
    WRAP_UP,
    ZERO_SHARE,
)
from .service import difficulty_of, plan_service, plan_session, plan_turn, share_before_leaving
from .waiting import plan_balking, plan_balking_by_number, plan_seen, plan_silence

__all__ = [
    "ABANDONMENT", "ABANDON_AT", "ATTENTION", "AUTHORITY", "DEFLECT", "DETECTION", "DIFFICULTY", "ENDLESS",
    "FAILURE", "FAILURE_FACTORS", "FRESH", "HARDER_WORK", "JOURNEY_LEG", "NEEDS", "ODDS", "PACE", "PATIENCE",
    "PATIENCE_FACTORS", "PROFILE_COLUMNS", "READING", "REDIAL", "REMAINING", "REMOVED", "REOPEN", "REOPEN_DELAY",
    "SAME", "SEEN", "SERVICE", "SERVICE_FACTORS", "SILENT", "TIME_SAVED", "TRANSFER", "TURN", "TURN_DELAY",
    "WRAP_UP", "ZERO_SHARE", "difficulty_of", "plan_balking", "plan_balking_by_number", "plan_hop",
    "plan_reopening", "plan_seen", "plan_service", "plan_session", "plan_silence", "plan_turn",
    "share_before_leaving", "when_open",
]  # fmt: skip

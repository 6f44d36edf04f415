"""What the whole numbers mean that rules and coded tables share: codes, and columns of tables.

Numba wants plain numbers; a test holds them and the enums of `sim.log.codes` together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOBODY = -1
GIVE_UP = -1
# Outcomes, as in sim.model.outcomes.Outcome (Numba wants plain numbers; a test holds the two together).
RESOLVED, FAILED, TRANSFERRED, ABANDONED, BLOCKED, CLOSED, BALKED = range(1, 8)
FORCED = 16
"""added to an outcome that the company forced on the customer"""
LONGEST_IDLE, LEAST_LOADED, MOST_LOADED, LEAST_OCCUPIED, RANDOM = 0, 1, 2, 3, 4
OWN = 9
"""a rule of an extension, for agents or for queues: a Python function that no compiled code can call"""
LINE, RANK, BASE, DELAY, UNITS, DEFERRED, AGEING = range(7)
OFFER_COLUMNS = 7
BY_SCORE, BY_LENGTH, BY_LENGTH_THEN_SCORE = 0, 1, 2
"""rules for the queue whose first contact an agent takes"""
# What a hop did with context.
NOTHING, CARRIED, LOST = 0, 1, 2

# Columns of the table of profiles (a channel as one segment, reason and agent group see it); laws are rows of the table
# of laws, -1 where there is none. A set of factors takes three columns: interval, first, count.
(SERVICE, WRAP_UP, PATIENCE, ZERO_SHARE, REDIAL, ABANDONMENT, ABANDON_AT, TRANSFER, REOPEN, REOPEN_DELAY, TIME_SAVED,
 REMOVED, JOURNEY_LEG, FAILURE, NEEDS, AUTHORITY, DIFFICULTY, DEFLECT, TURN, TURN_DELAY, SILENT, DETECTION,
 SEEN, HARDER_WORK, READING, PACE, ODDS, ATTENTION) = range(28)  # fmt: skip
SERVICE_FACTORS, PATIENCE_FACTORS, FAILURE_FACTORS = 28, 31, 34
PROFILE_COLUMNS = 37
FRESH, SAME, REMAINING = 0, 1, 2
ENDLESS = -2.0
"""of a contact with more turns than a key has room for"""

"""Measures of what goes beyond a plain queue: pushes, unseen mentions, silent leavers, threads, shared agents.

Comes in: facts of one log. Goes out: measures for the catalogue, and values that are neither ratio nor total. Contacts
still in the system when the run stops count as offered; pushes, answers and agents' time are of those that are over. A
wait that has not ended is censored in the offered wait, and counts so far in the wait per journey.
"""

from __future__ import annotations

import numpy as np

from ..log.tables import FORCED_HOP, SILENT_LEAVER, UNSEEN
from ..model.outcomes import Outcome
from .measure import QUEUED, Floats, Measure, Weights, each, one, served
from .window import Facts


def _flagged(flag: int) -> Weights:
    return lambda facts: (facts.of("flags").astype(int) & flag > 0).astype(float)


def _left(facts: Facts) -> Floats:
    return facts.ended_as(Outcome.ABANDONED)


def _answers(facts: Facts) -> Floats:
    """Answers of each handled contact: its turns, or the one that its own row says."""
    return np.asarray(facts.served * np.maximum(facts.of("turns").astype(float), 1.0))


def replied(facts: Facts) -> Floats:
    """Answered before the customer moved on (what is answered later no longer helps), or still at work."""
    answered, ended = facts.of("answered").astype(float), facts.of("ended").astype(float)
    return np.asarray(answered <= np.nan_to_num(ended, nan=np.inf), dtype=float)


def _attention(facts: Facts) -> Floats:
    """Agents' time of handled contacts, s."""
    return facts.assisted * facts.agent_seconds


def _forced_hops(facts: Facts) -> Floats:
    return facts.per_journey(facts.theirs("flags").astype(int) & FORCED_HOP > 0)


def _waited(facts: Facts) -> Floats:
    return facts.per_journey(facts.their_waits)


HANDLED_BY_CONTACTS: tuple[Measure, ...] = (
    Measure("deflected", "Deflected", "share", "contact", "pushed elsewhere by the company, time-outs included / "
            "offered", _flagged(FORCED_HOP), one, "lower", QUEUED),
    Measure("timed_out", "Timed out", "share", "contact", "wait ended by the company / offered",
            lambda f: f.ended_as(Outcome.TIMED_OUT), one, "lower", ("live",)),
    Measure("unseen", "Not seen", "share", "contact", "missed by monitoring / offered", _flagged(UNSEEN), one, "lower",
            ("deferred",)),
    Measure("silent_leavers", "Silent leavers", "share", "contact", "left without saying so / abandoned",
            _flagged(SILENT_LEAVER), _left, "lower", ("live",)),
    Measure("replied", "Replied", "share", "contact", "got a first answer / offered",
            replied, one, "higher", ("deferred",)),
    Measure("answers", "Answers per contact", "1", "contact", "agents' answers of handled contacts / handled", _answers,
            served, "lower", QUEUED),
    Measure("attention", "Agent time per contact", "s", "contact", "agents' time, shared equally by what they hold / "
            "handled", _attention, served, "lower", QUEUED),
)  # fmt: skip
HANDLED_BY_JOURNEYS: tuple[Measure, ...] = (
    Measure("deflections", "Deflections per journey", "1", "journey", "hops forced by the company / journeys",
            _forced_hops, each, "lower"),
    Measure("waited", "Wait per journey", "s", "journey", "waits of all contacts, live and deferred, summed / journeys",
            _waited, each, "lower"),
)  # fmt: skip


def virtual_wait(wait: Floats, served: Floats) -> float:
    """Mean offered (virtual) wait of one queue, s: what a customer of endless patience would have waited.

    Who leaves has seen only a part of it: their waits are censored, and the mean is the area under the Kaplan-Meier
    curve (Kaplan and Meier 1958; for call centres Brown et al. 2005, section 4), up to the longest wait.

    >>> round(virtual_wait(np.array([0.0, 10.0, 10.0]), np.array([1.0, 0.0, 1.0])), 9)
    6.666666667
    """
    if not wait.size:
        return float("nan")
    order = np.lexsort([-served, wait])  # who is served at a time leaves after it, for the curve
    times, events = wait[order], served[order]
    at_risk = np.arange(times.size, 0, -1)
    survival = np.cumprod(1 - events / at_risk)
    return float(times[0] + (np.diff(times) * survival[:-1]).sum())

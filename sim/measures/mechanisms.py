"""Measures of what goes beyond a plain queue: pushes, unseen mentions, silent leavers, threads, shared agents.

Comes in: facts of one log. Goes out: measures for the catalogue. Contacts
still in the system when the run stops count as offered; pushes, answers and agents' time are of those that are over. A
wait that has not ended is censored in the offered wait, and counts so far in the wait per journey.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..log.codes import FORCED_HOP, SILENT_LEAVER, UNSEEN
from ..model.outcomes import Outcome
from .contacts import ended_as
from .measure import Measure, of_contacts, of_journeys
from .scopes import QUEUED
from .waits import answered_in_life
from .weights import Weights, among, counted, every_contact, every_journey, served
from .window import Facts, Floats


@cache
def _flagged(flag: int) -> Weights:
    return counted(lambda facts: (facts.of("flags").astype(int) & flag > 0).astype(float))


@counted
def _answers(facts: Facts) -> Floats:
    """Answers of each handled contact: its turns, or the one that its own row says."""
    return np.asarray(facts.served * np.maximum(facts.of("turns").astype(float), 1.0))


@counted
def _assisted(facts: Facts) -> Floats:
    """1 for contacts that an agent dealt with."""
    return facts.assisted


@counted
def _forced_hops(facts: Facts) -> Floats:
    return facts.per_journey(facts.theirs("flags").astype(int) & FORCED_HOP > 0)


def _waited(facts: Facts) -> Floats:
    return facts.per_journey(facts.their_waits)


MECHANISM_MEASURES: tuple[Measure, ...] = (
    of_contacts("deflected", "Deflected", "share", "pushed elsewhere by the company, time-outs included / offered",
                _flagged(FORCED_HOP), every_contact, "lower", QUEUED),
    of_contacts("timed_out", "Timed out", "share", "wait ended by the company / offered",
                ended_as(Outcome.TIMED_OUT), every_contact, "lower", ("live",)),
    of_contacts("unseen", "Not seen", "share", "missed by monitoring / offered", _flagged(UNSEEN), every_contact,
                "lower", ("deferred",)),
    of_contacts("silent_leavers", "Silent leavers", "share", "left without saying so / abandoned",
                _flagged(SILENT_LEAVER), ended_as(Outcome.ABANDONED), "lower", ("live",)),
    of_contacts("replied", "Replied", "share", "got a first answer / offered", answered_in_life, every_contact,
                "higher", ("deferred",)),
    of_contacts("answers", "Answers per contact", "1", "agents' answers of handled contacts / handled", _answers,
                served, "lower", QUEUED),
    of_contacts("attention", "Agent time per contact", "s", "agents' time, shared equally by what they hold / handled",
                among(lambda f: f.agent_seconds, _assisted), served, "lower", QUEUED),
    of_journeys("deflections", "Deflections per journey", "1", "hops forced by the company / journeys", _forced_hops,
                every_journey, "lower"),
    of_journeys("waited", "Wait per journey", "s", "waits of all contacts, live and deferred, summed / journeys",
                _waited, every_journey, "lower"),
)  # fmt: skip

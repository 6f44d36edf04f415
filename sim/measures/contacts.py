"""Measures of contacts: what joined a channel in the window, and what became of it.

Contacts still in the system when the run stops count as offered and are in no outcome but `unfinished`. The counts add
up: offered = handled + abandoned + blocked + closed + balked + timed out + unfinished (`OUTCOME_COUNTS`).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..log.codes import UNSEEN
from ..model.outcomes import Context
from ..model.outcomes import Outcome as O
from .measure import Measure, of_contacts
from .scopes import QUEUED
from .weights import Weights, among, counted, every_contact, served
from .window import Facts, Floats, without_nan

LEFT = (O.ABANDONED, O.UNANSWERED)
"""the customer left, or the deadline of deferred work passed"""
NOT_LET_IN = (O.BLOCKED, O.CLOSED, O.BALKED)


@cache
def ended_as(*outcomes: O) -> Weights:
    """1 for contacts with one of the outcomes."""
    return counted(lambda facts: facts.ended_as(*outcomes))


@counted
def while_open(facts: Facts) -> Floats:
    """1 for contacts offered in opening hours, which is what a switch counts; those who find the channel closed are a
    measure of their own."""
    return 1 - facts.ended_as(O.CLOSED)


@counted
def _targeted(facts: Facts) -> Floats:
    return np.where(np.isnan(facts.in_time), 0.0, while_open(facts))


def _within(facts: Facts) -> Floats:
    """1 for contacts whose wait, however it ended, was within the channel's target."""
    return np.asarray(without_nan(facts.in_time, 0.0) * facts.once(_targeted))


@counted
def _in_time(facts: Facts) -> Floats:
    return np.asarray(facts.once(_within) * facts.served)


def _left(facts: Facts) -> Floats:
    return np.asarray(facts.ended_as(*LEFT, O.TIMED_OUT) * facts.once(_targeted))


@counted
def let_in(facts: Facts) -> Floats:
    """1 for contacts that could have waited."""
    return np.asarray(1 - facts.ended_as(*NOT_LET_IN))


def wait(facts: Facts) -> Floats:
    """Wait of each contact, s."""
    return facts.wait


@counted
def was_seen(facts: Facts) -> Floats:
    """1 for contacts that were let in and that monitoring did not miss."""
    return np.asarray(facts.once(let_in) * (facts.of("flags").astype(int) & UNSEEN == 0))


def _joined(context: Context) -> Weights:
    return counted(lambda facts: np.asarray(facts.of("context") == context, dtype=float))


@counted
def _first(facts: Facts) -> Floats:
    return np.asarray(facts.of("number") == 1, dtype=float)


def _solved(facts: Facts) -> Floats:
    """1 for contacts that resolved the issue for good."""
    return np.asarray(facts.ended_as(O.RESOLVED) * (facts.of("reopens") == 0))


def _count(name: str, title: str, formula: str, *outcomes: O) -> Measure:
    return of_contacts(f"{name}_count", title, "contacts", formula, ended_as(*outcomes))


OUTCOME_COUNTS: tuple[Measure, ...] = (
    of_contacts(
        "handled", "Handled", "contacts", "served to the end: resolved, failed or transferred", served, by_group=True
    ),
    _count("abandoned", "Abandoned", "left while waiting or mid-session, or passed the deadline unanswered", *LEFT),
    _count("blocked", "Blocked", "found no line, port or place", O.BLOCKED),
    _count("closed", "Closed", "came out of hours", O.CLOSED),
    _count("balked", "Balked", "left on hearing the expected wait", O.BALKED),
    _count("timed_out", "Timed out", "the company ended the wait", O.TIMED_OUT),
    _count("unfinished", "Unfinished", "not over when the run stopped", O.OPEN),
)
"""each contact offered is in exactly one of them"""

CONTACT_MEASURES: tuple[Measure, ...] = (
    of_contacts("offered", "Offered", "contacts", "contacts that joined the channel", every_contact),
    *OUTCOME_COUNTS,
    of_contacts("handled_share", "Handled", "share", "handled / offered", served, every_contact, "higher"),
    of_contacts("abandoned", "Abandoned", "share", "left while waiting or mid-session, unanswered deferred contacts "
                "included / offered when open", ended_as(*LEFT), while_open, "lower"),
    of_contacts("blocked", "Blocked", "share", "no line, port or place / offered when open", ended_as(O.BLOCKED),
                while_open, "lower"),
    of_contacts("closed", "Closed", "share", "out of hours / offered", ended_as(O.CLOSED), every_contact, "lower"),
    of_contacts("balked", "Balked", "share", "left on hearing the wait / offered when open", ended_as(O.BALKED),
                while_open, "lower", ("live",)),
    of_contacts("unanswered", "Unanswered", "share", "past the deadline / offered", ended_as(O.UNANSWERED),
                every_contact, "lower", ("deferred",)),
    of_contacts("transferred", "Transferred", "share", "handed on / handled", ended_as(O.TRANSFERRED), served),
    of_contacts("unsolved", "Not solved", "share", "failed or transferred / handled",
                ended_as(O.FAILED, O.TRANSFERRED), served, "lower", by_group=True),
    of_contacts("containment", "Containment", "share", "resolved without a person / offered", ended_as(O.RESOLVED),
                every_contact, "higher", ("self_service",)),
    of_contacts("service_level", "Service level", "share", "handled within target / offered when open", _in_time,
                _targeted, "higher", QUEUED),
    of_contacts("service_level_of_answered", "Service level of answered", "share",
                "handled within target / handled", _in_time, counted(lambda f: f.served * f.once(_targeted)), "higher",
                QUEUED),
    of_contacts("service_level_less_early", "Service level less early leavers", "share",
                "handled within target / (handled + those who left after it)", _in_time,
                counted(lambda f: f.served * f.once(_targeted) + f.once(_left) * (1 - f.once(_within))), "higher",
                QUEUED),
    of_contacts("service_level_with_early", "Service level with early leavers", "share",
                "(handled within target + left within target) / offered when open",
                counted(lambda f: f.once(_in_time) + f.once(_left) * f.once(_within)), _targeted, "higher", QUEUED),
    of_contacts("left_in_time", "Left within target", "share", "left within the target's time / offered when open",
                counted(lambda f: f.once(_left) * f.once(_within)), _targeted, "", QUEUED),
    of_contacts("waited_longer", "Waited beyond target", "share", "waited longer than the target's time, served or "
                "not / let in", counted(lambda f: (1 - f.once(_within)) * f.once(_targeted) * f.once(let_in)),
                counted(lambda f: f.once(_targeted) * f.once(let_in)), "lower", QUEUED),
    of_contacts("asa", "ASA", "s", "mean wait of handled contacts", among(wait, served), served, "lower",
                QUEUED),
    of_contacts("wait", "Wait", "s", "mean wait of all let in, answered or not", among(wait, let_in),
                let_in, "lower", QUEUED),
    of_contacts("delayed", "Delayed", "share", "waited more than 0 s or left / let in",
                counted(lambda f: ((f.wait > 0) | (f.ended_as(O.ABANDONED) > 0)) * f.once(let_in)), let_in, "lower",
                QUEUED),
    of_contacts("wait_of_leavers", "Wait before leaving", "s", "mean wait of those who left",
                among(wait, ended_as(*LEFT)), ended_as(*LEFT), "", QUEUED),
    of_contacts("response", "First response", "s", "mean time to first response by the target's clock, of handled",
                among(lambda f: f.response, served), served, "lower", ("deferred",)),
    of_contacts("aht", "AHT", "s", "(talk + wrap-up) / handled", among(lambda f: f.talk + f.wrap_up, served), served,
                by_group=True),
    of_contacts("talk", "Talk", "s", "session or talk time / handled", among(lambda f: f.talk, served), served),
    of_contacts("wrap_up", "Wrap-up", "s", "wrap-up / handled", among(lambda f: f.wrap_up, served), served, "", QUEUED),
    of_contacts("restarted", "Started over", "share", "joined with context lost / offered", _joined(Context.LOST),
                every_contact, "lower"),
    of_contacts("with_context", "With context", "share", "joined with context carried / offered",
                _joined(Context.CARRIED), every_contact, "higher"),
    of_contacts("first_attempts", "First attempts", "share", "first contacts of a journey / offered", _first,
                every_contact),
    of_contacts("solved_at_first", "Solved at the first attempt", "share", "resolved for good / handled, of first "
                "contacts of a journey", counted(lambda f: f.once(_solved) * f.once(_first)),
                counted(lambda f: f.served * f.once(_first)), "higher"),
    of_contacts("solved_later", "Solved at later attempts", "share", "resolved for good / handled, of later contacts "
                "of a journey", counted(lambda f: f.once(_solved) * (1 - f.once(_first))),
                counted(lambda f: f.served * (1 - f.once(_first))), "higher"),
    of_contacts("unfinished", "Unfinished", "share", "not over when the run stopped / offered", ended_as(O.OPEN),
                every_contact),
)  # fmt: skip

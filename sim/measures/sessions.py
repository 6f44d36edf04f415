"""What self-service really takes off people's hands: three counts of the same sessions, and what a true one costs.

Comes in: facts of one log. Goes out: shares of sessions begun. A vendor counts a session as resolved when nobody was
handed over: drop-outs, silent failures and answers that come back tomorrow included. Of these some are still quiet a
day later in the same channel, and fewer solved the issue for good.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..model.outcomes import Outcome as O
from ..model.units import DAY, YEAR
from ..sums.times import seconds
from .batches import table_of
from .measure import Measure, Scoped, of_contacts
from .scopes import BY_CHANNEL
from .table import Table
from .weights import Weights, counted, every_contact
from .window import Facts, Floats

SESSIONS = ("self_service",)
_NO_SESSIONS: Floats = np.zeros(0)


@counted
def _begun(facts: Facts) -> Floats:
    """1 for sessions that began and are over."""
    began = ~np.isnan(facts.of("answered").astype(float)) & (facts.outcome != O.OPEN)
    return np.asarray(began * facts.self_service)


@counted
def vendor_count(facts: Facts) -> Floats:
    """1 for sessions that were not handed over, whatever became of the customer."""
    return np.asarray(facts.once(_begun) * (facts.outcome != O.TRANSFERRED))


def _back_within_a_day(facts: Facts) -> NDArray[np.bool_]:
    """Sessions of the window after which the journey's next leg in the same channel begins within 24 h."""
    c = facts.log.contacts
    back = np.zeros(c["entity"].size, dtype=bool)
    for channel in facts.channels_of(SESSIONS):
        legs = np.flatnonzero(c["channel"] == channel)  # in the log's order: by journey and number
        same = np.diff(c["entity"][legs]) == 0
        gap = c["arrived"][legs][1:] - c["ended"][legs][:-1]
        back[legs[:-1]] = same & (gap < DAY)
    return np.asarray(back[facts.inside])


def _quiet(facts: Facts) -> Floats:
    return np.asarray(facts.once(vendor_count) * ~_back_within_a_day(facts))


@counted
def truly_resolved(facts: Facts) -> Floats:
    """1 for sessions that resolved the issue for good: it does not come back, within the horizon or beyond."""
    return np.asarray(facts.once(_resolved) * (facts.of("reopens") == 0))


@counted
def _resolved(facts: Facts) -> Floats:
    return np.asarray(facts.once(_begun) * (facts.outcome == O.RESOLVED))


@counted
def _came_back(facts: Facts) -> Floats:
    return facts.once(_resolved) - facts.once(truly_resolved)


def session_prices(facts: Facts) -> Floats:
    """(channels,): what the contacts of the window cost: per conversation, and of sessions per minute, by the vendor's
    count, and platforms."""
    (start, end), prices = facts.log.covers, facts.given(lambda given: given.prices)
    per_contact, per_minute, per_resolution, per_year = prices.T
    found = per_contact * _whole(facts, every_contact)
    if facts.channels_of(SESSIONS):
        found += per_minute * _whole(facts, _minutes) + per_resolution * _whole(facts, vendor_count)
        found += per_year * (end - start) / YEAR
    return np.asarray(found)


def _whole(facts: Facts, weights: Weights) -> Floats:
    """(channels,): sums of the contacts' weights over the window."""
    return table_of(facts, "contacts", weights, BY_CHANNEL)[:, 0]


def _minutes(facts: Facts) -> Floats:
    """Minutes from the beginning of each session, or of an agent's work, to its end."""
    answered, ended = (np.asarray(facts.of(name), dtype=float) for name in ("answered", "ended"))
    return seconds(answered, ended, answered <= ended) / 60


def _cost_per_true_resolution(facts: Facts) -> Iterator[Scoped]:
    mine = facts.channels_of(SESSIONS)
    prices, true = (facts.once(session_prices), _whole(facts, truly_resolved)) if mine else (_NO_SESSIONS, _NO_SESSIONS)
    rows = facts.of_each_run(mine, len(facts.log.channels))
    yield "channel", Table(facts.names(mine), prices[rows].reshape(-1, 1), true[rows].reshape(-1, 1))


SESSION_MEASURES: tuple[Measure, ...] = (
    of_contacts("vendor_resolved", "Resolved by the vendor's count", "share", "sessions not handed over, drop-outs and "
                "silent failures included / sessions begun", vendor_count, _begun, "", SESSIONS),
    of_contacts("quiet_resolved", "Quiet after 24 h", "share", "of the vendor's count those after which the journey "
                "has no leg in the channel within 24 h / sessions begun", _quiet, _begun, "", SESSIONS),
    of_contacts("true_resolved", "Truly resolved", "share", "the session solved the issue for good / sessions begun",
                truly_resolved, _begun, "higher", SESSIONS),
    of_contacts("false_containment", "False containment", "share", "solved issues that come back / solved issues",
                _came_back, _resolved, "lower", SESSIONS),
    Measure("cost_per_true_resolution", "Cost per true resolution", "money", "price of all sessions / truly resolved",
            "ratio", _cost_per_true_resolution, "lower"),
)  # fmt: skip

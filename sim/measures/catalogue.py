"""Every measure, declared once: name, unit, formula, rows, estimator, better direction, treatment of the unfinished.

A measure of kind `ratio` is a sum over a sum and is estimated as a ratio of expectations; `total` is a sum per
replication, `value` a number per replication (quantiles, extremes), both estimated as means over replications. Time
columns exist for ratios and totals.

A *leg* is a visit to one channel: a row of the log. A *contact* is one leg, or several that a put-through without delay
joins (IVR to agent, agent to agent); its channel and its outcome are those of its last leg. Measures of contacts by
channel count legs, because each has its own wait and its own agent, and so do keys, `max_contacts` and the attempts of
rows; every measure of journeys counts contacts. A put-through is no hop: context lost at it is a restart, and breaks no
journey.

Contacts still in the system when the run stops count as offered and are in no outcome; journeys still open are in the
denominators of journey shares and are shown as `open`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..model.outcomes import Outcome as O
from .feelings import FELT_BY_CONTACTS, FELT_BY_JOURNEYS
from .measure import QUEUED, Description, Floats, Measure, Weights, each, one, served
from .mechanisms import HANDLED_BY_CONTACTS, HANDLED_BY_JOURNEYS
from .window import Facts


def _share(*outcomes: O) -> Weights:
    return lambda f: f.ended_as(*outcomes)


def _open(facts: Facts) -> Floats:
    """Contacts offered in opening hours: what a switch counts; those who find the channel closed are a measure
    apart."""
    return 1 - facts.ended_as(O.CLOSED)


def _targeted(facts: Facts) -> Floats:
    return np.where(np.isnan(facts.in_time), 0.0, _open(facts))


def _in_time(facts: Facts) -> Floats:
    return np.nan_to_num(facts.in_time) * facts.served


def _late_leavers(facts: Facts) -> Floats:
    left = facts.ended_as(O.ABANDONED, O.UNANSWERED, O.TIMED_OUT)
    return left * (1 - np.nan_to_num(facts.in_time)) * _targeted(facts)


def _waiting(facts: Facts) -> Floats:
    """Contacts that could have waited: all that were let in."""
    return 1 - facts.ended_as(O.BLOCKED, O.CLOSED, O.BALKED)


CONTACT_MEASURES: tuple[Measure, ...] = (
    Measure("offered", "Offered", "contacts", "contact", "contacts that joined the channel", one),
    Measure("handled", "Handled", "contacts", "contact", "served to the end: resolved, failed or transferred", served),
    Measure("handled_share", "Handled", "share", "contact", "handled / offered", served, one, "higher"),
    Measure("abandoned", "Abandoned", "share", "contact", "left while waiting or mid-session, unanswered deferred "
            "contacts included / offered when open", _share(O.ABANDONED, O.UNANSWERED), _open, "lower"),
    Measure("blocked", "Blocked", "share", "contact", "no line, port or place / offered when open", _share(O.BLOCKED),
            _open, "lower"),
    Measure("closed", "Closed", "share", "contact", "out of hours / offered", _share(O.CLOSED), one, "lower"),
    Measure("balked", "Balked", "share", "contact", "left on hearing the wait / offered when open", _share(O.BALKED),
            _open, "lower", ("live",)),
    Measure("unanswered", "Unanswered", "share", "contact", "past the deadline / offered", _share(O.UNANSWERED), one,
            "lower", ("deferred",)),
    Measure("transferred", "Transferred", "share", "contact", "handed on / handled", _share(O.TRANSFERRED), served),
    Measure("unsolved", "Not solved", "share", "contact", "failed or transferred / handled",
            _share(O.FAILED, O.TRANSFERRED), served, "lower"),
    Measure("containment", "Containment", "share", "contact", "resolved without a person / offered", _share(O.RESOLVED),
            one, "higher", ("self_service",)),
    Measure("service_level", "Service level", "share", "contact", "handled within target / offered when open", _in_time,
            _targeted, "higher", QUEUED),
    Measure("service_level_of_answered", "Service level of answered", "share", "contact",
            "handled within target / handled", _in_time, lambda f: f.served * _targeted(f), "higher", QUEUED),
    Measure("service_level_less_early", "Service level less early leavers", "share", "contact",
            "handled within target / (handled + those who left after it)", _in_time,
            lambda f: f.served * _targeted(f) + _late_leavers(f), "higher", QUEUED),
    Measure("asa", "ASA", "s", "contact", "mean wait of handled contacts", lambda f: f.wait * f.served, served,
            "lower", QUEUED),
    Measure("wait", "Wait", "s", "contact", "mean wait of all let in, answered or not", lambda f: f.wait * _waiting(f),
            _waiting, "lower", QUEUED),
    Measure("delayed", "Delayed", "share", "contact", "waited more than 0 s or left / let in",
            lambda f: ((f.wait > 0) | (f.ended_as(O.ABANDONED) > 0)) * _waiting(f), _waiting, "lower", QUEUED),
    Measure("wait_of_leavers", "Wait before leaving", "s", "contact", "mean wait of those who left",
            lambda f: f.wait * f.ended_as(O.ABANDONED, O.UNANSWERED), _share(O.ABANDONED, O.UNANSWERED), "", QUEUED),
    Measure("response", "First response", "s", "contact",
            "mean time to first response by the target's clock, of handled", lambda f: f.response * f.served, served,
            "lower", ("deferred",)),
    Measure("aht", "AHT", "s", "contact", "(talk + wrap-up) / handled", lambda f: f.talk + f.wrap_up, served),
    Measure("talk", "Talk", "s", "contact", "session or talk time / handled", lambda f: f.talk, served),
    Measure("wrap_up", "Wrap-up", "s", "contact", "wrap-up / handled", lambda f: f.wrap_up, served, "", QUEUED),
    Measure("restarted", "Started over", "share", "contact", "joined with context lost / offered",
            lambda f: (f.of("context") == 2).astype(float), one, "lower"),
    Measure("with_context", "With context", "share", "contact", "joined with context carried / offered",
            lambda f: (f.of("context") == 1).astype(float), one, "higher"),
    Measure("unfinished", "Unfinished", "share", "contact", "not over when the run stopped / offered", _share(O.OPEN),
            one),
)  # fmt: skip


def _ended(*ends: int) -> Weights:
    return lambda f: np.isin(f.journey("end"), ends).astype(float)


def _resolved(facts: Facts) -> Floats:
    return _ended(1)(facts)


def _first_contact(facts: Facts) -> Floats:
    """1 for journeys whose first contact solved the issue for good."""
    solved = (facts.theirs("outcome") == O.RESOLVED) & (facts.theirs("reopens") == 0)
    return facts.per_journey(solved & (facts.contact_number == 1))


def _restarts(facts: Facts) -> Floats:
    return facts.per_journey(facts.theirs("context") == 2)


def _broken(facts: Facts) -> Floats:
    """1 for journeys with a hop that lost context; a put-through is no hop."""
    return (facts.per_journey((facts.theirs("context") == 2) & facts.begins_contact) > 0).astype(float)


def _contacts(facts: Facts) -> Floats:
    return facts.per_journey(facts.ends_contact)


def _served_to_the_end(facts: Facts) -> NDArray[np.bool_]:
    """Contacts whose last leg was served to the end, said at that leg."""
    return np.isin(facts.theirs("outcome"), (O.RESOLVED, O.FAILED, O.TRANSFERRED)) & facts.ends_contact


def _with_agent(facts: Facts) -> NDArray[np.bool_]:
    """Legs that an agent answered."""
    return (facts.theirs("agent").astype(np.int64) >= 0) & ~np.isnan(facts.theirs("answered").astype(float))


def _by_agent(facts: Facts) -> Floats:
    return facts.per_journey(_with_agent(facts))


def _agent_seconds(facts: Facts) -> Floats:
    return facts.per_journey(facts.their_agent_seconds)


def _repeats(facts: Facts) -> Floats:
    """Hops to the same channel, by journey (contacts are sorted by journey and number)."""
    ends = facts.ends_contact
    channel, number = facts.theirs("channel")[ends], facts.contact_number[ends]
    same = np.zeros(ends.size)
    same[np.flatnonzero(ends)[1:]] = (channel[1:] == channel[:-1]) & (number[1:] > 1)
    return facts.per_journey(same)


def _effort(facts: Facts) -> Floats:
    """Of the burdens that Dixon, Freeman and Toman ask about (Harvard Business Review, July 2010), how many each
    customer met, 0 to 4. A session's put-through to a person is none of them."""
    handed_on = facts.per_journey((facts.theirs("outcome") == O.TRANSFERRED) & _with_agent(facts))
    again, elsewhere = _contacts(facts) > 1, (facts.visits > 0).sum(axis=1) > 1
    return np.asarray(again * 1.0 + (_restarts(facts) > 0) + (handed_on > 0) + elsewhere)


JOURNEY_MEASURES: tuple[Measure, ...] = (
    Measure("journeys", "Journeys", "journeys", "journey", "begun in the measured window", each),
    Measure("resolved", "Resolved", "share", "journey", "ended resolved / journeys", _resolved, each, "higher"),
    Measure("given_up", "Given up", "share", "journey", "gave up, or reached the cap on contacts / journeys",
            _ended(2, 3), each, "lower"),
    Measure("capped", "Capped", "share", "journey", "reached the cap on contacts / journeys", _ended(3), each,
            "lower"),
    Measure("open", "Still open", "share", "journey", "censored: not over when the run stopped / journeys", _ended(0),
            each),
    Measure("contacts", "Contacts per journey", "1", "journey", "contacts / journeys", _contacts, each, "lower"),
    Measure("channels", "Channels per journey", "1", "journey", "distinct channels / journeys",
            lambda f: (f.visits > 0).sum(axis=1).astype(float), each, "lower"),
    Measure("multichannel", "Two or more channels", "share", "journey", "journeys with two or more channels / journeys",
            lambda f: ((f.visits > 0).sum(axis=1) >= 2).astype(float), each),
    Measure("three_channels", "Three or more channels", "share", "journey", "journeys with three or more channels / "
            "journeys", lambda f: ((f.visits > 0).sum(axis=1) >= 3).astype(float), each),
    Measure("fcr", "First-contact resolution", "share", "journey",
            "resolved by the first contact and not coming back, drawn beyond the horizon too / journeys", _first_contact,
            each, "higher"),
    Measure("time_to_resolution", "Time to resolution", "s", "journey", "first contact to end, of resolved journeys",
            lambda f: np.where(_resolved(f) > 0, f.journey("ended").astype(float) - f.began, 0.0), _resolved, "lower"),
    Measure("broken", "Broken journeys", "share", "journey", "at least one hop lost context (put-throughs are no hops) "
            "/ journeys", _broken, each, "lower"),
    Measure("restarts", "Restarts per journey", "1", "journey", "hops and put-throughs that lost context / journeys",
            _restarts, each, "lower"),
    Measure("repeats", "Repeat contacts per journey", "1", "journey", "hops to the same channel / journeys", _repeats,
            each, "lower"),
    Measure("switches", "Channel switches per journey", "1", "journey", "hops to another channel / journeys",
            lambda f: _contacts(f) - 1 - _repeats(f), each, "lower"),
    Measure("effort", "Effort", "1", "journey", "burdens met, of four: contacted again, explained again, was handed on,"
            " changed channel (Dixon, Freeman and Toman 2010) / journeys", _effort, each, "lower"),
    Measure("assisted_journeys", "Journeys with a person", "share", "journey", "at least one contact with an agent / "
            "journeys", lambda f: (_by_agent(f) > 0).astype(float), each),
    Measure("assisted_contacts", "Contacts with a person", "share", "journey", "served contacts with an agent / served "
            "contacts", lambda f: f.per_journey(_served_to_the_end(f) & (f.in_contact(_with_agent(f)) > 0)),
            lambda f: f.per_journey(_served_to_the_end(f))),
    Measure("served_customers", "Customers served", "share", "journey", "journeys with a served contact / journeys",
            lambda f: (f.per_journey(_served_to_the_end(f)) > 0).astype(float), each, "higher"),
    Measure("self_served", "Resolved without a person", "share", "journey", "resolved with no contact with an agent / "
            "journeys", lambda f: _resolved(f) * (_by_agent(f) == 0), each, "higher"),
    Measure("agent_time", "Agent time per journey", "s", "journey", "talk and wrap-up of agents / journeys",
            _agent_seconds, each, "lower"),
)  # fmt: skip


QUANTILES = {"wait_p50": 0.5, "wait_p90": 0.9, "wait_p95": 0.95}
"""measures that are quantiles, with their probability"""

OTHER_MEASURES: tuple[Description, ...] = (
    Description("wait_p50", "Median wait", "s", "median wait of handled contacts, replications together", "lower"),
    Description("wait_p90", "90 % wait", "s", "0.9 quantile of the wait of handled contacts, replications together",
                "lower"),
    Description("wait_p95", "95 % wait", "s", "0.95 quantile of the wait of handled contacts, replications together",
                "lower"),
    Description("virtual_wait", "Offered wait", "s", "mean wait of customers if none left: Kaplan-Meier over the waits "
                "of all let in, those who left censored", "lower"),
    Description("service_level_by_day", "Service level, mean of days", "share", "mean over days of each day's service "
                "level (the ratio of sums is service_level)", "higher"),
    Description("longest_wait", "Longest wait", "s", "longest wait of any contact, mean over replications", "lower"),
    Description("backlog", "Backlog", "contacts", "contacts waiting at the end of the measured window", "lower"),
    Description("backlog_age", "Age of backlog", "s", "mean wait so far of the backlog", "lower"),
    Description("first", "First contacts", "share", "journeys that begin in the channel / journeys", ""),
    Description("reached", "Reached by", "share", "journeys with a contact in the channel / journeys", ""),
    Description("reached_at", "Reached as contact", "1", "number of the first contact in the channel, mean over the "
                "journeys that reach it", ""),
    Description("fifth", "Of fifth contacts", "share", "fifth contacts in the channel / fifth contacts", ""),
    Description("occupancy", "Occupancy", "share", "time busy while on duty / time on duty", ""),
    Description("concurrency", "Concurrency", "1", "time of contacts held / time busy: contacts at a time", ""),
    Description("utilisation", "Utilisation", "share", "time busy, overtime included / time on duty and overtime", ""),
    Description("duty_hours", "Hours on duty", "h", "agents' time on duty (net of shrinkage)", ""),
    Description("overtime", "Overtime", "h", "time spent finishing after the end of duty", "lower"),
    Description("net_fte", "Net FTE", "agents", "time on duty / (weeks x hours of a full-time equivalent)", ""),
    Description("scheduled_fte", "Scheduled FTE", "agents", "paid time / (weeks x hours of a full-time equivalent)",
                "lower"),
    Description("cost", "Cost", "money", "paid time x wage, in the measured window", "lower"),
    Description("cost_per_contact", "Cost per contact", "money", "total cost / contacts handled", "lower"),
    Description("cost_per_journey", "Cost per journey", "money", "total cost / journeys begun", "lower"),
    Description("cost_per_resolution", "Cost per resolution", "money", "total cost / journeys resolved", "lower"),
    Description("integration_cost", "Integration cost", "money", "set-up written off and running, in the window",
                "lower"),
)  # fmt: skip


def describe(name: str) -> Description:
    """Title, unit, formula and better direction of a measure; raises KeyError for an unknown name."""
    return _DESCRIPTIONS[name]


def names() -> list[str]:
    """All measures there are, in alphabetical order; those of feelings exist only where these are on."""
    return sorted(_DESCRIPTIONS)


def _all() -> Iterator[Description]:
    by_contacts = (*CONTACT_MEASURES, *HANDLED_BY_CONTACTS, *FELT_BY_CONTACTS)
    for measure in (*by_contacts, *JOURNEY_MEASURES, *HANDLED_BY_JOURNEYS, *FELT_BY_JOURNEYS):
        yield Description(measure.name, measure.title, measure.unit, measure.formula, measure.better)
    yield from OTHER_MEASURES


_DESCRIPTIONS = {description.name: description for description in _all()}

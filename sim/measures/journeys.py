"""Measures of journeys begun in the window, whenever their contacts happened.

Journeys still open are in the denominators of journey shares, and the share `open` is shown beside them.

A *leg* is a visit to one channel: a row of the log. A *contact* is one leg, or several that a put-through without delay
joins (IVR to agent, agent to agent); its channel and its outcome are those of its last leg. Measures of contacts by
channel count legs, because each has its own wait and its own agent, and so do keys, `max_contacts` and the attempts of
rows; every measure of journeys counts contacts. A put-through is no hop: context lost at it is a restart, and breaks no
journey.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..model.outcomes import Context, End
from ..model.outcomes import Outcome as O
from .measure import Measure, of_journeys
from .weights import Weights, among, counted, every_journey
from .window import SERVED, Facts, Floats, without_nan

_IS_SERVED = np.isin(np.arange(len(O)), SERVED)


@cache
def ended_by(*ends: End) -> Weights:
    """1 for journeys that ended in one of the ways."""
    one_of = np.zeros(len(End))
    one_of[list(ends)] = 1.0
    return counted(lambda facts: one_of[facts.journey("end")])


resolved = ended_by(End.RESOLVED)
"""1 for journeys that ended resolved"""


@counted
def _first_contact(facts: Facts) -> Floats:
    """1 for journeys whose first contact solved the issue for good."""
    solved = (facts.theirs("outcome") == O.RESOLVED) & (facts.theirs("reopens") == 0)
    return facts.per_journey(solved & (facts.contact_number == 1))


@counted
def _restarts(facts: Facts) -> Floats:
    return facts.per_journey(facts.theirs("context") == Context.LOST)


@counted
def _broken(facts: Facts) -> Floats:
    """1 for journeys with a hop that lost context."""
    lost = facts.theirs("context") == Context.LOST
    return (facts.per_journey(lost & facts.begins_contact) > 0).astype(float)


@counted
def _contacts(facts: Facts) -> Floats:
    return facts.per_journey(facts.ends_contact)


def _channels(facts: Facts) -> NDArray[np.int64]:
    return np.asarray((facts.visits > 0).sum(axis=1))


def _at_least(channels: int) -> Weights:
    return counted(lambda facts: (facts.once(_channels) >= channels).astype(float))


def _served_to_the_end(facts: Facts) -> NDArray[np.bool_]:
    """Contacts whose last leg was served to the end, said at that leg."""
    return np.asarray(_IS_SERVED[facts.theirs("outcome")] & facts.ends_contact)


def _with_agent(facts: Facts) -> NDArray[np.bool_]:
    """Legs that an agent answered."""
    answered = ~np.isnan(facts.theirs("answered").astype(float))
    return np.asarray((facts.theirs("agent").astype(np.int64) >= 0) & answered)


@counted
def _by_agent(facts: Facts) -> Floats:
    return facts.per_journey(facts.once(_with_agent))


def agent_seconds(facts: Facts) -> Floats:
    """Talk and wrap-up of agents, s, by journey of the measured window."""
    return facts.per_journey(facts.their_agent_seconds)


@counted
def _repeats(facts: Facts) -> Floats:
    """Hops to the same channel, by journey (contacts are sorted by journey and number)."""
    ends = facts.ends_contact
    channel, number = facts.theirs("channel")[ends], facts.contact_number[ends]
    same = np.zeros(ends.size)
    same[np.flatnonzero(ends)[1:]] = (channel[1:] == channel[:-1]) & (number[1:] > 1)
    return facts.per_journey(same)


@counted
def _effort(facts: Facts) -> Floats:
    """Of the burdens that Dixon, Freeman and Toman ask about (Harvard Business Review, July 2010), how many each
    customer met, 0 to 4. A session's put-through to a person is none of them."""
    handed_on = facts.per_journey((facts.theirs("outcome") == O.TRANSFERRED) & facts.once(_with_agent))
    again, elsewhere = facts.once(_contacts) > 1, facts.once(_channels) > 1
    return np.asarray(again * 1.0 + (facts.once(_restarts) > 0) + (handed_on > 0) + elsewhere)


def _length(facts: Facts) -> Floats:
    """Seconds of each journey from its first contact to its end; 0 while it is open."""
    return without_nan(facts.journey("ended").astype(float) - facts.began, 0.0)


JOURNEY_MEASURES: tuple[Measure, ...] = (
    of_journeys("journeys", "Journeys", "journeys", "begun in the measured window", every_journey),
    of_journeys("resolved", "Resolved", "share", "ended resolved / journeys", resolved, every_journey, "higher"),
    of_journeys("given_up", "Given up", "share", "gave up, or reached the cap on contacts / journeys",
                ended_by(End.GIVEN_UP, End.CAPPED), every_journey, "lower"),
    of_journeys("capped", "Capped", "share", "reached the cap on contacts / journeys", ended_by(End.CAPPED),
                every_journey, "lower"),
    of_journeys("open", "Still open", "share", "censored: not over when the run stopped / journeys",
                ended_by(End.OPEN), every_journey),
    of_journeys("contacts", "Contacts per journey", "1", "contacts / journeys", _contacts, every_journey, "lower"),
    of_journeys("channels", "Channels per journey", "1", "distinct channels / journeys",
                counted(lambda f: f.once(_channels).astype(float)), every_journey, "lower"),
    of_journeys("multichannel", "Two or more channels", "share", "journeys with two or more channels / journeys",
                _at_least(2), every_journey),
    of_journeys("three_channels", "Three or more channels", "share", "journeys with three or more channels / "
                "journeys", _at_least(3), every_journey),
    of_journeys("fcr", "First-contact resolution", "share", "resolved by the first contact "
                "and not coming back, drawn beyond the horizon too / journeys", _first_contact, every_journey,
                "higher"),
    of_journeys("time_to_resolution", "Time to resolution", "s", "first contact to end, of resolved journeys",
                among(_length, resolved), resolved, "lower"),
    of_journeys("broken", "Broken journeys", "share", "at least one hop lost context (a put-through is no hop) / "
                "journeys", _broken, every_journey, "lower"),
    of_journeys("restarts", "Restarts per journey", "1", "hops and put-throughs that lost context / "
                "journeys", _restarts, every_journey, "lower"),
    of_journeys("repeats", "Repeat contacts per journey", "1", "hops to the same channel / journeys", _repeats,
                every_journey, "lower"),
    of_journeys("switches", "Channel switches per journey", "1", "hops to another channel / journeys",
                counted(lambda f: f.once(_contacts) - 1 - f.once(_repeats)), every_journey, "lower"),
    of_journeys("effort", "Effort", "1", "burdens met, of four: contacted again, explained again, was handed on, "
                "changed channel (Dixon, Freeman and Toman 2010) / journeys", _effort, every_journey, "lower"),
    of_journeys("assisted_journeys", "Journeys with a person", "share", "at least one contact with an agent / "
                "journeys", counted(lambda f: (f.once(_by_agent) > 0).astype(float)), every_journey),
    of_journeys("assisted_contacts", "Contacts with a person", "share", "served contacts with an agent / served "
                "contacts",
                counted(lambda f: f.per_journey(f.once(_served_to_the_end) & (f.in_contact(f.once(_with_agent)) > 0))),
                counted(lambda f: f.per_journey(f.once(_served_to_the_end)))),
    of_journeys("served_customers", "Customers served", "share", "journeys with a served contact / journeys",
                counted(lambda f: (f.per_journey(f.once(_served_to_the_end)) > 0).astype(float)), every_journey,
                "higher"),
    of_journeys("self_served", "Resolved without a person", "share", "resolved with no contact with an agent / "
                "journeys", counted(lambda f: f.once(resolved) * (f.once(_by_agent) == 0)), every_journey, "higher"),
    of_journeys("agent_time", "Agent time per journey", "s", "talk and wrap-up of agents / journeys",
                agent_seconds, every_journey, "lower"),
)  # fmt: skip

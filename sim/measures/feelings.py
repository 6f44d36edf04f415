"""Measures of feelings, reputation and value (`sim.model.feelings`), taken where `feelings` are on.

Comes in: facts of a log whose contacts, customers and posts tell frustration and impressions. Goes out: weights, as in
the catalogue. Satisfaction and churn are probabilities of a customer's end and taken as such, not drawn: their noise is
only that of the journeys. They are means over journeys that have ended; those still open have no end to be judged by.
Posts belong to the journey of who wrote them, whenever they wrote.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..log.codes import ADVERSE, ADVOCATE, SOLUTION
from ..model.outcomes import End
from .journeys import ended_by
from .measure import Measure, of_contacts, of_journeys
from .weights import Weights, counted, every_contact
from .window import Facts, Floats


@counted
def _ended(facts: Facts) -> Floats:
    return np.asarray(facts.journey("end") != End.OPEN, dtype=float)


@counted
def _gave_up(facts: Facts) -> Floats:
    return facts.once(ended_by(End.GIVEN_UP, End.CAPPED))


def _frustration(facts: Facts) -> Floats:
    return facts.journey("frustration").astype(float) * facts.once(_ended)


def satisfaction(facts: Facts) -> Floats:
    """Satisfaction of each customer at the journey's end, 0 to 1; 0 while it is open."""
    spec = facts.config.feelings.satisfaction
    content = np.exp(-spec.per_frustration * facts.journey("frustration").astype(float))
    return np.asarray(content * (1 - spec.lost_if_given_up * facts.once(_gave_up)) * facts.once(_ended))


def churn(facts: Facts) -> Floats:
    """Probability that each customer leaves the company; 0 while the journey is open."""
    spec, content = facts.config.feelings.churn, facts.once(satisfaction)
    leaves = spec.satisfied * content + spec.dissatisfied * (1 - content)
    return np.asarray((1 - (1 - leaves) * (1 - spec.given_up * facts.once(_gave_up))) * facts.once(_ended))


def _value_lost(facts: Facts) -> Floats:
    felt = facts.config.feelings
    worth = [felt.customer_value_by_segment.get(name, felt.customer_value) for name in facts.log.segments]
    a_journey = (felt.churn.yearly or 0.0) / felt.churn.issues_per_year / felt.churn.reference
    leaves = np.minimum(facts.once(churn) * a_journey, 1.0)
    return np.asarray(leaves * np.array(worth)[facts.journey("segment").astype(np.int64)])


def _late_purchases(facts: Facts) -> Floats:
    """Probability that each journey is a purchase abandoned because it was not settled in time."""
    wanted = facts.once(_purchases) > 0
    spans = facts.journey("ended").astype(float) - facts.began
    found = np.zeros(facts.began.size)
    for r, name in enumerate(facts.log.reasons):
        purchase = facts.config.customers.reasons[name].purchase
        if purchase is not None:
            late = (facts.journey("end") != End.RESOLVED) | (spans > purchase.answer_within)
            found[wanted & (facts.journey("reason") == r) & late] = purchase.abandoned
    return found


def _purchases(facts: Facts) -> Floats:
    """1 for journeys, by now over, whose reason is a purchase."""
    reasons = facts.config.customers.reasons
    buys = np.array([reasons[name].purchase is not None for name in facts.log.reasons], dtype=bool)
    return np.asarray(buys[facts.journey("reason").astype(np.int64)] * facts.once(_ended))


def _posts(facts: Facts, kind: int, weights: Floats) -> Floats:
    """Sums over the posts of a kind, by journey of the window."""
    posts, entities = facts.log.posts, facts.journey("entity")
    if not entities.size:
        return np.zeros(0)
    journey = np.minimum(np.searchsorted(entities, posts["entity"]), entities.size - 1)
    mine = (entities[journey] == posts["entity"]) & (posts["kind"] == kind)
    return np.bincount(journey[mine], weights=weights[mine], minlength=entities.size).astype(float, copy=False)


@cache
def _written(kind: int) -> Weights:
    return lambda f: _posts(f, kind, np.ones(f.log.posts["entity"].size))


@cache
def _seen(kind: int) -> Weights:
    return lambda f: _posts(f, kind, f.log.posts["impressions"])


def _praised(facts: Facts) -> Floats:
    return facts.once(_seen(ADVOCATE)) + facts.once(_seen(SOLUTION))


FEELING_MEASURES: tuple[Measure, ...] = (
    of_contacts("frustration_on_arrival", "Frustration on arrival", "1",
                "frustration of customers as the contact began / offered", lambda f: f.of("frustration").astype(float),
                every_contact, "lower",
                needs="feelings"),
    of_journeys("frustration", "Frustration", "1", "frustration at the end / journeys ended", _frustration,
                _ended, "lower",
                needs="feelings"),
    of_journeys("satisfaction", "Satisfaction", "share",
                "exp(-coefficient x frustration), less after giving up / journeys ended", satisfaction, _ended,
                "higher", needs="feelings"),
    of_journeys("churn", "Churn", "share", "probability that the customer leaves / journeys ended", churn,
                _ended, "lower",
                needs="feelings"),
    of_journeys("value_lost", "Value lost", "money", "yearly churn / issues a year x churn / reference x customer "
                "value, of journeys ended; only where yearly churn and value are said", _value_lost, None, "lower",
                needs="money"),
    of_journeys("value_lost_per_journey", "Value lost per journey", "money", "value lost / journeys ended",
                _value_lost, _ended, "lower", needs="money"),
    of_journeys("purchases_abandoned", "Purchases abandoned", "share", "purchases not settled in time x the share that "
                "leaves them then / purchases", _late_purchases, _purchases, "lower", needs="purchases"),
    of_journeys("posts", "Adverse posts", "posts", "angry contacts in public channels that were posts",
                _written(ADVERSE), None, "lower",
                needs="feelings"),
    of_journeys("advocates", "Advocates", "posts", "posts of customers who were delighted", _written(ADVOCATE),
                None, "higher",
                needs="feelings"),
    of_journeys("adverse_impressions", "Adverse impressions", "impressions",
                "viewers of adverse posts until the first reply, and whom they showed them", _seen(ADVERSE), None,
                "lower", needs="feelings"),
    of_journeys("advocate_impressions", "Advocate impressions", "impressions",
                "viewers of advocates' posts and of complaints solved in public, and whom they showed them", _praised,
                None, "higher",
                needs="feelings"),
    of_journeys("net_impressions", "Net impressions", "impressions",
                "advocate impressions less adverse impressions",
                lambda f: f.once(_praised) - f.once(_seen(ADVERSE)), None, "higher",
                needs="feelings"),
)  # fmt: skip

"""Channels seen from journeys: where journeys begin, whom a channel reaches, where fifth contacts go."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..sums.places import sums
from .kinds import of_journeys as journeys_by_kind
from .measure import Measure, Scoped
from .table import Table
from .window import Facts, Floats, Ints


def _by_channel(facts: Facts, channel: Ints, number: Floats) -> Floats:
    """(channels, 1): sums of numbers of journeys by channel."""
    return sums(channel, number, len(facts.log.channels)).reshape(-1, 1)


def _every(facts: Facts) -> Floats:
    return np.full((len(facts.log.channels), 1), float(facts.began.size))


def _reached_by(facts: Facts) -> Floats:
    kinds = facts.once(journeys_by_kind)
    return np.asarray(((kinds.facts.visits > 0).T @ kinds.number).reshape(-1, 1))


def _first(facts: Facts) -> Iterator[Scoped]:
    kinds = facts.once(journeys_by_kind)
    first = _by_channel(facts, kinds.facts.journey("channel").astype(np.int64), kinds.number)
    yield "channel", Table(facts.log.channels, first, _every(facts))


def _reached(facts: Facts) -> Iterator[Scoped]:
    yield "channel", Table(facts.log.channels, facts.once(_reached_by), _every(facts))


def _first_visits(facts: Facts) -> Floats:
    """(journeys, channels): the number of each journey's first contact in each channel; 0 where it has none."""
    first = np.zeros((facts.began.size, len(facts.log.channels)))
    backwards = np.flatnonzero(facts.ends_contact)[::-1]  # of several numbers for one cell the last stays: the first
    first[facts.owner[1][backwards], facts.theirs("channel")[backwards]] = facts.contact_number[backwards]
    return first


def _reached_at(facts: Facts) -> Iterator[Scoped]:
    kinds = facts.once(journeys_by_kind)
    numbers = (_first_visits(kinds.facts).T @ kinds.number).reshape(-1, 1)
    yield "channel", Table(facts.log.channels, numbers, facts.once(_reached_by))


def _fifth(facts: Facts) -> Iterator[Scoped]:
    kinds = facts.once(journeys_by_kind)
    of, fifth = kinds.facts, kinds.facts.ends_contact & (kinds.facts.contact_number == 5)
    counts = _by_channel(facts, of.theirs("channel")[fifth].astype(np.int64), kinds.number[of.owner[1][fifth]])
    yield "channel", Table(facts.log.channels, counts, np.full(counts.shape, counts.sum()))


REACH_MEASURES: tuple[Measure, ...] = (
    Measure("first", "First contacts", "share", "journeys that begin in the channel / journeys", "ratio", _first),
    Measure("reached", "Reached by", "share", "journeys with a contact in the channel / journeys", "ratio", _reached),
    Measure("reached_at", "Reached as contact", "1", "number of the first contact in the channel, mean over the "
            "journeys that reach it", "ratio", _reached_at),
    Measure("fifth", "Of fifth contacts", "share", "fifth contacts in the channel / fifth contacts", "ratio", _fifth),
)  # fmt: skip

"""Channels seen from journeys: where journeys begin, whom a channel reaches, where fifth contacts go."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from .kinds import of_journeys as journeys_by_kind
from .measure import Measure, Scoped
from .table import Table
from .window import Bools, Facts, Floats

Marks = Callable[[Facts], NDArray[np.generic]]
"""(journeys, channels), of nothing but what makes the kind of a journey"""


def _begins(facts: Facts) -> Bools:
    """Whether each journey begins in each channel."""
    return np.asarray(facts.journey("channel")[:, None] == np.arange(len(facts.log.channels)))


def _visits(facts: Facts) -> Bools:
    """Whether each journey has a contact in each channel."""
    return np.asarray(facts.visits > 0)


def _first_visits(facts: Facts) -> Floats:
    """The number of each journey's first contact in each channel; 0 where it has none."""
    first = np.zeros((facts.journeys, len(facts.log.channels)))
    backwards = np.flatnonzero(facts.ends_contact)[::-1]  # of several numbers for one cell the last stays: the first
    first[facts.owner[1][backwards], facts.theirs("channel")[backwards]] = facts.contact_number[backwards]
    return first


def _fifth_visits(facts: Facts) -> Floats:
    """1 for the channel of each journey's fifth contact."""
    fifth, found = np.flatnonzero(facts.ends_contact & (facts.contact_number == 5)), np.zeros(facts.visits.shape)
    found[facts.owner[1][fifth], facts.theirs("channel")[fifth]] = 1.0
    return found


MARKS: tuple[Marks, ...] = (_begins, _visits, _first_visits, _fifth_visits)


def _all_marks(facts: Facts) -> Floats:
    """(journeys, marks, channels): all of them."""
    return np.stack([each(facts) for each in MARKS], axis=1).astype(np.float64)


def _sums(facts: Facts) -> dict[Marks, Floats]:
    """By marks: (channels, 1) sums over the journeys of the window."""
    kinds = facts.once(journeys_by_kind)
    sums = np.einsum("rk,kmc->mrc", kinds.numbers, kinds.of(_all_marks))
    return dict(zip(MARKS, sums.reshape(len(MARKS), -1, 1), strict=True))


def _every(facts: Facts) -> Floats:
    """(channels, 1): all journeys."""
    journeys: Floats = facts.once(journeys_by_kind).numbers.sum(axis=1)
    return journeys.repeat(len(facts.log.channels))[:, None]


def _of_all(marks: Marks) -> Callable[[Facts], Iterator[Scoped]]:
    """Sums of marks over all journeys."""

    def tables(facts: Facts) -> Iterator[Scoped]:
        """By channel."""
        yield "channel", Table(facts.log.channels, facts.once(_sums)[marks], facts.once(_every))

    return tables


def _reached_at(facts: Facts) -> Iterator[Scoped]:
    sums = facts.once(_sums)
    yield "channel", Table(facts.log.channels, sums[_first_visits], sums[_visits])


def _fifth(facts: Facts) -> Iterator[Scoped]:
    counts, channels = facts.once(_sums)[_fifth_visits], len(facts.log.channels)
    every = counts.reshape(-1, channels).sum(axis=1).repeat(channels)
    yield "channel", Table(facts.log.channels, counts, every[:, None])


REACH_MEASURES: tuple[Measure, ...] = (
    Measure("first", "First contacts", "share", "journeys that begin in the channel / journeys", "ratio",
            _of_all(_begins)),
    Measure("reached", "Reached by", "share", "journeys with a contact in the channel / journeys", "ratio",
            _of_all(_visits)),
    Measure("reached_at", "Reached as contact", "1", "number of the first contact in the channel, mean over the "
            "journeys that reach it", "ratio", _reached_at),
    Measure("fifth", "Of fifth contacts", "share", "fifth contacts in the channel / fifth contacts", "ratio", _fifth),
)  # fmt: skip

"""Channels seen from journeys: where journeys begin, whom a channel reaches, where fifth contacts go."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .measure import Measure, Scoped
from .table import Table
from .window import Facts


def _every(facts: Facts) -> np.ndarray:
    return np.full((len(facts.log.channels), 1), float(facts.began.size))


def _reached_by(facts: Facts) -> np.ndarray:
    return np.asarray((facts.visits > 0).sum(axis=0).reshape(-1, 1).astype(float))


def _first(facts: Facts) -> Iterator[Scoped]:
    names = facts.log.channels
    first = np.bincount(facts.journey("channel").astype(np.int64), minlength=len(names)).reshape(-1, 1)
    yield "channel", Table(names, first.astype(float), _every(facts))


def _reached(facts: Facts) -> Iterator[Scoped]:
    yield "channel", Table(facts.log.channels, _reached_by(facts), _every(facts))


def _reached_at(facts: Facts) -> Iterator[Scoped]:
    yield "channel", Table(facts.log.channels, facts.first_visits.reshape(-1, 1), _reached_by(facts))


def _fifth(facts: Facts) -> Iterator[Scoped]:
    names = facts.log.channels
    fifth = facts.ends_contact & (facts.contact_number == 5)
    channel = facts.theirs("channel")[fifth].astype(np.int64)
    counts = np.bincount(channel, minlength=len(names)).reshape(-1, 1).astype(float)
    yield "channel", Table(names, counts, np.full((len(names), 1), counts.sum()))


REACH_MEASURES: tuple[Measure, ...] = (
    Measure("first", "First contacts", "share", "journeys that begin in the channel / journeys", "ratio", _first),
    Measure("reached", "Reached by", "share", "journeys with a contact in the channel / journeys", "ratio", _reached),
    Measure("reached_at", "Reached as contact", "1", "number of the first contact in the channel, mean over the "
            "journeys that reach it", "ratio", _reached_at),
    Measure("fifth", "Of fifth contacts", "share", "fifth contacts in the channel / fifth contacts", "ratio", _fifth),
)  # fmt: skip

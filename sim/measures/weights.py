"""What each contact or journey adds to a measure: its weight, and what is known of weights that makes them quick.

A weight is a function of the facts of a log that gives a number for each contact, or journey, of the window. Most of
them count: they look at nothing but what makes the *kind* of a contact or journey (`sim.measures.kinds`), so they are
asked once for each kind. Others are a value, such as seconds, times what is counted.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .window import Facts, Floats

Weights = Callable[[Facts], Floats]
COUNTED: set[Weights] = set()
VALUES: dict[Weights, tuple[Weights, Weights]] = {}
"""by product: the value and what is counted"""


def counted(weights: Weights) -> Weights:
    """Says of weights that they are whole numbers and look at nothing but what makes the kind of a contact, or of a
    journey: they get facts of kinds, which have nothing else (`kinds.OneOfEach`)."""
    COUNTED.add(weights)
    return weights


def among(value: Weights, count: Weights) -> Weights:
    """A value, such as seconds, times weights that are `counted`; it must be a number for everything else, too."""

    def weights(facts: Facts) -> Floats:
        """The product."""
        return value(facts) * count(facts)

    VALUES[weights] = value, count
    return weights


@counted
def every_contact(facts: Facts) -> Floats:
    """1 for each contact of the window."""
    return np.ones(facts.contacts)


@counted
def every_journey(facts: Facts) -> Floats:
    """1 for each journey of the window."""
    return np.ones(facts.journeys)


@counted
def served(facts: Facts) -> Floats:
    """1 for each contact that an agent or a session dealt with to the end."""
    return facts.served

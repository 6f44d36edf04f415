"""Every measure there is: what each room declares and computes, joined once.

A new measure is a line in the room of its subject (`contacts`, `journeys`, `waits`, `reach`, `pools`, `costs`,
`mechanisms`, `feelings`, `sessions`), or comes from an extension. Tables, studies and reports take from here
its name, unit, formula, estimator and better direction.
"""

from __future__ import annotations

from functools import cache
from typing import get_args

from ..errors import InputError, Problem
from ..extensions import register as add_from_outside
from ..extensions import registered
from ..model.centre import Configuration
from .contacts import CONTACT_MEASURES
from .costs import COST_MEASURES
from .feelings import FEELING_MEASURES
from .given import given_of
from .journeys import JOURNEY_MEASURES
from .measure import Measure, Unit
from .mechanisms import MECHANISM_MEASURES
from .pools import POOL_MEASURES
from .reach import REACH_MEASURES
from .sessions import SESSION_MEASURES
from .waits import WAIT_MEASURES

SHIPPED: tuple[Measure, ...] = (
    *CONTACT_MEASURES, *WAIT_MEASURES, *MECHANISM_MEASURES, *JOURNEY_MEASURES, *FEELING_MEASURES, *REACH_MEASURES,
    *POOL_MEASURES, *COST_MEASURES, *SESSION_MEASURES,
)  # fmt: skip
QUANTILES = {measure.name: measure.share for measure in SHIPPED if measure.estimator == "quantile"}
"""shipped measures that are quantiles, with their probability"""
_KNOWN: dict[str, Measure] = {measure.name: measure for measure in SHIPPED}


def describe(name: str) -> Measure:
    """The declaration of a measure: title, unit, formula, estimator, better direction. Raises KeyError if unknown."""
    return _KNOWN[name] if name in _KNOWN else registered("measure")[name]


def names() -> list[str]:
    """All measures there are, in alphabetical order; those of feelings are taken only where these are on."""
    return sorted([*_KNOWN, *registered("measure")])


def taken(config: Configuration) -> tuple[Measure, ...]:
    """The measures that a configuration's logs are observed with."""
    shipped, others = _shipped(given_of(config).has), registered("measure")
    return (*shipped, *others.values()) if others else shipped


@cache
def _shipped(has: frozenset[str]) -> tuple[Measure, ...]:
    """Those that ship, where there are such things to measure."""
    return tuple(measure for measure in SHIPPED if not measure.needs or measure.needs in has)


def register(measure: Measure) -> None:
    """Adds a measure from outside, as `sim.extend.measure` does. Raises InputError for a name that is taken or that no
    table could print, or for a unit that none has."""
    if measure.unit not in get_args(Unit):
        what = f"unit is one of {', '.join(get_args(Unit))}, got {measure.unit!r}"
        raise InputError(Problem(f"measure {measure.name}", what))
    add_from_outside("measure", measure.name, measure, _KNOWN)

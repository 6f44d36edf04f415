"""What the centre costs in the measured window: paid time, prices of contacts, integration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ..model.centre import Configuration
from ..model.units import YEAR
from .batches import sums_of
from .given import given_of
from .journeys import resolved
from .measure import Measure, Scoped
from .scopes import ALL
from .sessions import session_prices
from .spans import PoolTime
from .table import Table
from .weights import served
from .window import Facts, Floats

Denominator = Callable[[Facts], float]


def integration_cost_per_year(config: Configuration) -> float:
    """Set-up written off plus running, for the mean level over all ordered pairs of channels; money a year."""
    return given_of(config).integration_cost_per_year


def _integration(facts: Facts) -> float:
    start, end = facts.log.covers
    return facts.given.integration_cost_per_year * (end - start) / YEAR


def _wages(facts: Facts) -> Floats:
    """(pools,): paid time x wage of each agent group, and overtime as it is paid."""
    given, time = facts.given, facts.once(PoolTime)
    hours = (time.scheduled[:, 0] + given.overtime_pay * time.overtime[:, 0]) / 3600
    return np.asarray(hours * given.wages_per_hour)


def _total(facts: Facts) -> float:
    return float(facts.once(_wages).sum()) + facts.once(_integration) + float(facts.once(session_prices).sum())


def _cost(facts: Facts) -> Iterator[Scoped]:
    if facts.log.pools:
        yield "pool", Table(facts.log.pools, facts.once(_wages).reshape(-1, 1))
    yield "journey", Table((ALL,), np.array([[facts.once(_total)]]))


def _cost_per(denominator: Denominator, facts: Facts) -> Iterator[Scoped]:
    yield "journey", Table((ALL,), np.array([[facts.once(_total)]]), np.array([[denominator(facts)]]))


def _integration_cost(facts: Facts) -> Iterator[Scoped]:
    yield "journey", Table((ALL,), np.array([[facts.once(_integration)]]))


COST_MEASURES: tuple[Measure, ...] = (
    Measure("cost", "Cost", "money", "of a group paid time x wage, and overtime as it is paid; of all also prices of "
            "contacts and integration, in the measured window", "total", _cost, "lower"),
    Measure("cost_per_contact", "Cost per contact", "money", "total cost / contacts handled", "ratio",
            partial(_cost_per, lambda f: float(sums_of(f, "contacts", served).sum())), "lower"),
    Measure("cost_per_journey", "Cost per journey", "money", "total cost / journeys begun", "ratio",
            partial(_cost_per, lambda f: float(f.began.size)), "lower"),
    Measure("cost_per_resolution", "Cost per resolution", "money", "total cost / journeys resolved", "ratio",
            partial(_cost_per, lambda f: float(sums_of(f, "journeys", resolved).sum())), "lower"),
    Measure("integration_cost", "Integration cost", "money", "set-up written off and running, in the window", "total",
            _integration_cost, "lower"),
)  # fmt: skip

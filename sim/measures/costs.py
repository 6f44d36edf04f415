"""What the centre costs in the measured window: paid time, prices of contacts, integration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ..model.centre import Configuration
from ..model.units import YEAR
from .batches import Things, table_of
from .given import given_of
from .journeys import resolved
from .measure import Measure, Scoped
from .scopes import ALL, CENTRE, JOURNEYS, Block
from .sessions import session_prices
from .spans import PoolTime
from .table import Table
from .weights import Weights, every_journey, served
from .window import Facts, Floats

Denominator = Callable[[Facts], Floats]
"""(runs, 1)"""


def integration_cost_per_year(config: Configuration) -> float:
    """Set-up written off plus running, for the mean level over all ordered pairs of channels; money a year."""
    return given_of(config).integration_cost_per_year


def _integration(facts: Facts) -> Floats:
    """(runs, 1)."""
    start, end = facts.log.covers
    return facts.given(lambda given: given.integration_cost)[:, None] * (end - start) / YEAR


def _wages(facts: Facts) -> Floats:
    """(pools,): paid time x wage of each agent group, and overtime as it is paid."""
    time = facts.once(PoolTime)
    wage, overtime = facts.given(lambda given: np.stack([given.wages_per_hour, given.overtime_pay], axis=1)).T
    hours = (time.scheduled[:, 0] + overtime * time.overtime[:, 0]) / 3600
    return np.asarray(hours * wage)


def _total(facts: Facts) -> Floats:
    """(runs, 1)."""
    wages, prices = (facts.once(each).reshape(facts.runs, -1) for each in (_wages, session_prices))
    return np.asarray(wages.sum(axis=1, keepdims=True) + facts.once(_integration) + prices.sum(axis=1, keepdims=True))


def _whole(facts: Facts, things: Things, weights: Weights, block: Block) -> Floats:
    """(runs, 1): sums over the window."""
    return table_of(facts, things, weights, block)[:, :1]


def _cost(facts: Facts) -> Iterator[Scoped]:
    if facts.log.pools:
        yield "pool", Table(facts.log.pools, facts.once(_wages).reshape(-1, 1))
    yield "journey", Table((ALL,), facts.once(_total))


def _cost_per(denominator: Denominator, facts: Facts) -> Iterator[Scoped]:
    yield "journey", Table((ALL,), facts.once(_total), denominator(facts))


def _integration_cost(facts: Facts) -> Iterator[Scoped]:
    yield "journey", Table((ALL,), facts.once(_integration))


COST_MEASURES: tuple[Measure, ...] = (
    Measure("cost", "Cost", "money", "of a group paid time x wage, and overtime as it is paid; of all also prices of "
            "contacts and integration, in the measured window", "total", _cost, "lower"),
    Measure("cost_per_contact", "Cost per contact", "money", "total cost / contacts handled", "ratio",
            partial(_cost_per, lambda f: _whole(f, "contacts", served, CENTRE)), "lower"),
    Measure("cost_per_journey", "Cost per journey", "money", "total cost / journeys begun", "ratio",
            partial(_cost_per, lambda f: _whole(f, "journeys", every_journey, JOURNEYS)), "lower"),
    Measure("cost_per_resolution", "Cost per resolution", "money", "total cost / journeys resolved", "ratio",
            partial(_cost_per, lambda f: _whole(f, "journeys", resolved, JOURNEYS)), "lower"),
    Measure("integration_cost", "Integration cost", "money", "set-up written off and running, in the window", "total",
            _integration_cost, "lower"),
)  # fmt: skip

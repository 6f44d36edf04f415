"""What measures need of a configuration, whatever its logs say: computed once for as long as its parts are the same.

Comes in: a configuration. Goes out: `Given`, shared by all configurations that have these parts in common, the very
objects, as the points of a sweep do.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from operator import is_
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..chance.rosters import Roster
from ..chance.sections import made_of
from ..coded.lines import capacity_units
from ..model.centre import Configuration
from ..model.channels import AnyChannel, SelfService
from ..model.units import DAY, YEAR

Floats = NDArray[np.float64]
MOST = 16
"""configurations remembered"""


class Given:
    """What there is to measure; of agent groups and integration capacities, what is planned, what it costs."""

    def __init__(self, config: Configuration) -> None:
        self._config = config

    @cached_property
    def has(self) -> frozenset[str]:
        """Of `feelings`, `money` and `purchases` those that there are to measure."""
        felt, reasons = self._config.feelings, self._config.customers.reasons.values()
        buys = any(reason.purchase is not None for reason in reasons)
        has = {"feelings": felt.on, "money": felt.on and felt.priced, "purchases": buys}
        return frozenset(name for name, on in has.items() if on)

    @cached_property
    def parts(self) -> Floats:
        """(groups, channels): what part of an agent a contact takes; 1 everywhere if each takes a whole one."""
        return _parts(self._config)

    @cached_property
    def shared(self) -> bool:
        """Whether agents of some group hold several contacts at a time."""
        return bool((self.parts != 1).any())

    @cached_property
    def targets(self) -> Floats:
        """(channels, 2): the time of the target, s, NaN where a channel has none, and 1 where it includes that."""
        return _targets(self._config)

    @cached_property
    def prices(self) -> Floats:
        """(channels, 4): money for a contact, for a minute of a session, for one that the vendor counts as resolved,
        and for a year of the platform."""
        return _prices(self._config)

    @cached_property
    def planned_seconds(self) -> Floats:
        """(groups, 7): paid seconds that the roster plans for each of the first seven days of the run."""
        return _planned_seconds(self._config)

    @cached_property
    def wages_per_hour(self) -> Floats:
        """(groups,): of paid time."""
        wages = [pool.wage_per_hour for pool in self._config.staffing.values()]
        rate = self._config.economics.wage_per_hour
        return np.array([rate if wage is None else wage for wage in wages], dtype=float)

    @cached_property
    def overtime_pay(self) -> Floats:
        """(groups,): seconds paid for a second of overtime."""
        return np.array([pool.overtime_pay for pool in self._config.staffing.values()], dtype=float)

    @cached_property
    def integration_cost(self) -> Floats:
        """(1,): `integration_cost_per_year`."""
        return np.array([self.integration_cost_per_year])

    @cached_property
    def integration_cost_per_year(self) -> float:
        """Set-up written off plus running, for the mean level over all ordered pairs of channels; money a year."""
        names, integration = self._config.open_channels, self._config.integration
        levels = [integration.pairs.get(i, {}).get(j, integration.level) for i in names for j in names if i != j]
        level = float(np.mean(levels)) if levels else 0.0
        cost = integration.cost
        return level * (cost.set_up * YEAR / cost.written_off_over + cost.running_per_year)


@made_of("channels", "staffing")
def _parts(config: Configuration) -> Floats:
    capacity, units = capacity_units(config)
    parts = units / capacity[:, None]
    return np.ones(parts.shape) if (parts[units > 0] == 1).all() else parts


@made_of("channels")
def _targets(config: Configuration) -> Floats:
    targets = [config.channels[name].target for name in config.open_channels]
    rows = [(np.nan, 0.0) if each is None else (each.within, float(each.inclusive)) for each in targets]
    return np.array(rows).reshape(-1, 2)


@made_of("channels")
def _prices(config: Configuration) -> Floats:
    channels = [config.channels[name] for name in config.open_channels]
    return np.array([(each.cost_per_contact, *_prices_of_sessions(each)) for each in channels])


@made_of("staffing", "run")
def _planned_seconds(config: Configuration) -> Floats:
    rosters = [Roster(config, name, 0, 0) for name in config.staffing]  # what is paid is not drawn
    paid = [[roster.scheduled(day).mean() * DAY for day in range(7)] for roster in rosters]
    return np.array(paid).reshape(-1, 7)


def _prices_of_sessions(channel: AnyChannel) -> tuple[float, float, float]:
    """For a minute, for what counts as resolved, for a year; nothing where there are no sessions."""
    if not isinstance(channel, SelfService):
        return 0.0, 0.0, 0.0
    return channel.price.per_minute, channel.price.per_resolution, channel.price.platform_per_year


class _Known(NamedTuple):
    """What was computed, and of which parts."""

    start: dt.date
    parts: tuple[Any, ...]
    given: Given

    def fits(self, start: dt.date, parts: tuple[Any, ...]) -> bool:
        """Whether these are the same parts."""
        return start == self.start and all(map(is_, self.parts, parts))


_KNOWN: tuple[_Known, ...] = ()
"""the last ones; replaced as a whole, for threads share it"""


def given_of(config: Configuration) -> Given:
    """What is given by a configuration."""
    global _KNOWN
    parts = config.channels, config.customers, config.staffing, config.integration, config.economics, config.feelings
    start = config.run.start
    for known in _KNOWN:
        if known.fits(start, parts):
            return known.given
    given = Given(config)
    _KNOWN = (_Known(start, parts, given), *_KNOWN[: MOST - 1])
    return given

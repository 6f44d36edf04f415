"""Several runs measured in the time of one: for thousands of logs of a few contacts.

Comes in: logs of runs that are alike, with their configurations. Goes out: observations whose tables hold the rows of
the first run, then those of the second, and so on, each number equal to that of the run alone. Measures of extensions
see one run at a time, so they are not taken in this way.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import Any

from ..extensions import registered
from ..log.joined import joined
from ..log.tables import Log
from ..model.centre import Configuration
from .columns import columns_of
from .given import given_of
from .layout import layout_of
from .observe import asked, observations
from .runs import OfRuns
from .table import Observations
from .window import Facts

CELLS = 20_000
"""rows by time columns of all runs, about; each is the place of a hundred sums"""


class Together(Facts):
    """What logs of runs that are alike say."""

    def __init__(self, logs: Sequence[Log], configs: Sequence[Configuration]) -> None:
        log, self._run = joined(logs)
        OfRuns.__init__(self, log, configs, [each.stopped for each in logs])
        self.runs, self._once = len(logs), dict[Any, Any]()
        self.layout, self.columns = layout_of(log, configs[0]), columns_of(configs[0], log.window)


def likeness(log: Log, config: Configuration) -> Hashable:
    """Equal for runs that can be measured together: with the same measures, rows and time columns, and the same of what
    measures ask of a configuration without asking for its run (`OfRuns.config`)."""
    run, has = config.run, given_of(config).has
    same: list[Hashable] = [has, config.economics.hours_per_fte]
    if has:
        same += [id(config.feelings), id(config.customers)]
    if any(_by_hours(config, name) for name in log.channels):
        same += [id(config.channels), run.start, run.warm_up, run.measure, run.follow_limit]
    return layout_of(log, config), log.window, run.interval, *same


def _by_hours(config: Configuration, channel: str) -> bool:
    """Whether the target of a channel is kept by the clock of its opening hours."""
    target = config.channels[channel].target
    return target is not None and target.clock == "business"


def at_once(log: Log, config: Configuration) -> int:
    """How many runs like this one are best measured together: with more, their sums no longer fit into caches."""
    layout, columns = layout_of(log, config), columns_of(config, log.window)
    rows = len(layout.channels) + len(layout.pools) + len(layout.segments) + len(layout.reasons)
    return max(1, CELLS // (rows * columns.count))


def separable(config: Configuration, only: Collection[str] = ()) -> bool:
    """Whether all measures (those in `only`, if any) can tell runs apart."""
    others = registered("measure")
    return not others or not any(each.name in others for each in asked(config, only))


def observe_together(
    logs: Sequence[Log], configs: Sequence[Configuration], only: Collection[str] = ()
) -> Observations:  # fmt: skip
    """All measures of runs that are alike (`likeness`, `separable`), run behind run; of the names in `only`, if any."""
    return observations(Together(logs, configs), asked(configs[0], only), lambda measure: measure.tables)

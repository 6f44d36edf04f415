"""What is known of a run before it runs: how many first contacts its measured window has on average.

Comes in: a configuration, and what its replications observed. Goes out: the control that weighs them
(`run.control_variates`). Exists apart from the statistics because the mean comes from the rates of the demand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..chance.streams import Source, Streams
from ..errors import InputError, Problem
from ..measures.observe import Observations
from ..model.centre import Configuration
from ..model.units import DAY
from ..statistics.controls import Control, control_of

KNOWN = ("poisson", "mixed_poisson", "fixed")
"""counts whose mean is the rate: a normal count is cut at 0, and what an extension draws is its own"""
EDGE = 1e-6
"""of an interval, by which a window may miss it: rounding of times"""


def control(observations: Sequence[Observations], config: Configuration) -> Control | None:
    """The control of first contacts; None where it is not asked for, or of no use (too few replications, or the same
    first contacts in all of them). Raises InputError where their mean is not known."""
    if not config.run.control_variates:
        return None
    tables = [each["journey", "journeys"] for each in observations]
    begun = np.array([table.top[table.rows.index("all"), 0] for table in tables])
    return control_of(begun - mean_first_contacts(config))


def mean_first_contacts(config: Configuration) -> float:
    """Exact mean number of first contacts in the measured window. Raises InputError where it is not known."""
    streams = Streams(config)
    return sum(_of_source(streams, source, config) for source in streams.sources)


def _of_source(streams: Streams, source: Source, config: Configuration) -> float:
    start, end = config.run.warm_up, config.run.warm_up + config.run.measure
    if source.stream.times is not None:
        return float(sum(start <= time < end for time in source.stream.times))
    if source.stream.count not in KNOWN:
        what = f"demand.streams.{source.name}.count={source.stream.count} has no mean that is known exactly"
        raise InputError(Problem("run.control_variates", what))
    total = 0.0
    for day in range(int(start // DAY), int(np.ceil(end / DAY))):
        rates = streams.rates(source, day)
        at = np.clip((np.array([start, end]) / DAY - day) * rates.size, 0, rates.size)
        inside = np.diff(np.clip(at[:, None] - np.arange(rates.size), 0, 1), axis=0)[0]
        if not source.by_channel.plain and np.any((inside > EDGE) & (inside < 1 - EDGE)):
            what = f"with opening hours the window must begin and end with an interval of demand.streams.{source.name}"
            raise InputError(Problem("run.control_variates", what))
        total += float(rates @ inside)
    return total

"""How long the start from empty shows: the warm-up, detected.

Comes in: a configuration. Goes out: the warm-up that a pilot calls for. The pilot runs a few replications from time
zero; its series is the mean number of contacts in the centre at each hour, less the mean of the same hour of the week
over the pilot's later half, so that a weekly rhythm is not taken for a start. On it works MSER-5: means of five hours,
cut where the standard error of what is left is smallest, in the first half (White, Cobb and Spratt, "A comparison of
five steady-state truncation heuristics for simulation", Proceedings of the Winter Simulation Conference, 2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..engine.log import Log
from ..model.centre import Configuration
from ..model.units import DAY, HOUR, WEEK
from .replicate import gathered

Floats = NDArray[np.float64]
BATCH = 5
PILOT_WEEKS, PILOT_REPLICATIONS = 6, 4
FIRST_REPLICATION = 2_000_000
"""the pilot's replications have numbers of their own, so that results are not measured on the luck it looked at"""


@dataclass(frozen=True)
class WarmUp:
    """What a pilot found: `seconds` to leave out, whole days; `sure` is False if the cut fell at the end of its
    half."""

    seconds: float
    sure: bool


def detect(config: Configuration) -> WarmUp:
    """Runs the pilot of a configuration (weeks of its own demand, from empty) and applies MSER-5."""
    run = config.run.model_copy(
        update={
            "warm_up": 0.0, "measure": PILOT_WEEKS * WEEK, "end": "cut", "replications": PILOT_REPLICATIONS,
            "precision": (),
        }
    )  # fmt: skip
    series = np.mean(gathered(config.model_copy(update={"run": run}), contacts_inside, FIRST_REPLICATION), axis=0)
    cut, of = mser5(without_weekly_rhythm(series))
    days = np.ceil(cut * BATCH * HOUR / DAY)
    return WarmUp(float(days * DAY), cut < of)


def contacts_inside(log: Log, config: Configuration) -> Floats:
    """Contacts in the centre (arrived, not ended) at each full hour of the window."""
    hours = np.arange(log.window[0], log.window[1], HOUR)
    ended = np.sort(np.nan_to_num(log.contacts["ended"], nan=np.inf))
    came = np.searchsorted(np.sort(log.contacts["arrived"]), hours, "right")
    return np.asarray(came - np.searchsorted(ended, hours, "right"), dtype=np.float64)


def without_weekly_rhythm(series: Floats) -> Floats:
    """The hourly series less the mean of the same hour of the week over its later half."""
    per_week = round(WEEK / HOUR)
    weeks = series.size // per_week
    if weeks < 2:
        return np.asarray(series - series[series.size // 2 :].mean())
    table = series[: weeks * per_week].reshape(weeks, per_week)
    return np.asarray((table - table[weeks // 2 :].mean(axis=0)).ravel())


def mser5(series: Floats) -> tuple[int, int]:
    """(batches to leave out, most that could have been): MSER on means of five.

    The cut d minimises the sum of squared deviations of the remaining n - d batch means over (n - d)^2, d up to n/2.
    """
    batches = series[: series.size // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    most = batches.size // 2
    if most == 0:
        return 0, 0
    scores = [float(batches[d:].var()) / (batches.size - d) for d in range(most + 1)]
    return int(np.argmin(scores)), most

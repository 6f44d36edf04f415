"""How long the start from empty shows: the warm-up, detected.

Comes in: a configuration. Goes out: the warm-up that a pilot calls for, by the method of `run.detect_warm_up`. The
pilot runs a few replications from time zero; its series is the mean number of contacts in the centre at each hour.

`mser5`: less the mean of the same hour of the week over the pilot's later half, so that a weekly rhythm is not taken
for a start; means of five hours, cut where the standard error of what is left is smallest, in the first half (White,
"An effective truncation heuristic for bias reduction in simulation output", Simulation 69, 1997; in batches of five:
White, Cobb and Spratt, Proceedings of the Winter Simulation Conference, 2000).

`welch`: means over the centre's rhythm (weeks, where weekdays differ, else days, else hours), smoothed by a moving
average; the warm-up ends where the curve becomes flat (Welch, "The statistical analysis of simulation results", 1983;
Law 2015, section 9.5.1). Welch looks at a plot; here flat is the range in which the curve stays in its later half.
That errs to the long side: of twelve weeks without any start it cuts 1.7 on average, and 8 in 100 times it is not sure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..log.tables import Log
from ..model.centre import Configuration
from ..model.units import DAY, HOUR, WEEK
from .cycle import cycle
from .levels import contacts_inside
from .replicate import gathered

Floats = NDArray[np.float64]
BATCH = 5
PILOT_WEEKS, PILOT_REPLICATIONS = 6, 4
WELCH_WEEKS = 12
"""of the pilot for Welch where weeks repeat: fewer week means have no curve"""
FIRST_REPLICATION = 2_000_000
"""the pilot's replications have numbers of their own, so that results are not measured on the luck it looked at"""


@dataclass(frozen=True)
class WarmUp:
    """What a pilot found: `seconds` to leave out, whole days; `sure` is False if the cut fell at the end of its
    half."""

    seconds: float
    sure: bool


def detect(config: Configuration) -> WarmUp:
    """Runs the pilot of a configuration (weeks of its own demand, from empty) and applies the method asked for, MSER-5
    if none is."""
    rhythm = cycle(config)
    by_welch = config.run.detect_warm_up == "welch"
    weeks = WELCH_WEEKS if by_welch and rhythm >= WEEK else PILOT_WEEKS
    run = config.run.model_copy(
        update={
            "warm_up": 0.0, "measure": weeks * WEEK, "end": "cut", "replications": PILOT_REPLICATIONS,
            "precision": (), "batches": None,
        }
    )  # fmt: skip
    series = np.mean(gathered(config.model_copy(update={"run": run}), hourly_contacts, FIRST_REPLICATION), axis=0)
    if by_welch:
        step = WEEK if rhythm >= WEEK else rhythm or HOUR
        (cut, of), length = welch(means_of(series, round(step / HOUR))), step
    else:
        (cut, of), length = mser5(without_weekly_rhythm(series)), BATCH * HOUR
    return WarmUp(float(np.ceil(cut * length / DAY) * DAY), cut < of)


def hourly_contacts(log: Log, config: Configuration) -> Floats:
    """Contacts in the centre at each full hour of the window."""
    return np.asarray(contacts_inside(log, np.arange(*log.window, HOUR)).sum(axis=0))


def means_of(series: Floats, length: int) -> Floats:
    """Means of `length` neighbours; an incomplete rest is left out."""
    return np.asarray(series[: series.size // length * length].reshape(-1, length).mean(axis=1))


def welch(series: Floats) -> tuple[int, int]:
    """(values to leave out, most that could have been): where the smoothed curve enters the range of its later half.

    The window of the moving average is a quarter of the series at most, 12 on either side at most; near the start it
    shrinks, as in Welch's procedure.
    """
    most, side = series.size // 2, min(series.size // 8, 12)
    curve = np.array([series[max(0, 2 * i - j) : j + 1].mean() for i, j in _windows(series.size - side, side)])
    settled = curve[most:]
    if settled.size == 0:
        return 0, most
    flat = (curve >= settled.min()) & (curve <= settled.max())
    return int(np.argmax(flat)), most


def _windows(size: int, side: int) -> list[tuple[int, int]]:
    """Each index with the last one of its window."""
    return [(i, i + min(i, side)) for i in range(size)]


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

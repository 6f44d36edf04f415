"""What known means would save: control variates on the baseline's twenty front measures.

From the project's root, some minutes on one core with the compiled engine:

    python -m tests.experiments.control_variates

writes outputs/gallery/control_variates.csv. Keyed draws make two things known beforehand for every replication: how
many first contacts the window gets (mean: the rates), and how busy each of its days is (mean 1). What a replication
adds to a measure is regressed on them; the share that they explain, R squared, says how many replications fewer give
the same interval: a regression on q controls from n replications has (1 - R squared) (n - 2) / (n - 2 - q) of the
variance (Lavenberg and Welch, Management Science 27, 1981). Stratified busyness and quasi-random day factors remove at
most what the day factors explain, so the third column of R squared, on squares as well, bounds what they could win.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

import sim
from sim.chance.arrivals import Arrivals
from sim.model import Configuration
from sim.model.units import DAY
from sim.runs.offered_load import first_contacts
from sim.runs.replicate import replicate
from sim.studies.compare.study import linearised

from .committed import GALLERY, commit, medians

SEED = 20261129  # written down before the first run
REPLICATIONS = 100
TABLE = GALLERY / "control_variates.csv"
MEASURES = (
    "journey.all.journeys", "journey.all.resolved", "journey.all.given_up", "journey.all.contacts", "journey.all.fcr",
    "journey.all.time_to_resolution", "journey.all.broken", "journey.all.agent_time",
    "journey.all.cost_per_resolution", "journey.all.satisfaction", "journey.all.churn", "journey.all.net_impressions",
    "channel.social.reached", "channel.phone.abandoned", "channel.phone.service_level", "channel.phone.asa",
    "channel.phone.aht", "channel.chat.abandoned", "channel.email.asa", "pool.phone.occupancy",
)  # fmt: skip
USUAL = 10
"""replications of a run that nobody asked more of"""
FIELDS = ("measure", "r2_arrivals", "r2_arrivals_and_days", "r2_day_factors_squared", "fewer_with_arrivals",
          "fewer_with_arrivals_and_days", "most_that_stratifying_could_save")  # fmt: skip
Floats = NDArray[np.float64]


def busyness(config: Configuration, number: int) -> Floats:
    """The factor of each day of the measured window in a replication."""
    arrivals, run = Arrivals(config, config.run.seed, number), config.run
    source = arrivals.sources[0]
    days = range(int(run.warm_up // DAY), int((run.warm_up + run.measure) // DAY))
    return np.array([arrivals._busyness(source.stream.busyness, source.number, day, 1)[0] for day in days])


def explained(residuals: Floats, controls: Floats) -> float:
    """R squared, adjusted for the number of controls; never below 0."""
    n, q = controls.shape
    design = np.column_stack([np.ones(n), controls])
    left = residuals - design @ np.linalg.lstsq(design, residuals, rcond=None)[0]
    total = float(((residuals - residuals.mean()) ** 2).sum())
    return max(0.0, 1 - float((left**2).sum()) / (n - q - 1) / (total / (n - 1))) if total > 0 else 0.0


def fewer(share: float, controls: int, n: int = USUAL) -> float:
    """Share of replications that could be spared for the same interval; negative where estimating the slopes costs
    more than they win."""
    return 1 - (1 - share) * (n - 2) / (n - 2 - controls) if n - 2 > controls else float("-inf")


def rows(config: Configuration) -> Iterator[list[object]]:
    """A row for each measure."""
    results = replicate(config)
    days = np.array([busyness(config, number) for number in results.replications])
    journeys = np.array([each["journey", "journeys"].top[0, 0] for each in results.observations])
    arrivals = (journeys - first_contacts(config).sum())[:, None]
    week = days.mean(axis=1, keepdims=True) - 1
    both, squares = np.column_stack([arrivals, week]), np.column_stack([days, days**2])
    for measure in MEASURES:
        scope, name, what = measure.split(".")
        _, added = linearised(results, (scope, name, what))
        shares = [explained(added, controls) for controls in (arrivals, both, squares)]
        saved = (fewer(shares[0], 1), fewer(shares[1], 2), shares[2])
        yield [measure, *(round(value, 3) for value in (*shares, *saved))]


def main() -> None:
    """All measures, as a table."""
    words = [f"run.replications={REPLICATIONS}", f"run.seed={SEED}", "run.workers=1", "engine=auto"]
    found = []
    for row in rows(sim.load(words)):
        found.append(row)
        print(*row, flush=True)
    what = f"baseline, {REPLICATIONS} replications, seed {SEED}; fewer: share of {USUAL} replications"
    commit(TABLE, FIELDS, [*found, medians(found)], what)


if __name__ == "__main__":
    main()

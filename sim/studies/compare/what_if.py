"""A what-if on a planner's own data: baseline, what-if and difference, paired.

Comes in: results of the centre as recorded and of the what-if, with the same luck. Goes out: differences of what a
planner looks at, for the imported channels and the groups that serve them, and the table in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tabulate import tabulate

from ...calibration.own_centre import OwnCentre
from ...runs.replicate import Results
from .study import Difference, compare
from .words import ALIGN, line_of

CHANNEL = ("offered", "abandoned", "service_level", "asa")
POOL = ("occupancy",)
HEADER = ("measure", "baseline", "what-if", "difference", "finding")


def measures_of(own: OwnCentre) -> Iterator[str]:
    """What is compared: `scope.name.measure`."""
    channels = own.table.channels
    yield from (f"channel.{name}.{measure}" for name in channels for measure in CHANNEL)
    for name, pool in own.baseline.staffing.items():
        if not set(pool.serves).isdisjoint(channels):
            yield from (f"pool.{name}.{measure}" for measure in POOL)


def what_if_differences(own: OwnCentre, baseline: Results, what_if: Results) -> list[Difference]:
    """What-if minus baseline; the intervals hold together."""
    study = own.asked.study
    return compare(baseline, {"what-if": what_if}, tuple(measures_of(own)), study.simultaneous)


def what_if_table(baseline: Results, differences: Sequence[Difference]) -> str:
    """Baseline | what-if | difference, each difference with its interval and verdict."""
    run, currency = baseline.config.run, baseline.config.economics.currency
    rows = [line_of(each, currency) for each in differences]
    table = tabulate(rows, HEADER, tablefmt="simple", colalign=ALIGN, disable_numparse=True)
    return (
        f"The what-if beside the centre as recorded\n{table}\nDifferences are paired over {len(baseline.replications)} "
        f"replications with the same luck; all {len(differences)} intervals hold together with {run.confidence:.0%} "
        "confidence. 'cannot tell (40)': about 40 replications would tell."
    )

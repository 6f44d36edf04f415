"""How often do the intervals cover? Experiments on M/M/c+M whose exact answers are known.

An experiment is some replications and the estimates made of them by `sim.statistics.estimates`; it covers if the exact
value lies within. Cases, numbers and seeds were declared before the first run. `python -m pytest -m slow -n 0
tests/experiments` runs all of them in some four minutes and writes outputs/gallery/coverage.csv.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.measures.catalogue import QUANTILES
from sim.measures.observe import Observations
from sim.statistics.estimates import estimate, mean_with_interval
from sim.statistics.kpis import Kpis

from .many_queues import Queue, observations

TABLE = Path(__file__).resolve().parents[2] / "outputs" / "gallery" / "coverage.csv"
SEED = 20261123  # declared before the first run; a case adds its place in CASES
EXPERIMENTS = 1000
LOW, HIGH = 0.93, 0.97
FIELDS = (
    "case", "contacts", "replications", "measure", "method", "exact", "mean_estimate", "mean_half_width",
    "bias_in_half_widths", "experiments", "covered", "coverage", "exact_above", "exact_below", "within_93_97", "seed",
    "date",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A queue, and the numbers of replications that experiments on it have."""

    name: str
    queue: Queue
    replications: tuple[int, ...]

    @property
    def seed(self) -> int:
        """Its own."""
        return SEED + CASES.index(self)


CASES = (
    Case("busy", Queue(600, 2, 4.0, 6.0, 1.0), (2, 3, 5, 10, 20, 40)),
    Case("few contacts", Queue(60, 2, 40.0, 60.0, 10.0), (5, 10, 20, 40)),
    Case("rare abandonment", Queue(600, 4, 4.0, 20.0, 1.0), (5, 10, 20, 40)),
)
"""Busy: 19 % leave, some 450 contacts a replication. The second is the same queue ten times slower: 45 contacts. In the
third 0.7 % leave, three of 450: what is counted is skewed."""


@dataclass(frozen=True)
class Finding:
    """How the intervals of one measure fared; `above`, `below`: experiments whose whole interval the exact value left
    behind."""

    measure: str
    method: str
    exact: float
    estimates: np.ndarray
    half_widths: np.ndarray

    @property
    def above(self) -> int:
        """Exact value above the interval."""
        return int((self.exact > self.estimates + self.half_widths + 1e-12).sum())

    @property
    def below(self) -> int:
        """Exact value below the interval."""
        return int((self.exact < self.estimates - self.half_widths - 1e-12).sum())

    @property
    def covered(self) -> int:
        """Experiments that cover; one without an interval does not."""
        return int(np.isfinite(self.half_widths).sum()) - self.above - self.below


def experiment(case: Case, runs: Sequence[Observations], replications: int) -> Iterator[Finding]:
    """Groups of `replications` runs are experiments: what each measure and method gives on them."""
    groups = [runs[i : i + replications] for i in range(0, len(runs) - replications + 1, replications)]
    plain = case.queue.config(case.seed)
    jackknife = case.queue.config(case.seed, ratio_interval="jackknife")
    by_method = {"": [estimate(g, plain) for g in groups], "jackknife": [estimate(g, jackknife) for g in groups]}
    for key, exact in case.queue.exact.items():
        measure = key[2]
        if exact == 0:
            continue
        if measure in QUANTILES:
            yield _finding(measure, "pooled", exact, key, by_method[""])
            tops = np.array([[run["channel", measure].top[0, 0] for run in group] for group in groups]).T
            yield Finding(measure, "mean of quantiles (rejected)", exact, *mean_with_interval(tops, 0.95))
        elif measure == "occupancy":  # its denominator is the same in all replications: a plain mean
            yield _finding(measure, "student", exact, key, by_method[""])
        else:
            yield _finding(measure, "delta", exact, key, by_method[""])
            yield _finding(measure, "jackknife", exact, key, by_method["jackknife"])


def _finding(measure: str, method: str, exact: float, key: tuple[str, str, str], found: Sequence[Kpis]) -> Finding:
    kpis = [kpis[key] for kpis in found]
    return Finding(measure, method, exact, np.array([k.mean for k in kpis]), np.array([k.half_width for k in kpis]))


def runs_of(case: Case, count: int) -> list[Observations]:
    """The first `count` replications of a case."""
    config = case.queue.config(case.seed)
    return [observations(config, number) for number in range(count)]


def rows_of(case: Case) -> Iterator[dict[str, object]]:
    """The table's rows of a case, 1,000 experiments each."""
    runs = runs_of(case, EXPERIMENTS * max(case.replications))
    contacts = np.mean([run["channel", "wait"].bottom for run in runs[:1000]])
    for replications in case.replications:
        for f in experiment(case, runs[: EXPERIMENTS * replications], replications):
            share = f.covered / EXPERIMENTS
            half, estimate = np.nanmean(f.half_widths), np.nanmean(f.estimates)
            values = (
                case.name, round(contacts), replications, f.measure, f.method, f"{f.exact:.6g}", f"{estimate:.6g}",
                f"{half:.4g}", f"{(estimate - f.exact) / half:+.3f}", f.estimates.size, f.covered, f"{share:.3f}",
                f.above, f.below, "yes" if LOW <= share <= HIGH else "no", case.seed, dt.date.today().isoformat(),
            )  # fmt: skip
            yield dict(zip(FIELDS, values, strict=True))


def record(case: Case) -> list[dict[str, object]]:
    """Writes the case's rows into the table, in place of older ones."""
    rows = list(rows_of(case))
    others = [row for row in read() if row["case"] != case.name]
    order = [each.name for each in CASES]
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*others, *rows], key=lambda row: order.index(str(row["case"]))))
    return rows


def read() -> list[dict[str, object]]:
    """The committed table."""
    if not TABLE.exists():
        return []
    with TABLE.open(newline="", encoding="utf-8") as file:
        return [dict(row) for row in csv.DictReader(file)]


def may_be(covered: int, experiments: int) -> bool:
    """Whether `covered` of `experiments` is believable (99.9 %) for a coverage of 93 to 97 %."""
    spread = [3.3 * math.sqrt(p * (1 - p) / experiments) for p in (LOW, HIGH)]
    return LOW - spread[0] <= covered / experiments <= HIGH + spread[1]

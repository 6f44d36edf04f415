"""How a simulated number is compared with an exact one: simulate a case, estimate, compare, complain, record.

Independent replications of one seed, each with its own warm-up where steady state is meant and a window whose contacts
are all followed to their end while new customers go on arriving. Means, ratios and standard errors are those that the
product prints (`sim.statistics.estimates`): a ratio of expectations over replications, its standard error by the delta
method. At least 32 replications, because at few the Student distribution makes 3.3 standard errors a common event. The
long runs begin with 64 or more and add replications until every standard error of the case is small enough: how many
there are depends on the spread of the numbers and not on where they lie.
"""

from __future__ import annotations

import csv
import datetime as dt
import fcntl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite, log10
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.log.tables import Log
from sim.measures.observe import Observations, observe
from sim.model import Configuration
from sim.runs.replicate import simulate
from sim.statistics.estimates import estimate, ratio_with_interval
from sim.statistics.kpis import Kpis

from .centres import Config

LIMIT = 3.3
"""Standard errors that simulated and exact may differ by."""
TABLE = Path(__file__).resolve().parents[2] / "outputs" / "gallery" / "theory.csv"
Floats = NDArray[np.float64]
Looked = dict[str, tuple[Any, Any]]
"""By name, what to sum over replications and what to divide it by."""
Look = Callable[[Log], Looked]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Quantity:
    """A number with an exact answer. `found`: (scope, name, measure) in the catalogue, or the name of a look at the
    log; `per`: the simulated number is divided by it (60 for seconds into minutes). `precision` replaces the standard
    error asked for."""

    name: str
    unit: str
    exact: float
    found: Key | str
    per: float = 1.0
    precision: float | None = None

    @property
    def standard_error_asked(self) -> float:
        """1 % of the value or 0.001 in the unit of the case, whichever is more."""
        return max(0.01 * abs(self.exact), 0.001) if self.precision is None else self.precision


@dataclass(frozen=True)
class Length:
    """How much is simulated: `replications`, and a quarter of that number more as long as a standard error is too
    large, up to `most` (default: no more)."""

    replications: int
    measure: str
    warm_up: str = "0 s"
    most: int = 0


@dataclass(frozen=True)
class Case:
    """`full` reaches the standard error asked for; `short` runs in every test run and may have a standard error
    `looser` times as large. `end` is `run.end`."""

    name: str
    seed: int
    config: Config
    answers: Callable[[], list[Quantity]]
    full: Length
    short: Length
    looser: float = 1.0
    end: str = "follow"
    look: Look | None = None


@dataclass(frozen=True)
class Compared:
    """One line of the table."""

    case: str
    quantity: Quantity
    simulated: float
    standard_error: float
    seed: int
    replications: int
    length: Length

    @property
    def difference(self) -> float:
        """Simulated - exact, in standard errors."""
        gap = self.simulated - self.quantity.exact
        if self.standard_error == 0.0:
            return 0.0 if abs(gap) < 1e-12 else inf
        return gap / self.standard_error

    def row(self) -> dict[str, str]:
        """As text, for the table."""
        q = self.quantity
        return {
            "case": self.case,
            "quantity": q.name,
            "unit": q.unit,
            "exact": f"{q.exact:.8g}",
            "simulated": f"{self.simulated:.{_digits(self.simulated, self.standard_error)}g}",
            "standard_error": f"{self.standard_error:.2g}",
            "standard_error_asked": f"{self.quantity.standard_error_asked:.2g}",
            "difference_in_se": f"{self.difference:+.2f}",
            "seed": str(self.seed),
            "replications": str(self.replications),
            "warm_up": self.length.warm_up,
            "measured": self.length.measure,
            "date": dt.date.today().isoformat(),
        }


def _digits(value: float, error: float) -> int:
    """Significant digits that show two digits of the standard error."""
    if not (value and error and isfinite(value) and isfinite(error)):
        return 8
    return max(3, int(np.floor(log10(abs(value)))) - int(np.floor(log10(error))) + 2)


def compare(case: Case, length: Length, seed: int | None = None, engine: str = "simpy") -> list[Compared]:
    """Simulate a case on an engine and set each answer beside its simulated value."""
    seed = case.seed if seed is None else seed
    run = {"warm_up": length.warm_up, "measure": length.measure, "end": case.end, "seed": seed}
    config = Configuration.from_mapping({**case.config, "run": run, "engine": engine})
    observations: list[Observations] = []
    seen: list[Looked] = []
    answers, wanted = case.answers(), length.replications
    asked = {each.found[2] for each in answers if not isinstance(each.found, str)} or {"offered"}
    while True:
        for number in range(len(observations), wanted):
            log = simulate(config, number)
            observations.append(observe(log, config, asked))
            seen.append(case.look(log) if case.look else {})
        kpis = estimate(observations, config)
        rows = [Compared(case.name, q, *_estimated(q, kpis, seen), seed, wanted, length) for q in answers]
        if wanted >= length.most or all(row.standard_error <= row.quantity.standard_error_asked for row in rows):
            return rows
        wanted = min(wanted + length.replications // 4, length.most)


def _estimated(quantity: Quantity, kpis: Kpis, seen: list[Looked]) -> tuple[float, float]:
    """Estimate and standard error."""
    n, confidence = len(seen), 0.95
    if isinstance(quantity.found, str):
        pairs = np.array([each[quantity.found] for each in seen])
        mean, half = (float(x) for x in ratio_with_interval(pairs[:, 0], pairs[:, 1], confidence))
        return mean / quantity.per, half / float(special.stdtrit(n - 1, (1 + confidence) / 2)) / quantity.per
    kpi = kpis[quantity.found]
    return kpi.mean / quantity.per, kpi.standard_error / quantity.per


def complaints(rows: list[Compared], looser: float = 1.0) -> list[str]:
    """What is wrong with a comparison: too far from the exact answer, or not precise enough to tell."""
    found = []
    for row in rows:
        q, asked = row.quantity, looser * row.quantity.standard_error_asked
        what = f"{row.case}: {q.name}: exact {q.exact:.8g}, simulated {row.simulated:.8g} {q.unit}"
        if not abs(row.difference) <= LIMIT:
            found.append(f"{what}: {row.difference:+.2f} standard errors of {row.standard_error:.3g} apart")
        if not row.standard_error <= asked:
            found.append(f"{what}: standard error {row.standard_error:.3g}, at most {asked:.3g} asked")
    return found


def record(rows: list[Compared], order: Mapping[str, int], path: Path = TABLE) -> None:
    """Put the rows of one case into the table, in place of older ones of that case."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", newline="") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # slow tests may run in several processes
        file.seek(0)
        others = [row for row in csv.DictReader(file) if row["case"] != rows[0].case and row["case"] in order]
        table = sorted([*others, *(each.row() for each in rows)], key=lambda row: order[row["case"]])
        file.seek(0)
        file.truncate()
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)

"""What stratified busyness saves on the baseline's twenty front measures, and what quasi-random days could at most.

From the project's root, some six minutes on one core with the compiled engine:

    python -m tests.experiments.stratified

writes outputs/gallery/stratified_busyness.csv. Three samples of the baseline, each with its own seed:

- pairs of replications that share every day's busyness and nothing else: their covariance over the variance is the
  share of variance that busyness explains in whatever way (`days`; the closed Sobol index of all days together: Sobol,
  Mathematical Modeling and Computational Experiments 1, 1993). No point set for the days, stratified or quasi-random,
  takes out more, with however many replications;
- groups of two and of four with `run.strata`: variance of a group's mean times its size, over the variance of one
  replication (`variance_2`, `variance_4`), and what a control of first contacts leaves of each (`controls_1`, `_2`).

From these the expected length of the interval, that of plain replications being 1: `strata_2_of_20` is 20 replications
in groups of two. A group costs degrees of freedom: Student's quantile and the mean of an estimated standard deviation
are those of groups; a control costs one more, and (m - 2) / (m - 3) for its slope with m groups. Lengths are squared
for the number of replications: .8 is as good as 1.56 times as many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

import sim
from sim.chance import arrivals
from sim.measures.observe import Observations, observe
from sim.measures.table import Table
from sim.model import Configuration
from sim.runs.known_arrivals import mean_first_contacts
from sim.statistics.groups import grouped

from .committed import GALLERY, commit, medians
from .control_variates import MEASURES, explained

SEED = 20261203  # declared before the first run; pairs, groups of two and of four add 0, 1, 2
PAIRS, REPLICATIONS = 150, 320
TABLE = GALLERY / "stratified_busyness.csv"
DESIGNS = (("strata_2", 2, False), ("strata_4", 4, False), ("controls", 1, True), ("strata_2_controls", 2, True))
COUNTS = (10, 20, 40, 80)
LEAST_FOR_CONTROLS = 20
FIELDS = ("measure", "days", "days_error", "variance_2", "variance_4", "controls_1", "controls_2",
          *(f"{name}_of_{n}" for n in COUNTS for name, size, control in DESIGNS
            if n // size >= (LEAST_FOR_CONTROLS if control else 2)))  # fmt: skip
Floats = NDArray[np.float64]


def front(config: Configuration, numbers: Sequence[int]) -> list[Observations]:
    """The front measures of replications, and first contacts, without their time columns."""
    keys = [tuple(name.split(".")) for name in MEASURES]
    found = []
    for number in numbers:
        whole, kept = observe(sim.simulate(config, number), config), {}
        for scope, name, measure in keys:
            table = whole[scope, measure]
            row = table.rows.index(name)
            bottom = None if table.bottom is None else table.bottom[[row], :1]
            kept[scope, measure + name] = Table((name,), table.top[[row], :1], bottom)
        found.append(kept)
    return found


def added(observations: Sequence[Observations], name: str) -> Floats:
    """What each observation adds to a measure, relative to it."""
    scope, row, measure = name.split(".")
    tables = [each[scope, measure + row] for each in observations]
    top = np.array([table.top[0, 0] for table in tables])
    if tables[0].bottom is None:
        return top / top.mean() - 1
    bottom = np.array([table.bottom[0, 0] for table in tables])
    ratio = top.sum() / bottom.sum()
    return (top - ratio * bottom) / bottom.mean() / ratio


def paired_days(config: Configuration) -> list[Observations]:
    """Pairs of replications that share the days' busyness."""
    plain = arrivals.Arrivals._busy_uniforms

    def shared(self: arrivals.Arrivals, stream: int, day: int, count: int) -> Floats:
        """Those of the pair's first replication."""
        return plain(self.of(self.seed, self.replication // 2 * 2), stream, day, count)

    arrivals.Arrivals._busy_uniforms = shared  # type: ignore[method-assign]
    try:
        return front(config, range(2 * PAIRS))
    finally:
        arrivals.Arrivals._busy_uniforms = plain  # type: ignore[method-assign]


def share_of_days(residuals: Floats) -> tuple[float, float]:
    """Correlation within pairs, and its standard error."""
    pairs = residuals.reshape(-1, 2) - residuals.mean()
    product, square = pairs.prod(axis=1), (pairs**2).mean(axis=1)
    share = product.mean() / square.mean()
    return float(share), float((product - share * square).std(ddof=1) / square.mean() / np.sqrt(len(pairs)))


def width(variance: float, n: int, size: int, control: bool) -> float:
    """Expected length of an interval over n replications in groups, that of plain ones being 1."""
    m = n // size
    slope = (m - 2) / (m - 3) if control else 1.0
    return float(np.sqrt(variance * slope) * _factor(m - 1 - control) / _factor(n - 1))


def _factor(free: int) -> float:
    """Student's quantile times the mean of an estimated standard deviation whose true value is 1."""
    mean = np.sqrt(2 / free) * np.exp(special.gammaln((free + 1) / 2) - special.gammaln(free / 2))
    return float(special.stdtrit(free, 0.975) * mean)


def rows() -> Iterator[list[object]]:
    """A row for each measure."""
    words = ["run.workers=1", "engine=compiled"]
    pairs = paired_days(sim.load([*words, f"run.seed={SEED}"]))
    samples = {}
    for place, size in enumerate((2, 4), 1):
        config = sim.load(
            [*words, f"run.seed={SEED + place}", f"run.strata={size}", f"run.replications={REPLICATIONS}"]
        )
        samples[size] = front(config, range(REPLICATIONS))
    expected = mean_first_contacts(config)
    alone = [*pairs[::2], *samples[2], *samples[4]]  # each replication by itself is one of the plain design
    for name in MEASURES:
        variance = {1: float(added(alone, name).var())}
        controlled = {}
        for size, sample in ((1, pairs[::2]), (2, grouped(samples[2], 2)), (4, grouped(samples[4], 4))):
            residuals = added(sample, name)
            first = np.array([each["journey", "journeysall"].top[0, 0] for each in sample]) - expected
            own = residuals.var(ddof=1) * size / variance[1]
            variance[size] = own if size > 1 else variance[1]
            controlled[size] = own * (1 - explained(residuals, first[:, None]))
        left = {(size, False): variance[size] for size in (2, 4)} | {(size, True): controlled[size] for size in (1, 2)}
        lengths = [width(left[size, control], n, size, control) for n in COUNTS for _, size, control in DESIGNS
                   if n // size >= (LEAST_FOR_CONTROLS if control else 2)]  # fmt: skip
        numbers = (*share_of_days(added(pairs, name)), variance[2], variance[4], controlled[1], controlled[2], *lengths)
        yield [name, *(round(float(each), 3) for each in numbers)]


def main() -> None:
    """All measures, as a table."""
    found = list(rows())
    last, what = medians(found), f"baseline, {2 * PAIRS} and twice {REPLICATIONS} replications, seeds from {SEED}"
    commit(TABLE, FIELDS, [*found, last], what)
    print(dict(zip(FIELDS, last, strict=True)))


if __name__ == "__main__":
    main()

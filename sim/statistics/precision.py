"""How many more replications the asked precision needs.

A sequential procedure: after each batch the intervals of all asked measures are compared with what is allowed; if one
is too wide, the next batch is what the square-root law says is missing, at most as many again as there are. A relative
half-width r is allowed to be r/(1 + r) of the estimate, so that it holds for the unknown mean (Law, Simulation Modeling
and Analysis, section 9.4.1; for the fixed width Chow and Robbins, Annals of Mathematical Statistics 36, 1965). What was
not seen, or has no value yet, is never precise. An interval that is narrow by chance ends the procedure, and where
replications are skewed it was often narrow because their tail was not met yet: with plain intervals the exact value was
held up to 8 points less often than by as many replications fixed beforehand. So intervals of a run with `run.precision`
doubt their standard error by as much as its skewness makes it uncertain (`intervals.doubted`), at the price of no more
replications where there is no skewness and up to two thirds more where there is much. Measured with a seed declared for
this rule (outputs/gallery/coverage_sequential.csv, 48 cells of 1,000 runs, with and without control variates): at most
0.3 points less often than as many fixed beforehand, and 93 % or more in 37 cells; the rest are queues of load 0.95 that
had not settled, and a tail not met. Tried before and given up, for they won less: further replications after the first
narrow interval, and a floor that grows with skewness. What is not reached by `run.max_replications` is said
(`unreached`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ..errors import InputError, Problem, nearest
from ..model.centre import Configuration
from ..model.run import Precision, Run
from .kpis import Kpi, Kpis

FLOOR = 20
Held = tuple[Kpi, Precision]
"""a number, or a paired difference written as one, and what is asked of it"""


def more_replications(kpis: Kpis, config: Configuration, done: int) -> int:
    """Replications still to run after the first batch; 0 once every asked measure is precise enough or
    `run.max_replications` is reached.

    Raises InputError for a measure that the centre does not have.
    """
    return missing(_asked(kpis, config), config.run, done)


def missing(held: Sequence[Held], run: Run, done: int) -> int:
    """The same for any numbers, each with what is asked of it; in whole groups of `run.strata`."""
    groups, ceiling = done // run.group, run.max_replications // run.group
    return _missing(held, groups, max(ceiling - groups, 0)) * run.group


def _missing(held: Sequence[Held], done: int, most: int) -> int:
    """Of independent ones, be they replications or groups."""
    if done < FLOOR:
        return min(FLOOR - done, most)
    wanted = done
    for kpi, asked in held:
        if not _precise(kpi, asked):
            allowed = _allowed(kpi, asked)
            factor = min((kpi.half_width / allowed) ** 2, 2.0) if allowed > 0 and kpi.half_width > 0 else 2.0
            wanted = max(wanted, math.ceil(done * factor), done + 1)
    return min(wanted - done, most)


def unreached(kpis: Kpis, config: Configuration) -> Iterator[str]:
    """A text for each measure whose asked precision was not reached: not seen, without a value, or too wide."""
    yield from shortfalls(_asked(kpis, config), counted=config.run.counted)


def shortfalls(held: Sequence[Held], what: str = "", counted: str = "replications") -> Iterator[str]:
    """The same for any numbers; `what` says which number of the measure they are, `counted` what `n` counts."""
    for kpi, asked in held:
        if not _precise(kpi, asked):
            width = (
                f"half-width {asked.half_width:g}" if asked.half_width is not None else f"{asked.relative:.3g} of it"
            )
            state = "has no value" if math.isnan(kpi.mean) else f"is {kpi.mean:.4g} ±{kpi.half_width:.2g}"
            yield (
                f"run.precision: {what}{asked.measure} {state} after {kpi.n} {counted}, {width} was asked: raise "
                "run.max_replications"
            )


def check_asked(kpis: Kpis, config: Configuration) -> None:
    """Raises InputError for a measure of `run.precision` that the centre does not have."""
    _asked(kpis, config)


def _asked(kpis: Kpis, config: Configuration) -> list[Held]:
    return [(_find(kpis, asked), asked) for asked in config.run.precision]


def _precise(kpi: Kpi, asked: Precision) -> bool:
    """Whether the interval is as narrow as asked; an event that was never seen has no relative precision."""
    return kpi.half_width <= _allowed(kpi, asked) and (asked.relative is None or kpi.mean != 0)


def _find(kpis: Kpis, asked: Precision) -> Kpi:
    parts = asked.measure.split(".")
    kpi = kpis.get(*parts) if len(parts) == 3 else None
    if kpi is None:
        known = sorted({f"{row.scope}.{row.name}.{row.measure}" for row in kpis if row.interval == "all"})
        raise InputError(Problem("run.precision", f"no measure {asked.measure!r}{nearest(asked.measure, known)}"))
    return kpi


def _allowed(kpi: Kpi, asked: Precision) -> float:
    if asked.half_width is not None:
        return asked.half_width
    assert asked.relative is not None
    return abs(kpi.mean) * asked.relative / (1 + asked.relative)

"""How many more replications the asked precision needs.

A sequential procedure: after each batch the half-widths of all asked measures are compared with what is allowed; if one
is too wide, the next batch is what the square-root law says is missing, at most as many again as there are. A relative
half-width r is allowed to be r/(1 + r) of the estimate, so that it holds for the unknown mean (Law, Simulation Modeling
and Analysis, section 9.4.1; for the fixed width Chow and Robbins, Annals of Mathematical Statistics 36, 1965). Stopping
when an interval is narrow makes it cover a little less often than stated; a floor of ten replications keeps that small.
"""

from __future__ import annotations

import math

from ..errors import InputError, Problem, nearest
from ..model.centre import Configuration
from ..model.run import Precision
from .estimates import Kpi, Kpis

FLOOR = 10


def more_replications(kpis: Kpis, config: Configuration, done: int) -> int:
    """Replications still to run after the first batch; 0 once every asked measure is precise enough or
    `run.max_replications` is reached.

    Raises InputError for a measure that the centre does not have.
    """
    run = config.run
    most = max(run.max_replications - done, 0)
    if done < FLOOR:
        return min(FLOOR - done, most)
    wanted = done
    for asked in run.precision:
        kpi = _find(kpis, asked)
        allowed = _allowed(kpi, asked)
        if kpi.half_width > allowed:
            factor = min((kpi.half_width / allowed) ** 2, 2.0) if allowed > 0 else 2.0
            wanted = max(wanted, math.ceil(done * factor))
    return min(wanted - done, most)


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

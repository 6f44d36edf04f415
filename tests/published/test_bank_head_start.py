"""What the bank's head start does: `scenarios=bank_1999` with it, without it, and with priority that nothing outwaits.

The same customers in all three (common random numbers), 20 replications of a week, differences paired. It needs no
records. `outputs/gallery/bank_1999_head_start.csv` holds the result; run with
`python -m pytest -m slow tests/published/test_bank_head_start.py -n 0`.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.log.tables import Log
from sim.measures.window import Facts
from sim.model import Configuration, Outcome
from sim.runs.replicate import gathered
from sim.statistics.estimates import mean_with_interval

GALLERY = Path(__file__).resolve().parents[2] / "outputs" / "gallery"
SEED, REPLICATIONS = 19990103, 20  # declared before the first run
PRIORITY = ("PS_priority", "NE_priority", "TT_priority")
RULES = {
    "first come, first served": [f"customers.segments.{name}.priority=0" for name in PRIORITY],
    "head start of 90 s": [],
    "absolute priority": ["routing.ageing_per_minute=0"],
}
pytestmark = pytest.mark.slow


def by_segment(log: Log, config: Configuration) -> np.ndarray:
    """(segments + 1, 2): mean wait of served calls, s, and share that hangs up; all calls last."""
    facts = Facts(log, config)
    segment = log.customers["segment"][np.searchsorted(log.customers["entity"], facts.of("entity"))]
    left, found = facts.ended_as(Outcome.ABANDONED), []
    for mine in (*(segment == number for number in range(len(log.segments))), segment >= 0):
        found.append((facts.wait[mine & (facts.served > 0)].mean(), left[mine].mean()))
    return np.array(found)


def test_who_pays_for_the_head_start() -> None:
    runs: dict[str, np.ndarray] = {}
    for rule, overrides in RULES.items():
        run = [f"run.seed={SEED}", f"run.replications={REPLICATIONS}"]
        config = sim.load(["scenarios=bank_1999", *overrides, *run])
        runs[rule] = np.array(gathered(config, by_segment))
    plain = runs["first come, first served"]
    names, rows = (*config.customers.segments, "all"), []
    for rule, values in runs.items():
        (mean, half), (change, sure) = (mean_with_interval(each, 0.95) for each in (values, values - plain))
        for i, name in enumerate(names):
            row: dict[str, object] = {"rule": rule, "segment": name}
            for j, (what, factor) in enumerate((("wait_s", 1.0), ("abandoned_pct", 100.0))):
                row[what], row[f"{what}_half_width"] = round(factor * mean[i, j], 1), round(factor * half[i, j], 1)
                row[f"{what}_change"] = round(factor * change[i, j], 1)
                row[f"{what}_change_half_width"] = round(factor * sure[i, j], 1)
            rows.append(row | {"replications": REPLICATIONS, "seed": SEED, "date": dt.date.today().isoformat()})
    with (GALLERY / "bank_1999_head_start.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    change, sure = mean_with_interval(runs["head start of 90 s"] - plain, 0.95)
    for i, name in enumerate(names):
        if name in ("PS", "PS_priority", "NW"):  # with calls enough to tell
            sign = -1 if name in PRIORITY else 1
            assert sign * change[i, 0] > sure[i, 0], f"{name}: {change[i, 0]:+.1f} s"

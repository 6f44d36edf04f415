"""The committed table of how often intervals cover that ended a run (`coverage_sequential`)."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from .committed import GALLERY
from .coverage_sequential import EXPERIMENTS, MOST, QUEUES, RELATIVE, row_of
from .coverage_skewed import simulated

FRESH_SEED, FEW = 20261207, 60  # declared before the first run


def table() -> list[dict[str, str]]:
    with (GALLERY / "coverage_sequential.csv").open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if not row["queue"].startswith("#")]


def test_the_table_has_every_queue_and_precision() -> None:
    cells = {(row["queue"], float(row["relative"]), row["controls"]) for row in table()}
    assert cells == {(queue.name, relative, c) for queue in QUEUES for relative in RELATIVE for c in ("False", "True")}


def test_stopping_costs_no_coverage() -> None:
    """Beside as many replications fixed beforehand: both of 1,000 experiments, a standard error of 1 point."""
    lost = [float(row["fixed_coverage"]) - float(row["coverage"]) for row in table()]
    assert max(lost) <= 0.02
    assert np.median(lost) <= 0


@pytest.mark.parametrize("number", [0, 2])
def test_fresh_experiments_agree_with_the_table(number: int) -> None:
    queue = QUEUES[number]
    top, bottom = (each.reshape(FEW, MOST) for each in simulated(*queue, FEW * MOST, FRESH_SEED))
    (recorded,) = [
        row for row in table() if (row["queue"], row["relative"], row["controls"]) == (queue.name, "0.2", "True")
    ]
    share = float(recorded["coverage"])
    error = math.sqrt(share * (1 - share) * (1 / FEW + 1 / EXPERIMENTS))
    fresh = row_of(queue, top, bottom, 0.2, controls=True)[3]
    assert isinstance(fresh, float)
    assert abs(fresh - share) <= 3.3 * error

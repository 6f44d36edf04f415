"""95 % intervals cover in about 95 % of experiments; where they do not, the table says so (see `coverage`)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.measures.observe import Observations, observe
from sim.runs.replicate import simulate

from .coverage import CASES, HIGH, LOW, Case, experiment, may_be, read, record, runs_of

BUSY, FEW, RARE = CASES
EVERYDAY = 150
"""experiments of ten replications"""


@pytest.fixture(scope="module")
def busy() -> list[Observations]:
    """1,500 replications of the busy queue."""
    return runs_of(BUSY, 10 * EVERYDAY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_recursion_is_the_engine(case: Case) -> None:
    """Observations are those of the engine's log, replication by replication, to rounding."""
    config = case.queue.config(case.seed)
    for number, quick in enumerate(runs_of(case, 3)):
        slow = observe(simulate(config, number), config)
        for key, table in quick.items():
            assert table.rows == slow[key].rows
            assert np.allclose(table.top[:, 0], slow[key].top[:, 0], rtol=1e-10, atol=1e-7)
            if table.bottom is not None:
                assert np.allclose(table.bottom[:, 0], slow[key].bottom[:, 0], rtol=1e-10)
            if table.samples is not None:
                assert table.samples.sizes == slow[key].samples.sizes
                assert np.allclose(table.samples.values[0], slow[key].samples.values[0], atol=1e-7)


def test_ten_replications_cover(busy: list[Observations]) -> None:
    for found in experiment(BUSY, busy, 10):
        if "rejected" not in found.method:
            assert may_be(found.covered, EVERYDAY), (found.measure, found.method, found.covered)


def test_a_mean_of_quantiles_of_few_waits_does_not_cover() -> None:
    """The reason for pooling: its bias stays while its interval shrinks."""
    found = {(f.measure, f.method): f.covered for f in experiment(FEW, runs_of(FEW, 1000), 20)}
    assert not may_be(found["wait_p95", "mean of quantiles (rejected)"], 50)
    assert may_be(found["wait_p95", "pooled"], 50)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_thousand_experiments(case: Case) -> None:
    """Written before anything is asserted: what falls outside is in the table too."""
    rows = record(case)
    if case is BUSY:
        promised(rows)


def promised(rows: list[dict[str, object]]) -> None:
    """Ten replications and more of the busy queue: between 93 and 97 %, by any method but the rejected one."""
    outside = [
        (row["replications"], row["measure"], row["method"], row["coverage"]) for row in rows
        if int(str(row["replications"])) >= 10 and "rejected" not in str(row["method"])
        and not LOW <= float(str(row["coverage"])) <= HIGH
    ]  # fmt: skip
    assert not outside


def test_the_committed_table_keeps_the_promise() -> None:
    rows = read()
    assert {row["case"] for row in rows} == {case.name for case in CASES}
    assert {row["experiments"] for row in rows} == {"1000"}
    promised([row for row in rows if row["case"] == BUSY.name])

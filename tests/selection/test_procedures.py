"""The guarantee, where the best is known: at least the stated share of races is won. Seeds declared beforehand.

`python -m pytest -m slow -n 0 tests/selection` writes outputs/gallery/selection.csv, in a minute or two.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.statistics.selection import Selection, select

SEED = 20261122  # declared before the first run
CONFIDENCE, DELTA = 0.95, 1.0
TABLE = Path(__file__).resolve().parents[2] / "outputs" / "gallery" / "selection.csv"
COLUMNS = ("procedure", "designs", "luck", "best_leads_by", "first_stage", "races", "good", "share", "lower_95",
           "upper_95", "replications_mean", "promised", "seed", "date")  # fmt: skip
LUCK = 1e-3
"""chance that a correct procedure fails a test of the guarantee"""


def equal(size: int) -> Any:
    """Independent, variances 1 to 2."""
    return np.diag(np.linspace(1, 2, size))


def alike(size: int) -> Any:
    """What common random numbers make: correlation 0.8."""
    return 0.8 * np.ones((size, size)) + 0.2 * np.eye(size)


def opposed(size: int) -> Any:
    """The worst luck with common random numbers: negative correlations."""
    return np.eye(size) - 0.9 / (size - 1) * (np.ones((size, size)) - np.eye(size))


def race(means: Any, covariance: Any, procedure: Any, seed: Sequence[int], first: int = 10) -> Selection:
    """One race between normal designs."""
    chance, root = np.random.default_rng(seed), np.linalg.cholesky(covariance)
    rows = np.empty((0, len(means)))

    def draw(designs: Sequence[int], first: int, count: int) -> Any:
        nonlocal rows
        more = first + count - len(rows)
        rows = np.concatenate([rows, means + chance.standard_normal((more, len(means))) @ root.T])
        return rows[first : first + count][:, designs]

    return select(
        draw, len(means), delta=DELTA, confidence=CONFIDENCE, first=first, most=10**6, procedure=procedure
    )  # fmt: skip


def least(races: int) -> int:
    """Won races below which a procedure that keeps its promise falls with chance LUCK only."""
    return int(stats.binom.ppf(LUCK, races, CONFIDENCE))


def won(procedure: str, covariance: Any, means: Any, races: int, first: int = 10) -> tuple[int, float]:
    """Races whose choice is the best, or within DELTA of it; replications of the last ones left, on average."""
    found = [race(means, covariance, procedure, [SEED, number], first) for number in range(races)]
    good = sum(bool(means[each.best] > means.max() - DELTA) for each in found)
    return good, float(np.mean([each.used for each in found]))


@pytest.fixture(scope="module")
def table() -> Iterator[list[list[Any]]]:
    """Rows of the table of the long runs, written at the end if there are any."""
    rows: list[list[Any]] = []
    yield rows
    if rows:
        with TABLE.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS, *rows])


def row(procedure: str, luck: Any, size: int, gap: float, first: int, good: int, races: int, used: float) -> list[Any]:
    """A row: the share of good choices with its exact (Clopper-Pearson) interval."""
    low, high = stats.binomtest(good, races).proportion_ci(0.95)
    share, ends = f"{good / races:.4f}", (f"{low:.4f}", f"{high:.4f}")
    return [procedure, size, luck.__name__, gap, first, races, good, share, *ends, f"{used:.1f}", CONFIDENCE, SEED,
            dt.date.today().isoformat()]  # fmt: skip


def slippage(size: int) -> Any:
    """The hardest case of the theory: the best leads all others by exactly delta; only it is good enough."""
    return np.array([0.0] * (size - 1) + [DELTA])


@pytest.mark.parametrize("covariance", [equal, alike, opposed])
@pytest.mark.parametrize("procedure", ["kn", "clark_yang"])
def test_the_best_is_chosen_as_often_as_stated(procedure: str, covariance: Any) -> None:
    assert won(procedure, covariance(3), slippage(3), races=1000)[0] >= least(1000)


@pytest.mark.slow
@pytest.mark.parametrize("first", [5, 10, 20])
@pytest.mark.parametrize("size", [2, 5, 10])
@pytest.mark.parametrize("covariance", [equal, alike, opposed])
@pytest.mark.parametrize("procedure", ["kn", "clark_yang"])
def test_the_best_is_chosen_as_often_as_stated_in_many_cases(
    procedure: str, covariance: Any, size: int, first: int, table: list[list[Any]]
) -> None:
    good, used = won(procedure, covariance(size), slippage(size), races=1000, first=first)
    table.append(row(procedure, covariance, size, DELTA, first, good, 1000, used))
    assert good >= least(1000)


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0.2, 0.5, 0.95])
@pytest.mark.parametrize("covariance", [equal, alike, opposed])
@pytest.mark.parametrize("procedure", ["kn", "clark_yang"])
def test_a_good_one_is_chosen_when_several_are_close(
    procedure: str, covariance: Any, gap: float, table: list[list[Any]]
) -> None:
    """The best leads the second by `gap` deltas, less than one; the others are just not good enough."""
    means = np.array([0.0, 0.0, 0.0, DELTA - gap * DELTA + 1e-9, DELTA])
    good, used = won(procedure, covariance(5), means, races=1000)
    table.append(row(procedure, covariance, 5, gap, 10, good, 1000, used))
    assert good >= least(1000)


def test_a_race_is_judged_one_replication_at_a_time() -> None:
    """Against the rule as the paper writes it, without batches: the same choice, the same exits."""
    means, covariance = np.array([0.0, 0.4, 0.9, 1.0]), alike(4) * 3
    for number in range(20):
        found = race(means, covariance, "kn", [SEED, 1, number])
        assert (found.best, found.out) == by_the_book(means, covariance, [SEED, 1, number])


def by_the_book(means: Any, covariance: Any, seed: Sequence[int]) -> tuple[int, dict[int, int]]:
    """Kim and Nelson's procedure, step by step."""
    chance, root, size = np.random.default_rng(seed), np.linalg.cholesky(covariance), len(means)
    n0, alpha = 10, 1 - CONFIDENCE
    data = [means + root @ chance.standard_normal(size) for _ in range(n0)]
    h2 = ((2 * alpha / (size - 1)) ** (-2 / (n0 - 1)) - 1) * (n0 - 1)
    variance = {(i, j): np.var([row[i] - row[j] for row in data], ddof=1) for i in range(size) for j in range(size)}
    left, out, r = list(range(size)), {}, n0
    while True:
        mean = np.mean(data, axis=0)
        worse = [
            i for i in left
            if any(
                mean[i] < mean[j] - max(0.0, DELTA / (2 * r) * (h2 * variance[i, j] / DELTA**2 - r))
                for j in left if j != i
            )
        ]  # fmt: skip
        out |= dict.fromkeys(worse, r)
        left = [i for i in left if i not in worse]
        if len(left) == 1:
            return left[0], out
        data.append(means + root @ chance.standard_normal(size))
        r += 1


def test_pairing_makes_the_race_shorter() -> None:
    apart = [race(slippage(4), 9 * np.eye(4), "kn", [SEED, 2, number]).used for number in range(30)]
    paired = [race(slippage(4), 9 * alike(4), "kn", [SEED, 2, number]).used for number in range(30)]
    assert np.mean(paired) < 0.6 * np.mean(apart)


@pytest.mark.parametrize("procedure", ["kn", "clark_yang"])
def test_a_race_that_cannot_be_decided_says_so(procedure: Any) -> None:
    chance = np.random.default_rng(SEED)

    def draw(designs: Sequence[int], first: int, count: int) -> Any:
        return chance.standard_normal((count, len(designs)))

    found = select(draw, 2, delta=0.01, confidence=0.95, first=10, most=30, procedure=procedure)
    assert found.best is None
    assert found.left == [0, 1]
    assert found.wanted > 1000
    assert {len(values) for values in found.values.values()} == {30}


def test_equal_designs_end_at_once() -> None:
    found = select(lambda d, first, count: np.ones((count, len(d))), 3, delta=1, confidence=0.9, first=5, most=50)
    assert (found.best, found.used, found.close) == (0, 5, (1, 2))


def test_what_is_no_race_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two designs"):
        select(lambda d, first, count: np.ones((count, 1)), 1, delta=1, confidence=0.9, first=5, most=50)
    with pytest.raises(ValueError, match="no number"):
        select(lambda d, first, count: np.full((count, 2), np.nan), 2, delta=1, confidence=0.9, first=5, most=50)

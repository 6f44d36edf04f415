"""Intervals that must all hold at once do so in 95 % of experiments whose exact answers are known.

`python -m pytest -m slow -n 0 tests/experiments` writes outputs/gallery/coverage_simultaneous.csv. Two problems: means
of normal and of skewed variables, and one more agent in M/M/c+M, compared by `sim.studies.compare.study` itself.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.runs.replicate import Results
from sim.statistics.estimates import estimate
from sim.statistics.simultaneous import Method, critical_value
from sim.studies.compare.study import Difference, compare

from .many_queues import Queue, observations

SEED = 20261127  # declared before the first run
TABLE = Path(__file__).resolve().parents[2] / "outputs" / "gallery" / "coverage_simultaneous.csv"
METHODS: tuple[Method, ...] = ("bonferroni", "max_t")
FIELDS = (
    "problem", "intervals", "replications", "method", "experiments", "all_covered", "share", "mean_factor", "seed",
    "date",
)  # fmt: skip
Draw = Callable[[np.random.Generator, int], np.ndarray]


def independent(rng: np.random.Generator, n: int) -> np.ndarray:
    """Nine independent normal variables."""
    return rng.normal(size=(n, 9))


def together(rng: np.random.Generator, n: int) -> np.ndarray:
    """Nine normal variables, each pair with correlation 0.8."""
    return np.sqrt(0.8) * rng.normal(size=(n, 1)) + np.sqrt(0.2) * rng.normal(size=(n, 9))


def skewed(rng: np.random.Generator, n: int) -> np.ndarray:
    """Nine mixtures of three exponential variables, mean zero."""
    mix = np.abs(np.sin(np.arange(27.0).reshape(3, 9) + 1))
    return (rng.exponential(size=(n, 3)) - 1) @ mix + 0.3 * rng.normal(size=(n, 9))


def means(draw: Draw, n: int, method: Method, experiments: int) -> tuple[int, float]:
    """(experiments in which all nine means are covered, mean factor)."""
    covered, factors = 0, []
    for number in range(experiments):
        sample = draw(np.random.default_rng([SEED, n, number]), n)
        middle, error = sample.mean(axis=0), sample.std(axis=0, ddof=1) / math.sqrt(n)
        factors.append(critical_value(sample - middle, 0.95, method, number))
        covered += bool((np.abs(middle) <= factors[-1] * error).all())
    return covered, float(np.mean(factors))


BEFORE, AFTER = Queue(600, 2, 4.0, 6.0, 1.0), Queue(600, 3, 4.0, 6.0, 1.0)
MEASURES = [f"channel.phone.{m}" for m in ("abandoned", "wait", "asa", "service_level", "wait_p90", "wait_p95")]
MEASURES += ["pool.team.occupancy"]


def one_more_agent(n: int, experiments: int) -> Iterator[tuple[Results, Results]]:
    """Pairs of results of `n` replications, the same customers on both sides."""
    configs = [queue.config(SEED) for queue in (BEFORE, AFTER)]
    for number in range(experiments):
        runs = range(number * n, (number + 1) * n)
        sides = [(config, tuple(observations(config, run) for run in runs)) for config in configs]
        before, after = (Results(config, estimate(obs, config), obs, tuple(runs), 0.0) for config, obs in sides)
        yield before, after


def all_covered(found: list[Difference]) -> bool:
    """Whether every exact difference lies in its interval."""
    keys = [(each.scope, each.name, each.measure) for each in found]
    exact = [AFTER.exact[key] - BEFORE.exact[key] for key in keys]
    return all(abs(each.difference - e) <= each.half_width for each, e in zip(found, exact, strict=True))


def at_least_95(covered: int, experiments: int) -> bool:
    """Whether this is believable (99.9 %) for intervals that all hold in 95 % of experiments or more."""
    return covered / experiments >= 0.95 - 3.3 * math.sqrt(0.95 * 0.05 / experiments)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("draw", [independent, together])
def test_all_hold_at_once(draw: Draw, method: Method) -> None:
    covered, factor = means(draw, 20, method, 120)
    assert at_least_95(covered, 120)
    assert 2.09 < factor <= 3.14  # one interval's, and Bonferroni's for nine
    if draw is together and method == "max_t":
        assert factor < 3.0  # narrower, because the nine go together


def test_differences_of_queues_hold_at_once_and_pairing_helps() -> None:
    pairs = list(one_more_agent(10, 30))
    for method in METHODS:
        found = [compare(before, {"one more": after}, MEASURES, method) for before, after in pairs]
        assert at_least_95(sum(all_covered(each) for each in found), 30)
    gains = [each.variance_reduction for each in found[0] if each.measure == "abandoned"]
    assert gains[0] > 1.5


def test_max_t_is_never_wider_and_the_same_each_time() -> None:
    sample = skewed(np.random.default_rng(SEED), 6)
    residuals = sample - sample.mean(axis=0)
    factors = {method: critical_value(residuals, 0.95, method, 1) for method in METHODS}
    assert factors["max_t"] <= factors["bonferroni"]
    assert factors["max_t"] == critical_value(residuals, 0.95, "max_t", 1)
    assert critical_value(np.zeros((6, 3)), 0.95, "max_t", 1) == critical_value(np.zeros((6, 3)), 0.95, "bonferroni", 1)
    assert math.isnan(critical_value(np.zeros((1, 3)), 0.95, "max_t", 1))


@pytest.mark.slow
def test_a_thousand_experiments_at_once() -> None:
    """Written before anything is asserted."""
    rows: list[tuple[object, ...]] = []
    today = dt.date.today().isoformat()
    for draw in (independent, together, skewed):
        for n in (10, 20, 40):
            for method in METHODS:
                covered, factor = means(draw, n, method, 1000)
                rows.append((draw.__name__, 9, n, method, 1000, covered, covered / 1000, round(factor, 3), SEED, today))
    for n in (10, 20):
        hits, ratios = dict.fromkeys(METHODS, 0), []
        for before, after in one_more_agent(n, 1000):
            found = {m: compare(before, {"one more": after}, MEASURES, m) for m in METHODS}
            for method in METHODS:
                hits[method] += all_covered(found[method])
            ratios.append(found["max_t"][0].half_width / found["bonferroni"][0].half_width)
        for method in METHODS:
            share = 1.0 if method == "bonferroni" else float(np.mean(ratios))
            factor = share * critical_value(np.ones((n, len(MEASURES))), 0.95, "bonferroni", 1)
            name, k, hit = "one more agent, M/M/2+M", len(MEASURES), hits[method]
            rows.append((name, k, n, method, 1000, hit, hit / 1000, round(factor, 3), SEED, today))
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([FIELDS, *rows])


def test_the_committed_table_names_every_problem() -> None:
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 22
    assert all(
        at_least_95(int(row["all_covered"]), 1000) for row in rows if row["problem"] in ("independent", "together")
    )

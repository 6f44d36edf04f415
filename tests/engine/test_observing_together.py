"""Several runs measured together: each number is, to the bit, that of its run alone, whoever the others are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.compiled.engine import simulate
from sim.errors import InputError
from sim.log.tables import Log
from sim.measures.given import given_of
from sim.measures.observe import Observations, observe
from sim.measures.samples import Samples
from sim.measures.table import Table
from sim.measures.together import likeness, observe_together
from sim.model import Configuration
from sim.sweep import work
from sim.sweep.configurations import Configurations
from sim.sweep.tasks import Sums, Task
from sim.sweep.work import run_tasks
from tests.sweeps.centres import queue, run_task
from tests.twin.twins import random_centres

from .test_observing_many import differing

SEEDS = range(20261130, 20261133)  # declared before the first run


def each_run(together: Observations, runs: int) -> list[Observations]:
    """The observations of each run, out of those of all."""
    return [{key: _of_run(table, runs, run) for key, table in together.items()} for run in range(runs)]


def _of_run(table: Table, runs: int, run: int) -> Table:
    top, bottom = (None if each is None else np.split(each, runs)[run] for each in (table.top, table.bottom))
    assert top is not None
    samples = table.samples
    if samples is not None:
        size = len(samples.values) // runs
        mine = slice(size * run, size * (run + 1))
        samples = Samples(samples.values[mine], samples.sizes[mine])
    return Table(table.rows, top, bottom, samples)


def differences(runs: Sequence[tuple[Log, Configuration]]) -> list[str]:
    """Tables of runs together that are not those of each alone."""
    logs, configs = zip(*runs, strict=True)
    together = each_run(observe_together(logs, configs), len(runs))
    return [
        name
        for (log, config), mine in zip(runs, together, strict=True)
        for name in differing(observe(log, config), mine)
    ]


@pytest.mark.parametrize("scenario", ["siloed", "ai_frontline", "bank_1999", "social_care"])
def test_scenarios(scenario: str) -> None:
    config = sim.load([f"scenarios={scenario}", "run.warm_up=2 h", "run.measure=30 h"])
    assert differences([(simulate(config, seed, 0), config) for seed in SEEDS]) == []


def variants(config: Configuration) -> Iterator[Configuration]:
    """The centre, and as points of a sweep would set it: they share what is not set."""
    yield config
    yield config.model_copy(update={"customers": config.customers.model_copy(update={"difficulty": 0.3})})
    yield config.model_copy(update={"integration": config.integration.model_copy(update={"level": 0.75})})
    pools = {name: pool.model_copy(update={"agents": 2}) for name, pool in config.staffing.items() if pool.agents}
    yield config.model_copy(update={"staffing": {**config.staffing, **pools}})


def test_random_centres() -> None:
    """With every mechanism at once; the runs differ in agents, integration, customers and seed. Customers are the same
    where feelings are measured, which ask of them what they are worth."""
    tried = several = 0
    for _, centre in random_centres(30):
        try:
            runs = [(simulate(config, seed, 0), config) for config in variants(centre) for seed in SEEDS]
        except InputError:  # a thread that never ends
            continue
        alike = {likeness(*run): [other for other in runs if likeness(*other) == likeness(*run)] for run in runs}
        assert all(differences(group) == [] for group in alike.values())
        assert len(alike) == (2 if given_of(centre).has else 1)
        tried, several = tried + 1, several + (len(alike) > 1)
    assert tried > 15
    assert 0 < several < tried


def same(one: Sums, other: Sums) -> bool:
    """Equality to the bit."""
    numbers = ((one.top, other.top), (one.bottom, other.bottom))
    equal = all(np.array_equal(*pair, equal_nan=True) for pair in numbers)
    return equal and one.names == other.names and one.samples == other.samples


def tasks(agents: Sequence[int]) -> list[Task]:
    return [Task(f"p{i}", {"staffing.team.agents": n}, 0, 3) for i, n in enumerate(agents)]


def test_what_a_worker_sends_does_not_depend_on_what_it_measures_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    points = Configurations({"": {k: v for k, v in queue(tmp_path).items() if k != "study"}})
    together = [each.sums for each in run_tasks(tasks(range(2, 9)), points)]
    monkeypatch.setattr(work, "MOST", -1)
    alone = [each.sums for each in run_tasks(tasks(range(2, 9)), points)]
    assert len(together) == 7
    assert all(
        one is not None and other is not None and same(one, other) for one, other in zip(together, alone, strict=True)
    )


def test_a_task_that_fails_takes_no_other_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cannot be simulated in its second run, one cannot be measured, one is a mistake: the others come back."""
    points = Configurations({"": {k: v for k, v in queue(tmp_path).items() if k != "study"}})
    simulate_, observe_ = work.simulate, work.observe

    def simulated(config: Configuration, number: int) -> Log:
        if config.staffing["team"].agents == 4 and number == 1:
            raise ZeroDivisionError("a fault")
        return simulate_(config, number)

    def observed(log: Log, config: Configuration, measures: Any) -> Observations:
        if config.staffing["team"].agents == 6:
            raise ArithmeticError("no number")
        return observe_(log, config, measures)

    def refused(logs: Any, configs: Any, measures: Any) -> Observations:
        raise ArithmeticError("one of them")

    for name, function in (("simulate", simulated), ("observe", observed), ("observe_together", refused)):
        monkeypatch.setattr(work, name, function)
    outcomes = list(run_tasks(tasks([3, 4, 5, 6, -1, 7]), points))
    assert [outcome.status for outcome in outcomes] == ["ok", "failed", "ok", "failed", "mistake", "ok"]
    assert [outcome.error for outcome in outcomes][1:4:2] == [
        "ZeroDivisionError: a fault",
        "ArithmeticError: no number",
    ]
    monkeypatch.undo()
    for outcome in outcomes:
        if outcome.sums is not None:
            expected = run_task(outcome.task, points).sums
            assert expected is not None
            assert same(outcome.sums, expected)


def test_groups_are_no_larger_than_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of several tasks make a group, and a group ends where the tables of more would be too large."""
    points = Configurations({"": {k: v for k, v in queue(tmp_path).items() if k != "study"}})
    sizes = list[int]()

    def measured(logs: Sequence[Log], configs: Sequence[Configuration], measures: Any) -> Observations:
        sizes.append(len(logs))
        return observe_together(logs, configs, measures)

    monkeypatch.setattr(work, "observe_together", measured)
    monkeypatch.setattr(work, "at_once", lambda log, config: 4)
    assert len(list(run_tasks(tasks(range(2, 10)), points))) == 8
    assert sizes == [4] * 6


@pytest.mark.parametrize("limit", [("LONGEST", -1.0), ("MOST", -1)])
def test_what_took_long_or_is_large_is_measured_before_the_next_is_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: tuple[str, float]
) -> None:  # fmt: skip
    """Who is stopped then loses nothing that was finished, and there is one large log at a time."""
    points = Configurations({"": {k: v for k, v in queue(tmp_path).items() if k != "study"}})
    events, simulate_ = list[str](), work.simulate

    def simulated(config: Configuration, number: int) -> Log:
        events.append("simulated")
        return simulate_(config, number)

    def measured(log: Log, config: Configuration, measures: Any) -> Observations:
        events.append("measured")
        return observe(log, config, measures)

    for name, value in (("simulate", simulated), ("observe", measured), limit):
        monkeypatch.setattr(work, name, value)
    assert len(list(run_tasks(tasks([4, 5]), points))) == 2
    assert events == ["simulated", "measured"] * 6

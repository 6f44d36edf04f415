"""What is remembered from log to log (kinds, plans, what a configuration gives) changes no table, to the bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

import sim
from sim import engine
from sim.log.tables import Log
from sim.measures import given, kinds
from sim.measures.catalogue import SHIPPED
from sim.measures.given import given_of
from sim.measures.measure import of_contacts
from sim.measures.observe import Observations, observations, observe
from sim.measures.weights import counted
from sim.measures.window import Facts, Floats
from sim.model import Configuration
from tests.extreme.mechanised import mechanised as all_at_once

SEED = 20261127  # declared before the first run


def differing(one: Observations, other: Observations) -> list[str]:
    """Tables that are not equal to the bit, samples included."""
    assert list(one) == list(other)
    return [" ".join(key) for key in one if repr(plain(one, key)) != repr(plain(other, key))]


def plain(observed: Observations, key: tuple[str, str]) -> list[object]:
    """The numbers of a table as lists."""
    rows, top, bottom, samples = observed[key]
    kept = samples and [each.tolist() for each in samples.values]
    return [rows, top.tolist(), None if bottom is None else bottom.tolist(), kept]


@pytest.fixture(scope="module")
def centre() -> Configuration:
    return all_at_once()


@pytest.fixture(scope="module")
def logs(centre: Configuration) -> list[Log]:
    return [engine.simulate(centre, SEED, replication) for replication in range(6)]


@pytest.fixture
def forgetful() -> Iterator[Callable[[], None]]:
    """Forgets all kinds, now and in the end."""
    kinds._memory.cache_clear()
    yield kinds._memory.cache_clear
    kinds._memory.cache_clear()


def afresh(log: Log, centre: Configuration) -> Observations:
    """The observations of a log before which there was none."""
    kinds._memory.cache_clear()
    return observe(log, centre)


@pytest.mark.parametrize(("few", "most"), [(64, 1024), (0, 1024), (64, 1), (10_000, 40)])
def test_a_log_says_the_same_whatever_was_observed_before(
    monkeypatch: pytest.MonkeyPatch, forgetful: Callable[[], None], centre: Configuration, logs: list[Log], few: int,
    most: int,
) -> None:  # fmt: skip
    """Also where nothing is remembered, and where everything is forgotten again and again."""
    expected = [afresh(log, centre) for log in logs]
    forgetful()
    monkeypatch.setattr(kinds, "FEW", few)
    monkeypatch.setattr(kinds, "MOST", most)
    for i in (0, 3, 5, 3, 1, 2, 4, 0):
        assert differing(observe(logs[i], centre), expected[i]) == []


def test_threads_that_learn_new_kinds_at_once_say_the_same(
    forgetful: Callable[[], None], centre: Configuration, logs: list[Log]
) -> None:
    expected = [afresh(log, centre) for log in logs]
    for _ in range(10):
        forgetful()
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(partial(observe, config=centre), logs * 2))
        assert all(differing(one, other) == [] for one, other in zip(found, expected * 2, strict=True))


def test_measures_taken_alone_are_those_of_all(centre: Configuration, logs: list[Log]) -> None:
    every = observe(logs[0], centre)
    for measure in SHIPPED:
        alone = observe(logs[0], centre, [measure.name])
        assert differing(alone, {key: table for key, table in every.items() if key[1] == measure.name}) == []


@pytest.mark.parametrize("looks_at", ["config", "arrived", "began", "agent_seconds", "response"])
def test_what_counts_can_look_at_nothing_but_marks(centre: Configuration, logs: list[Log], looks_at: str) -> None:
    """What it says is remembered for other logs, so it gets nothing that another log may say otherwise."""

    def weights(facts: Facts) -> Floats:
        """Zeros, after a look at what makes no kind."""
        getattr(facts, looks_at)
        return np.zeros(facts.contacts)

    measure = of_contacts("own", "Own", "contacts", "own", counted(weights))
    with pytest.raises((AttributeError, KeyError)):
        observations(Facts(logs[0], centre), (measure,), lambda each: each.tables)


def test_what_configurations_give_is_shared_where_their_parts_are_the_same() -> None:
    """Another seed is the same centre, twice the agents are not: paid hours double."""
    config = sim.load(["centre=single_queue", "run.measure=1 h", "run.warm_up=0"])
    seed = config.changed(run=config.run.model_copy(update={"seed": 7}))
    name, pool = next(iter(config.staffing.items()))
    agents = config.changed(staffing=config.staffing | {name: pool.model_copy(update={"agents": 2 * pool.agents})})
    assert given_of(seed) is given_of(config)
    hours = [
        observe(engine.simulate(each, SEED, 0), each, ["scheduled_hours_per_week"]) for each in (config, agents, config)
    ]
    first, doubled, again = (each["pool", "scheduled_hours_per_week"].top for each in hours)
    assert doubled == pytest.approx(2 * first)
    assert np.array_equal(first, again)
    for _ in range(2 * given.MOST):
        given_of(config.changed(staffing=config.staffing | {}))
    assert len(given._KNOWN) == given.MOST

"""Stratified busyness: each group of replications has busy and quiet days evenly, each replication its own luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special, stats

import sim
from sim.api import Run
from sim.chance.arrivals import Arrivals
from sim.errors import InputError
from sim.measures.table import Table
from sim.model import Configuration
from sim.runs.replicate import replicate, simulate
from sim.statistics.groups import complete, grouped
from sim.studies.compare.study import side_of

SEED = 20261204  # declared before the first run
SHAPE = 20.0


def queue(count: str = "mixed_poisson", correlation: float = 1.0, **more: Any) -> Configuration:
    """Two agents who are a little too few, for a day that may be busy."""
    law = {"law": "exponential", "mean": "4 min"}
    stream = {"per_day": 600, "profile": [1, 2, 3, 2], "count": count}
    run = {"warm_up": "6 h", "measure": "18 h", "end": "drain", "seed": SEED, "workers": 1}
    return Configuration.from_mapping(
        {
            "channels": {"phone": {"kind": "live", "service": law, "patience": law}},
            "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
            "demand": {"streams": {"calls": stream | {"busyness": {"shape": SHAPE, "correlation": correlation}}}},
            "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
            "staffing": {"team": {"agents": 2, "serves": {"phone": 1}}},
            "run": run | {key: value for key, value in more.items() if key != "engine"},
            "engine": more.get("engine", "simpy"),
        }
    )


def factors(config: Configuration, replications: int, days: int) -> np.ndarray:
    """(replications, days): the uniforms of busyness."""
    busyness = config.demand.streams["calls"].busyness
    arrivals = [Arrivals(config, SEED, number) for number in range(replications)]
    gamma = [[each._busyness(busyness, 0, day, 4)[-1] for day in range(days)] for each in arrivals]
    return np.asarray(special.gammainc(SHAPE, np.array(gamma) * SHAPE))


@pytest.mark.parametrize("size", [2, 4, 5])
def test_every_group_has_each_stratum_of_every_day_once(size: int) -> None:
    u = factors(queue(strata=size, replications=4 * size), 4 * size, 30)
    strata = np.sort(np.floor(u * size).reshape(4, size, 30), axis=1)
    assert (strata == np.arange(size)[None, :, None]).all()


@pytest.mark.parametrize("correlation", [1.0, 0.6])
def test_a_single_replication_is_as_it_was_in_law(correlation: float) -> None:
    """The first replication of 400 groups, twelve days each: uniform (Kolmogorov and Smirnov) and not correlated from
    day to day. By interval of the day, correlated busyness keeps its law too."""
    u = factors(queue(correlation=correlation, strata=4, replications=1600), 1600, 12)[::4]
    assert stats.kstest(u.ravel(), "uniform").pvalue > 0.001
    neighbours = np.corrcoef(u[:, :-1].ravel(), u[:, 1:].ravel())[0, 1]
    assert abs(neighbours) < 3.3 / np.sqrt(u[:, 1:].size)


def test_days_have_strata_of_their_own() -> None:
    """Were the permutation one for all days, a group would have one busy week and one quiet one."""
    u = factors(queue(strata=2, replications=400), 400, 10)[::2]
    assert abs(np.corrcoef(u.T)[np.triu_indices(10, 1)]).max() < 4.5 / np.sqrt(200)


def test_without_strata_nothing_changes() -> None:
    plain, spread = (factors(queue(strata=each, replications=4), 4, 5) for each in (None, 2))
    assert np.allclose(np.mod(spread * 2, 1), plain, atol=1e-9)


@pytest.mark.parametrize("number", [0, 3])
def test_both_engines_have_the_same_days(number: int) -> None:
    logs = [simulate(queue(strata=2, replications=4, engine=each), number) for each in ("simpy", "compiled")]
    for name in ("contacts", "customers"):
        one, other = (getattr(log, name) for log in logs)
        assert all(np.array_equal(one[key], other[key], equal_nan=True) for key in one)


def test_a_group_is_one_observation() -> None:
    """Ratios add their parts, means are over the replications that have a value."""
    ratio = [Table(("a",), np.array([[top]]), np.array([[4.0]])) for top in (1.0, 3.0, 5.0)]
    value = [Table(("a",), np.array([[each]])) for each in (2.0, np.nan, 7.0)]
    pairs = [{("x", "r"): one, ("x", "v"): two} for one, two in zip(ratio, value, strict=True)]
    (found,) = grouped(pairs, 2)
    assert (found["x", "r"].top[0, 0], found["x", "r"].bottom[0, 0], found["x", "v"].top[0, 0]) == (4.0, 8.0, 2.0)


def test_only_whole_groups_count() -> None:
    assert complete([0, 1, 2, 5, 4, 7], 2) == {0, 1, 4, 5}
    assert complete([3, 1], 1) == {1, 3}


def test_intervals_count_groups_and_say_so() -> None:
    done = sim.run(queue(strata=2, replications=8, engine="compiled"))
    assert isinstance(done, Run)
    assert done.results.kpis["channel.phone.abandoned"].n == 4
    assert "interval over 4 groups of 2 replications" in done.words()


def test_estimates_are_those_of_all_replications() -> None:
    config = queue(strata=2, replications=8, engine="compiled")
    results = replicate(config)
    tables = [each["channel", "abandoned"] for each in results.observations]
    share = sum(t.top[0, 0] for t in tables) / sum(t.bottom[0, 0] for t in tables)
    assert results.kpis["channel.phone.abandoned"].mean == pytest.approx(share)
    assert len(results.replications) == 8


def test_volumes_of_groups_differ_less() -> None:
    """Variance of what busyness explains of a day's volume falls by the law of total variance: two strata take out
    the share between halves of a Gamma of shape 20, four more; Poisson's part stays. Within 3.3 standard errors."""
    config = queue(strata=4, replications=2000)
    factor = special.gammaincinv(SHAPE, factors(config, 2000, 1)[:, 0]) / SHAPE
    groups = factor.reshape(-1, 4).mean(axis=1)
    edges = special.gammaincinv(SHAPE, np.linspace(0, 1, 5)) / SHAPE
    means = np.diff(special.gammainc(SHAPE + 1, edges * SHAPE)) * 4
    within = 1 / SHAPE - float(np.mean((means - 1) ** 2))
    assert groups.var(ddof=1) * 4 == pytest.approx(within, rel=3.3 * 2 * np.sqrt(2 / groups.size))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: queue(strata=4, replications=10), "a multiple such as 12"),
        (lambda: queue(strata=4, replications=4), "a multiple such as 8"),
        (lambda: queue(strata=2, replications=1, batches=20), "multiple"),
        (lambda: queue(count="poisson", strata=2, replications=4), "no stream of demand has busyness"),
        (lambda: replicate(queue(strata=2, replications=4), only=[1, 2]), "is whole"),
    ],
)
def test_what_cannot_be_grouped_is_refused(made: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        made()


def test_precision_goes_on_in_whole_groups() -> None:
    asked = [{"measure": "channel.phone.abandoned", "half_width": 1e-6}]
    results = replicate(queue(strata=4, replications=8, precision=asked, max_replications=30, engine="compiled"))
    assert results.replications == tuple(range(28))


def test_differences_between_points_count_groups_too() -> None:
    results = replicate(queue(strata=2, replications=8, engine="compiled"))
    value, added = side_of(results, ["channel.phone.abandoned"])["channel", "phone", "abandoned"]
    assert value == pytest.approx(results.kpis["channel.phone.abandoned"].mean)
    error = added.std(ddof=1) / np.sqrt(added.size)
    assert (added.size, error) == (4, pytest.approx(results.kpis["channel.phone.abandoned"].standard_error))


def test_a_study_refuses_strata() -> None:
    config = queue(strata=2, replications=4)
    study = sim.load([]).study.model_copy(update={"kind": "compare"})
    with pytest.raises(InputError, match=r"run\.strata: study=compare"):
        sim.run(config.model_copy(update={"study": study}))

"""Designs: the points of each kind, their ranges, that a seed gives them again, and what is refused."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.model import Configuration
from sim.model.studies.sweep import Sweep
from sim.sweep.configurations import Configurations
from sim.sweep.design import expand
from sim.sweep.points import numbered, point_of, simulated, with_values

from .centres import queue

RANGES = {
    "a.b": {"low": -1, "high": 3},
    "n": {"low": 2, "high": 5, "integer": True},
    "t": {"low": "1 min", "high": "3 min"},
    "c": ["x", "y"],
}


def design(kind: str, factors: Any, **options: Any) -> list[dict[str, Any]]:
    return [dict(point) for point in expand(Sweep(design=kind, factors=factors, **options))]


def test_a_grid_has_all_combinations_the_last_factor_fastest() -> None:
    assert design("grid", {"a": [1, 2], "b": ["x", "y"]}) == [
        {"a": 1, "b": "x"}, {"a": 1, "b": "y"}, {"a": 2, "b": "x"}, {"a": 2, "b": "y"}
    ]  # fmt: skip


def test_zip_takes_values_together() -> None:
    assert design("zip", {"a": [1, 2], "b": [3, 4]}) == [{"a": 1, "b": 3}, {"a": 2, "b": 4}]


def test_nested_and_dotted_keys_are_the_same() -> None:
    nested = {"integration": {"level": [0, 1]}, "staffing": {"team": {"agents": {"values": [1]}}}}
    assert design("grid", {"integration": {"level": [0, 1]}}) == design("grid", {"integration.level": [0, 1]})
    assert design("grid", nested)[0].keys() == {"integration.level", "staffing.team.agents.values"}


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_random_designs_fill_their_ranges_and_come_again(kind: str) -> None:
    points = design(kind, RANGES, points=64, seed=7)
    assert points == design(kind, RANGES, points=64, seed=7)
    assert points != design(kind, RANGES, points=64, seed=8)
    reals = np.array([point["a.b"] for point in points])
    assert np.array_equal(np.sort(np.floor((reals + 1) / 4 * 64)), np.arange(64))  # one in each of 64 strata
    assert [sum(point["n"] == n for point in points) for n in (2, 3, 4, 5)] == [16] * 4
    assert all(isinstance(point["n"], int) for point in points)
    assert [sum(point["c"] == c for point in points) for c in "xy"] == [32, 32]
    assert all(point["t"].endswith(" s") and 60 <= float(point["t"][:-2]) < 180 for point in points)


REFUSED = {
    "sobol wants powers of 2": ({"design": "sobol", "points": 100, "factors": RANGES}, "such as 64 or 128, got 100"),
    "a grid wants values": ({"factors": RANGES}, "factors.a.b: grid needs a list of values"),
    "zip wants equal lengths": ({"design": "zip", "factors": {"a": [1, 2], "b": [1]}}, "got a 2, b 1"),
    "a range upside down": ({"design": "sobol", "factors": {"a": {"low": 2, "high": 1}}}, "a: low must be below high"),
    "half a range": ({"factors": {"a": {"low": 2}}}, "a: a range is {low, high}"),
    "a single value": ({"factors": {"a": 3}}, "a: must be a list of values or {low, high}, got 3"),
    "no value": ({"factors": {"a": []}}, "a: needs at least one value"),
    "a key twice": ({"factors": {"a.b": [1], "a": {"b": [2]}}}, "a.b: is given twice"),
    "how often it runs": ({"factors": {"run.replications": [1, 2]}}, "run.replications: cannot be a factor"),
    "scenarios": ({"factors": {"scenarios": [1]}}, "scenarios: must be a list of names"),
    "a huge grid": ({"factors": {key: list(range(200)) for key in "abc"}}, "a grid of 8,000,000 points"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, tmp_path: Any) -> None:
    sweep, text = REFUSED[case]
    container = queue(tmp_path)
    container["study"]["sweep"] = sweep
    with pytest.raises(InputError) as error:
        Configuration.from_mapping(container)
    assert text in str(error.value)


def test_no_factor_is_refused() -> None:
    with pytest.raises(InputError, match="name at least one"):
        expand(Sweep())


def test_a_point_shares_what_it_does_not_change_and_leaves_the_base_alone() -> None:
    base = {"a": {"b": {"c": 1}}, "d": {"e": 2}}
    assert with_values(base, {"a.b.c": 5, "a.new.x": 6}) == {"a": {"b": {"c": 5}, "new": {"x": 6}}, "d": {"e": 2}}
    assert base == {"a": {"b": {"c": 1}}, "d": {"e": 2}}
    assert with_values(base, {"a.b.c": 5})["d"] is base["d"]
    with pytest.raises(InputError, match="leads through 'e', which is not a mapping here but 2"):
        with_values(base, {"d.e.f": 1})


@pytest.mark.parametrize(
    "key", ["run.seed", "staffing.team.agents", "channels.phone.service.mean", "integration.level"]
)
def test_a_configuration_read_in_part_is_the_one_read_whole(key: str, tmp_path: Any) -> None:
    bases = {"": simulated(queue(tmp_path))}
    quick = Configurations(bases)
    for value in ("2 min", "3 min") if key.endswith("mean") else (0, 1, 0.5):
        told = []
        for read in (quick.at, lambda values: Configuration.from_mapping(point_of(bases, values))):
            try:
                told.append(read({key: value}))
            except InputError as error:  # half a seed
                told.append(str(error))
        assert told[0] == told[1]


def test_points_in_which_the_same_is_set_have_the_same_parts(tmp_path: Any) -> None:
    quick = Configurations({"": simulated(queue(tmp_path))})
    one, other, more = (
        quick.at({"run.seed": seed, "staffing.team.agents": agents}) for seed, agents in ((1, 4), (2, 4), (2, 5))
    )
    assert one.staffing is other.staffing is not more.staffing
    assert other.run is more.run is not one.run
    assert (more.run.seed, more.staffing["team"].agents) == (2, 5)


def test_a_worker_keeps_what_it_was_sent_before(tmp_path: Any) -> None:
    sent = pickle.dumps(Configurations({"": simulated(queue(tmp_path))}))
    others = pickle.dumps(Configurations({"": simulated(queue(tmp_path, seed=5))}))
    first = pickle.loads(sent)
    assert pickle.loads(sent) is first
    assert pickle.loads(others).at({}).run.seed == 5
    assert first.at({}).run.seed != 5


def test_the_hash_covers_what_is_simulated_and_nothing_else(tmp_path: Any) -> None:
    def hashes(values: list[dict[str, Any]], **options: Any) -> list[str]:
        return [point.hash for point in numbered({"": simulated(queue(tmp_path, **options))}, values)]

    (plain,) = hashes([{"staffing.team.agents": 5}])
    assert hashes([{"staffing.team.agents": 5.0}]) == [plain]
    assert hashes([{"channels.phone.service.mean": "1 min"}]) == [plain]  # whichever key is swept
    assert hashes([{"staffing.team.agents": 5}], replications=9, workers=2, confidence=0.9, block=7) == [plain]
    assert hashes([{"staffing.team.agents": 5}], seed=2) != [plain]
    assert hashes([{"staffing.team.agents": 6}]) != [plain]

"""Ranges against a centre: what they move, and every way in which they can be wrong."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from sim.cli.compose import compose
from sim.errors import InputError
from sim.model import Configuration
from sim.model.studies.inputs import Range
from sim.studies.inputs.ranges import Input, inputs_of, placed, together
from sim.sweep.points import with_values

composed = lru_cache(compose)


def inputs(*words: str, only: tuple[str, ...] = (), **ranges: Any) -> tuple[list[Input], list[str]]:
    container = copy.deepcopy(composed(words))
    if ranges:
        container["study"]["ranges"] = ranges
    return inputs_of(Configuration.from_mapping(container), container, only)


def test_the_shipped_sets_fit_the_baseline_and_leave_nothing_out() -> None:
    found, left = inputs("ranges=[assumptions,documented]")
    assert left == []
    assert len(found) == len(composed(("ranges=[assumptions,documented]",))["study"]["ranges"])
    assert all(one.range.source for one in found)
    certain = {one.name: one.range.certainty for one in found}
    assert set(certain.values()) == {"A", "H", "M", "L"}
    assert {name for name, each in certain.items() if each == "A"} == {
        one.name for one in inputs("ranges=assumptions")[0]
    }


def test_today_is_a_point_of_the_space() -> None:
    """All inputs at their present values give back the same centre."""
    container = composed(("ranges=[assumptions,documented]",))
    config = Configuration.from_mapping(container)
    found, _ = inputs_of(config, container)
    values = together(found, [one.present for one in found])
    same = Configuration.from_mapping(with_values(container, values))
    for part in ("channels", "customers", "demand", "journeys", "integration", "staffing"):
        assert getattr(same, part).__repr__() == getattr(config, part).__repr__(), part


def test_every_point_of_the_space_is_a_centre() -> None:
    container = composed(("ranges=[assumptions,documented]",))
    found, _ = inputs_of(Configuration.from_mapping(container), container)
    for row in placed(found, np.outer([0, 1, 0.3], np.ones(len(found)))).tolist():
        Configuration.from_mapping(with_values(container, together(found, row)))


def test_ranges_of_channels_that_a_centre_lacks_are_left_out() -> None:
    found, left = inputs("centre=single_queue", "ranges=assumptions")
    assert "chat_patience" in left
    assert "demand" in {one.name for one in found}
    assert "email_failure" in inputs("channels.email.enabled=false", "ranges=assumptions")[1]


def test_a_mix_makes_room() -> None:
    (one,), _ = inputs(leave={"key": "journeys.rows.phone.abandoned.to.give_up", "by": "mix", "low": 0.1, "high": 0.4})
    values = one.set_to(0.37)
    assert sum(values.values()) == pytest.approx(1)
    assert values["journeys.rows.phone.abandoned.to.give_up"] == 0.37
    assert values["journeys.rows.phone.abandoned.to.phone"] == pytest.approx(0.57 * 0.63 / 0.84)


def test_a_factor_moves_times_and_several_numbers() -> None:
    keys = ["channels.chat.service.mean", "channels.chat.failure"]
    (one,), _ = inputs(both={"key": keys, "by": "factor", "low": 0.5, "high": 1.9})
    chat = composed(())["channels"]["chat"]
    seconds = float(chat["service"]["mean"].split()[0]) * 60
    values = one.set_to(0.5)
    assert float(str(values[keys[0]]).removesuffix(" s")) == pytest.approx(seconds / 2)
    assert values[keys[1]] == pytest.approx(chat["failure"] / 2)


@pytest.mark.parametrize("law", ["uniform", "log_uniform", "triangular"])
def test_laws_go_from_end_to_end(law: Any) -> None:
    each = Range(key="a", low="1 min", high="9 min", law=law)
    assert (each.at(0, 120), each.at(1, 120)) == pytest.approx((60, 540))
    grid = [each.at(u, 120) for u in np.linspace(0, 1, 101)]
    assert grid == sorted(grid)


def test_the_triangle_has_its_peak_today() -> None:
    """Mean of a triangular law: a third of its ends and its peak."""
    each = Range(key="a", low=0, high=10, law="triangular")
    mean = np.mean([each.at(u, 1.0) for u in (np.arange(20000) + 0.5) / 20000])
    assert mean == pytest.approx(11 / 3, rel=1e-4)


DEMAND = {"key": "demand.scale", "low": 0.5, "high": 2}


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"key": "demand.scal", "low": 0, "high": 2}, "study.ranges.x: unknown key demand.scal; did you mean 'scale'?"),
        ({"key": "channels.phnoe.failure", "low": 0, "high": 1}, "unknown key channels.phnoe; did you mean 'phone'?"),
        ({"key": "demand.scale.size", "low": 0, "high": 1}, "leads through a single value"),
        ({"key": "demand", "low": 0, "high": 1}, "is no number"),
        ({"key": "run.seed", "low": 0, "high": 9}, "run.seed is not about the centre"),
        ({"key": "demand.scale", "low": 1.5, "high": 2}, "present value 1, goes from 1.5 to 2"),
        ({"key": "channels.phone.patience.mean", "low": "6 min", "high": "9 min"}, "value 5 min, goes from 6"),
        ({"key": "demand.scale", "low": 0.5, "high": 2, "by": "mix"}, "by mix takes shares"),
        ({"key": "demand.scale", "low": 2, "high": 0.5}, "low must be below high"),
        ({"key": "demand.scale", "low": 0, "high": 2, "law": "log_uniform"}, "needs a low above 0"),
        ({"key": "demand.scale", "low": -1, "high": 2}, "-1: demand.scale: must be at least 0, got -1"),
        ({"key": "demand.scale", "low": "1 parsec", "high": "2 min"}, "must be a duration"),
        ({"key": "demand.scale", "low": 0.5, "high": 2, "certainty": "Z"}, "must be one of H, M, L, A"),
        ({"key": "demand.scale", "low": 0.5, "high": 2, "sorce": ""}, "unknown key; did you mean 'source'?"),
        ({"key": ["channels.chat.failure", "channels.phone.failure"], "low": 0, "high": 1}, "use by factor"),
    ],
)  # fmt: skip
def test_wrong_ranges_are_refused(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as error:
        inputs(x=asked)
    assert says in str(error.value)


def test_two_ranges_for_one_key_and_unknown_names_are_refused_together() -> None:
    with pytest.raises(InputError) as error:
        inputs(only=("demnd",), demand=DEMAND, x=DEMAND)
    assert "no range 'demnd'; did you mean 'demand'?" in str(error.value)
    with pytest.raises(InputError, match="moves demand.scale, which demand moves already"):
        inputs(demand=DEMAND, x=DEMAND)


def test_nothing_to_vary_is_said() -> None:
    with pytest.raises(InputError, match="nothing to vary: choose a set, such as ranges=assumptions"):
        inputs()

"""Where freed agents come from, where hand arithmetic knows it: every call half as long, and nothing else."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from sim.studies.worth.answer import Answer
from sim.studies.worth.origins import Origins, busiest_pairs, connections, groups_of_pairs, origins_of
from sim.studies.worth.pilot import pilot_of
from sim.studies.worth.study import Worth

from .known import AGENTS, SAVED, container


@pytest.fixture(scope="module")
def study() -> Worth:
    from sim.model import Configuration

    asked = container(levels=[0, 1], constraints=["channel.phone.service_level"])
    asked["run"].update(measure="22 h", replications=2)
    asked["channels"]["phone"]["patience"] = None
    asked["staffing"]["team"]["agents"] = AGENTS + 2  # so that nobody waits long and all are served
    asked["integration"]["cost"] = {"set_up": 0, "running_per_year": 1000}
    return Worth(Configuration.from_mapping(asked))


def test_parts_add_up_and_all_of_it_is_time_saved(study: Worth) -> None:
    found = origins_of(study, 1.0)
    assert found.time + found.failures + found.feelings == pytest.approx(found.work)
    assert found.work == pytest.approx((AGENTS + 2) * SAVED, rel=0.02)  # work / work today is one half
    assert found.time == pytest.approx(found.work)
    assert found.failures == pytest.approx(0, abs=1e-9)
    assert found.fewer == pytest.approx(0, abs=0.05)


def test_a_pilot_is_as_large_as_the_formula_says(study: Worth) -> None:
    """Calls are exponential and half as long with context: times differ by 100 % of their mean today, 50 % then, and
    the same customer's by 50 %. All wages are 7 days x (AGENTS + 2) x 24 h x 20 a week; the price is 1,000."""
    answer = Answer("cheapest", 1.0, 9.0, 4.0, 0.1, (5.0,), 4.0, 0.0, 1000.0, (), True)
    found = pilot_of(study, answer)
    assert found is not None
    customers = sum(each["journey", "journeys"].top[0, 0] for each in study.baseline.observations)
    error = 3.3 / np.sqrt(customers)
    assert found.saved == pytest.approx(SAVED, abs=error)
    assert [found.spread, found.spread_there, found.paired] == pytest.approx([1, 0.5, 0.5], abs=2.3 * error)
    assert found.pays == pytest.approx(1000 / (365 * 24 * 20 * (AGENTS + 2)))
    z = 1.959964 + 0.841621
    n = z * z * (found.spread**2 + found.spread_there**2) / (found.saved - found.pays) ** 2
    assert found.journeys == math.ceil(n)
    assert f"{found.journeys:,} journeys in each half" in found.words
    close = dataclasses.replace(found, pays=found.saved)
    assert "too close for any pilot" in close.words


def test_the_only_connection_that_carries_anything_comes_first(study: Worth) -> None:
    first, *_ = rows = connections(study, 1.0)
    assert first.name in ("self-service to people", "everything to phone", "website to phone")
    assert first.last == pytest.approx(first.freed)  # first and last at once
    assert {row.name: row.last for row in rows}["self-service among itself, and back to it"] == pytest.approx(0)
    assert first.pairs == 1
    assert first.cost_per_year == pytest.approx(500)  # one of two ordered pairs
    assert first.net_per_year == pytest.approx(first.saved_per_year - 500)
    assert [row.freed for row in rows] == sorted((row.freed for row in rows), reverse=True)


def test_groups_of_pairs_are_ordered_pairs_of_open_channels(study: Worth) -> None:
    assert groups_of_pairs(study.config)["self-service to people"] == [("website", "phone")]


def test_the_busiest_pairs_are_those_that_customers_move_along(study: Worth) -> None:
    assert busiest_pairs(study) == {"website to phone": [("website", "phone")]}


def test_workload_arithmetic_is_called_so() -> None:
    found = Origins(1.0, 7.0, 2.3, -0.1, 2.4, 6.8)
    assert "1.0 queues" in found.words("integration", 10.2)
    assert "So this is workload arithmetic" in found.words("integration", 9.7)
    assert "So this is workload arithmetic" not in found.words("integration", 14.0)

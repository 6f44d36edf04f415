"""What is summed over cells, over pieces of the window and over sorted waits, against the plain way to say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from sim import engine
from sim.log.tables import Log
from sim.measures.catalogue import taken
from sim.measures.columns import columns_of
from sim.measures.measure import Measure
from sim.measures.observe import Observations, observe
from sim.measures.samples import sorted_quantiles
from sim.measures.spans import Pieces
from sim.measures.waits import virtual_wait
from sim.measures.window import Facts
from sim.model import Configuration
from sim.sums import places
from sim.sums.agents import until_end_of_duty
from sim.sums.places import distinct, sequences
from sim.sums.rows import row_sums
from sim.sums.times import whole_times
from tests.benchmarks.compared_centres import plain_queue
from tests.invariants.random_centres import centres

from .test_measures_add_up import EVERY

SEED = 20261126  # declared before the first run


def plain_rows(facts: Facts) -> Iterator[tuple[str, tuple[str, ...], np.ndarray, np.ndarray]]:
    """Scope, rows, and for each contact of the window its row; below zero for none."""
    log, entity = facts.log, facts.of("entity").tolist()
    customers = {who: place for place, who in enumerate(log.customers["entity"].tolist())}
    owner = np.array([customers[who] for who in entity], dtype=np.int64)
    agent = facts.of("agent").astype(int)
    group = np.array([log.agent_pool[who] if who >= 0 else -1 for who in agent.tolist()], dtype=np.int64)
    channel, time = facts.channel, facts.arrived
    yield "channel", log.channels, channel, time
    yield "pool", log.pools, group, time
    for scope, known in (("segment", log.segments), ("reason", log.reasons)):
        cells = tuple(f"{name}/{label}" for name in log.channels for label in known)
        yield f"channel_{scope}", cells, channel * len(known) + log.customers[scope][owner], time


def plain_rows_of_journeys(facts: Facts) -> Iterator[tuple[str, tuple[str, ...], np.ndarray, np.ndarray]]:
    """The same for each journey of the window."""
    log, time = facts.log, facts.began
    yield "journey", ("all",), np.zeros(time.size, dtype=np.int64), time
    yield "segment", log.segments, facts.journey("segment").astype(np.int64), time
    yield "reason", log.reasons, facts.journey("reason").astype(np.int64), time


def check(found: Observations, measure: Measure, facts: Facts) -> int:
    """Every table of a sum over contacts or journeys against one sum in the log's order; how many were compared."""
    assert measure.top is not None
    rows = plain_rows_of_journeys if ("journey", measure.name) in found else plain_rows
    compared = 0
    for scope, names, row, time in rows(facts):
        table = found.get((scope, measure.name))
        for weights, sums in () if table is None else ((measure.top, table.top), (measure.bottom, table.bottom)):
            if weights is not None and sums is not None and table is not None:
                mine = row >= 0
                each = np.asarray(weights(facts), dtype=float)[mine]
                plain = facts.columns.sums(each, row[mine], len(names), time[mine])[:, : sums.shape[1]]
                plain = plain[[names.index(name) for name in table.rows]]
                whole = np.array_equal(each, np.round(each))
                assert sums == pytest.approx(plain, rel=0 if whole else 1e-9, abs=0 if whole else 1e-9), measure.name
                compared += 1
    return compared


@settings(EVERY, max_examples=8)
@given(mapping=centres())
def test_sums_over_cells_are_sums_over_contacts_and_journeys(mapping: dict[str, Any]) -> None:
    config = Configuration.from_mapping(mapping)
    log = engine.simulate(config, 3, 0)
    facts, found = Facts(log, config), observe(log, config)
    summed = [measure for measure in taken(config) if measure.top is not None]
    assert sum(check(found, measure, facts) for measure in summed) > 2 * len(summed)


def test_journeys_own_their_contacts_even_where_some_have_none() -> None:
    """A customer whose first contact is not over, or has not come yet, has a row of its own and may have no contact."""
    log = small_log(entities=[3, 3, 5, 9], customers=[2, 3, 5, 7, 9])
    facts = Facts(log, Configuration.from_mapping(CENTRE))
    assert facts.per_journey(np.ones(4)).tolist() == [0, 2, 1, 0, 1]
    assert facts.owned("segment").tolist() == [1, 1, 2, 4]


CENTRE = plain_queue(1)


def small_log(entities: list[int], customers: list[int]) -> Log:
    """Contacts of these customers; each customer is a segment of its own."""
    log = engine.simulate(Configuration.from_mapping(CENTRE), 1, 0)
    contacts = {name: np.zeros(len(entities), dtype=column.dtype) for name, column in log.contacts.items()}
    of = {name: np.zeros(len(customers), dtype=column.dtype) for name, column in log.customers.items()}
    contacts["entity"][:], of["entity"][:], of["segment"][:] = entities, customers, range(len(customers))
    middle = sum(log.window) / 2
    contacts["arrived"][:] = of["arrived"][:] = middle
    names = tuple(str(who) for who in customers)
    return replace(log, contacts=contacts, customers=of, segments=names)


@pytest.mark.parametrize("window", [(0.0, 86_400.0), (1000.0, 1100.0), (40_000.5, 200_000.25)])
def test_seconds_by_column_are_overlaps_of_spans(window: tuple[float, float]) -> None:
    """Spans before, over and behind the window, some of no length or turned round, in two rows."""
    rng = np.random.default_rng(SEED)
    columns = columns_of(Configuration.from_mapping(CENTRE), window)
    starts = np.concatenate([rng.uniform(-50_000, 300_000, 200), [0.0, 1800.0, 43_200.0]])
    ends = starts + np.concatenate([rng.exponential(20_000, 199), [-5.0], [0.0, 1800.0, 86_400.0]])
    row, weights = np.arange(starts.size) % 2, rng.integers(1, 4, starts.size).astype(float)
    found = Pieces(columns).between([(starts, ends, row, weights)], 2)[0]
    plain = np.zeros_like(found)
    for start, end, r, weight in zip(starts, ends, row, weights, strict=True):
        edges = np.unique(np.clip([*window, *np.arange(0, 300_000, columns.interval)], *window))
        for low, high in zip(edges[:-1], edges[1:], strict=True):
            seconds = weight * max(0.0, min(end, high) - max(start, low))
            middle = np.array([(low + high) / 2])
            for column in (0, int(columns.day_of(middle)[0]), int(columns.interval_of(middle)[0])):
                plain[r, column] += seconds
    assert found == pytest.approx(plain, abs=1e-6)
    assert Pieces(columns).whole[0] == pytest.approx(window[1] - window[0])


def test_a_time_belongs_to_the_day_and_interval_that_division_says() -> None:
    """Also just below, at and just above every boundary, where a quotient may be rounded up."""
    rng = np.random.default_rng(SEED + 3)
    for length in (900.0, 1800.0, 86_400.0, 0.1):
        edges = np.arange(5_000) * length
        times = np.concatenate(
            [edges, np.nextafter(edges, 0.0), np.nextafter(edges, np.inf), rng.uniform(0, 1e8, 5_000)]
        )
        assert np.array_equal(whole_times(times, length), times // length)


@pytest.mark.parametrize("most", [1, 50, 1_000_000, 2**62])
def test_different_codes_and_places_are_numpys(most: int) -> None:
    code = np.random.default_rng(SEED + 4).integers(0, most, 400)
    for mine, theirs in zip(distinct(code), np.unique(code, return_inverse=True), strict=True):
        assert np.array_equal(mine, theirs)


def test_sums_by_place_are_numpys_to_the_bit() -> None:
    rng = np.random.default_rng(SEED + 5)
    place, values = rng.integers(0, 9, 1000), rng.exponential(1.0, 1000)
    assert np.array_equal(places.sums(place, values, 10), np.bincount(place, values, 10))
    assert np.array_equal(places.sums(place, values > 1, 10), np.bincount(place, values > 1, 10))


def test_owners_with_the_same_things_in_the_same_order_are_of_one_sequence() -> None:
    """Also owners without a thing, and those of whose sequence another's is the beginning."""
    rng = np.random.default_rng(SEED + 6)
    owners = np.sort(rng.choice(10_000, 500, replace=False))
    owner = np.repeat(owners, rng.integers(0, 5, 500))
    kind, first = rng.integers(0, 3, owner.size), rng.integers(0, 2, 500)
    number, count = sequences(kind, np.array([5, 7, 9]), owner, owners, first)
    spelled = [(int(first[i]), *kind[owner == owners[i]].tolist()) for i in range(500)]
    assert len(set(spelled)) < 300
    assert len(set(zip(number.tolist(), spelled, strict=True))) == len(set(spelled)) == len(set(number.tolist()))
    assert 0 <= number.min() <= number.max() < count


def test_which_sequence_comes_first_does_not_depend_on_who_else_is_there() -> None:
    """Sums in this order are the same to the bit for a run alone and among others, whose owners come before its own."""
    rng = np.random.default_rng(SEED + 9)
    owner = np.repeat(np.arange(900), rng.integers(0, 5, 900))
    kind, first, codes = rng.integers(0, 3, owner.size), rng.integers(0, 2, 900), np.array([5, 7, 9])
    every, _ = sequences(kind, codes, owner, np.arange(900), first)
    mine = owner >= 600
    alone, _ = sequences(kind[mine], codes, owner[mine], np.arange(600, 900), first[600:])
    assert len(set(alone.tolist())) > 100
    assert np.array_equal(np.argsort(alone, kind="stable"), np.argsort(every[600:], kind="stable"))


def test_values_are_split_by_the_row_of_their_kind() -> None:
    rng = np.random.default_rng(SEED + 7)
    kind, values, row = rng.integers(0, 5, 300), rng.random(300), np.array([1, -1, 0, 1, 3])
    sizes = np.array([int((row[kind] == r).sum()) for r in range(4)])
    for r, found in enumerate(places.split(values, kind, row, sizes)):
        assert np.array_equal(found, values[row[kind] == r])


def test_a_span_ends_with_the_duty_in_which_it_starts() -> None:
    """Agents with three, no and one spell; spans before, at the edges of, between and behind them."""
    spells = {0: [(10.0, 20.0), (20.0, 30.0), (40.0, 50.0)], 1: [], 2: [(0.0, 5.0)]}
    begin, end = np.array([spell for mine in spells.values() for spell in mine]).T
    starts = np.array([0.0, 5.0, 10.0, 19.0, 20.0, 35.0, 40.0, 60.0])
    agent, start = np.repeat([0, 1, 2], starts.size), np.tile(starts, 3)
    over, found = start + 12.0, np.empty(start.size)
    until_end_of_duty(np.array([0, 3, 3, 4]), begin, end, agent, start, over, found)
    for who, came, went, off in zip(agent.tolist(), start.tolist(), over.tolist(), found.tolist(), strict=True):
        last = [until for since, until in spells[who] if since <= came][-1:]
        assert off == min(went, max([came, *last]))


def test_quantiles_of_sorted_values_are_numpys_to_the_bit() -> None:
    rng = np.random.default_rng(SEED + 1)
    shares = np.concatenate([rng.random(50), [0.0, 0.5, 0.9, 1.0]])
    for size in (1, 2, 3, 10, 999, 4000):
        values = np.sort(rng.exponential(100.0, size))
        assert np.array_equal(sorted_quantiles(values, shares), np.quantile(values, shares))


def test_the_offered_wait_is_the_area_under_kaplan_and_meiers_curve() -> None:
    """Whole numbers, so that many waits are equal: those served come before those who left."""
    rng = np.random.default_rng(SEED + 2)
    for size in (1, 2, 7, 200):
        wait, served = rng.integers(0, 12, size).astype(float), (rng.random(size) < 0.6).astype(float)
        area, alive, at_risk, last = 0.0, 1.0, size, 0.0
        for length, _, event in sorted(zip(wait, -served, served, strict=True)):
            area += (length - last) * alive
            alive, at_risk, last = alive * (1 - event / at_risk), at_risk - 1, length
        assert virtual_wait(wait, served) == pytest.approx(area)


def test_a_place_beyond_the_table_is_refused() -> None:
    for place in (-1, 3):
        with pytest.raises(IndexError, match="places are 0 to 2"):
            places.sums(np.array([0, place]), np.ones(2), 3)
        with pytest.raises(IndexError, match="places are 0 to 2"):
            row_sums(np.array([[0, 1], [1, place]]), np.ones((2, 4)), 3)
        with pytest.raises(IndexError, match="rows are 0 to 2, got"):
            row_sums(np.array([[0, 1]]), np.ones((3, 4)), 2, np.array([0, place]), np.array([1, 1]))
    with pytest.raises(IndexError, match="rows are 0 to 0, one for each thing"):
        row_sums(np.array([[0, 1]]), np.ones((1, 4)), 2)


def test_sums_of_rows_are_those_of_their_columns() -> None:
    """Of things in two places each; and of kinds that come several times."""
    rng = np.random.default_rng(SEED + 8)
    twice, rows = rng.integers(0, 5, (2, 300)), rng.random((300, 3))
    expected = [sum(np.bincount(place, column, 5) for place in twice) for column in rows.T]
    assert row_sums(twice, rows, 5) == pytest.approx(np.array(expected).T)
    kind, number = rng.integers(0, 300, 40), rng.integers(0, 4, 40)
    expected = [np.bincount(twice[0, :40], column[kind] * number, 5) for column in rows.T]
    assert row_sums(twice[:1, :40], rows, 5, kind, number) == pytest.approx(np.array(expected).T)

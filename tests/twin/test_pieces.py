"""A log handed over in pieces says what the whole log says: every row once, and the same measures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest

import sim
from sim.engine.compiled import engine, pieces
from sim.errors import InputError
from sim.log.tables import Log
from sim.measures.flows import flows
from sim.measures.observe import Observations, observe
from sim.measures.pieces import Sums
from sim.model import Configuration
from sim.runs.replicate import replicate
from tests.benchmarks.compared_centres import plain_queue, six_channels
from tests.extreme.mechanised import mechanised as all_at_once
from tests.extreme.test_ties import LATTICE_TEAMS, lattice
from tests.invariants.same_logs import SHORT

from .glued import in_short_stretches, other_rows
from .twins import impatient_company, late_breaks, patience_that_remains, random_centres

RUN = {"warm_up": "12 h", "measure": "60 h", "replications": 2, "workers": 2, "end": "follow", "seed": 5}


@pytest.fixture
def short_stretches() -> Iterator[None]:
    with in_short_stretches():
        yield


def differences(whole: Log, parts: list[Log], config: Configuration) -> Iterator[str]:
    """Columns of the pieces together that are not those of the whole log, and measures that differ."""
    yield from other_rows(whole, parts)
    sums = Sums(config)
    for part in parts:
        sums.add(part)
    yield from differing(observe(whole, config), sums.observations())
    if not np.array_equal(flows(whole), sum(flows(part) for part in parts)):
        yield "flows"


def differing(whole: Observations, added: Observations) -> Iterator[str]:
    """Measures that differ by more than sums of seconds lose in another order."""
    if list(whole) != list(added):
        yield "other measures"
    for key, table in whole.items():
        for part in ("top", "bottom"):
            one, other = getattr(table, part), getattr(added[key], part)
            if one is not None and not np.allclose(one, other, rtol=1e-9, atol=1e-5, equal_nan=True):
                yield f"{'.'.join(key)} {part}: {one[:, 0]} and {other[:, 0]}"


def both(config: Configuration, most: int) -> tuple[str, int]:
    """(what differs, number of pieces)."""
    try:
        whole = engine.simulate(config, 1, 0)
    except InputError as error:
        with pytest.raises(InputError, match="^" + str(error)[:20].replace("[", ".")):
            list(pieces.simulate_in_pieces(config, 1, 0, most))
        return "", 0
    parts = list(pieces.simulate_in_pieces(config, 1, 0, most))
    return "; ".join(differences(whole, parts, config)), len(parts)


@pytest.mark.usefixtures("short_stretches")
def test_random_centres_in_pieces() -> None:
    """All mechanisms, half of the centres full of ties, handed over after every few customers."""
    fixed = {"all at once": all_at_once(), "lattice": lattice(LATTICE_TEAMS), "breaks": late_breaks()}
    fixed |= {"time-outs": impatient_company(), "remaining": patience_that_remains()}
    wrong, number = [], 0
    for name, config in [*fixed.items(), *random_centres(24)]:
        found, count = both(config, 0)
        number += count
        wrong += [f"{name}: {found}"] if found else []
    assert wrong == []
    assert number > 150


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("scenario", ["siloed", "bank_1999", "ai_frontline", "unified_text_queue"])
def test_scenarios_in_pieces(scenario: str) -> None:
    found, count = both(sim.load([f"scenarios={scenario}", *SHORT]), 30)
    assert found == ""
    assert count > 3


def test_a_piece_is_bounded() -> None:
    """Ten days of six channels: what the run holds does not grow with them."""
    config = Configuration.from_mapping(six_channels(240))
    sizes = [part.contacts["entity"].size for part in pieces.simulate_in_pieces(config, 1, 0, 3_000)]
    assert len(sizes) >= 10
    assert max(sizes) < 1.3 * min(sizes[1:-1])


def test_quantiles_of_pieces_are_near_those_of_the_whole() -> None:
    """By what samples of a thousand leave out: the probability of each is off by half a thousandth a merge."""
    config = Configuration.from_mapping(plain_queue(40))
    whole = engine.simulate(config, 1, 0)
    waits = np.sort(whole.wait[whole.contacts["agent"] >= 0])
    sums = Sums(config)
    for part in pieces.simulate_in_pieces(config, 1, 0, 10_000):
        sums.add(part)
    for name, share in (("wait_p50", 0.5), ("wait_p90", 0.9), ("wait_p95", 0.95)):
        found = sums.observations()["channel", name].top[0, 0]
        low, high = np.quantile(waits, [share - 0.003, share + 0.003])
        assert low <= found <= high


def test_replications_of_a_long_run_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a run is long is a matter of its size: its numbers, flows and levels are those of the whole log."""
    config = Configuration.from_mapping(six_channels(72) | {"run": RUN, "engine": "compiled"})
    whole = replicate(config)
    monkeypatch.setattr("sim.engine.LONG", 1_000)
    monkeypatch.setattr(pieces, "simulate_in_pieces", partial(pieces.simulate_in_pieces, most=2_000))
    long = replicate(config)
    for one, other in zip(whole.observations, long.observations, strict=True):
        sampled = {key for key, table in one.items() if table.samples is not None or key[1] == "virtual_wait"}
        assert list(differing(without(one, sampled), without(other, sampled))) == []
    for one, other in ((whole.flows, long.flows), (whole.levels, long.levels)):
        assert np.array_equal(one, other)


def without(observations: Observations, keys: set[tuple[str, str]]) -> Observations:
    return {key: table for key, table in observations.items() if key not in keys}

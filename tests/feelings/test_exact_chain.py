"""Against an exact chain: journeys over two channels, whose next step depends on what they have been through.

With frustration in steps of one half (a failure 1, starting over 0.5) a journey is a Markov chain on (channel,
frustration), and its expectations are sums over that chain, computed here without the simulator's rules.
"""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from sim.engine import simulate
from sim.measures.observe import observe
from tests.extreme.small import centre, web

FAILURE = (0.7, 0.5)  # of the private and of the public channel
ROWS = ((0.3, 0.4, 0.3), (0.25, 0.5, 0.25))  # to private, to public, give up
CARRIED, RELIEF, TO_PUBLIC, TO_GIVE_UP, BITTERNESS = 0.4, 0.6, 0.35, 0.2, 0.3
CUSTOMERS = 20_000


def exact() -> dict[str, float]:
    """Expectations over a journey that begins in the private channel."""
    here = {(0, 0.0): 1.0}
    found = dict.fromkeys(("contacts", "resolved", "frustration", "satisfaction", "public"), 0.0)
    while sum(here.values()) > 1e-14:
        there: dict[tuple[int, float], float] = {}
        for (channel, f), p in here.items():
            found["contacts"] += p
            found["public"] += p * (channel == 1)
            solved, angry = p * (1 - FAILURE[channel]), f + 1.0
            found["resolved"] += solved
            found["frustration"] += solved * f * (1 - RELIEF)
            found["satisfaction"] += solved * exp(-BITTERNESS * f * (1 - RELIEF))
            row = ROWS[channel]
            weights = (row[0], row[1] * exp(TO_PUBLIC * angry), row[2] * exp(TO_GIVE_UP * angry))
            moves = [p * FAILURE[channel] * weight / sum(weights) for weight in weights]
            found["frustration"] += moves[2] * angry
            found["satisfaction"] += moves[2] * exp(-BITTERNESS * angry)
            for to in (0, 1):
                for further, share in ((0.0, CARRIED), (0.5, 1 - CARRIED)):
                    state = (to, angry + further)
                    there[state] = there.get(state, 0.0) + moves[to] * share
        here = there
    return found


@pytest.fixture(scope="module")
def lived() -> dict[str, tuple[float, float]]:
    """(mean, standard error) of the same over independent customers, seed 17."""
    names = ("private", "public")
    config = centre(
        {name: web("60 s", failure=p) for name, p in zip(names, FAILURE, strict=True)},
        streams={"all": {"per_day": CUSTOMERS, "count": "fixed"}},
        rows={name: {"any": {"to": dict(zip((*names, "give_up"), row, strict=True)), "delay": "60 s"}}
              for name, row in zip(names, ROWS, strict=True)},
        journeys={"max_contacts": None}, integration={"level": CARRIED, "same_channel": CARRIED},
        feelings={"growth": {"failure": 1, "restart": 0.5}, "relief": RELIEF, "public": ["public"],
                  "effects": {"public": TO_PUBLIC, "give_up": TO_GIVE_UP},
                  "satisfaction": {"per_frustration": BITTERNESS}},
    )  # fmt: skip
    log = simulate(config, 17, 0)
    found = observe(log, config)
    for name in ("frustration", "satisfaction", "contacts"):  # the catalogue says the same as the log's columns below
        table = found["journey", name]
        assert table.bottom is not None
        assert table.bottom[0, 0] == CUSTOMERS
    f = log.customers["frustration"]
    values = {
        "contacts": log.customers["contacts"], "resolved": log.customers["end"] == 1, "frustration": f,
        "satisfaction": np.exp(-BITTERNESS * f),
        "public": np.bincount(np.searchsorted(log.customers["entity"], log.contacts["entity"]),
                              weights=log.contacts["channel"] == 1),
    }  # fmt: skip
    for name in ("frustration", "satisfaction", "contacts"):
        assert found["journey", name].top[0, 0] == pytest.approx(values[name].sum(), rel=1e-12)
    return {name: (float(v.mean()), float(v.std(ddof=1) / np.sqrt(v.size))) for name, v in values.items()}


@pytest.mark.parametrize("name", ["contacts", "resolved", "frustration", "satisfaction", "public"])
def test_journeys_of_the_angry(name: str, lived: dict[str, tuple[float, float]]) -> None:
    mean, error = lived[name]
    assert abs(mean - exact()[name]) < 3.3 * error
    assert error < 0.02 * mean

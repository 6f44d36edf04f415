"""The engine against a recursion over customers: one queue, served first come, first served, without any calendar.

In arrival order each customer sees how the earlier ones went: who is connected, who waits, when each agent is free. The
draws are the keyed ones; everything else is written here anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.chance.arrivals import Arrivals
from sim.coded.tables import tables_of
from sim.engine import simulate
from sim.model import Configuration, Outcome
from sim.rules.service import plan_service
from tests.extreme.small import centre, live, team

Lived = tuple[float, float, int, int]
"""(answered, ended, agent, outcome)"""


def recursion(config: Configuration, seed: int, replication: int, agents: int) -> list[Lived]:
    """Every first contact of the day: blocked by full lines, taken by the agent idle longest, blocked, or waiting."""
    tables, phone = tables_of(config), config.channels["phone"]
    lines, places = (np.inf if limit is None else limit for limit in (phone.lines, phone.places))
    today = Arrivals(config, seed, replication).day(0)
    free, last = [0.0] * agents, [0.0] * agents  # when each agent is free again, and began to be idle
    gone: list[tuple[float, float]] = []  # (left the line, left the centre) of earlier customers
    lived: list[Lived] = []
    for now, entity in zip(today.time.tolist(), today.entity.tolist(), strict=True):
        patience, service, wrap_up, planned = plan_service(
            tables.profiles, tables.laws, tables.quantiles, tables.factors, int(tables.profile_of[0, 0, 0]), -1.0,
            0, now, seed, replication, entity, 1, 0,
        )  # fmt: skip
        connected, waiting = sum(out > now for _, out in gone), sum(line > now for line, _ in gone)
        idle = [a for a in range(agents) if free[a] <= now]
        agent = min(idle or range(agents), key=lambda a: (last[a] if idle else free[a], a))
        begins = max(now, free[agent])
        if connected >= lines or (not idle and waiting >= places):
            lived.append((np.nan, now, -1, Outcome.BLOCKED))
        elif not idle and (patience <= 0 or now + patience < begins):
            lived.append((np.nan, now + max(patience, 0.0), -1, Outcome.ABANDONED))
            gone.append((now + patience, now + patience))
        else:
            ended = begins + service
            free[agent] = last[agent] = ended + wrap_up
            gone.append((begins, ended))
            lived.append((begins, ended, agent, planned))
    return lived


LAW = {"law": "lognormal", "mean": "4 min", "cv": 1.1}
CASES: dict[str, dict[str, Any]] = {
    "patient": {},
    "impatient": {"patience": {"law": "exponential", "mean": "2 min"}},
    "some without patience": {"patience": {"law": "gamma", "mean": "3 min", "shape": 2, "zero_share": 0.2}},
    "loss": {"places": 0},
    "places": {"places": 2, "patience": {"law": "weibull", "mean": "6 min", "shape": 0.8}},
    "lines": {"lines": 7, "patience": {"law": "exponential", "mean": "3 min"}},
    "lines and places": {"lines": 8, "places": 4, "failure": 0.4, "wrap_up": {"law": "exponential", "mean": "1 min"}},
}


@pytest.mark.parametrize("name", CASES)
def test_one_queue(name: str) -> None:
    """Some 1,500 calls of a day at 105 % load, five agents: every time, agent and outcome, to the bit."""
    config = centre({"phone": live(LAW, **CASES[name])}, {"team": team(5)}, streams={"calls": {"per_day": 1900}})
    log = simulate(config, 20260131, 4)
    c, order = log.contacts, np.lexsort((log.contacts["entity"], log.contacts["arrived"]))
    found = zip(*(c[column][order].tolist() for column in ("answered", "ended", "agent", "outcome")), strict=True)
    expected = recursion(config, 20260131, 4, 5)
    assert repr(list(found)) == repr([(a, e, agent, int(outcome)) for a, e, agent, outcome in expected])
    assert len(expected) > 1500

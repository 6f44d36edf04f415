"""A start that is not empty: who is there, when they join, and that nobody else changes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.runs.replicate import replicate, simulate
from sim.theory import ErlangA
from tests.extreme.small import centre, deferred, live, team, web

from .many_queues import Queue

SEED = 20261125  # declared before the first run


def test_a_backlog_waits_and_agents_are_busy_from_the_first_second() -> None:
    config = centre({"email": deferred()}, {"team": team(2, "email")}, run={"start_with": {"email": 5}})
    answered = np.sort(simulate(config).contacts["answered"]).tolist()
    assert answered == [0, 0, 100, 100, 200]


def test_a_closed_line_is_joined_at_its_first_opening_and_a_session_at_once() -> None:
    channels = {"phone": live(hours={"tue-wed": "08:00-09:00"}), "web": web()}
    config = centre(channels, {"team": team(3)}, run={"start_with": {"phone": 2, "web": 1}, "measure": "2 d"})
    contacts = simulate(config).contacts
    assert contacts["arrived"].tolist() == [86400 + 8 * 3600] * 2 + [0]
    assert contacts["channel"].tolist() == [0, 0, 1]


def test_nobody_else_changes() -> None:
    """The same customers with the same luck arrive; those of a day later do not notice (agents are many)."""
    queue = Queue(600, 60, 4.0, 6.0, 1.0)
    plain, more = (simulate(queue.config(SEED, start_with=there)) for there in ({}, {"phone": 30}))
    assert len(more.contacts["entity"]) == len(plain.contacts["entity"]) + 30
    kept = np.isin(more.contacts["entity"], plain.contacts["entity"])
    for name in ("entity", "arrived", "answered", "ended"):
        assert np.array_equal(more.contacts[name][kept], plain.contacts[name])


def test_it_takes_the_place_of_a_warm_up() -> None:
    """As many customers as Erlang A has on average, at time zero: the first half hour is as busy as any; from empty it
    is not. 80 replications of a queue that needs an hour to fill."""
    queue = Queue(1200, 20, 30.0, 30.0, 1.0)
    theory = ErlangA(1200 / 1440, 30.0, 20, 30.0)
    inside = round(theory.busy + theory.mean_queue)
    halves = {}
    for there in (0, inside):
        config = queue.config(SEED, warm_up=0, measure="30 min", replications=80, start_with={"phone": there})
        halves[there] = replicate(config).kpis["pool", "team", "occupancy"]
    assert halves[0].upper < theory.occupancy - 0.3
    assert abs(halves[inside].mean - theory.occupancy) < 0.05


def test_an_unknown_or_closed_channel_is_refused() -> None:
    config = centre({"phone": live(), "chat": live(enabled=False)}, {"team": team()}, run={"start_with": {"phnoe": 1}})
    with pytest.raises(InputError, match="run.start_with.phnoe: unknown or closed channel; did you mean 'phone'"):
        simulate(config)

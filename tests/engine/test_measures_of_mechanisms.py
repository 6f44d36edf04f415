"""Measures of mechanisms, in days that can be told by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.engine import simulate
from sim.measures.observe import observe
from sim.statistics.estimates import estimate
from tests.extreme.small import centre, deferred, live, team

HOUR = {"end": "cut", "measure": "1000 s", "interval": "1 h"}


def measured(*args: Any, **parts: Any) -> Any:
    """The estimates of such a centre, one replication."""
    config = centre(*args, **parts)
    return estimate([observe(simulate(config, 1, 0), config)], config)


def test_two_chats_at_a_time() -> None:
    """Alone to 60 s, together to 110, alone to 170: busy 170 s, 220 s of contacts, each half of the agent."""
    chat = {"chat": live("100 s", concurrency=2)}
    found = measured(chat, {"team": team(1, "chat", speeds=[1, 1.6])}, [0, 60], run=HOUR)
    assert found["pool", "team", "occupancy"].mean == pytest.approx(0.11)
    assert found["pool", "team", "concurrency"].mean == pytest.approx(220 / 170)
    assert found["channel", "chat", "attention"].mean == pytest.approx(85)
    assert found["channel", "chat", "talk"].mean == pytest.approx(110)
    assert found["journey", "all", "agent_time"].mean == pytest.approx(85)


def test_threads_count_their_answers() -> None:
    """Handle time is the work of all turns, not the days between them."""
    mail = deferred("100 s", wrap_up="10 s", turns={"probability": 0.5, "delay": "200 s"})
    found = measured({"mail": mail}, {"team": team(9, "mail")}, list(range(0, 5000, 100)), run={"end": "drain"})
    answers = found["channel", "mail", "answers"].mean
    assert 1 < answers < 4
    assert found["channel", "mail", "talk"].mean == pytest.approx(100 * answers)
    assert found["channel", "mail", "wrap_up"].mean == pytest.approx(10 * answers)
    assert found["channel", "mail", "attention"].mean == pytest.approx(110 * answers)
    assert found["channel", "mail", "asa"].mean == 0


def test_who_leaves_is_censored_in_the_offered_wait() -> None:
    """Waits 0 (served), 40 (left), 80 (served), 170 (served): Kaplan-Meier area 0.75 x 80 + 0.375 x 90."""
    streams = {
        "a": {"times": [0, 20, 30]},
        "b": {"times": [10], "segments": {"hasty": 1}},
    }
    segments = {
        "all": {"share": 1, "first_channel": {"phone": 1}},
        "hasty": {"share": 0, "first_channel": {"phone": 1}},
    }
    phone = live("100 s", by_segment={"hasty": {"patience": "40 s"}})
    found = measured({"phone": phone}, {"team": team(1)}, streams=streams, customers={"segments": segments})
    assert found["channel", "phone", "virtual_wait"].mean == pytest.approx(0.75 * 80 + 0.375 * 90)
    assert found["journey", "all", "waited"].mean == pytest.approx((0 + 40 + 80 + 170) / 4)


def test_pushes_and_missed_mentions() -> None:
    push = {"share": 1.0, "to": {"give_up": 1.0}}
    social = deferred("10 s", deflection=push, deadline="100 s", seen=0.0, by_reason={})
    found = measured({"social": social}, {"team": team(1, "social")}, [0])
    assert (found["channel", "social", "unseen"].mean, found["channel", "social", "deflected"].mean) == (1, 0)
    found = measured({"social": social | {"seen": 1.0}}, {"team": team(1, "social")}, [0])
    assert (found["channel", "social", "unseen"].mean, found["channel", "social", "deflected"].mean) == (0, 1)
    assert found["journey", "all", "deflections"].mean == 1

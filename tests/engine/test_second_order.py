"""Second-order rules, each by a day told by hand: guards, resets, the order in which agents are offered work.

These are the rules that a mutant survived: whoever changes one of them learns it here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.engine.simpy.simulation import Simulation
from sim.log.tables import Log
from sim.model import Outcome
from tests.extreme.small import centre, deferred, live, team

NAN = np.nan


def lived(*args: Any, **parts: Any) -> Log:
    """The log of such a centre."""
    return simulate(centre(*args, **parts), 1, 0)


def column(log: Log, name: str, table: str = "contacts") -> Any:
    """A column as numbers, NaN equal to NaN."""
    return pytest.approx([float(x) for x in getattr(log, table)[name]], nan_ok=True)


def first_replies(delay: str, again: float = 0.5) -> dict[str, Any]:
    """Turns of which some customers have a second."""
    return {"probability": again, "delay": delay}


def test_a_wait_that_is_over_calls_no_helper() -> None:
    """A mail waits 10 s, is answered for 20 s, and its reply joins the queue again while the first wait's timer of 60 s
    is still running: help comes 60 s after the reply, not after the mail."""
    mail = deferred("20 s", turns=first_replies("10 s", 0.999999))
    staffing = {"own": team(1, "mail"), "others": team(1, "mail", overflow={"mail": "60 s"})}
    log = lived({"mail": mail, "busy": deferred("1 h")}, staffing | {"own": team(1, "mail", "busy")}, streams={
        "mails": {"times": [0], "first_channel": {"mail": 1}},
        "busy": {"times": [10], "first_channel": {"busy": 1}},
    }, run={"measure": "150 s", "end": "cut"})  # fmt: skip
    # The first answer takes 20 s of agent 0, who then has an hour of other work; the reply at 30 waits until 90.
    assert log.turns["queued"].tolist()[:2] == [0, 30]
    assert log.turns["taken"].tolist()[:2] == [0, 90]
    assert log.turns["agent"].tolist()[:2] == [0, 1]


def test_least_occupied_counts_from_the_shift_start() -> None:
    """Agent 0 worked an hour yesterday and nothing today; agent 1 worked 10 s today: agent 0 takes the call."""
    shift = {"start": "08:00", "end": "10:00", "agents": 2}
    streams = {"calls": {"times": [30000, 86400 + 28800, 86400 + 28850, 86400 + 28900]}}
    log = lived({"phone": live({"law": "constant", "mean": "10 s"})},
                {"team": {"serves": {"phone": 1}, "shifts": [shift], "shrinkage": 0}}, streams=streams,
                routing={"agent_rule": "least_occupied"}, run={"measure": "2 d"})  # fmt: skip
    assert column(log, "agent") == [0, 0, 1, 0] or column(log, "agent") == [0, 0, 1, 1]


def test_others_start_deferred_work_in_the_order_of_load_then_idleness() -> None:
    """One agent must stay idle. When agent 2's call ends at 50, one of the two who hold a mail may start the mail that
    waits: both hold one, agent 1 was free last at 0 like agent 0, so the lower index takes it."""
    channels = {"mail": deferred("1000 s", concurrency=2), "phone": live("50 s")}
    streams = {
        "calls": {"times": [0], "first_channel": {"phone": 1}},
        "mails": {"times": [1, 2, 3], "first_channel": {"mail": 1}},
    }
    log = lived(channels, {"team": team(4, "mail", "phone", reserve=1, speeds=[1])}, streams=streams)
    taken = dict(zip(log.turns["taken"].tolist(), log.turns["agent"].tolist(), strict=True))
    assert taken[0] == 0
    assert (taken[1], taken[2]) == (1, 2)
    assert taken[3] in (1, 2)


def test_who_has_no_patience_waits_out_the_ring() -> None:
    """Zero patience leaves only where nobody is free: a free agent is rung, and the customer is answered."""
    phone = live("10 s", ring="20 s", patience={"law": "constant", "mean": "0 s"})
    log = lived({"phone": phone}, {"team": team(1)}, [0, 5])
    assert column(log, "answered") == [20, NAN]
    assert column(log, "outcome") == [Outcome.RESOLVED, Outcome.ABANDONED]


def test_the_work_of_an_empty_shared_agent_is_zero_again() -> None:
    """The sum of work since ever would lose the last bits of short work on long days."""
    chat = live("100 s", concurrency=2)
    simulation = Simulation(centre({"chat": chat}, {"team": team(1, "chat")}, [0, 10, 5000]), 1, 0)
    simulation.run()
    shared = simulation.desk.handling.shared[0]
    assert shared is not None
    assert shared.work == 0.0


def test_a_turn_says_when_it_was_queued() -> None:
    """One agent: the second mail waits 60 s; replies come 10 s after the answer, and wait for the other mail's end."""
    mail = deferred("60 s", turns=first_replies("10 s", 0.999999))
    log = lived({"mail": mail}, {"team": team(1, "mail")}, [0, 0], run={"measure": "200 s", "end": "cut"})
    assert column(log, "queued", "turns") == [0, 70, 0, 130]
    assert column(log, "taken", "turns") == [0, 120, 60, 180]

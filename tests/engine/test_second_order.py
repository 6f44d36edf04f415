"""Second-order rules, each by a day told by hand: guards, resets, the order in which agents are offered work.

These are the rules that a mutant survived: whoever changes one of them learns it here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
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
    """A mail waits from 5 to 10 and is answered until 30; its reply joins the queue at 40, while the timer of the first
    wait, due at 65, is still running: help comes 60 s after the reply, not after the mail."""
    mail = deferred("20 s", turns=first_replies("10 s", 0.999999))
    channels = {"mail": mail, "short": deferred("10 s"), "busy": deferred("1 h")}
    staffing = {"own": team(1, *channels), "others": team(1, "mail", overflow={"mail": "60 s"})}
    streams = {
        name: {"times": [at], "first_channel": {name: 1}} for name, at in (("short", 0), ("mail", 5), ("busy", 20))
    }
    log = lived(channels, staffing, streams=streams, run={"measure": "110 s", "end": "cut"})
    mine = log.turns["queued"].tolist().index(5)
    assert log.turns["queued"].tolist()[mine : mine + 2] == [5, 40]
    assert log.turns["taken"].tolist()[mine : mine + 2] == [10, 100]
    assert log.turns["agent"].tolist()[mine : mine + 2] == [0, 1]


def test_a_line_is_given_back_while_the_customer_takes_time_to_go_on() -> None:
    """One telephone line for two channels: between 10 and 110 the first customer is not connected, and a second calls
    at 50."""
    log = lived({"phone": live("10 s", failure=1), "help": live("10 s")}, {"team": team(2, "phone", "help")}, [0, 50],
                rows={"phone": {"any": {"to": {"help": 1}, "delay": "100 s"}}},
                routing={"line_groups": {"trunk": {"channels": ["phone", "help"], "lines": 1}}})  # fmt: skip
    assert sorted(log.contacts["answered"].tolist()) == [0, 50, 110, 160]


def test_least_occupied_counts_from_the_shift_start() -> None:
    """Agent 0 worked yesterday and agent 1 did not. Today neither has worked yet, so that the first in order takes the
    call: yesterday's work does not count."""
    shift = {"start": "08:00", "end": "10:00", "agents": 2}
    streams = {"calls": {"times": [28800, 86400 + 28810]}}
    staffing = {"team": {"serves": {"phone": 1}, "shifts": [shift], "shrinkage": 0}}
    log = lived({"phone": live("1000 s")}, staffing, streams=streams, routing={"agent_rule": "least_occupied"},
                run={"measure": "2 d"})  # fmt: skip
    assert log.contacts["agent"].tolist() == [0, 0]


def test_least_occupied_weighs_the_share_of_time_on_duty_and_not_the_sum() -> None:
    """Agent 0 came at 8 and worked 1000 s until 9:30 (0.19 of its time), agent 1 came at 9 and worked 500 s (0.28)."""
    shifts = [{"start": start, "end": "12:00", "agents": 1} for start in ("08:00", "09:00")]
    channels = {"phone": live("1000 s"), "short": live("500 s")}
    streams = {
        "calls": {"times": [28800, 34200], "first_channel": {"phone": 1}},
        "shorts": {"times": [32400], "first_channel": {"short": 1}},
    }
    staffing = {"team": team(0, "phone", "short", shifts=shifts, shrinkage=0)}
    log = lived(channels, staffing, streams=streams, routing={"agent_rule": "least_occupied"})
    by_start = dict(zip(log.contacts["arrived"].tolist(), log.contacts["agent"].tolist(), strict=True))
    assert by_start == {28800: 0, 32400: 1, 34200: 0}


def test_least_occupied_counts_the_work_in_hand() -> None:
    """Agents with room for two: agent 0 has held a long chat since 0, agent 1 had a chat of 100 s at 400. By 900 agent
    0 has been busy all the time, although it has ended nothing yet."""
    chat = {"chat": live("100 s", concurrency=2), "long": live("5000 s", concurrency=2)}
    streams = {
        "longs": {"times": [0], "first_channel": {"long": 1}},
        "chats": {"times": [400, 900], "first_channel": {"chat": 1}},
    }
    log = lived(chat, {"team": team(2, "chat", "long", speeds=[1, 2])}, streams=streams,
                routing={"agent_rule": "least_occupied"})  # fmt: skip
    assert log.contacts["agent"].tolist() == [0, 1, 1]


def deferred_work(more: list[float]) -> Log:
    """Three agents with room for three mails or notes, or one call; one must stay idle. Agents 0 and 1 have a mail
    each, agent 0 finished a note at 22, agent 2 has a call from 30 to 80. The mail of 40 waits until then."""
    channels = {
        "mail": deferred("1000 s", concurrency=3), "note": deferred("10 s", concurrency=3), "phone": live("50 s"),
    }  # fmt: skip
    streams = {
        "mails": {"times": sorted([0, 1, 40, *more]), "first_channel": {"mail": 1}},
        "notes": {"times": [2], "first_channel": {"note": 1}},
        "calls": {"times": [30], "first_channel": {"phone": 1}},
    }
    staffing = {
        "team": team(3, "mail", "note", "phone", reserve=1, speeds=[1], serves={"phone": 1, "mail": 2, "note": 2})
    }
    return lived(channels, staffing, streams=streams)


@pytest.mark.parametrize(("more", "agent"), [([], 1), ([23], 0)])
def test_others_start_deferred_work_in_the_order_of_load_then_idleness(more: list[float], agent: int) -> None:
    """When agent 2 stays idle at 80, the mail that waits goes to whoever holds less, agent 0 where agent 1 took another
    mail at 23; of equal load, to agent 1, who was free earlier than agent 0."""
    log = deferred_work(more)
    taken = dict(zip(log.turns["taken"].tolist(), log.turns["agent"].tolist(), strict=True))
    assert (taken[0], taken[1], taken[2]) == (0, 1, 0)
    assert taken[80] == agent


def test_who_has_no_patience_waits_out_the_ring() -> None:
    """Zero patience leaves only where nobody is free: a free agent is rung, and the customer is answered."""
    phone = live("10 s", ring="20 s", patience={"law": "constant", "mean": "0 s"})
    log = lived({"phone": phone}, {"team": team(1)}, [0, 5])
    assert column(log, "answered") == [20, NAN]
    assert column(log, "outcome") == [Outcome.RESOLVED, Outcome.ABANDONED]


def test_short_work_after_long_work_keeps_its_last_bits() -> None:
    """The sum of work of a shared agent begins anew when it is empty. Two long chats side by side, at 32 s of work a
    second each, end together; then a chat of 0.1 s at 1 s a second takes 0.1 s, which the sum since ever (33,554,432 s)
    could only tell to some nanoseconds."""
    chats = {"long": live("33554432 s", concurrency=2), "short": live("0.1 s", concurrency=2)}
    streams = {
        "longs": {"times": [0, 0], "first_channel": {"long": 1}},
        "shorts": {"times": [1048576 + 1024], "first_channel": {"short": 1}},
    }
    log = lived(chats, {"team": team(1, "long", "short", speeds=[1, 64])}, streams=streams, run={"measure": "13 d"})
    assert log.contacts["ended"].tolist()[:2] == [1048576, 1048576]
    assert log.contacts["answered"].tolist()[2] == 1049600
    assert log.contacts["ended"].tolist()[2] == 1049600 + 0.1


def test_a_turn_says_when_it_was_queued() -> None:
    """One agent: the second mail waits 60 s; replies come 10 s after the answer, and wait for the other mail's end."""
    mail = deferred("60 s", turns=first_replies("10 s", 0.999999))
    log = lived({"mail": mail}, {"team": team(1, "mail")}, [0, 0], run={"measure": "200 s", "end": "cut"})
    assert column(log, "queued", "turns") == [0, 70, 0, 130]
    assert column(log, "taken", "turns") == [0, 120, 60, 180]

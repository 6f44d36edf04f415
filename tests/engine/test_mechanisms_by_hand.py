"""Mechanisms beyond a plain queue, in days that can be told by hand: constant times, replayed arrivals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.log.codes import FORCED_HOP, SILENT_LEAVER, UNSEEN
from sim.log.tables import Log
from sim.model import Outcome
from tests.extreme.small import GONE, centre, deferred, live, team, to, web

CHATS: dict[str, Any] = {"concurrency": 3}


def lived(*args: Any, **parts: Any) -> Log:
    """The log of such a centre."""
    return simulate(centre(*args, **parts), 1, 0)


def column(log: Log, name: str, table: str = "contacts") -> list[float]:
    """A column as numbers."""
    return [float(x) for x in getattr(log, table)[name]]


def test_chats_share_an_agent() -> None:
    """Total speed 1 for one, 1.6 for two: from 60 s on each gets 0.8; the first has 40 s of work left then."""
    log = lived({"chat": live("100 s", **CHATS)}, {"team": team(1, "chat", speeds=[1, 1.6])}, [0, 60])
    assert column(log, "answered") == [0, 60]
    # 40 / 0.8 = 50: over at 110, when the second has done 40 of 100 and goes on alone.
    assert column(log, "ended") == pytest.approx([110, 170])
    assert column(log, "attention", "turns") == pytest.approx([60 + 25, 25 + 60])
    assert column(log, "turns") == [1, 1]
    assert column(log, "released") == pytest.approx([110, 170])


def test_a_fourth_chat_waits_for_a_place() -> None:
    log = lived({"chat": live("100 s", **CHATS)}, {"team": team(1, "chat", speeds=[1])}, [0, 0, 0, 0])
    assert column(log, "answered") == pytest.approx([0, 0, 0, 300])
    assert column(log, "ended") == pytest.approx([300, 300, 300, 400])


def test_patience_ends_with_the_wait_also_behind_a_shorter_chat() -> None:
    """The third is taken at 199 s and is not the first to end; its patience to 252 s no longer counts."""
    chat = live("100 s", patience="250 s", concurrency=2)
    log = lived({"chat": chat}, {"team": team(1, "chat", speeds=[1])}, [0, 1, 2, 3])
    assert column(log, "answered") == pytest.approx([0, 1, 199, 201])
    assert column(log, "outcome") == [Outcome.RESOLVED] * 4


def test_wrap_up_of_a_chat_is_work_like_any_other() -> None:
    log = lived({"chat": live("100 s", wrap_up="50 s", **CHATS)}, {"team": team(1, "chat", speeds=[1])}, [0, 100])
    # Alone until 100; then the wrap-up of the first (50) and the second chat (100) share: the wrap-up is over at 200.
    assert column(log, "ended") == pytest.approx([100, 250])
    assert column(log, "released") == pytest.approx([200, 300])


def test_blending_in_whole_units() -> None:
    """An agent holds one call, or two chats: a call does not fit beside a chat and is skipped, reserving nothing."""
    channels = {"chat": live("100 s", concurrency=2), "phone": live("10 s")}
    streams = {
        "chats": {"times": [0, 50], "first_channel": {"chat": 1}},
        "calls": {"times": [20], "first_channel": {"phone": 1}},
    }
    staffing = {"team": team(1, "chat", "phone", speeds=[1, 2])}
    log = lived(channels, staffing, streams=streams)
    answered = dict(zip(log.contacts["arrived"].tolist(), log.contacts["answered"].tolist(), strict=True))
    assert answered == pytest.approx({0: 0, 50: 50, 20: 150})


def test_a_thread_comes_back_to_any_agent() -> None:
    """A reply after 1,000 s joins the queue anew; wrap-up follows every answer; the wait is that for the first."""
    mail = deferred("100 s", wrap_up="10 s", turns={"probability": 0.999999, "delay": "1000 s"})
    log = lived({"mail": mail}, {"team": team(1, "mail")}, [0], run={"end": "cut", "measure": "3000 s"})
    assert column(log, "taken", "turns") == [0, 1100, 2200]
    assert column(log, "released", "turns") == [110, 1210, 2310]
    assert column(log, "answered") == [0]
    assert column(log, "outcome") == [Outcome.OPEN]


def test_a_silent_customer_keeps_the_place_but_is_no_work() -> None:
    """With the slot kept the agent cannot take another call; with it released it can, and the first rejoins."""
    turns = {"probability": 0.5, "delay": "50 s"}
    kept = live("100 s", turns=turns | {"slot": "kept"})
    log = lived({"chat": kept}, {"team": team(1, "chat")}, [0, 10])
    first = log.contacts["ended"][0] - log.contacts["answered"][0]
    assert first % 150 == pytest.approx(100)  # n answers and n - 1 silences
    assert log.contacts["answered"][1] == log.contacts["ended"][0]
    released = live("100 s", turns=turns | {"slot": "released"})
    log = lived({"chat": released}, {"team": team(1, "chat")}, [0, 10])
    assert log.contacts["answered"][1] == 100


def test_ring_time_holds_the_agent_while_the_customer_waits() -> None:
    phone = live("100 s", ring="20 s", patience="15 s")
    log = lived({"phone": phone}, {"team": team(1)}, [0, 5])
    assert column(log, "outcome") == [Outcome.ABANDONED, Outcome.ABANDONED]
    assert column(log, "ended") == [15, 20]
    assert column(log, "agent") == [-1, -1]
    log = lived({"phone": live("100 s", ring="20 s", patience="130 s")}, {"team": team(1)}, [0, 5])
    assert log.contacts["answered"][0] == 20
    assert np.isnan(log.contacts["answered"][1])
    assert column(log, "ended") == [120, 135]
    assert column(log, "taken", "turns") == [0, 120]


def test_the_company_ends_the_wait() -> None:
    """Timed out after 30 s and moved to mail: a forced outcome."""
    rows = {"phone": {"timed_out": to("mail"), "any": to("give_up")}, "mail": GONE}
    channels = {"phone": live(queue_timeout="30 s", patience="40 s"), "mail": deferred("1 s")}
    log = lived(channels, {"team": team(1), "mail": team(1, "mail")}, [0, 10], rows=rows)
    assert column(log, "outcome") == [Outcome.RESOLVED, Outcome.TIMED_OUT, Outcome.RESOLVED]
    assert column(log, "arrived") == [0, 10, 40]
    assert column(log, "flags") == [0, FORCED_HOP, 0]


def test_a_silent_leaver_keeps_place_and_line_until_found_out() -> None:
    chat = live("100 s", patience="20 s", silent={"share": 1, "detection": "30 s"}, lines=2)
    log = lived({"chat": chat}, {"team": team(1, "chat")}, [0, 10, 60, 135])
    assert column(log, "outcome") == [Outcome.RESOLVED, Outcome.ABANDONED, Outcome.BLOCKED, Outcome.RESOLVED]
    assert column(log, "flags") == [0, SILENT_LEAVER, 0, 0]
    assert column(log, "ended")[1] == 30
    assert column(log, "taken", "turns") == [0, 100, 135]
    assert column(log, "released", "turns") == [100, 130, 235]


def test_unseen_mentions_wait_in_vain() -> None:
    social = deferred("10 s", deadline="100 s", seen=0.0)
    log = lived({"social": social}, {"team": team(1, "social")}, [0])
    assert column(log, "outcome") == [Outcome.UNANSWERED]
    assert column(log, "flags") == [UNSEEN]
    assert column(log, "ended") == [100]


def test_deflection_is_a_forced_hop_with_its_own_context() -> None:
    push = {"share": 1.0, "to": {"chat": 1.0}, "delay": "60 s", "context": 1.0}
    channels = {"social": deferred("10 s", deflection=push), "chat": live("10 s")}
    log = lived(channels, {"team": team(1, "social"), "chat": team(1, "chat")}, [0])
    assert column(log, "outcome") == [Outcome.FAILED, Outcome.RESOLVED]
    assert column(log, "flags") == [FORCED_HOP, 0]
    assert column(log, "arrived") == [0, 70]
    assert column(log, "context") == [0, 1]


def test_authority_belongs_to_the_pool() -> None:
    """Who needs it fails where nobody has it, whatever the failure; others do not notice."""
    customers = {"segments": {"all": {"share": 1, "first_channel": {"phone": 1}}},
                 "reasons": {"refund": {"needs_authority": 1.0}}}  # fmt: skip
    rows = {"phone": {"any": to("social")}, "social": GONE}
    channels = {"phone": live("10 s"), "social": deferred("10 s")}
    staffing = {"phone": team(1, authority=0), "social": team(1, "social", authority=1)}
    log = lived(channels, staffing, [0], rows=rows, customers=customers)
    assert column(log, "outcome") == [Outcome.FAILED, Outcome.RESOLVED]


def test_skills_by_reason_and_service_by_pool() -> None:
    customers = {
        "segments": {"all": {"share": 1, "first_channel": {"phone": 1}, "reasons": {"a": 0.5, "b": 0.5}}},
        "reasons": {"a": {}, "b": {}},
    }
    phone = live("100 s", by_pool={"experts": {"service": "40 s"}}, by_reason={"b": {"service": "60 s"}})
    staffing = {"generalists": team(1, reasons=["a"]), "experts": team(1, reasons=["b"])}
    log = lived({"phone": phone}, staffing, list(range(0, 4000, 200)), customers=customers)
    length = (log.contacts["ended"] - log.contacts["answered"])[log.customers["reason"] == 0]
    assert set(length.tolist()) == {100.0}
    assert set(log.contacts["agent"][log.customers["reason"] == 0].tolist()) == {0}
    length = (log.contacts["ended"] - log.contacts["answered"])[log.customers["reason"] == 1]
    assert set(length.tolist()) == {40.0}


def test_another_pool_helps_out_after_a_delay() -> None:
    staffing = {"own": team(1), "others": team(1, overflow={"phone": "30 s"})}
    log = lived({"phone": live("100 s")}, staffing, [0, 10, 20])
    assert column(log, "answered") == [0, 40, 100]
    assert column(log, "agent") == [0, 1, 0]


def test_deferred_work_leaves_agents_in_reserve() -> None:
    channels = {"mail": deferred("100 s"), "phone": live("100 s")}
    streams = {
        "mails": {"times": [0, 1, 2], "first_channel": {"mail": 1}},
        "calls": {"times": [10], "first_channel": {"phone": 1}},
    }
    log = lived(channels, {"team": team(2, "mail", "phone", reserve=1)}, streams=streams)
    answered = dict(zip(log.contacts["arrived"].tolist(), log.contacts["answered"].tolist(), strict=True))
    assert answered == {0: 0, 1: 110, 2: 210, 10: 10}


def test_a_transfer_keeps_its_line_and_gets_its_bonus() -> None:
    """Two lines for IVR and phone together; a handed-on call goes before one that came directly."""
    channels = {"ivr": web("10 s", failure=1.0, transfer=1.0), "phone": live("100 s")}
    rows = {"ivr": {"transferred": to("phone"), "any": to("give_up")}, "phone": GONE}
    streams = {
        "ivr": {"times": [0, 20, 25], "first_channel": {"ivr": 1}},
        "direct": {"times": [15], "first_channel": {"phone": 1}},
    }
    groups = {"trunk": {"channels": ["ivr", "phone"], "lines": 3}}
    routing = {"transfer_bonus": 1.0, "line_groups": groups}
    log = lived(channels, {"team": team(1)}, streams=streams, rows=rows, routing=routing)
    by_time = {
        (float(a), int(c)): i
        for i, (a, c) in enumerate(zip(*(log.contacts[n] for n in ("arrived", "channel")), strict=True))
    }
    assert log.contacts["outcome"][by_time[25, 0]] == Outcome.BLOCKED
    assert log.contacts["answered"][by_time[30, 1]] == 110
    assert log.contacts["answered"][by_time[15, 1]] == 210


def test_agents_hand_on_to_a_second_line_with_context() -> None:
    """The first line solves nothing and hands on at once; the second is another channel with its own team, where a
    handed-on call goes before one that came directly, and what was said is known."""
    channels = {"phone": live("10 s", failure=1.0, transfer=1.0), "second": live("100 s")}
    rows = {"phone": {"transferred": to("second"), "any": to("give_up")}, "second": GONE}
    streams = {
        "phone": {"times": [0, 20], "first_channel": {"phone": 1}},
        "direct": {"times": [15], "first_channel": {"second": 1}},
    }
    staffing = {"first": team(1, "phone"), "second": team(1, "second")}
    parts = {"routing": {"transfer_bonus": 1.0}, "integration": {"level": 1.0}}
    log = lived(channels, staffing, streams=streams, rows=rows, **parts)
    handed = log.contacts["number"] == 2
    assert log.contacts["arrived"][handed].tolist() == [10, 30]
    assert log.contacts["answered"][handed].tolist() == [10, 110]
    assert log.contacts["context"][handed].tolist() == [1, 1]
    assert log.contacts["answered"][log.contacts["arrived"] == 15].tolist() == [210]


@pytest.mark.parametrize(("rule", "agents"), [("least_loaded", [0, 1, 0]), ("most_loaded", [0, 0, 1])])
def test_agent_rules_by_load(rule: str, agents: list[int]) -> None:
    chat, staff = live("100 s", concurrency=2), {"team": team(2, "chat", speeds=[1])}
    log = lived({"chat": chat}, staff, [0, 1, 2], routing={"agent_rule": rule})
    assert column(log, "agent") == agents


def test_the_longest_queue_goes_first() -> None:
    channels = {"a": live("100 s"), "b": live("100 s")}
    streams = {
        "a": {"times": [0, 1], "first_channel": {"a": 1}},
        "b": {"times": [2, 3], "first_channel": {"b": 1}},
    }
    log = lived(channels, {"team": team(1, "a", "b")}, streams=streams, routing={"queue_rule": "longest_queue"})
    order = log.contacts["arrived"][np.argsort(log.contacts["answered"])]
    assert order.tolist() == [0, 2, 1, 3]

"""Where two mechanisms meet, in days that can be told by hand: patience on shared agents, rings, time-outs, threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.coded.tables import tables_of
from sim.engine import simulate
from sim.log.codes import UNSEEN
from sim.log.tables import Log
from sim.model import Configuration, Outcome
from sim.model.rows import Row
from tests.extreme.small import centre, deferred, live, team, to

NAN = np.nan


def lived(*args: Any, **parts: Any) -> Log:
    """The log of such a centre."""
    return simulate(centre(*args, **parts), 1, 0)


def column(log: Log, name: str, table: str = "contacts") -> Any:
    """A column as numbers, NaN equal to NaN."""
    return pytest.approx([float(x) for x in getattr(log, table)[name]], nan_ok=True)


def test_patience_is_over_once_a_shared_agent_answers() -> None:
    """The third chat waits 100 s of its 150 s, then shares the agent with the second and is done at 300 s."""
    chat = live("100 s", concurrency=2, patience="150 s")
    log = lived({"chat": chat}, {"team": team(1, "chat", speeds=[1, 1.0])}, [0, 50, 50])
    # Alone to 50 s, then two at half speed: the first ends at 150, the second has 50 s left when the third begins.
    assert column(log, "ended") == [150, 250, 300]
    assert column(log, "answered") == [0, 50, 150]
    assert set(log.contacts["outcome"]) == {Outcome.RESOLVED}


def test_who_is_rung_for_is_not_timed_out() -> None:
    """The company's time-out of 30 s would fall into the ring of 20 s that begins at 25 s; patience still may."""
    phone = live("15 s", ring="20 s", queue_timeout="30 s", patience="100 s")
    log = lived({"phone": phone}, {"team": team(1)}, [0, 10])
    assert column(log, "answered") == [20, 55]
    phone = live("15 s", ring="20 s", queue_timeout="30 s", patience="40 s")
    log = lived({"phone": phone}, {"team": team(1)}, [0, 10])
    assert column(log, "outcome") == [Outcome.RESOLVED, Outcome.ABANDONED]
    assert column(log, "ended") == [35, 50]
    assert column(log, "released", "turns") == [35, 50]


def test_a_time_out_ends_the_wait_of_who_left_without_a_word() -> None:
    """Gone at 30 s, cut at 60 s: the line is free for a third call at 65 s, and no agent looks for the second."""
    chat = live("100 s", patience="20 s", queue_timeout="50 s", silent={"share": 1, "detection": "30 s"}, lines=2)
    log = lived({"chat": chat}, {"team": team(1, "chat")}, [0, 10, 55, 85])
    assert column(log, "outcome") == [Outcome.RESOLVED, Outcome.ABANDONED, Outcome.BLOCKED, Outcome.RESOLVED]
    assert column(log, "taken", "turns") == [0, 100]


def test_a_reply_may_be_rung_for_in_vain() -> None:
    """Patience of 15 s, ring of 10 s and of 20 s: who replies to a free agent may leave during the ring as well."""
    turns = {"probability": 0.999999, "delay": "100 s"}
    patience = {"law": "empirical", "quantiles": ["12 s", "12 s", "12 s", "30 s"]}
    phone = live("50 s", ring="20 s", patience=patience, turns=turns)
    log = lived({"phone": phone}, {"team": team(1)}, list(range(0, 80000, 1000)), run={"measure": "1 d"})
    later = log.turns["turn"] > 0
    left = np.isnan(log.turns["answered"]) & later
    assert left.sum() > 10
    assert (log.turns["released"] - log.turns["taken"])[left] == pytest.approx(12, abs=8)


def test_a_ring_uses_up_the_patience_that_remains() -> None:
    """25 s of patience for all calls: 20 s of the first ring (answered, not solved), 5 s of the second."""
    phone = live("10 s", ring="20 s", patience="25 s", redial_patience="remaining", failure=1.0)
    rows = {"phone": {"abandoned": to("give_up"), "any": to("phone")}}
    log = lived({"phone": phone}, {"team": team(1)}, [0], rows=rows)
    assert column(log, "answered") == [20, NAN]
    assert column(log, "ended") == [30, 35]


def test_an_unseen_mention_is_open_until_its_deadline() -> None:
    social = deferred("10 s", deadline="100 s", seen=0.0)
    log = lived({"social": social}, {"team": team(1, "social")}, [0], run={"measure": "60 s", "end": "cut"})
    assert column(log, "outcome") == [Outcome.OPEN]
    assert column(log, "flags") == [UNSEEN]
    assert column(log, "ended") == [NAN]


def test_wrap_up_and_reply_of_one_contact_may_end_together() -> None:
    """The reply comes at once, to the agent who still wraps up: two pieces of equal work of the same contact."""
    mail = deferred("10 s", wrap_up="10 s", concurrency=2, turns={"probability": 0.999999, "delay": "0 s"})
    log = lived({"mail": mail}, {"team": team(1, "mail", speeds=[1, 2])}, [0], run={"measure": "35 s", "end": "cut"})
    assert column(log, "taken", "turns") == [0, 10, 20, 30]
    assert column(log, "released", "turns") == [20, 30, NAN, NAN]


def test_one_more_idle_agent_frees_another_for_deferred_work() -> None:
    """One must stay idle: the second mail cannot start while the call lasts, and then starts beside the first."""
    channels = {"mail": deferred("100 s", concurrency=2), "phone": live("30 s")}
    streams = {
        "mails": {"times": [0, 10], "first_channel": {"mail": 1}},
        "calls": {"times": [5], "first_channel": {"phone": 1}},
    }
    log = lived(channels, {"team": team(2, "mail", "phone", reserve=1, speeds=[1])}, streams=streams)
    taken = dict(zip(log.turns["taken"].tolist(), log.turns["agent"].tolist(), strict=True))
    assert taken == {0: 0, 5: 1, 35: 0}


def test_a_thread_that_others_helped_with_stands_in_line_once() -> None:
    """Every mail is answered twice or more by helpers and own agents in turn; who joins again is served in turn."""
    mail = deferred("60 s", turns={"probability": 0.7, "delay": "30 s"})
    staffing = {"own": team(1, "mail"), "others": team(2, "mail", overflow={"mail": "45 s"})}
    log = lived({"mail": mail}, staffing, [30 * i for i in range(200)])
    assert set(log.contacts["outcome"]) == {Outcome.RESOLVED}
    assert log.turns["entity"].size == log.contacts["turns"].sum()
    assert np.all(log.turns["answered"] <= log.turns["ended"])


def test_one_row_for_two_channels_carries_as_each_of_them_does() -> None:
    row = Row(to={"mail": 1.0})
    config = centre({"phone": live(), "mail": deferred()}, {"team": team(1, "phone", "mail")},
                    integration={"level": 0.3, "same_channel": 0.9})  # fmt: skip
    rows = {name: {"any": (row,)} for name in ("phone", "mail")}
    config = config.changed(journeys=config.journeys.model_copy(update={"rows": rows}))
    assert isinstance(config, Configuration)
    tables = tables_of(config)
    assert [tables.hops.carries[tables.hops.row_of[c, 2, 0], 1] for c in range(2)] == [0.3, 0.9]

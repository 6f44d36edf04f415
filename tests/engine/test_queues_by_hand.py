"""Who goes first, who is rung for, who leaves at once, and what a wait does to a talk: days told by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.engine import simulate
from sim.errors import InputError
from sim.log.tables import Log
from sim.model import Outcome
from tests.extreme.small import centre, deferred, live, team, to

BOTH = ("phone", "chat")


def two_queues(phone: dict[str, Any], chat: dict[str, Any], times: dict[str, list[float]], **routing: Any) -> Log:
    """One agent for a phone and a chat; who comes when, in each."""
    streams = {name: {"times": at, "first_channel": {name: 1}} for name, at in times.items()}
    channels = {"phone": live(**phone), "chat": live(**chat)}
    return simulate(centre(channels, {"team": team(1, *BOTH)}, streams=streams, routing=routing), 1, 0)


def order(log: Log) -> list[tuple[str, float]]:
    """(channel, arrival) of the contacts in the order in which they were answered."""
    rows = zip(log.contacts["answered"], log.contacts["channel"], log.contacts["arrived"], strict=True)
    return [(log.channels[channel], float(arrived)) for _, channel, arrived in sorted(rows)]


class TestScores:
    TIMES: Any = {"phone": [0, 10], "chat": [40]}

    def test_a_channel_may_age_faster_than_the_others(self) -> None:
        """At 100 s the call has waited 90 s, the chat 60 s: 1.5 points a minute each, or 4 for the chat's minutes."""
        plain = two_queues({}, {}, self.TIMES, ageing_per_minute=1.5)
        assert order(plain) == [("phone", 0), ("phone", 10), ("chat", 40)]
        faster = two_queues({}, {"ageing_per_minute": 4}, self.TIMES, ageing_per_minute=1.5)
        assert order(faster) == [("phone", 0), ("chat", 40), ("phone", 10)]
        slower = two_queues({"ageing_per_minute": 0}, {}, self.TIMES, ageing_per_minute=1.5)
        assert order(slower) == [("phone", 0), ("chat", 40), ("phone", 10)]

    @pytest.mark.parametrize(("bonus", "first"), [({}, 60), ({"transfer_bonus": 0}, 50), ({"transfer_bonus": 1}, 60)])
    def test_a_channel_may_have_a_transfer_bonus_of_its_own(self, bonus: dict[str, Any], first: float) -> None:
        """A caller of 60 s who was handed on goes before one of 50 s who was not, unless the phone gives no bonus."""
        channels = {"phone": live(**bonus), "chat": live("1 s", failure=1, transfer=1)}
        streams = {
            "calls": {"times": [0, 50], "first_channel": {"phone": 1}},
            "chats": {"times": [59], "first_channel": {"chat": 1}},
        }
        staffing = {"callers": team(1), "chatters": team(1, "chat")}
        rows = {"chat": {"any": to("phone")}}
        log = simulate(centre(channels, staffing, streams=streams, rows=rows, routing={"transfer_bonus": 1}), 1, 0)
        calls = log.contacts["channel"] == 0
        waited = sorted(zip(log.contacts["answered"][calls], log.contacts["arrived"][calls], strict=True))
        assert waited[1] == (100, first)

    def test_ties_of_the_longest_queue(self) -> None:
        """One waits in each: the caller for longer, the chat with the higher priority."""
        times: Any = {"phone": [0, 10], "chat": [40]}
        for tie, first in (("longest_wait", ("phone", 10)), ("priority", ("chat", 40))):
            log = two_queues({}, {"priority": 1}, times, queue_rule="longest_queue", longest_queue_tie=tie)
            assert order(log)[1] == first

    def test_priority_decides_ties_alone(self) -> None:
        """Two callers and one chat wait: the longer queue goes first, whatever the chat's priority."""
        times: Any = {"phone": [0, 10, 20], "chat": [40]}
        log = two_queues({}, {"priority": 9}, times, queue_rule="longest_queue", longest_queue_tie="priority")
        assert order(log)[1] == ("phone", 10)


class TestRingsForDeferredWork:
    def mail(self, **more: Any) -> Log:
        """Two mails at 0 and 10 s, 100 s of work each, and 20 s of ring."""
        return simulate(centre({"mail": deferred(ring="20 s", **more)}, {"team": team(1, "mail")}, [0, 10]), 1, 0)

    def test_an_agent_is_rung_before_the_work_begins(self) -> None:
        log = self.mail()
        assert log.contacts["answered"].tolist() == [20, 140]
        assert log.turns["taken"].tolist() == [0, 120]

    def test_the_deadline_may_pass_during_the_ring(self) -> None:
        """The second is rung for from 120 s to 140 s and was due by 135 s; the first is answered in time."""
        log = self.mail(deadline="125 s")
        assert log.contacts["outcome"].tolist() == [Outcome.RESOLVED, Outcome.UNANSWERED]
        assert log.contacts["ended"].tolist() == [120, 135]
        assert log.turns["released"].tolist() == [120, 135]

    def test_stale_work_is_answered_though_the_deadline_passed_in_the_ring(self) -> None:
        log = self.mail(deadline="125 s", stale="answered")
        assert log.contacts["outcome"].tolist() == [Outcome.RESOLVED, Outcome.UNANSWERED]
        assert log.contacts["ended"].tolist() == [120, 135]
        assert log.turns["answered"].tolist() == [20, 140]
        assert log.turns["released"].tolist() == [120, 240]

    def test_stale_work_is_rung_for_too(self) -> None:
        """Past its deadline at 60 s, taken at 120 s, answered at 140 s."""
        log = self.mail(deadline="50 s", stale="answered")
        assert log.turns["answered"].tolist() == [20, 140]


class TestBalkingByNumber:
    def test_by_how_many_wait_in_the_channel(self) -> None:
        """Served, waits, waits; the fourth finds two and leaves. The chat has a queue of its own to count."""
        rule = {"by_waiting": [0, 0, 1]}
        times: Any = {"phone": [0, 1, 2, 3], "chat": [4, 5, 6]}
        log = two_queues({"balking": rule}, {"balking": rule}, times)
        by_channel = [[int(o) for o, c in zip(log.contacts["outcome"], log.contacts["channel"], strict=True) if c == k]
                      for k in (0, 1)]  # fmt: skip
        assert by_channel[0] == [Outcome.RESOLVED] * 3 + [Outcome.BALKED]
        assert by_channel[1] == [Outcome.RESOLVED] * 2 + [Outcome.BALKED]

    def test_nobody_balks_who_is_served_at_once(self) -> None:
        log = two_queues({"balking": {"by_waiting": [1]}}, {}, {"phone": [0, 50, 200], "chat": []})
        assert log.contacts["outcome"].tolist() == [Outcome.RESOLVED, Outcome.BALKED, Outcome.RESOLVED]

    def test_one_way_of_balking_at_a_time(self) -> None:
        with pytest.raises(InputError, match="by_waiting and probability exclude each other"):
            centre({"phone": live(balking={"by_waiting": [0.5], "probability": 0.1})}, {"team": team()})


class TestTalkThatGrows:
    def test_each_minute_of_waiting_adds_to_the_talk(self) -> None:
        """A tenth a minute: after waiting 60 s, 110 s; the next waits 150 s: 125 s; at most half as much again."""
        phone = live(talk_growth={"per_minute": 0.1, "at_most": 1.5}, wrap_up="10 s")
        log = simulate(centre({"phone": phone}, {"team": team()}, [0, 50, 80]), 1, 0)
        assert log.contacts["answered"].tolist() == pytest.approx([0, 110, 230])
        assert (log.contacts["ended"] - log.contacts["answered"]).tolist() == pytest.approx([100, 110, 125])

    def test_only_so_much(self) -> None:
        phone = live(talk_growth={"per_minute": 1, "at_most": 1.5})
        log = simulate(centre({"phone": phone}, {"team": team()}, [0, 10]), 1, 0)
        assert log.contacts["ended"].tolist() == [100, 250]

    def test_every_turn_by_its_own_wait(self) -> None:
        """Two threads of mail in turn: the work grows with the wait for this answer alone."""
        mail = deferred("60 s", talk_growth={"per_minute": 0.5}, turns={"probability": 0.9, "delay": "0 s"})
        log = simulate(centre({"mail": mail}, {"team": team(1, "mail")}, [0]), 1, 0)
        assert (log.turns["ended"] - log.turns["answered"]).tolist() == pytest.approx([60] * log.turns["turn"].size)

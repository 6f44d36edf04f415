"""Whole-number times full of ties: simultaneous events have the written order (MODEL section 10).

Shift start, shift end, service and wrap-up end, timers (overflow, then time-out, then closing), patience and deadlines,
arrivals; within a kind by (stream, customer, contact, turn). At one event: release, dispatch, then route the zero-delay
hop. The order of keys in a file decides nothing.
"""

from __future__ import annotations

from typing import Any

import pytest

from sim.coded.order import CONTACT_BITS, SUBJECT_BITS, TURN_BITS, WHAT_BITS, Kind, first, of_agent, of_pool, second
from sim.engine.simpy import clock
from sim.model import Configuration
from tests.invariants.watched import watch

from .small import answered, centre, contacts, deferred, live, lived, outcomes, team, to, web

TWICE = {"max_contacts": 2}


def on_shift(*spans: tuple[str, str]) -> dict[str, Any]:
    """Named agents, one a span."""
    return {"shifts": [{"start": a, "end": b, "agents": 1} for a, b in spans], "serves": {"phone": 1}}


def patient(seconds: int) -> dict[str, Any]:
    """Constant patience."""
    return {"law": "constant", "mean": f"{seconds} s"}


class TestKinds:
    def test_a_shift_starts_before_a_contact_arrives(self) -> None:
        assert answered(lived(centre({"phone": live()}, {"team": on_shift(("08:00", "09:00"))}, [28800]))) == [28800]

    def test_a_shift_starts_before_a_call_ends(self) -> None:
        """At 09:00 agent 1 comes and agent 0 is free again: agent 1 takes the waiting call."""
        config = centre({"phone": live()}, {"team": on_shift(("08:00", "10:00"), ("09:00", "10:00"))}, [32300, 32350])
        assert [(c.answered, c.agent) for c in lived(config)] == [(32300, 0), (32400, 1)]

    def test_a_shift_ends_before_a_call_ends(self) -> None:
        """The call ends with the shift: its agent takes no other, and works no overtime."""
        config = centre({"phone": live()}, {"team": on_shift(("08:00", "09:00"))}, [32300, 32350])
        assert answered(lived(config)) == [32300, 28800 + 86400]

    def test_a_shift_ends_before_a_contact_arrives(self) -> None:
        config = centre({"phone": live()}, {"team": on_shift(("08:00", "09:00"))}, [32400])
        assert answered(lived(config)) == [28800 + 86400]

    def test_a_call_ends_before_patience_does(self) -> None:
        assert answered(lived(centre({"phone": live(patience=patient(90))}, {"team": team()}, [0, 10]))) == [0, 100]

    def test_wrap_up_ends_before_patience_does(self) -> None:
        phone = live(wrap_up="20 s", patience=patient(110))
        assert answered(lived(centre({"phone": phone}, {"team": team()}, [0, 10]))) == [0, 120]

    def test_a_call_ends_before_the_doors_close(self) -> None:
        phone = live(hours={"mon": "00:00-01:00"}, at_closing="clear")
        assert outcomes(lived(centre({"phone": phone}, {"team": team()}, [3500, 3550]))) == ["resolved", "resolved"]

    def test_the_doors_close_before_patience_ends(self) -> None:
        phone = live("2 h", hours={"mon": "00:00-01:00"}, at_closing="clear", patience=patient(50))
        assert outcomes(lived(centre({"phone": phone}, {"team": team()}, [3500, 3550]))) == ["resolved", "closed"]

    def test_patience_ends_before_a_contact_arrives(self) -> None:
        """The only place is free again for who comes at the instant at which another leaves."""
        phone = live("1 h", places=1, patience=patient(100))
        assert outcomes(lived(centre({"phone": phone}, {"team": team()}, [0, 10, 110]))) == [
            "resolved", "abandoned", "abandoned",
        ]  # fmt: skip

    def test_a_call_ends_before_a_contact_arrives(self) -> None:
        phone = live(places=0)
        assert outcomes(lived(centre({"phone": phone}, {"team": team()}, [0, 100, 200]))) == ["resolved"] * 3

    def test_a_session_ends_before_another_begins(self) -> None:
        assert outcomes(lived(centre({"web": web(ports=1)}, {}, [0, 100, 200]))) == ["resolved"] * 3

    def test_a_deadline_ends_after_work_does(self) -> None:
        mail = deferred(deadline=patient(90))
        assert outcomes(lived(centre({"mail": mail}, {"team": team(1, "mail")}, [0, 10]))) == ["resolved", "resolved"]

    def test_the_window_ends_after_everything_else(self) -> None:
        """At the instant of the cut the call is over and the next is answered."""
        seen = lived(centre({"phone": live("1 h")}, {"team": team()}, [0, 10], run={"measure": "1 h", "end": "cut"}))
        assert outcomes(seen) == ["resolved", "open"]
        assert answered(seen) == [0, 3600]

    def test_all_kinds_in_order(self) -> None:
        names = [
            "shift_start", "shift_end", "release", "overflow", "time_out", "closing", "sent_away", "patience", "reply",
            "arrival", "run_end",
        ]  # fmt: skip
        assert [kind.name.lower() for kind in sorted(Kind)] == names
        kinds = [getattr(clock, name.upper()) for name in names]
        assert kinds == sorted(kinds)
        assert min(kinds) > 1  # SimPy's own are 0 and 1

    def test_a_key_fits_two_integers_and_keeps_its_order(self) -> None:
        """Kind and subject in one of 64 bits with a sign, contact, turn and what the timer does in another."""
        most = first(max(Kind), 2**SUBJECT_BITS - 1), second(2**CONTACT_BITS - 1, 2**TURN_BITS - 1, 2**WHAT_BITS - 1)
        assert max(most) < 2**63
        subjects = (0, of_pool(0), of_agent(0, 0), of_agent(0, 2**20), of_pool(1), 2**SUBJECT_BITS - 1)
        few = (0, 1, 2**8 - 1)
        keys = [(first(kind, subject), second(contact, turn, what)) for kind in Kind for subject in subjects
                for contact in few for turn in few for what in few]  # fmt: skip
        assert keys == sorted(set(keys))

    def test_help_comes_before_the_company_ends_the_wait(self) -> None:
        """At 70 both are due: the helper takes the call."""
        phone = live("1 h", queue_timeout="1 min")
        staffing = {"own": team(1), "helpers": team(1, overflow={"phone": "1 min"})}
        assert outcomes(lived(centre({"phone": phone}, staffing, [0, 10]))) == ["resolved", "resolved"]

    def test_the_company_ends_a_wait_before_the_customer_does(self) -> None:
        """A time-out of the very length of patience; a shorter patience still comes first."""
        phone = live("1 h", queue_timeout="1 min", patience=patient(60))
        assert outcomes(lived(centre({"phone": phone}, {"team": team()}, [0, 10]))) == ["resolved", "timed_out"]
        phone = live("1 h", queue_timeout="1 min", patience=patient(59))
        assert outcomes(lived(centre({"phone": phone}, {"team": team()}, [0, 10]))) == ["resolved", "abandoned"]

    def test_the_company_ends_a_wait_before_the_doors_close(self) -> None:
        phone = live("2 h", hours={"mon": "00:00-01:00"}, at_closing="clear", queue_timeout="50 s")
        assert outcomes(lived(centre({"phone": phone}, {"team": team()}, [3500, 3550]))) == ["resolved", "timed_out"]

    def test_help_comes_before_the_doors_close(self) -> None:
        phone = live("2 h", hours={"mon": "00:00-01:00"}, at_closing="clear")
        staffing = {"own": team(1), "helpers": team(1, overflow={"phone": "50 s"})}
        assert outcomes(lived(centre({"phone": phone}, staffing, [3500, 3550]))) == ["resolved", "resolved"]

    def test_all_doors_close_before_anybody_goes_on(self) -> None:
        """Both queues are cleared at 01:00; who is sent away from the phone finds the chat's only place free."""
        closing = {"hours": {"mon": "00:00-01:00"}, "at_closing": "clear"}
        channels = {"phone": live("2 h", **closing), "chat": live("2 h", **closing), "line": live("2 h", places=1)}
        rows = {"phone": {"any": to("line")}, "chat": {"any": to("line")}}
        streams = {
            "calls": {"times": [0, 10], "first_channel": {"phone": 1}},
            "chats": {"times": [0, 10], "first_channel": {"chat": 1}},
            "busy": {"times": [0], "first_channel": {"line": 1}},
        }
        staffing = {name: team(1, name) for name in channels}
        for order in (list(channels), list(channels)[::-1]):
            config = centre({name: channels[name] for name in order}, staffing, streams=streams, rows=rows)
            assert [(c.who, c.channel, c.outcome.name) for c in lived(config) if c.number == 2] == [
                (1, "line", "RESOLVED"), (3, "line", "BLOCKED"),
            ]  # fmt: skip


class TestWithinAKind:
    def test_calls_end_in_the_order_of_their_customers(self) -> None:
        """Both end at 100. Stream 0's customer sits with agent 1, who therefore takes the longest waiting call."""
        channels = {"phone": live("90 s"), "chat": live("100 s")}
        streams = {
            "calls": {"times": [10, 20, 30]},
            "chats": {"times": [0], "first_channel": {"chat": 1}},
        }
        seen = lived(centre(channels, {"team": team(2, "phone", "chat")}, streams=streams))
        assert [(c.channel, c.answered, c.agent) for c in seen] == [
            ("phone", 10, 1), ("phone", 100, 1), ("phone", 100, 0), ("chat", 0, 0),
        ]  # fmt: skip

    def test_patience_ends_in_the_order_of_customers(self) -> None:
        """Both leave at 200 and are blocked or not from a chat of one place: the first customer has it.

        Customer 0 came later than customer 1 (replayed times are numbered as listed).
        """
        channels = {
            "phone": live(patience=patient(100)),
            "chat": live(places=1),
            "line": live(patience=patient(50)),
        }
        streams = {
            "late": {"times": [150], "first_channel": {"line": 1}},
            "early": {"times": [100]},
            "busy": {"times": [0], "first_channel": {"chat": 1}},
        }
        rows = {"phone": {"any": to("chat")}, "line": {"any": to("chat")}, "chat": {"any": to("give_up")}}
        staffing = {"none": team(0, "phone", "line"), "one": team(1, "chat")}
        channels["chat"]["service"] = "1000 s"
        seen = lived(centre(channels, staffing, streams=streams, rows=rows))
        assert [(c.who, c.channel, c.outcome.name) for c in seen] == [
            (0, "line", "ABANDONED"), (0, "chat", "RESOLVED"), (1, "phone", "ABANDONED"), (1, "chat", "BLOCKED"),
            (2, "chat", "RESOLVED"),
        ]  # fmt: skip

    def test_contacts_arrive_by_stream_then_customer(self) -> None:
        streams = {"first": {"times": [50, 50]}, "second": {"times": [50, 50]}}
        assert answered(lived(centre({"phone": live()}, {"team": team()}, streams=streams))) == [50, 150, 250, 350]

    @pytest.mark.parametrize("listed", [[0, 110], [110, 0]])
    def test_a_redial_and_an_arrival_go_by_customer(self, listed: list[float]) -> None:
        """At 110 the customer of time 0 calls again while another calls first: the lower number is answered first."""
        rows = {"phone": {"any": to("phone", delay="10 s")}}
        config = centre({"phone": live(failure=1.0)}, {"team": team()}, listed, rows=rows, journeys=TWICE)
        seen = [(c.who, c.answered) for c in lived(config) if c.arrived == 110]
        assert seen == [(0, 110), (1, 210)]

    def test_level_contacts_of_two_queues_go_by_customer(self) -> None:
        """Equal score, equal waiting since 50: stream 0's chat before stream 1's call, whatever the channels' order."""
        channels = {"phone": live(), "chat": live()}
        streams = {
            "a": {"times": [50], "first_channel": {"chat": 1}},
            "b": {"times": [50, 0]},
        }
        seen = lived(centre(channels, {"team": team(1, "phone", "chat")}, streams=streams))
        assert [(c.channel, c.answered) for c in seen] == [("chat", 100), ("phone", 200), ("phone", 0)]


class TestTheOrderInTheFile:
    @pytest.mark.parametrize("names", [("a", "b", "own"), ("own", "b", "a"), ("b", "own", "a")])
    def test_of_groups_that_help_out_at_once_the_longest_idle_agent_helps(self, names: tuple[str, ...]) -> None:
        """Agent b has been idle since 0, agent a, who served a chat, since 30: b takes the call at 60."""
        teams = {
            "own": team(1),
            "a": team(1, "chat", "phone", overflow={"phone": "50 s"}),
            "b": team(1, overflow={"phone": "50 s"}),
        }
        streams = {
            "calls": {"times": [0, 10]},
            "chats": {"times": [0], "first_channel": {"chat": 1}},
        }
        channels = {"phone": live("1 h"), "chat": live("30 s")}
        config = centre(channels, {name: teams[name] for name in names}, streams=streams)
        helped = [c for c in lived(config) if c.answered == 60]
        assert [names[c.agent] for c in helped] == ["b"]

    def test_preferred_helpers_come_first(self) -> None:
        teams = {"own": team(1), "a": team(1, overflow={"phone": "50 s"}), "b": team(1, overflow={"phone": "50 s"})}
        phone = live("1 h", prefer={"own": 1, "b": 2, "a": 3})
        assert [c.agent for c in lived(centre({"phone": phone}, teams, [0, 10]))] == [0, 2]

    @pytest.mark.parametrize("names", [("counted", "shifts"), ("shifts", "counted")])
    def test_groups_that_start_together_start_by_name(self, names: tuple[str, ...]) -> None:
        """Two calls wait at 09:00, when a count rises from 0 to 1 and a shift begins: `counted` takes the first."""
        teams = {"counted": team(1, profile=[0] * 9 + [1] * 15), "shifts": on_shift(("09:00", "24:00"))}
        config = centre({"phone": live("1 h")}, {name: teams[name] for name in names}, [32000, 32010])
        assert [(c.answered, names[c.agent]) for c in lived(config)] == [(32400, "counted"), (32400, "shifts")]

    def test_groups_that_are_idle_alike_go_by_name(self) -> None:
        for names in (("a", "b"), ("b", "a")):
            config = centre({"phone": live("1 h")}, {name: team(1) for name in names}, [0, 10])
            assert [names[c.agent] for c in lived(config)] == ["a", "b"]

    def test_a_lattice_is_the_same_whatever_the_order_of_groups(self) -> None:
        lives = []
        for names in (("one", "two", "three"), ("three", "two", "one"), ("two", "three", "one")):
            config = lattice({name: LATTICE_TEAMS[name] for name in names})
            log = watch(config)[1]
            group = [names[log.agent_pool[c.agent]] if c.agent >= 0 else "" for c in contacts(log)]
            lives.append([(c._replace(agent=0), who) for c, who in zip(contacts(log), group, strict=True)])
        assert repr(lives[0]) == repr(lives[1]) == repr(lives[2])


class TestOneEvent:
    def test_release_then_dispatch_then_the_zero_delay_hop(self) -> None:
        """At 100 a failed call is redialled at once: the waiting caller is taken first, the redial queues last."""
        rows = {"phone": {"any": to("phone")}}
        config = centre({"phone": live(failure=1.0)}, {"team": team()}, [0, 10, 20], rows=rows, journeys=TWICE)
        assert [(c.who, c.number, c.arrived, c.answered) for c in lived(config)] == [
            (0, 1, 0, 0), (0, 2, 100, 300), (1, 1, 10, 100), (1, 2, 200, 400), (2, 1, 20, 200), (2, 2, 300, 500),
        ]  # fmt: skip

    def test_a_zero_delay_hop_finds_the_line_it_has_left(self) -> None:
        rows = {"phone": {"any": to("phone")}}
        config = centre({"phone": live(failure=1.0, lines=1)}, {"team": team()}, [0], rows=rows, journeys=TWICE)
        assert outcomes(lived(config)) == ["failed"] * 2

    def test_a_zero_delay_hop_goes_before_what_arrives_then(self) -> None:
        """At 100 a session is handed to the phone, before the call that arrives at 100."""
        streams = {"calls": {"times": [100], "first_channel": {"phone": 1}}, "visits": {"times": [0]}}
        config = centre({"web": web(failure=1.0), "phone": live()}, {"team": team()}, streams=streams,
                        rows={"web": {"any": to("phone")}})  # fmt: skip
        assert [(c.channel, c.answered) for c in lived(config)] == [("phone", 200), ("web", 0), ("phone", 100)]

    def test_work_of_no_length_is_over_before_the_next_arrival(self) -> None:
        phone = live("0 s", places=0)
        assert outcomes(lived(centre({"phone": phone}, {"team": team()}, [5, 5, 5]))) == ["resolved"] * 3

    def test_dispatch_after_each_release_of_many_at_once(self) -> None:
        """Three calls end at 100, five wait: customers are taken in order, agents in the order of release."""
        config = centre({"phone": live()}, {"team": team(3)}, [0, 0, 0, 0, 0, 0, 0, 0])
        assert [(c.answered, c.agent) for c in lived(config)] == [
            (0, 0), (0, 1), (0, 2), (100, 0), (100, 1), (100, 2), (200, 0), (200, 1),
        ]  # fmt: skip


LATTICE_TEAMS = {
    "one": team(2, "phone", "chat"),
    "two": team(2, "mail", "chat", profile=[1, 2] * 48),
    "three": team(1, "phone", "mail", overflow={"phone": "20 s"}),
}


def lattice(teams: dict[str, Any]) -> Configuration:
    """A centre on a grid of 10 s in which most events are simultaneous with others."""
    channels = {
        "web": web("20 s", ports=8, failure=0.5),
        "phone": live("40 s", wrap_up="10 s", patience=patient(90), failure=0.5, redial_patience="remaining"),
        "chat": live("30 s", patience=patient(20), lines=4, failure=0.5),
        "mail": deferred("50 s", deadline=patient(100), stale="answered", failure=0.3),
    }
    third = {"phone": 0.4, "chat": 0.3, "mail": 0.2, "give_up": 0.1}
    times = [10 * (i * i % 60) for i in range(120)]
    return centre(
        channels,
        teams,
        rows={name: {"any": {"to": third, "delay_to": {"mail": "10 s"}}} for name in channels},
        streams={name: {"times": times, "first_channel": {"web": 0.4, "phone": 0.6}} for name in ("a", "b")},
        journeys={"max_contacts": 5},
    )


def test_on_a_lattice_streams_of_the_same_times_keep_their_order() -> None:
    """In every queue, contacts that joined at the same instant as new customers are answered by (stream, customer)."""
    seen = [c for c in lived(lattice(LATTICE_TEAMS)) if c.number == 1 and c.answered > c.arrived]
    assert len(seen) > 10
    for one in seen:
        for other in seen:
            if (one.channel, one.arrived) == (other.channel, other.arrived) and one.who < other.who:
                assert one.answered <= other.answered

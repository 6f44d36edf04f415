"""Deterministic: constant times, so that every answer can be added up by hand (customers are numbered from 0)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.engine import simulate
from sim.log.tables import Log
from sim.model import End
from tests.invariants.watched import watch

from .small import NAN, answered, centre, contacts, deferred, ends, live, lived, outcomes, same, team, to, web


def counts(*values: float, **more: Any) -> dict[str, Any]:
    """A pool of these many agents in the half hours of the day, none afterwards."""
    by_interval = {"interval": "30 min", "values": [*values, *[0] * (48 - len(values))]}
    return {"counts": by_interval, "serves": {"phone": 1}} | more


def spells(log: Log) -> list[tuple[int, float, float, float]]:
    """(agent, start, end, released) of the first day's duties."""
    rows = zip(*(log.duties[name].tolist() for name in ("agent", "start", "end", "released")), strict=True)
    return [row for row in rows if row[1] < 86400]


class TestService:
    def test_wrap_up_holds_the_agent_and_not_the_customer(self) -> None:
        log = simulate(centre({"phone": live("100 s", wrap_up="30 s")}, {"team": team()}, [0, 10]), 1, 0)
        assert [contact.times for contact in contacts(log)] == [(0, 0, 100, 130), (10, 130, 230, 260)]
        assert ends(log) == [(100, End.RESOLVED), (230, End.RESOLVED)]

    def test_first_come_first_served_over_two_agents(self) -> None:
        seen = lived(centre({"phone": live()}, {"team": team(2)}, [0, 10, 20, 30, 40]))
        assert [(c.answered, c.agent) for c in seen] == [(0, 0), (10, 1), (100, 0), (110, 1), (200, 0)]

    def test_service_factors_go_by_the_interval_of_arrival(self) -> None:
        factors = {"interval": "12 h", "values": [1, 2]}
        phone = live(wrap_up="10 s", service_factors=factors)
        seen = lived(centre({"phone": phone}, {"team": team()}, [43150, 43190, 43200]))
        assert [c.ended - c.answered for c in seen] == [100, 100, 200]
        assert [c.released - c.ended for c in seen] == [10, 10, 20]

    def test_deferred_work_waits_for_staff_and_is_accepted_at_any_hour(self) -> None:
        mail = deferred("10 min", hours={"mon-fri": "09:00-17:00"})
        shift = {"start": "09:00", "end": "17:00", "agents": 1}
        config = centre({"mail": mail}, {"team": {"shifts": [shift], "serves": {"mail": 1}}}, [3600, 3700])
        assert answered(lived(config)) == [9 * 3600, 9 * 3600 + 600]


class TestStaff:
    def test_who_holds_a_call_at_the_end_of_the_shift_finishes_it(self) -> None:
        """The next call waits until the shift of the next day."""
        shift = {"start": "08:00", "end": "09:00", "agents": 1}
        phone = live("10 min", wrap_up="1 min")
        staffing = {"team": {"shifts": [shift], "serves": {"phone": 1}}}
        log = simulate(centre({"phone": phone}, staffing, [32100, 32200]), 1, 0)
        first, second = contacts(log)
        assert first.times == (32100, 32100, 32700, 32760)
        assert second.times == (32200, 115200, 115800, 115860)
        assert spells(log) == [(0, 28800, 32400, 32760)]

    def test_a_count_that_falls_sends_the_idle_home_first(self) -> None:
        """At 1800 agent 0 is idle and agent 1 is busy: agent 0 goes; agent 1 takes the next call."""
        config = centre({"phone": live("1000 s")}, {"team": counts(2, 1)}, [0, 850, 1900])
        assert [(c.answered, c.agent) for c in lived(config)] == [(0, 0), (850, 1), (1900, 1)]

    def test_a_count_that_falls_on_busy_agents_sends_the_highest_home_after_its_call(self) -> None:
        config = centre({"phone": live("1000 s")}, {"team": counts(2, 1)}, [1000, 1100, 1200, 1300])
        log = simulate(config, 1, 0)
        assert [(c.answered, c.agent) for c in contacts(log)] == [(1000, 0), (1100, 1), (2000, 0), (3000, 0)]
        assert spells(log) == [(0, 0, 3600, 4000), (1, 0, 1800, 2100)]

    def test_a_count_that_rises_calls_back_who_is_still_finishing(self) -> None:
        """Agent 1 is surplus at 1800 and on duty again at 3600, in the same call: it is over capacity at no time.

        Both are surplus at 5400; what they then hold they finish.
        """
        config = centre({"phone": live("2500 s")}, {"team": counts(2, 1, 2)}, [1000, 1100, 3500, 3700])
        log = simulate(config, 1, 0)
        assert [(c.answered, c.agent) for c in contacts(log)] == [(1000, 0), (1100, 1), (3500, 0), (3700, 1)]
        assert spells(log) == [(0, 0, 5400, 6000), (1, 0, 1800, 3600), (1, 3600, 5400, 6200)]

    def test_a_break_is_taken_after_the_call_and_keeps_its_length(self) -> None:
        shift = {"start": "08:00", "end": "10:00", "agents": 1, "breaks": [{"start": "08:30", "end": "08:45"}]}
        staffing = {"team": {"shifts": [shift], "serves": {"phone": 1}}}
        assert answered(lived(centre({"phone": live("10 min")}, staffing, [30300, 30310]))) == [30300, 31800]

    def test_shifts_that_meet_at_midnight_are_one_spell_of_duty(self) -> None:
        shift = {"start": "00:00", "end": "24:00", "agents": 1}
        config = centre({"phone": live()}, {"team": {"shifts": [shift], "serves": {"phone": 1}}},
                        [10, 86350, 86500, 86550], run={"measure": "3 d"})  # fmt: skip
        log = simulate(config, 1, 0)
        assert [(c.answered, c.agent) for c in contacts(log)] == [(10, 0), (86350, 0), (86500, 0), (86600, 0)]
        assert (log.duties["start"].tolist(), log.duties["end"].tolist()) == ([0], [259200])

    def test_a_break_goes_on_over_the_midnight_at_which_shifts_meet(self) -> None:
        """The call of 23:35 delays the break of 23:40 to 23:55: until 00:05 nobody takes the calls of 23:58 and 00:01,
        on the second day as on the first."""
        shift = {"start": "00:00", "end": "24:00", "agents": 1, "breaks": [{"start": "23:40", "end": "23:50"}]}
        staffing = {"team": {"shifts": [shift], "serves": {"phone": 1}}}
        config = centre({"phone": live("20 min")}, staffing, [84900, 86280, 86460], run={"measure": "2 d"})
        _, log = watch(config)
        assert answered(contacts(log)) == [84900, 86700, 87900]
        assert log.duties["start"].tolist() == [0, 86700, 172200]
        assert log.duties["end"].tolist() == [86100, 171600, 172800]

    def test_a_break_due_at_midnight_is_taken_after_the_call(self) -> None:
        """The call of 23:45 lasts until 00:05; the five minutes of 23:50 are taken then."""
        shift = {"start": "00:00", "end": "24:00", "agents": 1, "breaks": [{"start": "23:50", "end": "23:55"}]}
        staffing = {"team": {"shifts": [shift], "serves": {"phone": 1}}}
        config = centre({"phone": live("20 min")}, staffing, [85500, 86500], run={"measure": "36 h"})
        _, log = watch(config)
        assert answered(contacts(log)) == [85500, 87000]

    def test_only_the_days_of_the_shift_are_worked(self) -> None:
        shift = {"start": "00:00", "end": "24:00", "agents": 1, "days": "mon,wed"}
        config = centre({"phone": live()}, {"team": {"shifts": [shift], "serves": {"phone": 1}}},
                        [86400, 2 * 86400 + 5], run={"measure": "4 d"})  # fmt: skip
        assert answered(lived(config)) == [172800, 172900]


class TestRouting:
    def test_longest_idle_agent(self) -> None:
        """Freed at 10, 11 and 12; agent 2 rests while 0 and 1 work again, so the call at 40 is for 2."""
        seen = lived(centre({"phone": live("10 s")}, {"team": team(3)}, [0, 1, 2, 20, 21, 40, 41, 42, 60]))
        assert [contact.agent for contact in seen] == [0, 1, 2, 0, 1, 2, 0, 1, 2]

    def test_idleness_counts_from_the_end_of_wrap_up_and_from_the_start_of_duty(self) -> None:
        """Agent 0 is free from 140 on, agent 1 from 130 on."""
        channels = {"phone": live("100 s", wrap_up="40 s"), "chat": live("80 s")}
        streams = {"a": {"times": [0, 200]}, "b": {"times": [50], "first_channel": {"chat": 1}}}
        seen = lived(centre(channels, {"team": team(2, "phone", "chat")}, streams=streams))
        assert [(c.channel, c.arrived, c.agent) for c in seen] == [("phone", 0, 0), ("phone", 200, 1), ("chat", 50, 1)]

    def test_a_contact_prefers_its_pools_in_tiers(self) -> None:
        phone = live(prefer={"second": 2, "first": 1})  # `others` is named last, below all that are named
        staffing = {"others": team(1), "second": team(1), "first": team(1)}
        seen = lived(centre({"phone": phone}, staffing, [0, 1, 2, 3, 100, 101, 102]))
        assert [contact.agent for contact in seen] == [2, 1, 0, 2, 1, 0, 2]

    def test_pools_of_equal_preference_form_one_set(self) -> None:
        """The longest idle of both pools: agent 0 worked until 10, so 1 takes the call at 20, then 0."""
        phone = live("10 s", prefer={"one": 1, "two": 1})
        seen = lived(centre({"phone": phone}, {"one": team(1), "two": team(1)}, [0, 20, 30]))
        assert [contact.agent for contact in seen] == [0, 1, 0]

    def test_without_preferences_all_pools_form_one_set(self) -> None:
        seen = lived(centre({"phone": live("10 s")}, {"one": team(1), "two": team(1)}, [0, 20, 30]))
        assert [contact.agent for contact in seen] == [0, 1, 0]

    def test_an_agents_rank_goes_before_priority_and_waiting(self) -> None:
        """Ranks: mail first, although the call waits longer and has a higher base score."""
        channels = {"phone": live(priority=100), "mail": deferred(hours="always")}
        streams = {"calls": {"times": [0, 10]}, "mails": {"times": [50], "first_channel": {"mail": 1}}}
        staffing = {"team": {"agents": 1, "serves": {"mail": 1, "phone": 2}}}
        seen = lived(centre(channels, staffing, streams=streams))
        assert [(c.channel, c.answered) for c in seen] == [("phone", 0), ("phone", 200), ("mail", 100)]

    def test_at_equal_rank_priority_decides_then_waiting(self) -> None:
        channels = {"phone": live(), "chat": live(priority=1)}
        streams = {"calls": {"times": [0, 10, 20]}, "chats": {"times": [60, 50], "first_channel": {"chat": 1}}}
        seen = lived(centre(channels, {"team": team(1, "phone", "chat")}, streams=streams))
        assert [(c.channel, c.arrived, c.answered) for c in seen] == [
            ("phone", 0, 0), ("phone", 10, 300), ("phone", 20, 400), ("chat", 60, 200), ("chat", 50, 100),
        ]  # fmt: skip

    @pytest.mark.parametrize(("high_comes", "high_is_answered"), [(999, 2000), (599, 1000), (600, 2000), (601, 2000)])
    def test_priority_with_ageing(self, high_comes: float, high_is_answered: float) -> None:
        """A score of 600 against a point a second: a low one that came 600 s earlier is level, and then goes first."""
        customers = {"reasons": {"low": {"share": 1}, "high": {"share": 1, "priority": 600}}}
        mixes = {"low": {"low": 1.0}, "high": {"high": 1.0}}
        segments = {s: {"share": 0.5, "first_channel": {"phone": 1}, "reasons": mix} for s, mix in mixes.items()}
        streams = {
            "early": {"times": [0], "segments": {"low": 1}, "first_channel": {"phone": 1}},
            "low": {"times": [0], "segments": {"low": 1}},
            "high": {"times": [high_comes], "segments": {"high": 1}},
        }
        config = centre({"phone": live("1000 s")}, {"team": team()}, streams=streams,
                        customers=customers | {"segments": segments}, routing={"ageing_per_minute": 60})  # fmt: skip
        seen = lived(config)
        assert answered(seen) == [0, 3000 - high_is_answered, high_is_answered]

    def test_segments_and_channels_add_to_the_score(self) -> None:
        segments = {
            "gold": {"share": 0.5, "first_channel": {"phone": 1}, "priority": 5},
            "plain": {"share": 0.5, "first_channel": {"phone": 1}},
        }
        streams = {
            "plain": {"times": [0, 10], "segments": {"plain": 1}},
            "gold": {"times": [50], "segments": {"gold": 1}},
        }
        config = centre({"phone": live()}, {"team": team()}, streams=streams, customers={"segments": segments})
        assert answered(lived(config)) == [0, 200, 100]


class TestRoom:
    def test_places_count_those_who_wait(self) -> None:
        seen = lived(centre({"phone": live(places=1)}, {"team": team()}, [0, 10, 20, 110, 120]))
        assert outcomes(seen) == ["resolved", "resolved", "blocked", "resolved", "blocked"]

    def test_lines_count_those_who_wait_or_talk_and_wrap_up_frees_them(self) -> None:
        """Two lines, one agent, wrap-up of 50 s: at 100 the first line is free, although the agent is not."""
        seen = lived(centre({"phone": live(lines=2, wrap_up="50 s")}, {"team": team()}, [0, 10, 20, 100, 101]))
        assert outcomes(seen) == ["resolved", "resolved", "blocked", "resolved", "blocked"]

    def test_who_meets_a_channel_in_front_gives_back_the_line(self) -> None:
        """Put through from chat to the phone on the same single line, the customer meets the bot before it, which is on
        other lines: the next chat finds the line free."""
        channels = {
            "chat": live("100 s", failure=1, transfer=0), "phone": live("100 s"),
            "bot": web("1 h", in_front_of={"phone": 1}), "ivr": web(),
        }  # fmt: skip
        groups = {"one": {"channels": ["chat", "phone"], "lines": 1}, "two": {"channels": ["bot", "ivr"], "lines": 9}}
        rows = {"chat": {"any": to("phone")}}
        staffing = {"team": team(2, "chat", "phone")}
        config = centre(channels, staffing, [0, 200], rows=rows, routing={"line_groups": groups})
        simulation, log = watch(config)
        assert [(c.channel, c.arrived, c.answered) for c in contacts(log)] == [
            ("chat", 0, 0), ("bot", 100, 100), ("chat", 200, 200), ("bot", 300, 300),
        ]  # fmt: skip
        trunks = [place.trunk for place in simulation.stations if place.trunk is not None]
        assert [trunk.connected for trunk in trunks] == [0] * 4

    def test_a_line_is_freed_however_the_contact_ends(self) -> None:
        """Served after a wait (patient or not), abandoned, sent away at closing: each time the next one gets in."""
        phone = live(lines=2, patience={"law": "constant", "mean": "50 s"})
        seen = lived(centre({"phone": phone}, {"team": team()}, [0, 60, 160, 170, 230, 285, 290, 400]))
        served, left, full = "resolved", "abandoned", "blocked"
        assert outcomes(seen) == [served, served, served, full, left, served, full, served]
        patient = lived(centre({"phone": live(lines=2)}, {"team": team()}, [0, 10, 150, 160, 250, 350]))
        assert outcomes(patient) == ["resolved", "resolved", "resolved", "blocked", "resolved", "resolved"]
        hours = {"mon,tue": "08:00-09:00"}
        closing = live("20 min", lines=2, at_closing="clear", hours=hours)
        times = [30600, 31000, 32000, 115200, 115300]
        config = centre({"phone": closing}, {"team": team()}, times, run={"measure": "2 d"})
        assert outcomes(lived(config)) == ["resolved", "resolved", "closed", "resolved", "resolved"]

    def test_ports_are_shared_by_sessions(self) -> None:
        seen = lived(centre({"web": web(ports=2)}, {}, [0, 50, 99, 100, 149, 150]))
        assert outcomes(seen) == ["resolved", "resolved", "blocked", "resolved", "blocked", "resolved"]

    @pytest.mark.parametrize(
        ("threshold", "third"), [("150 s", "balked"), ("199 s", "balked"), ("200 s", "resolved"), ("5 min", "resolved")]
    )
    def test_balking_on_the_expected_wait(self, threshold: str, third: str) -> None:
        """The second expects (0 + 1) x 100 s and stays; the third expects 200 s."""
        phone = live(balking={"probability": 1, "threshold": threshold})
        seen = lived(centre({"phone": phone}, {"team": team()}, [0, 10, 20]))
        assert outcomes(seen) == ["resolved", "resolved", third]

    def test_the_expected_wait_counts_wrap_up_rival_queues_and_all_agents(self) -> None:
        """Two agents, mean handle time 120 s; one mail and one call wait: (2 + 1) x 120 / 2 = 180 s."""
        for threshold, outcome in (("179 s", "balked"), ("180 s", "resolved")):
            channels = {"mail": deferred("1000 s"), "phone": live(wrap_up="20 s")}
            channels["phone"]["balking"] = {"probability": 1, "threshold": threshold}
            streams = {"mails": {"times": [0, 0, 0]}, "calls": {"times": [5, 6], "first_channel": {"phone": 1}}}
            seen = lived(centre(channels, {"team": team(2, "mail", "phone")}, streams=streams))
            assert outcomes(seen)[-1] == outcome

    def test_an_unstaffed_queue_has_an_unbearable_wait(self) -> None:
        phone = live(balking={"probability": 1, "threshold": "10 h"})
        assert outcomes(lived(centre({"phone": phone}, {"team": team(0)}, [0]))) == ["balked"]


class TestHours:
    HOURS = {"mon": "08:00-09:00"}

    def test_closed_on_the_left_of_opening_and_on_closing(self) -> None:
        seen = lived(centre({"phone": live(hours=self.HOURS)}, {"team": team()}, [28799, 28800, 32399, 32400]))
        assert outcomes(seen) == ["closed", "resolved", "resolved", "closed"]

    @pytest.mark.parametrize(("rule", "outcome", "end"), [("serve", "resolved", 32520), ("clear", "closed", 32400)])
    def test_the_queue_at_closing(self, rule: str, outcome: str, end: float) -> None:
        """At 09:00 one is being served and finishes; one waits, and is served after hours or sent away."""
        config = centre({"phone": live(hours=self.HOURS, at_closing=rule)}, {"team": team()}, [32320, 32330, 32400])
        seen = lived(config)
        assert outcomes(seen) == ["resolved", outcome, "closed"]
        assert seen[1].ended == end

    def test_who_is_sent_away_goes_on_by_the_row_closed(self) -> None:
        config = centre({"phone": live(hours=self.HOURS, at_closing="clear"), "mail": deferred()},
                        {"team": team(1, "phone"), "desk": team(1, "mail")}, [32350, 32360],
                        rows={"phone": {"closed": to("mail", delay="1 min"), "any": to("give_up")}})  # fmt: skip
        assert [(c.who, c.channel, c.arrived) for c in lived(config)] == [
            (0, "phone", 32350), (1, "phone", 32360), (1, "mail", 32460),
        ]  # fmt: skip

    def test_midnight_between_two_open_days_is_no_closing(self) -> None:
        """Over Sunday midnight too, where the week begins again."""
        for start, hours in (("2026-01-05", {"mon-tue": "00:00-24:00"}), ("2026-01-11", {"sun-mon": "00:00-24:00"})):
            phone = live(hours=hours, at_closing="clear")
            config = centre({"phone": phone}, {"team": team()}, [86390, 86395, 86400],
                            run={"measure": "3 d", "start": start})  # fmt: skip
            assert outcomes(lived(config)) == ["resolved"] * 3

    def test_a_week_that_is_open_without_end_has_no_closing(self) -> None:
        phone = live("1 d", hours="always", at_closing="clear")
        config = centre({"phone": phone}, {"team": team()}, [6 * 86400, 6 * 86400 + 5], run={"measure": "8 d"})
        assert outcomes(lived(config)) == ["resolved", "resolved"]

    def test_a_hop_may_wait_until_opening(self) -> None:
        """Closed at 07:00, tried again after a minute; if that finds the doors closed, a minute after opening."""
        row = {"closed": to("phone", delay="1 min", until_opening=True), "any": to("give_up")}
        config = centre({"phone": live(hours=self.HOURS)}, {"team": team()}, [25200, 28790], rows={"phone": row})
        seen = lived(config)
        assert [(c.who, c.arrived, c.outcome.name) for c in seen] == [
            (0, 25200, "CLOSED"), (0, 28860, "RESOLVED"), (1, 28790, "CLOSED"), (1, 28850, "RESOLVED"),
        ]  # fmt: skip

    def test_customers_who_know_the_hours_come_a_stated_time_after_opening(self) -> None:
        """Said for all rows: who fails on the web at night and makes for the closed phone calls two hours after it
        opens; by day they call at once. A row that says false tries at once, and finds nobody."""
        channels = {"web": web("5 min", failure=1.0), "phone": live(hours={"mon": "08:00-17:00"})}

        def calls(**row: Any) -> list[tuple[int, float, str]]:
            rows = {"web": {"any": to("phone", delay="1 min", **row)}}
            known = {"until_opening": "2 h"}
            config = centre(channels, {"team": team()}, [3600, 36000], rows=rows, journeys=known)
            return [(c.who, c.arrived, c.outcome.name) for c in lived(config) if c.channel == "phone"]

        assert calls() == [(0, 8 * 3600 + 7200, "RESOLVED"), (1, 36360, "RESOLVED")]
        assert calls(until_opening=False) == [(0, 3960, "CLOSED"), (1, 36360, "RESOLVED")]


class TestDeadlines:
    ROWS = {"mail": {"unanswered": to("phone"), "any": to("give_up")}}
    DEADLINE = {"law": "constant", "mean": "1000 s"}

    def two(self, stale: str) -> Any:
        """One mail agent busy for 3000 s a mail, and a phone agent for those who give up on mail."""
        channels = {"mail": deferred("3000 s", deadline=self.DEADLINE, stale=stale), "phone": live()}
        return centre(channels, {"mails": team(1, "mail"), "calls": team(1)}, [0, 10, 20, 2500], rows=self.ROWS)

    def test_work_past_its_deadline_is_removed(self) -> None:
        seen = lived(self.two("removed"))
        assert [(c.who, c.channel, c.outcome.name) for c in seen] == [
            (0, "mail", "RESOLVED"), (1, "mail", "UNANSWERED"), (1, "phone", "RESOLVED"), (2, "mail", "UNANSWERED"),
            (2, "phone", "RESOLVED"), (3, "mail", "RESOLVED"),
        ]  # fmt: skip
        assert same(seen[1].times, (10, NAN, 1010, NAN))
        assert seen[2].times == (1010, 1010, 1110, 1110)
        assert seen[5].times == (2500, 3000, 6000, 6000)

    def test_stale_work_is_answered_all_the_same(self) -> None:
        """The customers move on at their deadlines; their mails are answered from 3000 and 6000 on, to no avail."""
        log = simulate(self.two("answered"), 1, 0)
        seen = contacts(log)
        assert [(c.who, c.channel, c.outcome.name) for c in seen] == [
            (0, "mail", "RESOLVED"), (1, "mail", "UNANSWERED"), (1, "phone", "RESOLVED"), (2, "mail", "UNANSWERED"),
            (2, "phone", "RESOLVED"), (3, "mail", "UNANSWERED"), (3, "phone", "RESOLVED"),
        ]  # fmt: skip
        assert seen[1].times == (10, 3000, 1010, 6000)
        assert seen[3].times == (20, 6000, 1020, 9000)
        assert log.wait.tolist()[:2] == [0, 1000]

    def test_a_deadline_never_interrupts_work(self) -> None:
        config = centre({"mail": deferred("3000 s", deadline=self.DEADLINE)}, {"mails": team(1, "mail")}, [0, 2500])
        assert [c.ended for c in lived(config)] == [3000, 6000]


class TestJourneys:
    def test_a_transfer_takes_no_time(self) -> None:
        """IVR to phone at the same instant, with the context of what was said."""
        config = centre({"ivr": web("30 s", failure=1.0, transfer=1.0), "phone": live()}, {"team": team()}, [0, 5],
                        rows={"ivr": {"transferred": to("phone"), "any": to("give_up")}},
                        integration={"level": 1.0})  # fmt: skip
        seen = lived(config)
        assert [(c.channel, c.arrived, c.answered, c.outcome.name, c.context, c.via) for c in seen] == [
            ("ivr", 0, 0, "TRANSFERRED", 0, 0), ("phone", 30, 30, "RESOLVED", 1, 3),
            ("ivr", 5, 5, "TRANSFERRED", 0, 0), ("phone", 35, 130, "RESOLVED", 1, 3),
        ]  # fmt: skip

    def test_an_issue_comes_back_after_its_delay(self) -> None:
        """Solved, and back a minute later, each time, until the cap; the third return is refused at once."""
        phone = live(reopen=1.0, reopen_delay="1 min")
        config = centre({"phone": phone}, {"team": team()}, [0], rows={"phone": {"any": to("phone")}},
                        journeys={"max_contacts": 3})  # fmt: skip
        log = simulate(config, 1, 0)
        assert [(c.arrived, c.ended, c.outcome.name, c.via) for c in contacts(log)] == [
            (0, 100, "RESOLVED", 0), (160, 260, "RESOLVED", 2), (320, 420, "RESOLVED", 2),
        ]  # fmt: skip
        assert log.contacts["reopens"].tolist() == [1, 1, 1]
        assert ends(log) == [(420, End.CAPPED)]

    def test_a_reopened_issue_goes_on_by_its_own_row_and_delay(self) -> None:
        config = centre({"web": web("10 s", reopen=1.0, reopen_delay="1 min"), "phone": live()}, {"team": team()}, [0],
                        rows={"web": {"reopened": to("phone", delay="5 s"), "any": to("give_up")}})  # fmt: skip
        assert [(c.channel, c.arrived, c.via) for c in lived(config)] == [("web", 0, 0), ("phone", 75, 2)]

    def test_rows_by_attempt_count_unserved_contacts(self) -> None:
        """Blocked twice, then the third row sends them to the web; a served failure is no attempt in vain."""
        rows = {"phone": {"any": [to("phone", delay="1 s"), to("phone", delay="2 s"), to("web", delay="3 s")]},
                "web": {"any": to("phone")}}  # fmt: skip
        config = centre({"phone": live(lines=0), "web": web("10 s", failure=1.0)}, {"team": team()}, [0], rows=rows,
                        journeys={"max_contacts": 6})  # fmt: skip
        assert [(c.channel, c.arrived) for c in lived(config)] == [
            ("phone", 0), ("phone", 1), ("phone", 3), ("web", 6), ("phone", 16), ("web", 19),
        ]  # fmt: skip

    def test_the_return_factor_sends_customers_to_channels_not_yet_used(self) -> None:
        """With factor 0 each channel is used once; when none is left the customer gives up."""
        third = {"phone": 0.4, "chat": 0.3, "web": 0.3}
        channels = {"phone": live(failure=1.0), "chat": live(failure=1.0), "web": web(failure=1.0)}
        config = centre(channels, {"team": team(9, "phone", "chat")}, [0, 1, 2, 3], journeys={"return_factor": 0.0},
                        rows={name: {"any": {"to": third}} for name in channels})  # fmt: skip
        log = simulate(config, 1, 0)
        for customer in range(4):
            assert sorted(c.channel for c in contacts(log) if c.who == customer) == ["chat", "phone", "web"]
        assert {end for _, end in ends(log)} == {End.GIVEN_UP}

    @pytest.mark.parametrize(("cap", "end", "n"), [(2, End.CAPPED, 2), (3, End.RESOLVED, 3), (None, End.RESOLVED, 3)])
    def test_the_cap_applies_after_the_hop_is_drawn(self, cap: int | None, end: End, n: int) -> None:
        channels = {"web": web("10 s", failure=1.0), "mail": web("10 s", failure=1.0), "phone": live()}
        rows = {"web": {"any": to("mail")}, "mail": {"any": to("phone")}}
        log = simulate(centre(channels, {"team": team()}, [0], rows=rows, journeys={"max_contacts": cap}), 1, 0)
        assert log.customers["end"].tolist() == [end]
        assert log.customers["contacts"].tolist() == [n]

    def test_giving_up_at_the_cap_is_giving_up(self) -> None:
        config = centre({"web": web("10 s", failure=1.0)}, {}, [0], journeys={"max_contacts": 1})
        assert ends(simulate(config, 1, 0)) == [(10, End.GIVEN_UP)]


class TestContext:
    CHAIN = {
        "web": {"any": to("chat")}, "chat": {"any": to("phone")}, "phone": {"any": to("phone")},
    }  # fmt: skip

    def chain(self, *, lines: int | None = None, **integration: Any) -> list[tuple[str, int]]:
        """Web, chat, phone, phone: all served and failed; (channel, context on the way in)."""
        channels = {"web": web(failure=1.0), "chat": live(failure=1.0, lines=lines), "phone": live(failure=1.0)}
        config = centre(channels, {"team": team(1, "phone", "chat")}, [0], rows=self.CHAIN, integration=integration,
                        journeys={"max_contacts": 4})  # fmt: skip
        return [(c.channel, c.context) for c in lived(config)]

    def test_everything_is_carried_at_full_integration(self) -> None:
        assert self.chain(level=1.0) == [("web", 0), ("chat", 1), ("phone", 1), ("phone", 1)]

    def test_everything_is_lost_in_silos_but_on_the_same_channel(self) -> None:
        assert self.chain() == [("web", 0), ("chat", 2), ("phone", 2), ("phone", 1)]
        assert self.chain(same_channel=0.0) == [("web", 0), ("chat", 2), ("phone", 2), ("phone", 2)]

    def test_pairs_override_the_level(self) -> None:
        assert self.chain(pairs={"web": {"chat": 1}}) == [("web", 0), ("chat", 1), ("phone", 2), ("phone", 1)]
        assert self.chain(level=1.0, pairs={"phone": {"phone": 0}, "chat": {"phone": 0}}) == [
            ("web", 0), ("chat", 1), ("phone", 2), ("phone", 2),
        ]  # fmt: skip

    def test_a_loss_may_stick(self) -> None:
        pairs = {"web": {"chat": 0}}
        assert self.chain(level=1.0, pairs=pairs) == [("web", 0), ("chat", 2), ("phone", 1), ("phone", 1)]
        sticky = self.chain(level=1.0, pairs=pairs, sticky_loss=True)
        assert sticky == [("web", 0), ("chat", 2), ("phone", 2), ("phone", 2)]

    def test_an_unserved_contact_passes_on_what_the_customer_held(self) -> None:
        """Blocked on chat: carried context goes on; lost context leaves nothing to lose."""
        assert self.chain(lines=0, level=1.0) == [("web", 0), ("chat", 1), ("phone", 1), ("phone", 1)]
        assert self.chain(lines=0) == [("web", 0), ("chat", 2), ("phone", 0), ("phone", 1)]

    def test_nothing_said_is_nothing_lost(self) -> None:
        """Everybody is blocked: no restart on any hop."""
        channels = {"chat": live(lines=0), "phone": live(lines=0)}
        config = centre(channels, {"team": team(1, "phone", "chat")}, [0], journeys={"max_contacts": 4},
                        rows={"chat": {"any": to("phone")}, "phone": {"any": to("chat")}})  # fmt: skip
        assert [c.context for c in lived(config)] == [0, 0, 0, 0]

    def test_carried_context_saves_handle_time_and_removes_failures(self) -> None:
        """A quarter of talk and wrap-up; all failures on the phone."""
        channels = {"web": web(failure=1.0), "phone": live(wrap_up="20 s", failure=1.0)}
        for level, times, outcome in ((1.0, (100, 100, 175, 190), "resolved"), (0.0, (100, 100, 200, 220), "failed")):
            config = centre(channels, {"team": team()}, [0], rows={"web": {"any": to("phone")}},
                            integration={"level": level, "time_saved": 0.25, "failures_removed": 1.0})  # fmt: skip
            _, phone = lived(config)
            assert phone.times == times
            assert phone.outcome.name.lower() == outcome

    def test_savings_may_differ_by_channel(self) -> None:
        saved = {"level": 1.0, "time_saved": 0.5, "time_saved_by_channel": {"phone": 0.1}}
        channels = {"web": web(failure=1.0), "chat": web("40 s", failure=1.0), "phone": live()}
        rows = {"web": {"any": to("chat")}, "chat": {"any": to("phone")}}
        config = centre(channels, {"team": team()}, [0], rows=rows, integration=saved)
        assert [c.ended - c.answered for c in lived(config)] == [100, 20, 90]

    def test_carried_context_scales_giving_up(self) -> None:
        """Everybody gives up after the phone, unless they had context and its factor is 0."""
        channels = {"web": web(failure=1.0), "phone": live(failure=1.0), "mail": web()}
        rows = {"web": {"any": to("phone")}, "phone": {"any": {"to": {"give_up": 0.99, "mail": 0.01}}}}
        for level, contacts_each in ((1.0, 3), (0.0, 2)):
            config = centre(channels, {"team": team()}, [0, 1, 2], rows=rows,
                            integration={"level": level, "give_up_factor": 0.0})  # fmt: skip
            assert simulate(config, 1, 0).customers["contacts"].tolist() == [contacts_each] * 3


class TestPatience:
    """The phone agent talks for 1000 s; callers have 100 s of patience and redial after 10 s."""

    def redials(self, mode: str, times: list[float], n: int = 4, **more: Any) -> list[tuple[int, float, float, str]]:
        phone = live("1000 s", patience={"law": "constant", "mean": "100 s"}, redial_patience=mode, **more)
        config = centre({"phone": phone}, {"team": team()}, times, rows={"phone": {"any": to("phone", delay="10 s")}},
                        journeys={"max_contacts": n})  # fmt: skip
        return [(c.who, c.arrived, c.ended, c.outcome.name) for c in lived(config)]

    @pytest.mark.parametrize("mode", ["fresh", "same"])
    def test_patience_begins_anew(self, mode: str) -> None:
        """Constant patience: fresh and same are equal."""
        assert self.redials(mode, [0, 700])[1:] == [
            (1, 700, 800, "ABANDONED"), (1, 810, 910, "ABANDONED"), (1, 920, 2000, "RESOLVED"),
        ]  # fmt: skip

    def test_patience_that_remains_is_used_up(self) -> None:
        assert self.redials("remaining", [0, 700])[1:] == [
            (1, 700, 800, "ABANDONED"), (1, 810, 810, "ABANDONED"), (1, 820, 820, "ABANDONED"),
            (1, 830, 830, "ABANDONED"),
        ]  # fmt: skip

    def test_waits_that_were_answered_use_it_up_too(self) -> None:
        """Waits 60 s, is served in vain until 2000, calls again at 2010 while customer 2 is served: 40 s remain."""
        seen = self.redials("remaining", [0, 940, 1995], n=2, failure=1.0)
        assert [c for c in seen if c[0] == 1] == [(1, 940, 2000, "FAILED"), (1, 2010, 2050, "ABANDONED")]

    def test_same_patience_is_one_draw_for_the_journey_and_fresh_is_not(self) -> None:
        law = {"law": "exponential", "mean": "100 s"}
        waits = {}
        for mode in ("fresh", "same"):
            phone, rows = live(patience=law, redial_patience=mode), {"phone": {"any": to("phone", delay="10 s")}}
            config = centre({"phone": phone}, {"team": team(0)}, [0, 1000], rows=rows, journeys={"max_contacts": 3})
            waits[mode] = [round(c.ended - c.arrived, 6) for c in lived(config)]
        assert len(set(waits["same"][:3])) == len(set(waits["same"][3:])) == 1
        assert waits["same"][0] != waits["same"][3]
        assert len(set(waits["fresh"])) == 6


class TestEnds:
    """One agent, calls of an hour; the window ends at 24:00. Arrivals at 23:00, 23:30 and, in the next days, hourly."""

    TIMES = [82800, 84600, *range(90000, 172800, 3600)]

    def run(self, end: str, **run: Any) -> tuple[list[str], Any]:
        config = centre({"phone": live("1 h")}, {"team": team()}, self.TIMES, run={"end": end, **run})
        log = simulate(config, 1, 0)
        return outcomes(contacts(log)), log

    def test_follow_until_the_customers_of_the_window_are_done_while_others_arrive(self) -> None:
        seen, log = self.run("follow")
        assert log.stopped == 90000
        assert seen == ["resolved", "resolved"]  # the arrival at the instant of stopping comes after it
        seen, log = self.run("follow", measure="90 min", warm_up="22 h")
        assert log.window == (79200, 84600)
        assert log.stopped == 86400  # the customer of 23:00 is done; the one of 23:30 is not of the window
        assert seen == ["resolved", "open"]

    def test_follow_up_to_the_limit(self) -> None:
        seen, log = self.run("follow", follow_limit="30 min")
        assert log.stopped == 88200
        assert seen == ["resolved", "open"]
        assert log.customers["end"].tolist() == [End.RESOLVED, End.OPEN]

    def test_drain_without_new_customers(self) -> None:
        seen, log = self.run("drain")
        assert seen == ["resolved", "resolved"]
        assert log.stopped == 90000

    def test_cut(self) -> None:
        seen, log = self.run("cut")
        assert log.stopped == 86400
        assert seen == ["resolved", "open"]

    def test_clear_sends_the_queue_away_and_finishes_what_is_in_service(self) -> None:
        config = centre({"phone": live("1 h")}, {"team": team()}, [84000, 84600, 84700], run={"end": "clear"})
        log = simulate(config, 1, 0)
        assert outcomes(contacts(log)) == ["resolved", "closed", "closed"]
        assert ends(log) == [(87600, End.RESOLVED), (86400, End.GIVEN_UP), (86400, End.GIVEN_UP)]
        assert log.stopped == 87600

    def test_clear_leaves_deferred_work_to_be_drained(self) -> None:
        """Mail has no closing: what waits at the end of the window is answered."""
        rows = {"mail": {name: to("give_up") for name in ("failed", "transferred", "unanswered")}}
        staffing, run = {"team": team(1, "mail")}, {"end": "clear"}
        config = centre({"mail": deferred("1 h")}, staffing, [84600, 84700], rows=rows, run=run)
        assert outcomes(lived(config)) == ["resolved", "resolved"]

    def test_warm_up_is_lived_and_not_followed(self) -> None:
        """All came in the warm-up: when the window is over nobody is to be followed."""
        config = centre({"phone": live("1 h")}, {"team": team()}, [0, 10, 20],
                        run={"end": "follow", "warm_up": "1 h", "measure": "1 h"})  # fmt: skip
        log = simulate(config, 1, 0)
        assert log.window == (3600, 7200)
        assert outcomes(contacts(log)) == ["resolved", "resolved", "open"]
        assert log.stopped == 7200

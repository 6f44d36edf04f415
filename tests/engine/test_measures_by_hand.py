"""Measures of small logs, added up by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.measures.flows import flows
from sim.measures.observe import observe
from sim.model import Configuration
from sim.runs.replicate import simulate
from sim.statistics.estimates import mean_with_interval, ratio_with_interval
from tests.extreme.small import centre, deferred, live, team, to, web


def measured(config: Configuration) -> dict[tuple[str, str, str], float]:
    """Every measure of one replication over the whole window."""
    found = {}
    for (scope, measure), table in observe(simulate(config), config).items():
        for row, name in enumerate(table.rows):
            bottom = 1.0 if table.bottom is None else table.bottom[row, 0]
            found[scope, name, measure] = float(table.top[row, 0] / bottom) if bottom else float("nan")
    return found


def calls(patience: int, **target: Any) -> dict[tuple[str, str, str], float]:
    """One agent, 100 s of talk, 20 s of wrap-up, an hour: 2 of 5 callers leave; the last call ends after the window."""
    phone = live(wrap_up="20 s", patience={"law": "constant", "mean": f"{patience} s"}, cost_per_contact=0.5,
                 target={"share": 0.8, "within": "30 s", **target})  # fmt: skip
    config = centre({"phone": phone}, {"team": team(1, shrinkage=0.2)}, [0, 10, 20, 1000, 3590],
                    run={"measure": "1 h"}, economics={"wage_per_hour": 36, "hours_per_fte": "42 h"})  # fmt: skip
    return measured(config)


def test_calls_answered_and_abandoned() -> None:
    found = calls(90)
    expected = {
        "offered": 5, "handled": 3, "handled_share": 0.6, "abandoned": 0.4, "blocked": 0, "service_level": 0.6,
        "service_level_of_answered": 1, "service_level_less_early": 0.6, "asa": 0, "wait": 36, "delayed": 0.4,
        "wait_of_leavers": 90, "aht": 120, "talk": 100, "wrap_up": 20, "longest_wait": 90, "wait_p95": 0, "backlog": 0,
        "unfinished": 0,
    }  # fmt: skip
    assert {name: found["channel", "phone", name] for name in expected} == pytest.approx(expected)


def test_early_leavers_are_taken_off_the_denominator() -> None:
    assert calls(20)["channel", "phone", "service_level_less_early"] == 1
    assert calls(20)["channel", "phone", "service_level"] == 0.6
    assert calls(30)["channel", "phone", "service_level_less_early"] == 1
    assert calls(30, inclusive=False)["channel", "phone", "service_level_less_early"] == 0.6


def test_agents_time_and_money() -> None:
    """Busy 120 + 120 + 10 s of the hour; paid 1 / 0.8 agents at 36 an hour; five contacts at 0.5."""
    found = calls(90)
    pool = {"occupancy": 250 / 3600, "utilisation": 250 / 3600, "duty_hours": 1, "overtime": 0, "cost": 45,
            "net_fte": 168 / 42, "scheduled_fte": 168 / 42 / 0.8}  # fmt: skip
    assert {name: found["pool", "team", name] for name in pool} == pytest.approx(pool)
    journey = {"cost": 47.5, "cost_per_contact": 47.5 / 3, "cost_per_journey": 9.5, "cost_per_resolution": 47.5 / 3,
               "resolved": 0.6, "given_up": 0.4, "fcr": 0.6, "agent_time": 72, "time_to_resolution": 100}  # fmt: skip
    assert {name: found["journey", "all", name] for name in journey} == pytest.approx(journey)


def test_what_integration_costs() -> None:
    """Half of the pairs' level: half of (900,000 over three years + 65,000 a year), for one day of 365."""
    channels = {"phone": live(), "mail": deferred()}
    cost = {"set_up": 900_000, "written_off_over": "3 year", "running_per_year": 65_000}
    config = centre(channels, {"team": team(1, "phone", "mail")}, [0], integration={"level": 0.5, "cost": cost},
                    economics={"wage_per_hour": 0})  # fmt: skip
    assert measured(config)["journey", "all", "integration_cost"] == pytest.approx(0.5 * 365_000 / 365)
    assert measured(config)["journey", "all", "cost_per_resolution"] == pytest.approx(500)


def test_a_pair_of_channels_costs_its_share() -> None:
    """One of two ordered pairs is joined: half of the price."""
    channels = {"phone": live(), "mail": deferred()}
    integration = {"level": 0, "pairs": {"mail": {"phone": 1}}, "cost": {"set_up": 0, "running_per_year": 73_000}}
    config = centre(channels, {"team": team(1, "phone", "mail")}, [0], integration=integration)
    assert measured(config)["journey", "all", "integration_cost"] == pytest.approx(100)


def test_customers_who_balk_are_not_let_in() -> None:
    """Served at once, waited 50 s, and one who hears of 100 s or more and leaves: the mean wait is of two."""
    phone = live("100 s", balking={"probability": 1, "threshold": "110 s"})
    found = measured(centre({"phone": phone}, {"team": team()}, [0, 50, 60]))
    assert found["channel", "phone", "balked_count"] == 1
    assert found["channel", "phone", "wait"] == pytest.approx(25)
    assert found["channel", "phone", "mean_waiting"] == pytest.approx(50 / 86400)


def test_a_plain_contact_has_one_answer() -> None:
    assert calls(90)["channel", "phone", "answers"] == 1


def test_waits_against_the_target() -> None:
    """Three answered at once, two leave after 90 s; with 20 s of patience these leave within the target's 30 s."""
    late, early = calls(90), calls(20)
    for name, values in {
        "waited_longer": (0.4, 0),
        "left_in_time": (0, 0.4),
        "service_level_with_early": (0.6, 1),
    }.items():
        assert (late["channel", "phone", name], early["channel", "phone", name]) == pytest.approx(values), name


def test_numbers_in_the_system_obey_little() -> None:
    """Waits 0, 90, 90 s and three talks of 100 s, of which 10 s in the hour belong to the last: over 3,600 s."""
    found = calls(90)
    numbers = {"mean_waiting": 180 / 3600, "mean_in_service": 210 / 3600, "mean_in_system": 390 / 3600}
    assert {name: found["channel", "phone", name] for name in numbers} == pytest.approx(numbers)


def test_fte_is_of_the_schedule_whatever_the_window() -> None:
    """Ten hours a day from Monday to Friday for one agent: 50 hours a week, from one day, five days or two weeks."""
    shift = {"start": "08:00", "end": "18:00", "agents": 1, "days": "mon-fri"}
    for window in ("1 d", "5 d", "7 d", "14 d"):
        config = centre({"phone": live()}, {"team": {"serves": {"phone": 1}, "shifts": [shift], "shrinkage": 0}}, [0],
                        run={"measure": window}, economics={"hours_per_fte": "40 h"})  # fmt: skip
        found = measured(config)
        assert found["pool", "team", "scheduled_hours_per_week"] == pytest.approx(50), window
        assert found["pool", "team", "net_fte"] == pytest.approx(50 / 40), window


def test_first_attempts_against_later_ones() -> None:
    """The website always fails and sends on to the phone, which solves: phone contacts are later ones, all solved."""
    rows = {"web": {"any": to("phone", delay="10 s")}}
    found = measured(centre({"web": web(failure=1), "phone": live()}, {"team": team()}, [0, 5000], rows=rows))
    for channel, values in {"web": (1, 0, np.nan), "phone": (0, np.nan, 1)}.items():
        names = ("first_attempts", "solved_at_first", "solved_later")
        assert [found["channel", channel, name] for name in names] == pytest.approx(values, nan_ok=True)


@pytest.mark.parametrize(("inclusive", "level"), [(True, 1.0), (False, 0.5)])
def test_a_wait_at_the_threshold(inclusive: bool, level: float) -> None:
    phone = live(target={"share": 0.8, "within": "100 s", "inclusive": inclusive})
    assert measured(centre({"phone": phone}, {"team": team()}, [0, 0]))["channel", "phone", "service_level"] == level


def test_overtime_is_not_occupancy() -> None:
    """On duty 08:00 to 09:00, busy 08:50 to 09:10."""
    shift = {"start": "08:00", "end": "09:00", "agents": 1}
    found = measured(centre({"phone": live("20 min")}, {"team": {"shifts": [shift], "serves": {"phone": 1}}}, [31800]))
    assert found["pool", "team", "occupancy"] == pytest.approx(1 / 6)
    assert found["pool", "team", "utilisation"] == pytest.approx(20 / 70)
    assert found["pool", "team", "overtime"] == pytest.approx(1 / 6)


def test_first_response_in_business_hours() -> None:
    """A mail of Friday 16:50, answered on Monday at 09:05: fifteen minutes of opening."""
    mail = deferred("10 min", hours={"mon-fri": "09:00-17:00"},
                    target={"share": 0.9, "within": "15 min", "clock": "business"})  # fmt: skip
    shift = {"start": "09:05", "end": "16:30", "agents": 1, "days": "mon-fri"}
    config = centre({"mail": mail}, {"team": {"shifts": [shift], "serves": {"mail": 1}}}, [16 * 3600 + 3000],
                    run={"start": "2026-01-09", "measure": "4 d"})  # fmt: skip
    found = measured(config)
    assert found["channel", "mail", "response"] == 900
    assert found["channel", "mail", "service_level"] == 1
    assert found["channel", "mail", "asa"] == 3 * 86400 - (16 * 3600 + 3000) + 9 * 3600 + 300


def two_channels() -> Configuration:
    """Two customers who fail on the web and call."""
    rows = {"web": {"any": to("phone")}}
    return centre({"web": web(failure=1.0), "phone": live()}, {"team": team()}, [0, 5], rows=rows)


def test_journeys_over_two_channels() -> None:
    """Both fail on the web and start over on the phone, where the second waits 95 s."""
    found = measured(two_channels())
    expected = {
        "journeys": 2, "resolved": 1, "contacts": 2, "channels": 2, "multichannel": 1, "three_channels": 0, "fcr": 0,
        "broken": 1, "restarts": 1, "repeats": 0, "switches": 1, "assisted_journeys": 1, "assisted_contacts": 0.5,
        "self_served": 0, "served_customers": 1, "time_to_resolution": (200 + 295) / 2, "agent_time": 100, "open": 0,
    }  # fmt: skip
    assert {name: found["journey", "all", name] for name in expected} == pytest.approx(expected)
    assert found["channel", "web", "containment"] == 0
    assert found["channel", "phone", "restarted"] == 1
    assert (found["channel", "phone", "first"], found["channel", "phone", "reached"]) == (0, 1)


def test_being_handed_on_belongs_to_the_first_contact() -> None:
    """IVR to phone, solved there: first-contact resolution. Who fails on the phone and calls again is not."""
    channels = {
        "ivr": web("10 s", failure=1.0, transfer=1.0),
        "phone": live("20 s", by_reason={"fault": {"failure": 1.0}}),
    }
    segments = {name: {"share": 0.5, "first_channel": {"ivr": 1}, "reasons": {name: 1}} for name in ("bill", "fault")}
    streams = {name: {"times": [0, 100], "segments": {name: 1}} for name in ("fault", "bill")}
    rows = {"ivr": {"transferred": to("phone"), "any": to("give_up")}, "phone": {"any": to("ivr")}}
    config = centre(channels, {"team": team(4)}, streams=streams, rows=rows, journeys={"max_contacts": 4},
                    customers={"segments": segments, "reasons": {"bill": {}, "fault": {}}})  # fmt: skip
    found = measured(config)
    assert found["journey", "all", "fcr"] == found["journey", "all", "resolved"] == 0.5
    assert (found["segment", "bill", "fcr"], found["segment", "fault", "fcr"]) == (1, 0)
    assert found["journey", "all", "capped"] == 0.5


PUT_THROUGH = {
    "journeys": 1, "contacts": 1, "channels": 1, "fcr": 1, "broken": 0, "restarts": 1, "repeats": 0, "switches": 0,
    "effort": 1, "assisted_contacts": 1, "served_customers": 1, "self_served": 0,
}  # fmt: skip


def test_a_put_through_is_one_contact_in_every_measure_of_journeys() -> None:
    """IVR to phone without delay, context lost: one contact on the phone, which started over once and broke nothing.
    After a minute it is a hop: two contacts, two channels, a broken journey."""
    channels = {"ivr": web("10 s", failure=1.0, transfer=1.0), "phone": live("20 s")}
    for row, also in ((to("phone"), {}), (to("phone", delay="1 min"), {
        "contacts": 2, "channels": 2, "fcr": 0, "broken": 1, "switches": 1, "effort": 3, "assisted_contacts": 0.5,
    })):  # fmt: skip
        rows = {"ivr": {"transferred": row, "any": to("give_up")}}
        feelings = {"growth": {"transfer": 0.8, "restart": 0.5}}
        found = measured(centre(channels, {"team": team()}, [0], rows=rows, feelings=feelings))
        expected = PUT_THROUGH | also
        assert {name: found["journey", "all", name] for name in expected} == expected
        assert found["journey", "all", "frustration"] == 0.5  # started over, once; a put-through itself vexes nobody
        assert found["channel", "phone", "reached_at"] == expected["contacts"]
        assert [found["channel", name, "reached"] for name in channels] == [expected["contacts"] - 1, 1]


def test_a_contact_ends_as_its_last_leg_does() -> None:
    """Put through to a queue that nobody answers: one contact, abandoned, without a person; legs keep their own rows
    in the measures by channel; the cap counts legs."""
    channels = {"ivr": web("10 s", failure=1.0, transfer=1.0), "phone": live("1 h", patience="30 s")}
    rows = {"ivr": {"transferred": to("phone"), "any": to("give_up")}, "phone": {"any": to("ivr", delay="1 min")}}
    found = measured(centre(channels, {"team": team()}, [0, 1], rows=rows, journeys={"max_contacts": 4}))
    assert found["journey", "all", "contacts"] == (1 + 2) / 2  # the second customer: 4 legs in 2 contacts, then the cap
    assert found["journey", "all", "capped"] == 0.5
    assert found["journey", "all", "assisted_contacts"] == 1  # of the one served contact
    assert found["journey", "all", "repeats"] == 0.5
    assert found["channel", "ivr", "offered"] == 3
    assert found["channel", "phone", "abandoned"] == pytest.approx(2 / 3)


def test_what_comes_back_was_not_solved_at_first() -> None:
    phone = live("20 s", reopen=1.0, reopen_delay="3 weeks")
    found = measured(centre({"phone": phone}, {"team": team(4)}, [0, 5], rows={"phone": {"any": to("phone")}},
                            run={"end": "cut"}))  # fmt: skip
    assert found["journey", "all", "fcr"] == 0
    assert found["journey", "all", "open"] == 1


def test_backlog_at_the_end_of_the_window() -> None:
    """Answered at 0, 3000 and 6000; at 3600 one waits since 20 and one since 3500; a later one is none of it."""
    config = centre({"mail": deferred("3000 s")}, {"team": team(1, "mail")}, [0, 10, 20, 3500],
                    run={"measure": "1 h"})  # fmt: skip
    found = measured(config)
    assert found["channel", "mail", "backlog"] == 2
    assert found["channel", "mail", "backlog_age"] == (3580 + 100) / 2


def test_flows_between_channels() -> None:
    moves = flows(simulate(two_channels()))
    assert moves[0, 0, 1] == 2  # both from the web to the phone
    assert moves[1, 1, 2] == 2  # there resolved
    assert moves.sum() == 4


def test_estimates_with_intervals() -> None:
    """Mean 2 of (1, 2, 3): half width t(2; 0.975) / sqrt 3. A ratio of expectations is no mean of ratios."""
    mean, half = mean_with_interval(np.array([1.0, 2.0, 3.0]), 0.95)
    assert (mean, half) == pytest.approx((2.0, 4.302652729911275 / 3**0.5))
    ratio, width = ratio_with_interval(np.array([1.0, 9.0]), np.array([10.0, 10.0]), 0.95)
    assert ratio == 0.5
    assert width == pytest.approx(12.706204736174698 * 0.4)
    assert ratio_with_interval(np.array([1.0, 0.0]), np.array([1.0, 3.0]), 0.95)[0] == 0.25
    exact = ratio_with_interval(np.array([1.0, 3.0]), np.array([2.0, 6.0]), 0.95)
    assert exact == (0.5, 0.0)
    assert np.isnan(ratio_with_interval(np.zeros(2), np.zeros(2), 0.95)[0])
    assert np.isnan(mean_with_interval(np.array([1.0]), 0.95)[1])

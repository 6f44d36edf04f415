"""Journeys whose frustration can be added up by hand: constant times, rows that leave no choice."""

from __future__ import annotations

from math import exp, log2
from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.log.tables import Log
from tests.extreme.small import centre, contacts, deferred, live, team, to, web

PATIENT = {"law": "constant", "mean": "1 h"}
GROWTH = {"wait": 0.25, "failure": 1.0, "transfer": 0.75, "turned_away": 0.5, "restart": 0.4, "forced_hop": 0.3}


def felt(log: Log) -> tuple[list[float], list[float]]:
    """(frustration at the start of each contact, at the end of each journey)."""
    return log.contacts["frustration"].tolist(), log.customers["frustration"].tolist()


def two(first: dict[str, Any], second: dict[str, Any], times: list[float], **more: Any) -> Log:
    """First `phone`, then `then`; one team serves both where they need agents."""
    channels = {"phone": first, "then": second}
    served = [name for name, channel in channels.items() if channel["kind"] != "self_service"]
    feelings = {"growth": GROWTH, "relief": 0.5} | more.pop("feelings", {})
    config = centre(channels, {"team": team(1, *served)}, times,
                    rows={"phone": {"any": to("then")}}, feelings=feelings, **more)  # fmt: skip
    return simulate(config, 1, 0)


def test_failure_then_restart_then_relief() -> None:
    """No help: 1; hop without context: + 0.4; solved: half of it stays."""
    log = two(live(failure=1), live(), [0])
    assert felt(log) == ([0, 1.4], [pytest.approx(0.7)])


def test_carried_context_is_no_restart() -> None:
    log = two(live(failure=1), live(), [0], integration={"level": 1})
    assert felt(log) == ([0, 1.0], [0.5])


def test_a_wait_counts_by_doublings_beyond_the_tolerance() -> None:
    """The second waits 80 s where 20 s are tolerable: two doublings; the third of them 180 s."""
    log = two(live(tolerance="20 s"), live(), [0, 20, 20], feelings={"relief": 0})
    assert log.wait.tolist() == [0, 80, 180]
    assert felt(log)[1] == [0, pytest.approx(0.5), pytest.approx(0.25 * log2(9))]


@pytest.mark.parametrize(("tolerance", "expected"), [("80 s", 0), ("79 s", 0.25 * log2(80 / 79)), ("10 s", 0.75)])
def test_the_tolerance_may_be_said(tolerance: str, expected: float) -> None:
    log = two(live(tolerance="20 s"), live(), [0, 20], feelings={"relief": 0, "tolerance": {"phone": tolerance}})
    assert felt(log)[1] == [0, pytest.approx(expected)]


def test_without_target_and_tolerance_waits_leave_no_mark() -> None:
    assert felt(two(live(), live(), [0, 20], feelings={"relief": 0}))[1] == [0, 0]


def test_leaving_counts_the_wait_alone_and_no_restart() -> None:
    """Who leaves after 40 s of 20 s: one doubling; nothing told, nothing to lose; the agent is free at 100."""
    log = two(live(tolerance="20 s", patience={"law": "constant", "mean": "40 s"}), live(), [0, 10])
    assert felt(log) == ([0, 0, 0.25], [0, pytest.approx(0.125)])


def test_unanswered_counts_the_wait_until_the_deadline() -> None:
    mail = deferred(tolerance="20 s", deadline={"law": "constant", "mean": "80 s"})
    assert felt(two(mail, live(), [0, 1], feelings={"relief": 0}))[1] == [0, 0.5]


def test_turned_away() -> None:
    """No place to wait: 0.5, and the hop loses nothing."""
    log = two(live("1 h", places=0), web(), [0, 1], feelings={"relief": 0})
    assert felt(log)[1] == [0, 0.5]


def test_handed_on() -> None:
    log = two(live(failure=1, transfer=1), live(), [0], integration={"level": 1}, feelings={"relief": 0})
    assert felt(log) == ([0, 0.75], [0.75])


def test_a_deflection_is_a_contact_in_vain_and_a_push() -> None:
    """Answered, and sent to the other channel with its context: 1 + 0.3; helped there: half of it stays."""
    phone = live(deflection={"share": 1, "to": {"then": 1}, "context": 1})
    assert felt(two(phone, live(), [0])) == ([0, pytest.approx(1.3)], [pytest.approx(0.65)])


def test_a_time_out_is_a_wait_and_a_push() -> None:
    """Cut off after 80 s of 20 s: 0.5, and moved on: 0.3."""
    log = two(live(tolerance="20 s", queue_timeout="80 s"), live(), [0, 1], feelings={"relief": 0})
    assert felt(log)[1] == [0, pytest.approx(0.8)]


def test_a_session_left_half_way_is_a_failure() -> None:
    log = two(web(abandonment=1), live(), [0], integration={"level": 1}, feelings={"relief": 0})
    assert felt(log)[0] == [0, 1]


def test_an_issue_that_comes_back_is_a_failure_found_late() -> None:
    """Solved: (0 + 0) x 0.5; it comes back: 1, and the story is told again: 0.4; solved for good: 0.7."""
    log = two(live(reopen=1), live(), [0])
    assert felt(log) == ([0, 1.4], [pytest.approx(0.7)])


def test_giving_up_starts_nothing_over() -> None:
    config = centre({"phone": live(failure=1)}, {"team": team()}, [0], feelings={"growth": GROWTH})
    assert felt(simulate(config, 1, 0)) == ([0], [1])


def test_the_cap_starts_nothing_over() -> None:
    log = two(live(failure=1), live(failure=1), [0], journeys={"max_contacts": 1})
    assert felt(log) == ([0], [1])


@pytest.mark.parametrize("kind", [live, deferred])
def test_patience_is_the_draw_times_the_exponential(kind: Any) -> None:
    """The second customer finds the only agent busy for an hour, after a failure on the web."""
    name = "patience" if kind is live else "deadline"
    channels = {"web": web("10 s", failure=1), "phone": kind("1 h", **{name: {"law": "exponential", "mean": "5 min"}})}
    streams = {"a": {"times": [0], "first_channel": {"phone": 1}}, "b": {"times": [1.0]}}
    waits = []
    for coefficient in (0, 0.8):
        feelings = {"growth": {"failure": 1.5}, "effects": {"patience": coefficient}}
        config = centre(channels, {"team": team()}, streams=streams, rows={"web": {"any": to("phone")}},
                        feelings=feelings)  # fmt: skip
        seen = contacts(simulate(config, 1, 0))[-1]
        waits.append(seen.ended - seen.arrived)
    assert waits[1] == pytest.approx(waits[0] * exp(-0.8 * 1.5), rel=1e-9)


def test_who_waits_for_ever_does_so_angry() -> None:
    """exp(-1000 x 1000) is 0, and 0 x infinity would be no number."""
    feelings = {"growth": {"failure": 1000}, "effects": {"patience": 1000}}
    log = two(live(failure=1), live("1 h"), [0, 1], feelings=feelings)
    assert np.isfinite(log.contacts["ended"]).all()
    assert np.isfinite(log.customers["frustration"]).all()

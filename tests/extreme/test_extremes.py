"""Extremes: nobody comes, nobody works, nobody waits, nobody leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.errors import InputError
from sim.measures.observe import observe
from sim.model import End
from sim.runs.replicate import replicate

from .small import NAN, answered, centre, contacts, deferred, live, lived, outcomes, same, team, to, web

EVERY_END = pytest.mark.parametrize("end", ["follow", "drain", "cut", "clear"])
PATIENCE = {"law": "constant", "mean": "2 min"}


def three(agents: float, times: list[float], end: str = "drain", **phone: Any) -> Any:
    """Website, phone and mail with a pool for the latter two; everybody starts on the phone."""
    channels = {"phone": live("3 min", **phone), "web": web(), "mail": deferred()}
    return centre(channels, {"team": team(agents, "phone", "mail")}, times, run={"end": end, "follow_limit": "2 d"})


@EVERY_END
def test_no_arrivals(end: str) -> None:
    config = three(2, [], end)
    log = simulate(config, 1, 0)
    assert log.contacts["entity"].size == log.customers["entity"].size == 0
    assert log.stopped == 86400
    found = observe(log, config)
    assert found["channel", "offered"].top.sum() == 0
    assert found["pool", "duty_hours"].top[0, 0] == 48
    assert found["pool", "occupancy"].top.sum() == 0


def test_measures_of_nobody_are_numbers_or_nan_and_never_an_error() -> None:
    config = three(2, [])
    kpis = replicate(config.changed(run=config.run.model_copy(update={"replications": 2, "workers": 1}))).kpis
    assert kpis["channel", "phone", "offered"].mean == 0
    assert np.isnan(kpis["channel", "phone", "asa"].mean)
    assert kpis["pool", "team", "occupancy"].mean == 0


@EVERY_END
def test_no_agents_and_all_patience_leaves_everybody_waiting(end: str) -> None:
    log = simulate(three(0, [10, 20], end), 1, 0)
    seen = contacts(log)
    assert outcomes(seen) == (["closed"] * 2 if end == "clear" else ["open"] * 2)
    assert same(answered(seen), [NAN, NAN])
    limit = {"cut": 86400, "clear": 86400}.get(end, 3 * 86400)
    assert log.stopped == limit
    assert log.wait.tolist() == [min(limit, log.stopped) - 10, log.stopped - 20]
    assert set(log.customers["end"]) == ({End.GIVEN_UP} if end == "clear" else {End.OPEN})


def test_no_agents_and_some_patience_loses_everybody() -> None:
    seen = lived(three(0, [10, 20], patience=PATIENCE))
    assert outcomes(seen) == ["abandoned"] * 2
    assert [contact.ended for contact in seen] == [130, 140]


def test_no_agents_in_a_centre_without_pools() -> None:
    seen = lived(centre({"web": web("50 s")}, {}, [10, 20]))
    assert [contact.ended for contact in seen] == [60, 70]


def test_infinite_patience_serves_everybody_in_order() -> None:
    seen = lived(three(1, [0, 0, 0, 0]))
    assert answered(seen) == [0, 180, 360, 540]


@pytest.mark.parametrize("patience", [{"law": "constant", "mean": 0}, {**PATIENCE, "zero_share": 1.0}])
def test_no_patience_is_served_by_a_free_agent_and_leaves_otherwise(patience: dict[str, Any]) -> None:
    seen = lived(three(1, [0, 1, 179, 180, 181], patience=patience))
    assert outcomes(seen) == ["resolved", "abandoned", "abandoned", "resolved", "abandoned"]
    assert [contact.ended for contact in seen] == [180, 1, 179, 360, 181]


def test_no_patience_for_mail_is_a_deadline_of_no_length() -> None:
    config = centre({"mail": deferred(deadline={"law": "constant", "mean": 0})}, {"team": team(1, "mail")}, [0, 1, 100])
    assert outcomes(lived(config)) == ["resolved", "unanswered", "resolved"]


@pytest.mark.parametrize("limit", ["lines", "places"])
def test_no_room(limit: str) -> None:
    """No line refuses everybody; no waiting place is a loss system."""
    seen = lived(three(1, [0, 1, 180], **{limit: 0}))
    assert outcomes(seen) == (["blocked"] * 3 if limit == "lines" else ["resolved", "blocked", "resolved"])


def test_no_ports() -> None:
    assert outcomes(lived(centre({"web": web(ports=0)}, {}, [0, 1]))) == ["blocked", "blocked"]


def test_never_open() -> None:
    seen = lived(centre({"phone": live(hours="never"), "web": web(hours="never")}, {"team": team()}, [0, 50]))
    assert outcomes(seen) == ["closed", "closed"]
    assert [contact.ended for contact in seen] == [0, 50]


def test_waiting_for_an_opening_that_never_comes_leaves_the_journey_open() -> None:
    rows = {"web": {"any": {"to": {"phone": 1}, "until_opening": True}}}
    config = centre({"web": web(failure=1.0), "phone": live(hours="never")}, {"team": team()}, [5], rows=rows)
    log = simulate(config, 1, 0)
    assert outcomes(contacts(log)) == ["failed"]
    assert log.customers["end"].tolist() == [End.OPEN]


def test_no_time_at_all() -> None:
    """Service, wrap-up and sessions of no length: everybody is done on arrival, in the order of arrival."""
    channels = {"web": web("0 s", failure=1.0), "phone": live("0 s", wrap_up="0 s")}
    config = centre(channels, {"team": team()}, [7, 7, 7], rows={"web": {"any": {"to": {"phone": 1}}}})
    seen = lived(config)
    assert all(set(contact.times) - {7.0} <= {contact.released} for contact in seen)
    assert outcomes(seen) == ["failed", "resolved"] * 3


def test_everybody_fails_for_ever_up_to_the_cap() -> None:
    rows = {"phone": {"any": {"to": {"phone": 1}, "delay": "1 min"}}}
    channels, journeys = {"phone": live("1 min", failure=1.0)}, {"max_contacts": 4}
    config = centre(channels, {"team": team(5)}, [0], rows=rows, journeys=journeys)
    log = simulate(config, 1, 0)
    assert [contact.arrived for contact in contacts(log)] == [0, 120, 240, 360]
    assert log.customers["end"].tolist() == [End.CAPPED]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_certain_and_impossible_dropping_out(share: float) -> None:
    seen = lived(centre({"web": web("100 s", abandonment=share, abandonment_at=0.25)}, {}, [0]))
    assert outcomes(seen) == (["abandoned"] if share else ["resolved"])
    assert seen[0].ended == (25 if share else 100)


def test_one_measured_second() -> None:
    log = simulate(centre({"phone": live()}, {"team": team()}, [0, 1, 2], run={"measure": "1 s", "end": "cut"}), 1, 0)
    assert log.stopped == 1
    assert log.customers["arrived"].tolist() == [0]


def test_rows_that_never_let_go_are_refused_by_the_engine_where_the_check_cannot_see_it() -> None:
    """Failure is certain and the redial immediate: time passes, a millisecond a call, but the customer never leaves."""
    rows = {"phone": {"any": to("phone")}}
    uncapped = {"max_contacts": None}
    config = centre({"phone": live("1 ms", failure=1.0)}, {"team": team()}, [0.0], rows=rows, journeys=uncapped)
    with pytest.raises(InputError, match=r"journeys.rows.phone: a customer made 100,000 contacts"):
        simulate(config, 1, 0)

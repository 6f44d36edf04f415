"""Measures of feelings, by hand, and the two that need none: effort, and as which contact a channel is reached."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest
import yaml

from sim.cli import paths
from sim.engine import simulate
from sim.measures.feelings import churn, satisfaction
from sim.measures.observe import observe
from sim.measures.window import Facts
from sim.model import Configuration
from sim.runs.replicate import replicate
from sim.studies.compare.study import compare
from tests.extreme.small import centre, deferred, live, team, to

FELT: dict[str, Any] = {
    "growth": {"failure": 1, "restart": 0.5},
    "relief": 0.5,
    "satisfaction": {"per_frustration": 0.2, "lost_if_given_up": 0.4},
    "churn": {"satisfied": 0.1, "dissatisfied": 0.9, "given_up": 0.3, "yearly": 1.0},
    "customer_value": 100,
}
SEGMENTS = {name: {"share": 0.5, "first_channel": {"phone": 1}} for name in ("plain", "gold")}


def measured(config: Configuration, scope: str = "journey", row: int = 0) -> dict[str, float]:
    """Every measure of a scope over the whole window, of one replication."""
    found = {}
    for (where, name), table in observe(simulate(config, 1, 0), config).items():
        if where == scope and row < len(table.rows):
            bottom = 1.0 if table.bottom is None else table.bottom[row, 0]
            found[name] = table.top[row, 0] / bottom if bottom else float("nan")
    return found


def mixed() -> Configuration:
    """A plain customer, worth 100, and a gold one, worth 1000, are helped in mail after a call in vain."""
    channels = {"phone": live(failure=1), "mail": deferred()}
    streams = {name: {"times": [at], "segments": {name: 1}} for name, at in (("plain", 0), ("gold", 5000))}
    staffing = {"team": team(1, "phone", "mail")}
    rows: dict[str, Any] = {"phone": {"any": to("mail")}}
    customers = {"segments": SEGMENTS}
    values = {"customer_value_by_segment": {"gold": 1000}}
    return centre(channels, staffing, streams=streams, rows=rows, customers=customers, feelings=FELT | values)


def test_a_helped_customer() -> None:
    """f = (1 + 0.5) x 0.5 at the end; satisfaction exp(-0.2 f); a line from 0.1 to 0.9."""
    found = measured(mixed(), "segment", 0)
    content = exp(-0.2 * 0.75)
    leaves = 0.1 * content + 0.9 * (1 - content)
    assert found["frustration"] == pytest.approx(0.75)
    assert found["satisfaction"] == pytest.approx(content)
    assert found["churn"] == pytest.approx(leaves)
    assert found["value_lost"] == pytest.approx(100 * leaves)
    assert measured(mixed(), "segment", 1)["value_lost"] == pytest.approx(1000 * leaves)
    assert measured(mixed())["value_lost_per_journey"] == pytest.approx(550 * leaves)
    assert measured(mixed())["effort"] == 3  # again, explained again, elsewhere; not handed on


def test_a_customer_who_gives_up() -> None:
    config = centre({"phone": live(failure=1)}, {"team": team()}, [0], feelings=FELT)
    found = measured(config)
    content = 0.6 * exp(-0.2)
    leaves = 1 - (1 - 0.1 * content - 0.9 * (1 - content)) * (1 - 0.3)
    assert (found["satisfaction"], found["churn"]) == (pytest.approx(content), pytest.approx(leaves))
    assert found["effort"] == 0


def test_open_journeys_have_no_end_to_be_judged_by() -> None:
    config = centre({"phone": live("1 h")}, {"team": team()}, [0, 86000], feelings=FELT, run={"end": "cut"})
    found = measured(config)
    assert (found["satisfaction"], found["churn"], found["open"]) == (1, pytest.approx(0.1), 0.5)


def test_frustration_on_arrival_by_channel() -> None:
    assert measured(mixed(), "channel", 0)["frustration_on_arrival"] == 0
    assert measured(mixed(), "channel", 1)["frustration_on_arrival"] == pytest.approx(1.5)


def test_reached_as_contact() -> None:
    """Mail: as the second contact by both, and as the first by one more."""
    channels = {"phone": live(failure=1), "mail": deferred()}
    streams = {"a": {"times": [0, 5000]}, "b": {"times": [9000], "first_channel": {"mail": 1}}}
    staffing = {"team": team(1, "phone", "mail")}
    config = centre(channels, staffing, streams=streams, rows={"phone": {"any": to("mail")}})
    assert measured(config, "channel", 0)["reached_at"] == 1
    assert measured(config, "channel", 1)["reached_at"] == pytest.approx(5 / 3)


@pytest.mark.parametrize(("row", "burdens"), [(to("mail"), 1), (to("mail", delay="1 min"), 3)])
def test_being_handed_on_is_an_effort(row: dict[str, object], burdens: int) -> None:
    """Handed on; a minute later also contacted again, elsewhere. Nothing is explained again."""
    channels = {"phone": live(failure=1, transfer=1), "mail": deferred()}
    staffing, rows = {"team": team(1, "phone", "mail")}, {"phone": {"any": row}}
    config = centre(channels, staffing, [0], rows=rows, integration={"level": 1})
    assert measured(config)["effort"] == burdens


def test_impressions_by_journey_and_their_balance() -> None:
    """An adverse post seen by all 80 and an advocate's 30: the window holds both journeys."""
    channels = {"social": deferred(deadline={"law": "constant", "mean": "10 s"})}
    feelings = {"public": ["social"], "posts": {"probability": 1, "reach": {"mean": 80, "sigma": 0}},
                "advocates": {"probability": 1, "reach": {"mean": 30, "sigma": 0}}}  # fmt: skip
    config = centre(channels, {"team": team(1, "social")}, [0, 1], feelings=feelings)
    found = measured(config)
    assert (found["posts"], found["advocates"]) == (2, 1)
    assert (found["adverse_impressions"], found["advocate_impressions"]) == (pytest.approx(80), pytest.approx(30))
    assert found["net_impressions"] == pytest.approx(-50)


def test_measures_of_feelings_are_taken_only_where_there_are_any() -> None:
    plain = centre({"phone": live()}, {"team": team()}, [0])
    assert not {"churn", "satisfaction", "frustration", "posts"} & set(measured(plain))
    assert {"effort", "fcr"} <= set(measured(plain))


def test_a_comparison_leaves_out_what_is_not_felt() -> None:
    """The measures compared by default include those of feelings: a plain centre has none and is compared without."""
    config = centre({"phone": live()}, {"team": team()}, [0], run={"replications": 2, "workers": 1})
    results = replicate(config)
    compared = {d.measure for d in compare(results, {"again": results}, config.study.measures)}
    assert "resolved" in compared
    assert not {"churn", "satisfaction", "net_impressions"} & compared


def test_the_worked_example_of_the_guide() -> None:
    """conf/feelings/README.md: 80 s on a line that promises 20, no help, started over in chat, which solves it."""
    consumers = yaml.safe_load((paths.conf() / "feelings" / "consumers.yaml").read_text(encoding="utf-8"))
    phone = live(failure=1, tolerance="20 s")
    config = centre({"phone": phone, "social": live()}, {"team": team(1), "others": team(2, "social")}, [0, 20],
                    rows={"phone": {"any": to("social")}}, feelings=consumers)  # fmt: skip
    log = simulate(config, 1, 0)
    assert log.contacts["frustration"][-1] == pytest.approx(2.0)
    assert log.customers["frustration"][-1] == pytest.approx(1.0)
    felt = Facts(log, config)
    assert round(exp(-config.feelings.effects.patience * 2.0), 2) == 0.82
    assert round(float(satisfaction(felt)[-1]), 2) == 0.85
    assert round(float(churn(felt)[-1]), 2) == 0.22


def test_money_needs_a_yearly_churn_and_a_value() -> None:
    """Without both there is no value lost; with them a journey answers for its share of the year's."""
    felt = {"churn": {"dissatisfied": 1, "given_up": 0.5}, "satisfaction": {"lost_if_given_up": 0.4},
            "customer_value": 100}  # fmt: skip
    gone = centre({"phone": live(failure=1)}, {"team": team()}, [0], feelings=felt)
    assert not {"value_lost", "value_lost_per_journey"} & set(measured(gone))
    index = 1 - (1 - 0.4) * (1 - 0.5)
    felt["churn"] |= {"yearly": 0.2, "reference": 0.35, "issues_per_year": 2}  # type: ignore[operator]
    told = measured(centre({"phone": live(failure=1)}, {"team": team()}, [0], feelings=felt))
    assert told["churn"] == pytest.approx(index)
    assert told["value_lost"] == pytest.approx(0.2 / 2 * index / 0.35 * 100)


def test_a_purchase_is_abandoned_for_want_of_an_answer() -> None:
    """Two purchases with one agent: the first is settled after 100 s, the second after 200 s, too late."""
    reasons = {"buy": {"purchase": {"answer_within": "150 s", "abandoned": 0.45}}}
    segments = {"all": {"share": 1, "first_channel": {"phone": 1}}}
    found = measured(centre({"phone": live()}, {"team": team()}, [0, 0.5],
                            customers={"segments": segments, "reasons": reasons}))  # fmt: skip
    assert found["purchases_abandoned"] == pytest.approx(0.45 / 2)


def test_a_customer_won_back_is_an_advocate_and_a_public_solution_is_seen() -> None:
    """Failed by phone, solved on social: frustration 1 falls by half, satisfaction exp(-0.1625 / 2) = 0.92. Of the 80
    who saw the complaint half see the solution, too."""
    channels = {"phone": live(failure=1), "social": deferred("10 s")}
    for least, advocates in ((0.9, 1), (0.95, 0)):
        feelings = {
            "growth": {"failure": 1}, "relief": 0.5, "public": ["social"], "satisfaction": {"per_frustration": 0.1625},
            "posts": {"probability": 1, "reach": {"mean": 80, "sigma": 0}, "half_life": "1 ms"},
            "advocates": {"probability": 1, "threshold": None, "within_contacts": None, "satisfaction": least,
                          "solution_seen": 0.5, "reach": {"mean": 30, "sigma": 0}},
        }  # fmt: skip
        found = measured(centre(channels, {"team": team(1, "phone"), "posts": team(0.0, "social"),
                                           "late": team(1, "social", overflow={"social": "1 min"})}, [0],
                                rows={"phone": {"any": to("social")}}, feelings=feelings))  # fmt: skip
        assert found["advocates"] == advocates
        assert found["adverse_impressions"] == pytest.approx(80)
        assert found["advocate_impressions"] == pytest.approx(40 + 30 * advocates)

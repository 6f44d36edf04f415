"""Who posts, how many see it: single posts by hand, and the expected impressions of a queue in closed form."""

from __future__ import annotations

from math import log as ln
from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.log.tables import Log
from sim.model import Configuration
from tests.extreme.small import centre, deferred, live, team, to

POSTS = {"probability": 1, "threshold": 1, "reach": {"mean": 80, "sigma": 0}, "half_life": "60 s", "reposted": 0.2}
ADVOCATES = {"probability": 1, "reach": {"mean": 30, "sigma": 0}, "reposted": 0.25}


def social(service: str = "100 s", **more: Any) -> dict[str, Any]:
    """Where customers come after a phone that never helps."""
    return deferred(service, **more)


def angry(times: list[float], then: dict[str, Any], **feelings: Any) -> Configuration:
    """All callers fail at once on the phone, with an agent each; then one agent answers them in social."""
    felt = {"growth": {"failure": 1}, "public": ["social"], "posts": POSTS} | feelings
    staffing = {"callers": team(len(times)), "social": team(1, "social")}
    return centre({"phone": live("1 s", failure=1), "social": then}, staffing, times,
                  rows={"phone": {"any": to("social")}}, feelings=felt)  # fmt: skip


def posts(log: Log) -> list[tuple[int, int, float, float, float]]:
    """(contact, kind, time, reach, impressions)."""
    names = ("number", "kind", "time", "reach", "impressions")
    return list(zip(*(log.posts[name].tolist() for name in names), strict=True))


def test_exposure_ends_with_the_first_reply() -> None:
    """Replies after 0, 60 and 120 s: none, a half, three quarters of 80 have seen it, and each brings 0.25 in all."""
    log = simulate(angry([0, 40, 80], social()), 1, 0)
    assert log.wait[log.contacts["number"] == 2].tolist() == [0, 60, 120]
    assert posts(log) == [
        (2, 1, 1, pytest.approx(80), 0),
        (2, 1, 41, pytest.approx(80), pytest.approx(50)),
        (2, 1, 81, pytest.approx(80), pytest.approx(75)),
    ]


def test_a_post_without_a_reply_is_seen_by_all() -> None:
    """Also if the work is done in vain after the customer has left."""
    for stale in ("removed", "answered"):
        then = social(deadline={"law": "constant", "mean": "30 s"}, stale=stale)
        log = simulate(angry([0, 40], then), 1, 0)
        assert posts(log)[1] == (2, 1, 41, pytest.approx(80), pytest.approx(100))


def test_a_post_still_open_is_seen_so_far() -> None:
    config = angry([0, 86400 - 101], social("2 d"))
    config = config.changed(run=config.run.model_copy(update={"end": "cut"}))
    log = simulate(config, 1, 0)
    assert posts(log)[1] == (2, 1, 86300, pytest.approx(80), pytest.approx(80 * (1 - 2 ** (-100 / 60)) * 1.25))


@pytest.mark.parametrize(
    ("change", "count"),
    [({"threshold": 1.01}, 0), ({"threshold": 1}, 2), ({"probability": 0}, 0), ({"threshold": 0}, 2)],
)
def test_only_the_angry_post(change: dict[str, float], count: int) -> None:
    assert len(posts(simulate(angry([0, 40], social(), posts=POSTS | change), 1, 0))) == count


def test_only_public_channels_are_public() -> None:
    log = simulate(angry([0, 40], social(), public=["phone"], posts=POSTS | {"threshold": 0}), 1, 0)
    assert [post[0] for post in posts(log)] == [1, 1]


def test_advocates_were_helped_at_once_and_did_not_wait() -> None:
    """The first of two callers; with a threshold both; nobody whose second contact helped, unless two are allowed."""
    phone = live(tolerance="20 s")
    growth = {"growth": {"wait": 1, "failure": 1}, "advocates": ADVOCATES}
    log = simulate(centre({"phone": phone}, {"team": team()}, [0, 60], feelings=growth), 1, 0)
    assert posts(log) == [(1, 2, 100, pytest.approx(30), pytest.approx(40))]
    growth["advocates"] = ADVOCATES | {"threshold": 1}
    log = simulate(centre({"phone": phone}, {"team": team()}, [0, 60], feelings=growth), 1, 0)
    assert [post[2] for post in posts(log)] == [100, 200]
    for allowed, count in ((1, 0), (2, 1)):
        late = ADVOCATES | {"threshold": 5, "within_contacts": allowed}
        log = simulate(angry([0], social(), posts={}, advocates=late), 1, 0)
        assert len(posts(log)) == count


def test_expected_impressions_of_a_queue_in_closed_form() -> None:
    """M/M/1 in social, everybody posts: E = reach x (1 - E exp(-s W)) / (1 - m), s = ln 2 / half-life.

    W is 0 with probability 1 - rho, else exponential of rate mu - lambda: 1 - E exp(-s W) = rho s / (mu - lambda + s).
    Twelve independent days of 1,728 posts; their mean within 3.3 standard errors.
    """
    arrivals, service, half_life, reach, m = 1728 / 86400, 35.0, 120.0, 50.0, 0.3
    config = centre(
        {"social": social({"law": "exponential", "mean": "35 s"})}, {"team": team(1, "social")},
        streams={"all": {"per_day": 1728}}, run={"warm_up": "12 h", "measure": "1 d"},
        feelings={"public": ["social"], "posts": {
            "probability": 1, "half_life": "2 min", "reposted": m, "reach": {"mean": reach, "sigma": 0.7}}},
    )  # fmt: skip
    means = []
    for replication in range(12):
        log = simulate(config, 11, replication)
        inside = (log.posts["time"] >= log.window[0]) & (log.posts["time"] < log.window[1])
        means.append(log.posts["impressions"][inside].mean())
    s, rho = ln(2) / half_life, arrivals * service
    expected = reach * rho * s / (1 / service - arrivals + s) / (1 - m)
    assert abs(np.mean(means) - expected) < 3.3 * np.std(means, ddof=1) / np.sqrt(12)
    assert np.std(means, ddof=1) / np.sqrt(12) < 0.05 * expected

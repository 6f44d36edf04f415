"""Bad feelings are refused with their path, what is allowed and the nearest known name."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import InputError
from tests.extreme.small import centre, deferred, team

INSTANT = {"share": 0.8, "within": "0 s"}


@pytest.mark.parametrize(
    ("feelings", "said"),
    [
        ({"growth": {"failur": 1}}, "feelings.growth.failur: unknown key; did you mean 'failure'?"),
        ({"growth": {"failure": -1}}, "feelings.growth.failure: must be at least 0, got -1"),
        ({"growth": {"failure": float("nan")}}, "feelings.growth.failure: must be a finite number, got nan"),
        ({"growth": {"failure": float("inf")}}, "feelings.growth.failure: must be a finite number, got inf"),
        ({"growth": {"failure": "much"}}, "feelings.growth.failure: must be a number, got 'much'"),
        ({"relief": 1.5}, "feelings.relief: must be at most 1, got 1.5"),
        ({"public": ["socal"]}, "feelings.public.socal: unknown channel; did you mean 'social'?"),
        ({"tolerance": {"socal": "1 min"}}, "feelings.tolerance.socal: unknown channel; did you mean 'social'?"),
        ({"tolerance": {"social": 60}}, "feelings.tolerance.social: needs a unit, such as '60 s' or '60 min'"),
        ({"tolerance": {"social": "0 s"}}, "feelings.tolerance.social: must be above 0, got 0 s"),
        ({"customer_value_by_segment": {"al": 5}}, "feelings.customer_value_by_segment.al: unknown segment"),
        ({"posts": {"probability": 0.5}}, "feelings.public: posts need a public channel, got none"),
        ({"posts": {"reposted": 1}}, "feelings.posts.reposted: must be below 1, got 1"),
        ({"posts": {"half_life": "0 s"}}, "feelings.posts.half_life: must be above 0, got 0 s"),
        ({"advocates": {"within_contacts": 0}}, "feelings.advocates.within_contacts: must be at least 1, got 0"),
    ],
)
def test_refused(feelings: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        centre({"social": deferred(target=INSTANT)}, {"team": team(1, "social")}, feelings=feelings)
    assert said in str(refused.value)


def test_empty_blocks_are_no_mistake() -> None:
    config = centre({"social": deferred()}, {"team": team(1, "social")}, feelings={"tolerance": None})
    assert not config.feelings.on

"""What "no worse" means: every channel's service, a margin that is stated, and an answer only where there is one."""

from __future__ import annotations

import math

import pytest

from sim.errors import InputError
from sim.model import Configuration
from sim.model.studies.worth import Margin, Worth
from sim.studies.compare.study import Difference
from sim.studies.worth.answer import Answer
from sim.studies.worth.confirm import judged, verdict
from sim.studies.worth.constraints import service_of

from .known import configuration


def difference(measure: str, baseline: float, change: float, half_width: float) -> Difference:
    return Difference("cheapest at 1", "channel", "phone", measure, "", baseline, baseline + change, change,
                      half_width, 6, "", 1.0)  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "change", "half_width", "says"),
    [
        ("service_level", 0.000, 0.004, "shown"),  # half a point is allowed
        ("service_level", -0.002, 0.004, "cannot tell"),  # could be 0.6 points worse
        ("service_level", -0.020, 0.004, "worse"),
        ("service_level", -0.003, 0.001, "shown"),  # worse, and by less than the margin
        ("service_level", 0.010, 0.030, "cannot tell"),  # a wide interval is no evidence
        ("abandoned", 0.004, 0.002, "worse"),  # lower is better here
        ("response", 10.0, 5.0, "shown"),  # 2 % of 800 s are 16 s
        ("response", 10.0, 8.0, "worse"),
        ("response", 1.0, math.nan, "cannot tell"),  # one replication
    ],
)
def test_no_worse_has_to_be_shown(measure: str, change: float, half_width: float, says: str) -> None:
    each = difference(measure, 800.0 if measure == "response" else 0.8, change, half_width)
    assert judged(each, Margin()) == says


def test_cannot_tell_is_not_no_worse() -> None:
    said = verdict([difference("service_level", 0.8, 0, 0.1), difference("abandoned", 0.8, -0.1, 0.01)], Margin())
    assert said.startswith("1 of 2 constraints are not worse by more than the margin (shown); 1 cannot tell")


def test_every_open_channel_with_agents_is_held_as_its_customers_see_it() -> None:
    from sim.cli.compose import compose

    config = Configuration.from_mapping(compose(["study=worth", "channels.email.target=null", "run.seed=3"]))
    assert service_of(config) == [
        "channel.chat.service_level", "channel.chat.abandoned", "channel.email.handled_share",
        "channel.email.response", "channel.phone.service_level", "channel.phone.abandoned",
        "channel.social.service_level", "channel.social.handled_share", "channel.social.response",
    ]  # fmt: skip


def test_auto_or_a_list_of_ones_own() -> None:
    assert Worth(constraints="auto").constraints == ("auto",)
    assert Worth(constraints=["channel.phone.abandoned"]).constraints == ("channel.phone.abandoned",)
    with pytest.raises(InputError, match=r"study.worth.margin.share"):
        configuration(margin={"share": -0.1})


def test_a_search_that_did_not_settle_has_no_interval() -> None:
    lost = Answer("cheapest", 0.5, 46.0, 3.0, math.nan, (43.0,), 0, 0, 0, (), False)
    assert "not found" in lost.words
    assert "without an interval" in lost.words
    assert "±" not in lost.words

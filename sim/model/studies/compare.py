"""What is asked of several configurations at once."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..base import Part, Table
from .inputs import Range, Sensitivity, Uncertainty
from .select import Select
from .staffing import Staffing
from .sweep import Sweep
from .worth import Worth

COMPARED = (
    "journey.all.resolved", "journey.all.contacts", "journey.all.fcr", "journey.all.broken", "journey.all.agent_time",
    "journey.all.cost_per_resolution", "channel.phone.abandoned", "channel.phone.service_level",
    "channel.social.reached", "journey.all.satisfaction", "journey.all.churn", "journey.all.net_impressions",
)  # fmt: skip


class Study(Part):
    """`none`: one configuration, as asked. `compare`: scenarios against a baseline, with the same luck on both
    sides. `sweep`: a design of many points. `worth`: integration in agents.
    `staffing`: how many agents are needed. `sensitivity`: which guesses matter. `uncertainty`: headlines with two
    intervals. `select`: which scenario is best."""

    kind: Literal["none", "compare", "sweep", "worth", "staffing", "sensitivity", "uncertainty", "select"] = "none"
    baseline: str = Field("siloed", description="scenario that the others are compared with")
    scenarios: tuple[str, ...] = Field((), description="scenarios compared; empty: all that ship")
    measures: tuple[str, ...] = Field(COMPARED, description="scope.name.measure; those a centre lacks are left out")
    page: str | None = Field(
        None, description="a Markdown page whose table between <!-- found --> and <!-- /found --> is written anew"
    )
    simultaneous: Literal["bonferroni", "max_t"] = Field(
        "bonferroni", description="how the intervals of a comparison are made to hold together"
    )
    worth: Worth = Worth()
    sweep: Sweep = Sweep()
    staffing: Staffing = Staffing()
    select: Select = Select()
    ranges: Table[Range] = Field(default_factory=dict, description="where parameters could lie: conf/ranges/")
    sensitivity: Sensitivity = Sensitivity()
    uncertainty: Uncertainty = Uncertainty()

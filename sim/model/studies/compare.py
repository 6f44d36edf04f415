"""What is asked of several configurations at once."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from ...extensions import check_name
from ..base import FrozenDict, Part, Table
from ..origin import leaves
from .inputs import Range, Sensitivity, Uncertainty
from .select import Select
from .staffing import Staffing
from .sweep import Sweep, Tree
from .worth import Worth

COMPARED = (
    "journey.all.resolved", "journey.all.contacts", "journey.all.fcr", "journey.all.broken", "journey.all.agent_time",
    "journey.all.cost_per_resolution", "channel.phone.abandoned", "channel.phone.service_level",
    "channel.social.reached", "journey.all.satisfaction", "journey.all.churn", "journey.all.net_impressions",
)  # fmt: skip


def _alternatives(value: Any) -> Any:
    """One mapping from keys to values for each alternative: all combinations of the lists in a mapping, or a list of
    mappings as they stand."""
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        if not all(isinstance(each, Mapping) and each for each in value):
            raise ValueError("must be a mapping of keys, or a list of such mappings")
        return tuple(FrozenDict(leaves(each)) for each in value)
    if not isinstance(value, Mapping):
        raise ValueError(f"must be a mapping such as {{staffing.phone.agents: 28}}, got {value!r}")
    flat = {key: node if isinstance(node, (list, tuple)) else [node] for key, node in leaves(value)}
    return tuple(FrozenDict(zip(flat, each, strict=True)) for each in itertools.product(*flat.values()) if flat)


def _values(value: Any) -> Any:
    """Keys with dots and their values."""
    if not isinstance(value, Mapping):
        raise ValueError(f"must be keys with their values such as {{integration.level: 1}}, got {value!r}")
    return FrozenDict(leaves(value))


if TYPE_CHECKING:
    Alternatives = tuple[Mapping[str, Any], ...]
    Values = Mapping[str, Any]
else:
    Values = Annotated[Tree, BeforeValidator(_values)]
    Alternatives = Annotated[Tree | tuple[Any, ...], BeforeValidator(_alternatives)]


Kind = Literal["none", "compare", "sweep", "worth", "staffing", "sensitivity", "uncertainty", "select"]


def _kind(name: str) -> str:
    return check_name("study", name, get_args(Kind))


class Study(Part):
    """`none`: one configuration, as asked. `compare`: scenarios against a baseline, with the same luck on both
    sides. `sweep`: a design of many points. `worth`: integration in agents.
    `staffing`: how many agents are needed. `sensitivity`: which guesses matter. `uncertainty`: headlines with two
    intervals. `select`: which scenario is best."""

    kind: Annotated[str, AfterValidator(_kind)] = "none"
    settings: Table[float | str] = Field(default_factory=dict, description="what the study of an extension reads")
    baseline: str = Field("siloed", description="scenario that the others are compared with")
    scenarios: tuple[str, ...] = Field((), description="scenarios compared; empty: all that ship; none if `against`")
    against: Alternatives = Field(
        (), description="changes compared with the configuration as asked: {key: value or [values]}, or a list of such"
    )
    measures: tuple[str, ...] = Field(COMPARED, description="scope.name.measure; those a centre lacks are left out")
    on_change: Literal["refuse", "apart"] = Field(
        "refuse", description="going on with a study that another program began: refuse, or keep its results apart"
    )
    objective: str | None = Field(
        None,
        pattern=r"^\w+\.[\w -]+\.\w+$",
        description="scope.name.measure that a run returns to an optimising sweeper, such as hydra/sweeper=optuna",
    )
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
    of: Values = Field(
        default_factory=FrozenDict,
        description="keys with values: study=sensitivity is then about the difference that these make, "
        "study.of.integration.level=1 say, and not about today's centre",
    )
    sensitivity: Sensitivity = Sensitivity()
    uncertainty: Uncertainty = Uncertainty()

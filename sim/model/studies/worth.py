"""What `study=worth` is asked: what is priced, at which levels, what must not get worse, which agents go."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ..base import Part
from ..units import Share

AUTO = ("auto",)
Allocation = Literal["cheapest", "proportional"]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Margin(Part):
    """By how much service may be worse and still counts as no worse (a margin of non-inferiority)."""

    share: Share = Field(0.005, description="of measures that are shares, as a difference: half a point")
    time: Share = Field(0.02, description="of times and all others, as a share of the baseline's value")


class Worth(Part):
    """A parameter in agents: the fewest agents at each of its levels with no constraint worse than today."""

    of: str = Field("integration.level", description="key of the configuration that is priced; a number")
    label: str = Field("", description="what a planner reads for it; empty: the key")

    levels: tuple[float, ...] = Field((0.0, 0.2, 0.4, 0.6, 0.8, 1.0), min_length=1, description="values of it")
    constraints: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        AUTO, min_length=1, description="scope.name.measure that must be no worse than in the baseline; auto: the "
        "service of every open channel with agents, as its customers see it",
    )  # fmt: skip
    margin: Margin = Field(Margin(), description="worse by less than this counts as no worse")
    allocation: tuple[Allocation, ...] = Field(
        ("cheapest", "proportional"),
        min_length=1,
        description="cheapest: least wages; proportional: all groups by one factor; the first is the headline",
    )
    tolerance: float = Field(
        0.1, gt=0, description="a group's agents at the peak within which the search stops",
        json_schema_extra={"unit": "agents"},
    )  # fmt: skip
    sets: int = Field(
        200, ge=0, description="parameter sets from study.ranges for the second interval; 0: simulation noise alone"
    )
    set_replications: int = Field(2, ge=2, description="of each set")
    set_seed: int = Field(1, ge=0, lt=2**32, description="of the sets")
    origins: bool = Field(True, description="say where the freed agents come from, and which connection frees most")
    confirm: bool = Field(True, description="plans that are shown to hold on fresh replications")
    confirm_replications: int = Field(40, ge=2, description="fresh replications on which a plan is judged")

    @property
    def name(self) -> str:
        """`integration.level`, or `integration (integration.level)` with a label."""
        return f"{self.label} ({self.of})" if self.label else self.of

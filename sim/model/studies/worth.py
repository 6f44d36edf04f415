"""What `study=worth` is asked: at which levels, what must not get worse, how the agents are allocated."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..base import Part
from ..units import Share

CONSTRAINTS = (
    "channel.phone.service_level", "channel.phone.abandoned", "channel.chat.service_level", "channel.chat.abandoned",
    "channel.email.handled_share", "channel.social.handled_share",
)  # fmt: skip
Allocation = Literal["cheapest", "proportional"]


class Worth(Part):
    """Integration in agents: the fewest agents at each level with no constraint worse than today."""

    levels: tuple[Share, ...] = Field((0.0, 0.2, 0.4, 0.6, 0.8, 1.0), min_length=1, description="integration.level")
    constraints: tuple[str, ...] = Field(
        CONSTRAINTS, min_length=1, description="scope.name.measure that must be no worse than in the baseline"
    )
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
        24, ge=0, description="parameter sets from study.ranges for the second interval; 0: simulation noise alone"
    )
    set_replications: int = Field(2, ge=2, description="of each set")
    set_seed: int = Field(1, ge=0, lt=2**32, description="of the sets")
    confirm: bool = Field(True, description="simulate the answers again on fresh replications")

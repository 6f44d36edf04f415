"""What `study=staffing` is asked: which service must be met, in intervals of what length, and how long to look."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from ..base import Part
from ..people import Interval
from ..units import DAY, Share

Limit = Annotated[Share, Field(gt=0)]


class Staffing(Part):
    """How many agents do I need? The service level asked of a channel is its own `target`."""

    interval: Interval | None = Field(None, description="agents are found for intervals this long; null: run.interval")
    max_abandonment: Limit = Field(0.05, description="most that may leave a live channel unanswered, by interval")
    max_occupancy: Limit = Field(0.85, description="most that agents of live channels may be busy, by interval")
    minimum: int = Field(
        1, ge=0, description="on duty whenever a live channel of the group is open",
        json_schema_extra={"unit": "agents"},
    )  # fmt: skip
    groups: tuple[str, ...] = Field((), description="agent groups to solve; empty: all. The others stay as planned")
    days: Literal["alike", "each"] = Field(
        "alike", description="alike: days with the same plan and opening hours share an answer; each: none do"
    )
    rounds: int = Field(30, ge=1, description="most staffings that the search simulates")
    confirm: int | None = Field(
        None, ge=2, description="replications of a whole round of the confirmation, each with fresh ones; null: enough "
        "for 0.9 million contacts. With fewer the answer holds as well, and is more generous",
        json_schema_extra={"unit": "replications"},
    )  # fmt: skip

    @field_validator("interval")
    @classmethod
    def _divides_a_day(cls, value: float | None) -> float | None:
        if value is not None and abs(DAY / value - round(DAY / value)) > 1e-9:
            raise ValueError(f"the interval must divide a day, got {value:g} s")
        return value

"""What `study=select` is asked: best in what, what difference matters, by which procedure."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ..base import Part


class Select(Part):
    """Which scenario is best, or within `within` of the best; the probability is `run.confidence`."""

    measure: str = Field("journey.all.resolved", description="scope.name.measure in which the best is sought")
    within: float = Field(0.005, gt=0, description="a difference that does not matter, in the measure's unit")
    better: Literal["higher", "lower"] | None = Field(None, description="null: as the catalogue of measures says")
    procedure: Literal["kn", "clark_yang"] = Field(
        "kn", description="kn: sequential, drops the clearly worse early; clark_yang: two stages, a stronger guarantee"
    )
    first: int = Field(10, ge=2, description="replications of each before anything is judged")
    most: int = Field(300, ge=2, description="replications of each at most; then no decision")

    @model_validator(mode="after")
    def _first_fits(self) -> Select:
        if self.first > self.most:
            raise ValueError(f"first: must be at most `most` ({self.most}), got {self.first}")
        return self

"""What is uncertain about a centre, and what is asked about that: ranges, `study=sensitivity`, `study=uncertainty`.

Comes in: the mappings `study.ranges`, `study.sensitivity`, `study.uncertainty`. Goes out: checked parts. A range says
between which values a parameter could lie, how likely the values in between are, and who says so.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from ..base import Part
from ..units import parse_duration

MEASURES = (
    "journey.all.resolved", "journey.all.broken", "channel.phone.abandoned", "journey.all.cost_per_resolution",
)  # fmt: skip
Method = Literal["tornado", "morris", "sobol"]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Range(Part):
    """Where a parameter could lie: from `low` to `high`, both numbers or both times.

    `by: value` sets the key to the value; `by: factor` multiplies the present value of every key (a common doubt about
    several numbers, or about a list); `by: mix` sets the first key, an entry of a mix, and scales the others (the
    further keys; with one key all entries beside it), so that the sum stays.
    `law` says how likely the values are: `uniform`; `log_uniform` (as likely to be half as double); `triangular` with
    its peak at the present value.

    >>> Range(key="demand.scale", low=0.5, high=2.0, law="log_uniform").at(0.5, 1.0)
    1.0
    """

    key: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        min_length=1, description="key of the configuration; several: all move together"
    )
    low: float | str
    high: float | str
    by: Literal["value", "factor", "mix"] = "value"
    law: Literal["uniform", "log_uniform", "triangular"] = "uniform"
    label: str = Field("", description="what a planner reads; empty: the name")
    certainty: Literal["H", "M", "L", "A"] = Field("A", description="of the present value")
    source: str = Field("", description="where the range comes from")

    @property
    def seconds(self) -> bool:
        """Whether low and high are times."""
        return isinstance(self.low, str) or isinstance(self.high, str)

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high; times in seconds."""
        low, high = (parse_duration(end) if self.seconds else float(end) for end in (self.low, self.high))
        return low, high

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        low, high = self.ends  # raises for what is no time
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError(f"low and high must be finite, got {self.low} and {self.high}")
        if not low < high:
            raise ValueError(f"low must be below high, got {self.low} and {self.high}")
        if self.law == "log_uniform" and low <= 0:
            raise ValueError(f"law log_uniform needs a low above 0, got {self.low}")
        if self.by == "mix" and (self.seconds or low < 0 or high > 1):
            raise ValueError("by mix takes shares between 0 and 1")
        if self.by == "factor" and (self.seconds or low < 0):
            raise ValueError("by factor takes numbers of at least 0: factors on the present value")
        return self

    def at(self, u: float, present: float) -> float:
        """The value below which the parameter lies with probability `u`; `present` is the peak of a triangle."""
        low, high = self.ends
        if self.law == "log_uniform":
            return float(low * (high / low) ** u)
        if self.law == "uniform":
            return low + u * (high - low)
        left = (present - low) / (high - low)
        if u < left:
            return low + math.sqrt(u * (high - low) * (present - low))
        return high - math.sqrt((1 - u) * (high - low) * (high - present))


class Sensitivity(Part):
    """Which guesses matter? Each method has its own design over the ranges.

    `tornado`: one parameter at a time to its low and its high end. `morris`: trajectories through the whole space,
    one parameter a step (Morris, Technometrics 33, 1991; absolute means as in Campolongo, Cariboni and Saltelli 2007).
    `sobol`: shares of the variance (Saltelli et al. 2010), `points` x (parameters + 2) points.
    """

    methods: tuple[Method, ...] = Field(("tornado", "morris"), min_length=1)
    measures: tuple[str, ...] = Field(MEASURES, min_length=1, description="scope.name.measure; the first is drawn")
    only: tuple[str, ...] = Field((), description="names of the ranges that move; empty: all")
    trajectories: int = Field(8, ge=2, description="of morris")
    points: int = Field(64, ge=2, le=2**16, description="of sobol, a power of 2")
    resamples: int = Field(999, ge=99, description="of the bootstrap behind the intervals of morris and sobol")
    seed: int = Field(1, ge=0, lt=2**32, description="of design and bootstrap; the chance of the runs is run.seed")

    @model_validator(mode="after")
    def _power(self) -> Sensitivity:
        if self.points & (self.points - 1):
            raise ValueError(f"points: must be a power of 2, got {self.points}")
        return self


class Uncertainty(Part):
    """How sure are the headlines? Parameter sets sampled from the ranges (Latin hypercube), each simulated with the
    same replications as the others."""

    sets: int = Field(64, ge=8, description="parameter sets")
    replications: int = Field(2, ge=2, description="of each set; the headline itself has run.replications")
    measures: tuple[str, ...] = Field((), description="scope.name.measure; empty: the headlines")
    only: tuple[str, ...] = Field((), description="names of the ranges that move; empty: all")
    seed: int = Field(1, ge=0, lt=2**32, description="of the sets; the chance of the runs is run.seed")

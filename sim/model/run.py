"""What is run: the time axis, chance, and how a run ends."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .base import Part, Table
from .people import Interval
from .units import Date, Duration, Share

LONGEST = 10 * 365 * 86400.0
"""Ten years, s: a longer span is a slip, and customers are numbered by day."""


def _method(value: Any) -> Any:
    """`true` asks for the default method, none for no detection."""
    return {True: "mser5", None: False}.get(value, value) if isinstance(value, (bool, type(None))) else value


WarmUpMethod = Annotated[Literal[False, "mser5", "welch"], BeforeValidator(_method)]
Customers = Annotated[int, Field(ge=0, le=100_000)]


class Precision(Part):
    """A measure whose interval a run must reach: `half_width` in the measure's unit, or `relative` to its mean."""

    measure: str = Field(description="scope.name.measure, such as journey.all.broken")
    half_width: float | None = Field(None, gt=0)
    relative: float | None = Field(None, gt=0, lt=1)

    @model_validator(mode="after")
    def _one(self) -> Precision:
        if (self.half_width is None) == (self.relative is None):
            raise ValueError("needs either half_width or relative")
        return self


class Run(Part):
    """Horizon, warm-up, end, replications and seed. Midnight of `start` is time zero."""

    start: Date = Field(dt.date(2026, 1, 5), description="first day, a Monday by default")
    warm_up: Duration = Field(604800.0, lt=LONGEST, description="not measured")
    detect_warm_up: WarmUpMethod = Field(
        False, description="mser5 (or true), welch: find the warm-up by a pilot instead of taking `warm_up`"
    )
    start_with: Table[Customers] = Field(
        default_factory=dict, description="by channel: first contacts already there at the start (a deferred channel) "
        "or at the first opening (a live one)"
    )  # fmt: skip
    measure: Duration = Field(604800.0, gt=0, lt=LONGEST, description="measured window")
    end: Literal["follow", "drain", "cut", "clear"] = Field(
        "follow",
        description="after the window: follow its customers while arrivals go on; drain without arrivals; cut; "
        "clear sends the queue away, then drains",
    )
    follow_limit: Duration = Field(
        604800.0, lt=LONGEST, description="longest time after the window; then journeys are open"
    )
    interval: Interval = Field(1800.0, description="reporting interval")
    replications: int = Field(10, ge=1, le=2**20, description="with `precision`: at least")
    batches: int | None = Field(
        None, ge=2, le=2**20, description="one long run: intervals from this many equal parts of the measured window"
    )
    ratio_interval: Literal["delta", "jackknife"] = Field("delta", description="how a ratio's interval is made")
    control_variates: bool = Field(
        False, description="weigh replications by their first contacts, whose mean is known: narrower intervals from "
        "20 replications on"
    )  # fmt: skip
    strata: int | None = Field(
        None, ge=2, le=64, description="replications in groups of this many, over which every day's busyness is spread "
        "evenly; intervals count groups"
    )  # fmt: skip
    precision: tuple[Precision, ...] = Field((), description="go on until these measures are this precise")
    max_replications: int = Field(200, ge=1, le=2**20, description="with `precision`: at most")
    seed: int = Field(1, ge=0, lt=2**32)
    confidence: Share = Field(0.95, gt=0, lt=1, description="of the intervals")
    workers: int | None = Field(None, ge=1, description="processes; null: all cores")
    log: bool = Field(False, description="write the log as Parquet")
    event_log: Literal["csv", "xes"] | None = Field(
        None, description="write customers' waits and services for process mining: csv, or xes (IEEE 1849)"
    )
    large: bool = Field(False, description="what takes hours or fills the machine is meant, and not a slip")
    plots: bool = Field(True, description="draw the three pictures")

    @model_validator(mode="after")
    def _one_long_run(self) -> Run:
        if self.batches is not None and (self.replications != 1 or self.precision):
            raise ValueError("batches cut one long run: they go with replications: 1 and without precision")
        return self

    @property
    def group(self) -> int:
        """Replications of which the first number is a multiple, and that are independent of others only together."""
        return self.strata or 1

    @property
    def counted(self) -> str:
        """What intervals are over."""
        return f"groups of {self.strata} replications" if self.strata else "replications"

    @model_validator(mode="after")
    def _grouped(self) -> Run:
        if self.strata is not None and (self.replications % self.strata or self.replications < 2 * self.strata):
            least = max(2, -(-self.replications // self.strata)) * self.strata
            raise ValueError(
                f"strata: {self.strata} make groups of so many replications, two groups at least: replications must "
                f"be a multiple such as {least}, got {self.replications}"
            )
        return self

    @model_validator(mode="after")
    def _weighed(self) -> Run:
        if self.control_variates and (self.batches is not None or self.ratio_interval == "jackknife"):
            raise ValueError("control_variates weigh replications: they go with ratio_interval: delta, without batches")
        return self

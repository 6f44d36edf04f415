"""Customers, demand and staffing: who arrives, when, and who answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Part, Table
from .channels import Factors
from .units import DAYS, Clock, Date, Duration, Share, parse_days

Weight = Annotated[float, Field(ge=0)]


class Reason(Part):
    """Why a customer makes contact."""

    share: Weight = 1.0
    priority: float = 0.0
    needs_authority: Share = Field(
        0.0, description="share whose issue only somebody with authority can solve (drawn once a customer)"
    )


class Segment(Part):
    """A group of customers with its own mixes; the shares of all segments sum to 1."""

    share: Share = 1.0
    first_channel: Table[Weight] = Field(default_factory=dict, description="mix of first channels; sums to 1")
    reasons: Table[Weight] = Field(default_factory=dict, description="mix of reasons; empty: the reasons' own shares")
    priority: float = 0.0


class Customers(Part):
    """Segments, then reasons, then first channels."""

    segments: Table[Segment]
    reasons: Table[Reason] = Field(default_factory=lambda: {"any": Reason()})
    difficulty: float = Field(
        0.0, ge=0, le=10, description="standard deviation, between customers, of the log-odds of failure; 0: all alike"
    )


class Busyness(Part):
    """Gamma factor of mean 1 on a stream's rate: `variance` 1/shape; the source of overdispersed daily counts."""

    shape: float = Field(30.0, gt=0, description="shape of the Gamma factor; its variance is 1/shape")
    scope: Literal["common", "stream"] = Field("common", description="one factor for all streams, or one each")
    correlation: float = Field(
        1.0, ge=0, le=1, description="between neighbouring intervals of a day: 1 is one factor a day"
    )


class Stream(Part):
    """First contacts over time: a daily mean with profile, weekday and date factors, or rates, or replayed times."""

    per_day: float | None = Field(None, ge=0, description="mean first contacts on a day of factor 1")
    profile: tuple[Weight, ...] = Field((1.0,), min_length=1, description="relative volume by equal intervals of a day")
    profiles: Table[tuple[Weight, ...]] = Field(
        default_factory=dict, description="by first channel: a profile of its own, of as many intervals"
    )
    weekday: Table[Weight] = Field(default_factory=dict, description="factor by mon..sun, default 1")
    dates: dict[Date, Weight] = Field(default_factory=dict, description="factor on single dates")
    rates: Factors | None = Field(None, description="mean first contacts by interval, instead of per_day and profile")
    times: tuple[Weight, ...] | None = Field(None, description="replayed arrival times, s since the run's start")
    count: Literal["poisson", "mixed_poisson", "fixed", "normal"] = Field(
        "poisson",
        description="law of the counts; fixed: of the day, or with rates of each interval (a fraction by chance)",
    )
    sd: float | None = Field(None, ge=0, description="standard deviation of the daily count, for count: normal")
    busyness: Busyness = Busyness()
    first_channel: Table[Weight] = Field(default_factory=dict, description="overrides the segments' mix")
    segments: Table[Share] = Field(default_factory=dict, description="overrides the segments' shares")

    @model_validator(mode="after")
    def _one_source(self) -> Stream:
        given = [name for name in ("per_day", "rates", "times") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of per_day, rates, times, got {' and '.join(given) or 'none'}")
        for day in self.weekday:
            if day not in DAYS:
                raise ValueError(f"weekday: must be one of {', '.join(DAYS)}, got {day!r}")
        if self.per_day is not None and sum(self.profile) <= 0:
            raise ValueError("profile: must not be all zero")
        for channel, own in self.profiles.items():
            if self.per_day is None or len(own) != len(self.profile) or sum(own) <= 0:
                raise ValueError(
                    f"profiles.{channel}: goes with per_day, has as many intervals as profile, some above 0"
                )
        if (self.count == "normal") != (self.sd is not None):
            raise ValueError("sd goes with count: normal, and only with it")
        if self.rates is not None and self.count == "normal":
            raise ValueError("count: normal needs per_day")
        return self


class Demand(Part):
    """All streams, and one factor on all of them."""

    scale: Weight = Field(1.0, description="factor on all volumes")
    channels: Table[Weight] = Field(
        default_factory=dict, description="by channel: factor on the customers who begin there"
    )
    dates: dict[Date, Weight] = Field(default_factory=dict, description="factor on single dates, on all volumes")
    streams: Table[Stream]


class Span(Part):
    """A span of a day."""

    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _forward(self) -> Span:
        if self.end <= self.start:
            raise ValueError("end must be after start")
        return self


class Shift(Span):
    """Named agents who work from start to end on the given days, less breaks; they finish what they hold."""

    agents: int = Field(ge=0)
    days: str = "daily"
    breaks: tuple[Span, ...] = ()

    @model_validator(mode="after")
    def _inside(self) -> Shift:
        parse_days(self.days)
        for pause in self.breaks:
            if pause.start < self.start or pause.end > self.end:
                raise ValueError("breaks must lie inside the shift")
        return self


class Pool(Part):
    """An agent group: who share skills and schedule. `serves` ranks the channels it takes, lower first."""

    agents: float = Field(
        0.0, ge=0, description="agents at the peak of the profile", json_schema_extra={"unit": "agents"}
    )
    plus: float = Field(
        0.0, allow_inf_nan=False, description="agents more (or, negative, fewer) in every interval that has any",
        json_schema_extra={"unit": "agents"},
    )  # fmt: skip
    factor: Weight = Field(1.0, description="factor on the agents of every interval; before `plus`")
    said: Literal["net", "scheduled"] = Field("net", description="whether shrinkage is still to be taken off")
    shrinkage: Share = Field(0.3, description="share of paid time not available for contacts")
    profile: tuple[Weight, ...] = Field(
        (1.0,), min_length=1, description="relative staffing by equal intervals of a day"
    )
    weekday: Table[Weight] = Field(default_factory=dict, description="factor by mon..sun, default 1")
    counts: Factors | None = Field(None, description="agents by interval from the first day, instead of a profile")
    shifts: tuple[Shift, ...] = Field((), description="named agents, instead of a count")
    serves: Table[int] = Field(description="channels served, with their rank: lower is taken first")
    reasons: tuple[str, ...] = Field((), description="reasons served; empty: all")
    overflow: Table[Duration] = Field(
        default_factory=dict, description="channel -> wait after which the pool helps out; unnamed: from the start"
    )
    concurrency: Table[Annotated[int, Field(ge=1, le=64)]] = Field(
        default_factory=dict, description="contacts of a channel held at a time, instead of the channel's own number"
    )
    speeds: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        (1.0, 1.6, 1.95),
        min_length=1,
        description="work done per second in all by an agent with 1, 2, ... open contacts; constant beyond. "
        "1 / 1.6 / 1.95 is an assumption (each contact 1.25 and 1.54 times slower)",
    )
    slowdown: float | None = Field(
        None, ge=0, description="shorthand for speeds n / (1 + slowdown x (n - 1)); null: speeds"
    )
    reserve: int = Field(0, ge=0, description="agents kept wholly idle: deferred work starts only beyond them")
    authority: Share = Field(1.0, description="probability, contact by contact, that it may do what some issues need")
    wage_per_hour: float | None = Field(None, ge=0, description="null: economics.wage_per_hour")

    @model_validator(mode="after")
    def _consistent(self) -> Pool:
        for day in self.weekday:
            if day not in DAYS:
                raise ValueError(f"weekday: must be one of {', '.join(DAYS)}, got {day!r}")
        if sum(bool(x) for x in (self.agents, self.counts, self.shifts)) > 1:
            raise ValueError("agents, counts and shifts exclude each other (set agents to 0)")
        return self


Interval = Annotated[Duration, Field(gt=0)]

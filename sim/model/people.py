"""Customers, demand and staffing: who arrives, when, and who answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from ..extensions import check_name
from .base import Part, Table
from .channels import Factors
from .units import DAY, DAYS, Clock, Date, Duration, Share, parse_days

Weight = Annotated[float, Field(ge=0)]


class Purchase(Part):
    """A customer who wants to buy: abandoned with a probability if the question is not settled in time."""

    answer_within: Duration = Field(description="from the first contact on")
    abandoned: Share = Field(0.45, description="share that then leaves; 45 % say so (Forrester, in article 2)")


class Reason(Part):
    """Why a customer makes contact."""

    share: Weight = 1.0
    priority: float = 0.0
    needs_authority: Share = Field(
        0.0, description="share whose issue only somebody with authority can solve (drawn once a customer)"
    )
    purchase: Purchase | None = Field(None, description="a purchase that waits for an answer; null: none")


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
    difficulty_work: float = Field(
        0.0, ge=0, le=2, description="agents' service and wrap-up x exp(this x the customer's shift of the log-odds)"
    )


class Busyness(Part):
    """Gamma factor of mean 1 on a stream's rate: `variance` 1/shape; the source of overdispersed daily counts."""

    shape: float = Field(30.0, gt=0, description="shape of the Gamma factor; its variance is 1/shape")
    scope: Literal["common", "stream"] = Field("common", description="one factor for all streams, or one each")
    correlation: float = Field(
        1.0, ge=0, le=1, description="between neighbouring intervals of a day: 1 is one factor a day"
    )


Count = Literal["poisson", "mixed_poisson", "fixed", "normal"]


def _arrivals(name: str) -> str:
    return check_name("arrivals", name, get_args(Count))


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
    count: Annotated[str, AfterValidator(_arrivals)] = Field(
        "poisson",
        description="law of the counts: poisson, mixed_poisson, normal, fixed (of the day, or with rates of each "
        "interval: a fraction by chance), or the arrival process of an extension",
    )
    settings: Table[float] = Field(default_factory=dict, description="numbers that an extension's process reads")
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
    """A span of time that begins on a day; one whose end is not after its start ends on the next."""

    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _some_length(self) -> Span:
        if self.end == self.start:
            raise ValueError("end must differ from start (an end before the start is on the next day)")
        return self

    @property
    def until(self) -> float:
        """The end, s since the midnight before the start."""
        return self.end if self.end > self.start else self.end + DAY


class Shift(Span):
    """Named agents who work from start to end on the given days, less breaks; they finish what they hold.

    A shift belongs to the day on which it begins and may cross midnight. A break begins when all in hand is done, and
    keeps its length; what would pass the end of the shift is not taken.
    """

    agents: int = Field(ge=0)
    days: str = "daily"
    breaks: tuple[Span, ...] = ()

    @model_validator(mode="after")
    def _inside(self) -> Shift:
        parse_days(self.days)
        if any(end > self.until for _, end in self.pauses):
            raise ValueError("breaks must lie inside the shift")
        return self

    @property
    def pauses(self) -> list[tuple[float, float]]:
        """The breaks in the order of their starts, s since the midnight before the shift."""
        late = [DAY if pause.start < self.start else 0.0 for pause in self.breaks]
        return sorted((p.start + add, p.until + add) for p, add in zip(self.breaks, late, strict=True))


class Pace(Part):
    """What makes agents quicker or slower, and how that changes what they solve."""

    time: float = Field(1.0, gt=0, le=10, description="factor on service and wrap-up")
    failure_odds: float = Field(1.0, gt=0, le=100, description="factor on the odds of failure")


class Pool(Part):
    """A pool, which users know as an agent group: agents who share skills, schedule and authority. `serves` ranks the
    channels it takes, lower first."""

    agents: float = Field(
        0.0, ge=0, description="agents at the peak of the profile", json_schema_extra={"unit": "agents"}
    )
    plus: float = Field(
        0.0, allow_inf_nan=False, description="agents more (or, negative, fewer) in every interval that has any",
        json_schema_extra={"unit": "agents"},
    )  # fmt: skip
    factor: Weight = Field(1.0, description="factor on the agents of every interval; before `plus`")
    said: Literal["net", "scheduled"] = Field("net", description="whether shrinkage is still to be taken off")
    shrinkage: Share = Field(
        0.3, description="share of paid time not available for contacts, absence included: 1 - (1 - a)(1 - p)"
    )
    absence: Share = Field(
        0.0, description="part a of it: whole days on which an agent does not come, drawn; the rest p is planned"
    )
    on_fall: Literal["named", "first_free"] = Field(
        "named", description="who leaves when a count falls: named agents, whose shift ends, or whoever is free first"
    )
    profile: tuple[Weight, ...] = Field(
        (1.0,), min_length=1, description="relative staffing by equal intervals of a day"
    )
    weekday: Table[Weight] = Field(default_factory=dict, description="factor by mon..sun, default 1")
    counts: Factors | None = Field(None, description="agents by interval from the first day, instead of a profile")
    shifts: tuple[Shift, ...] = Field((), description="named agents, instead of a count")
    serves: Table[int] = Field(description="channels served, with their rank: lower is taken first")
    reasons: tuple[str, ...] = Field((), description="reasons served; empty: all")
    overflow: Table[Duration] = Field(
        default_factory=dict, description="channel -> wait after which the group helps out; unnamed: from the start"
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
    haste: Pace = Field(Pace(), description="pressure to close cases: less time each, and more failures")
    assistance: Pace = Field(Pace(), description="tools that help, such as an assistant that drafts and looks up")
    attention: float = Field(
        1.0,
        gt=0,
        le=100,
        description="factor on the odds of failure for each session open beside this one at its start",
    )
    wage_per_hour: float | None = Field(None, ge=0, description="null: economics.wage_per_hour")
    overtime_pay: float = Field(
        0.0,
        ge=0,
        le=10,
        description="what an hour of overtime costs, in wages of an hour; 0: not paid; by law in the "
        "US 1.5 (Fair Labor Standards Act)",
    )

    @model_validator(mode="before")
    @classmethod
    def _two_parts(cls, value: Any) -> Any:
        """Shrinkage said as `{planned: 0.25, absence: 0.06}` becomes its total and the absence."""
        parts = value.get("shrinkage") if isinstance(value, Mapping) else None
        if not isinstance(parts, Mapping):
            return value
        shares = [parts.get(part, 0.0) for part in ("planned", "absence")]
        if set(parts) - {"planned", "absence"} or not all(isinstance(x, (int, float)) and 0 <= x <= 1 for x in shares):
            raise ValueError("shrinkage must be a share, or {planned: ..., absence: ...} of shares from 0 to 1")
        return {**value, "shrinkage": 1 - (1 - shares[0]) * (1 - shares[1]), "absence": shares[1]}

    @property
    def planned(self) -> float:
        """Planned time off the phone, as a share of the time of those who came."""
        return 1 - (1 - self.shrinkage) / (1 - self.absence) if self.absence < 1 else 0.0

    @model_validator(mode="after")
    def _consistent(self) -> Pool:
        if self.absence > self.shrinkage + 1e-12:
            raise ValueError(f"absence is a part of shrinkage, got {self.absence:g} of {self.shrinkage:g}")
        for day in self.weekday:
            if day not in DAYS:
                raise ValueError(f"weekday: must be one of {', '.join(DAYS)}, got {day!r}")
        if sum(bool(x) for x in (self.agents, self.counts, self.shifts)) > 1:
            raise ValueError("agents, counts and shifts exclude each other (set agents to 0)")
        return self


Interval = Annotated[Duration, Field(gt=0)]

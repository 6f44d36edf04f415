"""Channels: where customers make contact. Channels are data; three kinds of behaviour exist.

`self_service` (website, IVR, a bot), `live` (phone, chat) and `deferred` (email, social, messaging). In every channel
the two numbers that decide a journey are `failure` and how customers leave: `abandonment` (self-service) or `patience`.
What goes beyond a plain queue is in `sim.model.mechanisms` and off by default.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Part, Table
from .laws import Law, Time
from .mechanisms import Deflection, Patience, Silent, TalkGrowth, Turns, Variation
from .units import Date, DayHours, Duration, Hours, Share

Money = Annotated[float, Field(ge=0, allow_inf_nan=False, json_schema_extra={"unit": "money"})]
PositiveInt = Annotated[int, Field(ge=0)]


class Target(Part):
    """A service target: `share` of contacts within `within`, by the clock or in the channel's opening hours."""

    share: Share = Field(0.8, description="share of contacts to serve in time")
    within: Duration = Field(20.0, description="acceptable waiting time (live) or time to first response (deferred)")
    clock: Literal["clock", "business"] = Field("clock", description="whether closed hours count")
    inclusive: bool = Field(True, description="a wait exactly at the threshold is in time")


class Factors(Part):
    """Factors by interval: `values[i]` holds from i x `interval` after midnight of the first day, then it repeats."""

    interval: Duration = Field(1800.0, gt=0)
    values: tuple[Annotated[float, Field(ge=0)], ...] = Field(min_length=1)


class Channel(Part):
    """What every kind of channel has."""

    enabled: bool = Field(True, description="false removes the channel; its customers spread over the others")
    hours: Hours = Field(((0.0, 604800.0),), description="opening hours: always, never, or {mon-fri: 08:00-20:00}")
    dates: dict[Date, DayHours] = Field(
        default_factory=dict,
        description="hours on single dates: closed, always or 08:00-12:00, instead of the weekday's",
    )
    while_closed: Share = Field(
        0.0, description="share of first contacts that come regardless of the hours; the others know them (MODEL 4)"
    )
    failure: Share = Field(0.0, description="probability that a served contact does not solve the issue")
    failure_factors: Factors | None = Field(None, description="factor on failure by interval of arrival")
    by_segment: Table[Variation] = Field(default_factory=dict, description="what differs for single segments")
    by_reason: Table[Variation] = Field(default_factory=dict, description="for single reasons; wins over by_segment")
    transfer: Share = Field(0.0, description="share of unsolved contacts handed on (outcome transferred)")
    reopen: Share = Field(0.0, description="probability that a solved issue comes back")
    reopen_delay: Time = Field(Law.model_construct(law="constant", mean=0.0), description="time until it comes back")
    cost_per_contact: float = Field(
        0.0, ge=0, description="cost beside agents' time", json_schema_extra={"unit": "money"}
    )
    priority: float = Field(0.0, description="base score of its contacts in the queue rule `priority`")
    target: Target | None = Field(None, description="service target; null for none")
    tolerance: Duration | None = Field(
        None, gt=0, description="wait that customers bear without anger, whatever the company's target; null: any wait"
    )


class Price(Part):
    """What a vendor asks for sessions, beside `cost_per_contact` (a price per conversation)."""

    per_minute: Money = Field(0.0, description="for each minute of a session")
    per_resolution: Money = Field(
        0.0, description="for each session that the vendor counts as resolved: all that were not handed over"
    )
    platform_per_year: Money = Field(0.0, description="whatever the use")


class SelfService(Channel):
    """Website, IVR, a bot: sessions that need no agent."""

    kind: Literal["self_service"]
    session: Time = Field(description="length of a session")
    abandonment: Share = Field(0.0, description="probability of dropping out mid-session")
    abandonment_at: Share | None = Field(
        None, description="how far into the session a drop-out happens, as a share of it; null: anywhere, uniformly"
    )
    ports: PositiveInt | None = Field(None, description="sessions at a time; null: no limit; a full bank blocks")
    authority: Share = Field(1.0, description="probability that it may do what some issues need")
    in_front_of: Table[Share] = Field(
        default_factory=dict, description="channel -> share of those who make for it and meet this one first; who is "
        "put through to a person, or comes from here, does not"
    )  # fmt: skip
    price: Price = Field(Price(), description="what a vendor asks")


class Balking(Part):
    """Leaving at once where no agent is free: on hearing the expected wait, with `probability` if it exceeds
    `threshold`; or on hearing how many wait in the channel, with a probability for each number."""

    probability: Share = 0.0
    threshold: Time = Field(Law.model_construct(law="constant", mean=0.0), description="expected wait tolerated")
    by_waiting: tuple[Share, ...] = Field(
        (), description="probability of leaving where 0, 1, 2, ... already wait in this channel; the last holds beyond"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Balking:
        if self.probability > 0 and self.by_waiting:
            raise ValueError("by_waiting and probability exclude each other (set probability to 0)")
        return self


class Queued(Channel):
    """What live and deferred channels share: agents' work."""

    service: Time = Field(description="talk time, or the time an agent works on an answer")
    wrap_up: Time | None = Field(None, description="work after the contact; holds the agent only")
    aht_factor: float = Field(1.0, gt=0, le=100, description="factor on all handle times: service and wrap-up")
    service_factors: Factors | None = Field(None, description="factor on service and wrap-up by interval of arrival")
    patience_factors: Factors | None = Field(None, description="factor on patience or deadline by interval of arrival")
    by_pool: Table[Variation] = Field(default_factory=dict, description="for single agent groups; wins over by_reason")
    prefer: Table[int] = Field(
        default_factory=dict,
        description="preference over agent groups, lower first; equal or unnamed ones are one set",
    )
    ring: Duration = Field(0.0, description="time an agent is rung while the customer still waits and may leave")
    talk_growth: TalkGrowth = Field(TalkGrowth(), description="talk that grows with the wait before it")
    ageing_per_minute: float | None = Field(
        None, ge=0, allow_inf_nan=False, description="score gained per minute of waiting; null: as routing says"
    )
    transfer_bonus: float | None = Field(
        None, allow_inf_nan=False, description="score of a contact handed on to this channel; null: as routing says"
    )
    concurrency: int = Field(1, ge=1, le=64, description="contacts of this channel that one agent can hold at a time")
    turns: Turns = Field(Turns(), description="replies to an answer, or silences of a chat's customer")
    deflection: Deflection | None = Field(None, description="answered customers pushed to another channel")

    @property
    def mean_handle(self) -> float:
        """Mean service and wrap-up of a contact without context, s, before factors by interval."""
        return self.service.mean_value + (self.wrap_up.mean_value if self.wrap_up else 0.0)


class LiveChannel(Queued):
    """Phone, chat: the customer waits and may leave."""

    kind: Literal["live"]
    patience: Patience | None = Field(None, description="null: unlimited")
    redial_patience: Literal["fresh", "same", "remaining"] = Field(
        "fresh", description="patience on the next contact in the same channel"
    )
    balking: Balking = Balking()
    lines: PositiveInt | None = Field(None, description="contacts waiting or in service; null: no limit")
    places: PositiveInt | None = Field(None, description="contacts waiting; null: no limit; 0 is a loss system")
    queue_timeout: Duration | None = Field(
        None, gt=0, description="the company ends the wait (outcome timed_out: its row moves or disconnects)"
    )
    silent: Silent = Field(Silent(), description="leavers who do not say so (text channels)")
    at_closing: Literal["serve", "clear", "wait"] = Field(
        "serve",
        description="the queue when the hours end: served by those on duty then, in overtime if need be; sent away; "
        "or left waiting for the next opening",
    )


class DeferredChannel(Queued):
    """Email, social, messaging: accepted at any time, answered later; the customer moves on at the deadline."""

    kind: Literal["deferred"]
    deadline: Patience | None = Field(None, description="response deadline: a patience of hours; null: unlimited")
    stale: Literal["removed", "answered"] = Field("removed", description="what becomes of work past the deadline")
    seen: Share = Field(1.0, description="share that monitoring finds; the rest waits in vain until the deadline")


AnyChannel = Annotated[SelfService | LiveChannel | DeferredChannel, Field(discriminator="kind")]

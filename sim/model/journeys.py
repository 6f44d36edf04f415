"""What is carried along between contacts, who meets whom, and what it costs."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from ..extensions import check_name
from .base import Part, Table
from .people import Weight
from .units import Duration, Share


class IntegrationCost(Part):
    """What full integration costs; a partial level costs its share."""

    set_up: float = Field(0.0, ge=0, json_schema_extra={"unit": "money"})
    written_off_over: Duration = Field(5 * 365 * 86400.0, gt=0)
    running_per_year: float = Field(0.0, ge=0, json_schema_extra={"unit": "money per year"})


class Integration(Part):
    """How likely a channel knows what the customer said before, and what that is worth.

    As a `token`, context is passed on from contact to contact and lost where one hop loses it. As a `record`, each
    contact that taught the company something leaves a record of its own, which other channels see or not; a contact
    starts over when there are records and none is seen. `sticky_loss` belongs to tokens; `identified`, `told_after` and
    `time_saved_by_pair` to records.
    """

    context: Literal["token", "record"] = Field("token", description="what context is; see above")
    identified: Table[Share] = Field(
        default_factory=dict, description="channel -> probability that the customer is identified there, which every "
        "record needs to be seen, own notes too; unnamed: 1"
    )  # fmt: skip
    told_after: Share = Field(
        0.0, description="share of a session after which a drop-out has told something; who leaves before it has not"
    )
    level: Share = Field(0.0, description="probability that context is carried between two channels")
    pairs: Table[Table[Share]] = Field(default_factory=dict, description="from -> to -> probability, instead of level")
    same_channel: Share = Field(1.0, description="probability that context is carried to the same channel")
    sticky_loss: bool = Field(False, description="once lost, context is never carried again in this journey")
    time_saved: Share = Field(0.0, description="share of handle time that carried context saves")
    time_saved_by_channel: Table[Share] = Field(default_factory=dict)
    time_saved_by_pair: Table[Table[Share]] = Field(
        default_factory=dict, description="from -> to -> share of handle time that a record of the one saves in the "
        "other, instead of the channel's"
    )  # fmt: skip
    reading: Duration = Field(0.0, description="time an agent takes to read what is known, in contacts with context")
    failures_removed: Share = Field(0.0, description="share of failures that carried context removes")
    failures_removed_by_channel: Table[Share] = Field(default_factory=dict)
    give_up_factor: Share = Field(1.0, description="factor on giving up after a contact that had context")
    cost: IntegrationCost = IntegrationCost()

    def carried(self, origin: str, to: str) -> float:
        """Probability that what was said in one channel is known in another, or in the same one later."""
        default = self.same_channel if origin == to else self.level
        return self.pairs.get(origin, {}).get(to, default)

    def saved(self, origin: str, to: str) -> float:
        """Share of handle time in a channel that context from another one saves."""
        mine = self.time_saved_by_channel.get(to, self.time_saved)
        return self.time_saved_by_pair.get(origin, {}).get(to, mine)


def _agent_rule(name: str) -> str:
    return check_name("agent_rule", name, get_args(AgentRule))


def _queue_rule(name: str) -> str:
    return check_name("queue_rule", name, get_args(QueueRule))


AgentRule = Literal["longest_idle", "least_loaded", "most_loaded", "least_occupied", "random"]
QueueRule = Literal["priority", "longest_queue"]


class LineGroup(Part):
    """Telephone lines (or seats of a chat platform) that several channels share: a transfer within keeps its line."""

    channels: tuple[str, ...] = Field(min_length=1)
    lines: int | None = Field(None, ge=0, description="contacts connected, sessions included; null: no limit")
    places: int | None = Field(None, ge=0, description="contacts waiting; null: no limit")


class Routing(Part):
    """How contacts and agents find each other."""

    agent_rule: Annotated[str, AfterValidator(_agent_rule)] = Field(
        "longest_idle", description="which free agent takes a contact: a rule that ships, or one of an extension"
    )
    queue_rule: Annotated[str, AfterValidator(_queue_rule)] = Field(
        "priority", description="which waiting contact a free agent takes: a rule that ships, or one of an extension"
    )
    settings: Table[float] = Field(default_factory=dict, description="numbers that rules of extensions read, by name")
    longest_queue_tie: Literal["longest_wait", "priority"] = Field(
        "longest_wait", description="of equally long queues: whose first has waited longest, or has the highest score"
    )
    ageing_per_minute: Weight = Field(0.0, description="score that a contact gains per minute of waiting")
    transfer_bonus: float = Field(0.0, description="score of a contact that was handed on (outcome transferred)")
    line_groups: Table[LineGroup] = Field(default_factory=dict, description="lines and places that channels share")


class Economics(Part):
    """Prices."""

    currency: str = Field("USD", pattern=r"^[^\W\d_]{1,8}$|^\p{Sc}$", description="a code such as EUR, or a sign")
    wage_per_hour: float = Field(0.0, ge=0, description="fully loaded cost of a scheduled agent hour")
    hours_per_fte: Duration = Field(40 * 3600.0, gt=0, description="paid time of a full-time equivalent per week")

"""What a channel can do beyond a plain queue: each mechanism is one part, off by default.

`Variation` (what differs by reason, segment, agent group), `Turns` (an answer that the customer replies to, a chat
whose customer falls silent), `Deflection` (the company pushes the customer elsewhere), `Silent` (leavers of a text
channel who do not say so). sim/model/MECHANISMS.md has a page with formula, source and example for each.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .base import Part
from .laws import Law, Time, shorthand
from .rows import Row
from .units import Share


class PatienceLaw(Law):
    """How long a customer waits in a queue: any law, and a share who leave at once when no agent is free."""

    zero_share: Share = Field(0.0, description="share with no patience at all")


Patience = Annotated[PatienceLaw, BeforeValidator(shorthand)]


class Variation(Part):
    """What differs for a reason, a segment or an agent group; what is not said stays as the channel has it."""

    session: Time | None = Field(None, description="length of a session (self-service)")
    service: Time | None = Field(None, description="talk time, or the time an agent works on an answer")
    wrap_up: Time | None = Field(None, description="work after the contact")
    patience: Patience | None = Field(None, description="of live channels")
    deadline: Patience | None = Field(None, description="of deferred channels")
    failure: Share | None = Field(None, description="probability that a served contact does not solve the issue")


class Turns(Part):
    """After an agent's answer the customer comes back in the same contact with `probability`, `delay` later.

    Expected answers of a contact: 1 / (1 - probability). With slot `released` what comes back joins the tail of the
    queue, with fresh wait, deadline and work, for any agent; with `kept` the agent holds the place meanwhile and goes
    on. Erlang-R (Yom-Tov and Mandelbaum 2014) is this with exponential times.
    """

    probability: Share = Field(0.0, lt=1, description="that the customer replies, after every answer")
    delay: Time = Field(Law.model_construct(law="constant", mean=0.0), description="until the reply")
    slot: Literal["released", "kept"] = Field(
        "released", description="kept: the agent holds the customer's place meanwhile, without working on it"
    )


class Silent(Part):
    """Leavers of a text channel who do not say so: their place and line stay taken, and an agent must find out."""

    share: Share = Field(0.0, description="of those who leave the queue")
    detection: Time = Field(
        Law.model_construct(law="constant", mean=0.0), description="time an agent's capacity is held until it shows"
    )


class TalkGrowth(Part):
    """Talk that grows with the wait before it: times 1 + per_minute x minutes waited, at most times `at_most`.

    Customers who waited long explain more and complain first; in hospitals the same is measured as longer stays after
    delays (Chan, Farias and Escobar 2017). No number for contact centres is published: off by default, A.
    """

    per_minute: float = Field(0.0, ge=0, le=10, description="share of the talk that each minute of waiting adds")
    at_most: float = Field(2.0, ge=1, le=100, description="the largest factor")


class Deflection(Row):
    """The company pushes a share of answered customers to another channel: a forced hop.

    `to` and `delay` are read as in a row of the switching matrix. "Please call us" has the context of any hop; a
    secure escalation to chat has its own.
    """

    share: Share = Field(0.0, description="of answered contacts")
    context: Share | None = Field(None, description="probability that context is carried; null: as integration says")

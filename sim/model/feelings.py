"""Feelings, reputation, churn: how frustrated a customer is, what that changes, who hears of it and what it costs.

**What it is.** Every customer carries a frustration f, 0 at first, never negative. It changes when a contact ends and
on the hop to the next one, and at no other time. Its unit is yours; in `conf/feelings/consumers.yaml` 1 is what one
contact that did not help leaves behind. With every coefficient at zero, the default, nothing is computed and no draw is
made.

**What moves it** (`growth`, `tolerance`, `relief`). At the end of a contact, in this order:

- f grows by `growth.wait` x log2(wait / tolerance) if the wait exceeded the tolerance: by `growth.wait` for each
  doubling. The tolerance is the channel's `tolerance`, what customers bear, unless `tolerance` here names another; it
  is not the company's target, and a channel with neither leaves no mark. A logarithm, because tolerances range from
  20 s to 24 h: in multiples of them, ten minutes on the
  phone (29 too many) would outweigh ten failed contacts, and in minutes any e-mail would.
- f grows by `growth.failure` after a contact that was dealt with and did not help (failed, or a session left half-way),
  by `growth.transfer` when handed on, by `growth.turned_away` when blocked, closed or balked. Who leaves a queue, is
  cut off after waiting or gets no answer has waited: that counts (until the first answer), nothing else.
- after a resolution f falls to (1 - `relief`) f; an issue that comes back is a failure found late: + `growth.failure`.

On the hop f grows by `growth.restart` if context was lost (the customer starts over) and by `growth.forced_hop` if the
company pushed the customer on: by deflection (a contact in vain, too) or by ending their wait.

**What it changes** (`effects`). Patience, of live queues and of deferred deadlines alike, is the draw x exp(-`patience`
f), with f at the contact's start; the draw itself stays the customer's. In the row of the switching matrix the weights
of the `public` channels are multiplied by exp(`public` f) and that of giving up by exp(`give_up` f), then the row is
brought back to its sum; return factors and the give-up factor of carried context come afterwards.

**Who hears of it** (`posts`, `advocates`; measured, it feeds no demand). A contact begun in a public channel with f >=
`threshold` is an adverse post with `probability`. Its `reach` is lognormal, and until the first reply ever more of it
see the post: half within the `half_life`, reach x (1 - 2^(-t / half_life)) within t. A post that gets no reply is seen
by its whole reach (were it only until the customer leaves, shorter deadlines would look like silence). Of all viewers a
branching share `reposted` = m shows it to another: impressions are viewers / (1 - m). A customer whose issue was solved
within `within_contacts`, and who leaves with f <= `threshold` and at least this `satisfaction`, becomes an advocate
with `probability`: a post of its own reach that no reply stops. With both limits null satisfaction alone decides, so
that a customer who was won back counts. Of those who saw a complaint a share `solution_seen` sees it solved, too.

**What it costs** (`satisfaction`, `churn`, `customer_value`; measured at the journey's end, without a draw).
Satisfaction is exp(-`per_frustration` f), times (1 - `lost_if_given_up`) after giving up. The probability of leaving is
`satisfied` at satisfaction 1 and `dissatisfied` at 0, a straight line between; giving up adds an independent chance
`given_up`. Churn is the mean of that probability and an index: what people say, not what they do. Money needs two
numbers of yours: of the customers who leave in a year (`churn.yearly`, the rate that goes with an index of `reference`)
one journey answers for yearly / issues_per_year x its index / reference; that x the customer's value is value lost.

**Sources** stand beside the defaults in `conf/feelings/consumers.yaml`. Most sizes are assumptions; their signs are
not.

>>> calm = Feelings()
>>> calm.on, calm.moved
(False, False)
>>> sour = Feelings(growth={"failure": 1.0, "wait": 0.2}, satisfaction={"per_frustration": 0.1625}, relief=0.0)
>>> sour.on, sour.moved
(True, True)
>>> import math
>>> f = 0.2 * math.log2(80 / 20) + 1.0                        # 80 s on hold instead of 20, and no help
>>> round(f, 2), round(math.exp(-sour.satisfaction.per_frustration * f), 2)
(1.4, 0.8)
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from .base import Part, Table
from .units import Duration, Share

Coefficient = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=0, allow_inf_nan=False, json_schema_extra={"unit": "money"})]
Tolerance = Annotated[Duration, Field(gt=0)]


class Growth(Part):
    """What adds to frustration."""

    wait: Coefficient = Field(0.0, description="for each doubling of the wait beyond the tolerance")
    failure: Coefficient = Field(0.0, description="for a contact that was dealt with and did not help")
    transfer: Coefficient = Field(0.0, description="for being handed on")
    turned_away: Coefficient = Field(0.0, description="for being blocked, closed, or balking")
    restart: Coefficient = Field(0.0, description="for a hop that lost context: starting over")
    forced_hop: Coefficient = Field(0.0, description="for a hop the company pushed the customer to")


class Effects(Part):
    """What frustration changes."""

    patience: Coefficient = Field(0.0, description="patience x exp(-this x frustration)")
    public: Coefficient = Field(0.0, description="weight of public channels on a hop x exp(this x frustration)")
    give_up: Coefficient = Field(0.0, description="weight of giving up on a hop x exp(this x frustration)")


class Reach(Part):
    """People who see a post in the end: lognormal with this mean and standard deviation of the logarithm."""

    mean: float = Field(0.0, ge=0, allow_inf_nan=False, description="people", json_schema_extra={"unit": "people"})
    sigma: float = Field(1.0, ge=0, le=10, description="of the logarithm: 0 is always the mean")


class Posts(Part):
    """Angry customers who reach a public channel and post."""

    probability: Share = Field(0.0, description="that a contact begun angry in a public channel is a post")
    threshold: Coefficient = Field(0.0, description="frustration from which a customer is angry")
    reach: Reach = Reach()
    half_life: Tolerance = Field(1440.0, description="time in which half of the reach has seen it")
    reposted: float = Field(0.0, ge=0, lt=1, description="further viewers that each viewer brings")


class Advocates(Part):
    """Delighted customers who tell others."""

    probability: Share = Field(0.0, description="that a delighted customer posts")
    threshold: Coefficient | None = Field(
        0.0, description="frustration up to which a customer can be delighted; null: satisfaction alone decides"
    )
    within_contacts: int | None = Field(1, ge=1, description="contacts in which the issue was solved; null: any number")
    satisfaction: Share = Field(0.0, description="satisfaction at the end from which a customer can be delighted")
    solution_seen: Share = Field(
        0.0, description="share of those who saw a complaint who also see it solved in the same public channel"
    )
    reach: Reach = Reach()
    reposted: float = Field(0.0, ge=0, lt=1, description="further viewers that each viewer brings")


class Satisfaction(Part):
    """How content a customer is at the end, 0 to 1."""

    per_frustration: Coefficient = Field(0.0, description="satisfaction is exp(-this x frustration)")
    lost_if_given_up: Share = Field(0.0, description="share of it lost by giving up unsolved")


class Churn(Part):
    """Probability that the customer leaves the company."""

    satisfied: Share = Field(0.0, description="at satisfaction 1")
    dissatisfied: Share = Field(0.0, description="at satisfaction 0; a straight line between")
    given_up: Share = Field(0.0, description="further chance after giving up, independent")
    yearly: Share | None = Field(
        None, description="share of customers who leave in a year, as you know it; null: churn is a relative risk, and "
        "no value lost is printed"
    )  # fmt: skip
    reference: Share = Field(1.0, gt=0, description="churn, as measured here, of the year that `yearly` tells of")
    issues_per_year: float = Field(1.0, gt=0, description="journeys of a customer in a year")


class Feelings(Part):
    """Frustration and what follows from it; see the module for formulas."""

    growth: Growth = Growth()
    tolerance: Table[Tolerance] = Field(default_factory=dict, description="wait by channel that leaves no mark, "
                                        "instead of the channel's own tolerance")  # fmt: skip
    relief: Share = Field(0.0, description="share of frustration that a resolution takes away")
    effects: Effects = Effects()
    public: tuple[str, ...] = Field((), description="channels that others can read")
    posts: Posts = Posts()
    advocates: Advocates = Advocates()
    satisfaction: Satisfaction = Satisfaction()
    churn: Churn = Churn()
    customer_value: Money = Field(0.0, description="what a customer who leaves is worth")
    customer_value_by_segment: Table[Money] = Field(default_factory=dict)

    @property
    def moved(self) -> bool:
        """Whether anything can move frustration away from 0: only then the engine keeps it."""
        return any(value > 0 for value in self.growth.model_dump().values())

    @property
    def on(self) -> bool:
        """Whether anything is felt, posted or lost: only then the measures of feelings are taken."""
        chances = (self.posts.probability, self.advocates.probability, self.satisfaction.lost_if_given_up)
        churn = (self.churn.satisfied, self.churn.dissatisfied, self.churn.given_up)
        return self.moved or any(value > 0 for value in (*chances, *churn))

    @property
    def priced(self) -> bool:
        """Whether value lost can be said in money: it needs a yearly churn and a customer's value."""
        worth = (self.customer_value, *self.customer_value_by_segment.values())
        return self.churn.yearly is not None and any(value > 0 for value in worth)

    def tolerance_of(self, name: str, channel: Any) -> float:
        """Wait in a channel that leaves no mark, s; infinite if no tolerance is said."""
        return self.tolerance.get(name, float("inf") if channel.tolerance is None else channel.tolerance)

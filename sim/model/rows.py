"""The switching matrix, and a row of it: where a customer goes next.

A row is said in one of two ways. `to` is one mix of next channels and giving up. With loyalty it is three keys: `stay`
(the share that tries the same channel again, of those who do not give up), `else` (where the others go) and `give_up`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from .base import Part, Table
from .laws import Law, Time
from .units import Share

GIVE_UP = "give_up"


class Row(Part):
    """One row of the switching matrix: probabilities of the next channel and of giving up, which sum to 1."""

    model_config = ConfigDict(serialize_by_alias=True)

    to: Table[Share] = Field(default_factory=dict, description="next channel or give_up -> probability")
    stay: Share | None = Field(
        None, description="share that tries the same channel again, given that the customer does not give up; "
        "null: journeys.stay of the channel"
    )  # fmt: skip
    elsewhere: Table[Share] = Field(
        default_factory=dict, alias="else", description="where those who switch go: another channel -> probability"
    )
    give_up: Share | None = Field(None, description="probability of giving up, beside stay and else")
    delay: Time | None = Field(None, description="time until the next contact begins; null: none")
    delay_to: Table[Time] = Field(default_factory=dict, description="delay towards single channels")
    until_opening: bool | Time | None = Field(
        None, description="a next contact that would find the channel closed waits for its opening: true, and comes "
        "its delay after it, or a time, and comes so long after it; null: journeys.until_opening"
    )  # fmt: skip

    @property
    def loyal(self) -> bool:
        """Whether the row is said as stay, else and give_up."""
        return bool(self.elsewhere) or self.stay is not None or self.give_up is not None

    def mix(self, channel: str, stay: Mapping[str, float]) -> dict[str, float]:
        """Next channel or give_up -> probability, out of `channel`, for customers of mean loyalty.

        >>> Row(**{"else": {"phone": 1}, "give_up": 0.2}).mix("web", {"web": 0.75})
        {'phone': 0.2, 'web': 0.6000000000000001, 'give_up': 0.2}
        """
        if not self.loyal:
            return dict(self.to)
        leaves = self.give_up or 0.0
        mean = self.mean_stay(channel, stay)
        found = {to: share * (1 - mean) * (1 - leaves) for to, share in self.elsewhere.items()}
        return found | {channel: mean * (1 - leaves), GIVE_UP: leaves}

    def mean_stay(self, channel: str, stay: Mapping[str, float]) -> float:
        """Mean share that stays with `channel`: the row's own, else the channel's."""
        return stay.get(channel, 0.0) if self.stay is None else self.stay


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, (Mapping, Row)) else value


Rows = Annotated[tuple[Row, ...], BeforeValidator(_listed), Field(min_length=1)]
"""A row, or a list of rows by attempt (1 + unserved contacts so far), the last of which repeats."""


class Journeys(Part):
    """The switching matrix: rows by channel and outcome (`any` for outcomes without a row of their own)."""

    max_contacts: int | None = Field(20, ge=1, le=100_000, description="contacts per journey; null: no cap")
    return_factor: float = Field(1.0, ge=0, description="factor on channels used before; give-up stays as it is")
    stay: Table[Share] = Field(
        default_factory=dict, description="channel -> share of its unhelped customers who, if they go on, try it "
        "again; for rows said as else and give_up"
    )  # fmt: skip
    stay_concentration: float | None = Field(
        None, gt=0, le=10_000, description="how alike customers are in loyalty: stay is Beta between them with shapes "
        "stay x this and (1 - stay) x this; null: all alike"
    )  # fmt: skip
    until_opening: bool | Time = Field(
        False, description="whether customers know the hours of a channel that they move on to, of rows that do not "
        "say: true, or a time, and they come so long after the opening"
    )  # fmt: skip
    rows: Table[Table[Rows]]

    def waits_until_opening(self, row: Row) -> bool | Law:
        """Whether a next contact by this row waits for the opening, and how long after it that comes."""
        return self.until_opening if row.until_opening is None else row.until_opening

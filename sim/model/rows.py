"""A row of the switching matrix: where a customer goes next."""

from __future__ import annotations

from pydantic import Field

from .base import Part, Table
from .laws import Time
from .units import Share

GIVE_UP = "give_up"


class Row(Part):
    """One row of the switching matrix: probabilities of the next channel and of giving up, which sum to 1."""

    to: Table[Share] = Field(description="next channel or give_up -> probability")
    delay: Time | None = Field(None, description="time until the next contact begins; null: none")
    delay_to: Table[Time] = Field(default_factory=dict, description="delay towards single channels")
    until_opening: bool = Field(
        False, description="a next contact that would find the channel closed comes its delay after opening"
    )

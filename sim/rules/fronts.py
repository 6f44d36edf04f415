"""A channel in front of another: whoever makes for a person meets the AI agent, or another self-service, first.

Comes in: the channel that a leg makes for and how it came about. Goes out: the channel in which it begins.
"""

from __future__ import annotations

from ..chance.jit import compiled
from ..chance.keys import Purpose, leg_of
from ..chance.philox import uniform

NOBODY_IN_FRONT = -1
_FRONT = int(Purpose.FRONT)


@compiled
def met_first(
    channel: int, front: int, share: float, came_from: int, put_through: bool,
    seed: int, replication: int, entity: int, number: int,
) -> int:  # fmt: skip
    """The channel in which leg `number` of a customer begins who makes for `channel`.

    With probability `share` it is the one in front. Who is put through to a person, or comes from the front itself,
    does not meet it again.
    """
    if front == NOBODY_IN_FRONT or put_through or came_from == front:
        return channel
    if share >= 1.0 or uniform(seed, replication, entity, leg_of(number, 0), _FRONT) < share:
        return front
    return channel

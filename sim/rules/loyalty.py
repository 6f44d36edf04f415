"""Loyalty to a channel: the row of the switching matrix as one customer walks it; pure, compiled, for every engine.

Comes in: a row's giving up, where its switchers go, and how its loyalty differs between customers. Goes out: the row of
this customer. Loyalty is one keyed uniform a customer, inverted through the Beta law of each row: who is loyal to one
channel is loyal to all, whatever the channel they began on.
"""

from __future__ import annotations

from ..chance.beta import beta_quantile
from ..chance.jit import compiled
from ..chance.keys import Purpose
from ..chance.philox import uniform
from .numbers import Floats

OWN, ALL_ALIKE, SHAPE_STAY, SHAPE_SWITCH = range(4)
"""columns of `loyalty`: the row's own channel, or -1 for a row without loyalty; the share that stays where customers
are all alike, or -1; else the shapes of the Beta law"""
LOYALTY_COLUMNS = 4
_LOYALTY = int(Purpose.LOYALTY)


@compiled
def stay_of(loyalty: Floats, seed: int, replication: int, entity: int) -> float:
    """The share of this customer's steps along a row that stay with the channel; `loyalty` is the row's."""
    if loyalty[ALL_ALIKE] >= 0.0:
        return float(loyalty[ALL_ALIKE])
    u = uniform(seed, replication, entity, 0, _LOYALTY)
    return float(beta_quantile(u, loyalty[SHAPE_STAY], loyalty[SHAPE_SWITCH]))


@compiled
def walked_row(
    row: Floats, elsewhere: Floats, loyalty: Floats, seed: int, replication: int, entity: int, walked: Floats
) -> None:
    """Writes into `walked` the row as this customer walks it: s (1 - g) for the same channel, (1 - s) (1 - g) x else
    for the others, g for giving up. A row without loyalty is walked as it is."""
    last = row.size - 1
    for c in range(last + 1):
        walked[c] = row[c]
    own = int(loyalty[OWN])
    if own < 0:
        return
    stay = stay_of(loyalty, seed, replication, entity)
    for c in range(last):
        share = stay if c == own else (1.0 - stay) * elsewhere[c]
        walked[c] = (1.0 - row[last]) * share

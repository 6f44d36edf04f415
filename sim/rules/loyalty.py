"""Loyalty to a channel: the row of the switching matrix as one customer walks it; pure, compiled, for every engine.

Comes in: a row's giving up, where its switchers go, and how its loyalty differs between customers. Goes out: the row of
this customer. Loyalty is one keyed uniform a customer, inverted through the Beta law of each row: who is loyal to one
channel is loyal to all, whatever the channel they began on.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..chance.beta import beta_quantile
from ..chance.jit import compiled
from ..chance.keys import Purpose
from ..chance.philox import uniform
from .numbers import Floats

OWN, ALL_ALIKE, SHAPE_STAY, SHAPE_SWITCH = range(4)
"""columns of `loyalty`: the row's own channel, or -1 for a row without loyalty; the share that stays where customers
are all alike, or -1; else the shapes of the Beta law"""
LOYALTY_COLUMNS = 4
CELLS = 512
"""of a row's table of shares that stay, by equal steps of the customer's uniform"""
NARROW = 1e-9
"""far more than the error of a share in that table"""
_LOYALTY = int(Purpose.LOYALTY)


@compiled
def luck_of_loyalty(seed: int, replication: int, entity: int) -> float:
    """The customer's uniform: the larger, the more loyal to every channel."""
    return uniform(seed, replication, entity, 0, _LOYALTY)


@compiled
def stay_of(loyalty: Floats, u: float) -> float:
    """The share of this customer's steps along a row that stay with the channel; `loyalty` is the row's."""
    if loyalty[ALL_ALIKE] >= 0.0:
        return float(loyalty[ALL_ALIKE])
    return float(beta_quantile(u, loyalty[SHAPE_STAY], loyalty[SHAPE_SWITCH]))


@compiled
def stay_table(shape_stay: float, shape_switch: float, shares: Floats) -> None:
    """Fills in what `stay_between` looks up: the shares that stay at u = 0, 1 / CELLS, ..., 1."""
    shares[0], shares[CELLS] = 0.0, 1.0
    for i in range(1, CELLS):
        shares[i] = beta_quantile(i / CELLS, shape_stay, shape_switch)


@lru_cache(maxsize=1024)
def stays_of(own: float, all_alike: float, shape_stay: float, shape_switch: float) -> Floats:
    """The `stay_table` of a row of these loyalties: zeros where customers are all alike."""
    shares = np.zeros(CELLS + 1)
    if own >= 0.0 and all_alike < 0.0:
        stay_table(shape_stay, shape_switch, shares)
    return shares


@compiled
def stay_between(shares: Floats, u: float) -> tuple[float, float]:
    """Two shares between which `stay_of` lies, without its iterations: above 0 and below 1, or (0, 1) in the law's
    tails."""
    cell = int(u * CELLS)
    low, high = shares[cell] - NARROW, shares[cell + 1] + NARROW
    return (low, high) if low > 0.0 and high < 1.0 else (0.0, 1.0)


@compiled
def walk(row: Floats, elsewhere: Floats, own: int, stay: float, walked: Floats) -> None:
    """Writes into `walked` the row of which the share s stays: s (1 - g) for the same channel, (1 - s) (1 - g) x else
    for the others, g for giving up."""
    last = row.size - 1
    for c in range(last):
        share = stay if c == own else (1.0 - stay) * elsewhere[c]
        walked[c] = (1.0 - row[last]) * share
    walked[last] = row[last]


@compiled
def walked_row(
    row: Floats, elsewhere: Floats, loyalty: Floats, seed: int, replication: int, entity: int, walked: Floats
) -> None:
    """Writes into `walked` the row as this customer walks it; a row without loyalty is walked as it is."""
    own = int(loyalty[OWN])
    if own >= 0:
        walk(row, elsewhere, own, stay_of(loyalty, luck_of_loyalty(seed, replication, entity)), walked)
        return
    for c in range(row.size):
        walked[c] = row[c]

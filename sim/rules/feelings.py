"""The decisions of feelings (`sim.model.feelings`), each written once: pure, compiled, called by every engine.

Comes in: numbers, coefficients and rows. Goes out: a new frustration, a shorter patience, a row with other weights, a
post. With coefficients of zero each gives back its input to the bit.
"""

from __future__ import annotations

import math

import numpy as np

from ..chance.jit import compiled, compiled_for
from ..chance.keys import Purpose, leg_of
from ..chance.normal import normal_quantile
from ..chance.philox import uniform
from .numbers import LOST, Floats, Ints

PER_LOG2 = 1.0 / math.log(2.0)
_POST, _REACH = int(Purpose.POST), int(Purpose.REACH)
_ADVOCATE, _ADVOCATE_REACH = int(Purpose.ADVOCATE), int(Purpose.ADVOCATE_REACH)


@compiled
def frustration_after(f: float, wait: float, tolerance: float, per_doubling: float, grown: float, kept: float) -> float:
    """Frustration when a contact has ended: grows with a wait beyond the tolerance and by `grown`; `kept` of it stays.

    `grown` is what the outcome adds, `kept` is 1 unless the issue was resolved.
    """
    if per_doubling > 0.0 and wait > tolerance:
        f += per_doubling * (math.log(wait / tolerance) * PER_LOG2)
    return (f + grown) * kept


@compiled_for("float64(float64, float64, float64)")
def wait_felt(arrived: float, answered: float, ended: float) -> float:
    """The wait of a contact that is over, s: until it was answered (NaN: never), or until its customer moved on."""
    return (ended if math.isnan(answered) else min(answered, ended)) - arrived


@compiled_for("float64(float64, int64, boolean, float64, float64)")
def frustration_of_hop(f: float, context: int, pushed: bool, restart: float, forced_hop: float) -> float:
    """Frustration of a customer who goes on to another contact: grows where they start over, and where the company
    pushed them on."""
    if context == LOST:
        f += restart
    return f + forced_hop if pushed else f


@compiled
def patience_left(patience: float, f: float, coefficient: float) -> float:
    """The keyed patience, scaled: patience x exp(-coefficient x f). Unlimited patience stays so."""
    return patience if patience == np.inf else patience * math.exp(-coefficient * f)


@compiled
def pulls(row: Floats, public: Ints, f: float, to_public: float, to_give_up: float) -> tuple[float, float, float]:
    """What a customer of frustration f multiplies the weights of a row by: (quiet channels, public ones, giving up),
    exp of 0, to_public f and to_give_up f. Exponents are taken from the largest of those that the row has a weight for,
    so that none overflows."""
    last = row.size - 1
    most = -np.inf
    for c in range(row.size):
        if row[c] > 0.0:
            most = max(most, f * (to_give_up if c == last else to_public * public[c]))
    quiet, loud = math.exp(min(0.0, 0.0 - most)), math.exp(min(0.0, f * to_public - most))  # above 0 where not used
    return quiet, loud, math.exp(min(0.0, f * to_give_up - most))


@compiled
def pulled_row(row: Floats, public: Ints, quiet: float, loud: float, leaving: float, felt: Floats) -> None:
    """Writes into `felt` the row, multiplied by its `pulls` and brought back to its sum."""
    last = row.size - 1
    before, after = 0.0, 0.0
    for c in range(row.size):
        felt[c] = 0.0
        if row[c] > 0.0:
            felt[c] = row[c] * (leaving if c == last else loud if public[c] else quiet)
        before += row[c]
        after += felt[c]
    for c in range(row.size):
        if after > 0.0:
            felt[c] /= after / before


@compiled
def feel_row(row: Floats, public: Ints, f: float, to_public: float, to_give_up: float, felt: Floats) -> None:
    """Writes into `felt` the row of the switching matrix as a customer of frustration f walks it: weights of public
    channels x exp(to_public f), of giving up (the last cell) x exp(to_give_up f), then brought back to the row's sum.
    """
    quiet, loud, leaving = pulls(row, public, f, to_public, to_give_up)
    pulled_row(row, public, quiet, loud, leaving, felt)


@compiled
def seen_until(t: float, half_life: float) -> float:
    """Share of a post's reach that has seen it t after it was written: 1 - 2^(-t / half_life); all if t is infinite."""
    return 1.0 - math.exp(-t / (half_life * PER_LOG2))


@compiled
def _post(
    probability: float, mean: float, sigma: float, seed: int, replication: int, entity: int, contact: int,
    whether: int, how_far: int,
) -> float:  # fmt: skip
    """Reach of a post that a customer writes at a contact with this probability, lognormal; -1 if it is none. The last
    two are the purposes of the draws."""
    leg = leg_of(contact, 0)
    if uniform(seed, replication, entity, leg, whether) >= probability:
        return -1.0
    if mean <= 0.0:
        return 0.0
    u = uniform(seed, replication, entity, leg, how_far)
    return math.exp(math.log(mean) - 0.5 * sigma * sigma + sigma * normal_quantile(u))


@compiled
def adverse_post(
    probability: float, mean: float, sigma: float, seed: int, replication: int, entity: int, contact: int
) -> float:
    """Reach of the post that an angry customer's contact in a public channel is; -1 if it is none."""
    return _post(probability, mean, sigma, seed, replication, entity, contact, _POST, _REACH)


@compiled
def advocate_post(
    probability: float, mean: float, sigma: float, seed: int, replication: int, entity: int, contact: int
) -> float:
    """Reach of the post of a delighted customer, after their last contact; -1 if they write none."""
    return _post(probability, mean, sigma, seed, replication, entity, contact, _ADVOCATE, _ADVOCATE_REACH)


@compiled
def adverse_posts(
    probability: float, mean: float, sigma: float, seed: int, replication: int, entities: Ints, numbers: Ints,
    reach: Floats,
) -> None:  # fmt: skip
    """`adverse_post` of many contacts."""
    for i in range(entities.size):
        reach[i] = adverse_post(probability, mean, sigma, seed, replication, entities[i], int(numbers[i]))


@compiled
def seen_by(reach: Floats, seconds: Floats, half_life: float, seen: Floats) -> None:
    """Of the reach of each post what has seen it so many seconds after it was written."""
    for i in range(reach.size):
        seen[i] = reach[i] * seen_until(seconds[i], half_life)


@compiled
def advocate_posts(
    probability: float, mean: float, sigma: float, seed: int, replication: int, entities: Ints, numbers: Ints,
    reach: Floats,
) -> None:  # fmt: skip
    """`advocate_post` of many customers."""
    for i in range(entities.size):
        reach[i] = advocate_post(probability, mean, sigma, seed, replication, entities[i], int(numbers[i]))

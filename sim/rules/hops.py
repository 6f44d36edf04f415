"""Where a customer goes next, when, and with what context; pure, compiled, for every engine.

Comes in: a row of the switching matrix as the customer walks it, and the key of the draw. Goes out: the next hop.
Rules of MODEL sections 3 and 6.
"""

from __future__ import annotations

from ..chance.jit import compiled
from ..chance.keys import Purpose, leg_of
from ..chance.philox import uniform
from ..chance.sampler import sample
from .numbers import CARRIED, GIVE_UP, LOST, NOTHING, REOPEN, REOPEN_DELAY, Floats, Ints

UNSURE = -2
"""of a channel: the exact row must be asked"""
CLOSE = 1e-12
"""of two numbers below 1: far more than rounding"""
_REOPEN = int(Purpose.REOPEN)
_REOPEN_DELAY = int(Purpose.REOPEN_DELAY)
_NEXT = int(Purpose.NEXT)
_DELAY = int(Purpose.DELAY)
_CONTEXT = int(Purpose.CONTEXT)


@compiled
def next_channel(u: float, row: Floats, used: int, return_factor: float, give_up_factor: float) -> int:
    """Next channel from a row of the switching matrix, or GIVE_UP.

    `row` holds a probability for each channel and, last, give-up. `used` has a bit for each channel used before: their
    weights are multiplied by `return_factor`, then the channels share what give-up leaves. With no channel left the
    customer gives up.
    """
    channels = row.size - 1
    give_up = row[channels] * give_up_factor
    total = 0.0
    for c in range(channels):
        total += row[c] * (return_factor if used >> c & 1 else 1.0)
    if u < give_up or total <= 0.0:
        return GIVE_UP
    left = (u - give_up) / (1.0 - give_up) * total
    choice = GIVE_UP
    for c in range(channels):
        weight = row[c] * (return_factor if used >> c & 1 else 1.0)
        if weight > 0.0:
            choice = c
            if left < weight:
                break
            left -= weight
    return choice


@compiled
def sure_channel(u: float, row: Floats, other: Floats, used: int, return_factor: float, give_up_factor: float) -> int:
    """What `next_channel` answers for every row between two that differ in the share that stays with a channel; UNSURE
    where it may depend on that share.

    The limits at which u changes the answer, of giving up and of each channel among the channels, are ratios of
    straight lines in the share, so that each lies between its values in the two rows; CLOSE covers rounding.
    """
    last = row.size - 1
    least, most = row[last] * give_up_factor, other[last] * give_up_factor
    if least > most:
        least, most = most, least
    if u < least - CLOSE:
        return GIVE_UP
    total, total_other = 0.0, 0.0
    for c in range(last):
        factor = return_factor if used >> c & 1 else 1.0
        total += row[c] * factor
        total_other += other[c] * factor
    if u < most + CLOSE or min(total, total_other) <= CLOSE:
        return UNSURE
    low, high = (u - most) / (1.0 - most), (u - least) / (1.0 - least)
    limit, limit_other = 0.0, 0.0
    for c in range(last):
        factor = return_factor if used >> c & 1 else 1.0
        limit += row[c] * factor / total
        limit_other += other[c] * factor / total_other
        if high < min(limit, limit_other) - CLOSE:
            return c
        if low < max(limit, limit_other) + CLOSE:
            return UNSURE
    return UNSURE


@compiled
def hop_context(u: float, held: bool, lost_before: bool, g: float) -> int:
    """What happens to context on a hop: NOTHING to lose, CARRIED with probability g, or LOST.

    `lost_before` is set only under `sticky_loss`: then nothing is ever carried again, and each hop with something to
    lose loses it.
    """
    if not held:
        return NOTHING
    return CARRIED if u < g and not lost_before else LOST


@compiled
def luck_of_hop(seed: int, replication: int, entity: int, contact: int) -> float:
    """The uniform that decides where a customer goes after a contact."""
    return uniform(seed, replication, entity, leg_of(contact, 0), _NEXT)


@compiled
def plan_hop(
    delays: Ints, carries: Floats, laws: Floats, quantiles: Floats,
    walked: Floats, row: int, used: int, return_factor: float, give_up_factor: float, held: bool, lost_before: bool,
    seed: int, replication: int, entity: int, contact: int,
) -> tuple[int, float, int]:  # fmt: skip
    """The hop by a row of the switching matrix: (next channel or GIVE_UP, delay in s, what becomes of context).

    `walked` is the row as this customer walks it (`sim.rules.loyalty`, `sim.rules.feelings`), `row` its number.
    Context is NOTHING, CARRIED or LOST; the delay is that of the switch, without waiting for opening hours.
    """
    u = luck_of_hop(seed, replication, entity, contact)
    following = next_channel(u, walked, used, return_factor, give_up_factor)
    delay, context = plan_way(
        delays, carries, laws, quantiles, row, following, held, lost_before, seed, replication, entity, contact
    )
    return following, delay, context


@compiled
def plan_way(
    delays: Ints, carries: Floats, laws: Floats, quantiles: Floats, row: int, following: int, held: bool,
    lost_before: bool, seed: int, replication: int, entity: int, contact: int,
) -> tuple[float, int]:  # fmt: skip
    """(delay in s, what becomes of context) of a hop to the channel `following`."""
    if following == GIVE_UP:
        return 0.0, NOTHING
    leg, delay, context = leg_of(contact, 0), 0.0, NOTHING
    if delays[row, following] >= 0:
        delay = sample(laws, quantiles, delays[row, following], seed, replication, entity, leg, _DELAY)
    if held:
        u = uniform(seed, replication, entity, leg, _CONTEXT)
        context = hop_context(u, held, lost_before, carries[row, following])
    return delay, context


@compiled
def after_opening(
    delay: float, law: int, laws: Floats, quantiles: Floats, seed: int, replication: int, entity: int, contact: int
) -> float:
    """Seconds after the opening at which a hop of this delay begins if its channel is closed: of the row's law for
    that, with the luck of the delay; without one (-1) the delay."""
    if law < 0:
        return delay
    return sample(laws, quantiles, law, seed, replication, entity, leg_of(contact, 0), _DELAY)


@compiled
def plan_reopening(
    profiles: Floats,
    laws: Floats,
    quantiles: Floats,
    profile: int,
    seed: int,
    replication: int,
    entity: int,
    contact: int,
) -> float:
    """Time until a resolved issue comes back, s; -1 if it never does."""
    leg = leg_of(contact, 0)
    reopen = profiles[profile, REOPEN]
    if reopen <= 0.0 or uniform(seed, replication, entity, leg, _REOPEN) >= reopen:
        return -1.0
    law = int(profiles[profile, REOPEN_DELAY])
    return sample(laws, quantiles, law, seed, replication, entity, leg, _REOPEN_DELAY)

"""What chance and the rules make of one contact: each step draws by key and decides, in one compiled call.

Comes in: the coded tables (`sim.model.tables`) and who asks. Goes out: the plan of a contact, or the next hop. Draws
belong to keys and not to the order of events, so that a whole contact can be planned when it begins; a patience that is
never needed costs a few nanoseconds and no truth.
"""

from __future__ import annotations

import numpy as np

from ..chance.jit import compiled
from ..chance.keys import Purpose, leg_of
from ..chance.philox import uniform
from ..chance.sampler import sample
from .rules import (
    ABANDONED,
    GIVE_UP,
    NOTHING,
    WEEK,
    Floats,
    Ints,
    balks,
    hop_context,
    next_channel,
    next_opening,
    served_outcome,
)

# Columns of the table of channels; laws are rows of the table of laws, -1 where there is none.
(SERVICE, WRAP_UP, PATIENCE, ZERO_SHARE, REDIAL, ABANDONMENT, ABANDON_AT, TRANSFER, REOPEN, REOPEN_DELAY, TIME_SAVED,
 REMOVED, FACTOR_INTERVAL, FACTOR_FIRST, FACTOR_COUNT, JOURNEY_LEG) = range(16)  # fmt: skip
CHANNEL_COLUMNS = 16
FRESH, SAME, REMAINING = 0, 1, 2

_SERVICE, _WRAP_UP, _PATIENCE = int(Purpose.SERVICE), int(Purpose.WRAP_UP), int(Purpose.PATIENCE)
_ZERO_PATIENCE, _FAILURE, _TRANSFER = int(Purpose.ZERO_PATIENCE), int(Purpose.FAILURE), int(Purpose.TRANSFER)
_ABANDON, _ABANDON_AT = int(Purpose.ABANDON), int(Purpose.ABANDON_AT)
_BALK, _BALK_THRESHOLD = int(Purpose.BALK), int(Purpose.BALK_THRESHOLD)
_REOPEN, _REOPEN_DELAY = int(Purpose.REOPEN), int(Purpose.REOPEN_DELAY)
_NEXT, _DELAY, _CONTEXT = int(Purpose.NEXT), int(Purpose.DELAY), int(Purpose.CONTEXT)


@compiled
def _end_of_service(
    channels: Floats, failure: float, channel: int, context: bool, seed: int, replication: int, entity: int, leg: int
) -> int:
    removed = channels[channel, REMOVED] if context else 0.0
    transfer = channels[channel, TRANSFER]
    u_transfer = uniform(seed, replication, entity, leg, _TRANSFER) if transfer > 0.0 else 1.0
    return served_outcome(uniform(seed, replication, entity, leg, _FAILURE), u_transfer, failure, removed, transfer)


@compiled
def plan_session(
    channels: Floats, laws: Floats, quantiles: Floats, failure: float, channel: int, context: bool,
    seed: int, replication: int, entity: int, contact: int,
) -> tuple[float, int]:  # fmt: skip
    """A self-service session: (length in s, outcome). A drop-out ends it early with the outcome abandoned."""
    leg = leg_of(contact, 0)
    length = sample(laws, quantiles, int(channels[channel, SERVICE]), seed, replication, entity, leg, _SERVICE)
    if context:
        length *= 1.0 - channels[channel, TIME_SAVED]
    if channels[channel, ABANDONMENT] > 0.0 and (
        uniform(seed, replication, entity, leg, _ABANDON) < channels[channel, ABANDONMENT]
    ):
        at = channels[channel, ABANDON_AT]
        return length * (at if at >= 0.0 else uniform(seed, replication, entity, leg, _ABANDON_AT)), ABANDONED
    return length, _end_of_service(channels, failure, channel, context, seed, replication, entity, leg)


@compiled
def plan_service(
    channels: Floats, laws: Floats, quantiles: Floats, factors: Floats, failure: float, channel: int, context: bool,
    now: float, seed: int, replication: int, entity: int, contact: int,
) -> tuple[float, float, float, int]:  # fmt: skip
    """A contact with an agent: (patience, service, wrap-up, outcome if served), times in s; patience may be
    infinite."""
    leg = leg_of(contact, 0)
    factor = 1.0 - channels[channel, TIME_SAVED] if context else 1.0
    count = int(channels[channel, FACTOR_COUNT])
    if count > 0:
        i = int(now / channels[channel, FACTOR_INTERVAL]) % count
        factor *= factors[int(channels[channel, FACTOR_FIRST]) + i]
    service = sample(laws, quantiles, int(channels[channel, SERVICE]), seed, replication, entity, leg, _SERVICE)
    wrap_up, patience = 0.0, np.inf
    law = int(channels[channel, WRAP_UP])
    if law >= 0:
        wrap_up = sample(laws, quantiles, law, seed, replication, entity, leg, _WRAP_UP)
    law = int(channels[channel, PATIENCE])
    if law >= 0:
        # One patience for the whole journey hangs on the channel's name, not on its place among the channels.
        patience_leg = leg if channels[channel, REDIAL] == FRESH else int(channels[channel, JOURNEY_LEG])
        patience = sample(laws, quantiles, law, seed, replication, entity, patience_leg, _PATIENCE)
        zero_share = channels[channel, ZERO_SHARE]
        if zero_share > 0.0 and uniform(seed, replication, entity, patience_leg, _ZERO_PATIENCE) < zero_share:
            patience = 0.0
    outcome = _end_of_service(channels, failure, channel, context, seed, replication, entity, leg)
    return patience, service * factor, wrap_up * factor, outcome


@compiled
def plan_reopening(
    channels: Floats, laws: Floats, quantiles: Floats,
    channel: int, seed: int, replication: int, entity: int, contact: int,
) -> float:
    """Time until a resolved issue comes back, s; -1 if it never does."""
    leg = leg_of(contact, 0)
    reopen = channels[channel, REOPEN]
    if reopen <= 0.0 or uniform(seed, replication, entity, leg, _REOPEN) >= reopen:
        return -1.0
    law = int(channels[channel, REOPEN_DELAY])
    return sample(laws, quantiles, law, seed, replication, entity, leg, _REOPEN_DELAY)


@compiled
def plan_balking(
    laws: Floats, quantiles: Floats, law: int, probability: float, waiting: int, mean_handle: float, capacity: float,
    seed: int, replication: int, entity: int, contact: int,
) -> bool:  # fmt: skip
    """Whether a customer who finds nobody free leaves on hearing the expected wait; `law` says what they tolerate."""
    leg = leg_of(contact, 0)
    threshold = sample(laws, quantiles, law, seed, replication, entity, leg, _BALK_THRESHOLD)
    u = uniform(seed, replication, entity, leg, _BALK)
    return balks(u, probability, threshold, waiting, mean_handle, capacity)


@compiled
def plan_hop(
    rows: Floats, delays: Ints, laws: Floats, quantiles: Floats, carries: Floats,
    row: int, channel: int, used: int, return_factor: float, give_up_factor: float, held: bool, lost_before: bool,
    seed: int, replication: int, entity: int, contact: int,
) -> tuple[int, float, int]:  # fmt: skip
    """The hop out of a contact in `channel`: (next channel or GIVE_UP, delay in s, what becomes of context).

    Context is NOTHING, CARRIED or LOST; the delay is that of the switch, without waiting for opening hours.
    """
    leg = leg_of(contact, 0)
    u = uniform(seed, replication, entity, leg, _NEXT)
    following = next_channel(u, rows[row], used, return_factor, give_up_factor)
    if following == GIVE_UP:
        return GIVE_UP, 0.0, NOTHING
    delay, context = 0.0, NOTHING
    if delays[row, following] >= 0:
        delay = sample(laws, quantiles, delays[row, following], seed, replication, entity, leg, _DELAY)
    if held:
        u = uniform(seed, replication, entity, leg, _CONTEXT)
        context = hop_context(u, held, lost_before, carries[channel, following])
    return following, delay, context


@compiled
def when_open(at: float, delay: float, week_offset: float, opens: Floats, closes: Floats) -> float:
    """When a contact begins that is due at `at`, `delay` after the decision, and waits for opening hours if need be."""
    wait = next_opening((at + week_offset) % WEEK, opens, closes)
    if wait > 0.0:
        opening = at + wait
        at = opening + delay  # not all at the stroke of opening: each as long after it as they would have waited,
        if next_opening((at + week_offset) % WEEK, opens, closes) > 0.0:
            at = opening  # unless that is past the closing
    return at

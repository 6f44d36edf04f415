"""What chance and the rules make of one contact: each step draws by key and decides, in one compiled call.

Comes in: the coded tables (`sim.model.tables`) and who asks. Goes out: the plan of a contact, or the next hop. Draws
belong to keys and not to the order of events, so that a whole contact can be planned when it begins; a patience that is
never needed costs a few nanoseconds and no truth.
"""

from __future__ import annotations

import math

import numpy as np

from ..chance.jit import compiled
from ..chance.keys import MOST_TURNS, Purpose, leg_of
from ..chance.normal import normal_quantile
from ..chance.philox import uniform
from ..chance.sampler import sample
from .decisions import (
    ABANDONED,
    FAILED,
    FORCED,
    GIVE_UP,
    NOTHING,
    Floats,
    Ints,
    balks,
    hop_context,
    next_channel,
    next_opening,
    served_outcome,
    with_odds,
)

# Columns of the table of profiles (a channel as one segment, reason and agent group see it); laws are rows of the table
# of laws, -1 where there is none. A set of factors takes three columns: interval, first, count.
(SERVICE, WRAP_UP, PATIENCE, ZERO_SHARE, REDIAL, ABANDONMENT, ABANDON_AT, TRANSFER, REOPEN, REOPEN_DELAY, TIME_SAVED,
 REMOVED, JOURNEY_LEG, FAILURE, NEEDS, AUTHORITY, DIFFICULTY, DEFLECT, TURN, TURN_DELAY, SILENT, DETECTION,
 SEEN, HARDER_WORK, READING, PACE, ODDS, ATTENTION) = range(28)  # fmt: skip
SERVICE_FACTORS, PATIENCE_FACTORS, FAILURE_FACTORS = 28, 31, 34
PROFILE_COLUMNS = 37
FRESH, SAME, REMAINING = 0, 1, 2
ENDLESS = -2.0
"""of a contact with more turns than a key has room for"""

_SERVICE, _WRAP_UP, _PATIENCE = int(Purpose.SERVICE), int(Purpose.WRAP_UP), int(Purpose.PATIENCE)
_ZERO_PATIENCE, _FAILURE, _TRANSFER = int(Purpose.ZERO_PATIENCE), int(Purpose.FAILURE), int(Purpose.TRANSFER)
_ABANDON, _ABANDON_AT = int(Purpose.ABANDON), int(Purpose.ABANDON_AT)
_BALK, _BALK_THRESHOLD = int(Purpose.BALK), int(Purpose.BALK_THRESHOLD)
_REOPEN, _REOPEN_DELAY = int(Purpose.REOPEN), int(Purpose.REOPEN_DELAY)
_NEXT, _DELAY, _CONTEXT = int(Purpose.NEXT), int(Purpose.DELAY), int(Purpose.CONTEXT)
_NEEDS, _AUTHORITY, _DIFFICULTY = int(Purpose.NEEDS_AUTHORITY), int(Purpose.AUTHORITY), int(Purpose.DIFFICULTY)
_DEFLECTION, _TURN, _TURN_DELAY = int(Purpose.DEFLECTION), int(Purpose.TURN), int(Purpose.TURN_DELAY)
_SILENT, _DETECTION, _SEEN = int(Purpose.SILENT), int(Purpose.DETECTION), int(Purpose.SEEN)


@compiled
def _factor(profiles: Floats, factors: Floats, profile: int, which: int, now: float) -> float:
    count = int(profiles[profile, which + 2])
    if count <= 0:
        return 1.0
    i = int(now / profiles[profile, which]) % count
    return float(factors[int(profiles[profile, which + 1]) + i])


@compiled
def difficulty_of(spread: float, seed: int, replication: int, entity: int) -> float:
    """How much harder than others' a customer's issue is, as a shift of the log-odds of failure: normal, mean 0."""
    return spread * normal_quantile(uniform(seed, replication, entity, 0, _DIFFICULTY))


@compiled
def _end_of_service(
    profiles: Floats, factors: Floats, profile: int, context: bool, beside: int, now: float,
    seed: int, replication: int, entity: int, leg: int,
) -> int:  # fmt: skip
    """Authority, then deflection (FAILED + FORCED), then failure: its odds grow with difficulty, haste and the sessions
    beside, before context removes its share."""
    needs = profiles[profile, NEEDS]
    if needs > 0.0 and profiles[profile, AUTHORITY] < 1.0:
        needy = uniform(seed, replication, entity, 0, _NEEDS) < needs
        if needy and uniform(seed, replication, entity, leg, _AUTHORITY) >= profiles[profile, AUTHORITY]:
            return FAILED
    deflect = profiles[profile, DEFLECT]
    if deflect > 0.0 and uniform(seed, replication, entity, leg, _DEFLECTION) < deflect:
        return FAILED + FORCED
    failure = profiles[profile, FAILURE]
    if profiles[profile, FAILURE_FACTORS + 2] > 0.0:
        failure = min(1.0, failure * _factor(profiles, factors, profile, FAILURE_FACTORS, now))
    odds = profiles[profile, ODDS]
    for _ in range(beside):
        odds *= profiles[profile, ATTENTION]
    if profiles[profile, DIFFICULTY] > 0.0:
        odds *= math.exp(difficulty_of(profiles[profile, DIFFICULTY], seed, replication, entity))
    if odds != 1.0:
        failure = with_odds(failure, odds)
    removed = profiles[profile, REMOVED] if context else 0.0
    transfer = profiles[profile, TRANSFER]
    u_transfer = uniform(seed, replication, entity, leg, _TRANSFER) if transfer > 0.0 else 1.0
    return served_outcome(uniform(seed, replication, entity, leg, _FAILURE), u_transfer, failure, removed, transfer)


@compiled
def plan_session(
    profiles: Floats, laws: Floats, quantiles: Floats, factors: Floats, profile: int, saved: float, now: float,
    seed: int, replication: int, entity: int, contact: int,
) -> tuple[float, int]:  # fmt: skip
    """A self-service session: (length in s, outcome). A drop-out ends it early with the outcome abandoned. `saved` is
    the share of time that context saves, negative without context."""
    leg = leg_of(contact, 0)
    length = sample(laws, quantiles, int(profiles[profile, SERVICE]), seed, replication, entity, leg, _SERVICE)
    if saved >= 0.0:
        length *= 1.0 - saved
    if profiles[profile, ABANDONMENT] > 0.0 and (
        uniform(seed, replication, entity, leg, _ABANDON) < profiles[profile, ABANDONMENT]
    ):
        at = profiles[profile, ABANDON_AT]
        return length * (at if at >= 0.0 else uniform(seed, replication, entity, leg, _ABANDON_AT)), ABANDONED
    return length, _end_of_service(profiles, factors, profile, saved >= 0.0, 0, now, seed, replication, entity, leg)


@compiled
def plan_service(
    profiles: Floats, laws: Floats, quantiles: Floats, factors: Floats, profile: int, saved: float, beside: int,
    now: float, seed: int, replication: int, entity: int, contact: int, turn: int,
) -> tuple[float, float, float, int]:  # fmt: skip
    """A turn of a contact with an agent: (patience, service, wrap-up, outcome if served), times in s; patience may be
    infinite. The outcome belongs to the contact, whatever the turn; `now` is when the customer joined the queue."""
    leg = leg_of(contact, turn)
    factor = 1.0 - saved if saved >= 0.0 else 1.0
    factor *= _factor(profiles, factors, profile, SERVICE_FACTORS, now) * profiles[profile, PACE]
    if profiles[profile, HARDER_WORK] > 0.0 and profiles[profile, DIFFICULTY] > 0.0:
        harder = difficulty_of(profiles[profile, DIFFICULTY], seed, replication, entity)
        factor *= math.exp(profiles[profile, HARDER_WORK] * harder)
    reading = profiles[profile, READING] if saved >= 0.0 and turn == 0 else 0.0
    service = sample(laws, quantiles, int(profiles[profile, SERVICE]), seed, replication, entity, leg, _SERVICE)
    wrap_up, patience = 0.0, np.inf
    law = int(profiles[profile, WRAP_UP])
    if law >= 0:
        wrap_up = sample(laws, quantiles, law, seed, replication, entity, leg, _WRAP_UP)
    law = int(profiles[profile, PATIENCE])
    if law >= 0:
        # One patience for the whole journey hangs on the channel's name, not on its place among the channels.
        fresh = turn > 0 or profiles[profile, REDIAL] == FRESH
        patience_leg = leg if fresh else int(profiles[profile, JOURNEY_LEG])
        patience = sample(laws, quantiles, law, seed, replication, entity, patience_leg, _PATIENCE)
        patience *= _factor(profiles, factors, profile, PATIENCE_FACTORS, now)
        zero_share = profiles[profile, ZERO_SHARE]
        if zero_share > 0.0 and uniform(seed, replication, entity, patience_leg, _ZERO_PATIENCE) < zero_share:
            patience = 0.0
    outcome = _end_of_service(
        profiles, factors, profile, saved >= 0.0, beside, now, seed, replication, entity, leg_of(contact, 0)
    )
    return patience, service * factor + reading, wrap_up * factor, outcome


@compiled
def share_before_leaving(
    profiles: Floats, profile: int, seed: int, replication: int, entity: int, contact: int
) -> float:
    """How far into the session a drop-out left, as a share of it."""
    at = profiles[profile, ABANDON_AT]
    return float(at if at >= 0.0 else uniform(seed, replication, entity, leg_of(contact, 0), _ABANDON_AT))


@compiled
def plan_turn(
    profiles: Floats, laws: Floats, quantiles: Floats, profile: int,
    seed: int, replication: int, entity: int, contact: int, turn: int,
) -> float:  # fmt: skip
    """Time from the end of turn number `turn` until the customer's reply, s; -1 if it was the last, ENDLESS if a key
    has no room for the next."""
    leg = leg_of(contact, turn)
    again = profiles[profile, TURN]
    if again <= 0.0 or uniform(seed, replication, entity, leg, _TURN) >= again:
        return -1.0
    if turn >= MOST_TURNS:
        return ENDLESS
    return sample(laws, quantiles, int(profiles[profile, TURN_DELAY]), seed, replication, entity, leg, _TURN_DELAY)


@compiled
def plan_silence(
    profiles: Floats, laws: Floats, quantiles: Floats, profile: int,
    seed: int, replication: int, entity: int, contact: int, turn: int,
) -> float:  # fmt: skip
    """Time that it takes an agent to find out that the customer has left, s; -1 if the customer says so."""
    leg = leg_of(contact, turn)
    silent = profiles[profile, SILENT]
    if silent <= 0.0 or uniform(seed, replication, entity, leg, _SILENT) >= silent:
        return -1.0
    return sample(laws, quantiles, int(profiles[profile, DETECTION]), seed, replication, entity, leg, _DETECTION)


@compiled
def plan_seen(profiles: Floats, profile: int, seed: int, replication: int, entity: int, contact: int) -> bool:
    """Whether the company's monitoring finds the contact."""
    seen = profiles[profile, SEEN]
    return bool(seen >= 1.0 or uniform(seed, replication, entity, leg_of(contact, 0), _SEEN) < seen)


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
def plan_balking_by_number(
    shares: Floats, waiting: int, seed: int, replication: int, entity: int, contact: int
) -> bool:
    """Whether a customer who finds nobody free leaves on hearing how many wait; the last share holds beyond."""
    u = uniform(seed, replication, entity, leg_of(contact, 0), _BALK)
    return bool(u < shares[min(waiting, shares.size - 1)])


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
    leg = leg_of(contact, 0)
    u = uniform(seed, replication, entity, leg, _NEXT)
    following = next_channel(u, walked, used, return_factor, give_up_factor)
    if following == GIVE_UP:
        return GIVE_UP, 0.0, NOTHING
    delay, context = 0.0, NOTHING
    if delays[row, following] >= 0:
        delay = sample(laws, quantiles, delays[row, following], seed, replication, entity, leg, _DELAY)
    if held:
        u = uniform(seed, replication, entity, leg, _CONTEXT)
        context = hop_context(u, held, lost_before, carries[row, following])
    return following, delay, context


@compiled
def when_open(at: float, delay: float, offset: float, opens: Floats, closes: Floats, cycle: float) -> float:
    """When a contact begins that is due at `at`, `delay` after the decision, and waits for opening hours if need be."""
    wait = next_opening((at + offset) % cycle, opens, closes, cycle)
    if wait > 0.0:
        opening = at + wait
        at = opening + delay  # not all at the stroke of opening: each as long after it as they would have waited,
        if next_opening((at + offset) % cycle, opens, closes, cycle) > 0.0:
            at = opening  # unless that is past the closing
    return at

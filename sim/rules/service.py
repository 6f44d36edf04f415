"""What a contact takes and how it ends once it is served: times, turns, failure; pure, compiled, for every engine.

Comes in: the coded tables and who asks. Goes out: the plan of a contact. Draws belong to keys and not to the order of
events, so that a whole contact can be planned when it begins; a patience that is never needed costs a few nanoseconds
and no truth.
"""

from __future__ import annotations

import math

import numpy as np

from ..chance.jit import compiled
from ..chance.keys import MOST_TURNS, Purpose, leg_of
from ..chance.normal import normal_quantile
from ..chance.philox import uniform
from ..chance.sampler import sample
from .numbers import (
    ABANDON_AT,
    ABANDONED,
    ABANDONMENT,
    ATTENTION,
    AUTHORITY,
    DEFLECT,
    DIFFICULTY,
    ENDLESS,
    FAILED,
    FAILURE,
    FAILURE_FACTORS,
    FORCED,
    FRESH,
    HARDER_WORK,
    JOURNEY_LEG,
    NEEDS,
    ODDS,
    PACE,
    PATIENCE,
    PATIENCE_FACTORS,
    READING,
    REDIAL,
    REMOVED,
    RESOLVED,
    SERVICE,
    SERVICE_FACTORS,
    TRANSFER,
    TRANSFERRED,
    TURN,
    TURN_DELAY,
    WRAP_UP,
    ZERO_SHARE,
    Floats,
)

_SERVICE = int(Purpose.SERVICE)
_WRAP_UP = int(Purpose.WRAP_UP)
_PATIENCE = int(Purpose.PATIENCE)
_ZERO_PATIENCE = int(Purpose.ZERO_PATIENCE)
_FAILURE = int(Purpose.FAILURE)
_TRANSFER = int(Purpose.TRANSFER)
_ABANDON = int(Purpose.ABANDON)
_ABANDON_AT = int(Purpose.ABANDON_AT)
_NEEDS = int(Purpose.NEEDS_AUTHORITY)
_AUTHORITY = int(Purpose.AUTHORITY)
_DIFFICULTY = int(Purpose.DIFFICULTY)
_DEFLECTION = int(Purpose.DEFLECTION)
_TURN = int(Purpose.TURN)
_TURN_DELAY = int(Purpose.TURN_DELAY)


@compiled
def served_outcome(u_failure: float, u_transfer: float, failure: float, removed: float, transfer: float) -> int:
    """Outcome at the end of service: failure with probability p(1 - removed), of which a share is handed on."""
    if u_failure >= failure * (1.0 - removed):
        return RESOLVED
    return TRANSFERRED if u_transfer < transfer else FAILED


@compiled
def with_odds(p: float, factor: float) -> float:
    """A probability whose odds are multiplied by a factor.

    >>> round(with_odds(0.3, 2.0), 12), round(with_odds(0.3, 1.0), 12)
    (0.461538461538, 0.3)
    """
    return p * factor / (1.0 - p + p * factor)


@compiled
def talk_after_wait(talk: float, wait: float, per_second: float, at_most: float) -> float:
    """A talk that grows with the wait before it: by a share per second waited, at most by a factor."""
    return talk * min(1.0 + per_second * max(0.0, wait), at_most)


@compiled
def _factor(profiles: Floats, factors: Floats, profile: int, which: int, now: float) -> float:
    count = int(profiles[profile, which + 2])
    if count <= 0:
        return 1.0
    i = int(now / profiles[profile, which]) % count
    return float(factors[int(profiles[profile, which + 1]) + i])


@compiled
def hardness_of(seed: int, replication: int, entity: int) -> float:
    """How much harder than others' a customer's issue is: standard normal, the same at all of their contacts. As much
    times a profile's `difficulty` is added to the log-odds of failure."""
    return normal_quantile(uniform(seed, replication, entity, 0, _DIFFICULTY))


@compiled
def _hardness(profiles: Floats, profile: int, seed: int, replication: int, entity: int) -> float:
    """The same, drawn only where the profile asks for it."""
    return hardness_of(seed, replication, entity) if profiles[profile, DIFFICULTY] > 0.0 else 0.0


@compiled
def _end_of_service(
    profiles: Floats, factors: Floats, profile: int, context: bool, beside: int, now: float, hardness: float,
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
        odds *= math.exp(profiles[profile, DIFFICULTY] * hardness)
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
    hardness = _hardness(profiles, profile, seed, replication, entity)
    return session_plan(
        profiles, laws, quantiles, factors, profile, saved, now, hardness, seed, replication, entity, contact
    )


@compiled
def session_plan(
    profiles: Floats, laws: Floats, quantiles: Floats, factors: Floats, profile: int, saved: float, now: float,
    hardness: float, seed: int, replication: int, entity: int, contact: int,
) -> tuple[float, int]:  # fmt: skip
    """`plan_session` of a customer whose `hardness_of` is known."""
    leg = leg_of(contact, 0)
    length = sample(laws, quantiles, int(profiles[profile, SERVICE]), seed, replication, entity, leg, _SERVICE)
    if saved >= 0.0:
        length *= 1.0 - saved
    if profiles[profile, ABANDONMENT] > 0.0 and (
        uniform(seed, replication, entity, leg, _ABANDON) < profiles[profile, ABANDONMENT]
    ):
        at = profiles[profile, ABANDON_AT]
        return length * (at if at >= 0.0 else uniform(seed, replication, entity, leg, _ABANDON_AT)), ABANDONED
    return length, _end_of_service(
        profiles, factors, profile, saved >= 0.0, 0, now, hardness, seed, replication, entity, leg
    )


@compiled
def plan_service(
    profiles: Floats, laws: Floats, quantiles: Floats, factors: Floats, profile: int, saved: float, beside: int,
    now: float, seed: int, replication: int, entity: int, contact: int, turn: int,
) -> tuple[float, float, float, int]:  # fmt: skip
    """A turn of a contact with an agent: (patience, service, wrap-up, outcome if served), times in s; patience may be
    infinite. The outcome belongs to the contact, whatever the turn; `now` is when the customer joined the queue."""
    hardness = _hardness(profiles, profile, seed, replication, entity)
    service, wrap_up, outcome = work_plan(
        profiles, laws, quantiles, factors, profile, saved, beside, now, hardness, seed, replication, entity, contact,
        turn,
    )  # fmt: skip
    patience = patience_plan(profiles, laws, quantiles, factors, profile, now, seed, replication, entity, contact, turn)
    return patience, service, wrap_up, outcome


@compiled
def work_plan(
    profiles: Floats, laws: Floats, quantiles: Floats, factors: Floats, profile: int, saved: float, beside: int,
    now: float, hardness: float, seed: int, replication: int, entity: int, contact: int, turn: int,
) -> tuple[float, float, int]:  # fmt: skip
    """`plan_service` without patience, of a customer whose `hardness_of` is known."""
    leg = leg_of(contact, turn)
    factor = 1.0 - saved if saved >= 0.0 else 1.0
    factor *= _factor(profiles, factors, profile, SERVICE_FACTORS, now) * profiles[profile, PACE]
    if profiles[profile, HARDER_WORK] > 0.0 and profiles[profile, DIFFICULTY] > 0.0:
        factor *= math.exp(profiles[profile, HARDER_WORK] * (profiles[profile, DIFFICULTY] * hardness))
    reading = profiles[profile, READING] if saved >= 0.0 and turn == 0 else 0.0
    service = sample(laws, quantiles, int(profiles[profile, SERVICE]), seed, replication, entity, leg, _SERVICE)
    wrap_up, law = 0.0, int(profiles[profile, WRAP_UP])
    if law >= 0:
        wrap_up = sample(laws, quantiles, law, seed, replication, entity, leg, _WRAP_UP)
    outcome = _end_of_service(
        profiles, factors, profile, saved >= 0.0, beside, now, hardness, seed, replication, entity, leg_of(contact, 0)
    )
    return service * factor + reading, wrap_up * factor, outcome


@compiled
def patience_plan(
    profiles: Floats, laws: Floats, quantiles: Floats, factors: Floats, profile: int, now: float,
    seed: int, replication: int, entity: int, contact: int, turn: int,
) -> float:  # fmt: skip
    """The patience of `plan_service`, s. One for the whole journey hangs on the channel's name, not on its place among
    the channels."""
    law = int(profiles[profile, PATIENCE])
    if law < 0:
        return np.inf
    fresh = turn > 0 or profiles[profile, REDIAL] == FRESH
    leg = leg_of(contact, turn) if fresh else int(profiles[profile, JOURNEY_LEG])
    zero_share = profiles[profile, ZERO_SHARE]
    if zero_share > 0.0 and uniform(seed, replication, entity, leg, _ZERO_PATIENCE) < zero_share:
        return 0.0
    patience = sample(laws, quantiles, law, seed, replication, entity, leg, _PATIENCE)
    return patience * _factor(profiles, factors, profile, PATIENCE_FACTORS, now)


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

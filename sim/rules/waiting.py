"""How a wait ends without service: balking, leaving without a word, never being seen; pure, compiled, for every
engine. Comes in: the coded tables and who asks. Goes out: what this customer does, by key.
"""

from __future__ import annotations

from ..chance.jit import compiled
from ..chance.keys import Purpose, leg_of
from ..chance.philox import uniform
from ..chance.sampler import sample
from .numbers import DETECTION, SEEN, SILENT, Floats

_BALK = int(Purpose.BALK)
_BALK_THRESHOLD = int(Purpose.BALK_THRESHOLD)
_SILENT = int(Purpose.SILENT)
_DETECTION = int(Purpose.DETECTION)
_SEEN = int(Purpose.SEEN)


@compiled
def balks(u: float, probability: float, threshold: float, waiting: int, mean_handle: float, capacity: float) -> bool:
    """Whether a customer leaves on hearing the expected wait (waiting + 1) x mean handle time / staffed capacity.

    A threshold of 0 is exceeded by any wait, also by the unknown one of an unstaffed queue.
    """
    if u >= probability:
        return False
    return capacity <= 0.0 or (waiting + 1) * mean_handle / capacity > threshold


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

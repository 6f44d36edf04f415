"""Context as records: what a channel can see of what a customer said before; pure, compiled, for every engine.

Comes in: the records that a journey has left so far and the channel in which its next leg begins. Goes out: whether the
customer starts over, and how much of the handle time is saved. A record is seen or not once for each channel that looks
for it, by key: looking again finds nothing new, and one lossy hop erases nothing.
"""

from __future__ import annotations

from ..chance.jit import compiled, compiled_for
from ..chance.keys import Purpose, leg_of
from ..chance.philox import uniform
from .numbers import ABANDONED, CARRIED, FAILED, LOST, NOTHING, Floats, Ints

CHANNEL, NUMBER, OVERRIDE = range(3)
"""columns of `records`: where it was left, the number of its leg, and the probability of being seen that this one has
instead of its channels' (-1: none)"""
NO_CONTEXT = -1.0
"""time saved by a leg without context"""
_IDENTIFIED, _VISIBLE = int(Purpose.IDENTIFIED), int(Purpose.VISIBLE)


@compiled
def _happens(p: float, seed: int, replication: int, entity: int, leg: int, purpose: int) -> bool:
    """A keyed event of probability p; certain ones draw nothing."""
    return bool(p >= 1.0 or (p > 0.0 and uniform(seed, replication, entity, leg, purpose) < p))


@compiled
def is_identified(channel: int, identified: Floats, seed: int, replication: int, entity: int, number: int) -> bool:
    """Whether the customer of the leg `number` is identified in its channel: else no record is seen."""
    return _happens(identified[channel], seed, replication, entity, leg_of(number, 0), _IDENTIFIED)


@compiled
def saving_of(
    origin: int, number: int, override: float, channel: int, visible: Floats, savings: Floats, viewers: Ints,
    seed: int, replication: int, entity: int,
) -> float:  # fmt: skip
    """The share of time that one record saves in `channel`, or NO_CONTEXT if it is not seen there."""
    g = override if override >= 0.0 else visible[origin, channel]
    if _happens(g, seed, replication, entity, leg_of(number, 0), _VISIBLE + viewers[channel]):
        return float(savings[origin, channel])
    return NO_CONTEXT


@compiled_for("boolean(float64, float64, int64, float64, float64)")
def leaves_record(answered: float, ended: float, outcome: int, gone: float, told_after: float) -> bool:
    """Whether an ended contact taught the company something. Who moved on unanswered has not, even if somebody writes
    an answer later; nor has a session that was dropped, `gone` of its way, before the share `told_after` of it."""
    return answered <= ended and not (outcome == ABANDONED and gone < told_after)


@compiled_for("float64(float64, boolean, int64)")
def seen_with(override: float, pushed: bool, outcome: int) -> float:
    """The probability of being seen that a record has of its own: that of a contact pushed on (-1: none)."""
    return override if pushed and outcome == FAILED else -1.0


@compiled
def known_context(
    records: Floats, count: int, channel: int, identified: Floats, visible: Floats, savings: Floats, viewers: Ints,
    seed: int, replication: int, entity: int, number: int,
) -> tuple[int, float]:  # fmt: skip
    """(NOTHING to know, CARRIED or LOST; the largest share of time that a visible record saves, or NO_CONTEXT).

    `number` is that of the leg that begins in `channel`. The customer is identified there with its probability, drawn
    for the leg, which gates every record; each record of channel i is visible with probability visible[i, channel],
    drawn once for the record and the viewing channel (`viewers` has a key for each, made of its name).
    """
    if count == 0:
        return NOTHING, NO_CONTEXT
    if not is_identified(channel, identified, seed, replication, entity, number):
        return LOST, NO_CONTEXT
    saved = NO_CONTEXT
    for k in range(count):
        one = saving_of(
            int(records[k, CHANNEL]), int(records[k, NUMBER]), records[k, OVERRIDE], channel, visible, savings, viewers,
            seed, replication, entity,
        )  # fmt: skip
        saved = max(saved, one)
    return (CARRIED if saved >= 0.0 else LOST), saved

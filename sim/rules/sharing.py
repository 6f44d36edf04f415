"""The arithmetic of agents who share themselves between what they hold; pure, compiled, for every engine.

Comes in: V, the work done for a contact that was open all along, when it was that, and the rate at which each open
contact is worked on. Goes out: V now, and when the smallest tag is reached. Engines keep V, tags and the calendar; the
order of these operations is the model's, because floats depend on it.
"""

from __future__ import annotations

from ..chance.jit import compiled_for


@compiled_for("float64(float64, float64, float64, float64)")
def work_done(v: float, at: float, now: float, rate: float) -> float:
    """V, s of work for each open contact, at `now`; it was `v` at `at`."""
    return v + (now - at) * rate


@compiled_for("float64(float64, float64, float64, float64)")
def due_at(now: float, tag: float, v: float, rate: float) -> float:
    """When a contact with this tag ends, if nothing else changes. V at the very instant of an end may pass its tag by a
    rounding error: then it ends now."""
    return now + max(0.0, tag - v) / rate


@compiled_for("float64(float64, float64, float64, int64)")
def attention_paid(attention: float, at: float, now: float, held: int) -> float:
    """The agent's time, shared equally by all `held` contacts, worked on or not: its sum is the time busy."""
    return attention + (now - at) / held if held > 0 else attention

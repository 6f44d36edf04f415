"""Breaks and planned time off the phone: they begin when all in hand is done, and keep their length."""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...coded.order import SUBJECT_BITS, Kind
from .calendar import push
from .model import Model
from .state import NOT_RESTING, State
from .writing import write_duty

_SHIFT_END = int(Kind.SHIFT_END)
BACK = 1
"""what the timer does: after the end of a shift at the same instant, so that nobody comes back to go home"""


@compiled
def rest(m: Model, s: State, agent: int) -> None:
    """Nothing is in hand any more: the break begins."""
    now, length = s.clock[0], s.break_due[agent]
    s.break_due[agent], s.resting_since[agent] = 0.0, now
    rest_until(m, s, agent, now + length)


@compiled
def rest_until(m: Model, s: State, agent: int, until: float) -> None:
    """The break lasts until then."""
    s.resting_until[agent] = until
    push(s, until, _SHIFT_END << SUBJECT_BITS | m.subject_of[agent], BACK, agent)


@compiled
def ends_with_the_shift(m: Model, s: State, agent: int) -> bool:
    """The shift is over: what is left of a break is not taken. True if the agent took one, and so is gone."""
    if s.resting_until[agent] > NOT_RESTING:
        s.missed[agent] += s.resting_until[agent] - s.clock[0]
        s.resting_until[agent] = NOT_RESTING
        write_duty(m, s, agent, s.resting_since[agent], s.resting_since[agent])
        return True
    s.missed[agent] += s.break_due[agent]
    s.break_due[agent] = 0.0
    return False

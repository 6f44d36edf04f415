"""How an agent's hold on a contact ends: hang-ups, the end of a ring, of work and of a wrap-up, replies."""

from __future__ import annotations

from math import isnan

from ...chance.jit import part_of_kernel as compiled
from ...coded.order import NEXT_TURN, Kind
from .agents import free
from .calendar import set_release, set_timer
from .handling import answer, plan_turn_of, work
from .model import Model
from .sharing import end, hold, is_due, schedule, spent, start
from .state import (
    AFTER_TALK,
    AGENT,
    ATTENTION,
    BY,
    CHANNEL,
    CONTACT,
    DONE_AT,
    ENDED,
    FINDS_OUT,
    GAP,
    GIVEN_BACK,
    HOLDING,
    KEY,
    OUTCOME,
    OVER,
    PHASE,
    PLANNED,
    PROFILE,
    RELEASED,
    RINGING,
    RINGS,
    STAGE,
    STALE,
    TURN,
    UNITS,
    WORK,
    WRAP_UP,
    State,
)  # fmt: skip
from .trunks import give_back_line

_RELEASE, _REPLY = int(Kind.RELEASE), int(Kind.REPLY)


@compiled
def finish(m: Model, s: State, contact: int) -> bool:
    """End of a plain contact's service: the agent wraps up or is free, before the customer goes on. Whether the
    customer is still there to go on."""
    ints, floats, now = s.contact_ints[contact], s.contact_floats[contact], s.clock[0]
    stale = ints[STALE] > 0
    if not stale:
        ints[OUTCOME], floats[ENDED] = ints[PLANNED], now
    floats[RELEASED] = now + floats[WRAP_UP]
    if floats[WRAP_UP] > 0.0:
        ints[PHASE] = AFTER_TALK
        set_timer(s, floats[RELEASED], _RELEASE, contact, 0)
    else:
        free(m, s, ints[AGENT], 1)
    return not stale


@compiled
def over(m: Model, s: State, holding: int) -> bool:
    """What ends at a holding's release: whether its customer goes on."""
    stage, contact = s.holding_ints[holding, STAGE], s.holding_ints[holding, CONTACT]
    if stage == FINDS_OUT:
        _release(m, s, holding)
        give_back_line(s, contact)
    elif stage == RINGS:
        s.contact_ints[contact, RINGING] = 0
        answer(m, s, holding)
    elif stage != OVER:  # else the customer has hung up
        return _work_is_over(m, s, holding)
    return False


@compiled
def _work_is_over(m: Model, s: State, holding: int) -> bool:
    agent = s.holding_ints[holding, BY]
    if not m.shares[m.pool_of[agent]]:
        return _worked(m, s, holding)
    if not is_due(s, holding):
        return False
    end(s, holding)
    goes_on = _worked(m, s, holding)
    if s.due_holding[agent] < 0:  # else somebody new has begun, and the first to end is on the calendar
        schedule(m, s, agent)
    return goes_on


@compiled
def _worked(m: Model, s: State, holding: int) -> bool:
    """The work of a turn, or a wrap-up, is done: whether the customer goes on."""
    contact, floats, now = s.holding_ints[holding, CONTACT], s.holding_floats[holding], s.clock[0]
    ints = s.contact_ints[contact]
    if not isnan(floats[DONE_AT]):
        _release(m, s, holding)
        return False
    again = floats[GAP] >= 0.0
    if again:
        set_timer(s, now + floats[GAP], _REPLY, contact, 0)
        if m.channels.kept[ints[CHANNEL]]:
            return False
    floats[DONE_AT] = now
    last = not again and not ints[STALE]
    if last:
        ints[OUTCOME], s.contact_floats[contact, ENDED] = ints[PLANNED], now
    _wrap_up(m, s, holding, s.contact_floats[contact, WRAP_UP])
    return last


@compiled
def _wrap_up(m: Model, s: State, holding: int, wrap_up: float) -> None:
    s.holding_floats[holding, WORK] += wrap_up
    if wrap_up <= 0.0:
        _release(m, s, holding)
    elif m.shares[m.pool_of[s.holding_ints[holding, BY]]]:
        start(m, s, holding, wrap_up)
    else:
        set_release(s, s.clock[0] + wrap_up, holding)


@compiled
def resume(m: Model, s: State, contact: int) -> None:
    """A customer who was silent goes on with the same agent."""
    ints, holding = s.contact_ints[contact], s.contact_ints[contact, HOLDING]
    ints[TURN] += 1
    s.holding_ints[holding, KEY] += NEXT_TURN
    pool = m.pool_of[s.holding_ints[holding, BY]]
    plan_turn_of(m, s, contact, m.profile_by_pool[pool, ints[PROFILE]])
    work(m, s, holding)


@compiled
def hang_up(m: Model, s: State, contact: int) -> None:
    """The customer leaves while an agent is rung."""
    s.contact_ints[contact, RINGING] = 0
    _release(m, s, s.contact_ints[contact, HOLDING])


@compiled
def _release(m: Model, s: State, holding: int) -> None:
    ints, floats = s.holding_ints[holding], s.holding_floats[holding]
    if m.shares[m.pool_of[ints[BY]]]:
        hold(s, ints[BY], -1)
    ints[STAGE] = OVER
    floats[GIVEN_BACK], floats[ATTENTION] = s.clock[0], spent(m, s, holding)
    free(m, s, ints[BY], ints[UNITS])

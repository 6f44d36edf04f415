"""Agents who hold several contacts at a time and share themselves between them: limited processor sharing, exact.

V, tags and attention are those of the SimPy engine's `sharing`. The open contacts of an agent are few: the one with the
smallest (tag, key) is looked for. An end that another has overtaken stays on the calendar, and passes unheard.
"""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...rules.sharing import attention_paid, due_at, work_done
from .calendar import set_release
from .model import Model
from .state import ATTENTION_BEFORE, BY, CONTACT, ENTITY, KEY, TAG, TAKEN, WHO, State


@compiled
def hold(s: State, agent: int, change: int) -> None:
    """The number of contacts held changes."""
    s.attention[agent] = attention_paid(s.attention[agent], s.held_at[agent], s.clock[0], s.held[agent])
    s.held_at[agent] = s.clock[0]
    s.held[agent] += change


@compiled
def spent(m: Model, s: State, holding: int) -> float:
    """Attention so far, s."""
    agent, floats = s.holding_ints[holding, BY], s.holding_floats[holding]
    if m.shares[m.pool_of[agent]]:
        return float(s.attention[agent] - floats[ATTENTION_BEFORE])
    return float(s.clock[0] - floats[TAKEN])


@compiled
def start(m: Model, s: State, holding: int, work: float) -> None:
    """`work` seconds of work begin."""
    agent, now = s.holding_ints[holding, BY], s.clock[0]
    count = s.open_count[agent]
    if count > 0:
        s.work[agent] = work_done(s.work[agent], s.work_at[agent], now, m.rates[m.pool_of[agent], count])
    s.work_at[agent] = now
    s.holding_floats[holding, TAG] = s.work[agent] + work
    s.open_of[agent, count] = holding
    s.open_count[agent] = count + 1
    schedule(m, s, agent)


@compiled
def schedule(m: Model, s: State, agent: int) -> None:
    """The first to end gets its place on the calendar."""
    count = s.open_count[agent]
    s.due_holding[agent] = -1
    if count == 0:
        return
    first = s.open_of[agent, 0]
    for i in range(1, count):
        if _ends_before(s, s.open_of[agent, i], first):
            first = s.open_of[agent, i]
    rate = m.rates[m.pool_of[agent], count]
    s.due[agent] = due_at(s.clock[0], s.holding_floats[first, TAG], s.work[agent], rate)
    s.due_holding[agent] = first
    set_release(s, s.due[agent], first)


@compiled
def _ends_before(s: State, one: int, other: int) -> bool:
    """Whether one open contact of an agent ends before another: by tag, then by key."""
    if s.holding_floats[one, TAG] != s.holding_floats[other, TAG]:
        return bool(s.holding_floats[one, TAG] < s.holding_floats[other, TAG])
    mine, theirs = _entity(s, one), _entity(s, other)
    return bool(mine < theirs or (mine == theirs and s.holding_ints[one, KEY] < s.holding_ints[other, KEY]))


@compiled
def _entity(s: State, holding: int) -> int:
    return int(s.customer_ints[s.contact_ints[s.holding_ints[holding, CONTACT], WHO], ENTITY])


@compiled
def is_due(s: State, holding: int) -> bool:
    """Whether this end is the one that its agent's calendar has for now."""
    agent = s.holding_ints[holding, BY]
    return bool(s.due_holding[agent] == holding and s.due[agent] == s.clock[0])


@compiled
def end(s: State, holding: int) -> None:
    """The work of the first to end is done."""
    agent = s.holding_ints[holding, BY]
    last, i = s.open_count[agent] - 1, 0
    while s.open_of[agent, i] != holding:
        i += 1
    s.open_of[agent, i] = s.open_of[agent, last]
    s.open_count[agent] = last
    s.work[agent], s.work_at[agent] = s.holding_floats[holding, TAG] if last > 0 else 0.0, s.clock[0]
    s.due_holding[agent] = -1

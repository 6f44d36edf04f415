"""What an agent does with a contact: plain ones in two steps, and rings, turns and shared agents.

`serve` is where every contact comes that an agent takes. What ends, and frees the agent, is in `endings`.
"""

from __future__ import annotations

from math import isnan

import numpy as np

from ...chance.jit import part_of_kernel as compiled
from ...coded.order import Kind
from ...rules.numbers import ATTENTION as _DISTRACTION
from ...rules.numbers import DIFFICULTY
from ...rules.numbers import ENDLESS as _ENDLESS
from ...rules.service import hardness_of, plan_turn, talk_after_wait, work_plan
from .calendar import set_release, set_timer, tie
from .free_agents import occupy
from .model import Model
from .sharing import hold, start
from .state import (
    AGENT,
    ANSWERED,
    ATTENTION,
    ATTENTION_BEFORE,
    BEGUN,
    BESIDE,
    BY,
    CHANNEL,
    CONTACT,
    CULPRIT,
    DETECTION,
    DONE_AT,
    ENDLESS_THREAD,
    ENTITY,
    FINDS_OUT,
    FOR_TURN,
    GAP,
    GIVEN_BACK,
    HARDNESS,
    HOLDING,
    HOLDINGS,
    KEY,
    NUMBER,
    PATIENCE,
    PHASE,
    PLANNED,
    PROFILE,
    QUEUED,
    RINGING,
    RINGS,
    SAVED,
    SERVICE,
    STAGE,
    STALE,
    STOPPED,
    TAKEN,
    TAKEN_FROM,
    TALK,
    TURN,
    UNITS,
    WHO,
    WORK,
    WORKS,
    WRAP_UP,
    State,
)  # fmt: skip

_RELEASE, _PATIENCE = int(Kind.RELEASE), int(Kind.PATIENCE)


@compiled
def serve(m: Model, s: State, contact: int, agent: int) -> None:
    """An agent takes the contact."""
    ints, now = s.contact_ints[contact], s.clock[0]
    if m.channels.turned[ints[CHANNEL]]:
        begin(m, s, contact, agent)
        return
    ints[AGENT], ints[PHASE] = agent, TALK
    s.contact_floats[contact, ANSWERED] = now
    occupy(m, s, agent, 1)
    set_timer(s, now + s.contact_floats[contact, SERVICE], _RELEASE, contact, 0)


@compiled
def begin(m: Model, s: State, contact: int, agent: int) -> None:
    """The agent takes a contact that has more to it than service and wrap-up."""
    ints, now = s.contact_ints[contact], s.clock[0]
    units = m.units[m.pool_of[agent], ints[CHANNEL]]
    occupy(m, s, agent, units)
    if m.shares[m.pool_of[agent]]:
        hold(s, agent, 1)
    holding = _hold(s, contact, agent, units)
    detection, ring = s.contact_floats[contact, DETECTION], m.channels.ring[ints[CHANNEL]]
    if detection >= 0.0:
        s.holding_ints[holding, STAGE] = FINDS_OUT
        set_release(s, now + detection, holding)
    elif ring > 0.0:
        ints[RINGING] = 1
        _may_leave(s, contact)
        s.holding_ints[holding, STAGE] = RINGS
        set_release(s, now + ring, holding)
    else:
        answer(m, s, holding)


@compiled
def _hold(s: State, contact: int, agent: int, units: int) -> int:
    """An agent's capacity is held: the row that says so."""
    holding = int(s.counters[HOLDINGS])
    s.counters[HOLDINGS] = holding + 1
    ints, floats = s.holding_ints[holding], s.holding_floats[holding]
    ints[CONTACT], ints[BY], ints[UNITS], ints[FOR_TURN] = contact, agent, units, s.contact_ints[contact, TURN]
    ints[KEY], s.contact_ints[contact, HOLDING] = tie(s, contact), holding
    floats[TAKEN_FROM], floats[TAKEN] = s.contact_floats[contact, QUEUED], s.clock[0]
    floats[BEGUN] = floats[DONE_AT] = floats[GIVEN_BACK] = np.nan
    floats[GAP], floats[ATTENTION_BEFORE] = -1.0, s.attention[agent]
    floats[WORK] = floats[ATTENTION] = 0.0
    return holding


@compiled
def _may_leave(s: State, contact: int) -> None:
    """Who is rung for may leave, but those without any patience only leave where nobody is free; the company, which has
    found an agent, ends the wait no more."""
    patience = s.contact_floats[contact, PATIENCE]
    if not s.contact_ints[contact, STALE] and 0.0 < patience < np.inf:
        set_timer(s, s.contact_floats[contact, QUEUED] + patience, _PATIENCE, contact, 0)


@compiled
def answer(m: Model, s: State, holding: int) -> None:
    """The agent answers: who that is, and what else they do, may change what the contact takes."""
    agent, contact = s.holding_ints[holding, BY], s.holding_ints[holding, CONTACT]
    ints, floats, now = s.contact_ints[contact], s.contact_floats[contact], s.clock[0]
    ints[AGENT], s.holding_floats[holding, BEGUN] = agent, now
    if isnan(floats[ANSWERED]):
        floats[ANSWERED] = now
    pool, channel = m.pool_of[agent], ints[CHANNEL]
    profile = m.profile_by_pool[pool, ints[PROFILE]]
    if m.shares[pool] and ints[TURN] == 0:
        ints[BESIDE] = s.open_count[agent]
    distracted = ints[BESIDE] > 0 and m.profiles[profile, _DISTRACTION] != 1.0
    if profile != ints[PROFILE] or distracted:
        plan_turn_of(m, s, contact, profile)
    if m.channels.growth[channel, 0] > 0.0:
        waited = now - floats[QUEUED]
        floats[SERVICE] = talk_after_wait(
            floats[SERVICE], waited, m.channels.growth[channel, 0], m.channels.growth[channel, 1]
        )
    work(m, s, holding)


@compiled
def hardness(m: Model, s: State, who: int, profile: int) -> float:
    """How hard the customer's issue is, drawn as it is first asked for; 0 where the profile does not ask."""
    if m.profiles[profile, DIFFICULTY] <= 0.0:
        return 0.0
    floats = s.customer_floats[who]
    if isnan(floats[HARDNESS]):
        floats[HARDNESS] = hardness_of(m.seed, m.replication, s.customer_ints[who, ENTITY])
    return float(floats[HARDNESS])


@compiled
def plan_turn_of(m: Model, s: State, contact: int, profile: int) -> None:
    """Draws service and wrap-up of the contact's present turn, and how it ends, as `profile` sees it."""
    ints, floats = s.contact_ints[contact], s.contact_floats[contact]
    floats[SERVICE], floats[WRAP_UP], ints[PLANNED] = work_plan(
        m.profiles, m.laws, m.quantiles, m.factors, profile, floats[SAVED], ints[BESIDE], floats[QUEUED],
        hardness(m, s, ints[WHO], profile), m.seed, m.replication, s.customer_ints[ints[WHO], ENTITY], ints[NUMBER],
        ints[TURN],
    )  # fmt: skip


@compiled
def work(m: Model, s: State, holding: int) -> None:
    """One turn's work begins; whether the customer will reply is known to chance already."""
    contact, agent = s.holding_ints[holding, CONTACT], s.holding_ints[holding, BY]
    ints, floats = s.contact_ints[contact], s.holding_floats[holding]
    s.holding_ints[holding, STAGE] = WORKS
    if not ints[STALE]:
        floats[GAP] = plan_turn(
            m.profiles, m.laws, m.quantiles, ints[PROFILE], m.seed, m.replication, s.customer_ints[ints[WHO], ENTITY],
            ints[NUMBER], ints[TURN],
        )  # fmt: skip
        if floats[GAP] == _ENDLESS:
            s.counters[STOPPED], s.counters[CULPRIT] = ENDLESS_THREAD, contact
    service = s.contact_floats[contact, SERVICE]
    floats[WORK] += service
    if m.shares[m.pool_of[agent]]:
        start(m, s, holding, service)
    else:
        set_release(s, s.clock[0] + service, holding)

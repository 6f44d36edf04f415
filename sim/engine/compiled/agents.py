"""Agents: who is on duty, how much each holds, when each was last free; and what waits is taken by who is free."""

from __future__ import annotations

from ...chance.jit import compiled
from ...coded.order import Kind
from ...rules import decisions as rules
from .calendar import set_timer
from .model import Model
from .state import (
    AGENT,
    ANSWERED,
    DUTIES,
    LENGTH,
    PHASE,
    SERVICE,
    TALK,
    State,
)  # fmt: skip
from .waiting_lines import take_head

_RELEASE = int(Kind.RELEASE)
_NOBODY = rules.NOBODY
choose_line, surplus_agent, absent_agent = rules.choose_line, rules.surplus_agent, rules.absent_agent


@compiled
def serve(m: Model, s: State, contact: int, agent: int) -> None:
    """An agent takes the contact: its service begins."""
    now, pool = s.clock[0], m.pool_of[agent]
    s.contact_ints[contact, AGENT] = agent
    s.contact_ints[contact, PHASE] = TALK
    s.contact_floats[contact, ANSWERED] = now
    if s.load[agent] == 0:
        s.idle[pool] -= 1
    s.load[agent] += 1
    set_timer(s, now + s.contact_floats[contact, SERVICE], _RELEASE, contact)


@compiled
def call_next(m: Model, s: State, agent: int) -> None:
    """An agent on duty takes a waiting contact, as its pool's ranks and the queue rule name it."""
    pool = m.pool_of[agent]
    first, last = m.first_offer[pool], m.first_offer[pool + 1]
    line = choose_line(
        m.offers[first:last], s.head_time, s.head_order, s.lines[:, LENGTH], s.clock[0], 1, True, m.queue_rule
    )
    if line != _NOBODY:
        serve(m, s, take_head(s, line), agent)


@compiled
def free(m: Model, s: State, agent: int) -> None:
    """The agent holds nothing more, and takes what waits; or is gone, if that was the last after the shift."""
    s.load[agent] -= 1
    s.since[agent] = s.clock[0]
    if s.duty[agent]:
        s.idle[m.pool_of[agent]] += 1
        call_next(m, s, agent)
    elif s.finishing[agent]:
        s.finishing[agent] = 0
        write_duty(m, s, agent, s.left[agent], s.clock[0])


@compiled
def write_duty(m: Model, s: State, agent: int, left: float, released: float) -> None:
    """A row of the table of duties: a spell that is over."""
    i = s.counters[DUTIES]
    s.counters[DUTIES] = i + 1
    s.duties[i, 0], s.duties[i, 1], s.duties[i, 2] = m.pool_of[agent], agent, s.came[agent]
    s.duties[i, 3], s.duties[i, 4], s.duties[i, 5] = left, released, 0.0


@compiled
def bring_in(m: Model, s: State, agent: int) -> None:
    """An agent comes on duty and takes a waiting contact; one who is still finishing goes on as if never gone."""
    s.spells[agent] += 1
    if s.duty[agent]:
        return
    if s.finishing[agent]:
        s.finishing[agent] = 0
        write_duty(m, s, agent, s.left[agent], s.clock[0])
    s.duty[agent] = True
    s.came[agent] = s.clock[0]
    s.staffed[m.pool_of[agent]] += 1
    if s.load[agent] == 0:
        s.since[agent] = s.clock[0]
        s.idle[m.pool_of[agent]] += 1
        call_next(m, s, agent)


@compiled
def send_home(m: Model, s: State, agent: int) -> None:
    """An agent goes off duty, finishing first what it holds."""
    s.spells[agent] -= 1
    if s.spells[agent] > 0:
        return
    s.duty[agent] = False
    s.staffed[m.pool_of[agent]] -= 1
    s.left[agent] = s.clock[0]
    if s.load[agent] == 0:
        s.idle[m.pool_of[agent]] -= 1
        write_duty(m, s, agent, s.left[agent], s.clock[0])
    else:
        s.finishing[agent] = 1


@compiled
def set_count(m: Model, s: State, pool: int, count: int) -> None:
    """A pool staffed by count has `count` agents on duty from now on."""
    first, last = m.first_agent[pool], m.first_agent[pool + 1]
    while s.staffed[pool] > count:
        send_home(m, s, surplus_agent(first, last, s.duty, s.load))
    while s.staffed[pool] < count:
        bring_in(m, s, absent_agent(first, last, s.duty))


@compiled
def close_duties(m: Model, s: State) -> None:
    """Log the duties that are not over when the run stops."""
    now = s.clock[0]
    for agent in range(m.pool_of.size):
        if s.duty[agent]:
            write_duty(m, s, agent, now, now)
        elif s.finishing[agent]:
            write_duty(m, s, agent, s.left[agent], now)

"""What is written of agents: spells of duty that are over, and what they hold when the run stops; and the rows of
customers before they come."""

from __future__ import annotations

from math import isnan, nan

from ...chance.jit import compiled as entry
from ...chance.jit import part_of_kernel as compiled
from ...rules.numbers import Floats, Ints
from .model import Model
from .sharing import hold, spent
from .state import (
    ATTENTION,
    BY,
    CAME,
    DUTIES,
    ENTITY,
    FIRST_CHANNEL,
    FRUSTRATION,
    GIVEN_BACK,
    HARDNESS,
    HOLDINGS,
    LEFT,
    NOT_RESTING,
    REASON,
    SEGMENT,
    State,
)  # fmt: skip


@compiled
def write_duty(m: Model, s: State, agent: int, left: float, released: float) -> None:
    """A row of the table of duties: a spell that is over, and how much of a break the end of the shift cut off."""
    i = s.counters[DUTIES]
    s.counters[DUTIES] = i + 1
    s.duties[i, 0], s.duties[i, 1], s.duties[i, 2] = m.pool_of[agent], agent, s.came[agent]
    s.duties[i, 3], s.duties[i, 4], s.duties[i, 5] = left, released, s.missed[agent]
    s.missed[agent] = 0.0


@entry
def announce(
    s: State, begin: int, count: int, time: Floats, entity: Ints, segment: Ints, reason: Ints, channel: Ints
) -> None:
    """Rows of the day's first `count` customers, from row `begin` on."""
    for i in range(count):
        ints, floats = s.customer_ints[begin + i], s.customer_floats[begin + i]
        ints[:] = 0
        ints[ENTITY], ints[SEGMENT], ints[REASON], ints[FIRST_CHANNEL] = entity[i], segment[i], reason[i], channel[i]
        floats[CAME], floats[LEFT], floats[FRUSTRATION], floats[HARDNESS] = time[i], nan, 0.0, nan


@entry
def close(m: Model, s: State) -> None:
    """Spells of duty, and holds on contacts, end as the run stops."""
    _close_duties(m, s)
    _close_holdings(m, s)


@compiled
def _close_duties(m: Model, s: State) -> None:
    """Log the duties that are not over when the run stops."""
    now = s.clock[0]
    for pool in range(m.first_agent.size - 1):
        _close_fall(m, s, pool)
    for agent in range(m.pool_of.size):
        if s.duty[agent] or s.break_due[agent] > 0.0:
            write_duty(m, s, agent, now, now)
        elif s.finishing[agent]:
            write_duty(m, s, agent, s.left[agent], now)
        elif s.resting_until[agent] > NOT_RESTING:
            write_duty(m, s, agent, s.resting_since[agent], s.resting_since[agent])


@compiled
def _close_fall(m: Model, s: State, pool: int) -> None:
    """Who of those busy at a fall would have left is not known: the last ones, it is said."""
    first, taken = m.first_agent[pool], 0
    for agent in range(m.first_agent[pool + 1] - 1, first - 1, -1):
        if s.still[agent]:
            left = s.fall_times[first + taken] if taken < s.to_leave[pool] else s.clock[0]
            write_duty(m, s, agent, left, s.clock[0])
            taken += 1


@compiled
def _close_holdings(m: Model, s: State) -> None:
    """Count the attention that agents paid until the run stopped to what they still hold."""
    for holding in range(s.counters[HOLDINGS]):
        if isnan(s.holding_floats[holding, GIVEN_BACK]):
            agent = s.holding_ints[holding, BY]
            if m.shares[m.pool_of[agent]]:
                hold(s, agent, 0)
            s.holding_floats[holding, ATTENTION] = spent(m, s, holding)

"""Agents: who is on duty, how much each holds, when each was last free; and what waits is taken by who is free."""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...rules import decisions as rules
from ...rules import staff
from ...rules.staff import absent_agent, is_on_shift, surplus_agent, waits_for_the_first, when_done
from .closing import serve_to_the_end
from .desk import offer
from .free_agents import note
from .model import Model
from .pauses import ends_with_the_shift, rest, rest_until
from .state import NOT_RESTING, State
from .writing import write_duty

_NOBODY = rules.NOBODY
_RESTS, _GOES, _LEAVES = staff.RESTS, staff.GOES, staff.LEAVES


@compiled
def free(m: Model, s: State, agent: int, units: int) -> None:
    """The agent holds one contact less, and takes what waits; or is gone, if that was the last after the shift."""
    s.load[agent] -= units
    s.since[agent] = s.clock[0]
    if s.load[agent] == 0:
        s.worked[agent] += s.clock[0] - s.busy_since[agent]
    note(m, s, agent)
    if s.duty[agent]:
        if s.load[agent] == 0:
            s.idle[m.pool_of[agent]] += 1
        offer(m, s, agent)
    else:
        if s.finishing[agent]:
            serve_to_the_end(m, s, agent)
        if s.load[agent] == 0:
            _last_is_done(m, s, agent)


@compiled
def _last_is_done(m: Model, s: State, agent: int) -> None:
    """An agent off duty has nothing in hand any more: a break begins, one who was to leave leaves."""
    next_step = when_done(s.break_due[agent], s.finishing[agent] > 0, s.still[agent] > 0)
    if next_step == _RESTS:
        rest(m, s, agent)
    elif next_step == _GOES:
        _gone(m, s, agent)
    elif next_step == _LEAVES:
        _is_the_first(m, s, agent)


@compiled
def _is_the_first(m: Model, s: State, agent: int) -> None:
    """Of those who were busy at a fall, this one is free first: the earliest who was to leave is this one."""
    pool = m.pool_of[agent]
    first = m.first_agent[pool]
    s.still[agent], s.left[agent], s.finishing[agent] = 0, s.fall_times[first], 1
    s.spells[agent] -= 1
    s.to_leave[pool] -= 1
    for i in range(s.to_leave[pool]):
        s.fall_times[first + i] = s.fall_times[first + i + 1]
    serve_to_the_end(m, s, agent)
    if s.load[agent] == 0:
        _gone(m, s, agent)
    if s.to_leave[pool] == 0:
        _go_on(m, s, pool)


@compiled
def _go_on(m: Model, s: State, pool: int) -> None:
    """As many have left as should: the others take contacts again."""
    for agent in range(m.first_agent[pool], m.first_agent[pool + 1]):
        if s.still[agent]:
            s.duty[agent] = True
    for agent in range(m.first_agent[pool], m.first_agent[pool + 1]):
        if s.still[agent]:
            s.still[agent] = 0
            note(m, s, agent)
            if s.load[agent] < m.capacity[pool]:
                offer(m, s, agent)


@compiled
def set_count(m: Model, s: State, pool: int, count: int, first_free: bool) -> None:
    """A pool staffed by count has `count` agents on duty from now on; `first_free`: of those who are busy when it
    falls, whoever is free first leaves."""
    first, last = m.first_agent[pool], m.first_agent[pool + 1]
    agent = _NOBODY
    while s.staffed[pool] > count:
        agent = surplus_agent(first, last, s.duty, s.load, agent)
        if waits_for_the_first(first_free, agent, s.load[agent] if agent != _NOBODY else 0):
            _wait_for_the_first(m, s, pool, s.staffed[pool] - count)
        else:
            send_home(m, s, agent)
    while s.staffed[pool] < count and s.to_leave[pool] > 0:
        s.to_leave[pool] -= 1
        s.staffed[pool] += 1
        if s.to_leave[pool] == 0:
            _go_on(m, s, pool)
    agent = first - 1
    while s.staffed[pool] < count:
        agent = absent_agent(agent + 1, last, s.duty)
        bring_in(m, s, agent)


@compiled
def _wait_for_the_first(m: Model, s: State, pool: int, surplus: int) -> None:
    """All on duty are busy: the first of them to be free leave, and until so many have left nobody takes anything."""
    first, last = m.first_agent[pool], m.first_agent[pool + 1]
    for _ in range(surplus):
        s.fall_times[first + s.to_leave[pool]] = s.clock[0]
        s.to_leave[pool] += 1
    s.staffed[pool] -= surplus
    for agent in range(first, last):
        if s.duty[agent]:
            s.duty[agent] = False
            s.still[agent] = 1
            note(m, s, agent)


@compiled
def bring_in(m: Model, s: State, agent: int) -> None:
    """An agent comes on duty and takes a waiting contact; one who is still finishing goes on as if never gone."""
    s.spells[agent] += 1
    if is_on_shift(s.duty[agent], s.resting_until[agent] > NOT_RESTING, s.break_due[agent]):
        return
    if s.finishing[agent]:
        _gone(m, s, agent)
    come_on(m, s, agent)


@compiled
def come_on(m: Model, s: State, agent: int) -> None:
    """An agent is on duty from now on, and takes what waits."""
    pool, now = m.pool_of[agent], s.clock[0]
    s.duty[agent] = True
    s.came[agent] = s.busy_since[agent] = now
    s.worked[agent] = 0.0
    s.staffed[pool] += 1
    if s.load[agent] == 0:
        s.since[agent] = now
        s.idle[pool] += 1
    note(m, s, agent)
    if s.load[agent] < m.capacity[pool]:
        offer(m, s, agent)


@compiled
def send_home(m: Model, s: State, agent: int) -> None:
    """An agent goes off duty, finishing first what it holds; what is left of a break is not taken."""
    s.spells[agent] -= 1
    if s.spells[agent] > 0 or ends_with_the_shift(m, s, agent):
        return
    if s.duty[agent]:
        go_off(m, s, agent)
    s.left[agent] = s.clock[0]
    if s.load[agent] == 0:
        _gone(m, s, agent)
    else:
        s.finishing[agent] = 1


@compiled
def go_off(m: Model, s: State, agent: int) -> None:
    """An agent takes nothing new from now on."""
    pool = m.pool_of[agent]
    s.duty[agent] = False
    s.staffed[pool] -= 1
    if s.load[agent] == 0:
        s.idle[pool] -= 1
    note(m, s, agent)


@compiled
def _gone(m: Model, s: State, agent: int) -> None:
    s.finishing[agent] = 0
    write_duty(m, s, agent, s.left[agent], s.clock[0])


@compiled
def pause(m: Model, s: State, agent: int, length: float) -> None:
    """A break of this length is due."""
    if s.resting_until[agent] > NOT_RESTING:
        rest_until(m, s, agent, s.resting_until[agent] + length)
        return
    s.break_due[agent] += length
    if s.duty[agent]:
        go_off(m, s, agent)
    if s.load[agent] == 0:
        rest(m, s, agent)


@compiled
def back(m: Model, s: State, agent: int) -> None:
    """The break is over, unless it was made longer, or the shift is."""
    if s.resting_until[agent] == s.clock[0]:
        s.resting_until[agent] = NOT_RESTING
        write_duty(m, s, agent, s.resting_since[agent], s.resting_since[agent])
        come_on(m, s, agent)

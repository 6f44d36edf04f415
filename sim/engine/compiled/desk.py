"""The desk: who takes whom. Waiting contacts and agents with room find each other here.

Comes in: contacts that join, agents who have room. Decisions are `sim.rules`; here is the bookkeeping that they need.
"""

from __future__ import annotations

import numpy as np

from ...chance.jit import part_of_kernel as compiled
from ...chance.keys import Purpose, leg_of
from ...chance.philox import uniform
from ...coded.channels import Kind as ChannelKind
from ...coded.order import Kind
from ...model.outcomes import Outcome
from ...rules import decisions as rules
from ...rules.routing import choose_agent_by, choose_line, may_defer, offer_order
from ...rules.trees import least_occupied, random_agent
from .calendar import set_timer
from .free_agents import top
from .handling import serve
from .model import Model
from .state import (
    BEHIND,
    BONUS,
    CHANNEL,
    DETECTION,
    ENDED,
    ENTITY,
    HEAD,
    NUMBER,
    OUTCOME,
    PATIENCE,
    QUEUED,
    REASON,
    SEGMENT,
    STALE,
    TURN,
    WAITING,
    WHO,
    State,
)  # fmt: skip
from .trunks import give_back_line
from .waiting_lines import join, remove, take_head

_OVERFLOW, _TIME_OUT = int(Kind.OVERFLOW), int(Kind.TIME_OUT)
_SENT_AWAY, _PATIENCE, _ROUTING = int(Kind.SENT_AWAY), int(Kind.PATIENCE), int(Purpose.ROUTING)
_CLOSED, _DEFERRED = int(Outcome.CLOSED), int(ChannelKind.DEFERRED)
_NOBODY, _MOST_LOADED, _RANDOM = rules.NOBODY, rules.MOST_LOADED, rules.RANDOM
_LEAST_OCCUPIED = rules.LEAST_OCCUPIED
_ORDERED = (rules.LONGEST_IDLE, rules.LEAST_LOADED, _MOST_LOADED)
"""rules that an order of the agents decides; trees decide two more, and all others look through the agents"""


# Whom to choose -------------------------------------------------------------------------------------------------------


@compiled
def _choose(m: Model, s: State, contact: int, first: int, last: int) -> int:
    """The agent for a contact in the set of pools that `takers` has from `first` on and before `last`, or NOBODY."""
    if m.agent_rule in (_LEAST_OCCUPIED, _RANDOM):
        return _ask_trees(m, s, contact, first, last)
    if m.agent_rule not in _ORDERED:
        return _look_through(m, s, contact, first, last)
    best, best_share = _NOBODY, 0.0
    for k in range(first, last):
        agent = _of_pool(m, s, contact, m.takers[k, 2])
        if agent == _NOBODY:
            continue
        share = s.load[agent] / m.capacity[m.takers[k, 2]]
        if m.agent_rule == _MOST_LOADED:
            share = -share
        if best == _NOBODY or share < best_share or (share == best_share and s.since[agent] < s.since[best]):
            best, best_share = agent, share
    return best


@compiled
def _of_pool(m: Model, s: State, contact: int, pool: int) -> int:
    """The agent of a pool that a rule names which an order of the agents decides, or NOBODY."""
    channel = s.contact_ints[contact, CHANNEL]
    least, most = _may_start_from(m, s, channel, pool), m.capacity[pool] - m.units[pool, channel]
    for i in range(most - least + 1):
        agent = top(m, s, pool, most - i if m.agent_rule == _MOST_LOADED else least + i)
        if agent != _NOBODY:
            return agent
    return _NOBODY


@compiled
def _may_start_from(m: Model, s: State, channel: int, pool: int) -> int:
    """The load from which an agent may start the contact; beyond its capacity, if none may."""
    if m.channels.kind[channel] != _DEFERRED or may_defer(s.idle[pool], 0, m.reserve[pool]):
        return 0
    return 1 if may_defer(s.idle[pool], 1, m.reserve[pool]) else m.capacity[pool] + 1


@compiled
def _ask_trees(m: Model, s: State, contact: int, first: int, last: int) -> int:
    """The agent of a rule that trees of the agents decide."""
    channel, now = s.contact_ints[contact, CHANNEL], s.clock[0]
    for k in range(first, last):
        pool = m.takers[k, 2]
        s.asked[k - first, 0], s.asked[k - first, 1] = pool, _may_start_from(m, s, channel, pool)
        s.asked[k - first, 2] = m.capacity[pool] - m.units[pool, channel]
    asked = s.asked[: last - first]
    if m.agent_rule == _RANDOM:
        return random_agent(s.tree_pools, s.tree_nodes, asked, _luck(m, s, contact))
    return least_occupied(s.tree_pools, s.tree_whole, s.tree_times, s.tree_nodes, s.tree_until, asked, now)


@compiled
def _look_through(m: Model, s: State, contact: int, first: int, last: int) -> int:
    """A rule that weighs every agent anew."""
    channel, count = s.contact_ints[contact, CHANNEL], 0
    for k in range(first, last):
        pool = m.takers[k, 2]
        for agent in range(m.first_agent[pool], m.first_agent[pool + 1]):
            s.members[count], s.most[count] = agent, m.capacity[pool] - m.units[pool, channel]
            deferred = m.channels.kind[channel] == _DEFERRED
            s.spare[agent] = not deferred or may_defer(s.idle[pool], s.load[agent], m.reserve[pool])
            s.busy[agent] = s.worked[agent] + (s.clock[0] - s.busy_since[agent] if s.load[agent] > 0 else 0.0)
            count += 1
    return choose_agent_by(
        m.agent_rule, s.members[:count], s.most[:count], s.spare, s.duty, s.load, m.capacity_of, s.since, s.busy,
        s.came, s.clock[0], _luck(m, s, contact),
    )  # fmt: skip


@compiled
def _luck(m: Model, s: State, contact: int) -> float:
    ints = s.contact_ints[contact]
    entity = s.customer_ints[ints[WHO], ENTITY]
    return uniform(m.seed, m.replication, entity, leg_of(ints[NUMBER], ints[TURN]), _ROUTING)


@compiled
def _set_end(m: Model, first: int, last: int) -> int:
    """One past the last row of `takers` that belongs to the same set of pools as row `first`."""
    end = first + 1
    while end < last and m.takers[end, 3] == m.takers[first, 3]:
        end += 1
    return end


# Contacts -------------------------------------------------------------------------------------------------------------


@compiled
def take(m: Model, s: State, contact: int) -> bool:
    """An agent with room takes the contact at once, of the first set of pools that has one."""
    agent = _first_choice(m, s, contact, 0.0)
    if agent == _NOBODY:
        return False
    serve(m, s, contact, agent)
    return True


@compiled
def _first_choice(m: Model, s: State, contact: int, wait: float) -> int:
    """The agent for the contact among the pools that take it after just this wait, the preferred ones first."""
    ints = s.contact_ints[contact]
    channel, reason = ints[CHANNEL], s.customer_ints[ints[WHO], REASON]
    k, last = m.first_taker[channel, reason, 0], m.first_taker[channel, reason, 1]
    while k < last:
        end = _set_end(m, k, last)
        agent = _choose(m, s, contact, k, end) if m.takers_wait[k] == wait else _NOBODY
        if agent != _NOBODY:
            return agent
        k = end
    return _NOBODY


@compiled
def wait(m: Model, s: State, contact: int) -> None:
    """The contact joins the tail of its line, until an agent, the company or the customer ends the wait."""
    ints, floats, now = s.contact_ints[contact], s.contact_floats[contact], s.clock[0]
    customer = s.customer_ints[ints[WHO]]
    floats[QUEUED] = now
    join(s, contact, m.line_of[ints[CHANNEL], customer[SEGMENT], customer[REASON], ints[BONUS]])
    timeout, patience = m.channels.timeout[ints[CHANNEL]], floats[PATIENCE]
    if timeout <= patience and timeout < np.inf:
        set_timer(s, now + timeout, _TIME_OUT, contact, 0)
    elif patience < np.inf:
        set_timer(s, now + patience, _PATIENCE, contact, 0)
    what, before = 0, 0.0
    for k in range(
        m.first_taker[ints[CHANNEL], customer[REASON], 0], m.first_taker[ints[CHANNEL], customer[REASON], 1]
    ):
        if m.takers_wait[k] > before:
            before = m.takers_wait[k]
            set_timer(s, now + before, _OVERFLOW, contact, what)
            what += 1


@compiled
def help_out(m: Model, s: State, contact: int, what: int) -> None:
    """The contact has waited long enough for an agent of other pools; of these the preferred ones come first."""
    ints = s.contact_ints[contact]
    after = _helping_wait(m, ints[CHANNEL], s.customer_ints[ints[WHO], REASON], what)
    if not ints[WAITING] or s.contact_floats[contact, QUEUED] + after != s.clock[0]:
        return
    agent = _first_choice(m, s, contact, after)
    if agent != _NOBODY:
        remove(s, contact)
        serve(m, s, contact, agent)


@compiled
def _helping_wait(m: Model, channel: int, reason: int, what: int) -> float:
    """The wait number `what` after which other pools help out."""
    number, before = -1, 0.0
    for k in range(m.first_taker[channel, reason, 0], m.first_taker[channel, reason, 1]):
        if m.takers_wait[k] > before:
            before = m.takers_wait[k]
            number += 1
        if number == what:
            break
    return before


@compiled
def send_away(m: Model, s: State, channel: int) -> None:
    """All waiting contacts of a channel end now; their customers go on after all closings of the instant. Who left
    without a word leaves the line."""
    for line in range(m.line_channel.size):
        contact = s.lines[line, HEAD] if m.line_channel[line] == channel else -1
        while contact >= 0:
            behind = s.contact_ints[contact, BEHIND]
            if not s.contact_ints[contact, STALE]:
                _send_away_one(s, contact)
            contact = behind


@compiled
def _send_away_one(s: State, contact: int) -> None:
    remove(s, contact)
    if s.contact_floats[contact, DETECTION] >= 0.0:
        give_back_line(s, contact)
        return
    s.contact_ints[contact, OUTCOME] = _CLOSED
    s.contact_floats[contact, ENDED] = s.clock[0]
    set_timer(s, s.clock[0], _SENT_AWAY, contact, 0)


# Agents ---------------------------------------------------------------------------------------------------------------


@compiled
def offer(m: Model, s: State, agent: int) -> None:
    """`call_next`; if the agent stays idle, so that enough are idle, others with room may start deferred work."""
    _call_next(m, s, agent)
    pool = m.pool_of[agent]
    if m.reserve[pool] > 0 and s.load[agent] == 0 and _others_may_start(m, s, pool):
        first, last = m.first_agent[pool], m.first_agent[pool + 1]
        for i in range(offer_order(first, last, s.duty, s.load, s.since, m.capacity[pool], s.members)):
            _call_next(m, s, s.members[i])


@compiled
def _others_may_start(m: Model, s: State, pool: int) -> bool:
    """Whether anything waits that fits beside one contact: else nobody need be looked for."""
    offers = m.offers[m.first_offer[pool] : m.first_offer[pool + 1]]
    return line_for(m, s, offers, m.capacity[pool] - 1, may_defer(s.idle[pool], 1, m.reserve[pool])) != _NOBODY


@compiled
def _call_next(m: Model, s: State, agent: int) -> None:
    """An agent on duty takes waiting contacts, as its pool's ranks and the queue rule name them, while it has room."""
    pool = m.pool_of[agent]
    offers = m.offers[m.first_offer[pool] : m.first_offer[pool + 1]]
    while s.load[agent] < m.capacity[pool]:
        may = may_defer(s.idle[pool], s.load[agent], m.reserve[pool])
        line = line_for(m, s, offers, m.capacity[pool] - s.load[agent], may)
        if line == _NOBODY:
            return
        serve(m, s, take_head(s, line), agent)


@compiled
def line_for(m: Model, s: State, offers: rules.Floats, room: int, may_start_deferred: bool) -> int:
    """The line of `offers` whose head an agent with so much room takes, or NOBODY."""
    return choose_line(offers, s.head_time, s.head_order, s.length, s.clock[0], room, may_start_deferred, m.queue_rule)

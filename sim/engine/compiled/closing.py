"""How days end: what becomes of a queue when the hours of its channel are over."""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...coded.channels import Closing
from ...rules import decisions as rules
from ...rules.hours import since_closing
from ...rules.staff import was_there_at_closing
from .desk import line_for, send_away
from .handling import serve
from .model import Model
from .state import CULPRIT, NOBODY_THERE, STOPPED, State
from .waiting_lines import take_head

_SERVE, _NOBODY, _LINE = int(Closing.SERVE), rules.NOBODY, rules.LINE


@compiled
def serve_to_the_end(m: Model, s: State, agent: int) -> None:
    """An agent whose duty is over, and did not end before the doors closed, takes whoever is still in the queue."""
    pool = m.pool_of[agent]
    offers = s.due_offers[: _due(m, s, agent)]
    while offers.shape[0] > 0:
        line = line_for(m, s, offers, m.capacity[pool] - s.load[agent], True)
        if line == _NOBODY:
            return
        serve(m, s, take_head(s, line), agent)


@compiled
def _due(m: Model, s: State, agent: int) -> int:
    """Copies the offers that the agent serves to their end into `due_offers`: how many there are."""
    pool, count = m.pool_of[agent], 0
    for k in range(m.first_offer[pool], m.first_offer[pool + 1]):
        channel = m.line_channel[int(m.offers[k, _LINE])]
        if m.channels.closing[channel] == _SERVE and was_there_at_closing(
            s.left[agent], s.clock[0], _since(m, s, channel)
        ):
            for column in range(m.offers.shape[1]):
                s.due_offers[count, column] = m.offers[k, column]
            count += 1
    return count


@compiled
def _since(m: Model, s: State, channel: int) -> float:
    """Seconds since the hours of a channel ended."""
    first, last = m.first_span[channel], m.first_span[channel + 1]
    return since_closing((s.clock[0] + m.offset) % m.cycle, m.opens[first:last], m.closes[first:last], m.cycle)


@compiled
def close(m: Model, s: State, channel: int, planned: bool) -> None:
    """The hours of a channel end: its queue is sent away, or served to its end by those on duty now; `planned` says
    whether anybody was to be there."""
    if m.channels.closing[channel] == _SERVE:
        if s.waiting[channel] == 0 or _somebody_is_there(m, s, channel):
            return
        if not planned:
            s.counters[STOPPED], s.counters[CULPRIT] = NOBODY_THERE, channel
            return
    send_away(m, s, channel)


@compiled
def _somebody_is_there(m: Model, s: State, channel: int) -> bool:
    """Whether an agent who serves the channel is on duty, has a break due, or finishes what was begun before."""
    for agent in range(m.pool_of.size):
        if m.units[m.pool_of[agent], channel] > 0:
            finishes = s.finishing[agent] and s.left[agent] == s.clock[0]
            if s.duty[agent] or s.break_due[agent] > 0.0 or finishes or s.still[agent]:
                return True
    return False

"""Who is not let into a line, or shuns it: no place left, a crowd ahead, a wait to be expected, no patience."""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...rules.admission import turned_away as _shut_out
from ...rules.waiting import plan_balking, plan_balking_by_number
from .model import Model
from .state import CHANNEL, ENTITY, NUMBER, PATIENCE, WHO, State


@compiled
def turned_away(m: Model, s: State, contact: int) -> int:
    """The outcome of a contact that is not let into the line, or 0."""
    channel, waiting = s.contact_ints[contact, CHANNEL], 0
    for other in range(m.channels.kind.size):
        if m.channels.sharers[channel, other]:
            waiting += s.waiting[other]
    full = waiting >= m.channels.places[channel]
    leaves = not full and (_shuns_the_crowd(m, s, contact) or _balks(m, s, contact))
    return _shut_out(full, leaves, s.contact_floats[contact, PATIENCE])


@compiled
def _shuns_the_crowd(m: Model, s: State, contact: int) -> bool:
    ints = s.contact_ints[contact]
    channel, entity = ints[CHANNEL], s.customer_ints[ints[WHO], ENTITY]
    return m.channels.crowded[channel] and plan_balking_by_number(
        m.channels.crowd[channel], s.waiting[channel], m.seed, m.replication, entity, ints[NUMBER]
    )


@compiled
def _balks(m: Model, s: State, contact: int) -> bool:
    channel, waiting, capacity = s.contact_ints[contact, CHANNEL], 0, 0.0
    if m.channels.balking[channel] <= 0.0:
        return False
    for other in range(m.channels.kind.size):
        if m.channels.rivals[channel, other]:
            waiting += s.waiting[other]
    for pool in m.by_name:
        if m.units[pool, channel] > 0:
            capacity += s.staffed[pool] * m.full_speed[pool]
    return plan_balking(
        m.laws, m.quantiles, m.balk_law[channel], m.channels.balking[channel], waiting,
        m.channels.mean_handle[channel], capacity,
        m.seed, m.replication, s.customer_ints[s.contact_ints[contact, WHO], ENTITY], s.contact_ints[contact, NUMBER],
    )  # fmt: skip

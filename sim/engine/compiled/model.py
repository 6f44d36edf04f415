"""What the compiled engine reads: the coded centre as one bundle of arrays, and the mechanisms that it lacks.

Comes in: a coded centre and its schedule. Goes out: `Model`, nothing in which changes while a run goes on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...chance.sampler import LAW_COLUMNS
from ...coded.centre import Centre
from ...coded.channels import Channels
from ...coded.feelings import Feelings
from ...coded.hops import Hops
from ...coded.order import of_agent
from ...coded.records import Records
from ...rules.decisions import Floats, Ints
from ...rules.numbers import OFFER_COLUMNS, PROFILE_COLUMNS, REOPEN, TIME_SAVED
from .bundle import fixed_widths


class Model(NamedTuple):
    """A centre and the key of a replication. Meanings as in `sim.coded`; c channel, r reason, p pool, l line."""

    seed: int
    replication: int
    # contacts
    profiles: Floats
    laws: Floats
    quantiles: Floats
    factors: Floats
    profile_of: Ints
    saved: Floats
    """(c) share of time that context saves"""
    may_reopen: Ints
    # hops
    hops: Hops
    cap: int
    return_factor: float
    give_up_factor: float
    sticky: bool
    front: Ints
    front_share: Floats
    records: Records
    """context that is a record; where none is `kept`, context is a token"""
    felt: Feelings
    # hours
    opens: Floats
    closes: Floats
    first_span: Ints
    offset: float
    cycle: float
    channels: Channels
    balk_law: Ints
    profile_by_pool: Ints
    # desks
    line_of: Ints
    line_channel: Ints
    takers: Ints
    """(k, 4): channel, reason, pool, set; sorted as `Desks.takers`"""
    first_taker: Ints
    """(c, r) -> first row of takers, (c, r, 1) one past the last"""
    takers_wait: Floats
    offers: Floats
    first_offer: Ints
    units: Ints
    """(p, c) units of an agent's capacity that a contact takes; 0 where the pool does not serve the channel"""
    capacity: Ints
    shares: Ints
    """(p) 1 where agents share themselves between contacts"""
    rates: Floats
    """(p, n) work per second for each of n open contacts"""
    reserve: Ints
    by_name: Ints
    """(p) pools in the order of their names"""
    full_speed: Floats
    """(p) work per second of an agent who is full"""
    queue_rule: int
    agent_rule: int
    # agents
    first_agent: Ints
    pool_of: Ints
    capacity_of: Ints
    """(a) units"""
    subject_of: Ints
    """(a) subject of the keys of the agent's timers"""
    first_heap: Ints
    """(p + 1) the pool's heaps of agents with room are first_heap[p] + load"""
    first_room: Ints
    """(p + 1) where their rows begin"""
    most_held: int
    """contacts that all agents together can hold"""
    # time
    window_begin: float
    window_end: float
    follows: bool


fixed_widths(
    Model,
    {"profiles": PROFILE_COLUMNS, "laws": LAW_COLUMNS, "takers": 4, "first_taker": 2, "offers": OFFER_COLUMNS},
)


def missing(centre: Centre) -> list[str]:
    """Names of the mechanisms of a centre that the compiled engine does not simulate."""
    found = {
        "more than 62 channels": len(centre.tables.channels) > 62,
    }
    return [*(name for name, there in found.items() if there), *centre.routing.in_python]


def model_of(centre: Centre, sizes: list[int], seed: int, replication: int) -> Model:
    """The model of one replication; `sizes` are the agents by pool."""
    t, channels, desks, journeys = centre.tables, centre.channels, centre.tables.desks, centre.journeys
    size, reasons = len(t.channels), len(t.reasons)
    by_name = np.argsort(desks.rank)
    pool_of = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    first_agent = np.cumsum([0, *sizes]).astype(np.int64)
    speeds = desks.speeds / np.arange(1, desks.speeds.shape[1] + 1)
    taken, places = desks.takers[:, 0] * reasons + desks.takers[:, 1], np.arange(size * reasons + 1)
    first = np.searchsorted(taken, places)
    return Model(
        seed=seed, replication=replication,
        profiles=t.profiles, laws=t.laws, quantiles=t.quantiles, factors=t.factors, profile_of=t.profile_of,
        saved=t.profiles[:size, TIME_SAVED].copy(),
        may_reopen=(t.profiles[:size, REOPEN] > 0).astype(np.int64),
        hops=t.hops, cap=journeys.cap, return_factor=float(journeys.return_factor),
        give_up_factor=float(journeys.give_up_factor), sticky=bool(journeys.sticky),
        front=t.front, front_share=t.front_share,
        records=t.records, felt=centre.feelings,
        opens=t.opens, closes=t.closes, first_span=t.first_span.astype(np.int64), offset=float(t.week_offset),
        cycle=float(t.cycle),
        channels=channels, balk_law=t.balk_law,
        profile_by_pool=t.profile_by_pool,
        line_of=desks.line_of, line_channel=desks.line_channel, takers=desks.takers,
        first_taker=np.stack([first[:-1], first[1:]], axis=1).reshape(size, reasons, 2),
        takers_wait=desks.takers_wait,
        offers=desks.offers, first_offer=desks.first_offer.astype(np.int64),
        units=desks.units, capacity=desks.capacity, shares=desks.shares.astype(np.int64),
        rates=np.concatenate([np.zeros((len(sizes), 1)), speeds], axis=1), reserve=desks.reserve,
        by_name=by_name.astype(np.int64),
        full_speed=desks.speeds[:, -1].copy(), queue_rule=int(centre.routing.queue_rule),
        agent_rule=int(centre.routing.agent_rule),
        first_agent=first_agent, pool_of=pool_of, capacity_of=desks.capacity[pool_of],
        subject_of=of_agent(desks.rank[pool_of], np.arange(pool_of.size) - first_agent[pool_of]),
        first_heap=np.cumsum([0, *desks.capacity]).astype(np.int64),
        first_room=np.cumsum([0, *(desks.capacity * sizes)]).astype(np.int64),
        most_held=int((desks.capacity * sizes).sum()),
        window_begin=float(centre.window.begin), window_end=float(centre.window.end),
        follows=bool(centre.window.follows),
    )  # fmt: skip

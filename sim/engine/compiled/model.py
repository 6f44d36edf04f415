"""What the compiled engine reads: the coded centre as one bundle of arrays, and the mechanisms that it lacks.

Comes in: a coded centre and its schedule. Goes out: `Model`, nothing in which changes while a run goes on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...chance.rosters import Roster
from ...coded.centre import Centre
from ...coded.channels import Closing
from ...coded.schedule import Schedule
from ...coded.tables import REOPENED_ROW
from ...rules import decisions as rules
from ...rules import draws as steps
from ...rules.decisions import Floats, Ints

__all__ = ["REOPENED_ROW", "Model", "missing", "model_of"]


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
    row_of: Ints
    deflection_row: Ints
    rows: Floats
    row_delays: Ints
    row_carries: Floats
    until_opening: Ints
    after_opening: Ints
    cap: int
    return_factor: float
    give_up_factor: float
    sticky: bool
    front: Ints
    front_share: Floats
    row_else: Floats
    row_loyalty: Floats
    # context: tokens, or records where `kept`
    kept: bool
    identified: Floats
    visible: Floats
    savings: Floats
    viewers: Ints
    override: Floats
    told_after: float
    # feelings
    moved: bool
    tolerance: Floats
    wait_hurts: float
    grown: Floats
    remains: Floats
    """(outcome) share of frustration that stays"""
    reopened: float
    restart: float
    forced_hop: float
    impatience: float
    public: Ints
    to_public: float
    to_give_up: float
    # hours
    opens: Floats
    closes: Floats
    first_span: Ints
    offset: float
    cycle: float
    # channels
    kind: Ints
    ports: Floats
    places: Floats
    sharers: Ints
    rivals: Ints
    timeout: Floats
    balking: Floats
    balk_law: Ints
    mean_handle: Floats
    watched: Ints
    # desks
    line_of: Ints
    line_channel: Ints
    takers: Ints
    """(k, 4): channel, reason, pool, set; sorted as `Desks.takers`"""
    first_taker: Ints
    """(c, r) -> first row of takers, (c, r, 1) one past the last"""
    offers: Floats
    first_offer: Ints
    serves: Ints
    """(c, p) 1 where the pool takes contacts of the channel, columns in the order of the pools' names"""
    by_name: Ints
    """(p) pools in the order of their names"""
    full_speed: Floats
    """(p) work per second of an agent who is full"""
    queue_rule: int
    # agents
    first_agent: Ints
    pool_of: Ints
    everyone: Ints
    # time
    window_begin: float
    window_end: float
    follows: bool


def missing(centre: Centre, schedule: Schedule) -> list[str]:
    """Names of the mechanisms of a centre and its schedule that the compiled engine does not simulate."""
    tables, channels, desks = centre.tables, centre.channels, centre.tables.desks
    found = {
        "rings, turns, silent leavers, shared agents, work that depends on the agent group": channels.turned.any(),
        "lines": (channels.trunk >= 0).any(),
        "overflow": (desks.takers_wait > 0).any(),
        "reserve": (desks.reserve > 0).any(),
        "routing.agent_rule": centre.routing.agent_rule != rules.LONGEST_IDLE,
        "talk_growth": (channels.growth[:, 0] != 0).any(),
        "balking.by_waiting": (channels.crowd > 0).any(),
        "at_closing: serve": any(channels.closing[c] == Closing.SERVE for c, _ in schedule.closings),
        "breaks and time off the phone": any(_pauses(roster) for roster in schedule.rosters),
        "on_fall: first_free": any(roster.pool.on_fall == "first_free" for roster in schedule.rosters),
        "redial_patience: remaining": channels.remaining.any(),
        "stale: answered": channels.stale.any(),
        "run.end: clear": centre.window.clears,
        "more than 62 channels": len(tables.channels) > 62,
    }
    return [name for name, there in found.items() if there]


def _pauses(roster: Roster) -> bool:
    """Whether agents of shifts may have breaks or planned time off the phone."""
    return bool(roster.pool.shifts) and (roster.planned > 0 or any(shift.pauses for shift in roster.pool.shifts))


def model_of(centre: Centre, sizes: list[int], seed: int, replication: int) -> Model:
    """The model of one replication; `sizes` are the agents by pool."""
    t, channels, desks, journeys = centre.tables, centre.channels, centre.tables.desks, centre.journeys
    size, reasons = len(t.channels), len(t.reasons)
    by_name = np.argsort(desks.rank)
    records, felt = t.records, centre.feelings
    first_taker = np.zeros((size, reasons, 2), dtype=np.int64)
    for c, r in np.ndindex(size, reasons):
        mine = np.flatnonzero((desks.takers[:, 0] == c) & (desks.takers[:, 1] == r))
        first_taker[c, r] = (mine[0], mine[-1] + 1) if mine.size else (0, 0)
    return Model(
        seed=seed, replication=replication,
        profiles=t.profiles, laws=t.laws, quantiles=t.quantiles, factors=t.factors, profile_of=t.profile_of,
        saved=t.profiles[:size, steps.TIME_SAVED].copy(),
        may_reopen=(t.profiles[:size, steps.REOPEN] > 0).astype(np.int64),
        row_of=t.row_of, deflection_row=t.deflection_row, rows=t.rows, row_delays=t.row_delays,
        row_carries=t.row_carries, until_opening=t.row_until_opening,
        after_opening=t.row_after_opening,
        cap=journeys.cap, return_factor=float(journeys.return_factor), give_up_factor=float(journeys.give_up_factor),
        sticky=bool(journeys.sticky), front=t.front, front_share=t.front_share, row_else=t.row_else,
        row_loyalty=t.row_loyalty,
        kept=bool(records.kept), identified=records.identified, visible=records.visible, savings=records.savings,
        viewers=records.viewers, override=records.override, told_after=float(records.told_after),
        moved=bool(felt.moved), tolerance=felt.tolerance, wait_hurts=float(felt.wait), grown=felt.grown,
        remains=felt.kept, reopened=float(felt.reopened), restart=float(felt.restart),
        forced_hop=float(felt.forced_hop), impatience=float(felt.impatience), public=felt.public,
        to_public=float(felt.to_public), to_give_up=float(felt.to_give_up),
        opens=t.opens, closes=t.closes, first_span=t.first_span.astype(np.int64), offset=float(t.week_offset),
        cycle=float(t.cycle),
        kind=channels.kind, ports=channels.ports.astype(float), places=channels.places,
        sharers=channels.sharers.astype(np.int64), rivals=channels.rivals.astype(np.int64),
        timeout=channels.timeout.astype(float), balking=channels.balking.astype(float), balk_law=t.balk_law,
        mean_handle=channels.mean_handle.astype(float), watched=channels.watched.astype(np.int64),
        line_of=desks.line_of, line_channel=desks.line_channel, takers=desks.takers, first_taker=first_taker,
        offers=desks.offers, first_offer=desks.first_offer.astype(np.int64),
        serves=(desks.units.T > 0).astype(np.int64).reshape(size, -1), by_name=by_name.astype(np.int64),
        full_speed=desks.speeds[:, -1].copy(), queue_rule=int(centre.routing.queue_rule),
        first_agent=np.cumsum([0, *sizes]).astype(np.int64),
        pool_of=np.repeat(np.arange(len(sizes), dtype=np.int64), sizes), everyone=np.arange(sum(sizes), dtype=np.int64),
        window_begin=float(centre.window.begin), window_end=float(centre.window.end),
        follows=bool(centre.window.follows),
    )  # fmt: skip

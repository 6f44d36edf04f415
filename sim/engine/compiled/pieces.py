"""A long run in pieces: logs that are handed over while the run goes on, so that it needs no memory of them.

Comes in: a configuration, a seed and a replication, as for a whole log. Goes out: logs, one after the other. Each says
of a part of the time all that agents did and who waited, and has the contacts and journeys of all customers with whom
the centre was done in it (`counted`), whenever they came; of the others it has what there is so far. So every contact,
journey and second is in one piece, and measures of pieces add up to those of the whole log (`sim.measures.pieces`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil, inf

import numpy as np

from ...log.tables import Log
from ...model.centre import Configuration
from ...model.units import DAY
from . import state as at
from .bundle import changed
from .engine import Run, Table, begun
from .handover import drop_idle_timers, find_live, move_up
from .history import places
from .state import State, grown
from .writing import close

PIECE = 25_000
"""contacts in the tables from which on a piece is handed over"""


def simulate_in_pieces(config: Configuration, seed: int, replication: int, most: int = PIECE) -> Iterator[Log]:
    """The pieces of one replication, in the order of time, handed over as soon as the state holds `most` contacts more
    than were left last time, or half as many again: a long queue is in every piece. Raises InputError as the whole run
    does."""
    run, since, enough = begun(config, seed, replication), -inf, most
    for _ in run.stretches():
        if run.state.counters[at.CONTACTS] > enough and _is_settled(run):
            run.refuse_endless()
            piece = _next_piece(run, since)
            left = int(run.state.counters[at.CONTACTS])
            since, enough = piece.part[1], left + max(most, left // 2)
            yield piece
    run.refuse_endless()
    yield replace(run.log(), part=(since, inf))


def _is_settled(run: Run) -> bool:
    """Whether the run goes on, and it is known who went home as counts fell."""
    return not run.state.counters[at.STOPPED] and not run.state.still.any()


def _next_piece(run: Run, since: float) -> Log:
    """What has come since the piece before. The run keeps of it only what it needs."""
    drop_idle_timers(run.handed)
    came, announced = (int(run.state.counters[i]) for i in (at.NEXT_ARRIVAL, at.CUSTOMERS))
    live = np.zeros(announced, dtype=np.int64)
    find_live(run.handed, live)
    counted = np.empty(came, dtype=np.bool_)
    counted[places(run.state.customer_ints[:came, at.ENTITY])] = live[:came] == 0
    log = run.log_so_far(*_as_if_over(run), lambda _: _paid(run, since))
    piece = replace(log, part=(since, float(run.state.clock[0])), counted=counted)
    contacts, holdings = (np.empty(int(run.state.counters[i]), dtype=np.int64) for i in (at.CONTACTS, at.HOLDINGS))
    move_up(run.handed, live, contacts, holdings)
    run.state.counters[at.DUTIES] = 0
    return piece


def _as_if_over(run: Run) -> tuple[State, State]:
    """A copy of the state, also as machine code takes it, in which spells of duty and holds on contacts end now. What
    of breaks is not taken is said once, where a spell really ends."""
    s = run.state
    written = int(s.counters[at.DUTIES])
    names = ("counters", "missed", "attention", "held_at", "held", "holding_floats")
    copies = {name: getattr(s, name).copy() for name in names}
    copies["missed"][:] = 0.0
    copies["duties"] = grown(s.duties, written + 2 * s.duty.size).copy()
    state, live = s._replace(**copies), changed(run.handed, **copies)
    close(run.model, live)
    return state, live


def _paid(run: Run, since: float) -> Table:
    """Paid agents of the time that a piece tells of, of the measured window at the latest."""
    paid = run.base.days.paid(ceil(run.centre.window.end / DAY) + 1)
    mine = (paid["end"] > since) & (paid["start"] < run.state.clock[0])
    return {name: column[mine] for name, column in paid.items()}

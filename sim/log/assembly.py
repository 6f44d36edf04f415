"""From what an engine wrote to the log, the same for every engine.

Comes in: the rows that an engine wrote, in any order, and what they refer to. Goes out: a `Log`: tables in canonical
order, contacts with their turns, and the posts that follow from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..coded.centre import Centre
from ..model.centre import Configuration
from .posts import posts_of
from .tables import (
    CONTACT_COLUMNS,
    CUSTOMER_COLUMNS,
    DUTY_COLUMNS,
    STAFFING_COLUMNS,
    TURN_COLUMNS,
    InOrder,
    Log,
    Rows,
    with_turns,
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """The rows of one replication."""

    contacts: Rows | InOrder = field(default_factory=lambda: Rows(CONTACT_COLUMNS))
    customers: Rows | InOrder = field(default_factory=lambda: Rows(CUSTOMER_COLUMNS))
    turns: Rows | InOrder = field(default_factory=lambda: Rows(TURN_COLUMNS))
    duties: Rows | InOrder = field(default_factory=lambda: Rows(DUTY_COLUMNS))
    staffing: Rows | InOrder = field(default_factory=lambda: Rows(STAFFING_COLUMNS))


def assembled(
    written: Written, centre: Centre, config: Configuration, key: tuple[int, int], stopped: float, pool_sizes: list[int]
) -> Log:
    """The log of one replication; `key` is (seed, replication), `stopped` the time at which the run ended."""
    tables, (seed, replication) = centre.tables, key
    turns = written.turns.table("entity", "number", "turn")
    contacts = with_turns(written.contacts.table("entity", "number"), turns)
    customers = written.customers.table("entity")
    return Log(
        channels=tables.channels,
        pools=tables.pools,
        segments=tables.segments,
        reasons=tables.reasons,
        seed=seed,
        replication=replication,
        window=(centre.window.begin, centre.window.end),
        stopped=stopped,
        contacts=contacts,
        turns=turns,
        customers=customers,
        posts=posts_of(config.feelings, tables.channels, contacts, customers, stopped, key),
        duties=written.duties.table("pool", "agent", "start"),
        staffing=written.staffing.table("pool", "start"),
        agent_pool=np.repeat(np.arange(len(pool_sizes), dtype=np.int64), pool_sizes),
        start=config.run.start,
    )

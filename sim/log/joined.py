"""Logs of several runs of one layout as one, so that all of them are measured in the time of one.

Comes in: logs of the same channels, agent groups, segments and reasons. Goes out: one log in which their tables follow
each other, customers and agents numbered on from run to run, and of each row the run that it is of. A sweep observes
thousands of logs of a few contacts: what a call of NumPy costs is then most of the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tables import Log

Ints = NDArray[np.int64]
Table = Mapping[str, NDArray[Any]]
TABLES = ("contacts", "turns", "customers", "duties", "staffing", "posts")
OF_CUSTOMERS = ("contacts", "turns", "posts")
"""tables that refer to customers,"""
OF_AGENTS = ("contacts", "turns", "duties")
"""and to agents"""


def joined(logs: Sequence[Log]) -> tuple[Log, dict[str, Ints]]:
    """The logs as one, and by table the run, from 0, of each of its rows, and that of each of the agents. Of what is of
    a run alone (its seed, when it stopped) the joined log says that of the first."""
    tables = {name: _one_behind_another([getattr(log, name) for log in logs]) for name in TABLES}
    run = {name: _runs([next(iter(getattr(log, name).values())).size for log in logs]) for name in TABLES}
    run["agents"] = _runs([log.agent_pool.size for log in logs])
    for name in OF_CUSTOMERS:
        tables[name]["entity"] = _places([(getattr(log, name), log.customers) for log in logs])
    tables["customers"]["entity"] = np.arange(run["customers"].size)
    first = np.cumsum([0, *(log.agent_pool.size for log in logs)])
    for name in OF_AGENTS:
        agent = tables[name]["agent"]
        tables[name]["agent"] = np.where(agent < 0, agent, agent + first[run[name]]).astype(np.int32)
    fields: dict[str, Any] = {**tables, "agent_pool": np.concatenate([log.agent_pool for log in logs])}
    return replace(logs[0], **fields), run


def _one_behind_another(tables: Sequence[Table]) -> dict[str, NDArray[Any]]:
    """Their columns."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _runs(sizes: Sequence[int]) -> Ints:
    """The run of each row."""
    return np.repeat(np.arange(len(sizes)), sizes)


def _places(pairs: Sequence[tuple[Table, Table]]) -> Ints:
    """Of each row the place of its customer among those of all runs; pairs are a table and the customers of its
    run, who are sorted."""
    first, places = 0, list[Ints]()
    for table, customers in pairs:
        places.append(customers["entity"].searchsorted(table["entity"]) + first)
        first += customers["entity"].size
    return np.concatenate(places)

"""A table of the log as people read it: names in place of codes, dates in place of seconds, waits beside contacts.

Comes in: a `Log` and the name of one of its tables. Goes out: NumPy columns by name, which
`pandas.DataFrame(log.frame("contacts"))` and `polars.DataFrame` take as they are; neither is needed.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .codes import Context, End, Flag, Outcome, PostKind, Via

if TYPE_CHECKING:
    from .tables import Log

TABLES = ("contacts", "turns", "customers", "duties", "staffing", "posts")
TIMES = ("arrived", "answered", "ended", "released", "queued", "taken", "start", "end", "time")
"""columns of seconds since midnight of the run's first day"""
CODES: dict[str, type[IntEnum]] = {"outcome": Outcome, "context": Context, "via": Via, "end": End, "kind": PostKind}
"""columns of whole numbers that an enum names"""


def frame(log: Log, name: str) -> dict[str, NDArray[Any]]:
    """The table `name` by column: datetime64[us] (NaT for what did not happen), names, truth values, numbers.

    Contacts have their `wait` (s) and, like turns, the `pool` of their agent; `flags` come apart. Raises KeyError for
    a name that is no table.
    """
    if name not in TABLES:
        raise KeyError(f"{name!r} is no table of the log: {', '.join(TABLES)}")
    found: dict[str, NDArray[Any]] = {}
    for key, column in getattr(log, name).items():
        if key == "flags":
            found |= {flag.name.lower(): (column & flag) > 0 for flag in Flag if flag.name}
        else:
            found[key] = _decoded(log, key, column)
    if name == "contacts":
        found["wait"] = log.wait
    if "agent" in found and "pool" not in found:
        found["pool"] = pools_of(log, found["agent"])
    return found


def pools_of(log: Log, agents: NDArray[Any]) -> NDArray[Any]:
    """The names of the pools of agents; empty for none (-1)."""
    names: NDArray[Any] = np.array([*log.pools, ""], dtype=object)
    pools = np.append(log.agent_pool, len(log.pools))  # the last one stands for no agent
    return np.asarray(names[pools[agents]])


def moments(log: Log, seconds: NDArray[Any]) -> NDArray[np.datetime64]:
    """Seconds of the log as dates, to the microsecond; NaN is NaT."""
    known = np.isfinite(seconds)
    micro = np.where(known, np.round(np.where(known, seconds, 0.0) * 1e6), 0.0).astype(np.int64)
    dates = np.datetime64(log.start, "us") + micro.astype("timedelta64[us]")
    return np.where(known, dates, np.datetime64("NaT", "us"))


def _decoded(log: Log, key: str, column: NDArray[Any]) -> NDArray[Any]:
    names = {"channel": log.channels, "pool": log.pools, "segment": log.segments, "reason": log.reasons}
    if key in names:
        return np.asarray(np.array(names[key], dtype=object)[column])
    if key in TIMES and column.dtype.kind == "f":
        return moments(log, column)
    if key in CODES:
        words = {int(code): code.name.lower() for code in CODES[key]}
        return np.array([words[code] for code in column.tolist()], dtype=object)
    return column

"""Small centres whose lives can be told by hand: replayed arrivals, constant times, one day, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.engine import simulate
from sim.log.tables import Log
from sim.model import Configuration, Outcome

NAN = float("nan")
GONE: dict[str, Any] = {"any": {"to": {"give_up": 1}}}
"""Rows of a channel whose unresolved customers give up."""


def live(service: Any = "100 s", **more: Any) -> dict[str, Any]:
    """A live channel of constant service."""
    return {"kind": "live", "service": service, **more}


def deferred(service: Any = "100 s", **more: Any) -> dict[str, Any]:
    """A deferred channel of constant service."""
    return {"kind": "deferred", "service": service, **more}


def web(session: Any = "100 s", **more: Any) -> dict[str, Any]:
    """A self-service channel of constant sessions."""
    return {"kind": "self_service", "session": session, **more}


def team(agents: float = 1, *channels: str, **more: Any) -> dict[str, Any]:
    """Agents on duty all day who serve the channels (phone, if none is named) with equal rank."""
    return {"agents": agents, "serves": dict.fromkeys(channels or ("phone",), 1), **more}


def to(channel: str, **row: Any) -> dict[str, Any]:
    """A row that sends everybody to one channel."""
    return {"to": {channel: 1}, **row}


def centre(
    channels: Mapping[str, Any],
    staffing: Mapping[str, Any] | None = None,
    times: Sequence[float] = (),
    *,
    rows: Mapping[str, Any] | None = None,
    run: Mapping[str, Any] | None = None,
    streams: Mapping[str, Any] | None = None,
    customers: Mapping[str, Any] | None = None,
    **parts: Any,
) -> Configuration:
    """A day from Monday midnight, drained; customers begin on the first channel; channels without rows lose theirs.
    Both engines live it, and must agree."""
    segments = {"all": {"share": 1, "first_channel": {next(iter(channels)): 1}}}
    rows = dict.fromkeys(channels, GONE) | dict(rows or {})
    journeys = {"max_contacts": 20, **parts.pop("journeys", {}), "rows": rows}
    return Configuration.from_mapping(
        {
            "channels": dict(channels),
            "staffing": dict(staffing or {}),
            "customers": {"segments": segments, **(customers or {})},
            "demand": {"streams": dict(streams or {"calls": {"times": list(times)}})},
            "journeys": journeys,
            "run": {"warm_up": 0, "measure": "1 d", "end": "drain", **(run or {})},
            "engine": "both",
            **parts,
        }
    )


class Seen(NamedTuple):
    """One contact as the log has it; `who` counts customers from 0 in the order (stream, day, interval, number)."""

    who: int
    number: int
    channel: str
    arrived: float
    answered: float
    ended: float
    released: float
    agent: int
    outcome: Outcome
    context: int
    via: int

    @property
    def times(self) -> tuple[float, float, float, float]:
        """Arrived, answered, ended, released."""
        return self.arrived, self.answered, self.ended, self.released


def contacts(log: Log) -> list[Seen]:
    """All contacts by customer and number."""
    table = log.contacts
    who = np.searchsorted(log.customers["entity"], table["entity"])
    return [
        Seen(
            int(who[i]), int(table["number"][i]), log.channels[table["channel"][i]], float(table["arrived"][i]),
            float(table["answered"][i]), float(table["ended"][i]), float(table["released"][i]), int(table["agent"][i]),
            Outcome(int(table["outcome"][i])), int(table["context"][i]), int(table["via"][i]),
        )
        for i in range(who.size)
    ]  # fmt: skip


def lived(config: Configuration, seed: int = 1, replication: int = 0) -> list[Seen]:
    """The contacts of one replication."""
    return contacts(simulate(config, seed, replication))


def answered(seen: Sequence[Seen]) -> list[float]:
    """When each contact was answered."""
    return [contact.answered for contact in seen]


def outcomes(seen: Sequence[Seen]) -> list[str]:
    """How each contact ended, in the words of the model."""
    return [contact.outcome.name.lower() for contact in seen]


def ends(log: Log) -> list[tuple[float, int]]:
    """(when, how) each journey ended."""
    return list(zip(log.customers["ended"].tolist(), log.customers["end"].tolist(), strict=True))


def same(actual: Sequence[float], expected: Sequence[float]) -> bool:
    """Equality to the bit in which NaN equals NaN."""
    return np.array_equal(np.array(actual), np.array(expected), equal_nan=True)

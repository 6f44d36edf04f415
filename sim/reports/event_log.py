"""The event log of a replication for process mining: CSV, or XES (IEEE 1849-2016).

Comes in: a log. Goes out: one file, complete or not there. A case is a customer; its activities are a wait and a
service for each contact ("phone: wait", "phone: service"), and how the contact ended is an attribute; the resource is
the agent, or nobody while waiting and for self-service. XES has two events for each activity, lifecycle start and
complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple
from xml.sax.saxutils import quoteattr

import numpy as np

from ..files import whole, write_csv
from ..log.frames import frame
from ..log.tables import Log

HEADER = ("case", "activity", "resource", "start", "end", "channel", "outcome")
EXTENSIONS = {"Concept": "concept", "Time": "time", "Organizational": "org", "Lifecycle": "lifecycle"}
"""names and prefixes of the standard's extensions"""
PLACE = "http://www.xes-standard.org/"


class Event(NamedTuple):
    """One activity of one customer; times are ISO 8601 without a zone, the centre's own clock."""

    case: str
    activity: str
    resource: str
    start: str
    end: str
    channel: str
    outcome: str


def write_event_log(log: Log, folder: Path, kind: Literal["csv", "xes"]) -> Path:
    """events-0000.csv or events-0000.xes of a replication, by case and time."""
    path = folder / f"events-{log.replication:04d}.{kind}"
    if kind == "csv":
        write_csv(path, HEADER, events(log))
        return path
    with whole(path) as written, written.open("w", encoding="utf-8") as file:
        file.writelines(_xes(log))
    return path


def events(log: Log) -> Iterator[Event]:
    """Waits and services, customer by customer; an activity that the run's end cut off has no end."""
    table = frame(log, "contacts")
    times = {key: np.datetime_as_string(table[key], unit="ms") for key in ("arrived", "answered", "ended")}
    columns = zip(
        table["entity"].tolist(), table["channel"], table["outcome"], table["pool"], table["agent"].tolist(),
        times["arrived"], times["answered"], times["ended"], (table["wait"] > 0).tolist(), strict=True,
    )  # fmt: skip
    for entity, channel, outcome, pool, agent, arrived, answered, ended, waited in columns:
        who = f"{pool} {agent}" if agent >= 0 else ""
        began = answered != "NaT"
        if waited or not began:
            until = answered if began else ended
            yield Event(str(entity), f"{channel}: wait", "", str(arrived), _known(until), channel, outcome)
        if began:
            yield Event(str(entity), f"{channel}: service", who, str(answered), _known(ended), channel, outcome)


def _known(time: str) -> str:
    return "" if time == "NaT" else str(time)


def _xes(log: Log) -> Iterator[str]:
    """The file line by line."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016" xes.features="">\n'
    for name, prefix in EXTENSIONS.items():
        yield f'<extension name="{name}" prefix="{prefix}" uri="{PLACE}{prefix}.xesext"/>\n'
    yield '<classifier name="Activity" keys="concept:name"/>\n'
    case = None
    for event in events(log):
        if event.case != case:
            yield ("</trace>\n" if case is not None else "") + "<trace>" + _text("concept:name", event.case) + "\n"
            case = event.case
        yield _event(event, event.start, "start")
        if event.end:
            yield _event(event, event.end, "complete")
    yield ("</trace>\n" if case is not None else "") + "</log>\n"


def _event(event: Event, time: str, transition: str) -> str:
    texts = {
        "concept:name": event.activity, "lifecycle:transition": transition, "org:resource": event.resource,
        "channel": event.channel, "outcome": event.outcome,
    }  # fmt: skip
    inner = "".join(_text(key, value) for key, value in texts.items() if value)
    return f'<event>{inner}<date key="time:timestamp" value="{time}Z"/></event>\n'


def _text(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"

"""Looks at the log: numbers with an exact answer that the catalogue of measures does not print.

A log comes in; out go pairs, by name, to be summed over replications and divided (`theory_comparison.Looked`). Mean
numbers of contacts waiting or present are averages over the time of the measured window, found without Little's law.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.log.tables import Log
from sim.model import End, Outcome

from .centres import CHANNELS
from .theory_comparison import Floats, Look, Looked

HOUR, MINUTE = 3600.0, 60.0
WEB, IVR, CHAT, EMAIL, PHONE, SOCIAL = range(6)


def _in_window(log: Log, channel: int = 0) -> NDArray[np.bool_]:
    """Contacts that joined a channel within the measured window."""
    c = log.contacts
    return np.asarray((c["arrived"] >= log.window[0]) & (c["arrived"] < log.window[1]) & (c["channel"] == channel))


def _time_average(log: Log, start: Floats, end: Floats) -> tuple[float, float]:
    """Mean number of the spans [start, end) that are open during the window."""
    first, last = log.window
    return float((np.clip(end, first, last) - np.clip(start, first, last)).sum()), last - first


def _left_queue(log: Log) -> Floats:
    return np.asarray(np.fmin(np.fmin(log.contacts["answered"], log.contacts["ended"]), log.stopped))


def _waiting(log: Log, channel: int = 0) -> tuple[float, float]:
    """Mean number waiting."""
    mine = log.contacts["channel"] == channel
    return _time_average(log, log.contacts["arrived"][mine], _left_queue(log)[mine])


def _present(log: Log, channel: int = 0) -> tuple[float, float]:
    """Mean number waiting or served."""
    mine = log.contacts["channel"] == channel
    return _time_average(log, log.contacts["arrived"][mine], np.fmin(log.contacts["ended"][mine], log.stopped))


def look_at_queue(log: Log) -> Looked:
    """One queue without abandonment."""
    wait = log.wait[_in_window(log)]
    return {"waiting": _waiting(log), "wait of delayed": (wait.sum(), np.count_nonzero(wait))}


def look_at_impatient_queue(threshold: float) -> Look:
    """One queue with abandonment; `threshold` in seconds."""

    def look(log: Log) -> Looked:
        mine = _in_window(log)
        wait, left = log.wait[mine], log.contacts["outcome"][mine] == Outcome.ABANDONED
        n, hours = float(wait.size), (log.window[1] - log.window[0]) / HOUR
        return {
            "waiting": _waiting(log),
            "present": _present(log),
            "served per hour": (np.count_nonzero(~left), hours),
            "late": (np.count_nonzero(wait > threshold), n),
            "left early": (np.count_nonzero(left & (wait <= threshold)), n),
        }

    return look


def look_at_classes(log: Log) -> Looked:
    """Waits by segment; every customer has one contact, so that both tables have the same rows."""
    assert np.array_equal(log.contacts["entity"], log.customers["entity"])
    mine, segment = _in_window(log), log.customers["segment"]
    found = {}
    for number, name in enumerate(log.segments):
        wait = log.wait[mine & (segment == number)]
        found[name] = (float(wait.sum()), float(wait.size))
    return found


def look_at_redials(log: Log) -> Looked:
    """Pauses between calls, and whether first calls are delayed."""
    c = log.contacts
    again = (c["entity"][1:] == c["entity"][:-1]).nonzero()[0]
    first = _in_window(log) & (c["number"] == 1)
    hours = (log.window[1] - log.window[0]) / HOUR
    return {
        "calls per hour": (np.count_nonzero(_in_window(log)), hours),
        "waiting": _waiting(log),
        "pausing": _time_average(log, c["ended"][again], c["arrived"][again + 1]),
        "delayed first": (np.count_nonzero(log.wait[first] > 0), np.count_nonzero(first)),
    }


def look_at_day(threshold: float) -> Look:
    """Totals of a day that ends with the window; `threshold` in seconds."""

    def look(log: Log) -> Looked:
        c, wait = log.contacts, log.wait
        served = c["outcome"] == Outcome.RESOLVED
        close = log.window[1]
        totals = {
            "arrivals": float(wait.size),
            "abandons": float(np.count_nonzero(c["outcome"] == Outcome.ABANDONED)),
            "good": float(np.count_nonzero(served & (wait <= threshold))),
            "late": float(np.count_nonzero(wait > threshold)),
            "wait": float(wait.sum()),
            "left at close": float(np.count_nonzero(c["ended"] > close)),
        }
        return {name: (value, 1.0) for name, value in totals.items()}

    return look


def look_at_visitors(hours: tuple[float, ...], means: Floats) -> Look:
    """Visitors present at times of the day, and how much their number scatters for a Poisson number (1 if it is)."""

    def look(log: Log) -> Looked:
        c = log.contacts
        present = [float(np.count_nonzero((c["arrived"] <= h * HOUR) & (c["ended"] > h * HOUR))) for h in hours]
        scatter = float(np.mean((np.array(present) - means) ** 2 / means))
        return {f"{h:g} h": (n, 1.0) for h, n in zip(hours, present, strict=True)} | {"scatter": (scatter, 1.0)}

    return look


@dataclass(frozen=True)
class Walks:
    """All contacts of the journeys begun in the window, journey by journey."""

    owner: NDArray[np.int64]
    channel: NDArray[np.int64]
    number: NDArray[np.int64]
    contacts: Floats
    """contacts of each journey"""
    end: NDArray[np.int64]
    last: NDArray[np.int64]
    """channel of the last contact of each journey"""

    @classmethod
    def of(cls, log: Log) -> Walks:
        """The walks in a log; all must be over."""
        customers, c = log.customers, log.contacts
        begun = (customers["arrived"] >= log.window[0]) & (customers["arrived"] < log.window[1])
        entities = customers["entity"][begun]
        mine = np.isin(c["entity"], entities)
        owner = np.searchsorted(entities, c["entity"][mine])
        channel = c["channel"][mine].astype(np.int64)
        contacts = np.bincount(owner, minlength=entities.size)
        return cls(owner, channel, c["number"][mine].astype(np.int64), contacts.astype(float),
                   customers["end"][begun].astype(np.int64), channel[np.cumsum(contacts) - 1])  # fmt: skip


def look_at_journeys(log: Log) -> Looked:
    """Contacts by number and channel, channels by journey."""
    walks = Walks.of(log)
    n, k = float(walks.contacts.size), walks.contacts
    visits = np.zeros((walks.contacts.size, len(CHANNELS)))
    np.add.at(visits, (walks.owner, walks.channel), 1.0)
    used = visits > 0
    distinct = used.sum(axis=1)
    found = {"variance": (float(k.var(ddof=1)), 1.0)}
    found |= {f"exactly {i}": (np.count_nonzero(k == i), n) for i in range(1, 9)}
    found |= {f"at least {i}": (np.count_nonzero(k >= i), n) for i in (2, 3, 5)}
    found |= {f"{i} channels": (np.count_nonzero(distinct == i), n) for i in range(1, 7)}
    for i, name in enumerate(CHANNELS):
        found[f"visits {name}"] = (float(visits[:, i].sum()), n)
        found[f"resolved {name}"] = (np.count_nonzero((walks.last == i) & (walks.end == End.RESOLVED)), n)
    fifth = walks.channel[walks.number == 5]
    found["fifth on social"] = (np.count_nonzero(fifth == SOCIAL), n)
    position = np.arange(walks.owner.size)
    first_web = np.full(walks.contacts.size, position.size)
    on_web = walks.channel == WEB
    np.minimum.at(first_web, walks.owner[on_web], position[on_web])
    on_phone = walks.channel == PHONE
    after = on_phone & (position > first_web[walks.owner])
    found["phone after web"] = (np.count_nonzero(after), np.count_nonzero(on_phone))
    found["phone and web"] = (np.count_nonzero(used[:, PHONE] & used[:, WEB]), np.count_nonzero(used[:, PHONE]))
    return found


def look_at_minutes(log: Log) -> Looked:
    """Handle time, self-service included, and contacts on social, per journey."""
    begun = (log.customers["arrived"] >= log.window[0]) & (log.customers["arrived"] < log.window[1])
    c, entities = log.contacts, log.customers["entity"][begun]
    mine = np.isin(c["entity"], entities)
    handle = (c["ended"] - c["answered"])[mine]
    n = float(entities.size)
    return {"handle": (float(handle.sum()), n), "social": (np.count_nonzero(c["channel"][mine] == SOCIAL), n)}


def look_at_network(log: Log) -> Looked:
    """Contact rates and numbers present by channel, and time in the system over all journeys."""
    hours = (log.window[1] - log.window[0]) / HOUR
    found = {}
    for i, name in enumerate(log.channels):
        found[f"rate {name}"] = (np.count_nonzero(_in_window(log, i)), hours)
        found[f"present {name}"] = _present(log, i)
        found[f"waiting {name}"] = _waiting(log, i)
    people = log.customers
    begun = (people["arrived"] >= log.window[0]) & (people["arrived"] < log.window[1])
    found["journey"] = (float((people["ended"] - people["arrived"])[begun].sum()), np.count_nonzero(begun))
    found["in system"] = _time_average(log, people["arrived"], np.fmin(people["ended"], log.stopped))
    return found

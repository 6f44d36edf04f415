"""The cases with known answers that only tests have; those of one phone line are `sim.known_centres`.

Parameters of a case come in; a mapping for `Configuration.from_mapping` goes out. Every number carries its unit, the
durations as text. The case decides the unit of its rates (here a minute or an hour); theory uses the same.
"""

from __future__ import annotations

import math
from typing import Any

from sim.known_centres import DAY_MIN, centre, exponential, minutes, phone

Config = dict[str, Any]


def short_day(per_min: float, length: float, service: float, agents: int, patience: float, threshold: float) -> Config:
    """A phone queue with arrivals from midnight for `length` minutes and none after."""
    config = phone(per_min, exponential(service), agents, patience=patience, threshold=threshold)
    pieces = round(DAY_MIN / length)
    config["demand"]["streams"]["phone"] = {
        "rates": {"interval": minutes(length), "values": [per_min * length] + [0] * (pieces - 1)},
        "first_channel": {"phone": 1},
    }
    return config


def sinusoid(mean_per_h: float, amplitude_per_h: float, session_h: float) -> Config:
    """A website without limits; visitors follow a sinusoid with the period of a day, said by the minute."""

    def until(minute: int) -> float:
        angle = 2 * math.pi * minute / DAY_MIN
        return mean_per_h * minute / 60 + amplitude_per_h * 24 / (2 * math.pi) * (1 - math.cos(angle))

    values = [until(minute + 1) - until(minute) for minute in range(1440)]
    web = {"kind": "self_service", "session": exponential(60 * session_h)}
    config = centre({"web": web}, {"web": 0}, {})
    config["demand"]["streams"]["web"] = {
        "rates": {"interval": "1 min", "values": values},
        "first_channel": {"web": 1},
    }
    return config


# Six channels, chosen around a 64 % web start (cases J01, J03, N01).
CHANNELS = ("web", "ivr", "chat", "email", "phone", "social")
START = (0.64, 0.10, 0.08, 0.05, 0.10, 0.03)
P_RESOLVE = (0.36, 0.25, 0.58, 0.45, 0.68, 0.66)
P_GIVE_UP = (0.10, 0.08, 0.12, 0.20, 0.15, 0.30)
SWITCH = (
    (0.10, 0.20, 0.25, 0.10, 0.33, 0.02),
    (0.05, 0.10, 0.08, 0.05, 0.70, 0.02),
    (0.05, 0.05, 0.20, 0.10, 0.52, 0.08),
    (0.05, 0.05, 0.15, 0.25, 0.42, 0.08),
    (0.03, 0.07, 0.10, 0.08, 0.60, 0.12),
    (0.02, 0.03, 0.15, 0.10, 0.30, 0.40),
)
KINDS = ("self_service", "self_service", "live", "deferred", "live", "deferred")
HANDLE_MIN = (4.0, 2.0, 12.0, 8.0, 7.0, 10.0)
SAVED_MIN = (0.0, 0.3, 3.0, 2.0, 2.0, 3.0)
PRICE = (0.1, 0.1, 3.82, 4.42, 5.25, 6.0)


def six_channels(per_day: float, handle_min: tuple[float, ...], agents: tuple[int | None, ...]) -> Config:
    """The six channels, each with its own agents or self-service (None), no abandonment, hops at once, no cap."""
    channels, staffing, rows = {}, {}, {}
    for i, (name, kind) in enumerate(zip(CHANNELS, KINDS, strict=True)):
        time = "session" if kind == "self_service" else "service"
        channels[name] = {
            "kind": kind,
            time: exponential(handle_min[i]),
            "failure": 1 - P_RESOLVE[i],
            "cost_per_contact": PRICE[i],
        }
        if agents[i] is not None:
            staffing[f"{name}_team"] = {"agents": agents[i], "serves": {name: 1}}
        onward = {to: (1 - P_GIVE_UP[i]) * share for to, share in zip(CHANNELS, SWITCH[i], strict=True)}
        rows[name] = {"any": {"to": {**onward, "give_up": P_GIVE_UP[i]}}}
    config = centre(channels, {"web": per_day}, staffing, rows)
    config["demand"]["streams"] = {
        "everyone": {"per_day": per_day, "first_channel": dict(zip(CHANNELS, START, strict=True))}
    }
    return config


UNLIMITED = (None, None, 50, 30, 60, 25)
"""Agents enough that at 5 journeys a minute (14, 5, 17 and 4 of them busy) nobody waits: one contact in 10^11."""


def journeys(level: float | None = None) -> Config:
    """5 journeys a minute through channels without queues. With a level of integration, context saves time and
    failures: a contact with context resolves 1.2 times as often (at most 0.95), gives up 0.7 times as often and is
    shorter."""
    config = six_channels(5 * DAY_MIN, HANDLE_MIN, UNLIMITED)
    if level is not None:
        removed = {name: 1 - (1 - min(1.2 * p, 0.95)) / (1 - p) for name, p in zip(CHANNELS, P_RESOLVE, strict=True)}
        config["integration"] = {
            "level": level,
            "same_channel": 1,
            "time_saved_by_channel": {name: s / h for name, s, h in zip(CHANNELS, SAVED_MIN, HANDLE_MIN, strict=True)},
            "failures_removed_by_channel": removed,
            "give_up_factor": 0.7,
        }
    return config


JACKSON_PER_H = (10.0, 15.0, 8.0, 7.5, 8.5, 6.0)
JACKSON_AGENTS = (None, None, 4, 2, 6, 2)


def jackson() -> Config:
    """60 journeys an hour through the six channels, with few agents and endless patience."""
    return six_channels(60 * 24, tuple(60 / rate for rate in JACKSON_PER_H), JACKSON_AGENTS)


def chat_and_phone() -> Config:
    """Chat and phone with abandonment, retries and switches in both directions; the case's time unit is a minute."""
    channels = {
        "chat": {"kind": "live", "service": exponential(1 / 1.5), "patience": exponential(1 / 0.6), "failure": 0.3},
        "phone": {"kind": "live", "service": exponential(1.0), "patience": exponential(1 / 0.5), "failure": 0.2},
    }
    rows = {
        "chat": {
            "abandoned": {"to": {"phone": 0.5, "give_up": 0.5}},
            "any": {"to": {"phone": 0.8, "give_up": 0.2}},
        },
        "phone": {
            "abandoned": {"to": {"phone": 0.3, "chat": 0.2, "give_up": 0.5}},
            "any": {"to": {"phone": 0.5, "give_up": 0.5}},
        },
    }
    staffing = {
        "chat_team": {"agents": 3, "serves": {"chat": 1}},
        "phone_team": {"agents": 4, "serves": {"phone": 1}},
    }
    return centre(channels, {"chat": 4.0 * DAY_MIN, "phone": 2.5 * DAY_MIN}, staffing, rows)

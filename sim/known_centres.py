"""Centres with known answers as ordinary configurations: plain mappings, as YAML gives them, and nothing else.

Comes in: rates and times in minutes, as the formulas of `sim.theory` take them. Goes out: a mapping for
`Configuration.from_mapping`. `python -m sim verify` and the tests against theory simulate the same mappings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Plain = dict[str, Any]
DAY_MIN = 1440.0
GIVE_UP: Plain = {"to": {"give_up": 1}}
SINGLE: Plain = {"any": GIVE_UP}
"""Rows of a channel whose customers make one contact, whatever comes of it."""


def minutes(value: float) -> str:
    """A duration as YAML has it."""
    return f"{value!r} min"


def exponential(mean: float) -> Plain:
    """A law with its mean in minutes."""
    return {"law": "exponential", "mean": minutes(mean)}


def service_law(name: str, mean: float) -> Plain:
    """A law of service times by the name that cases give it, mean in minutes."""
    if name == "deterministic":
        return {"law": "constant", "mean": minutes(mean)}
    if name == "erlang2":
        return {"law": "gamma", "mean": minutes(mean), "shape": 2}
    if name.startswith("lognormal cv "):
        return {"law": "lognormal", "mean": minutes(mean), "cv": float(name.split()[-1])}
    if name == "h2 cv2 4":  # balanced means: share x mean is the same in both parts
        share = (1 + math.sqrt(3 / 5)) / 2
        return {"law": "mixture", "parts": [{"share": p, **exponential(mean / (2 * p))} for p in (share, 1 - share)]}
    assert name == "exponential"
    return exponential(mean)


def centre(
    channels: Mapping[str, Plain], per_day: Mapping[str, float], staffing: Mapping[str, Plain],
    rows: Mapping[str, Plain] | None = None, **parts: Plain,
) -> Plain:  # fmt: skip
    """A centre whose first contacts come as one Poisson stream per channel of `per_day`; one contact unless `rows`."""
    return {
        "channels": dict(channels),
        "customers": {"segments": {"all": {"share": 1}}},
        "demand": {"streams": {name: {"per_day": n, "first_channel": {name: 1}} for name, n in per_day.items()}},
        "journeys": {"max_contacts": None, "rows": rows or dict.fromkeys(channels, SINGLE)},
        "staffing": dict(staffing),
        **parts,
    }


def phone(
    per_min: float, service: Plain, agents: int, *, patience: float | None = None, places: int | None = None,
    threshold: float = 0.0,
) -> Plain:  # fmt: skip
    """One phone queue: rates per minute, times in minutes; `patience` is the mean of an exponential law."""
    channel = {
        "kind": "live",
        "service": service,
        "patience": None if patience is None else exponential(patience),
        "places": places,
        "target": {"within": minutes(threshold)},
    }
    pool = {"agents": agents, "serves": {"phone": 1}}
    return centre({"phone": channel}, {"phone": per_min * DAY_MIN}, {"agents": pool})


def two_classes(high_per_min: float, low_per_min: float, agents: int) -> Plain:
    """One phone queue with two segments, of which `high` goes first; service exponential of 1 min, no abandonment."""
    total = high_per_min + low_per_min
    config = phone(total, exponential(1), agents)
    config["customers"] = {
        "segments": {
            "high": {"share": high_per_min / total, "priority": 1},
            "low": {"share": low_per_min / total, "priority": 0},
        }
    }
    return config


def with_redials(per_min: float, service: float, agents: int, patience: float, redial: float, pause: float) -> Plain:
    """A phone queue whose leavers call again with probability `redial` after an exponential pause, patience fresh."""
    config = phone(per_min, exponential(service), agents, patience=patience)
    again = {"to": {"phone": redial, "give_up": 1 - redial}, "delay": exponential(pause)}
    config["journeys"]["rows"] = {"phone": {"abandoned": again, "any": GIVE_UP}}
    return config

"""A configuration that is nothing but demand: what arrivals need, and no more."""

from __future__ import annotations

from typing import Any

from sim.model import Configuration

CHANNELS = ("web", "phone", "mail")


def demand(*, scale: float = 1.0, start: str = "2026-01-05", **streams: dict[str, Any]) -> Configuration:
    """Three self-service channels, two segments with mixes of their own, two reasons; the given streams."""
    mixes = {"young": {"web": 0.7, "phone": 0.1, "mail": 0.2}, "old": {"web": 0.2, "phone": 0.8}}
    return Configuration.from_mapping(
        {
            "channels": {name: {"kind": "self_service", "session": "1 min"} for name in CHANNELS},
            "customers": {
                "segments": {
                    "young": {"share": 0.6, "first_channel": mixes["young"]},
                    "old": {"share": 0.4, "first_channel": mixes["old"], "reasons": {"bill": 1.0}},
                },
                "reasons": {"bill": {"share": 1}, "fault": {"share": 3}},
            },
            "demand": {"scale": scale, "streams": streams},
            "journeys": {"rows": {name: {"any": {"to": {"give_up": 1}}} for name in CHANNELS}},
            "run": {"start": start},
        }
    )

"""One small centre with every mechanism beyond a plain queue at once."""

from __future__ import annotations

from typing import Any

from sim.model import Configuration

from .small import centre, deferred, live, team, web


def exponential(mean: str) -> dict[str, Any]:
    """A law."""
    return {"law": "exponential", "mean": mean}


def mechanised(**run: Any) -> Configuration:
    """Three hours of an IVR, a phone, chat, mail and social with all that MODEL sections 4 to 6 know."""
    channels = {
        "ivr": web(exponential("1 min"), failure=0.6, transfer=0.8, authority=0.5),
        "phone": live(
            exponential("4 min"), wrap_up=exponential("30 s"), failure=0.3, ring="5 s", queue_timeout="6 min",
            patience=exponential("5 min"), by_pool={"experts": {"service": exponential("3 min"), "failure": 0.1}},
            by_reason={"fault": {"wrap_up": "1 min"}}, by_segment={"gold": {"patience": "3 min"}},
        ),
        "chat": live(
            exponential("8 min"), concurrency=3, failure=0.2, patience=exponential("2 min"), places=5,
            turns={"probability": 0.3, "delay": exponential("2 min"), "slot": "kept"},
            silent={"share": 0.5, "detection": exponential("40 s")},
        ),
        "mail": deferred(
            exponential("5 min"), wrap_up="20 s", concurrency=2, failure=0.2, deadline=exponential("40 min"),
            turns={"probability": 0.4, "delay": exponential("15 min")}, stale="answered",
        ),
        "social": deferred(
            exponential("3 min"), deadline=exponential("20 min"), seen=0.7, failure=0.2,
            deflection={"share": 0.4, "to": {"chat": 0.6, "phone": 0.4}, "delay": exponential("2 min"), "context": 0.9},
        ),
    }  # fmt: skip
    onward = {"to": {"phone": 0.4, "chat": 0.2, "social": 0.2, "give_up": 0.2}, "delay": exponential("3 min")}
    rows = dict.fromkeys(channels, {"any": onward}) | {"ivr": {"transferred": {"to": {"phone": 1}}, "any": onward}}
    segments = {"gold": {"share": 0.3, "priority": 1}, "plain": {"share": 0.7}}
    mix = dict(zip(channels, (0.3, 0.1, 0.35, 0.15, 0.1), strict=True))
    return centre(
        channels,
        {
            "front": team(2, "phone", "chat", reasons=["bill", "any"], authority=0.5),
            "experts": team(2, "phone", "mail", overflow={"phone": "1 min"}, reserve=1),
            "text": team(2, "chat", "mail", "social", slowdown=0.2, concurrency={"social": 6}),
        },
        rows=rows,
        streams={"all": {"per_day": 900, "first_channel": mix}},
        customers={
            "segments": segments,
            "reasons": {"bill": {"share": 2, "needs_authority": 0.3}, "fault": {"share": 1}, "any": {"share": 1}},
            "difficulty": 0.8,
        },
        integration={"level": 0.5, "time_saved": 0.2, "failures_removed": 0.3},
        routing={
            "agent_rule": "least_loaded", "ageing_per_minute": 0.2, "transfer_bonus": 1,
            "line_groups": {"trunk": {"channels": ["ivr", "phone"], "lines": 8}},
        },
        run={"measure": "3 h", "end": "follow", "follow_limit": "2 h", **run},
    )  # fmt: skip

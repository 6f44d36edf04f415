"""Mistakes in mechanisms: each is named by its path, with what is allowed or the nearest known name."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import InputError
from tests.extreme.small import centre, deferred, live, team, web

TWO = {"segments": {"all": {"share": 1, "first_channel": {"phone": 1}}}, "reasons": {"bill": {}, "fault": {}}}


def refused(phone: dict[str, Any] | None = None, mail: dict[str, Any] | None = None,
            pool: dict[str, Any] | None = None, ivr: dict[str, Any] | None = None, **parts: Any) -> str:  # fmt: skip
    """What is said about a centre of phone, mail and IVR with these parts."""
    channels = {"phone": live(**(phone or {})), "mail": deferred(**(mail or {})), "ivr": web(**(ivr or {}))}
    parts.setdefault("customers", TWO)
    with pytest.raises(InputError) as caught:
        centre(channels, {"team": {**team(1, "phone", "mail"), **(pool or {})}}, [0], **parts)
    return str(caught.value)


def group(*channels: str, **limits: int) -> dict[str, Any]:
    """Routing with lines of these channels."""
    return {"line_groups": {"trunk": {"channels": list(channels), **limits}}}


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown reason": (
        {"phone": {"by_reason": {"faults": {"service": "1 min"}}}},
        "channels.phone.by_reason.faults: unknown reason; did you mean 'fault'?",
    ),
    "an unknown segment": (
        {"phone": {"by_segment": {"gold": {}}}}, "channels.phone.by_segment.gold: unknown segment (known: all)"
    ),
    "an unknown pool": ({"mail": {"by_pool": {"taem": {}}}}, "by_pool.taem: unknown pool; did you mean 'team'?"),
    "patience by pool": (
        {"phone": {"by_pool": {"team": {"patience": "1 min"}}}},
        "channels.phone.by_pool.team.patience: does not apply here (a live channel: failure, service, wrap_up)",
    ),
    "a deadline on the phone": ({"phone": {"by_reason": {"bill": {"deadline": "1 h"}}}}, "deadline: does not apply"),
    "a service of the IVR": ({"ivr": {"by_reason": {"bill": {"service": "1 min"}}}}, "does not apply here (a self_"),
    "a variation misspelt": ({"phone": {"by_reason": {"bill": {"servce": "1 s"}}}}, "did you mean 'service'?"),
    "a deflection that does not sum to 1": (
        {"phone": {"deflection": {"share": 0.2, "to": {"mail": 0.5}}}},
        "channels.phone.deflection.to: must sum to 1, sums to 0.5 (mail 0.5)",
    ),
    "a deflection to nowhere": (
        {"phone": {"deflection": {"to": {"mial": 1}}}}, "channels.phone.deflection.to.mial: unknown channel; did you"
    ),
    "a deflection of the IVR": ({"ivr": {"deflection": {"to": {"mail": 1}}}}, "channels.ivr.deflection: unknown key"),
    "seen without a deadline": ({"mail": {"seen": 0.5}}, "channels.mail.seen: needs a deadline"),
    "seen on the phone": ({"phone": {"seen": 0.5}}, "channels.phone.seen: unknown key"),
    "too much seen": ({"mail": {"seen": 1.5, "deadline": "1 h"}}, "channels.mail.seen: must be at most 1, got 1.5"),
    "no concurrency": ({"phone": {"concurrency": 0}}, "channels.phone.concurrency: must be at least 1, got 0"),
    "a fraction of concurrency": ({"phone": {"concurrency": 1.5}}, "channels.phone.concurrency: "),
    "concurrency without bounds": ({"pool": {"concurrency": {"mail": 65}}}, "concurrency.mail: must be at most 64"),
    "concurrency of a channel not served": (
        {"pool": {"concurrency": {"ivr": 2}}}, "staffing.team.concurrency.ivr: unknown served channel"
    ),
    "no speeds": ({"pool": {"speeds": []}}, "staffing.team.speeds: "),
    "a speed of zero": ({"pool": {"speeds": [1, 0]}}, "staffing.team.speeds[1]: must be above 0, got 0"),
    "a negative slowdown": ({"pool": {"slowdown": -1}}, "staffing.team.slowdown: must be at least 0, got -1"),
    "overflow for a channel not served": (
        {"pool": {"overflow": {"chat": "1 min"}}}, "staffing.team.overflow.chat: unknown served channel"
    ),
    "overflow without a unit": ({"pool": {"overflow": {"phone": 30}}}, "staffing.team.overflow.phone: needs a unit"),
    "reasons that no pool takes": (
        {"pool": {"reasons": ["bill"]}}, "channels.phone: no agent group that serves it takes reason fault"
    ),
    "a pool's unknown reason": (
        {"pool": {"reasons": ["bill", "falut"]}}, "staffing.team.reasons.falut: unknown reason; did you mean 'fault'?"
    ),
    "a negative reserve": ({"pool": {"reserve": -1}}, "staffing.team.reserve: must be at least 0, got -1"),
    "too much authority": ({"pool": {"authority": 2}}, "staffing.team.authority: must be at most 1, got 2"),
    "an endless thread": ({"mail": {"turns": {"probability": 1}}}, "turns.probability: must be below 1"),
    "a slot neither kept nor released": ({"mail": {"turns": {"slot": "keep"}}}, "got 'keep'; did you mean 'kept'?"),
    "a time-out of nothing": ({"phone": {"queue_timeout": 0}}, "channels.phone.queue_timeout: must be above 0"),
    "a time-out without a row": (
        {"phone": {"queue_timeout": "1 min"}, "rows": {"phone": dict.fromkeys(
            ("failed", "transferred", "abandoned", "blocked", "closed", "balked"), {"to": {"give_up": 1}})}},
        "journeys.rows.phone: no row for timed_out",
    ),
    "an unknown agent rule": (
        {"routing": {"agent_rule": "longest_idel"}},
        "routing.agent_rule: must be one of longest_idle, least_loaded, most_loaded, least_occupied, random",
    ),
    "an unknown queue rule": (
        {"routing": {"queue_rule": "fifo"}}, "routing.queue_rule: must be one of priority, longest_queue, got 'fifo'"
    ),
    "lines of an unknown channel": (
        {"routing": group("phone", "ivrs", lines=3)}, "line_groups.trunk.channels.ivrs: unknown channel; did you"
    ),
    "lines of mail": ({"routing": group("mail", lines=3)}, "mail is a deferred channel: it has no lines"),
    "lines of no channel": ({"routing": group(lines=3)}, "routing.line_groups.trunk.channels: "),
    "lines said twice": (
        {"phone": {"lines": 2}, "routing": group("phone", "ivr", lines=3)},
        "channels.phone: its lines or places are said here and in routing.line_groups.trunk",
    ),
    "a channel in a group twice": ({"routing": group("phone", "phone", lines=3)}, "phone is already in trunk"),
    "a group that shares nothing": ({"routing": group("phone")}, "line_groups.trunk: shares nothing"),
    "an empty row": ({"rows": {"phone": {"any": {"to": {}}}}}, "journeys.rows.phone.any.to: is empty"),
    "a push to nowhere": ({"mail": {"deflection": {"share": 0.1, "to": {}}}}, "channels.mail.deflection.to: is empty"),
    "difficulty without bounds": (
        {"customers": {**TWO, "difficulty": 11}}, "customers.difficulty: must be at most 10, got 11"
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_mechanism_is_explained(mistake: str) -> None:
    parts, message = MISTAKES[mistake]
    assert message in refused(**parts)


def test_all_mistakes_are_reported_together() -> None:
    said = refused({"concurrency": 2, "by_reason": {"faul": {}}}, {"seen": 0.5}, {"overflow": {"chat": "1 s"}})
    assert len(said.splitlines()) == 3

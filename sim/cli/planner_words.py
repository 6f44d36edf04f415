"""Words that planners type and that are no keys: each gets an answer that can be typed instead.

Comes in: one override. Goes out: what to write, or None for a word that means nothing special.
"""

from __future__ import annotations

import re

HANDLE = ("aht", "att", "handle_time", "handling_time", "talk_time", "aht_s")
TARGET = ("sl", "sla", "target", "service_level", "tsf")
RELATIVE = re.compile(r"^staffing\.(\w+)\.agents=(?:\+(\d+(?:\.\d+)?)|([+-]?\d+(?:\.\d+)?)\s*%)$")
OF_A_TARGET = re.compile(r"^(\d{1,3})\s*%?\s*/\s*(\d+(?:\.\d+)?)\s*(s|min|h)?$")


def told(word: str) -> str | None:
    """What to write instead of an override.

    >>> told("staffing.phone.agents=+2")
    'for agents more in every interval write staffing.phone.plus=2; a number without a sign is the peak'
    >>> told("target=90/10")
    "a target belongs to a channel: channels.phone.target.share=0.9 'channels.phone.target.within=10 s'"
    """
    key, _, value = word.lstrip("+").partition("=")
    relative = RELATIVE.match(word)
    if relative:
        return _agents(*relative.groups())
    *above, last = key.split(".")
    channel = above[1] if len(above) == 2 and above[0] == "channels" else "phone"
    if above and above[0] != "channels":
        return _share(key, value) if last == "shrinkage" else None
    if last in HANDLE:
        return (
            f"handle time is 'channels.{channel}.service.mean={_seconds(value)}' (of own data all of it, wrap-up among "
            f"it), or channels.{channel}.aht_factor=1.1 for a tenth more"
        )
    target = OF_A_TARGET.match(value.strip("'\" "))
    if last in TARGET and (target or not above):
        share, within, unit = target.groups() if target else ("80", "20", None)
        return (
            f"a target belongs to a channel: channels.{channel}.target.share={float(share) / 100:g} "
            f"'channels.{channel}.target.within={within} {unit or 's'}'"
        )
    if above:
        return None
    if last == "shrinkage":
        return f"shrinkage belongs to an agent group: staffing.phone.shrinkage={_of_one(value)}"
    if last in ("breaks", "break", "lunch"):
        return (
            "breaks belong to shifts: \"staffing.phone.shifts=[{start: '08:00', end: '16:30', agents: 5, breaks: "
            "[{start: '12:00', end: '12:30'}]}]\"; without shifts they are part of staffing.phone.shrinkage"
        )
    if last in ("agents", "fte", "heads", "volume", "calls"):
        instead = "demand.scale=1.1 (a tenth more)" if last in ("volume", "calls") else "staffing.phone.agents=12"
        return f"write {instead}"
    return None


def _agents(group: str, more: str | None, per_cent: str | None) -> str:
    if more is not None:
        return (
            f"for agents more in every interval write staffing.{group}.plus={more}; a number without a sign is the peak"
        )
    return f"a share of the agents is staffing.{group}.factor={1 + float(per_cent or 0) / 100:g}"


def _share(key: str, value: str) -> str | None:
    return f"is a share: {key}={_of_one(value)}" if value.strip().endswith("%") else None


def _of_one(value: str) -> str:
    """`35%` as a share."""
    try:
        number = float(value.strip().rstrip("% "))
    except ValueError:
        return "0.3"
    return f"{number / 100:g}" if number > 1 or value.strip().endswith("%") else f"{number:g}"


def _seconds(value: str) -> str:
    text = value.strip("'\" ")
    return f"{text} s" if re.fullmatch(r"\d+(\.\d+)?", text) else text or "300 s"

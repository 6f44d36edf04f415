"""Words that planners type and that are no keys: each gets an answer that can be typed instead.

Comes in: one override. Goes out: what to write, or None for a word that means nothing special.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

HANDLE = ("aht", "att", "handle_time", "handling_time", "talk_time", "aht_s")
TARGET = ("sl", "sla", "target", "service_level", "tsf")
FACTORS = ("aht_factor", "factor", "scale")
SHARES = ("shrinkage", "share", "max_occupancy", "max_abandonment", "absence", "level")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
PER_CENT = re.compile(r"([+-]?)(\d+(?:\.\d+)?)\s*%")
OF_A_TARGET = re.compile(r"(\d{1,3})\s*%?\s*/\s*(\d+(?:\.\d+)?)\s*(s|min|h)?")
KEYS = {
    "plus": "staffing.phone.plus={value}: agents more or fewer in every interval",
    "factor": "staffing.phone.factor={value}: all agents times a number",
    "aht_factor": "channels.phone.aht_factor={value}: all handle times times a number",
    "scale": "demand.scale={value}: all volumes times a number",
    "patience": "'channels.phone.patience.mean={seconds}'; data.assume.patience says what it was in the file",
    "hours": "'channels.phone.hours={{mon-fri: 08:00-18:00}}': when a channel is open",
    "concurrency": "staffing.chat.concurrency={value}: chats at a time",
    "replications": "run.replications={value}",
    "seed": "run.seed={value}",
    "file": "data.intervals={value}: your own file",
}
"""keys by the words that planners have for them, without their path"""
RESULTS = {
    "asa": "a wait is a result; channels.phone.target.share=0.8 'channels.phone.target.within=20 s' limits waits",
    "occupancy": "occupancy is a result; study=staffing study.staffing.max_occupancy=0.85 limits it",
    "abandonment": "abandonment is a result; study=staffing study.staffing.max_abandonment=0.05 limits it",
}
SAME = {
    "opening": "hours", "opening_hours": "hours", "open": "hours", "csv": "file", "intervals": "file",
    "reps": "replications", "max_occupancy": "occupancy", "occ": "occupancy", "abandoned": "abandonment",
    "abandon": "abandonment", "max_abandonment": "abandonment", "abn": "abandonment", "wait": "asa",
}  # fmt: skip
BREAKS = (
    "breaks belong to shifts: \"staffing.{group}.shifts=[{{start: '08:00', end: '16:30', agents: 5, breaks: "
    "[{{start: '12:00', end: '12:30'}}]}}]\"; without shifts they are part of staffing.{group}.shrinkage"
)
ROSTER = (
    'agents by interval from the first day on are "staffing.{group}.counts={{interval: 30 min, values: [8, 9, 12]}}", '
    "people \"staffing.{group}.shifts=[{{start: '08:00', end: '16:30', agents: 5}}]\"; a file of them (start, agents) "
    "beside your volumes is data.roster=roster.csv"
)


@dataclass(frozen=True)
class Word:
    """An override taken apart: the path of its key, the last part of it, the value without quotes."""

    path: tuple[str, ...]
    last: str
    value: str

    @property
    def key(self) -> str:
        """The key as typed."""
        return ".".join((*self.path, self.last))

    def of(self, section: str) -> str:
        """The channel or group that the path names; phone where it names none."""
        return self.path[1] if len(self.path) == 2 and self.path[0] == section else "phone"


def told(word: str) -> str | None:
    """What to write instead of an override.

    >>> told("staffing.phone.agents=+2")
    'for agents more in every interval write staffing.phone.plus=2; a number without a sign is the peak'
    >>> told("target=90/10")
    "a target belongs to a channel: channels.phone.target.share=0.9 'channels.phone.target.within=10 s'"
    """
    key, _, value = word.lstrip("+").partition("=")
    *path, last = key.split(".")
    asked = Word(tuple(path), last, value.strip("'\" "))
    return next((answer for rule in RULES if (answer := rule(asked)) is not None), None)


def _dates(word: Word) -> str | None:
    """`demand.dates={'2026-01-12': 1.6}`, and spikes by other names."""
    day = re.search(r"\d{4}-\d{2}-\d{2}", word.value + word.last)
    quoted = word.last == "dates" and word.path[:1] != ("channels",) and any(mark in word.value for mark in "'\"")
    if quoted or word.last in ("spike", "spikes") or word.path[:2] == ("demand", "dates"):
        return f"factors on single dates are 'demand.dates={{{day[0] if day else '2026-01-12'}: 1.6}}'"
    return None


def _agents(word: Word) -> str | None:
    """Agents more or fewer, rosters and breaks of a group."""
    group = word.of("staffing")
    if word.path and word.path[0] != "staffing":
        return None
    if word.last in ("roster", "rosters") or (word.last in ("agents", "counts") and _names_a_file(word.value)):
        return ROSTER.format(group=group)
    if word.last == "counts" and re.match(r"\[|\d", word.value):
        return ROSTER.format(group=group)
    if word.last in ("breaks", "break", "lunch"):
        return BREAKS.format(group=group)
    if not word.path or word.last != "agents":
        return None
    if PER_CENT.fullmatch(word.value):
        return f"a share of the agents is staffing.{group}.factor={_factor(word.value)}"
    if re.fullmatch(r"[+-]" + NUMBER.pattern, word.value):
        more = f"staffing.{group}.plus={word.value.lstrip('+')}"
        return f"for agents more in every interval write {more}; a number without a sign is the peak"
    return None


def _per_cent(word: Word) -> str | None:
    """Per cent of a factor or a share, and shares written as per cent without the sign."""
    signed = PER_CENT.fullmatch(word.value)
    if not word.path or word.last in TARGET:
        return None
    if signed and (word.last in FACTORS or word.path == ("demand", "channels")):
        return f"is a factor: {word.key}={_factor(word.value)}"
    whole = re.fullmatch(r"[1-9]\d(?:\.\d+)?", word.value)
    return f"is a share: {word.key}={_of_one(word.value)}" if word.last in SHARES and (signed or whole) else None


def _channel(word: Word) -> str | None:
    """Handle times and targets of a channel."""
    channel = word.of("channels")
    if word.path and word.path[0] != "channels":
        return None
    if word.last in HANDLE:
        return (
            f"handle time is 'channels.{channel}.service.mean={_seconds(word.value)}' (of own data all of it, wrap-up "
            f"among it), or channels.{channel}.aht_factor=1.1 for a tenth more"
        )
    target = OF_A_TARGET.fullmatch(word.value)
    if word.last not in TARGET or (word.path and not target):
        return None
    share, within, unit = target.groups() if target else ("80", "20", None)
    return (
        f"a target belongs to a channel: channels.{channel}.target.share={float(share) / 100:g} "
        f"'channels.{channel}.target.within={within} {unit or 's'}'"
    )


def _without_path(word: Word) -> str | None:
    """Words that are no keys without their path."""
    if word.path:
        return None
    if word.last == "shrinkage":
        return f"shrinkage belongs to an agent group: staffing.phone.shrinkage={_of_one(word.value)}"
    if word.last in ("agents", "fte", "heads"):
        return f"write {_counted(word.value, 'staffing.phone.factor', 'staffing.phone.agents=12')}"
    if word.last in ("volume", "volumes", "calls"):
        return f"write {_counted(word.value, 'demand.scale', 'demand.scale=1.1 (a tenth more)')}"
    if word.last == "data" and _names_a_file(word.value):
        return f"write data.intervals={word.value}; data= names a layout"
    name = SAME.get(word.last, word.last)
    value = _factor(word.value) if name in FACTORS and PER_CENT.fullmatch(word.value) else word.value
    known = f"write {KEYS[name].format(value=value, seconds=_seconds(value))}" if name in KEYS else None
    return known or RESULTS.get(name)


RULES: tuple[Callable[[Word], str | None], ...] = (_dates, _agents, _per_cent, _channel, _without_path)


def _names_a_file(value: str) -> bool:
    return value.lower().endswith((".csv", ".xlsx", ".txt"))


def _counted(value: str, factor: str, otherwise: str) -> str:
    """More or fewer agents or calls, as planners write it: +2, -10%, 12."""
    if PER_CENT.fullmatch(value):
        return f"{factor}={_factor(value)}"
    if factor.endswith("scale"):
        return f"{factor}={value}" if NUMBER.fullmatch(value) and 0 < float(value) < 10 else otherwise
    if re.fullmatch(r"[+-]" + NUMBER.pattern, value):
        return f"staffing.phone.plus={value.lstrip('+')}"
    return f"staffing.phone.agents={value}" if NUMBER.fullmatch(value) else otherwise


def _factor(value: str) -> str:
    """`+10%` and `110%` as a factor; 1.1 for anything else.

    >>> _factor("+10%"), _factor("90%"), _factor("-10%")
    ('1.1', '0.9', '0.9')
    """
    match = PER_CENT.fullmatch(value)
    return f"{(1 if match[1] else 0) + float(match[1] + match[2]) / 100:g}" if match else "1.1"


def _of_one(value: str) -> str:
    """`35%` as a share."""
    try:
        number = float(value.rstrip("% "))
    except ValueError:
        return "0.3"
    return f"{number / 100:g}" if number > 1 or value.endswith("%") else f"{number:g}"


def _seconds(value: str) -> str:
    return f"{value} s" if NUMBER.fullmatch(value) else value or "300 s"

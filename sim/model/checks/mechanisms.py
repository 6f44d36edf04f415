"""Checks across parts for what goes beyond a plain queue: variations, deflection, monitoring, skills, shared lines.

Comes in: a `Configuration` whose single fields are valid. Goes out: every problem found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...errors import Problem
from ..centre import Configuration
from ..channels import AnyChannel, DeferredChannel, LiveChannel, Queued, SelfService
from ..mechanisms import Variation
from ..rows import GIVE_UP
from .common import not_empty, sums_to_one, unknown

VARIED = {
    "self_service": {"session", "failure"},
    "live": {"service", "wrap_up", "patience", "failure"},
    "deferred": {"service", "wrap_up", "deadline", "failure"},
}
"""what can differ by reason or segment, by kind of channel; by agent group the customer's patience cannot"""


def mechanisms(config: Configuration) -> Iterator[Problem]:
    """All problems of the mechanisms, in file order."""
    for name, channel in config.channels.items():
        yield from _variations(config, f"channels.{name}", channel)
        if isinstance(channel, Queued):
            yield from _deflection(config, f"channels.{name}.deflection", channel)
        if isinstance(channel, DeferredChannel) and channel.seen < 1 and channel.deadline is None:
            text = "needs a deadline: who is not seen waits in vain until then"
            yield Problem(f"channels.{name}.seen", text)
    yield from _pools(config)
    yield from _line_groups(config)


def _variations(config: Configuration, where: str, channel: AnyChannel) -> Iterator[Problem]:
    named: dict[str, tuple[Mapping[str, Variation], Iterable[str], str]] = {
        "by_segment": (channel.by_segment, config.customers.segments, "segment"),
        "by_reason": (channel.by_reason, config.customers.reasons, "reason"),
        "by_pool": (getattr(channel, "by_pool", {}), config.staffing, "pool"),
    }
    for field, (variations, known, what) in named.items():
        yield from unknown(f"{where}.{field}", variations, known, what)
        allowed = VARIED[channel.kind] - ({"patience", "deadline"} if field == "by_pool" else set())
        for name, variation in variations.items():
            yield from _fits(f"{where}.{field}.{name}", variation, allowed, channel.kind)


def _fits(where: str, variation: Variation, allowed: set[str], kind: str) -> Iterator[Problem]:
    for field in type(variation).model_fields:
        if getattr(variation, field) is not None and field not in allowed:
            yield Problem(f"{where}.{field}", f"does not apply here (a {kind} channel: {', '.join(sorted(allowed))})")


def _deflection(config: Configuration, where: str, channel: Queued) -> Iterator[Problem]:
    if channel.deflection is None:
        return
    row = channel.deflection
    if row.loyal:
        yield Problem(where, "takes to alone: nobody who is pushed stays")
    yield from not_empty(f"{where}.to", row.to)
    yield from unknown(f"{where}.to", row.to, (*config.channels, GIVE_UP), "channel")
    yield from sums_to_one(f"{where}.to", row.to)
    yield from unknown(f"{where}.delay_to", row.delay_to, config.channels, "channel")


def _pools(config: Configuration) -> Iterator[Problem]:
    for name, pool in config.staffing.items():
        where = f"staffing.{name}"
        reasons = dict.fromkeys(pool.reasons, 1)
        yield from unknown(f"{where}.reasons", reasons, config.customers.reasons, "reason")
        for field in ("overflow", "concurrency"):
            yield from unknown(f"{where}.{field}", getattr(pool, field), pool.serves, "served channel")


def _line_groups(config: Configuration) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, group in config.routing.line_groups.items():
        where = f"routing.line_groups.{name}"
        if group.lines is None and group.places is None:
            yield Problem(where, "shares nothing: give it lines or places")
        yield from unknown(f"{where}.channels", group.channels, config.channels, "channel")
        for member in group.channels:
            channel = config.channels.get(member)
            if member in seen:
                yield Problem(f"{where}.channels", f"{member} is already in {seen[member]}")
            if isinstance(channel, DeferredChannel):
                yield Problem(f"{where}.channels", f"{member} is a deferred channel: it has no lines")
            if isinstance(channel, SelfService) and group.places is not None and len(group.channels) == 1:
                yield Problem(f"{where}.places", f"nobody waits in {member}, a self-service channel")
            if isinstance(channel, LiveChannel) and _twice(channel, group.lines, group.places):
                yield Problem(f"channels.{member}", f"its lines or places are said here and in {where}")
            seen.setdefault(member, name)


def _twice(channel: LiveChannel, lines: int | None, places: int | None) -> bool:
    return (channel.lines is not None and lines is not None) or (channel.places is not None and places is not None)

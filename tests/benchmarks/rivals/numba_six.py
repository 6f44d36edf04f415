# ruff: noqa: NPY002  (Numba compiles no Generator that it can seed)
"""The six channels of `compared_centres` as a bare loop in Numba: what the mechanics alone cost a contact.

As `idiomatic` has them: sessions that some leave, queues with patience, wrap-up, hops by the switching matrix. One heap
of (time, what), draws in the loop from Numba's own generator, counted agents instead of named ones, no log, and nothing
that could be switched on. `prepared()` gives a function: of a seed and hours, (contacts, calls, calls abandoned).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np

from ..compared_centres import six_channels
from ..idiomatic import seconds
from .numba_loop import drop, push

COMES, SESSION, TALK, WRAP_UP, LEAVES, NEXT = range(6)
"""what happens: a contact begins, a session or a talk ends, a wrap-up, patience; the next customer arrives"""
KINDS = 3
"""bits of an event's number that say what happens; the others say to which contact"""
RESOLVED, FAILED, TRANSFERRED, ABANDONED = range(4)
WAITS, ENDED = 1, 2
NONE, EXPONENTIAL, LOGNORMAL = range(3)


class Spec(NamedTuple):
    """The centre by channel; a law is (kind, mean or mu, sigma)."""

    session: Any
    service: Any
    patience: Any
    wrap_up: Any
    failure: Any
    transfer: Any
    abandonment: Any
    agents: Any
    below: Any
    """(channel, outcome, channels + 1): cumulative shares of where customers go next; the last gives up"""
    delay: Any
    first: Any
    between: float


class State(NamedTuple):
    """All that changes, by contact or by channel; `count` is (events, contacts, calls, calls abandoned)."""

    times: Any
    what: Any
    channel: Any
    phase: Any
    follower: Any
    head: Any
    tail: Any
    busy: Any
    count: Any


def law(spec: dict[str, Any] | None) -> tuple[float, float, float]:
    """(kind, mean or mu, sigma)."""
    if spec is None:
        return NONE, 0.0, 0.0
    if spec["law"] == "exponential":
        return EXPONENTIAL, seconds(spec["mean"]), 0.0
    if "median" in spec:
        return LOGNORMAL, math.log(seconds(spec["median"])), spec["sigma"]
    sigma = math.sqrt(math.log1p(spec["cv"] ** 2))
    return LOGNORMAL, math.log(seconds(spec["mean"])) - sigma**2 / 2, sigma


def spec_of(centre: dict[str, Any]) -> Spec:
    """The centre's numbers as arrays."""
    channels, rows = centre["channels"], centre["journeys"]["rows"]
    names, staff = [*channels], centre["staffing"]
    below, delay = np.zeros((len(names), 4, len(names) + 1)), np.zeros((len(names), 4, 3))
    labels = {FAILED: ("any",), TRANSFERRED: ("transferred", "any"), ABANDONED: ("abandoned", "unanswered", "any")}
    for c, name in enumerate(names):
        for outcome, known in labels.items():
            row = next(rows[name][label] for label in known if label in rows[name])
            shares = np.array([row["to"].get(each, 0.0) for each in (*names, "give_up")])
            below[c, outcome], delay[c, outcome] = np.cumsum(shares / shares.sum()), law(row.get("delay"))
    first = centre["customers"]["segments"]["all"]["first_channel"]
    each = [channels[name] for name in names]
    failure, transfer, abandonment = (
        np.array([spec.get(key, 0.0) for spec in each]) for key in ("failure", "transfer", "abandonment")
    )
    return Spec(
        np.array([spec["kind"] == "self_service" for spec in each]),
        np.array([law(spec.get("session", spec.get("service"))) for spec in each]),
        np.array([law(spec.get("patience", spec.get("deadline"))) for spec in each]),
        np.array([law(spec.get("wrap_up")) for spec in each]),
        failure, transfer, abandonment,
        np.array([staff[name]["agents"] if name in staff else 0 for name in names]),
        below, delay, np.cumsum([first[name] for name in names]), 86400 / centre["demand"]["streams"]["all"]["per_day"],
    )  # fmt: skip


def prepared() -> Callable[[int, float], tuple[int, int, int]]:
    """The loop, compiled."""
    spec = spec_of(six_channels())

    def run(seed: int, hours: float) -> tuple[int, int, int]:
        """(contacts, calls, calls abandoned)."""
        rows = round(hours * 3600 / spec.between * 4 + 10_000)
        what, channel, phase, follower = (np.zeros(rows, dtype=np.int64) for _ in range(4))
        head, tail, busy, count = np.full(6, -1), np.full(6, -1), np.zeros(6, np.int64), np.zeros(4, np.int64)
        state = State(np.zeros(rows), what, channel, phase, follower, head, tail, busy, count)
        simulated(spec, state, seed, hours * 3600.0)
        return int(state.count[1]), int(state.count[2]), int(state.count[3])

    run(1, 0.1)
    return run


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def drawn(law):  # type: ignore[no-untyped-def]
    """A time of a law."""
    if law[0] == EXPONENTIAL:
        return np.random.exponential(law[1])
    return np.random.lognormal(law[1], law[2]) if law[0] == LOGNORMAL else 0.0


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def put(s, time, contact, kind):  # type: ignore[no-untyped-def]
    """An event on the heap."""
    s.count[0] = push(s.times, s.what, s.count[0], time, contact << KINDS | kind)


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def picked(below):  # type: ignore[no-untyped-def]
    """A number by cumulative shares."""
    u, i = np.random.random(), 0
    while i < below.size - 1 and u >= below[i]:
        i += 1
    return i


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def new_contact(s, time, channel):  # type: ignore[no-untyped-def]
    """A contact that begins at a time."""
    contact = s.count[1]
    s.count[1] += 1
    s.channel[contact], s.phase[contact] = channel, 0
    put(s, time, contact, COMES)


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def begins(p, s, now, contact):  # type: ignore[no-untyped-def]
    """A session, an agent, or a wait."""
    channel = s.channel[contact]
    if p.session[channel]:
        length = drawn(p.service[channel])
        if np.random.random() < p.abandonment[channel]:
            s.phase[contact] = ABANDONED
            length *= np.random.random()
        put(s, now + length, contact, SESSION)
        return
    s.count[2] += channel == PHONE
    if s.busy[channel] < p.agents[channel]:
        s.busy[channel] += 1
        put(s, now + drawn(p.service[channel]), contact, TALK)
        return
    s.phase[contact], s.follower[contact] = WAITS, -1
    if s.head[channel] < 0:
        s.head[channel] = contact
    else:
        s.follower[s.tail[channel]] = contact
    s.tail[channel] = contact
    put(s, now + drawn(p.patience[channel]), contact, LEAVES)


PHONE = [*six_channels()["channels"]].index("phone")


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def free(p, s, now, channel):  # type: ignore[no-untyped-def]
    """An agent takes the first who still waits, or is free."""
    contact = s.head[channel]
    while contact >= 0 and s.phase[contact] != WAITS:
        contact = s.follower[contact]
    s.head[channel] = s.follower[contact] if contact >= 0 else -1
    if contact < 0:
        s.busy[channel] -= 1
        return
    s.phase[contact] = ENDED
    put(s, now + drawn(p.service[channel]), contact, TALK)


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def goes_on(p, s, now, channel, outcome):  # type: ignore[no-untyped-def]
    """The customer makes another contact, or gives up."""
    target = picked(p.below[channel, outcome])
    if target < p.first.size:
        new_contact(s, now + drawn(p.delay[channel, outcome]), target)


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def served(p, s, now, channel):  # type: ignore[no-untyped-def]
    """How a contact ends that was served to the end."""
    if np.random.random() < p.failure[channel]:
        handed_on = p.transfer[channel] > 0 and np.random.random() < p.transfer[channel]
        goes_on(p, s, now, channel, TRANSFERRED if handed_on else FAILED)


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def happens(p, s, now, contact, kind, until):  # type: ignore[no-untyped-def]
    """One event."""
    channel = s.channel[contact]
    if kind == NEXT:
        if now < until:
            new_contact(s, now, picked(p.first))
            put(s, now + np.random.exponential(p.between), 0, NEXT)
    elif kind == COMES:
        begins(p, s, now, contact)
    elif kind == SESSION:
        if s.phase[contact] == ABANDONED:
            goes_on(p, s, now, channel, ABANDONED)
        else:
            served(p, s, now, channel)
    elif kind == TALK:
        if p.wrap_up[channel, 0] != NONE:
            put(s, now + drawn(p.wrap_up[channel]), contact, WRAP_UP)
        else:
            free(p, s, now, channel)
        served(p, s, now, channel)
    elif kind == WRAP_UP:
        free(p, s, now, channel)
    elif s.phase[contact] == WAITS:
        s.phase[contact] = ENDED
        s.count[3] += channel == PHONE
        goes_on(p, s, now, channel, ABANDONED)


@numba.njit(_nrt=False)  # type: ignore[untyped-decorator]
def simulated(p, s, seed, until):  # type: ignore[no-untyped-def]
    """Until nothing is left to happen."""
    np.random.seed(seed)
    put(s, np.random.exponential(p.between), 0, NEXT)
    while s.count[0]:
        now, code = s.times[0], s.what[0]
        s.count[0] = drop(s.times, s.what, s.count[0])
        happens(p, s, now, code >> KINDS, code & (1 << KINDS) - 1, until)

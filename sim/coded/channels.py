"""What each channel of a centre is, as numbers: limits, lines and places that it shares, and which mechanisms it has.

Comes in: a checked configuration, its desks and profiles. Goes out: `Channels`, arrays by channel c. "No limit" is
infinity; what a kind of channel does not have is zero or infinity, so that no engine asks for the kind to read them.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..chance.sections import made_of
from ..model.centre import Configuration
from ..model.channels import AnyChannel, DeferredChannel, LiveChannel, Queued, SelfService
from .lines import Desks

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Kind(IntEnum):
    """Kinds of channels."""

    SELF_SERVICE = 0
    LIVE = 1
    DEFERRED = 2


class Closing(IntEnum):
    """What becomes of a live queue when the hours end."""

    SERVE = 0
    CLEAR = 1
    WAIT = 2


class Channels(NamedTuple):
    """By channel c."""

    kind: Ints
    ports: Floats
    """sessions at a time"""
    trunk: Ints
    """the trunk whose lines its contacts hold while connected; -1 for none"""
    trunk_lines: Floats
    """(trunk) lines"""
    places: Floats
    """contacts that wait at a time in all `sharers`"""
    sharers: Bools
    """(c, c) channels that wait on the same places, itself included"""
    rivals: Bools
    """(c, c) channels whose contacts the same agents take, itself included"""
    timeout: Floats
    """wait after which the company ends it, s"""
    remaining: Bools
    """patience is used up over a journey's contacts in the channel"""
    ring: Floats
    """time an agent is rung, s"""
    silent: Bools
    """some who leave do not say so"""
    kept: Bools
    """an agent keeps the place of a customer who will reply"""
    stale: Bools
    """work past the deadline is answered all the same"""
    watched: Bools
    """every contact is seen"""
    crowd: Floats
    """(c, n) probability of leaving where n wait in the channel and nobody is free; the last n holds beyond"""
    crowded: Bools
    """customers mind how many wait"""
    growth: Floats
    """(c, 2) share of the talk that each second of waiting adds, and the largest factor"""
    balking: Floats
    """probability of listening to the expected wait"""
    mean_handle: Floats
    """mean service and wrap-up, s, of the expected wait"""
    closing: Ints
    """what becomes of the queue when the hours end (`Closing`); channels without a live queue wait"""
    turned: Bools
    """contacts have more to them than service and wrap-up: rings, turns, silent leavers, shared agents, or the agent
    group that answers changes them"""


@made_of("channels", "routing")
def channels_of(config: Configuration, desks: Desks, pool_matters: tuple[bool, ...]) -> Channels:
    """The channels of a configuration."""
    specs = [config.channels[name] for name in config.open_channels]
    trunk, trunk_lines = _trunks(config, specs)
    places, sharers = _places(config, specs)
    live = [spec if isinstance(spec, LiveChannel) else None for spec in specs]
    deferred = [spec if isinstance(spec, DeferredChannel) else None for spec in specs]
    queued = [spec if isinstance(spec, Queued) else None for spec in specs]
    crowd = _crowd([() if spec is None else spec.balking.by_waiting for spec in live])
    return Channels(
        kind=np.array([Kind[spec.kind.upper()] for spec in specs], dtype=np.int64),
        ports=np.array(
            [_limit(spec.ports) if isinstance(spec, SelfService) else np.inf for spec in specs], dtype=float
        ),
        trunk=trunk,
        trunk_lines=trunk_lines,
        places=places,
        sharers=sharers,
        rivals=_rivals(desks),
        timeout=np.array([_limit(spec.queue_timeout if spec else None) for spec in live], dtype=float),
        remaining=np.array([spec is not None and spec.redial_patience == "remaining" for spec in live]),
        ring=np.array([spec.ring if spec else 0.0 for spec in queued], dtype=float),
        silent=np.array([spec is not None and spec.silent.share > 0.0 for spec in live]),
        kept=np.array([spec is not None and spec.turns.slot == "kept" for spec in queued]),
        stale=np.array([spec is not None and spec.stale == "answered" for spec in deferred]),
        watched=np.array([spec is None or spec.seen >= 1.0 for spec in deferred]),
        crowd=crowd,
        crowded=np.asarray(crowd.any(axis=1)),
        growth=np.array(
            [(s.talk_growth.per_minute / 60, s.talk_growth.at_most) if s else (0.0, 1.0) for s in queued], dtype=float
        ),
        balking=np.array([spec.balking.probability if spec else 0.0 for spec in live], dtype=float),
        mean_handle=np.array([spec.mean_handle if spec else 0.0 for spec in queued], dtype=float),
        closing=np.array([Closing[spec.at_closing.upper() if spec else "WAIT"] for spec in live], dtype=np.int64),
        turned=np.array([bool(pool_matters[c] or _turned(spec) or _shared(desks, c)) for c, spec in enumerate(specs)]),
    )


def _limit(number: float | None) -> float:
    return np.inf if number is None else number


def _trunks(config: Configuration, specs: list[AnyChannel]) -> tuple[Ints, Floats]:
    """The trunk of each channel and the lines of each trunk: a channel's own lines, or those of its line group."""
    names, trunk = config.open_channels, np.full(len(specs), -1, dtype=np.int64)
    lines: list[float] = []
    for c, spec in enumerate(specs):
        if isinstance(spec, LiveChannel) and spec.lines is not None:
            trunk[c] = len(lines)
            lines.append(float(spec.lines))
    for group in config.routing.line_groups.values():
        if group.lines is not None:
            trunk[[names.index(name) for name in group.channels if name in names]] = len(lines)
            lines.append(float(group.lines))
    return trunk, np.array(lines, dtype=float)


def _places(config: Configuration, specs: list[AnyChannel]) -> tuple[Floats, Bools]:
    """The places that each channel's contacts wait on, and which channels share them."""
    names, sharers = config.open_channels, np.eye(len(specs), dtype=np.bool_)
    places = np.array([_limit(spec.places if isinstance(spec, LiveChannel) else None) for spec in specs], dtype=float)
    for group in config.routing.line_groups.values():
        members = [names.index(name) for name in group.channels if name in names]
        for c in members:
            if isinstance(specs[c], LiveChannel) and group.places is not None:
                places[c], sharers[c] = group.places, np.isin(np.arange(len(specs)), members)
    return places, sharers


def _crowd(by_waiting: list[tuple[float, ...]]) -> Floats:
    """The shares of all channels side by side, the last of each repeated; a column of zeros where there are none."""
    width = max(1, *(len(shares) for shares in by_waiting))
    rows = [(shares or (0.0,)) + (shares or (0.0,))[-1:] * width for shares in by_waiting]
    return np.array([row[:width] for row in rows], dtype=float)


def _rivals(desks: Desks) -> Bools:
    """Channels c, d such that a pool that serves c takes contacts of d, too."""
    serves = desks.units > 0
    return np.asarray((serves.T.astype(np.int64) @ serves.astype(np.int64)) > 0)


def _turned(spec: AnyChannel) -> bool:
    """Whether the channel itself rings, has turns, talk that grows, or leavers who do not say so."""
    if not isinstance(spec, Queued):
        return False
    silent = isinstance(spec, LiveChannel) and spec.silent.share > 0.0
    return bool(silent or spec.ring or spec.turns.probability > 0.0 or spec.talk_growth.per_minute > 0.0)


def _shared(desks: Desks, channel: int) -> bool:
    """Whether agents of some pool that serves the channel hold several contacts, or work at another speed than 1."""
    return any(desks.units[p, channel] > 0 and desks.shares[p] for p in range(desks.capacity.size))

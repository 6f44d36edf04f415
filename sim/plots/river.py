"""The shape of the picture of journeys: where bars, ribbons and bands lie. Pure geometry, no matplotlib.

Comes in: moves as shares of journeys, (steps, channels + ends, channels + ends). Goes out: a `River`. Time runs to the
right. Every column is 100 % of journeys: on top those resolved so far, in the middle those under way by channel, at the
bottom those who gave up or are open. What starts as one stream visibly divides into good and bad ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HIDDEN = 0.003
"""Share of journeys below which a move is not drawn."""


@dataclass(frozen=True)
class Bar:
    """Contacts of one step in one channel: `share` of journeys, from `bottom` to `top` in column `step`."""

    step: int
    channel: int
    share: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Ribbon:
    """A stream from column `step` to the next, (bottom, top) at both sides.

    Out of `channel` (-1: out of an end's band or the block of later contacts), into `end` (-1: into a channel).
    """

    step: int
    channel: int
    end: int
    left: tuple[float, float]
    right: tuple[float, float]


@dataclass
class River:
    """All shapes, in inches. Ends are 0 resolved, 1 given up, 2 open; the last of the columns is the ends'."""

    alive: list[float]
    """share of journeys that make contact k + 1"""
    later: float
    """contacts from the last step on, for each journey that gets there; 1: none after the last bars"""
    ended: Floats
    """(columns, ends): share of journeys that ended before contact k + 1"""
    scale: float
    """inches for all journeys"""
    height: float
    bars: list[Bar] = field(default_factory=list)
    ribbons: list[Ribbon] = field(default_factory=list)
    hidden: float = 0.0
    """moves between channels that are not drawn, per journey"""

    @property
    def steps(self) -> int:
        """Columns of bars."""
        return len(self.alive)

    def band(self, column: int, end: int) -> tuple[float, float]:
        """(bottom, top) of those who have ended: resolved hangs from the top, given up stands on open."""
        resolved, given_up, still_open = (float(share) * self.scale for share in self.ended[column])
        tops = (self.height, still_open + given_up, still_open)
        sizes = (resolved, given_up, still_open)
        return tops[end] - sizes[end], tops[end]

    @property
    def block(self) -> tuple[float, float]:
        """(bottom, top) of the block of later contacts behind the last bars."""
        size = self.alive[-1] * self.scale
        middle = (self.band(self.steps - 1, 0)[0] + self.band(self.steps - 1, 1)[1]) / 2
        return middle - size / 2, middle + size / 2


def river(moves: Floats, height: float, room: float) -> River:
    """Lays out the moves on `height` inches; the middles of bars lie at least `room` apart, for their labels."""
    channels = moves.shape[1] - 3
    reached = [float(moves[0].sum()), *(float(moves[k, :, :channels].sum()) for k in range(len(moves) - 1))]
    steps = max([k + 1 for k, share in enumerate(reached) if share >= HIDDEN] or [1])
    entered = np.vstack([moves[:1, :channels].sum(axis=2), moves[: steps - 1, :channels, :channels].sum(axis=1)])
    exits = moves[:steps, :channels, channels:].copy()
    exits[-1] = moves[steps - 1 :, :channels, channels:].sum(axis=0)
    ended = np.vstack([np.zeros(3), np.cumsum(exits.sum(axis=1), axis=0)])
    later = float(moves[steps - 1 :].sum() / reached[steps - 1]) if reached[steps - 1] else 1.0
    result = River(reached[:steps], later, ended, _scale(entered, ended, height, room), height)
    for step in range(steps):
        result.bars += _bars(result, step, entered[step], room)
    direct = steps if later < 1.0005 else steps - 1
    _leave(result, moves[: steps - 1, :channels, :channels], exits[:direct])
    _carry(result, direct)
    return result


def _scale(entered: Floats, ended: Floats, height: float, room: float) -> float:
    """Inches for all journeys, such that in every column even thin bars have room for a label."""
    scale = 0.94 * height
    while scale > 0.3 * height:
        slots = np.where(entered > 0, np.maximum(entered * scale + 0.08, room), 0).sum(axis=1)
        if np.all(slots + ended[:-1].sum(axis=1) * scale + 0.15 <= height):
            break
        scale *= 0.98
    return scale


def _bars(result: River, step: int, shares: Floats, room: float) -> list[Bar]:
    """Bars from top to bottom, evenly spread over the space between the bands."""
    used = [i for i, share in enumerate(shares) if share > 0]
    slots = [max(shares[i] * result.scale, room) for i in used]
    top, bottom = result.band(step, 0)[0], result.band(step, 1)[1]
    gap = (top - bottom - sum(slots)) / (len(used) + 1)
    at, bars = top - gap, []
    for i, slot in zip(used, slots, strict=True):
        middle, half = at - slot / 2, shares[i] * result.scale / 2
        bars.append(Bar(step, i, float(shares[i]), middle - half, middle + half))
        at -= slot + gap
    return bars


def _leave(result: River, hops: Floats, exits: Floats) -> None:
    """Ribbons out of bars, from the top: resolved, then to channels in order, then given up and open."""
    into = {(bar.step, bar.channel): bar.top for bar in result.bars}
    for bar in (bar for bar in result.bars if bar.step < len(exits)):
        step, own, at = bar.step, bar.channel, bar.top
        at = _end(result, bar, 0, exits, at)
        for target, share in enumerate(hops[step, own] if step < len(hops) else ()):
            size = float(share) * result.scale
            right = into.get((step + 1, target), 0.0)
            into[step + 1, target] = right - size
            if share >= HIDDEN:
                result.ribbons.append(Ribbon(step, own, -1, (at - size, at), (right - size, right)))
            else:
                result.hidden += float(share)
            at -= size
        for end in (1, 2):
            at = _end(result, bar, end, exits, at)


def _end(result: River, bar: Bar, end: int, exits: Floats, at: float) -> float:
    """A ribbon from a bar into the band of an end, below those of the bars above it; returns where the next begins."""
    step, own = bar.step, bar.channel
    size = float(exits[step, own, end]) * result.scale
    above = float(exits[step, :own, end].sum()) * result.scale
    bottom, top = result.band(step + 1, end)
    begins = bottom + (result.ended[step + 1, end] - result.ended[step, end]) * result.scale if end == 0 else top
    right = begins - above
    if size > 0:
        result.ribbons.append(Ribbon(step, own, end, (at - size, at), (right - size, right)))
    return at - size


def _carry(result: River, direct: int) -> None:
    """Bands from column to column, and the block of later contacts into the ends."""
    for step in range(result.steps):
        for end in range(3):
            (low, high), (bottom, top) = result.band(step, end), result.band(step + 1, end)
            right = (top - (high - low), top) if end == 0 else (bottom, bottom + high - low)
            if high > low:
                result.ribbons.append(Ribbon(step, -1, end, (low, high), right))
    at = result.block[1]
    for end in range(3) if direct < result.steps else ():
        (low, high), (bottom, top) = result.band(result.steps - 1, end), result.band(result.steps, end)
        size = (top - bottom) - (high - low)
        right = (bottom, bottom + size) if end == 0 else (top - size, top)
        if size > 0:
            result.ribbons.append(Ribbon(result.steps - 1, -1, end, (at - size, at), right))
        at -= size

"""The journeys: how customers move from channel to channel, contact by contact, and where they end.

Comes in: `Results` with their flows. Goes out: a page with one river of journeys (`sim.plots.river`).
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from ..runs.replicate import Results
from .page import (
    BAD,
    BOTTOM,
    FAINT,
    GOOD,
    LEFT,
    PAPER,
    RIGHT,
    SOFT,
    TOP,
    UNSURE,
    canvas,
    clipped,
    colours,
    display,
    page,
    spaced,
)
from .river import HIDDEN, Bar, Ribbon, River, river
from .words import NO_INTERVAL, capital, finding, in_ten, known, percent, value_and_interval

BAR, LAST, ENDS = 0.17, 1.8, 2.05
"""inches: width of a bar, from the last bars to the far side of the block of later contacts, names of the ends"""
END_COLOURS = (GOOD, BAD, UNSURE)
END_MEASURES = (("Resolved", "resolved"), ("Given up", "given_up"), ("Still open", "open"))
HEADS = ("First contact", "Second", "Third", "Fourth and later")
HALO = [withStroke(linewidth=3.5, foreground=PAPER)]


def title(results: Results) -> str:
    """How many journeys break; where none does, how many are resolved."""
    kpis = results.kpis
    broken, resolved = kpis.get("journey", "all", "broken"), kpis.get("journey", "all", "resolved")
    if broken is not None and known(broken) and broken.mean > 0.005:
        return f"{capital(in_ten(broken.mean))} journeys break: {finding(broken)} of customers had to start over"
    if resolved is None or not known(resolved):
        return "No journey began in the measured window"
    return f"{capital(in_ten(resolved.mean))} journeys are resolved: {finding(resolved)}, and none had to start over"


def draw(results: Results) -> Figure:
    """The page of the journeys."""
    total = sum(float(np.asarray(flow)[0].sum()) for flow in results.flows)
    if total == 0:
        return page(results, title(results))
    moves = np.sum(results.flows, axis=0) / total
    shape = river(moves, TOP - BOTTOM - 0.55, 0.29)
    figure = page(results, title(results), _note(shape))
    axes = canvas(figure, LEFT, BOTTOM + 0.05, RIGHT, TOP)
    right = RIGHT - LEFT - ENDS
    places = list(np.linspace(0, right, shape.steps + 1)) if shape.later < 1.0005 else _with_block(shape, right)
    _draw_ribbons(axes, shape, places, results)
    _draw_bars(axes, shape, places, results)
    _draw_heads(axes, shape, places)
    _draw_ends(axes, shape, right, results)
    return figure


def _with_block(shape: River, right: float) -> list[float]:
    """Columns with room for the block of later contacts between the last bars and the ends."""
    return [*np.linspace(0, right - LAST - 1.4, shape.steps), right]


def _note(shape: River) -> str:
    text = "Height: share of journeys. Bars: channel of the contact; to the same channel: a redial or another try."
    if shape.hidden > 0.0005:
        text += f" Moves of under {percent(HIDDEN, 1)} are left out: together {percent(shape.hidden, 1)}."
    return text


def _draw_ribbons(axes: Axes, shape: River, places: list[float], results: Results) -> None:
    colour = list(_channel_colours(results).values())
    block = places[-2] + LAST
    for ribbon in shape.ribbons:
        band = ribbon.channel < 0
        start, stop = places[ribbon.step], places[ribbon.step + 1]
        later = band and ribbon.left != shape.band(ribbon.step, ribbon.end)
        start = block if later else start + (0 if band else BAR)
        look = END_COLOURS[ribbon.end] if ribbon.end >= 0 else colour[ribbon.channel]
        alpha = 0.85 if band and not later else 0.5 if ribbon.end >= 0 else 0.33
        axes.add_artist(_stream(ribbon, start, stop, look, alpha))
    if shape.later >= 1.0005:
        _draw_block(axes, shape, places[-2] + BAR, block, colour)


def _channel_colours(results: Results) -> dict[str, str]:
    known_colours = colours(results.config)
    return {name: known_colours[name] for name in results.config.open_channels}


def _draw_block(axes: Axes, shape: River, start: float, block: float, colour: list[str]) -> None:
    """Later contacts in one block: the channels they begin in on the left, the ends on the right."""
    bottom, at = shape.block
    for bar in (bar for bar in shape.bars if bar.step == shape.steps - 1):
        size = bar.top - bar.bottom
        ribbon = Ribbon(bar.step, bar.channel, -1, (bar.bottom, bar.top), (at - size, at))
        axes.add_artist(_stream(ribbon, start, block - BAR, colour[bar.channel], 0.33))
        at -= size
    axes.add_artist(Rectangle((block - BAR, bottom), BAR, shape.block[1] - bottom, color=SOFT, lw=0))
    words = f"{shape.later - 1:.1f} more\ncontacts\neach"
    axes.text(block + 0.08, sum(shape.block) / 2, words, fontsize=13, va="center", path_effects=HALO)


def _stream(ribbon: Ribbon, start: float, stop: float, colour: str, alpha: float) -> PathPatch:
    """A ribbon with horizontal ends, two Bezier curves."""
    (a, b), (c, d), middle = ribbon.left, ribbon.right, (start + stop) / 2
    there, back = [(start, b), (middle, b), (middle, d), (stop, d)], [(stop, c), (middle, c), (middle, a), (start, a)]
    points = [*there, *back, (start, b)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=colour, alpha=alpha, lw=0)


def _draw_bars(axes: Axes, shape: River, places: list[float], results: Results) -> None:
    names, look = results.config.open_channels, _channel_colours(results)
    for bar in shape.bars:
        x, name = places[bar.step], names[bar.channel]
        axes.add_artist(Rectangle((x, bar.bottom), BAR, max(bar.top - bar.bottom, 0.02), color=look[name], lw=0))
        before_block = bar.step == shape.steps - 1 and shape.later >= 1.0005
        room = (LAST - BAR if before_block else places[bar.step + 1] - x) - BAR - 0.15
        _label(axes, bar, x + BAR + 0.07, name, room)


def _label(axes: Axes, bar: Bar, x: float, name: str, room: float) -> None:
    big = bar.share >= 0.12
    share = percent(bar.share, 0 if bar.share >= 0.0095 else 1)
    text, size = clipped(display(name), share, room, 16 if big else 13, big)
    weight = "bold" if big else "normal"
    middle = (bar.top + bar.bottom) / 2
    axes.text(x, middle, text, fontsize=size, weight=weight, va="center_baseline", path_effects=HALO)


def _draw_heads(axes: Axes, shape: River, places: list[float]) -> None:
    for step, share in enumerate(shape.alive):
        x = places[step]
        axes.plot([x, x], [0, shape.height + 0.08], color=FAINT, lw=1, zorder=0)
        axes.text(x, shape.height + 0.36, HEADS[step], fontsize=15, weight="bold", va="center")
        axes.text(x, shape.height + 0.14, f"{percent(share)} of journeys", fontsize=13, color=SOFT, va="center")
        for end in (0, 1):
            low, high = shape.band(step, end)
            if high - low >= 0.2:
                text = percent(shape.ended[step, end])
                axes.text(x + 0.06, (low + high) / 2, text, fontsize=14, weight="bold", color=PAPER, va="center")


def _draw_ends(axes: Axes, shape: River, x: float, results: Results) -> None:
    """Names, shares and intervals of the ends, beside their bands."""
    shown = [end for end in range(3) if shape.ended[-1, end] >= HIDDEN]
    middles = spaced([sum(shape.band(shape.steps, end)) / 2 for end in shown], 0.72, 0.33, shape.height)
    for end, middle in zip(shown, middles, strict=True):
        (name, measure), (low, high) = END_MEASURES[end], shape.band(shape.steps, end)
        axes.add_artist(Rectangle((x, low), BAR, high - low, color=END_COLOURS[end], lw=0))
        value, interval = value_and_interval(results.kpis.get("journey", "all", measure))
        axes.text(x + BAR + 0.1, middle + 0.17, name, fontsize=19, weight="bold", va="center")
        axes.text(x + BAR + 0.1, middle - 0.17, f"{value} {interval}", fontsize=16, va="center")
    if len(results.replications) < 2:
        axes.text(x + BAR + 0.1, shape.height + 0.14, NO_INTERVAL, fontsize=12, color=SOFT, va="center")

"""The page that all pictures share: 16:9, legible from three metres, colours that the colour-blind can tell apart.

Comes in: results, a title, a note. Goes out: figures with axes, and files. Colours: Okabe & Ito, Color Universal Design
(2008), yellow darkened to be seen on white; green and vermillion are kept for good and bad, and no meaning rests on
colour alone. A page is measured in inches, so that text and shapes can be placed against each other.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from ..model.centre import Configuration
from ..model.channels import SelfService
from ..runs.replicate import Results
from .words import caption, subtitle

WIDTH, HEIGHT, DPI = 13.333, 7.5, 150
LEFT, RIGHT = 0.5, 12.85
TOP, BOTTOM = 5.85, 0.62
"""inches: the part of the page that belongs to the picture"""
INK, SOFT, FAINT, PAPER = "#1a1a1a", "#5a5a5a", "#e4e4e4", "#ffffff"
GOOD, BAD, UNSURE = "#009E73", "#D55E00", "#7a7a7a"
CHANNEL_COLOURS = ("#0072B2", "#E69F00", "#56B4E9", "#CC79A7", "#333333", "#999999", "#8C7A00")
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 14,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "switchboard",
    "svg.fonttype": "path",
    "path.simplify": True,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Settings of matplotlib for the time of drawing, whatever the user's matplotlibrc says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        for name, value in STYLE.items():
            matplotlib.rcParams[name] = value
        yield


def colours(config: Configuration) -> dict[str, str]:
    """Colour of each channel, the same in all pictures; channels with agents have the clearest ones."""
    names = sorted(config.open_channels, key=lambda name: isinstance(config.channels[name], SelfService))
    return {name: CHANNEL_COLOURS[i % len(CHANNEL_COLOURS)] for i, name in enumerate(names)}


def page(results: Results, title: str, note: str = "") -> Figure:
    """An empty page with the finding as title, the scenario's question below it, and the caption at the foot."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    lines, size = _wrapped(title)
    write(figure, LEFT, 7.2, lines, size, weight="bold", va="top", linespacing=1.15)
    write(figure, LEFT, 6.24 if "\n" in lines else 6.62, _short(subtitle(results), 118), 15, color=SOFT, va="top")
    foot = caption(results)
    size = min(fitting(line, RIGHT - LEFT, 11.5) for line in (note, foot))
    write(figure, LEFT, 0.13, f"{note}\n{foot}" if note else foot, size, color=SOFT, va="bottom", linespacing=1.3)
    return figure


def _wrapped(title: str) -> tuple[str, float]:
    """A title on two lines at most, in the largest size that fits."""
    title = re.sub(r"(\d) (?=(%|s|min|h|d|weeks)\b|%)", "\\1\u00a0", title)  # a number keeps its unit
    sizes = ((26, 54), (23, 62), (20, 72), (17, 84))  # points, characters a line
    size, width = next((each for each in sizes if len(textwrap.wrap(title, each[1])) <= 2), sizes[-1])
    lines = textwrap.wrap(title, width)
    while len(lines) == 2 and width > 30 and len(narrower := textwrap.wrap(title, width - 1)) == 2:
        lines, width = narrower, width - 1  # two lines of like length
    return "\n".join(lines[:2]), size


def _short(text: str, width: int) -> str:
    return textwrap.shorten(text, width, placeholder=" …") if text else ""


def write(figure: Figure, x: float, y: float, text: str, size: float, **look: Any) -> None:
    """Text at inches from the lower left corner of the page."""
    figure.text(x / WIDTH, y / HEIGHT, text, fontsize=size, **look)


def panel(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Axes between the given inches."""
    return figure.add_axes((left / WIDTH, bottom / HEIGHT, (right - left) / WIDTH, (top - bottom) / HEIGHT))


def canvas(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Axes without frame whose data units are inches from their own lower left corner."""
    axes = panel(figure, left, bottom, right, top)
    axes.set_xlim(0, right - left)
    axes.set_ylim(0, top - bottom)
    axes.axis("off")
    return axes


def spaced(wanted: list[float], room: float, low: float, high: float) -> list[float]:
    """Positions near the wanted ones, at least `room` apart and within [low, high] if they fit: labels beside lines.

    >>> spaced([1.0, 1.1, 5.0], 1.0, 0.0, 6.0)
    [1.0, 2.0, 5.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    at = low - room
    for i in order:
        at = placed[i] = max(wanted[i], at + room)
    at = high + room
    for i in reversed(order):
        at = placed[i] = min(placed[i], at - room)
    return placed


def fitting(text: str, room: float, size: float, bold: bool = False) -> float:
    """The size, at most `size` points, at which the text is at most `room` inches wide."""
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, False)
    inches = width / 72 * 1.04  # hinting widens
    return size * min(1.0, room / max(inches, 1e-6))


def clipped(name: str, rest: str, room: float, size: float, bold: bool = False) -> tuple[str, float]:
    """`name rest` and its size for `room` inches; a name that would need less than 11 points is shortened."""
    text = f"{name} {rest}".strip()
    while fitting(text, room, size, bold) < min(11.0, size) and len(name) > 5:
        name = name.removesuffix("…")[:-1].rstrip() + "…"
        text = f"{name} {rest}".strip()
    return text, fitting(text, room, size, bold)


def display(name: str) -> str:
    """A name of the configuration as people read it: `mobile_app` is `mobile app`."""
    return name.replace("_", " ")


def save(figure: Figure, stem: Path) -> list[Path]:
    """Writes `stem`.png and `stem`.svg, with nothing in them that depends on the time of writing."""
    files = [stem.with_suffix(".png"), stem.with_suffix(".svg")]
    # level 3 packs as well as level 6 in three quarters of the time
    figure.savefig(files[0], dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    figure.savefig(files[1], metadata={"Date": None, "Creator": "Switchboard"})
    return files

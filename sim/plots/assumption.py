"""What would have to be true: the agents freed against the assumption that decides most.

Comes in: a finished study of worth and its `Curve`. Goes out: a page with a dot for each parameter set, the straight
line through them, and the value of today.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..studies.worth.spread import Curve
from ..studies.worth.study import Worth
from .page import BOTTOM, CHANNEL_COLOURS, FAINT, INK, RIGHT, SOFT, TOP, page, panel
from .words import capital

LEFT = 1.3
COLOUR = CHANNEL_COLOURS[0]


def title(curve: Curve) -> str:
    """What the lowest and the highest third free, and whether any value frees nobody."""
    (low, few), _, (high, many) = curve.thirds
    text = f"{curve.input.label} decides: {few:.1f}\u00a0agents freed near {_said(curve, low)}, "
    text += f"{many:.1f} near {_said(curve, high)}"
    return capital(text + (f"; none at {_said(curve, curve.turning)}" if curve.turning is not None else ""))


def _said(curve: Curve, value: float) -> str:
    """A value with no more digits than a title needs, on one line."""
    text = f"x {value:.2g}" if curve.input.range.by == "factor" else curve.input.said(value)
    return text.replace(" ", "\u00a0")


def draw(study: Worth, curve: Curve) -> Figure:
    """The page."""
    question = f"What would have to be true? Agents freed by {study.asked.name} against what matters most"
    scenario = study.config.scenario.model_copy(update={"question": question})
    config = study.config.model_copy(update={"scenario": scenario})
    note = (
        f"A dot is a set of values for all that is unknown ({curve.values.size} sets, Latin hypercube). "
        "Line: least squares."
    )
    figure = page(dataclasses.replace(study.baseline, config=config), title(curve), note)
    axes = panel(figure, LEFT, BOTTOM + 0.75, RIGHT - 0.4, TOP - 0.35)
    _dots(axes, curve)
    _frame(axes, curve)
    return figure


def _dots(axes: Axes, curve: Curve) -> None:
    slope, height = curve.line
    ends = np.array(curve.input.range.ends)
    axes.plot(curve.values, curve.freed, color=COLOUR, lw=0, marker="o", ms=8, alpha=0.55, mew=0)
    axes.plot(ends, height + slope * ends, color=COLOUR, lw=3)
    axes.axhline(0, color=INK, lw=1.4)
    present = curve.input.present
    axes.axvline(present, color=SOFT, lw=1.6, ls=(0, (1, 2)))
    axes.annotate(f"today: {curve.input.said(present)}", (present, 1), (5, -4), ("data", "axes fraction"),
                  "offset points", va="top", fontsize=14, color=SOFT)  # fmt: skip


def _frame(axes: Axes, curve: Curve) -> None:
    axes.set_xlim(*curve.input.range.ends)
    axes.set_xlabel(capital(curve.input.label), fontsize=15)
    axes.set_title("Agents freed (below 0: more are needed)", loc="left", fontsize=14, fontweight="bold", pad=8)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: curve.input.said(x) if x else "0"))
    axes.yaxis.set_major_locator(MaxNLocator(7))
    axes.tick_params(labelsize=14)
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)

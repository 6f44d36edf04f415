"""The headline picture: agents needed for today's service against the level of integration.

Comes in: a finished study. Goes out: a page with one curve for each rule of allocation, its intervals as a band.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..model.studies.worth import Allocation
from ..studies.worth.study import Answer, Worth
from .page import BOTTOM, CHANNEL_COLOURS, FAINT, INK, SOFT, TOP, page, panel, spaced
from .words import capital

NAMES: dict[Allocation, str] = {"cheapest": "cheapest mix of groups", "proportional": "all groups by one factor"}
QUESTION = "How many agents does today's service need?"
CARRIED = "Integration: chance that what a customer said is carried to the next channel"
LEFT, RIGHT = 1.3, 9.6
"""inches: the curve; what is right of it are names"""


def title(study: Worth, answers: Sequence[Answer]) -> str:
    """What the highest level frees under the first rule."""
    mine = [each for each in answers if each.rule == study.asked.allocation[0]]
    top = max(mine, key=lambda each: each.level)
    said = top.words
    if top.spread is not None:
        low, _, middle, _, high = (f"{each:.1f}" for each in top.spread.agents)
        said = f"{top.name} at {top.level:g} frees {middle} agents (95 % {low} to {high}) of {top.present:.0f}"
    return capital(f"{said}, at the same service".replace(" to ", "\u00a0to\u00a0"))


def draw(study: Worth, answers: Sequence[Answer]) -> Figure:
    """The page of the iso-service curve."""
    held = len(study.constraints.names)
    note = f"Along a curve none of {held} measures of service is worse than today. Narrow bands: simulation noise" + (
        "; wide, dashed: noise and what is unknown about the centre."
        if any(each.both for each in answers)
        else " alone, not what is unknown about the centre."
    )
    scenario = study.config.scenario.model_copy(update={"question": QUESTION})
    config = study.config.model_copy(update={"scenario": scenario})
    if not all(each.converged for each in answers):
        note += " Open circles: not found, the cheapest plan seen that is no worse."
    figure = page(dataclasses.replace(study.baseline, config=config), title(study, answers), note)
    axes = panel(figure, LEFT, BOTTOM + 0.7, RIGHT, TOP - 0.35)
    rules = [rule for rule in dict.fromkeys(study.asked.allocation) if any(each.rule == rule for each in answers)]
    curves = {rule: sorted((a for a in answers if a.rule == rule), key=lambda each: each.level) for rule in rules}
    for rule, colour in zip(rules, CHANNEL_COLOURS, strict=False):
        _curve(axes, curves[rule], colour)
    _numbers(axes, curves[rules[0]], CHANNEL_COLOURS[0])
    _frame(axes, study, answers)
    _names(axes, curves)
    return figure


def _curve(axes: Axes, mine: Sequence[Answer], colour: str) -> None:
    levels, agents, half = (np.array([getattr(a, name) for a in mine]) for name in ("level", "agents", "half_width"))
    settled = np.array([each.converged for each in mine])
    axes.fill_between(levels, agents - half, agents + half, where=np.isfinite(half), color=colour, alpha=0.18, lw=0)
    if any(each.both for each in mine):
        both = np.array([each.present - np.array(each.both or (each.freed, each.freed)) for each in mine])
        axes.fill_between(levels, both[:, 1], both[:, 0], color=colour, alpha=0.09, lw=0)
        for side in (0, 1):
            axes.plot(levels, both[:, side], color=colour, lw=1.3, ls=(0, (5, 3)))
    axes.plot(levels, agents, color=colour, lw=2.6)
    axes.plot(levels[settled], agents[settled], color=colour, lw=0, marker="o", ms=7)
    axes.plot(levels[~settled], agents[~settled], color=colour, lw=0, marker="o", ms=7, mfc="white")  # not found


def _numbers(axes: Axes, mine: Sequence[Answer], colour: str) -> None:
    """Agents freed, below the points of the headline's curve."""
    for each in mine:
        if each.freed and each.converged:
            axes.annotate(
                f"{-each.freed:+.1f}".replace("-", "−"), (each.level, each.agents - np.nan_to_num(each.half_width)),
                (0, -8), textcoords="offset points", ha="center", va="top", fontsize=13, color=colour, weight="bold",
            )  # fmt: skip


def _frame(axes: Axes, study: Worth, answers: Sequence[Answer]) -> None:
    present = answers[0].present
    axes.axhline(present, color=SOFT, lw=1.4, ls=(0, (1, 2)), zorder=1)
    ends = [each.agents + side * np.nan_to_num(each.half_width) for each in answers for side in (-1, 1)]
    ends += [each.present - freed for each in answers for freed in each.both or ()]
    low, high = min(ends), max(present, *ends)
    room = max(high - low, 0.1 * present)
    axes.set_ylim(low - 0.2 * room, high + 0.1 * room)
    axes.annotate(f"today: {present:.0f}", (1, present), (6, 0), ("axes fraction", "data"), "offset points",
                  va="center", fontsize=14, color=SOFT)  # fmt: skip
    axes.set_xlabel(CARRIED if study.asked.name == "integration.level" else capital(study.asked.name), fontsize=14)
    axes.set_title("Agents needed (scheduled, at the peak; the axis does not begin at 0)", loc="left", fontsize=14,
                   fontweight="bold", color=INK, pad=8)  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)


def _names(axes: Axes, curves: Mapping[Allocation, list[Answer]]) -> None:
    """Names at the right ends, kept apart from each other and from today's line."""
    low, high = axes.get_ylim()
    room = (high - low) * 0.14
    top = next(iter(curves.values()))[0].present - room
    placed = spaced([curve[-1].agents for curve in curves.values()], room, low, max(top, low + room))
    for (rule, curve), at, colour in zip(curves.items(), placed, CHANNEL_COLOURS, strict=False):
        text = f"{NAMES[rule]}:\n{curve[-1].agents:.1f}"
        if np.isfinite(curve[-1].half_width):
            text += f" ±{curve[-1].half_width:.1f} agents"
        axes.annotate(text, (1, at), (6, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=14,
                      color=colour, weight="bold")  # fmt: skip

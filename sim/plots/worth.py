"""The headline picture: agents needed for today's service against the level of integration.

Comes in: a finished study. Goes out: a page with one curve for each rule of allocation. Where parameter sets say what
is unknown, curves are medians over them, the first with its 95 % band, and what today's inputs give is a thin line
beside; otherwise curves are of today's inputs, the first with simulation noise as its band.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..model.studies.worth import Allocation
from ..studies.worth.answer import Answer
from ..studies.worth.study import Worth
from ..studies.worth.subject import regime
from .page import BOTTOM, CHANNEL_COLOURS, FAINT, INK, SOFT, TOP, page, panel, spaced
from .words import capital

NAMES: dict[Allocation, str] = {"cheapest": "cheapest mix of groups", "proportional": "all groups by one factor"}
QUESTION = "How many agents does today's service need?"
REGIMES = {"journeys=calibrated": " (customers: switchers)", "journeys=stickers": " (customers: stickers)"}
CARRIED = "Integration: chance that what a customer said is carried to the next channel"
LEVEL = "integration.level"
LEFT, RIGHT = 1.3, 9.6
"""inches: the curve; what is right of it are names"""


def title(study: Worth, answers: Sequence[Answer]) -> str:
    """What the highest level frees under the first rule."""
    mine = [each for each in answers if each.rule == study.asked.allocation[0]]
    top = max(mine, key=lambda each: each.level)
    said = top.words
    if top.spread is not None:
        low, _, middle, _, high = (each.replace("-", "−") for each in top.spread.said)
        what = "full integration" if (top.name, top.level) == (LEVEL, 1) else f"{top.name} at {top.level:g}"
        said = f"{what} {middle} (95 % {low} to {high}) of {top.present:.0f}"
    return capital(f"{said}, at the same service".replace(" to ", "\u00a0to\u00a0").replace(" % ", "\u00a0%\u00a0"))


def draw(study: Worth, answers: Sequence[Answer]) -> Figure:
    """The page of the iso-service curve."""
    held = len(study.constraints.names)
    note = f"Along a curve none of {held} measures of service is worse than today. " + (
        "Curves: median over what is unknown about the centre; band: 95 % of it and of simulation noise."
        if any(each.spread for each in answers)
        else "Bands: simulation noise alone, not what is unknown about the centre."
    )
    scenario = study.config.scenario.model_copy(update={"question": QUESTION + REGIMES.get(regime(study.config), "")})
    config = study.config.model_copy(update={"scenario": scenario})
    if not all(each.converged for each in answers):
        note += " Open circle: not found."
    figure = page(dataclasses.replace(study.baseline, config=config), title(study, answers), note)
    axes = panel(figure, LEFT, BOTTOM + 0.7, RIGHT, TOP - 0.35)
    rules = [rule for rule in dict.fromkeys(study.asked.allocation) if any(each.rule == rule for each in answers)]
    curves = {rule: sorted((a for a in answers if a.rule == rule), key=lambda each: each.level) for rule in rules}
    for rule, colour in zip(rules, CHANNEL_COLOURS, strict=False):
        _curve(axes, curves[rule], colour)
    first, colour = curves[rules[0]], CHANNEL_COLOURS[0]
    _band(axes, first, colour)
    _numbers(axes, first, colour)
    _frame(axes, study, answers)
    _names(axes, curves)
    return figure


def needed(answer: Answer) -> float:
    """Agents needed: the median over what is unknown; without parameter sets at today's inputs."""
    return answer.agents if answer.spread is None else answer.present - answer.spread.agents[2]


def reach(answer: Answer) -> tuple[float, float]:
    """The interval of what is needed: of what is unknown and noise, or of noise alone."""
    half = float(np.nan_to_num(answer.half_width))
    low, high = answer.both or (answer.freed - half, answer.freed + half)
    return answer.present - high, answer.present - low


def comparable(mine: Sequence[Answer]) -> list[Answer]:
    """Answers that one curve may join: where there are medians, those that have one, and today's own level."""
    if not any(each.spread for each in mine):
        return list(mine)
    return [each for each in mine if each.spread or each.freed == 0]


def _curve(axes: Axes, mine: Sequence[Answer], colour: str) -> None:
    curve = comparable(mine)
    axes.plot([each.level for each in curve], [needed(each) for each in curve], color=colour, lw=2.6)
    for each in mine:
        fill = colour if each.converged else "white"  # not found
        axes.plot(each.level, needed(each), color=colour, lw=0, marker="o", ms=7, mfc=fill)


def _band(axes: Axes, mine: Sequence[Answer], colour: str) -> None:
    """The headline's interval, and beside it what today's inputs give."""
    curve = comparable(mine)
    ends = np.array([reach(each) for each in curve])
    axes.fill_between([each.level for each in curve], ends[:, 0], ends[:, 1], color=colour, alpha=0.14, lw=0)
    if any(each.spread for each in mine):
        axes.plot([each.level for each in mine], [each.agents for each in mine], color=colour, lw=1.6, ls=(0, (4, 3)))
        axes.annotate("at today's inputs", (mine[-1].level, mine[-1].agents), (-4, -6), textcoords="offset points",
                      ha="right", va="top", fontsize=12, color=colour)  # fmt: skip


def _numbers(axes: Axes, mine: Sequence[Answer], colour: str) -> None:
    """Agents freed, above the points of the headline's curve."""
    for each in mine:
        freed = each.present - needed(each)
        if freed and each.converged:
            axes.annotate(
                f"{-freed:+.1f}".replace("-", "−"), (each.level, needed(each)), (0, 8), textcoords="offset points",
                ha="center", va="bottom", fontsize=13, color=colour, weight="bold",
            )  # fmt: skip


def _frame(axes: Axes, study: Worth, answers: Sequence[Answer]) -> None:
    present = answers[0].present
    axes.axhline(present, color=SOFT, lw=1.4, ls=(0, (1, 2)), zorder=1)
    ends = [needed(each) for each in answers] + [each.agents for each in answers]
    ends += [end for each in answers if each.rule == study.asked.allocation[0] for end in reach(each)]
    low, high = min(ends), max(present, *ends)
    room = max(high - low, 0.1 * present)
    axes.set_ylim(low - 0.2 * room, high + 0.1 * room)
    axes.annotate(f"today: {present:.0f}", (1, present), (6, 0), ("axes fraction", "data"), "offset points",
                  va="center", fontsize=14, color=SOFT)  # fmt: skip
    axes.set_xlabel(CARRIED if study.asked.name == LEVEL else capital(study.asked.name), fontsize=14)
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
    placed = spaced([needed(curve[-1]) for curve in curves.values()], room, low, max(top, low + room))
    for (rule, curve), at, colour in zip(curves.items(), placed, CHANNEL_COLOURS, strict=False):
        low_end, high_end = reach(curve[-1])
        text = f"{NAMES[rule]}:\n{needed(curve[-1]):.1f} ({low_end:.0f} to {high_end:.0f}) agents"
        axes.annotate(text, (1, at), (6, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=14,
                      color=colour, weight="bold")  # fmt: skip

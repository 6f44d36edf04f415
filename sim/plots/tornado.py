"""The tornado: how far a measure moves when one guess at a time goes to the ends of its range.

Comes in: a finished study of sensitivity. Goes out: a page with two bars for each parameter, the most important on top,
their intervals as whiskers, and at the ends of the bars the values that they stand for.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..runs.replicate import Results
from ..statistics.kpis import Kpis
from ..studies.inputs.sensitivity import Finding, Sensitivity, ranked
from ..studies.inputs.words import asked_of, change, number
from .page import BOTTOM, CHANNEL_COLOURS, FAINT, INK, SOFT, TOP, clipped, page, panel
from .words import capital

LOW, HIGH = CHANNEL_COLOURS[:2]
SHOWN = 10
"""bars: what can be read from three metres"""
LEFT, RIGHT = 4.6, 12.4
"""inches: the bars; what is left of them are names"""
QUESTION = "Which guesses matter? One parameter at a time to the low and the high end of its range"


def title(study: Sensitivity, findings: Sequence[Finding]) -> str:
    """The most important parameter of the first measure and what it does; that there is none, where all is noise."""
    measure, currency = study.asked.measures[0], study.config.economics.currency
    labels = {one.name: one.label for one in study.inputs}
    for name in ranked(findings, "tornado", measure):
        ends = _ends(findings, measure, name)
        if any(each.lower > 0 or each.upper < 0 for each in ends):
            first, second = (_value(each, currency) for each in ends)
            what = f"{asked_of(study, measure)} hangs most on {labels[name]}"
            return capital(f"{what}: {first} at {ends[0].at}, {second} at {ends[1].at}")
    return capital(f"{asked_of(study, measure)}: none of {len(labels)} guesses shows through the simulation noise")


def _value(each: Finding, currency: str) -> str:
    """The measure (or the difference that is asked about) at an end, with the digits that its change deserves."""
    return number(each, each.today + each.value, (each.upper - each.lower) / 2, currency).partition(" ±")[0]


def draw(study: Sensitivity, findings: Sequence[Finding]) -> Figure:
    """The page of the first measure."""
    measure = study.asked.measures[0]
    names = ranked(findings, "tornado", measure)
    shown = names[:SHOWN]
    base = study.config if study.own is None else study.own.as_recorded()
    config = base.model_copy(update={"scenario": base.scenario.model_copy(update={"question": QUESTION})})
    results = Results(config, Kpis(()), (), tuple(range(config.run.replications)), 0.0)
    rest = f" {len(names) - SHOWN} parameters with smaller changes are not shown." if len(names) > SHOWN else ""
    note = f"Whiskers: simulation noise, paired by common random numbers, each alone.{rest}"
    figure = page(results, title(study, findings), note)
    axes = panel(figure, LEFT, BOTTOM + 0.75, RIGHT, TOP - 0.35)
    labels = {one.name: one.label for one in study.inputs}
    for row, name in enumerate(shown):
        _bars(axes, row, _ends(findings, measure, name))
        text, size = clipped(labels[name], "", LEFT - 0.65, 14)
        axes.annotate(text, (0, row), (-8, 0), ("axes fraction", "data"), "offset points", ha="right", va="center",
                      fontsize=size)  # fmt: skip
    _frame(axes, findings, measure, len(shown), study.config.economics.currency)
    axes.set_title(asked_of(study, measure), loc="left", fontsize=14, fontweight="bold", color=INK, pad=8)
    return figure


def _ends(findings: Sequence[Finding], measure: str, name: str) -> tuple[Finding, Finding]:
    found = {
        each.index: each for each in findings
        if (each.method, each.measure, each.input) == ("tornado", measure, name)
    }  # fmt: skip
    return found["low"], found["high"]


def _bars(axes: Axes, row: int, ends: tuple[Finding, Finding]) -> None:
    for each, colour, up in zip(ends, (LOW, HIGH), (-1, 1), strict=True):
        at = row + 0.2 * up
        axes.barh(at, each.value, height=0.38, color=colour, zorder=2)
        reach = [each.value]
        if np.isfinite([each.lower, each.upper]).all():
            axes.plot([each.lower, each.upper], [at, at], color=INK, lw=1.6, solid_capstyle="butt", zorder=3)
            reach += [each.lower, each.upper]
        side = 1 if each.value >= 0 else -1
        still = each.value == each.lower == each.upper == 0
        said, tip = f"{each.at}: no change" if still else each.at, max(reach) if side > 0 else min(reach)
        axes.annotate(said, (tip, at), (5 * side, 0), textcoords="offset points", va="center", fontsize=11, color=SOFT,
                      ha="left" if side > 0 else "right")  # fmt: skip


def _frame(axes: Axes, findings: Sequence[Finding], measure: str, rows: int, currency: str) -> None:
    mine = [each for each in findings if (each.method, each.measure) == ("tornado", measure)]
    first = mine[0]
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_yticks([])
    low, high = axes.get_xlim()
    room = 0.13 * (high - low)
    axes.set_xlim(min(low, 0) - room, max(high, 0) + room)
    axes.axvline(0, color=INK, lw=1.4, zorder=4)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _tick(first, x, currency)))
    axes.grid(axis="x", color=FAINT)
    axes.set_axisbelow(True)
    axes.set_xlabel(f"Change from today's {number(first, first.today, currency=currency)}", fontsize=14)
    for text, colour, x in (("low end", LOW, 0.80), ("high end", HIGH, 1.0)):
        axes.annotate(f"■ {text}", (x, 1), (0, 10), "axes fraction", "offset points", ha="right", va="bottom",
                      fontsize=14, color=colour, weight="bold")  # fmt: skip


def _tick(like: Finding, x: float, currency: str) -> str:
    """A change at a tick: as many digits as it needs."""
    plain = dataclasses.replace(like, value=x, lower=float("nan"), upper=float("nan"))
    text = re.sub(r"(\.\d*?)0+(?!\d)", r"\1", change(plain, currency)).replace(". ", " ")
    return "0" if x == 0 else text.replace("-", "−").replace(" points", " pts")

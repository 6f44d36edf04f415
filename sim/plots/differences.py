"""Paired differences as dots with intervals: what is better, what is worse, and what cannot be told.

Comes in: differences from one baseline. Goes out: a page with the finding as title. Of one alternative each measure has
a row, as a change for the better in percent of the baseline's value, for measures have different units; of several,
each alternative has a row, and each of the measures that most of them have a column with its own axis. Better lies to
the right of the line of no difference everywhere, whatever is better: more or less. What cannot be told is grey and
hollow.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..measures.catalogue import describe
from ..reports.numbers import say
from ..runs.replicate import Results
from ..statistics.kpis import Kpi
from ..studies.compare.study import Difference, Key
from .page import BAD, BOTTOM, FAINT, GOOD, INK, PAPER, TOP, UNSURE, clipped, display, fitting, page, panel, write
from .words import capital

ROWS, COLUMNS = 12, 4
"""what can be read from three metres"""
CROWDED = 8
"""rows beyond which numbers are smaller"""
LEFT, RIGHT = 4.3, 12.75
"""inches: names stand to the left, numbers within"""
WIDEST = 1.5
"""a row that cannot be told may reach so many times as far as those that can; then it ends in an arrow"""
LOOKS = {"better": (GOOD, "o", GOOD), "worse": (BAD, "D", BAD), "cannot tell": (UNSURE, "o", "white"),
         "same": (UNSURE, "o", "white")}  # fmt: skip
"""by verdict: colour of the interval, shape, colour inside"""


def drawable(differences: Sequence[Difference]) -> list[Difference]:
    """Differences that have a better side and an interval."""
    return [each for each in differences if each.better and math.isfinite(each.half_width + each.difference)]


def draw(results: Results, differences: Sequence[Difference], baseline: str, together: str) -> Figure:
    """The page; `results` (of the baseline) are its foot, `together` says for which intervals the confidence holds."""
    shown, currency = drawable(differences), results.config.economics.currency
    others = list(dict.fromkeys(each.scenario for each in shown))
    question = f"Each against {display(baseline)}: the same customers with the same luck on both sides"
    scenario = results.config.scenario.model_copy(update={"question": question})
    results = Results(
        results.config.model_copy(update={"scenario": scenario}), results.kpis, (), results.replications, 0.0
    )
    if len(others) == 1:
        return _by_measure(results, shown, baseline, currency, together)
    return _by_alternative(results, shown, others, baseline, currency, together)


def _by_measure(results: Results, shown: Sequence[Difference], baseline: str, currency: str, together: str) -> Figure:
    """One alternative: a row for each measure, in percent of the baseline."""
    rows = [each for each in shown if each.baseline][:ROWS]
    note = f"{together} Percent of the baseline's value; numbers beside the dots are in the measure's unit."
    figure = page(results, _title_of_one(shown, baseline, currency), note)
    axes = panel(figure, LEFT, BOTTOM + 0.75, RIGHT - 1.9, TOP - 0.25)
    scales = [100 / abs(each.baseline) * _sign(each) for each in rows]
    _dots(axes, rows, scales, 8)
    _legend(figure)
    for row, each in enumerate(rows):
        _name(axes, row, _measure(each))
        axes.annotate(_said(each, currency), (1, row), (10, 0), ("axes fraction", "data"), "offset points", va="center",
                      fontsize=13, color=LOOKS[each.verdict][0])  # fmt: skip
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:+.0f} %".replace("-", "−") if x else "0"))
    axes.set_xlabel("←  worse        change, % of the baseline        better  →", fontsize=14)
    return figure


def _by_alternative(
    results: Results, shown: Sequence[Difference], others: Sequence[str], baseline: str, currency: str, together: str
) -> Figure:
    """Several alternatives: a row for each, a column for each of the measures that most of them have."""
    moved = [each.key for each in shown if each.verdict != "same"] or [each.key for each in shown]
    names = [key for key, _ in Counter(moved).most_common(COLUMNS)]  # of those equally frequent the first
    rows = _filled(shown, others, names)
    rest = len(others) - len(rows)
    more = f" {rest} more are in the table." if rest > 0 else ""
    figure = page(results, _title_of_many(shown, names[0], baseline, currency), f"{together}{more}")
    width = (RIGHT - LEFT) / len(names)
    titles = [_measure(next(each for each in shown if each.key == name)) for name in names]
    size = min(fitting(title, width - 0.3, 14, True) for title in titles)
    _legend(figure)
    for column, name in enumerate(names):
        left = LEFT + column * width
        axes = panel(figure, left, BOTTOM + 0.75, left + width - 0.25, TOP - 0.55)
        mine = {each.scenario: each for each in shown if each.key == name}
        cells = [mine.get(other) for other in rows]
        first = next(iter(mine.values()))
        _dots(axes, cells, [float(_sign(first))] * len(rows), 4)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _, like=first: _tick(like, x)))
        axes.set_title(_measure(first), loc="center", fontsize=size, fontweight="bold", pad=8)
        for row, each in enumerate(cells):
            if column == 0:
                _name(axes, row, display(rows[row]))
            if each is not None:
                _beside(axes, row, each, currency, len(rows))
        axes.tick_params(axis="x", labelsize=11.5)
        axes.set_xlabel(f"{_unit(first, currency)}better  →", fontsize=13, loc="right")
    return figure


def _filled(shown: Sequence[Difference], others: Sequence[str], names: Sequence[Key]) -> list[str]:
    """As many alternatives as can be read, in their order, that have one of the measures; first those that the title
    chooses from."""
    first, any_of = ({each.scenario for each in shown if each.key in keys} for keys in (names[:1], names))
    kept = {*sorted(any_of, key=lambda other: (other not in first, others.index(other)))[:ROWS]}
    return [other for other in others if other in kept]


def _dots(axes: Axes, rows: Sequence[Difference | None], scales: Sequence[float], ticks: int) -> None:
    """Dots with intervals; what is far wider than the rest ends in an arrow at the edge."""
    limit = 1.12 * _limit(rows, scales)
    axes.set_xlim(-limit, limit)
    axes.set_ylim(len(rows) - 0.4, -0.9)  # room for the number above the first dot
    axes.set_yticks([])
    axes.axvline(0, color=INK, lw=1.4, zorder=2)
    for row, (each, scale) in enumerate(zip(rows, scales, strict=True)):
        if each is None:
            continue
        colour, shape, inside = LOOKS[each.verdict]
        ends = sorted(scale * (each.difference + side * each.half_width) for side in (-1, 1))
        kept = [min(max(end, -limit), limit) for end in ends]
        axes.plot(kept, [row, row], color=colour, lw=3.5, solid_capstyle="butt", zorder=3)
        for end, edge, arrow in zip(ends, kept, "<>", strict=True):
            if end != edge:
                axes.plot([edge], [row], marker=arrow, color=colour, ms=9, clip_on=False, zorder=4)
        if abs(scale * each.difference) <= limit:
            axes.plot([scale * each.difference], [row], marker=shape, ms=8.5, mfc=inside, mec=colour, mew=2, zorder=5)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(ticks, symmetric=True))
    axes.grid(axis="x", color=FAINT)
    axes.set_axisbelow(True)


def _limit(rows: Sequence[Difference | None], scales: Sequence[float]) -> float:
    """How far the axis reaches on both sides, so that the line of no difference stands in the middle."""
    reach = [(each, abs(scale) * (abs(each.difference) + each.half_width))
             for each, scale in zip(rows, scales, strict=True) if each is not None]  # fmt: skip
    told = [far for each, far in reach if each.verdict in ("better", "worse")]
    most = max((far for _, far in reach), default=1.0)
    return (min(most, WIDEST * max(told)) if told else most) or 1.0


def _legend(figure: Figure) -> None:
    """What the marks mean, above the picture."""
    for x, text, verdict in (
        (9.35, "● better", "better"),
        (10.45, "◆ worse", "worse"),
        (11.5, "○ cannot tell", "same"),
    ):
        write(figure, x, TOP, text, 13, color=LOOKS[verdict][0], weight="bold")


def _name(axes: Axes, row: int, name: str) -> None:
    lines = textwrap.wrap(name, 34) if fitting(name, LEFT - 0.65, 14) < 11 else [name]
    text, size = clipped(max(lines[:2], key=len), "", LEFT - 0.65, 14)
    text = "\n".join(lines) if len(lines) == 2 else text
    axes.annotate(text, (0, row), (-10, 0), ("axes fraction", "data"), "offset points", ha="right", va="center",
                  fontsize=size, color=INK)  # fmt: skip


def _beside(axes: Axes, row: int, each: Difference, currency: str, rows: int) -> None:
    """The number above its dot, on paper of its own so that the line of no difference does not strike it out; the dot
    of the row above lies over the paper."""
    size, above = (11, 9) if rows <= CROWDED else (9, 5)
    axes.annotate(_said(each, currency), (0.5, row), (0, above), ("axes fraction", "data"), "offset points",
                  ha="center", va="bottom", fontsize=size, color=LOOKS[each.verdict][0], zorder=2.5,
                  bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5})  # fmt: skip


def _said(each: Difference, currency: str) -> str:
    """`−3.2 points ±0.8`."""
    text = _signed(say(Kpi("", "", "", "all", each.difference, each.half_width, each.n, each.unit), currency))
    none = re.match(r"−?0(\.0+)?(?![\d.])", text)
    return text.removeprefix("−") if none else f"+{text}" if each.difference > 0 else text


def _signed(text: str) -> str:
    return text.replace("-", "−").replace(" %", " points")


def _tick(like: Difference, x: float) -> str:
    """A difference at a tick, its unit stands below; the axis runs towards the better side."""
    value = x * _sign(like) * (100 if like.unit == "share" else 1)
    return "0" if abs(value) < 1e-12 else f"{value:+,.6g}".replace("-", "−")


def _unit(like: Difference, currency: str) -> str:
    """What the ticks of a column are in."""
    unit = {"share": "points", "s": "s", "money": currency, "h": "h"}.get(like.unit, "")
    return f"{unit}      " if unit else ""


def _sign(each: Difference) -> int:
    """1 where more is better, -1 where less is."""
    return 1 if each.better == "higher" else -1


def _measure(each: Difference) -> str:
    """What planners call it."""
    return describe(each.measure).title + (f" {display(each.name)}" if each.name != "all" else "")


def _title_of_one(shown: Sequence[Difference], baseline: str, currency: str) -> str:
    """How many measures are better and worse, and the one that moves furthest."""
    name = display(shown[0].scenario)
    told = {verdict: [each for each in shown if each.verdict == verdict] for verdict in ("better", "worse")}
    moved = [each for each in (*told["better"], *told["worse"]) if each.baseline]
    if not moved:
        return f"{capital(name)} cannot be told from {display(baseline)} in any of {len(shown)} measures"
    most = max(moved, key=lambda each: abs(each.difference / each.baseline))
    before, after = (say(Kpi("", "", "", "all", value, math.nan, 0, most.unit), currency)
                     for value in (most.baseline, most.value))  # fmt: skip
    counts = f"{len(told['better'])} of {len(shown)} measures better, {len(told['worse'])} worse"
    return f"{capital(name)}: {counts}; {_lower(_measure(most))} {before} → {after}"


def _title_of_many(shown: Sequence[Difference], key: tuple[str, str, str], baseline: str, currency: str) -> str:
    """The best alternative in the first measure."""
    mine = [each for each in shown if each.key == key]
    what, base = _measure(mine[0]), display(baseline)
    better = [each for each in mine if each.verdict == "better"]
    if better:
        best = max(better, key=lambda each: _sign(each) * each.difference)
        return f"{capital(what)}: {display(best.scenario)} is furthest ahead of {base}, {_said(best, currency)}"
    if all(each.verdict == "worse" for each in mine):
        return f"{capital(what)}: {base} is better than all {len(mine)} alternatives"
    return f"{capital(what)}: no alternative can be told to be better than {base}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text

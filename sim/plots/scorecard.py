"""The scorecard: what a board must know in ten seconds. Journeys on top, one row a channel below.

Comes in: `Results`. Goes out: a page with tiles, each a number with its interval, and a table with service levels
drawn against their targets.
"""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from ..model.channels import Target
from ..model.units import format_duration
from ..reports.counts import contacts_by_outcome
from ..runs.replicate import Results
from ..statistics.kpis import Kpi
from .page import BAD, BOTTOM, FAINT, GOOD, INK, LEFT, RIGHT, SOFT, TOP, UNSURE, canvas, clipped, display, fitting, page
from .words import NO_INTERVAL, finding, in_ten, known, percent, value_and_interval

TILES = (
    ("Resolved", "journey", "all", "resolved"),
    ("At first contact", "journey", "all", "fcr"),
    ("Contacts a journey", "journey", "all", "contacts"),
    ("Had to start over", "journey", "all", "broken"),
    ("Reach social", "channel", "social", "reached"),
    ("Cost per resolution", "journey", "all", "cost_per_resolution"),
)
COLUMNS = (("offered", 2.45), ("handled", 3.6), ("abandoned", 4.95), ("asa", 11.25), ("aht", 12.3))
"""measure and right edge, in inches"""
DOTS = (5.4, 7.9)
"""inches: 0 and 100 % of the service level"""
MOST = 10
"""rows; the channels with the most contacts come first to be shown"""


@dataclass(frozen=True)
class Verdict:
    """A service level against its target: met, missed, or too close to call with this interval."""

    name: str
    kpi: Kpi
    target: Target

    @property
    def word(self) -> str:
        """`meets`, `misses` or `unclear`; without an interval the mean decides."""
        half = self.kpi.half_width if self.kpi.half_width == self.kpi.half_width else 0.0
        if self.kpi.mean - half >= self.target.share:
            return "meets"
        return "misses" if self.kpi.mean + half < self.target.share else "unclear:"

    @property
    def colour(self) -> str:
        """Green, vermillion or grey."""
        return {"meets": GOOD, "misses": BAD}.get(self.word, UNSURE)


def verdicts(results: Results) -> list[Verdict]:
    """All channels with a target and a service level."""
    found = []
    for name in results.config.open_channels:
        target, kpi = results.config.channels[name].target, results.kpis.get("channel", name, "service_level")
        if target is not None and kpi is not None and known(kpi):
            found.append(Verdict(name, kpi, target))
    return found


def title(results: Results) -> str:
    """How many targets are met and which is furthest off; without targets, how many journeys are resolved."""
    found = verdicts(results)
    if not found:
        resolved = results.kpis.get("journey", "all", "resolved")
        if resolved is None or not known(resolved):
            return "No journey began in the measured window"
        return f"{in_ten(resolved.mean).capitalize()} journeys are resolved: {finding(resolved)}"
    worst = min(found, key=lambda verdict: verdict.kpi.mean - verdict.target.share)
    goal = f"{percent(worst.target.share)} in {format_duration(worst.target.within)}"
    of_worst = f"{display(worst.name)}, {finding(worst.kpi)} against {goal}"
    if len(found) == 1:
        verb = {"meets": "met", "misses": "missed"}.get(worst.word, "in doubt")
        return f"Service target {verb}: {of_worst}"
    missed, met = (sum(verdict.word == word for verdict in found) for word in ("misses", "meets"))
    if missed:
        return f"{missed} of {len(found)} service targets missed, most of all {of_worst}"
    if met == len(found):
        return f"{met} of {met} service targets met; closest is {of_worst}"
    return f"{met} of {len(found)} service targets surely met; in doubt is {of_worst}"


def draw(results: Results) -> Figure:
    """The page of the scorecard."""
    names = list(results.config.open_channels)
    biggest = sorted(names, key=lambda name: -_mean(results, name))[:MOST]
    shown = [name for name in names if name in biggest]
    note = "Service level: answered within target / offered in opening hours. Dot and bar: estimate and interval."
    if len(shown) < len(names):
        note += f" Not shown: the {len(names) - len(shown)} with the fewest contacts."
    figure = page(results, title(results), note)
    axes = canvas(figure, LEFT, BOTTOM + 0.05, RIGHT, TOP)
    tall = TOP - BOTTOM - 0.05
    _tiles(axes, results, tall)
    _heads(axes, results, tall - 1.6)
    height = min((tall - 1.9) / len(shown), 0.9)
    for row, name in enumerate(shown):
        _row(axes, results, name, tall - 1.9 - (row + 0.5) * height, height)
    return figure


def _mean(results: Results, name: str) -> float:
    kpi = results.kpis.get("channel", name, "offered")
    return kpi.mean if kpi is not None else 0.0


def _tiles(axes: Axes, results: Results, top: float) -> None:
    currency = results.config.economics.currency
    found = [(label, results.kpis.get(*key)) for label, *key in TILES]
    tiles = [(label, kpi) for label, kpi in found if kpi is not None and (kpi.unit != "money" or kpi.mean != 0)]
    width = (RIGHT - LEFT + 0.12) / max(len(tiles), 1)
    small = min(fitting(label, width - 0.38, 15) for label, _ in tiles)
    for i, (label, kpi) in enumerate(tiles):
        x, (value, half) = i * width, value_and_interval(kpi, currency)
        box = FancyBboxPatch((x + 0.03, top - 1.17), width - 0.18, 1.14, "round,pad=0.03", color="#f1f1f1", lw=0)
        axes.add_artist(box)
        axes.text(x + 0.12, top - 0.2, label, fontsize=small, va="center")
        size = fitting(value, width - 0.38, 25, True)
        axes.text(x + 0.12, top - 0.6, value, fontsize=size, weight="bold", va="center")
        alone = len(results.replications) < 2 and not results.config.run.batches
        axes.text(x + 0.12, top - 0.98, half or (NO_INTERVAL if alone else ""), fontsize=13, color=SOFT, va="center")


def _heads(axes: Axes, results: Results, y: float) -> None:
    window = format_duration(results.config.run.measure)
    words = {"offered": f"Offered\nin {window}", "handled": f"Handled\nin {window}", "abandoned": "Abandoned"}
    for measure, x in COLUMNS:
        axes.text(x, y, words.get(measure, measure.upper()), fontsize=13, weight="bold", ha="right", va="center")
    for share in (0.0, 0.5, 1.0):
        x = DOTS[0] + share * (DOTS[1] - DOTS[0])
        axes.text(x, y - 0.12, percent(share), fontsize=11, color=SOFT, ha="center", va="center")
    axes.text(DOTS[0], y + 0.12, "Service level against target", fontsize=13, weight="bold", va="center")
    axes.plot([0, RIGHT - LEFT], [y - 0.25, y - 0.25], color=INK, lw=1.2)


def _row(axes: Axes, results: Results, name: str, y: float, height: float) -> None:
    """One channel: numbers with their intervals below, and the service level as a dot against its target."""
    size = min(17.0, 36 * height)
    text, size = clipped(display(name), "", 1.5, size, True)
    axes.text(0, y, text, fontsize=size, weight="bold", va="center")
    counts = contacts_by_outcome(results, name)
    for measure, x in COLUMNS:
        value, half = value_and_interval(results.kpis.get("channel", name, measure), results.config.economics.currency)
        value = counts.get(measure, value)
        _number(axes, x, y, value, half, height)
    axes.plot([0, RIGHT - LEFT], [y - height / 2] * 2, color=FAINT, lw=1, zorder=0)
    verdict = next((each for each in verdicts(results) if each.name == name), None)
    if verdict is not None:
        _level(axes, verdict, y, height)
    elif (contained := results.kpis.get("channel", name, "containment")) is not None:
        text = f"no queue; {' '.join(value_and_interval(contained)).strip()} solved here"
        axes.text(DOTS[0], y, text, fontsize=13, color=SOFT, va="center")
    else:
        axes.text(DOTS[0], y, "no target", fontsize=13, color=SOFT, va="center")


def _number(axes: Axes, x: float, y: float, value: str, half: str, height: float) -> None:
    if height < 0.4 or not half:
        text = f"{value} {half}".strip()
        axes.text(x, y, text, fontsize=fitting(text, 0.95, min(16, 36 * height)), ha="right", va="center")
        return
    axes.text(x, y + 0.1, value, fontsize=fitting(value, 0.9, 16), ha="right", va="center")
    axes.text(x, y - 0.14, half, fontsize=12, color=SOFT, ha="right", va="center")


def _level(axes: Axes, verdict: Verdict, y: float, height: float) -> None:
    """Dot, interval and target on a scale from 0 to 100 %, and the verdict in words."""
    low, high = DOTS
    at = [low + (high - low) * min(max(share, 0.0), 1.0) for share in (verdict.kpi.mean, verdict.target.share)]
    axes.plot([low, high], [y, y], color=FAINT, lw=5, solid_capstyle="round", zorder=1)
    if verdict.kpi.half_width == verdict.kpi.half_width:
        ends = [low + (high - low) * min(max(end, 0.0), 1.0) for end in (verdict.kpi.lower, verdict.kpi.upper)]
        axes.plot(ends, [y, y], color=verdict.colour, lw=5, zorder=2)
    axes.plot([at[0]], [y], "o", color=verdict.colour, ms=13, zorder=3)
    axes.plot([at[1]] * 2, [y - 0.34 * height, y + 0.34 * height], color=INK, lw=3, zorder=4)
    value, half = value_and_interval(verdict.kpi)
    goal = f"{verdict.word} {percent(verdict.target.share)} in {format_duration(verdict.target.within)}"
    if height < 0.4:
        text = f"{value} {half} {goal}"
        size = fitting(text, 2.15, 12.0, True)
        axes.text(high + 0.2, y, text, fontsize=size, color=verdict.colour, weight="bold", va="center")
        return
    axes.text(high + 0.2, y + 0.125, f"{value} {half}", fontsize=15, weight="bold", va="center")
    axes.text(
        high + 0.2,
        y - 0.125,
        goal,
        fontsize=fitting(goal, 2.1, 13, True),
        color=verdict.colour,
        weight="bold",
        va="center",
    )

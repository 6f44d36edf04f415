"""The staircase: agents needed by interval, beside the plan or, where there is none, beside Erlang C.

Comes in: a finished staffing study. Goes out: a page with a panel for each group that is solved by interval.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..model.units import DAY, format_duration
from ..runs.replicate import Results
from ..statistics.kpis import Kpis
from ..studies.staffing.groups import Group
from ..studies.staffing.study import Study
from .page import BAD, BOTTOM, CHANNEL_COLOURS, FAINT, INK, LEFT, RIGHT, SOFT, TOP, page, panel

Floats = NDArray[np.float64]
MOST_GROUPS, GAP = 3, 0.75
QUESTION = "How many agents must be on duty in each interval?"
NAMED = 8
"""kinds of days up to which each has its name in the picture; beyond, at its start below"""


def title(study: Study) -> str:
    """Where the plan is shortest, or how many agents the busiest interval needs."""
    group = _shown(study)[0]
    agents = study.agents[group.name]
    if not study.has_plan:
        slot = int(np.argmax(agents))
        return f"{group.name} needs up to {agents[slot]} agents on duty ({_when(study, slot)})"
    open_slots = np.flatnonzero(group.is_open)
    missing = agents - group.plan
    short = [int(slot) for slot in open_slots if missing[slot] > 0.5]
    if not short:
        return f"The plan of {group.name} has enough agents in all {open_slots.size} intervals"
    slot = max(short, key=missing.__getitem__)
    return (
        f"{group.name}: agents are missing in {len(short)} of {open_slots.size} intervals, most of all "
        f"{missing[slot]:.0f} on {_when(study, slot)}"
    )


def _when(study: Study, slot: int) -> str:
    return " ".join(study.slots.label(slot))


def _shown(study: Study) -> list[Group]:
    return [group for group in study.groups if group.by_interval][:MOST_GROUPS]


def draw(study: Study) -> Figure:
    """The page."""
    scenario = study.config.scenario.model_copy(update={"question": QUESTION})
    config = study.config.model_copy(update={"scenario": scenario})
    numbers = tuple(range(0 if study.after is None else study.after.sums.shape[0]))
    run = config.run.model_copy(update={"replications": len(numbers)})
    results = Results(config.model_copy(update={"run": run}), Kpis([]), (), numbers, 0.0)
    asked = study.config.study.staffing.max_occupancy
    note = "On duty, net of shrinkage. " + (
        "Every interval is confirmed on replications that nothing was chosen from."
        if study.holds
        else "Not all intervals are confirmed."
    )
    figure = page(results, title(study), f"{note} Occupancy at most {asked:.0%}.")
    groups = _shown(study)
    height = (TOP - BOTTOM - 0.75 - GAP * (len(groups) - 1)) / len(groups)
    for number, group in enumerate(groups):
        top = TOP - 0.3 - number * (height + GAP)
        _group(panel(figure, LEFT + 0.35, top - height, RIGHT - 1.75, top), study, group, number == 0)
    return figure


def _group(axes: Axes, study: Study, group: Group, names: bool) -> None:
    slots = np.flatnonzero(_hours(study, group))
    edges = np.arange(slots.size + 1)
    needed = study.agents[group.name][slots].astype(float)
    axes.stairs(needed, edges, fill=True, color=CHANNEL_COLOURS[0], alpha=0.22)
    axes.stairs(needed, edges, color=CHANNEL_COLOURS[0], lw=2.4)
    beside = group.plan[slots] if study.has_plan else study.formulas[group.name].erlang_c[slots].astype(float)
    axes.stairs(beside, edges, color=INK, lw=1.6, ls=(0, (4, 2)))
    if study.has_plan:
        axes.stairs(np.maximum(needed, beside), edges, baseline=beside, fill=True, color=BAD, alpha=0.45, lw=0)
    axes.set_xlim(0, slots.size)
    axes.set_ylim(0, 1.12 * max(needed.max(), beside.max(), 1.0))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    targets = [study.config.channels[name].target for name in group.live]
    asked = ", ".join(f"{t.share:.0%} within {format_duration(t.within)}" for t in targets if t is not None)
    axes.set_title(f"{group.name}: agents on duty for {asked}", loc="left", fontsize=14, fontweight="bold", pad=8)
    _clock(axes, study, slots)
    if names:
        other = "plan" if study.has_plan else "Erlang C"
        _names(axes, [("needed", needed[-1], CHANNEL_COLOURS[0]), (other, beside[-1], INK)])


def _hours(study: Study, group: Group) -> NDArray[np.bool_]:
    """Slots from the first to the last open interval of any day, so that all days are equally wide."""
    by_day = group.is_open.reshape(-1, study.slots.per_day)
    used = np.flatnonzero(by_day.any(axis=0))
    shown = np.zeros_like(by_day)
    shown[:, used[0] : used[-1] + 1] = True
    return np.asarray(shown.ravel())


def _day(kind: str, many: int) -> str:
    """A kind of day at its start: `Thu 5`, or `5` among many; not a date: as it is."""
    try:
        date = dt.date.fromisoformat(kind[:10])
    except ValueError:
        return kind
    return f"{date.day}" if many > 14 else f"{date:%a} {date.day}"


def _clock(axes: Axes, study: Study, slots: NDArray[np.int64]) -> None:
    """Hours below, names of the kinds of days above them."""
    per_day, kinds = study.slots.per_day, study.slots.kinds
    width = slots.size // len(kinds)
    every = max(1, round(3600 * (1 if len(kinds) == 1 else 3) * per_day / DAY))
    every = every if width / every >= 2 else width
    at = [place for place, slot in enumerate(slots) if (slot % per_day) % every == 0 or place % width == 0]
    at = [place for place in at if place % width == 0 or place % width >= every] if len(kinds) > 1 else at
    show = at if len(at) <= 26 else [place for place in at if place % width == 0]
    labels = [study.slots.label(int(slots[place])) for place in show]
    starts = len(kinds) > NAMED and all(place % width == 0 for place in show)
    texts = [_day(kind, len(show)) if starts else time for kind, time in labels]
    axes.set_xticks(show, texts, fontsize=10 if len(show) > 16 else 12, ha="left" if starts else "center")
    if len(kinds) > 1:
        for number, kind in enumerate(kinds):
            if number:
                axes.axvline(number * width, color=SOFT, lw=1)
            if len(kinds) <= NAMED:
                axes.annotate(kind, ((number + 0.5) / len(kinds), 0.99), xycoords="axes fraction", ha="center",
                              va="top", fontsize=12, color=SOFT)  # fmt: skip


def _names(axes: Axes, lines: list[tuple[str, float, str]]) -> None:
    """Names at the right end, kept apart."""
    low, high = axes.get_ylim()
    apart = 0.1 * (high - low)
    places = [value for _, value, _ in lines]
    if abs(places[0] - places[1]) < apart:
        middle = sum(places) / 2
        up = 1 if places[0] >= places[1] else -1
        places = [middle + up * apart / 2, middle - up * apart / 2]
    for (name, _, colour), place in zip(lines, places, strict=True):
        axes.annotate(name, (1, place), (8, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=14,
                      color=colour, weight="bold")  # fmt: skip

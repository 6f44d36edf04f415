"""The day: when customers come, how many are answered in time, and how busy the agents are, by time of day.

Comes in: `Results`. Goes out: a page with three panels over one time axis.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..model.units import DAY, format_duration
from ..runs.replicate import Results
from .daytime import Bools, Daytime, Series, queued
from .page import CHANNEL_COLOURS, FAINT, SOFT, colours, display, fitting, page, panel, spaced
from .words import capital, finding, known, percent, value_and_interval

EDGES = ((4.27, 5.5), (2.67, 3.9), (1.07, 2.3))
"""inches: bottom and top of the panels"""
START, STOP, NAMES = 1.1, 9.55, 9.75
MOST, BANDS = 6, 4
"""lines in a panel; lines up to which their intervals can be told apart"""


def title(results: Results) -> str:
    """When which channel falls furthest short of its target; without targets, when most contacts come."""
    day, config = Daytime(results), results.config
    names = queued(config)
    found = [weakest for name in names if (weakest := _weakest(day, name)) is not None]
    if not found:
        return _busiest(day, names or list(config.open_channels))
    gap, name, label = max(found, key=lambda each: each[0])
    target = config.channels[name].target
    assert target is not None
    worst = finding(results.kpis["channel", name, "service_level", label])
    within, goal = format_duration(target.within), percent(target.share)
    if gap > 0:
        return f"{capital(display(name))} is weakest at {label}: {worst} answered within {within}, target {goal}"
    whom = capital(display(name)) + " meets its target" if len(found) == 1 else "All targets are met"
    of = "" if len(found) == 1 else f" is {display(name)}"
    return f"{whom} all day on average; weakest{of} at {label}: {worst} within {within}"


def _offered(results: Results, name: str) -> float:
    kpi = results.kpis.get("channel", name, "offered")
    return kpi.mean if kpi is not None else 0.0


def _weakest(day: Daytime, name: str) -> tuple[float, str, str] | None:
    """How far a channel falls short of its target at worst, its name and when, among intervals with at least 1 % of its
    contacts; None without a target or without a level."""
    target, whole = day.config.channels[name].target, day.results.kpis.get("channel", name, "service_level")
    volume = np.nan_to_num(day.series("channel", name, "offered").mean)
    level = np.where(volume >= 0.01 * volume.sum(), day.share(name, "service_level").mean, np.nan)
    if target is None or not known(whole) or np.isnan(level).all():
        return None
    at = int(np.nanargmin(level))
    return target.share - float(level[at]), name, day.labels[at]


def _busiest(day: Daytime, names: list[str]) -> str:
    total = np.nansum([day.offered(name).mean for name in names], axis=0)
    if not np.nansum(total):
        return "No contacts in the measured window"
    peak = int(np.nanargmax(total))
    return f"Most contacts come at {day.labels[peak]}: {total[peak]:,.0f} in {_length(day)}"


def _length(day: Daytime) -> str:
    text = format_duration(day.config.run.interval)
    return {"30 min": "half an hour", "60 min": "an hour"}.get(text, text)


def draw(results: Results) -> Figure:
    """The page of the day."""
    day, config = Daytime(results), results.config
    names = queued(config) or list(config.open_channels)
    shown = sorted(names, key=lambda name: -_offered(results, name))[:MOST]
    shown = [name for name in names if name in shown]
    figure = page(results, title(results), _note(day, max(len(names), len(config.staffing))))
    look = colours(config)
    volume, level, busy = (panel(figure, START, low, STOP, high) for low, high in EDGES)
    _volumes(volume, day, shown, look)
    _levels(level, day, shown, look)
    _occupancies(busy, day, look)
    duty = day.on_duty(list(config.staffing))
    for axes in (volume, level, busy):
        _time_axis(axes, day, duty, axes is busy)
    return figure


def _note(day: Daytime, lines: int) -> str:
    text = "Service level while the channel is served; numbers at the right: the whole window."
    if len(day.results.replications) > 1:
        text += " Bands: intervals." if lines <= BANDS else f" Intervals: up to {BANDS} lines."
    return text + (f" At most {MOST} lines are shown." if lines > MOST else "")


def _volumes(axes: Axes, day: Daytime, names: list[str], look: dict[str, str]) -> None:
    window = day.config.run.measure
    days = f"{window / DAY - day.closed_days:.3g} {'open ' if day.closed_days else ''}days"
    mean = f", mean of {days}" if window > DAY else ""
    period = "a day" if window >= DAY else f"in {format_duration(window)}"
    _head(axes, f"Contacts offered in {_length(day)}{mean}")
    lines = [day.offered(name) for name in names]
    totals = [f"{np.nansum(line.mean):,.0f} {period}" for line in lines]
    _lines(axes, day, lines, [look[name] for name in names], totals, np.inf)
    axes.set_ylim(0)


def _levels(axes: Axes, day: Daytime, names: list[str], look: dict[str, str]) -> None:
    """Service levels where there are targets, else what is abandoned."""
    config, kpis = day.config, day.results.kpis
    aimed = [name for name in names if config.channels[name].target is not None]
    measure, names = ("service_level", aimed) if aimed else ("abandoned", names)
    _head(axes, "Answered within target, share of offered (dotted: target)" if aimed else "Abandoned, share of offered")
    ends = []
    for name in names:
        value, half = value_and_interval(kpis.get("channel", name, measure))
        target = config.channels[name].target
        within = f"in {format_duration(target.within)}" if target is not None else ""
        ends.append(" ".join(part for part in (value, half, within) if part))
        if target is not None:
            axes.axhline(target.share, color=look[name], lw=1.6, ls=(0, (1, 2)), zorder=1)
    _lines(axes, day, [day.share(name, measure) for name in names], [look[name] for name in names], ends, 1.0)
    _shares(axes)


def _occupancies(axes: Axes, day: Daytime, look: dict[str, str]) -> None:
    pools = list(day.config.staffing)[:MOST]
    _head(axes, "Occupancy of agent groups while on duty" if pools else "No agent groups in this centre")
    ends = [" ".join(value_and_interval(day.results.kpis.get("pool", pool, "occupancy"))) for pool in pools]
    spare = [colour for colour in CHANNEL_COLOURS if colour not in {look.get(pool) for pool in pools}] * 2
    tints = [look[pool] if pool in look else spare.pop(0) for pool in pools]
    _lines(axes, day, [day.occupancy(pool) for pool in pools], tints, ends, 1.0)
    _shares(axes)


def _head(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=14, fontweight="bold", pad=5)


def _shares(axes: Axes) -> None:
    axes.set_ylim(0, 1.04)
    axes.set_yticks([0, 0.5, 1], ["0", "50", "100 %"])


def _lines(axes: Axes, day: Daytime, lines: list[Series], tints: list[str], ends: list[str], most: float) -> None:
    """Steps with interval bands (up to `most`), and at the right the name and the number of the whole day."""
    edges = np.append(day.hours, 24.0)
    for line, tint in zip(lines, tints, strict=True):
        if len(lines) <= BANDS:
            low, high = np.maximum(line.mean - line.half, 0), np.minimum(line.mean + line.half, most)
            axes.stairs(high, edges, baseline=low, fill=True, color=tint, alpha=0.18, lw=0)
        axes.stairs(line.mean, edges, baseline=None, color=tint, lw=2.4)
    peak = max([float(np.nanmax(np.append(line.mean, 0))) for line in lines] or [1.0])
    top = most if np.isfinite(most) else peak
    _names(axes, [display(line.name) for line in lines], tints, ends, [_typical(line) / (top or 1) for line in lines])


def _typical(line: Series) -> float:
    return float(np.nanmedian(line.mean)) if np.isfinite(line.mean).any() else 0.0


def _names(axes: Axes, names: list[str], tints: list[str], ends: list[str], levels: list[float]) -> None:
    room = min(0.2, 1.05 / max(len(names), 1))
    for at, name, tint, end in zip(spaced(levels, room, 0.05, 1.02), names, tints, ends, strict=True):
        axes.plot([1.015, 1.045], [at, at], color=tint, lw=5, transform=axes.transAxes, clip_on=False)
        text = f"{name} {end}"
        size = fitting(text, 2.75, 13 if room >= 0.18 else 11)
        axes.text(1.055, at, text, fontsize=size, va="center", transform=axes.transAxes)


def _time_axis(axes: Axes, day: Daytime, duty: Bools, labelled: bool) -> None:
    axes.set_xlim(0, 24)
    hours = range(0, 25, 3)
    axes.set_xticks(hours, [f"{hour:02d}:00" for hour in hours] if labelled else [""] * len(hours))
    axes.tick_params(labelsize=13)
    if not duty.any():
        return
    edges = np.flatnonzero(np.diff([True, *duty, True])) * 24 / duty.size
    for start, stop in edges.reshape(-1, 2):
        axes.axvspan(start, stop, color=FAINT, lw=0, zorder=0)
    if labelled and (~duty[:4]).all():
        axes.text(0.15, 0.5, "no agents\non duty", fontsize=12, color=SOFT, va="center")

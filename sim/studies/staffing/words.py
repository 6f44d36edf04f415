"""How many agents are needed, as a planner reads it: groups, the day, the check, and why formulas differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from ...measures.catalogue import describe
from ...model.units import HOUR
from ...reports.numbers import say_share
from .groups import Group
from .reasons import reasons
from .study import Study, verdict

Agents = NDArray[np.float64] | NDArray[np.int64]
HEADER = ("agent group", "plan", "needed", "over (+) or under (-)", "net FTE", "scheduled FTE", "Erlang C", "Erlang A")


def staffing_table(study: Study) -> str:
    """The whole text of a study."""
    parts = [_summary(study), _day(study), _levels(study), _service(study), "\n".join(reasons(study)), _foot(study)]
    return "\n\n".join(part for part in parts if part)


def fte(study: Study, group: Group, agents: Agents) -> tuple[float, float]:
    """Full-time equivalents of agents by slot: net, and to schedule so that shrinkage leaves as many."""
    net = study.hours(agents) * HOUR / study.config.economics.hours_per_fte
    return net, net / (1 - group.shrinkage) if group.shrinkage < 1 else float("nan")


def _summary(study: Study) -> str:
    rows = []
    for group in study.groups:
        agents = study.agents[group.name]
        plan, needed = study.hours(group.plan), study.hours(agents)
        net, scheduled = fte(study, group, agents)
        formulas = [f"{study.hours(study.erlang(group, patient)):,.0f} h" for patient in (True, False)]
        rows.append(
            [group.name, f"{plan:,.0f} h", f"{needed:,.0f} h", f"{plan - needed:+,.0f} h", f"{net:.1f}",
             f"{scheduled:.1f}", *(formulas if group.by_interval else ("–", "–"))]
        )  # fmt: skip
    table = tabulate(rows, HEADER, tablefmt="simple", colalign=_left_then_right(HEADER), disable_numparse=True)
    return f"Agents on duty (net of shrinkage), hours a week\n{table}"


def _left_then_right(header: Sequence[str]) -> list[str]:
    return ["left"] + ["right"] * (len(header) - 1)


def _day(study: Study) -> str:
    """Agents by time of day, a column for each group and kind of day, with what the plan has too many or too few."""
    live, slots = [group for group in study.groups if group.by_interval], study.slots
    if not live:
        return ""
    header = ["from", *(f"{group.name} {kind}" for group in live for kind in slots.kinds)]
    rows = []
    for interval in range(slots.per_day):
        numbers = [kind * slots.per_day + interval for kind in range(len(slots.kinds))]
        if any(study.agents[group.name][slot] > 0 or group.plan[slot] > 0 for group in live for slot in numbers):
            cells = [_cell(group, int(study.agents[group.name][slot]), slot) for group in live for slot in numbers]
            rows.append([slots.label(interval)[1], *cells])
    table = tabulate(rows, header, tablefmt="simple", colalign=_left_then_right(header), disable_numparse=True)
    return f"Agents needed on duty, and in brackets what the plan has more (+) or less (-)\n{table}"


def _cell(group: Group, needed: int, slot: int) -> str:
    if needed == 0 and group.plan[slot] == 0:
        return ""
    return f"{needed} ({group.plan[slot] - needed:+.1f})"


def _levels(study: Study) -> str:
    lines = []
    for group in study.groups:
        if group.deferred:
            level = study.search.levels[group.name]
            most = (
                f"{group.at_level(level.at if level.does is None else level.does).max()} agents at the peak of its plan"
            )
            said = f"at least {most} in any case" if group.by_interval else f"{most} (plan: {group.plan.max():.1f})"
            if level.stuck:
                said += "; more agents do not help: change hours or target"
            lines.append(f"{group.name} ({', '.join(group.deferred)}): {said}")
    return "\n".join(lines)


def _service(study: Study) -> str:
    rows = []
    for group in study.groups:
        for limit, value, half in study.judged(group):
            counts = Counter(verdict(limit, v, h) for v, h in zip(value[1:], half[1:], strict=True))
            asked = f"{'at least' if limit.at_least else 'at most'} {limit.value:.0%}"
            each = [f"{counts[word]}" for word in ("meets", "within noise", "misses")]
            each = each if limit.name not in group.deferred else [verdict(limit, value[0], half[0]), "", ""]
            title = f"{describe(limit.measure).title} {limit.name}"
            rows.append([title, asked, say_share(value[0], half[0]), *each])
    header = ("asked", "limit", "whole window", "intervals that meet it", "short within noise", "miss it")
    table = tabulate(rows, header, tablefmt="simple", colalign=["left", *["right"] * 5], disable_numparse=True)
    if study.confirmed is None:
        return f"Not confirmed: what the search itself saw, which flatters\n{table}"
    return f"Confirmed by {study.config.study.staffing.confirm} replications that the search did not see\n{table}"


def _foot(study: Study) -> str:
    search, run, slots = study.search, study.config.run, study.slots
    asked, settled = search.slots_asked, search.slots_settled
    lines = [
        f"{search.rounds} staffings of {run.replications} replications simulated (seed {run.seed}), settled in time "
        f"order; {int(round(slots.length / 60))}-minute intervals; {', '.join(slots.kinds)}.",
        f"Intervals ±: {run.confidence:.0%}, each alone. Level and abandonment are of contacts offered when open; "
        "deferred ones of those that join in opening hours.",
    ]
    if settled < asked:
        lines.append(
            f"{asked - settled} of {asked} intervals not settled: they may have an agent too many or too few "
            "(study.staffing.rounds)."
        )
    for name, count in _stuck(study):
        lines.append(f"{name}: in {count} intervals no number of agents meets the limits; left as they were.")
    return "\n".join(lines)


def _stuck(study: Study) -> Iterator[tuple[str, int]]:
    for group in study.groups:
        count = sum(name == group.name for name, _ in study.search.stuck)
        if count:
            yield group.name, count

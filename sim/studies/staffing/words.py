"""How many agents are needed, as a planner reads it: groups, the day, the check, and why formulas differ.

Comes in: a `Study`. Goes out: text. `statement` is the sentence that the confirmation allows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from ...measures.catalogue import describe
from ...model.units import HOUR, format_duration
from ...reports.numbers import say_share
from ...theory import scheduled_heads
from .groups import Group
from .limits import Limit
from .reasons import reasons
from .study import Study, verdict

Agents = NDArray[np.float64] | NDArray[np.int64]
HEADER = ("agent group", "plan", "needed", "over (+) or under (-)", "net FTE", "scheduled FTE", "Erlang C", "Erlang A",
          "for occupancy")  # fmt: skip
DECIDING = {"service_level": "service level", "occupancy": "occupancy", "abandoned": "abandonment"}


def staffing_table(study: Study) -> str:
    """The whole text of a study."""
    parts = [
        _summary(study), _day(study), _levels(study), _service(study),
        "\n".join(reasons(study)), _foot(study), statement(study),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def statement(study: Study) -> str:
    """What may be claimed of the answer: that it holds, with which confidence, or what is short."""
    check, confidence = study.checked, study.config.run.confidence
    if check is None:
        return "Not confirmed: the numbers are what the search reached."
    asked = "; ".join(dict.fromkeys(_asked(study, limit) for ladder in check.ladders for limit in ladder.need.limits))
    if check.holds:
        return (
            f"Every interval meets its limits with {confidence:.0%} confidence, all of them together: {asked}. "
            f"Confirmed on {check.rounds * check.replications} replications that nothing was chosen from, in "
            f"{check.rounds} round{'s' if check.rounds > 1 else ''}, each interval on those with its final number."
        )
    names = Counter(check.ladders[which].need.group.name for which in check.short)
    short = ", ".join(f"{count} of {name}" for name, count in names.items())
    return f"Not every interval is confirmed after {check.rounds} rounds; short are {short}. Asked: {asked}."


def _asked(study: Study, limit: Limit) -> str:
    if limit.measure == "service_level":
        target = study.config.channels[limit.name].target
        assert target is not None
        return f"{limit.name} {target.share:.0%} within {format_duration(target.within)}"
    return f"{DECIDING[limit.measure]} of {limit.name} at most {limit.value:.0%}"


def decided_by(study: Study, group: Group) -> list[str]:
    """By slot, the limit that asks for most agents by the formulas: service level, occupancy or abandonment; empty
    where none are needed, and for a group with deferred channels only the service level."""
    of = study.formulas.get(group.name)
    if of is None:
        return ["service level" if n > 0 else "" for n in study.agents[group.name]]
    level = of.erlang_c if of.erlang_a is None else of.erlang_a
    asked = {"service level": level, "occupancy": of.for_occupancy, "abandonment": of.for_abandonment}
    numbers = {name: each for name, each in asked.items() if each is not None}
    most = [
        max(numbers, key=dict(zip(numbers, row, strict=True)).__getitem__)
        for row in zip(*numbers.values(), strict=True)
    ]
    return [name if need > 0 else "" for name, need in zip(most, study.agents[group.name], strict=True)]


def fte(study: Study, group: Group, agents: Agents) -> tuple[float, float]:
    """Full-time equivalents of agents by slot: net, and to schedule, in whole people by interval, so that shrinkage
    leaves as many."""
    net = study.hours(agents) * HOUR / study.config.economics.hours_per_fte
    if group.shrinkage >= 1:
        return net, float("nan")
    paid = np.array([scheduled_heads(int(n), group.shrinkage) for n in agents])
    return net, study.hours(paid) * HOUR / study.config.economics.hours_per_fte


def _summary(study: Study) -> str:
    rows = []
    for group in study.groups:
        agents = study.agents[group.name]
        plan, needed = study.hours(group.plan), study.hours(agents)
        net, scheduled = fte(study, group, agents)
        known = [f"{plan:,.0f} h", f"{needed:,.0f} h", f"{plan - needed:+,.0f} h"]
        mine = known if study.has_plan else ["–", known[1], "–"]
        rows.append([group.name, *mine, f"{net:.1f}", f"{scheduled:.1f}", *_formula_hours(study, group)])
    table = tabulate(rows, HEADER, tablefmt="simple", colalign=_left_then_right(HEADER), disable_numparse=True)
    return f"Agents on duty (net of shrinkage), hours a week\n{table}"


def _formula_hours(study: Study, group: Group) -> list[str]:
    of = study.formulas.get(group.name)
    columns = (of.erlang_c, of.erlang_a, of.for_occupancy) if of else (None,) * 3
    return ["–" if each is None else f"{study.hours(each):,.0f} h" for each in columns]


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
            cells = [_cell(study, group, slot) for group in live for slot in numbers]
            rows.append([slots.label(interval)[1], *cells])
    table = tabulate(rows, header, tablefmt="simple", colalign=_left_then_right(header), disable_numparse=True)
    beside = "in brackets what the plan has more (+) or less (-)" if study.has_plan else "in brackets Erlang C"
    return f"Agents needed on duty, {beside}; o: occupancy decides, a: abandonment\n{table}"


def _cell(study: Study, group: Group, slot: int) -> str:
    needed, plan = int(study.agents[group.name][slot]), group.plan[slot]
    if needed == 0 and plan == 0:
        return ""
    beside = f"{plan - needed:+.1f}" if study.has_plan else f"{study.formulas[group.name].erlang_c[slot]}"
    mark = {"occupancy": " o", "abandonment": " a"}.get(decided_by(study, group)[slot], "")
    return f"{needed} ({beside}){mark}"


def _levels(study: Study) -> str:
    lines = []
    for ladder, number in zip(study.search.ladders, study.numbers, strict=True):
        if ladder.need.is_level:
            group = ladder.need.group
            most = f"{group.at_level(number).max()} agents at the peak of its plan"
            text = f"at least {most} in any case" if group.by_interval else f"{most} (plan: {group.plan.max():.1f})"
            if ladder.stuck:
                text += "; more agents do not help: change hours or target"
            lines.append(f"{group.name} ({', '.join(group.deferred)}): {text}")
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
    if study.checked is None:
        return f"Not confirmed: at the plan\n{table}" if rows else ""
    count = study.checked.replications
    return (
        f"On replications that nothing was chosen from: intervals on all rounds with their number, the whole window on "
        f"the {count} of the last\n{table}"
    )


def _foot(study: Study) -> str:
    search, run, slots = study.search, study.config.run, study.slots
    lines = [
        f"{search.rounds} staffings simulated in the search (seed {run.seed}); "
        f"{int(round(slots.length / 60))}-minute intervals; {', '.join(slots.kinds)}.",
        f"Intervals ±: {run.confidence:.0%}, each alone. Level and abandonment are of contacts offered when open; "
        "deferred ones of those that join in opening hours.",
    ]
    if search.needs_settled < len(search.ladders):
        lines.append(
            f"{len(search.ladders) - search.needs_settled} of {len(search.ladders)} numbers not settled: they may be "
            "an agent too many (study.staffing.rounds)."
        )
    lines += [f"{name}: in {count} intervals no number of agents meets the limits." for name, count in _stuck(study)]
    return "\n".join(lines)


def _stuck(study: Study) -> Iterator[tuple[str, int]]:
    counts = Counter(ladder.need.group.name for ladder in study.search.ladders if ladder.stuck)
    yield from counts.items()

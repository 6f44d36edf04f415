"""Why the simulated requirement and the formulas differ: one sentence for each reason that this centre has."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ...model.channels import LiveChannel
from ...theory import scheduled_heads
from .groups import Group
from .study import Study


def reasons(study: Study) -> list[str]:
    """Sentences, with the agent hours a week that each reason moves where they can be told apart."""
    lines = [line for group in study.groups if group.by_interval for line in _of_group(study, group)]
    return ["Why the formulas say something else (agent hours a week)", *lines] if lines else []


def _of_group(study: Study, group: Group) -> Iterator[str]:
    before, after = study.formulas[group.name], study.formulas_after(group)
    needed = study.hours(study.agents[group.name])
    at = study.hours(before.erlang_c)
    yield f"{group.name}: Erlang C {at:,.0f}, simulated and confirmed {needed:,.0f} on duty"
    if before.erlang_a is not None:
        leaving = study.hours(before.erlang_a)
        yield f"  {leaving - at:+,.0f}  customers who hang up leave the queue (Erlang A in place of Erlang C)"
        at = leaving
    limited = study.hours(before.all_asked)
    if limited > at:
        yield f"  {limited - at:+,.0f}  {_deciding(study, group)}"
        at = limited
    if after is not before:
        then = study.hours(after.all_asked)
        yield f"  {then - at:+,.0f}  {_volumes(study, group)}"
        at = then
    yield f"  {needed - at:+,.0f}  {'; '.join(_rest(study, group))}"
    if group.shrinkage > 0:
        paid = study.hours(np.array([scheduled_heads(int(n), group.shrinkage) for n in study.agents[group.name]]))
        yield (
            f"  {paid - needed:+,.0f}  shrinkage of {group.shrinkage:.0%}: {paid:,.0f} to schedule, in whole people; "
            "formulas stop before it"
        )


def _deciding(study: Study, group: Group) -> str:
    """Which other limits ask for more than the service level."""
    of = study.formulas[group.name]
    level = of.erlang_c if of.erlang_a is None else of.erlang_a
    asked = study.config.study.staffing
    busy, leave = of.for_occupancy, of.for_abandonment
    parts = []
    if busy is not None and (busy > level).any():
        parts.append(f"occupancy of at most {asked.max_occupancy:.0%} decides in {int((busy > level).sum())} intervals")
    if leave is not None and (leave > level).any():
        parts.append(
            f"abandonment of at most {asked.max_abandonment:.0%} decides in {int((leave > level).sum())} intervals"
        )
    return "; ".join(parts)


def _volumes(study: Study, group: Group) -> str:
    changes = []
    assert study.plan is not None
    assert study.after is not None
    for name in group.live:
        now, then = float(study.plan.offered(name)[0]), float(study.after.offered(name)[0])
        changes.append(f"{name} {then / now - 1 if now > 0 else 0.0:+.1%}")
    return f"contacts ({', '.join(changes)}) and handle times with the new agents: redials follow earlier service"


def _rest(study: Study, group: Group) -> Iterator[str]:
    config, pool = study.config, study.config.staffing[group.name]
    busy = [stream.busyness.shape for stream in config.demand.streams.values() if stream.count == "mixed_poisson"]
    channels = [config.channels[name] for name in group.live]
    if busy:
        yield f"days differ (volume ±{1 / math.sqrt(min(busy)):.0%}, one standard deviation)"
    yield "queues carry over from one interval to the next"
    if any(each.service.law != "exponential" or each.wrap_up for each in channels if isinstance(each, LiveChannel)):
        yield "handle times are not exponential"
    if any(pool.concurrency.get(name, each.concurrency) > 1 for name, each in zip(group.live, channels, strict=True)
           if isinstance(each, LiveChannel)):  # fmt: skip
        yield "agents hold several contacts at a time"
    if len(group.live) > 1 or group.deferred:
        yield "the group serves several channels"
    if any(set(other.serves) & set(group.live) for name, other in config.staffing.items() if name != group.name):
        yield "other groups help"
    yield "whole people, and a little room where only that can be confirmed"

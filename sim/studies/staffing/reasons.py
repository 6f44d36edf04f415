"""Why the simulated requirement and the formulas differ: one sentence for each reason that this centre has."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...model.channels import LiveChannel
from .groups import Group
from .study import Study


def reasons(study: Study) -> list[str]:
    """Sentences, with the agent hours a week that each reason moves where they can be told apart."""
    lines = [line for group in study.groups if group.by_interval for line in _of_group(study, group)]
    return ["Why the formulas say something else (agent hours a week)", *lines] if lines else []


def _of_group(study: Study, group: Group) -> Iterator[str]:
    c, a, after = (
        study.hours(study.erlang(group, patient, later))
        for patient, later in ((True, False), (False, False), (False, True))
    )
    needed = study.hours(study.agents[group.name])
    yield f"{group.name}: Erlang C {c:,.0f}, Erlang A {a:,.0f}, simulated {needed:,.0f} on duty"
    yield f"  {a - c:+,.0f}  who hangs up leaves the queue, and not too many may (Erlang A instead of C)"
    yield f"  {after - a:+,.0f}  {_volumes(study, group)}"
    yield f"  {needed - after:+,.0f}  {'; '.join(_rest(study, group))}"
    if group.shrinkage > 0:
        yield (
            f"  {needed / (1 - group.shrinkage) - needed:+,.0f}  shrinkage of {group.shrinkage:.0%}: "
            f"{needed / (1 - group.shrinkage):,.0f} to schedule; formulas stop before it"
        )


def _volumes(study: Study, group: Group) -> str:
    changes = []
    for name in group.live:
        now, then = float(study.plan.offered(name)[0]), float(study.same_luck.offered(name)[0])
        change = then / now - 1 if now > 0 else 0.0
        changes.append(f"{name} {change:+.1%}")
    said = ", ".join(changes)
    return f"contacts ({said}) and handle times with the new agents: redials follow earlier service"


def _rest(study: Study, group: Group) -> Iterator[str]:
    """What the formulas leave out, of what this centre has; the simulation has all of it at once."""
    shapes = [s.busyness.shape for s in study.config.demand.streams.values() if s.count == "mixed_poisson"]
    if shapes:
        yield f"days differ (volume ±{1 / math.sqrt(min(shapes)):.0%}, one standard deviation)"
    yield "queues carry over from one interval to the next"
    if any(channel.service.law != "exponential" for _, channel in _live(study, group)):
        yield "handle times are not exponential"
    pool = study.config.staffing[group.name]
    if any(pool.concurrency.get(name, channel.concurrency) > 1 for name, channel in _live(study, group)):
        yield "agents hold several contacts at a time"
    if len(group.live) > 1:
        yield "channels share these agents, where formulas take each alone"
    helped = [
        name for name in group.live
        if sum(name in pool.serves for pool in study.config.staffing.values()) > 1
    ]  # fmt: skip
    if helped:
        yield f"other groups help with {', '.join(helped)}"
    if group.deferred:
        yield f"{', '.join(group.deferred)} takes some of their time"
    yield "simulation noise, an agent or so at single intervals"


def _live(study: Study, group: Group) -> Iterator[tuple[str, LiveChannel]]:
    for name in group.live:
        channel = study.config.channels[name]
        if isinstance(channel, LiveChannel):
            yield name, channel

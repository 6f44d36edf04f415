"""What a fit misses and cannot reach, in words. Comes in: a solver and one of its steps. Goes out: texts by what they
are about."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...coded.tables import tables_of
from ...model.centre import Configuration
from ..compared import OFFERED
from ..imported import Finding
from .targets import Target, law_of

if TYPE_CHECKING:
    from .solve import Solver, Step


def key(target: Target) -> str:
    """What a target is about."""
    return f"channel {target.channel}, {target.column}"


def misses(solver: Solver, step: Step) -> dict[str, tuple[float, str]]:
    """What is not yet as imported: by how many tolerances, and in words."""
    from .solve import HANDLE_TOLERANCE, VOLUME_TOLERANCE, left_of_handle

    found = {}
    for name in solver.table.channels:
        gave = np.mean(step.gave[name], axis=0)
        wanted, got = solver.table.total_offered(name), float(gave[..., OFFERED].sum())
        if name in solver.search.names:
            miss = abs(got - wanted) / max(VOLUME_TOLERANCE * wanted, 1.0)
            found[f"{name} offered"] = miss, f"{name} offered {got:,.0f} of {wanted:,.0f}"
        off = step.fitted.handle[name] * left_of_handle(gave) - 1
        found[f"{name} aht"] = abs(off) / HANDLE_TOLERANCE, f"{name} AHT off by {off:.1%}"
    for target in solver.search.targets:
        value = solver.value(step, target)
        miss = abs(value - target.value) / solver.tolerance(step, target)
        column = {"abandoned_pct": "abandoned", "sl_pct": "service level", "asa_s": "speed of answer"}[target.column]
        found[key(target)] = miss, f"{target.channel} {column} {target.said(value)} of {target.said(target.value)}"
    return {what: (float(miss), text) for what, (miss, text) in found.items() if miss > 1}


def beyond(solver: Solver, step: Step, target: Target) -> str:
    """Why a target cannot be reached, and what a planner can do."""
    value, name = solver.value(step, target), target.channel
    factor = solver.search.factor(step.fitted, target)
    if target.parameter == "staffing":
        return (
            f"{target.said(target.value)} cannot be reached with the volumes and handle times imported: with "
            f"{factor:.1f} times the agents imported it is {target.said(value)}. Are agents in another unit, or is the "
            f"target not {_within(solver, name)}? data.assume.staffing=1 leaves the agents as they are"
        )
    law = law_of(solver.config, name)
    mean = law.mean_value * factor if law else 0.0
    advice = "data.assume.staffing=1.1 says that 10 % more agents were there than the file has"
    if any(other.parameter == "staffing" for other in solver.of_channel(name)):
        advice = "abandonment and service level do not go together: see their columns' definitions"
    return (
        f"{target.said(target.value)} cannot be reached with the agents, volumes and handle times imported: at a mean "
        f"patience of {mean:,.0f} s {target.said(value)} leave ({advice}; data.longest_patience says more)"
    )


def _within(solver: Solver, name: str) -> str:
    target = getattr(solver.config.channels[name], "target", None)
    return f"answered within {target.within:.0f} s" if target else "answered within 20 s"


def too_much(solver: Solver, step: Step) -> dict[str, str]:
    """Volumes that switches and redials alone exceed by more than a file's luck, whatever their factor."""
    from .solve import BEYOND_LUCK

    gave = {name: np.asarray(np.mean(each, axis=0)) for name, each in step.gave.items()}
    found = {}
    for name in solver.excess(step.fitted, gave):
        got, wanted = gave[name][..., OFFERED].sum(), solver.table.total_offered(name)
        if got - wanted <= BEYOND_LUCK * np.sqrt(wanted):
            continue
        found[f"channel {name}, offered"] = (
            f"switches and redials alone bring {got:,.0f} contacts, more than the {wanted:,.0f} imported: "
            "data.assume.switches=0.5 halves them, data.assume.switches=0 has none; or say data.volumes=first_contacts"
        )
    return found


def sharing(config: Configuration, finding: Finding) -> list[str]:
    """What else explains a factor on agents who hold several contacts: what the file's handle times are, or how quick
    such agents are. Nothing where neither would bring the factor nearer to 1."""
    name = finding.channel
    own = getattr(config.channels[name], "concurrency", 1)
    held, place, key = max(
        (pool.concurrency.get(name, own), place, key)
        for place, (key, pool) in enumerate(config.staffing.items())
        if name in pool.serves
    )
    if held < 2 or name in config.data.aht_divided_by:
        return []
    speed = float(tables_of(config).desks.speeds[place][held - 1])
    if finding.value * math.sqrt(speed) < 1:
        return [
            f"channel {name}: its agents hold {held} at a time. Are the file's handle times agents' time, and not from "
            f"answer to end? 'data.aht_divided_by={{{name}: {speed:g}}}' says so"
        ]
    if finding.value > 1 and speed < held and "speeds" not in str(config.data.assume.centre):
        quick = ", ".join(str(n) for n in range(1, held + 1))
        return [
            f"channel {name}: assumed is that an agent with {held} works {speed:g} times as fast as with one. If they "
            f"take no longer beside each other: 'data.assume.centre={{staffing.{key}.speeds: [{quick}]}}'"
        ]
    return []

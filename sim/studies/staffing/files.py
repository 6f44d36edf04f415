"""What the staffing study leaves in its folder.

Comes in: a `Study`. Goes out: staffing.csv and .parquet (a row for each group and slot), targets.csv and .parquet (a
row for each limit and slot), scenarios/required.yaml (the answer as a scenario that runs at once), manifest.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...reports.files import write_columns, write_manifest
from .study import Study, verdict

STAFFING = (
    "group", "days", "interval", "plan", "required", "over_under", "scheduled", "erlang_c", "erlang_a",
    "erlang_a_after", "offered", "offered_after", "settled",
)  # fmt: skip
TARGETS = ("group", "days", "interval", "scope", "name", "measure", "limit", "mean", "half_width", "lower", "upper",
           "n", "verdict", "confirmed")  # fmt: skip
SCENARIO = "required"


def write_staffing(
    study: Study, container: Mapping[str, Any], folder: Path, overrides: Sequence[str] = (), runs_at_once: bool = True
) -> list[Path]:
    """All files; what is there so far if the study was interrupted."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = write_columns(folder / "staffing", STAFFING, list(_staffing(study)))
    paths += write_columns(folder / "targets", TARGETS, list(_targets(study)))
    search = study.search
    said = {"study": "staffing", "staffings_simulated": search.rounds, "settled": search.settled}
    said |= {"confirmed": study.confirmed is not None}
    manifest = write_manifest(folder, study.baseline, container, overrides, **said)
    return [*paths, *([_write_scenario(study, folder)] if runs_at_once else []), manifest]


def _staffing(study: Study) -> Iterator[list[Any]]:
    slots, dates = study.slots, np.repeat(study.slots.dates, study.slots.per_day)
    for group in study.groups:
        agents, nothing = study.agents[group.name], np.full(slots.count, np.nan)
        formulas = [
            study.erlang(group, *how).astype(float) if group.by_interval else nothing
            for how in ((True, False), (False, False), (False, True))
        ]
        channels = group.live or group.deferred
        offered = [sum(seen.offered(name)[1:] for name in channels) / dates for seen in (study.plan, study.same_luck)]
        for slot in range(slots.count):
            if group.least[slot] > 0 or group.plan[slot] > 0 or agents[slot] > 0:
                need, plan = int(agents[slot]), float(group.plan[slot])
                settled = (
                    study.search.is_settled(group, slot) if group.by_interval
                    else study.search.levels[group.name].settled
                )  # fmt: skip
                yield [
                    group.name, *slots.label(slot), plan, need, plan - need, need / (1 - group.shrinkage),
                    *(float(each[slot]) for each in (*formulas, *offered)), settled,
                ]  # fmt: skip


def _targets(study: Study) -> Iterator[list[Any]]:
    fresh = study.confirmed is not None
    for group in study.groups:
        for limit, value, half in study.judged(group):
            for column in range(value.size):
                days, at = ("all", "all") if column == 0 else study.slots.label(column - 1)
                mean, width = float(value[column]), float(half[column])
                if column == 0 or (limit.name not in group.deferred and not np.isnan(mean)):
                    yield [
                        group.name, days, at, limit.scope, limit.name, limit.measure, limit.value, mean, width,
                        mean - width, mean + width, study.after.sums.shape[0], verdict(limit, mean, width), fresh,
                    ]  # fmt: skip


def _write_scenario(study: Study, folder: Path) -> Path:
    """scenarios/required.yaml: a delta on the scenario that the study ran."""
    target = folder / "scenarios" / f"{SCENARIO}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    config = study.config
    base = config.scenario.name
    lines = [
        "# @package _global_",
        f"# Agents on duty found by study=staffing, by interval of a week from the weekday of {config.run.start} on.",
        *(["defaults:", f"  - {base}", "  - _self_"] if base != "siloed" else []),
        "scenario:", f"  name: {SCENARIO}", "  question: What if every interval had the agents it needs?",
        '  change: "agents by interval instead of the plan"', "  expect: every target met", "  source: study=staffing",
        "staffing:",
    ]  # fmt: skip
    for name, pool in study.answer.staffing.items():
        if name in study.agents and pool.counts is not None:
            values = ", ".join(f"{value:g}" for value in pool.counts.values)
            lines += [
                f"  {name}:", "    agents: 0", "    said: net", "    weekday: null", "    shifts: []",
                "    counts:", f"      interval: {pool.counts.interval:g} s", f"      values: [{values}]",
            ]  # fmt: skip
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target

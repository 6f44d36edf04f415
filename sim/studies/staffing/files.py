"""What the staffing study leaves in its folder.

Comes in: a `Study`. Goes out: staffing.csv and .parquet (a row for each group and slot), targets.csv and .parquet (a
row for each limit and slot), scenarios/required.yaml (the answer as a scenario that runs at once), manifest.json.
`decided_by` names the limit that asks for most by the formulas: service level, occupancy or abandonment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...model.centre import Configuration
from ...reports.files import write_columns, write_manifest
from ...runs.replicate import Results
from ...statistics.kpis import Kpis
from ...theory import scheduled_heads
from .groups import Group
from .roster import write_roster, write_workbook
from .study import Study, verdict
from .words import decided_by, statement

STAFFING = (
    "group", "days", "interval", "plan", "required", "over_under", "scheduled", "decided_by", "erlang_c", "erlang_a",
    "for_occupancy", "for_abandonment", "offered", "aht", "settled", "confirmed",
)  # fmt: skip
TARGETS = ("group", "days", "interval", "scope", "name", "measure", "limit", "mean", "half_width", "lower", "upper",
           "n", "verdict", "confirmed")  # fmt: skip
SCENARIO = "required"


def write_staffing(
    study: Study, container: Mapping[str, Any], folder: Path, overrides: Sequence[str] = (),
    own_file: Path | None = None,
) -> list[Path]:  # fmt: skip
    """All files; what is there so far if the study was interrupted. `own_file` has the volumes, if they are a
    planner's."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = write_columns(folder / "staffing", STAFFING, list(_staffing(study)))
    paths += write_columns(folder / "targets", TARGETS, list(_targets(study)))
    facts = {"study": "staffing", "staffings_simulated": study.search.rounds, "settled": study.search.settled}
    facts |= {"confirmed": study.holds, "statement": statement(study)}
    ran = study.baseline or Results(study.config, Kpis([]), (), (), 0.0)
    manifest = write_manifest(folder, ran, container, overrides, **facts)
    paths += [*write_roster(study, folder / "required.csv"), *write_workbook(study, folder / "required.xlsx")]
    return [*paths, _write_scenario(study, folder, own_file), manifest]


def _staffing(study: Study) -> Iterator[list[Any]]:
    for group in study.groups:
        rows = Rows(study, group)
        for slot in range(study.slots.count):
            if group.least[slot] > 0 or group.plan[slot] > 0 or rows.agents[slot] > 0:
                yield rows.of(slot)


class Rows:
    """Rows of staffing.csv of one group."""

    def __init__(self, study: Study, group: Group) -> None:
        self.study, self.group = study, group
        self.agents, self.decided = study.agents[group.name], decided_by(study, group)
        nothing = np.full(study.slots.count, np.nan)
        of = study.formulas.get(group.name)
        columns = (of.erlang_c, of.erlang_a, of.for_occupancy, of.for_abandonment) if of else (None,) * 4
        self.formulas = [nothing if each is None else each for each in columns]
        volumes = list(study.volumes[group.name].values())
        self.offered = np.sum([each.contacts for each in volumes], axis=0) if volumes else nothing
        work = np.sum([each.contacts * each.handle for each in volumes], axis=0) if volumes else nothing
        self.aht = np.divide(work, self.offered, out=nothing.copy(), where=self.offered > 0)
        self.settled = dict(_by_slot(study, group, [ladder.settled for ladder in study.search.ladders]))
        short = set(study.checked.short) if study.checked else set(range(len(study.search.ladders)))
        self.confirmed = dict(_by_slot(study, group, [n not in short for n in range(len(study.search.ladders))]))

    def of(self, slot: int) -> list[Any]:
        """The row of a slot."""
        need, plan = int(self.agents[slot]), float(self.group.plan[slot]) if self.study.has_plan else float("nan")
        return [
            self.group.name, *self.study.slots.label(slot), plan, need, plan - need,
            scheduled_heads(need, self.group.shrinkage) if self.group.shrinkage < 1 else float("nan"),
            self.decided[slot], *(float(each[slot]) for each in self.formulas),
            float(self.offered[slot]), float(self.aht[slot]),
            bool(self.settled.get(slot, True)), bool(self.confirmed.get(slot, True)),
        ]  # fmt: skip


def _by_slot(study: Study, group: Group, values: Sequence[bool]) -> Iterator[tuple[int, bool]]:
    """Slot and value, of values by need; a level's value is that of every slot of a group without other needs."""
    for ladder, value in zip(study.search.ladders, values, strict=True):
        if ladder.need.group is group:
            slots = range(study.slots.count) if not group.by_interval else ladder.need.slots
            yield from ((slot, value) for slot in slots)


def _targets(study: Study) -> Iterator[list[Any]]:
    for group in study.groups:
        counts = study.replications_of(group)
        for limit, value, half in study.judged(group):
            for column in range(value.size):
                days, at = ("all", "all") if column == 0 else study.slots.label(column - 1)
                mean, width = float(value[column]), float(half[column])
                if column == 0 or (limit.name not in group.deferred and not np.isnan(mean)):
                    yield [
                        group.name, days, at, limit.scope, limit.name, limit.measure, limit.value, mean, width,
                        mean - width, mean + width, int(counts[column]), verdict(limit, mean, width),
                        study.checked is not None,
                    ]  # fmt: skip


def _write_scenario(study: Study, folder: Path, own_file: Path | None) -> Path:
    """scenarios/required.yaml: a delta on the scenario that the study ran; with own data, the file of the roster."""
    target = folder / "scenarios" / f"{SCENARIO}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    config = study.config
    base = _scenario_of(config)
    lines = [
        "# @package _global_",
        f"# Agents on duty found by study=staffing, by interval from {config.run.start} on.",
        *(["defaults:", f"  - {base}", "  - _self_"] if base else []),
        "scenario:", f"  name: {SCENARIO}", "  question: What if every interval had the agents it needs?",
        '  change: "agents by interval instead of the plan"', "  expect: every target met", "  source: study=staffing",
    ]  # fmt: skip
    lines += _staffing_of(study) if own_file is None else _data_of(study, folder, own_file)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def _scenario_of(config: Configuration) -> str:
    """The scenario that the answer changes; empty for a centre as it is, which may be named after itself."""
    library = config.origin.library if config.origin is not None else None
    name = config.scenario.name
    return name if library is not None and name in library.scenarios()[1:] else ""


def _staffing_of(study: Study) -> list[str]:
    lines = ["staffing:"]
    for name, pool in study.answer.staffing.items():
        if name in study.agents and pool.counts is not None:
            values = ", ".join(f"{value:g}" for value in pool.counts.values)
            lines += [
                f"  {name}:", "    agents: 0", "    said: net", "    weekday: null", "    shifts: []",
                "    counts:", f"      interval: {pool.counts.interval:g} s", f"      values: [{values}]",
            ]  # fmt: skip
    return lines


def _data_of(study: Study, folder: Path, own_file: Path) -> list[str]:
    """The roster in place of the planner's own, who sees both side by side; where the file has no agents, the roster
    file with its volumes in place of the planner's."""
    roster = (folder / "required.csv").resolve()
    if study.has_plan:
        return ["data:", f"  intervals: {json.dumps(str(own_file.resolve()))}", f"  roster: {json.dumps(str(roster))}"]
    return ["data:", f"  intervals: {json.dumps(str(roster))}", "  agents: net", *_patience_of(study)]


def _patience_of(study: Study) -> list[str]:
    """How long customers wait, as the answer was found: the roster file has no abandonment to fit it to again, and an
    import would assume that of the recorded centre."""
    lines = ["channels:"]
    for name in (each for group in study.groups for each in group.live):
        law = getattr(study.config.channels[name], "patience", None)
        stated = None if law is None else law.model_dump(mode="json", exclude_none=True)
        lines += [f"  {name}:", f"    patience: {json.dumps(stated)}"]
    return lines

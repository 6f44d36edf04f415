"""What a what-if means on a planner's own data: one meaning for every key.

Comes in: what was asked, the centre as it was recorded, and the keys that were stated on purpose. Goes out: the
configuration on the imported days. An absolute number is absolute, typed or in a file: `channels.phone.service.mean`
is all of the handle time where the file had one number, `staffing.phone.agents` is the peak in real agents, shifts and
counts take the place of the imported agents. Relative keys (`aht_factor`, `plus`, `factor`, `demand.channels`,
`demand.dates`) act on the imported and fitted numbers. What an import would overwrite is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..errors import InputError, Problem
from ..model.base import FrozenDict
from ..model.centre import Centre, Configuration
from ..model.channels import AnyChannel, Factors, Queued
from ..model.laws import Law
from ..model.people import Pool
from ..model.units import DAY
from .fit.handle import with_cv
from .imported import PATIENCE_FIELD, at_intervals
from .intervals.table import IntervalTable
from .roster_file import RosterFile

WORK = ("service", "wrap_up", "aht_factor")
ROSTER = ("profile", "weekday", "counts", "shifts")
AGENTS = ("agents", *ROSTER, "said", "plus", "factor")
FROM_THE_FILE = {
    "demand.streams": "customers come from the file: use demand.scale, demand.channels.<channel> or demand.dates",
    "run.start": "the days are those of the file: choose some with data.predict",
    "run.warm_up": "imported days have a warm-up of their own",
    "run.measure": "the days are those of the file: choose some with data.predict",
    "run.detect_warm_up": "imported days have a warm-up of their own",
    "run.start_with": "imported days begin with a warm-up of their own",
}
"""keys whose values come from the file, and what to write instead"""


class WhatIf:
    """A what-if on a recorded centre. Making it raises InputError for keys that the file decides."""

    def __init__(
        self, asked: Configuration, recorded: Configuration, table: IntervalTable, roster: RosterFile | None = None
    ) -> None:
        self.asked, self.recorded, self.table = asked.as_written, recorded.as_written, table
        self.roster: Mapping[str, Any] = roster.pools if roster else {}
        """agents of one's own roster file, by group"""
        self.plain = recorded
        self.stated = asked.origin.stated if asked.origin else frozenset()
        problems = list(self._decided_by_the_file())
        if problems:
            raise InputError(problems)

    def _decided_by_the_file(self) -> Iterator[Problem]:
        for key, instead in FROM_THE_FILE.items():
            for name in sorted(self.stated):
                if name == key or name.startswith(f"{key}."):
                    yield Problem(name, instead)
        for name in self.table.channels:
            if self._sets(f"channels.{name}.wrap_up") and not self._sets(f"channels.{name}.service"):
                what = f"the file has one number for all handle time: state channels.{name}.service too, or alone"
                yield Problem(f"channels.{name}.wrap_up", what)
        for name in self.roster:
            for key in sorted(self._changes(f"staffing.{name}", ("agents", *ROSTER))):
                yield Problem(f"staffing.{name}.{key}", f"data.roster says the agents of {name}: one of the two")

    def _sets(self, key: str) -> bool:
        """Whether the what-if sets a key: on purpose, or by a file that says something else than the recorded one."""
        if any(key == name or name.startswith(f"{key}.") or key.startswith(f"{name}.") for name in self.stated):
            return True
        return bool(_value(self.asked, key) != _value(self.recorded, key))

    def _changes(self, where: str, names: tuple[str, ...]) -> set[str]:
        return {name for name in names if self._sets(f"{where}.{name}")}

    @property
    def is_none(self) -> bool:
        """Whether nothing differs from the recorded centre."""
        if self.roster:
            return False
        parts = tuple(name for name in Centre.model_fields if name != "integration")
        same = all(getattr(self.asked, part) == getattr(self.recorded, part) for part in parts)
        return same and not any(key.split(".")[0] in parts for key in self.stated)

    @property
    def neutral(self) -> Configuration:
        """What was asked, with the recorded numbers wherever the file or the fit has the last word: to be imported."""
        channels = {name: self._neutral_channel(name, channel) for name, channel in self.asked.channels.items()}
        pools = {name: self._neutral_pool(name, pool) for name, pool in self.asked.staffing.items()}
        demand = self.plain.demand.model_copy(update={"scale": self.asked.demand.scale})
        return self.asked.model_copy(
            update={"channels": FrozenDict(channels), "staffing": FrozenDict(pools), "demand": demand}
        )

    def _neutral_channel(self, name: str, channel: AnyChannel) -> AnyChannel:
        before = self.plain.channels.get(name)
        if name not in self.table.channels or not isinstance(channel, Queued) or not isinstance(before, Queued):
            return channel
        fields = (*WORK, PATIENCE_FIELD[channel.kind]) if channel.kind == before.kind else WORK
        return channel.model_copy(update={field: getattr(before, field) for field in fields})

    def _neutral_pool(self, name: str, pool: Pool) -> Pool:
        before = self.plain.staffing.get(name)
        if before is None or not self._is_imported(name):
            return pool
        return pool.model_copy(update={field: getattr(before, field) for field in AGENTS})

    def applied(self, made: Configuration) -> Configuration:
        """The imported configuration with what was stated about handle times, patience, agents and volumes."""
        channels = {name: self._channel(name, channel) for name, channel in made.channels.items()}
        pools = {name: self._pool(name, pool, round(made.run.warm_up / DAY)) for name, pool in made.staffing.items()}
        changed = {name: getattr(self.asked.demand, name) for name in self._changes("demand", ("channels", "dates"))}
        demand = made.demand.model_copy(update=changed)
        return made.changed(channels=FrozenDict(channels), staffing=FrozenDict(pools), demand=demand)

    def _channel(self, name: str, made: AnyChannel) -> AnyChannel:
        asked = self.asked.channels[name]
        if name not in self.table.channels or not isinstance(made, Queued) or not isinstance(asked, Queued):
            return made
        update = self._work(name, asked, made)
        field = PATIENCE_FIELD[made.kind]
        if self._sets(f"channels.{name}.{field}"):
            update[field] = self._law(f"channels.{name}.{field}", getattr(asked, field), getattr(made, field))
        return made.model_copy(update=update)

    def _work(self, name: str, asked: Queued, made: Queued) -> dict[str, Any]:
        """Handle times: absolute laws keep the file's course over the day, and their own mean over its contacts."""
        where = f"channels.{name}"
        update: dict[str, Any] = {"aht_factor": asked.aht_factor} if self._sets(f"{where}.aht_factor") else {}
        changed = self._changes(where, ("service", "wrap_up"))
        if not changed:
            return update
        if self._moves(f"{where}.service"):
            assert made.service_factors is not None
            course = _relative(made.service_factors, self.table, name)
            wrap_up = asked.wrap_up if "wrap_up" in changed else None
            told = asked.service if self._sets(f"{where}.service.cv") else with_cv(asked.service, made.service.cv)
            return update | {"service": told, "wrap_up": wrap_up, "service_factors": course}
        law = self._law(f"{where}.service", asked.service, made.service)
        return update | {"service": law, **({"wrap_up": asked.wrap_up} if "wrap_up" in changed else {})}

    def _moves(self, key: str) -> bool:
        """Whether a law's level is stated, not its shape alone."""
        level = ("mean", "median", "low", "mode", "high", "shift", "parts", "quantiles", "file", "of")
        return any(self._sets(f"{key}.{name}") for name in level) or key in self.stated

    def _law(self, key: str, asked: Law | None, made: Law | None) -> Law | None:
        """The law as asked; where only its shape is stated, at the imported or fitted mean."""
        if asked is None or made is None or self._moves(key) or asked.mean_value <= 0:
            return asked
        return asked.scaled(made.mean_value / asked.mean_value)

    def _pool(self, name: str, made: Pool, warm: int) -> Pool:
        imported = made.counts
        if imported is None or not self._is_imported(name):
            return made
        asked = self.asked.staffing[name]
        changed = self._changes(f"staffing.{name}", AGENTS)
        update: dict[str, Any] = {
            field: getattr(asked, field) for field in ("plus", "factor", "said") if field in changed
        }
        if name in self.roster:
            counts = at_intervals(self.table, self.roster[name], warm)
            return made.model_copy(update={"said": "net", **update, "counts": counts})
        if not changed & set(ROSTER):
            counts = _at_peak(imported, asked.agents) if "agents" in changed else imported
            return made.model_copy(update={**update, "counts": counts})
        update |= {field: getattr(asked, field) for field in ("agents", *ROSTER)}
        if asked.counts is not None:
            update["counts"] = _later(asked.counts, warm)
        elif not asked.shifts and "agents" not in changed:
            update["agents"] = max(imported.values)
        return made.model_copy(update=update)

    def _is_imported(self, pool: str) -> bool:
        """Whether the file has the agents of a group."""
        before = self.plain.staffing.get(pool)
        return before is not None and not set(before.serves).isdisjoint(self.table.channels)


def _value(config: Configuration, key: str) -> Any:
    """The value at a key with dots; None where there is none."""
    node: Any = config
    for name in key.split("."):
        node = node.get(name) if isinstance(node, Mapping) else getattr(node, name, None)
    return node


def _at_peak(counts: Factors, peak: float) -> Factors:
    """Agents of the same course with another number at the peak."""
    top = max(counts.values)
    values = tuple(value * peak / top for value in counts.values) if top > 0 else counts.values
    return counts.model_copy(update={"values": values})


def _later(counts: Factors, days: int) -> Factors:
    """Agents by interval that begin with the file's first day, which comes after the warm-up days."""
    shift = round(days * DAY / counts.interval) % len(counts.values)
    return counts.model_copy(update={"values": tuple(np.roll(counts.values, shift).tolist())})


def _relative(factors: Factors, table: IntervalTable, name: str) -> Factors:
    """The course of handle times over the file's days, with mean 1 over its contacts."""
    values = np.array(factors.values)
    offered = np.nan_to_num(table.offered[table.channels.index(name)]).ravel()
    mean = float(values[-offered.size :] @ offered / max(offered.sum(), 1e-9)) or 1.0
    return factors.model_copy(update={"values": tuple((values / mean).tolist())})

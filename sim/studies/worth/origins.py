"""Where freed agents come from: less work, by what makes it less; and which connection to make first.

Comes in: a `Worth` study. Goes out: `Origins` of the agents freed at a level, and each `Connection` by worth per cost.
All of it is agents' working time at present staffing, simulated with the same luck on both sides and turned into agents
by hand: a group's agents x (1 - its work / its work today). What the search frees beyond that is queues. Work is split
into time saved and failures avoided by switching each off, in both orders (Shapley's value of two), so that the parts
add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...measures.costs import integration_cost_per_year
from ...model.centre import Configuration
from .constraints import Floats
from .study import WEEKS, Worth

Values = Mapping[str, Any]
NO_TIME: Values = {"integration.time_saved": 0.0, "integration.time_saved_by_channel": {},
                   "integration.time_saved_by_pair": {}, "integration.reading": "0 s"}  # fmt: skip
NO_FAILURES: Values = {"integration.failures_removed": 0.0, "integration.failures_removed_by_channel": {}}
BUSIEST = 6
"""single pairs that are ranked: those that most customers take"""
ARITHMETIC = 0.1
"""queues below this share of the agents freed: the answer is workload arithmetic"""


@dataclass(frozen=True)
class Origins:
    """Agents freed at a level, in parts that add up: `time` + `failures` + `feelings` = `fewer` + `shorter`."""

    level: float
    time: float
    """handle time that context saves, less reading"""
    failures: float
    """contacts that context solves, and those that then do not follow"""
    feelings: float
    """what is left with both switched off: giving up, frustration and all other consequences"""
    fewer: float
    """by hand: contacts avoided, each as long as today"""
    shorter: float
    """by hand: the contacts that are left, as much shorter as they are"""

    @property
    def work(self) -> float:
        """All of it."""
        return self.fewer + self.shorter

    def words(self, name: str, freed: float) -> str:
        """In sentences, against the agents that the search freed."""
        queues = freed - self.work
        text = (
            f"Where it comes from ({name} at {self.level:g}, today's inputs): of {freed:.1f} agents {self.time:.1f} "
            f"time saved, {self.failures:.1f} failures avoided, {self.feelings:.1f} giving up and feelings, "
            f"{queues:.1f} queues.\nBy hand, agents x (1 - work / work today): {self.fewer:.1f} fewer contacts + "
            f"{self.shorter:.1f} shorter contacts = {self.work:.1f}."
        )
        if abs(queues) <= ARITHMETIC * max(abs(freed), abs(self.work)):
            text += " So this is workload arithmetic: it is as good as what context is assumed to save."
        return text


@dataclass(frozen=True)
class Connection:
    """A pair of channels or a group of pairs, connected before and after all others."""

    name: str
    pairs: int
    freed: float
    """agents, by work: it alone is connected"""
    last: float
    """agents, by work: all others are connected already"""
    saved_per_year: float
    cost_per_year: float

    @property
    def net_per_year(self) -> float:
        """Wages saved less the price of the connection."""
        return self.saved_per_year - self.cost_per_year


def origins_of(study: Worth, level: float) -> Origins:
    """Eight centres at present staffing: with and without each effect, today and at the level."""
    today, there = study.config, study.at(level)
    whole = _work(study, today)

    def freed(off: Values) -> float:
        """The share of work that full integration frees with these effects switched off."""
        before = whole if not off else _work(study, today.at(off))
        after = _work(study, there.at(off) if off else there)
        return float(study.groups.scheduled @ ((before[0] - after[0]) / whole[0]))

    after = _work(study, there)
    (work, contacts), (less, fewer) = whole, after
    avoided = float(study.groups.scheduled @ ((contacts - fewer) / contacts))
    total = float(study.groups.scheduled @ ((work - less) / work))
    alone, no_time, no_failures = freed({**NO_TIME, **NO_FAILURES}), freed(NO_TIME), freed(NO_FAILURES)
    time = ((no_failures - alone) + (total - no_time)) / 2
    failures = ((no_time - alone) + (total - no_failures)) / 2
    return Origins(level, time, failures, alone, avoided, total - avoided)


def _work(study: Worth, config: Configuration) -> tuple[Floats, Floats]:
    """By group of the study: time busy, and contacts handled in the channels that it serves."""
    results = study.baseline if config is study.config else study.simulated(config)
    busy, contacts = [], []
    for name in study.groups.names:
        tables = [each["pool", "concurrency"] for each in results.observations]
        busy.append(sum(float(t.bottom[t.rows.index(name), 0]) for t in tables if t.bottom is not None))
        served = [each["channel", "handled_share"] for each in results.observations]
        mine = config.staffing[name].serves
        contacts.append(sum(float(t.top[t.rows.index(i), 0]) for t in served for i in mine if i in t.rows))
    return np.maximum(np.array(busy), 1e-9), np.maximum(np.array(contacts), 1e-9)


def connections(study: Worth, level: float) -> list[Connection]:
    """Groups of pairs and the busiest single pairs at a level, the one that frees most for its price first.

    What two of them free together is less than the sum where either lets the other see what a customer has told, and
    more where only both solve the case; so each is tried first, alone, and last, with all others in place.
    """
    groups = study.groups
    base, _ = _work(study, study.config)
    whole, _ = _work(study, study.at(level))
    price = integration_cost_per_year(study.config)
    rows = []
    for name, pairs in {**groups_of_pairs(study.config), **busiest_pairs(study)}.items():
        alone = study.config.at({f"integration.pairs.{i}.{j}": level for i, j in pairs})
        without = study.at(level).at({f"integration.pairs.{i}.{j}": study.own for i, j in pairs})
        fewer = (base - _work(study, alone)[0]) / base
        missed = (_work(study, without)[0] - whole) / base
        saved = float((groups.hours * groups.wages) @ fewer) * WEEKS
        freed, last = (float(groups.scheduled @ share) for share in (fewer, missed))
        rows.append(Connection(name, len(pairs), freed, last, saved, integration_cost_per_year(alone) - price))
    return sorted(rows, key=lambda row: row.freed / row.cost_per_year if row.cost_per_year else row.freed, reverse=True)


def busiest_pairs(study: Worth) -> dict[str, list[tuple[str, str]]]:
    """Single pairs of open channels that most customers move along today."""
    config = study.config
    moves = np.sum(study.baseline.flows, axis=(0, 1))
    names = list(config.channels)
    counts = {(i, j): moves[names.index(i), names.index(j)] for i in config.open_channels for j in config.open_channels
              if i != j}  # fmt: skip
    busy = sorted((pair for pair in counts if counts[pair] > 0), key=lambda pair: -counts[pair])
    return {f"{i} to {j}": [(i, j)] for i, j in busy[:BUSIEST]}


def groups_of_pairs(config: Configuration) -> dict[str, list[tuple[str, str]]]:
    """Self-service to people; people among themselves; written and phone apart; into each channel with agents."""
    people = [name for name in config.open_channels if config.channels[name].kind != "self_service"]
    machines = [name for name in config.open_channels if name not in people]
    found = {
        "self-service to people": [(i, j) for i in machines for j in people],
        "people among themselves": [(i, j) for i in people for j in people if i != j],
        "text channels among themselves": [
            (i, j) for i in people for j in people if i != j and "phone" not in (i, j)
        ],
        "self-service among itself, and back to it": [(i, j) for i in config.open_channels for j in machines if i != j],
        **{f"everything to {j}": [(i, j) for i in config.open_channels if i != j] for j in people},
    }  # fmt: skip
    return {name: pairs for name, pairs in found.items() if pairs}

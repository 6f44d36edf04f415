"""Scenarios as the designs of a race: replications of each, as one number a replication, the better the higher.

Comes in: configurations by name, and what `study=select` asks. Goes out: `Designs`, whose `draw` is what
`sim.statistics.selection` wants. All scenarios have one seed, so that a replication has the same customers with the
same luck in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, Problem, nearest
from ...log.tables import Log
from ...measures.catalogue import describe
from ...measures.observe import observe
from ...model.centre import Configuration
from ...model.studies.select import Select
from ...runs.replicate import gathered

Floats = NDArray[np.float64]
WHERE = "study.select.measure"


@dataclass(frozen=True)
class Value:
    """One measure of a replication (picklable): its value, or NaN where it has none."""

    scope: str
    name: str
    measure: str

    def __call__(self, log: Log, config: Configuration) -> Floats:
        found = observe(log, config)
        table = found.get((self.scope, self.measure))
        if table is None or self.name not in table.rows:
            every = [f"{scope}.{row}.{measure}" for (scope, measure), each in found.items() for row in each.rows]
            asked = f"{self.scope}.{self.name}.{self.measure}"
            hint = nearest(asked, every)
            raise InputError(Problem(WHERE, f"{config.scenario.name} has no measure {asked!r}{hint}"))
        row = table.rows.index(self.name)
        top, bottom = table.top[row, 0], 1.0 if table.bottom is None else table.bottom[row, 0]
        return np.array([top / bottom if bottom else np.nan])


class Designs:
    """The designs, in the order given. Raises InputError for a measure that is none, or without a better direction."""

    def __init__(self, configs: Mapping[str, Configuration], asked: Select) -> None:
        self.configs, self.asked = dict(configs), asked
        self.names = tuple(configs)
        parts = asked.measure.split(".")
        if len(parts) != 3:
            text = f"must be scope.name.measure such as journey.all.resolved, got {asked.measure!r}"
            raise InputError(Problem(WHERE, text))
        self.value = Value(*parts)
        self.better = asked.better or self._direction(parts[2])

    def _direction(self, measure: str) -> str:
        try:
            better = describe(measure).better
        except KeyError:
            return "higher"  # Value says what is known
        if not better:
            text = f"nobody knows which direction of {measure} is better: say higher or lower"
            raise InputError(Problem("study.select.better", text))
        return better

    @property
    def sign(self) -> float:
        """1 if higher is better, else -1."""
        return 1.0 if self.better == "higher" else -1.0

    def draw(self, designs: Sequence[int], first: int, count: int) -> Floats:
        """(count, designs): the replications from `first` on. Raises InputError for one without a value."""
        columns = []
        for design in designs:
            config = self.configs[self.names[design]]
            run = config.run.model_copy(update={"replications": count, "precision": (), "log": False})
            values = np.concatenate(gathered(config.model_copy(update={"run": run}), self.value, first))
            if np.isnan(values).any():
                text = (
                    f"{self.asked.measure} has no value in a replication of {self.names[design]}: run.measure longer?"
                )
                raise InputError(Problem(WHERE, text))
            columns.append(self.sign * values)
        return np.array(columns).T

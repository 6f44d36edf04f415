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
class Parts:
    """One measure of a replication (picklable): what is divided by what; 1 below where nothing is divided."""

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
        return np.array([table.top[row, 0], 1.0 if table.bottom is None else table.bottom[row, 0]])


class Designs:
    """The designs, in the order given. Raises InputError for a measure that is none, or without a better direction."""

    def __init__(self, configs: Mapping[str, Configuration], asked: Select) -> None:
        self.configs, self.asked = dict(configs), asked
        self.names = tuple(configs)
        parts = asked.measure.split(".")
        if len(parts) != 3:
            text = f"must be scope.name.measure such as journey.all.resolved, got {asked.measure!r}"
            raise InputError(Problem(WHERE, text))
        self.parts = Parts(*parts)
        self.better = asked.better or self._direction(parts[2])
        self._centre: dict[int, tuple[float, float]] = {}
        """by design: ratio and mean denominator of its first replications, around which ratios are linearised"""

    def _direction(self, measure: str) -> str:
        try:
            better = describe(measure).better
        except KeyError:
            return "higher"  # Value says what is known
        if describe(measure).estimator == "quantile":
            text = f"{measure} is a quantile of all replications together: select by wait, asa or service_level"
            raise InputError(Problem(WHERE, text))
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
            parts = np.array(gathered(config.model_copy(update={"run": run}), self.parts, first))
            columns.append(self.sign * self._linear(design, parts[:, 0], parts[:, 1]))
        return np.array(columns).T

    def _linear(self, design: int, top: Floats, bottom: Floats) -> Floats:
        """One number a replication whose mean is the ratio of expectations, to first order: r + (top - r x bottom) / b
        around the ratio r and mean denominator b of the design's first replications (delta method). The mean of the
        replications' own ratios is another quantity, which no other table of the program shows."""
        if design not in self._centre and bottom.sum() > 0:
            self._centre[design] = (float(top.sum() / bottom.sum()), float(bottom.mean()))
        if design not in self._centre or np.isnan(top).any():
            text = f"{self.asked.measure} has no value in a replication of {self.names[design]}: run.measure longer?"
            raise InputError(Problem(WHERE, text))
        ratio, mean_bottom = self._centre[design]
        return np.asarray(ratio + (top - ratio * bottom) / mean_bottom)

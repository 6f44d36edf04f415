"""Which guesses matter? The designs of `study=sensitivity`, simulated and made into one tidy table.

Comes in: a configuration with `study.ranges`. Goes out: `Finding`s, one for each method, measure, input and index.
Changes and effects are in the measure's unit, over an input's whole range; Sobol's indices are shares of the variance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...calibration.own_centre import OwnCentre
from ...measures.catalogue import describe
from ...model.centre import Configuration
from ...model.origin import folders_of
from ...model.studies.inputs import Method
from ...sweep.run import Swept
from .designs import one_at_a_time, saltelli, trajectories
from .own import check_some, own_inputs, own_names
from .points import run_points
from .ranges import Input, inputs_of, placed, today_of
from .screening import Floats, Index, changes, morris, sobol
from .sums import read_sums


@dataclass(frozen=True)
class Finding:
    """One index of one input. `at` is the input's value for tornado's changes, else empty. `today` is the measure with
    all inputs as they are (tornado), else NaN."""

    method: str
    measure: str
    unit: str
    input: str
    index: str
    at: str
    value: float
    lower: float
    upper: float
    today: float


class Sensitivity:
    """The study. Making it raises InputError for ranges that the centre cannot take."""

    def __init__(self, config: Configuration, container: Mapping[str, Any]) -> None:
        self.config, self.container = config, container
        self.asked = config.study.sensitivity
        self.own: OwnCentre | None = None
        file = own_names(config) if config.data.intervals is not None else frozenset()
        inputs, self.left_out = inputs_of(config, container, self.asked.only, file)
        self.of = dict(config.study.of)
        """what the difference is of; without it the measures are those of the centre as it is"""
        self.today = today_of(self.of, config, container)
        self.inputs = [one for one in inputs if not self.of.keys() & one.values.keys()]
        self.left_out += [one.name for one in inputs if self.of.keys() & one.values.keys()]
        self.swept: dict[str, Swept] = {}

    def stand_on(self, own: OwnCentre) -> None:
        """Varies what is unknown of a planner's own centre too; raises InputError if there is nothing."""
        mine = [one for one in own_inputs(own, self.asked.only) if not self.of.keys() & one.values.keys()]
        self.own, self.inputs = own, [*mine, *self.inputs]
        check_some(self.inputs, self.of)

    def findings(self, method: Method, progress: bool = False) -> list[Finding]:
        """Simulates the method's design (or what is missing of it) and analyses it, measure by measure."""
        run = {"tornado": self._tornado, "morris": self._morris, "sobol": self._sobol}
        return list(run[method](progress))

    def _tornado(self, progress: bool) -> Iterator[Finding]:
        low, high = (np.array([one.range.ends[i] for one in self.inputs]) for i in (0, 1))
        present = np.array([one.present for one in self.inputs])
        for measure, values, residuals in self._simulated("tornado", one_at_a_time(present, low, high), progress):
            found = changes(values, residuals, self.config.run.confidence)
            for i, (one, name) in enumerate((one, name) for one in self.inputs for name in ("low", "high")):
                at = one.said(one.range.ends[i % 2])
                yield self._finding("tornado", measure, one, name, _flat(found), i, at, float(values[0]))

    def _morris(self, progress: bool) -> Iterator[Finding]:
        asked, k = self.asked, len(self.inputs)
        design = trajectories(asked.trajectories, k, asked.seed)
        points = placed(self.inputs, design.reshape(-1, k))
        for measure, values, residuals in self._simulated("morris", points, progress):
            shape = design.shape[:2]
            found = morris(
                design, values.reshape(shape), residuals.reshape(*shape, -1), self.config.run.confidence,
                asked.resamples, asked.seed,
            )  # fmt: skip
            indices = {
                "mu_star": found.strength, "mu": _plain(found.mean), "sigma": found.spread, "noise": _plain(found.noise)
            }  # fmt: skip
            yield from self._each("morris", measure, indices)

    def _sobol(self, progress: bool) -> Iterator[Finding]:
        asked, k = self.asked, len(self.inputs)
        design = saltelli(asked.points, k, asked.seed)
        points = placed(self.inputs, design.reshape(-1, k))
        for measure, values, residuals in self._simulated("sobol", points, progress):
            shape = design.shape[:2]
            residuals = residuals.reshape(*shape, -1)
            found = sobol(values.reshape(shape), residuals, self.config.run.confidence, asked.resamples, asked.seed)
            noise = _plain(np.full(k, found.noise))
            yield from self._each("sobol", measure, {"first": found.first, "total": found.total, "noise": noise})

    def _simulated(self, method: str, points: Floats, progress: bool) -> Iterator[tuple[str, Floats, Floats]]:
        """Each measure with its value (points,) and what each replication adds to it (points, replications): of the
        centre, or of the difference that is asked about, paired by the same luck on both sides."""
        n, more = self.config.run.replications, [self.today, self.of] if self.of else [{}]
        self.swept[method] = run_points(
            self.container, self.inputs, points, n, more, progress, self.own, folders_of(self.config)
        )
        for measure, sums in read_sums(self.swept[method], self.asked.measures, n).items():
            values, residuals = sums.values, sums.residuals
            if self.of:
                values, residuals = (np.diff(each.reshape(-1, 2, *each.shape[1:]), axis=1)[:, 0]
                                     for each in (values, residuals))  # fmt: skip
            yield measure, values, residuals

    def _each(self, method: str, measure: str, indices: Mapping[str, Index]) -> Iterator[Finding]:
        for i, one in enumerate(self.inputs):
            for name, index in indices.items():
                yield self._finding(method, measure, one, name, index, i)

    @staticmethod
    def _finding(
        method: str, measure: str, one: Input, name: str, index: Index, i: int, at: str = "", today: float = math.nan
    ) -> Finding:
        value, lower, upper = (float(part[i]) for part in (index.value, index.lower, index.upper))
        unit = "share" if method == "sobol" else describe(measure.rpartition(".")[2]).unit
        return Finding(method, measure, unit, one.name, name, at, value, lower, upper, today)


def _flat(index: Index) -> Index:
    return Index(index.value.ravel(), index.lower.ravel(), index.upper.ravel())


def _plain(value: Floats) -> Index:
    """An index without an interval."""
    return Index(value, np.full(value.shape, math.nan), np.full(value.shape, math.nan))


def ranked(findings: Sequence[Finding], method: str, measure: str) -> list[str]:
    """Inputs by how much they matter to a measure, most first: the larger change, mu*, or the total index."""
    size: dict[str, float] = {}
    for each in findings:
        if (each.method, each.measure) == (method, measure) and each.index in ("low", "high", "mu_star", "total"):
            size[each.input] = max(size.get(each.input, 0.0), np.nan_to_num(abs(each.value)))
    return sorted(size, key=lambda name: (-size[name], name))

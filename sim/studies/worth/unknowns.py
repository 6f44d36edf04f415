"""The second interval of what integration is worth: simulation noise plus what is unknown about the centre.

Comes in: a finished `Worth` study with its ranges. Goes out: its answers with `both`. Parameter sets are a Latin
hypercube over the ranges; for each, today's centre and the headcount found for a level are simulated on the same
replications, and the difference of their margins from those at today's parameters says by how much each constraint is
missed. One linear programme with the slopes found for today's parameters mends that (a Newton step), so that a set
costs two or three simulations and no search. Simulation noise is taken off the spread of the sets, and that of the
headline put on, as in `inputs.uncertainty`.

Simulated are at most two levels, the one farthest from today's and the one nearest to half-way there, at the headcounts
of the first rule; for the other levels each set follows a parabola through these and today (which frees nothing), for
the other rule the same misses are mended along its own slopes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, Problem
from ...model.studies.worth import Allocation
from ...sweep.run import Swept
from ..inputs.designs import latin_hypercube
from ..inputs.points import run_points
from ..inputs.ranges import Input, inputs_of, placed
from ..inputs.sums import read_sums
from ..inputs.uncertainty import joined, normal_quantile, without_noise
from .constraints import log_odds, sign_of
from .study import LEAST, MOST, Answer, Worth

Floats = NDArray[np.float64]
DECIDED = ("integration.level", "integration.pairs")
"""what the study itself varies, beside the agents"""


class WorthInputs:
    """Making it raises InputError for ranges that the centre cannot take or that the study varies itself."""

    def __init__(self, study: Worth, container: Mapping[str, Any]) -> None:
        self.study, self.container = study, container
        self.inputs, self.left_out = inputs_of(study.config, container)
        taken = [*DECIDED, *(f"staffing.{name}.agents" for name in study.groups.names)]
        problems = [
            Problem(f"study.ranges.{one.name}", f"moves {key}, which study=worth varies itself")
            for one in self.inputs for key in one.values if key.startswith(tuple(taken))
        ]  # fmt: skip
        if problems:
            raise InputError(problems)
        self.swept: Swept | None = None

    def with_both(self, answers: Sequence[Answer], progress: bool = False) -> list[Answer]:
        """The answers with their second interval; those of today's own level as they are."""
        study = self.study
        own, rules = study.config.integration.level, tuple(dict.fromkeys(each.rule for each in answers))
        levels = simulated_levels([level for rule, level in study.found if rule == rules[0]], own)
        if not levels:
            return list(answers)
        shifts, residuals = self._misses(rules[0], levels, progress)
        spread = {rule: [self._freed(rule, *each) for each in zip(levels, shifts, residuals, strict=True)]
                  for rule in rules}  # fmt: skip
        return [
            each
            if each.level == own or not each.converged
            else self._joined(each, along(spread[each.rule], levels, own, each.level))
            for each in answers
        ]

    def _misses(self, rule: Allocation, levels: Sequence[float], progress: bool) -> tuple[Floats, Floats]:
        """(levels, sets, constraints) margins of each set minus those of today's parameters, and their residuals
        (levels, sets, constraints, replications). Sets that failed are left out."""
        study, asked = self.study, self.study.asked
        u = latin_hypercube(asked.sets, len(self.inputs), asked.set_seed)
        present = np.array([[one.present for one in self.inputs]])
        places = [(study.config.integration.level, study.groups.peaks)]
        places += [(level, study.peaks(rule, level)) for level in levels]
        more = [
            {"integration.level": level, **{f"staffing.{name}.agents": float(peak)
                                            for name, peak in zip(study.groups.names, peaks, strict=True)}}
            for level, peaks in places
        ]  # fmt: skip
        values = np.vstack([present, placed(self.inputs, u)])
        self.swept = run_points(self.container, self.inputs, values, asked.set_replications, more, progress)
        margins, noise = self._margins(self.swept, len(more))
        shift, residuals = margins[1:] - margins[0], noise[1:] - noise[0]
        whole = np.isfinite(shift.sum(axis=(1, 2)))
        return np.moveaxis(shift[whole], 0, 1), np.moveaxis(residuals[whole], 0, 1)

    def _margins(self, swept: Swept, places: int) -> tuple[Floats, Floats]:
        """(sets, levels, constraints), positive where better than the same set's centre of today; residuals."""
        found = read_sums(swept, self.study.constraints.names, self.study.asked.set_replications)
        values, residuals = [], []
        for name in self.study.constraints.names:
            measure = name.rpartition(".")[2]
            value, residual = log_odds(found[name].values, found[name].residuals, measure)
            value, residual = value.reshape(-1, places), residual.reshape(-1, places, residual.shape[-1])
            values.append(sign_of(measure) * (value[:, 1:] - value[:, :1]))
            residuals.append(sign_of(measure) * (residual[:, 1:] - residual[:, :1]))
        return np.stack(values, axis=2), np.stack(residuals, axis=2)

    def _freed(self, rule: Allocation, level: float, shifts: Floats, residuals: Floats) -> Floats:
        """(sets,): agents freed beyond those freed at today's parameters, simulation noise taken off."""
        study, found = self.study, self.study.found[rule, level]
        spread = study.directions(rule)
        cost, weights = study.groups.cost @ spread, study.groups.scheduled @ spread
        steps = [found.shifted(each, cost, (LEAST, MOST)) for each in shifts]
        today = found.shifted(np.zeros(shifts.shape[1]), cost, (LEAST, MOST))
        freed = np.array([-weights @ (step.move - today.move) for step in steps])
        noise = [-step.deviations(each.T, found.slopes, weights) for step, each in zip(steps, residuals, strict=True)]
        return without_noise(freed, np.array(noise))[0]

    def _joined(self, answer: Answer, deviations: Floats) -> Answer:
        confidence = self.study.config.run.confidence
        error = answer.half_width / normal_quantile(confidence)
        low, high = joined(answer.freed + deviations, error, [(1 - confidence) / 2, (1 + confidence) / 2])
        return dataclasses.replace(answer, both=(low, high))


def simulated_levels(levels: Sequence[float], own: float) -> list[float]:
    """At most two of the levels: the one farthest from `own`, and of the others the one nearest to half-way.

    >>> simulated_levels([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], 0.0)
    [1.0, 0.4]
    """
    others = sorted({level for level in levels if level != own})
    if not others:
        return []
    far = max(others, key=lambda level: abs(level - own))
    rest = [level for level in others if level != far]
    half = [min(rest, key=lambda level: abs(level - (own + far) / 2))] if rest else []
    return [far, *half]


def along(deviations: Sequence[Floats], levels: Sequence[float], own: float, level: float) -> Floats:
    """Deviations at a level from those at one or two others: the line or parabola through them that is 0 at `own`.

    >>> along([np.array([4.0]), np.array([1.0])], [1.0, 0.5], 0.0, 0.25)
    array([0.25])
    """
    if len(levels) == 1:
        return deviations[0] * (level - own) / (levels[0] - own)
    x, (a, b) = level - own, (each - own for each in levels)
    return np.asarray(deviations[0] * x * (x - b) / (a * (a - b)) + deviations[1] * x * (x - a) / (b * (b - a)))


def described(inputs: Sequence[Input], sets: int) -> str:
    """`32 sets of 31 parameters`."""
    return f"{sets} sets of {len(inputs)} parameter" + ("s" if len(inputs) != 1 else "")

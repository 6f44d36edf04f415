"""The headline of what a number is worth: the distribution over what is unknown about the centre, with the noise.

Comes in: a finished `Worth` study with its ranges. Goes out: its answers with a `Spread`. Parameter sets are a Latin
hypercube over the ranges. For each set two centres are simulated on the same replications: today's, and the one with
the headcount found for a level. Their margins differ from those at today's parameters, and the difference is how far
each constraint is missed. One linear programme, with the slopes found for today's parameters, corrects the headcount
for it (a Newton step); so a set costs two or three simulations and no search. The noise of simulation is taken off the
spread of the sets, and the noise of the headline is added, as in `inputs.uncertainty`.

At most two levels are simulated, with the headcounts of the first rule: the level farthest from today's and the one
nearest to half-way there. For other levels each set follows a parabola through these two and today, where nothing is
freed. For the other rule the same misses are corrected along its own slopes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...calibration.own_centre import OwnCentre
from ...errors import InputError, Problem
from ...model.centre import Configuration
from ...model.origin import folders_of
from ...model.studies.worth import Allocation
from ...model.units import YEAR
from ...sweep.run import Swept
from ..inputs.designs import latin_hypercube
from ..inputs.own import own_inputs, own_names
from ..inputs.points import run_points
from ..inputs.ranges import Input, inputs_of, placed, together
from ..inputs.sums import read_sums
from ..inputs.uncertainty import normal_quantile, without_noise
from .agent_groups import Groups
from .answer import Answer
from .constraints import log_odds, sign_of
from .spread import Curve, curve_of, spread_of
from .study import LEAST, MOST, WEEKS, Worth

Floats = NDArray[np.float64]
PRICES = ("economics.", "integration.cost.")


class WorthInputs:
    """Making it raises InputError for ranges that the centre cannot take or that the study varies itself."""

    def __init__(self, study: Worth, container: Mapping[str, Any], own: OwnCentre | None = None) -> None:
        """With `own`, what a planner's file leaves open is unknown too."""
        self.study, self.container, self.own = study, container, own
        if own is None:
            inputs, self.left_out = inputs_of(study.config, container)
        else:
            inputs, self.left_out = inputs_of(own.asked, container, file=own_names(own.asked))
            inputs = [*own_inputs(own), *inputs]
        self.inputs = [one for one in inputs if study.asked.of not in one.values]
        self.left_out += [one.name for one in inputs if study.asked.of in one.values]
        """what is priced is no unknown"""
        taken = [f"staffing.{name}.agents" for name in study.groups.names]
        problems = [
            Problem(f"study.ranges.{one.name}", f"moves {key}, which study=worth varies itself")
            for one in self.inputs for key in one.values if key.startswith(tuple(taken))
        ]  # fmt: skip
        if problems:
            raise InputError(problems)
        self.swept: Swept | None = None
        self.values: Floats = np.zeros((0, len(self.inputs)))
        """(sets, inputs) of the sets that could be simulated"""
        self.freed: dict[tuple[Allocation, float], Floats] = {}
        """(sets,) by rule and level, simulation noise taken off"""
        self.prices: Floats = np.zeros((0, 2))
        """(sets, 2): wages, and the price of integration, as factors on today's"""

    @property
    def curve(self) -> Curve | None:
        """Agents freed at the level farthest from today's, under the first rule, against what decides most."""
        rule, own = self.study.asked.allocation[0], self.study.own
        levels = [level for asked, level in self.freed if asked == rule]
        far = max(levels, key=lambda level: abs(level - own), default=None)
        return None if far is None else curve_of(self.inputs, self.values, self.freed[rule, far])

    def with_both(self, answers: Sequence[Answer], progress: bool = False) -> list[Answer]:
        """The answers with their second interval; those of today's own level as they are."""
        study = self.study
        own, rules = study.own, tuple(dict.fromkeys(each.rule for each in answers))
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
        places = [(study.own, study.groups.peaks)]
        places += [(level, study.peaks(rule, level)) for level in levels]
        more = [
            {study.asked.of: level, **{f"staffing.{name}.agents": float(peak)
                                            for name, peak in zip(study.groups.names, peaks, strict=True)}}
            for level, peaks in places
        ]  # fmt: skip
        values = np.vstack([present, placed(self.inputs, u)])
        points = partial(run_points, progress=progress, own=self.own, folders=folders_of(study.config),
                         measures=study.measures)  # fmt: skip
        self.swept = points(self.container, self.inputs, values, asked.set_replications, more)
        margins, noise = self._margins(self.swept, len(more))
        shift, residuals = margins[1:] - margins[0], noise[1:] - noise[0]
        whole = np.isfinite(shift.sum(axis=(1, 2)))
        self.values = values[1:][whole]
        self.prices = np.array([self._priced(row) for row in self.values.tolist()])
        return np.moveaxis(shift[whole], 0, 1), np.moveaxis(residuals[whole], 0, 1)

    def _priced(self, row: Sequence[float]) -> tuple[float, float]:
        """Wages and the price of integration of a set, as factors on today's."""
        set_to = together(self.inputs, row)
        changed = {key: value for key, value in set_to.items() if key.startswith(PRICES)}
        today = self.study.config
        here = today.at(changed) if changed else today
        wages, prices = ([each.economics.wage_per_hour, _price(each)] for each in (here, today))
        return tuple(a / b if b else 1.0 for a, b in zip(wages, prices, strict=True))  # type: ignore[return-value]

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
        freed, rate = answer.freed + deviations, wage_of_an_agent(answer, self.study.groups)
        self.freed[answer.rule, answer.level] = freed
        wages, price = self.prices.T
        net = freed * rate * wages - answer.integration_per_year * price - answer.prices_per_year
        return dataclasses.replace(answer, spread=spread_of(freed, error, net, error * rate, answer.freed))


def wage_of_an_agent(answer: Answer, groups: Groups) -> float:
    """Wages a year for each agent freed; where hardly any is freed, the mean over all agents."""
    if abs(answer.freed) > 0.01 * answer.present and answer.saved_per_year / answer.freed > 0:
        return answer.saved_per_year / answer.freed
    return float((groups.hours * groups.wages).sum() / groups.scheduled.sum()) * WEEKS


def _price(config: Configuration) -> float:
    """Of full integration a year."""
    cost = config.integration.cost
    return cost.set_up * YEAR / cost.written_off_over + cost.running_per_year


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

"""What is integration, or any other number, worth in agents? At each level the agents that keep service as it is.

Comes in: a configuration, its own value and staffing being the baseline. Goes out: one `Answer` for each
level and rule of allocation. All runs have the same replications and seed, so that a customer has the same luck at
every level and staffing, and each constraint is judged by its paired difference from the baseline.

The intervals found here hold simulation noise alone, one level at a time: the paired noise of the binding constraints
divided by their slopes in agents (delta method), Student t over replications. They neither count the noise of the
slopes nor a change of which constraint binds. What we do not know about the parameters is added by `unknowns`, and
is the headline; `confirm` simulates the answers again on fresh replications. A group's profile keeps its shape, so
savings at single hours are not looked for.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from scipy import special
from tqdm import tqdm

from ...measures.costs import integration_cost_per_year
from ...model.centre import Configuration
from ...model.studies.worth import Allocation
from ...model.units import HOUR, YEAR
from ...runs.replicate import Results, replicate
from .agent_groups import Groups, groups_of, with_peaks
from .answer import Answer
from .cheapest import Least, feasible, least
from .constraints import Constraints, Floats, Margins
from .subject import centre_at, present_value

LEAST, MOST = 0.1, 3.0
"""of the present staffing: where the search ends"""
WEEKS = 365 / 7
BESIDE = ("concurrency", "cost", "handled_share")
"""measures beside the constraints: work and contacts by group, and money"""


class Worth:
    """The study. Making it runs the baseline and raises InputError for constraints or groups that cannot be used."""

    def __init__(self, config: Configuration) -> None:
        self.config = config.model_copy(update={"run": config.run.model_copy(update={"precision": (), "log": False})})
        self.asked = config.study.worth
        self.runs = 0
        self.own = present_value(self.config, self.asked.of)
        self._centres = {level: centre_at(self.config, self.asked.of, level) for level in self.asked.levels}
        self._centres[self.own] = self.config
        self.measures: tuple[str, ...] = ()
        """that are taken of each staffing; of the baseline all"""
        self.baseline = self.simulated(self.config)
        self.constraints = Constraints(self.asked.constraints, self.baseline, self.asked.margin)
        self.measures = tuple(sorted({*BESIDE, *(measure for _, _, measure in self.constraints.keys)}))
        self.groups: Groups = groups_of(self.config, self._channels())
        self.found: dict[tuple[Allocation, float], Least] = {}
        self._prices: dict[float, float] = {self.own: prices_per_year(self.baseline)}
        self._seen: dict[tuple[float, tuple[float, ...]], Margins] = {}

    def _channels(self) -> set[str]:
        keys = self.constraints.keys
        every = any(scope != "channel" for scope, _, _ in keys)
        return set(self.config.channels) if every else {name for _, name, _ in keys}

    def answers(self, progress: bool = False) -> Iterator[Answer]:
        """By rule, by level, each as soon as it is found. The level farthest from the baseline's is searched first;
        the others begin between what is known on both sides of them."""
        own = self.own
        levels = sorted(set(self.asked.levels), key=lambda level: (-abs(level - own), level))
        total = len(levels) * len(self.asked.allocation)
        with tqdm(total=total, unit="level", disable=None if progress else True) as bar:
            for rule in dict.fromkeys(self.asked.allocation):
                done = {own: np.ones(1 if rule == "proportional" else len(self.groups.names))}
                for level in levels:
                    bar.set_description(f"{rule}, {self.asked.of} {level:g}")
                    found = self._search(rule, level, between(done, level), bar)
                    done[level] = np.clip(found.point, LEAST, MOST)
                    self.found[rule, level] = found
                    yield self._answer(rule, level, found)
                    bar.update()

    def _beside(self, rule: Allocation, level: float) -> Least | None:
        """The search whose slopes another may begin with; None: they have to be probed.

        That of the nearest level on the same side of today's, which was never searched itself; slopes may lie flat
        there (constraints that are met by far).
        """
        own, spread = self.own, self.directions(rule)
        same = [at for asked, at in self.found if asked == rule and (at - own) * (level - own) > 0]
        if same:
            return self.found[rule, min(same, key=lambda at: abs(at - level))]
        if rule == "proportional" and ("cheapest", level) in self.found:
            found = self.found["cheapest", level]
            return dataclasses.replace(found, slopes=found.slopes @ spread, binding=np.zeros_like(found.binding))
        return None

    def _search(self, rule: Allocation, level: float, start: Floats, bar: tqdm[Any]) -> Least:
        spread = self.directions(rule)
        here = partial(self._margins, level, spread, bar)
        if level == self.own:  # its own baseline: nothing is freed, by definition
            rows, columns = len(self.constraints.names), start.size
            flat, none = np.zeros((rows, columns)), np.zeros(rows, dtype=bool)
            return Least(start, here(start), flat, none, np.zeros(columns, dtype=bool), True, np.zeros(rows))
        tolerance = np.array([self.asked.tolerance / (self.groups.peaks * row).max() for row in spread.T])
        cost, beside = self.groups.cost @ spread, self._beside(rule, level)

        def answer(start: Floats, slopes: Floats | None) -> Least:
            """A search, and what may be said of its end."""
            found = least(here, start, cost, (LEAST, MOST), tolerance, slopes)
            if slopes is None:  # those of the beginning may mislead at the end
                found = least(here, np.clip(found.point, LEAST, MOST), cost, (LEAST, MOST), tolerance)
            visited = self._visited(level, spread)
            return feasible(found, here, visited, cost, self.constraints.slack, tolerance, (LEAST, MOST))

        found = answer(start, beside.slopes if beside else None)
        alike = beside is None or start.size == 1 or bool((found.binding == beside.binding).all())
        if not (found.converged and alike):  # another's slopes may settle far from the cheapest; so may a first search
            found = answer(np.clip(found.point, LEAST, MOST), None)
        return found

    def _visited(self, level: float, spread: Floats) -> list[Floats]:
        """Points that were simulated at a level, in the coordinates of a rule, without those that it cannot reach."""
        shares = [np.array(point) for at, point in self._seen if at == level]
        points = [np.linalg.lstsq(spread, each, rcond=None)[0] for each in shares]
        return [p for p, s in zip(points, shares, strict=True) if np.allclose(spread @ p, s, atol=1e-8)]

    def directions(self, rule: Allocation) -> Floats:
        """(groups, coordinates): a point times this is each group's share of its present staffing."""
        size = len(self.groups.names)
        return np.ones((size, 1)) if rule == "proportional" else np.eye(size)

    def _margins(self, level: float, spread: Floats, bar: tqdm[Any], point: Floats) -> Margins:
        """Simulates once for each level and staffing."""
        shares = np.maximum(spread @ point, 0.0)
        key = (level, tuple(np.round(shares, 9).tolist()))
        if key not in self._seen:
            config = with_peaks(self.at(level), self.groups, self.groups.peaks * shares)
            results = self.simulated(config)
            self._seen[key] = self.constraints.margins(results)
            if level != self.own:
                self._prices[level] = prices_per_year(results)
            bar.set_postfix_str(f"{self.runs} runs of {len(self.baseline.replications)} replications")
        return self._seen[key]

    def at(self, level: float) -> Configuration:
        """The centre at a level."""
        return self._centres[level]

    def simulated(self, config: Configuration, first: int = 0) -> Results:
        """All replications of a centre, paired with the baseline's."""
        self.runs += 1
        results = replicate(config, first=first, measures=self.measures)
        if results.interrupted:  # an incomplete one cannot be paired
            raise KeyboardInterrupt
        return results

    def peaks(self, rule: Allocation, level: float) -> Floats:
        """The peaks that were found for a level."""
        return self.groups.peaks * (self.directions(rule) @ self.found[rule, level].point)

    def staffed(self, level: float, peaks: Floats, fresh: int) -> Results:
        """A level with these peaks, simulated on the `fresh`-th set of replications that no search has seen."""
        n = self.asked.confirm_replications
        config = with_peaks(self.at(level), self.groups, peaks)
        run = config.run.model_copy(update={"replications": n})
        return self.simulated(config.model_copy(update={"run": run}), len(self.baseline.replications) + fresh * n)

    def _answer(self, rule: Allocation, level: float, found: Least) -> Answer:
        groups, spread = self.groups, self.directions(rule)
        weights = groups.scheduled @ spread
        shares = spread @ found.point
        fewer = 1 - shares
        heads = np.ceil(groups.scheduled * shares - 1e-9)  # whole agents
        whole = np.ceil(groups.scheduled - 1e-9) - heads
        present, half = float(groups.scheduled.sum()), half_width(found.deviations(weights), self.config.run.confidence)
        settled = found.converged and not half > present  # give or take more than everybody is no answer
        costs = [integration_cost_per_year(self.at(each)) for each in (level, self.own)]
        return Answer(
            rule, level, present, float(groups.scheduled @ fewer), half if settled else math.nan,
            tuple((groups.peaks * shares).tolist()),
            float(groups.hours @ fewer) * HOUR / self.config.economics.hours_per_fte,
            float((groups.hours * groups.wages) @ fewer) * WEEKS, costs[0] - costs[1],
            tuple(name for name, binds in zip(self.constraints.names, found.binding, strict=True) if binds),
            settled, self.asked.name, self._prices.get(level, math.nan) - self._prices[self.own],
            (float(whole.sum()), float((groups.hours * groups.wages / groups.scheduled) @ whole) * WEEKS),
        )  # fmt: skip


def between(done: Mapping[float, Floats], level: float) -> Floats:
    """On the straight line between the points of the two levels about `level`; beyond all of them, that of today or of
    the nearest.

    >>> between({0.0: np.array([1.0]), 1.0: np.array([0.8])}, 0.5)
    array([0.9])
    """
    below, above = [at for at in done if at <= level], [at for at in done if at >= level]
    if not (below and above):
        return done[min(done, key=lambda at: abs(at - level))]
    low, high = max(below), min(above)
    part = (level - low) / (high - low) if high > low else 0.0
    return np.asarray(done[low] + part * (done[high] - done[low]))


def prices_per_year(results: Results) -> float:
    """Prices of contacts a year: the centre's cost without its agents' wages and without integration."""
    config = results.config
    cost = {kpi.name if kpi.scope == "pool" else "": kpi.mean for kpi in results.kpis
            if kpi.measure == "cost" and kpi.interval == "all" and kpi.scope in ("pool", "journey")}  # fmt: skip
    spent = cost.pop("") - sum(cost.values())
    return spent * YEAR / config.run.measure - integration_cost_per_year(config)


def half_width(deviations: Floats, confidence: float) -> float:
    """Half width of the mean's interval, Student t over replications; NaN for one replication."""
    n = deviations.size
    if n < 2:
        return math.nan
    return float(special.stdtrit(n - 1, (1 + confidence) / 2) * deviations.std(ddof=1) / math.sqrt(n))

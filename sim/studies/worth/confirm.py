"""The answers once more, on replications that no search has seen: plans that are shown to hold there.

Comes in: a finished `Worth` study and its answers. Goes out: a `Plan` for each. A headcount found on the same
replications that judged it flatters itself, and one at the very limit misses it by a hair half of the time. So each
plan gets as much more than its answer as the noise of so many fresh replications asks for, is simulated on them paired
with the baseline, is mended where a constraint is not shown, and then judged on others, unseen again; like a plan of
`staffing`: confirm, repair, confirm.

No worse is shown only where the whole interval stays within the margin that is stated (non-inferiority); an interval
that is too wide for that can tell nothing, and is no evidence. A plan holds where all its constraints are shown. This
is an intersection-union test: each at the confidence of the run gives the whole plan that confidence, without a
correction for their number (Berger, Technometrics 24, 1982, 295-300). Each plan's claim stands alone. A plan that is
judged again was mended before, so that its looks are of different plans; were they of one that is just too small, the
last of four would be wrong in up to 10 % of cases and not in 2.5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special
from tqdm import tqdm

from ...model.studies.worth import Margin
from ...runs.replicate import Results
from ..compare.study import Difference, paired, side_of
from .answer import Answer
from .cheapest import Least
from .constraints import Constraints, Floats, Margins, allowed, sign_of
from .study import LEAST, MOST, Worth

ROUNDS = 4
"""fresh sets of replications on which a plan is judged and, but for the last, mended"""
POWER = 2.0
"""standard errors beyond what is shown at the least: so often a constraint that just gets them is shown (98 %). With
one (84 %) a plan with four constraints at their limits failed every second round"""


@dataclass(frozen=True)
class Plan:
    """The staffing of an answer with what it takes to be shown to hold, judged on replications that it has not seen."""

    answer: Answer
    freed: float
    peaks: tuple[float, ...]
    """`agents` by group"""
    differences: tuple[Difference, ...]
    """from the baseline on the last fresh replications, one for each constraint; each interval holds alone"""
    rounds: int
    holds: bool


class Fresh:
    """The baseline on the sets of fresh replications, simulated once for all plans."""

    def __init__(self, study: Worth) -> None:
        self.study = study
        self._known: list[tuple[Results, Constraints]] = []

    def baseline(self, number: int) -> tuple[Results, Constraints]:
        """That of a set, and the constraints against it."""
        study = self.study
        while len(self._known) <= number:
            results = study.staffed(study.own, study.groups.peaks, len(self._known))
            self._known.append((results, Constraints(study.constraints.names, results, study.asked.margin)))
        return self._known[number]


def confirmed(study: Worth, answers: Sequence[Answer], progress: bool = False) -> list[Plan]:
    """A plan for each answer that settled; none for today's own level."""
    mine, fresh = [each for each in answers if each.level != study.own and each.converged], Fresh(study)
    with tqdm(mine, desc="confirming", unit="plan", disable=None if progress else True) as bar:
        return [_plan(study, each, fresh) for each in bar]


def _plan(study: Worth, answer: Answer, fresh: Fresh) -> Plan:
    """Confirms and mends until all is shown, or there are no more rounds."""
    spread, found = study.directions(answer.rule), study.found[answer.rule, answer.level]
    cost, n = study.groups.cost @ spread, study.asked.confirm_replications
    wanted = reserve(found.margins, study.constraints.slack, n, study.config.run.confidence)
    plan = found.mended(Margins(found.predicted, found.margins.residuals), cost, (LEAST, MOST), wanted)
    pooled = [(len(study.baseline.replications), found.point, Margins(found.predicted, found.margins.residuals))]
    for number in range(ROUNDS):
        baseline, constraints = fresh.baseline(number)
        peaks = study.groups.peaks * (spread @ plan.point)
        results = study.staffed(answer.level, peaks, number)
        differences = compared(name_of(answer), baseline, results, constraints.names)
        holds = all(judged(each, study.asked.margin) == "shown" for each in differences)
        if holds or number == ROUNDS - 1:
            break
        pooled.append((n, plan.point, constraints.margins(results)))
        plan = _repaired(plan, pooled, constraints.slack, cost, study.config.run.confidence)
    freed = float(study.groups.scheduled @ (1 - spread @ plan.point))
    return Plan(answer, freed, tuple(peaks.tolist()), tuple(differences), number + 1, holds)


def _repaired(
    plan: Least, pooled: Sequence[tuple[int, Floats, Margins]], slack: Floats, cost: Floats, confidence: float
) -> Least:
    """The cheapest plan that all that was seen says will be shown: margins from all rounds, each moved along the
    slopes to the last plan. Nothing is taken from a group that keeps a constraint which was not shown."""
    sizes = np.array([float(n) for n, _, _ in pooled])
    moved = np.array([each.values + plan.slopes @ (plan.point - point) for _, point, each in pooled])
    last = pooled[-1]
    values = np.minimum(
        sizes @ moved / sizes.sum(), np.where(_short(last, slack, confidence), last[2].values, math.inf)
    )
    wanted = reserve(last[2], slack, last[0], confidence)
    return plan.mended(Margins(values, last[2].residuals), cost, (LEAST, MOST), wanted)


def _short(seen: tuple[int, Floats, Margins], slack: Floats, confidence: float) -> np.ndarray:
    """Which constraints a round has not shown."""
    n, _, margins = seen
    return np.asarray(margins.values < reserve(margins, slack, n, confidence, power=0.0))


def reserve(margins: Margins, slack: Floats, n: int, confidence: float, power: float = POWER) -> Floats:
    """(constraints,): margins at which `n` replications that vary like these show that none is worse by more than
    `slack`; at least 0, so that a wide margin of non-inferiority is not used up."""
    seen = margins.residuals.shape[0]
    if seen < 2 or n < 2:
        return np.zeros(slack.shape)
    error = margins.residuals.std(axis=0, ddof=1) / math.sqrt(n)
    quantile = float(special.stdtrit(n - 1, (1 + confidence) / 2))
    wanted = (quantile + power) * error - slack
    return np.maximum(wanted, 0.0) if power else np.asarray(wanted)


def compared(name: str, baseline: Results, results: Results, constraints: Sequence[str]) -> list[Difference]:
    """The difference of each constraint, with an interval that holds alone."""
    run = baseline.config.run
    return [
        each
        for one in constraints
        for each in paired(side_of(baseline, [one]), {name: side_of(results, [one])}, run.confidence, run.seed)
    ]


def name_of(answer: Answer) -> str:
    """`cheapest at 0.8`."""
    return f"{answer.rule} at {answer.level:g}"


def judged(each: Difference, margin: Margin) -> str:
    """`shown`: not worse by more than the margin; `worse`; or `cannot tell`, which is neither.

    >>> fewer = Difference("x", "channel", "phone", "abandoned", "share", 0.05, 0.049, -0.001, 0.003, 6, "lower", 1.0)
    >>> judged(fewer, Margin()), judged(fewer, Margin(share=0.001))
    ('shown', 'cannot tell')
    """
    better = sign_of(each.measure) * each.difference
    if better - each.half_width >= -allowed(each.baseline, each.measure, margin) or each.verdict == "same":
        return "shown"
    return "worse" if better + each.half_width < 0 else "cannot tell"


def verdict(differences: Sequence[Difference], margin: Margin) -> str:
    """One sentence for all of them: how many are shown to be no worse, which are worse, how many cannot be told."""
    said = [judged(each, margin) for each in differences]
    worse = [each for each, one in zip(differences, said, strict=True) if one == "worse"]
    text = f"{said.count('shown')} of {len(said)} constraints are not worse by more than the margin (shown)"
    if worse:
        names = ", ".join(f"{each.scope}.{each.name}.{each.measure} ({each.scenario})" for each in worse)
        text += f"; {len(worse)} worse: {names}"
    return f"{text}; {said.count('cannot tell')} cannot tell, which is not the same as no worse"


def margin_words(margin: Margin) -> str:
    """`0.5 points of a share, 2 % of a time`."""
    return f"{100 * margin.share:g} points of a share, {100 * margin.time:g} % of a time"

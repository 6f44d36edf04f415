"""What a fit found, with intervals: patience, agents, first contacts, rows.

Comes in: a solver and its last step. Goes out: findings for table and manifest, and notes. The slopes behind the
intervals are measured by simulation, both ways around the fit, on the same luck.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...model.centre import Configuration
from ..imported import Finding, Fitted
from .handle import handle_cv
from .noise import covariance, interval, spread
from .targets import Target, law_of
from .words import sharing

if TYPE_CHECKING:
    from .solve import Solver, Step

Floats = NDArray[np.float64]
HANDLE_NUDGE = 0.03
"""change of logarithms by which the slope of handle time is measured"""
WHO_LEAVES = 0.006
"""by how much the logarithm of agents depends on who leaves when a count falls (`staffing.*.on_fall`), which a file
does not say: measured on files of known truth (conf/data/README.md)"""
LAST_MOVE = 0.1
"""longest last move of a logarithm"""
UNTOLD = 1.0
"""standard error of a logarithm beyond which a file tells nothing of a parameter"""


def findings_of(solver: Solver, step: Step) -> tuple[Fitted, list[Finding], list[str]]:
    """The fit, in which what the file cannot tell is as assumed; findings; notes."""
    slopes, by_handle = slopes_of(solver, step), slopes_by_handle(solver, step.fitted, step.replications)
    findings: list[Finding] = []
    fitted, notes = _finished(solver, step, slopes), []
    for name in solver.table.channels:
        targets = solver.of_channel(name)
        luck = covariance(targets, step.gave[name], by_handle[name]) if step.replications > 1 else step.noise[name]
        errors = spread(slopes[name], luck, step.replications) if targets else np.zeros(0)
        for target, error in zip(targets, errors.tolist(), strict=True):
            if _untold(solver, step, target, error):
                fitted = replace(fitted, patience=fitted.patience | {name: 1.0})
                findings.append(_assumed(solver, name, fitted, "the file cannot tell it"))
                notes.append(_untold_words(solver, target))
            else:
                findings.append(_found(solver, fitted, target, error))
                notes += _staffing_words(findings[-1], solver.config)
        if not any(target.parameter == "patience" for target in targets) and law_of(solver.config, name) is not None:
            findings.append(_assumed(solver, name, fitted, "assumed"))
        if not any(target.parameter == "staffing" for target in targets):
            findings.append(Finding(name, "staffing", fitted.staffing[name], "factor", None, None, "assumed"))
        if name in fitted.cv:
            findings.append(_spread(solver, name, fitted.cv[name]))
    return fitted, [*findings, *_demand(solver, fitted)], [*notes, *_switch_words(fitted)]


def slopes_of(solver: Solver, step: Step) -> dict[str, Floats]:
    """By channel: (targets, parameters), derivatives by the logarithms of the factors."""
    from .solve import NUDGES

    columns: dict[str, dict[str, Floats]] = {}
    for parameter in {target.parameter for target in solver.search.targets}:
        ways = []
        for sign in (1.0, -1.0):
            moved = _moved(step.fitted, solver.search.targets, parameter, float(np.exp(sign * NUDGES[parameter])))
            gave = solver.simulated(moved, step.replications)
            ways.append({name: np.mean(each, axis=0) for name, each in gave.items()})
        columns[parameter] = {
            name: np.array([t.of(ways[0][name]) - t.of(ways[1][name]) for t in solver.of_channel(name)])
            / (2 * NUDGES[parameter])
            for name in solver.table.channels
        }
    return {
        name: np.column_stack([columns[t.parameter][name] for t in solver.of_channel(name)])
        if solver.of_channel(name) else np.zeros((0, 0))
        for name in solver.table.channels
    }  # fmt: skip


def slopes_by_handle(solver: Solver, fitted: Fitted, replications: int) -> dict[str, Floats]:
    """By channel: derivatives of its targets by the logarithm of its handle time."""
    ways = []
    for sign in (1.0, -1.0):
        handle = {name: value * float(np.exp(sign * HANDLE_NUDGE)) for name, value in fitted.handle.items()}
        gave = solver.simulated(replace(fitted, handle=handle), replications)
        ways.append({name: np.mean(each, axis=0) for name, each in gave.items()})
    return {
        name: np.array([t.of(ways[0][name]) - t.of(ways[1][name]) for t in solver.of_channel(name)])
        / (2 * HANDLE_NUDGE)
        for name in solver.table.channels
    }


def _finished(solver: Solver, step: Step, slopes: dict[str, Floats]) -> Fitted:
    """The fit after the last bit of the way, too short to simulate again: along the measured slopes, within bounds."""
    fitted = step.fitted
    for name, slope in slopes.items():
        targets = solver.of_channel(name)
        if any(solver.at_end(fitted, target) for target in targets) or not targets:
            continue
        missing = np.array([target.value - solver.value(step, target) for target in targets])
        moves = np.clip(np.linalg.pinv(slope) @ missing, -LAST_MOVE, LAST_MOVE)
        for target, move in zip(targets, moves.tolist(), strict=True):
            fitted = _moved(fitted, [target], target.parameter, float(np.exp(move)))
    return fitted


def _moved(fitted: Fitted, targets: list[Target], parameter: str, factor: float) -> Fitted:
    names = {target.channel for target in targets if target.parameter == parameter}
    before: dict[str, float] = getattr(fitted, parameter)
    after = {name: value * (factor if name in names else 1.0) for name, value in before.items()}
    return replace(fitted, **{parameter: after})  # type: ignore[arg-type]


def _untold(solver: Solver, step: Step, target: Target, error: float) -> bool:
    """Whether a patience stands at its end only because the file has too little abandonment to tell it."""
    return target.parameter == "patience" and (
        error > UNTOLD or (solver.at_end(step.fitted, target) > 0 and error > UNTOLD / 2)
    )


def _found(solver: Solver, fitted: Fitted, target: Target, error: float) -> Finding:
    factor = solver.search.factor(fitted, target)
    if target.parameter == "staffing" and "on_fall" not in str(solver.config.data.assume.centre):
        error = float(np.hypot(error, WHO_LEAVES))
    low, high = interval(factor, error)
    scale, unit = 1.0, "factor"
    law = law_of(solver.config, target.channel)
    if target.parameter == "patience" and law is not None:
        scale, unit = law.mean_value, "s"
    parameter = "deadline" if solver.config.channels[target.channel].kind == "deferred" else target.parameter
    return Finding(target.channel, parameter, scale * factor, unit, scale * low, scale * high, target.column)


def _assumed(solver: Solver, name: str, fitted: Fitted, why: str) -> Finding:
    law = law_of(solver.config, name)
    assert law is not None
    mean = law.mean_value * fitted.patience[name]
    live = solver.config.channels[name].kind == "live"
    if live and solver.config.data.assume.patience is not None:
        mean = solver.config.data.assume.patience
    return Finding(name, "patience" if live else "deadline", mean, "s", None, None, why)


def _spread(solver: Solver, name: str, cv: float) -> Finding:
    """How much single handle times differ."""
    told = handle_cv(solver.table, name)
    low, high = interval(cv, told[1]) if told else (None, None)
    return Finding(name, "handle_time_cv", cv, "of its mean", low, high, "aht_s")


def _demand(solver: Solver, fitted: Fitted) -> list[Finding]:
    """First contacts by stream, as a share of the contacts offered."""
    found = []
    for i, name in enumerate(solver.table.channels):
        offered = np.nan_to_num(solver.table.offered[i])
        first = float((offered * np.array(fitted.demand[name])[solver.search.weekdays]).sum())
        share = first / max(float(offered.sum()), 1e-9)
        found.append(Finding(name, "first_contacts", share, "per contact offered", None, None, "offered"))
    return found


def _untold_words(solver: Solver, target: Target) -> str:
    law = law_of(solver.config, target.channel)
    mean = law.mean_value if law else 0.0
    return (
        f"channel {target.channel}: {target.said(target.value)} abandoned is too little to tell patience by; it stays "
        f"as assumed, {mean:,.0f} s on average"
    )


def _staffing_words(finding: Finding, config: Configuration) -> list[str]:
    """A roster that the results contradict."""
    if finding.parameter != "staffing" or finding.low is None or finding.high is None:
        return []
    if finding.low <= 1 <= finding.high:
        return []
    more = 1 / finding.value - 1
    low, high = sorted((1 / finding.low - 1, 1 / finding.high - 1))
    way = "more" if more > 0 else "fewer"
    ends = sorted((abs(low), abs(high)))
    return [
        f"channel {finding.channel}: your file shows {abs(more):.0%} {way} agents than its results imply (95 %: "
        f"{ends[0]:.0%} to {ends[1]:.0%}); simulated are those implied, {finding.value:.2f} times the file's",
        *sharing(config, finding),
    ]


def _switch_words(fitted: Fitted) -> list[str]:
    if fitted.switches == 1.0:
        return []
    return [
        f"switches and redials assumed bring more contacts than the file has: all rows are scaled by "
        f"{fitted.switches:.2f} (data.assume.switches)"
    ]

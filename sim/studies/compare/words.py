"""Scenarios against the baseline as a planner reads them: a line for each measure, and plain words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

from tabulate import tabulate

from ...measures.catalogue import describe
from ...model.centre import Scenario
from ...reports.numbers import say
from ...runs.replicate import Results
from ...statistics.kpis import Kpi
from ...statistics.simultaneous import Method
from .study import Difference

ALIGN = ("left", "right", "right", "right", "left")
METHODS: dict[Method, str] = {"bonferroni": "Bonferroni", "max_t": "bootstrap of the largest"}
NOTHING = "\n  changes nothing here: every measure is the same in every replication. This centre lacks what it acts on."
HEADER = ("measure", "baseline", "scenario", "difference", "finding")


def comparison_table(
    baseline: Results,
    differences: Sequence[Difference],
    scenarios: Mapping[str, Scenario],
    simultaneous: Method = "bonferroni",
) -> str:
    """A block for each scenario: its question, what was expected, and each difference with its interval and verdict."""
    blocks = []
    for name in dict.fromkeys(each.scenario for each in differences):
        mine = [each for each in differences if each.scenario == name]
        asked = scenarios[name]
        rows = [line_of(each, baseline.config.economics.currency) for each in mine]
        table = tabulate(rows, HEADER, tablefmt="simple", colalign=ALIGN, disable_numparse=True)
        expected = f"\nexpected: {' '.join(asked.expect.split())}" if asked.expect else ""
        below = NOTHING if changes_nothing(mine) else f"{expected}\n\n{table}"
        blocks.append(f"{name}: {' '.join(asked.question.split())}{below}")
    run = baseline.config.run
    foot = (
        f"Differences are scenario minus {baseline.config.scenario.name}, paired over {len(baseline.replications)} "
        f"replications with common random numbers (seed {run.seed}).\n"
        f"{held_together(len(differences), run.confidence, simultaneous)} 'cannot tell (40)': about 40 replications "
        f"would tell.{_pairing(differences)}"
    )
    return "\n\n".join([*blocks, foot])


def changes_nothing(differences: Sequence[Difference]) -> bool:
    """Whether a scenario is the baseline, to the digit: it acts on what the centre does not have, such as channels
    joined where there is one."""
    return all(each.verdict == "same" or math.isnan(each.difference) for each in differences)


def held_together(count: int, confidence: float, method: Method) -> str:
    """What the stated confidence holds for."""
    return f"All {count} intervals hold together with {confidence:.0%} confidence ({METHODS[method]})."


def _pairing(differences: Sequence[Difference]) -> str:
    """What common random numbers gave: how many times as many independent runs the same intervals would have taken."""
    gains = [each.variance_reduction for each in differences if math.isfinite(each.variance_reduction)]
    return f"\nPairing: as good as {median(gains):.1f} times as many independent runs (median)." if gains else ""


def line_of(each: Difference, currency: str) -> list[str]:
    """A row of the table: measure, baseline, value, difference with its interval, finding."""
    title = describe(each.measure).title + (f" {each.name}" if each.name != "all" else "")
    base = say(_kpi(each, each.baseline, float("nan")), currency)
    value = say(_kpi(each, each.value, float("nan")), currency)
    change = say(_kpi(each, each.difference, each.half_width), currency).replace(" %", " points")
    needed = each.replications_to_tell
    finding = each.verdict + (f" ({needed})" if needed else "")
    return [title, base, value, ("+" if each.difference > 0 else "") + change, finding]


def _kpi(each: Difference, value: float, half_width: float) -> Kpi:
    return Kpi(each.scope, each.name, each.measure, "all", value, half_width, each.n, each.unit)

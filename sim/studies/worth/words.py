"""What integration is worth in agents, as a planner reads it: a table, sentences, and the file behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from ...reports.files import write_csv
from ..compare.study import Difference
from .confirm import margin_words, verdict
from .study import Answer, Worth
from .unknowns import WorthInputs, described

FIELDS = (
    "rule", "level", "present_agents", "agents", "freed", "half_width", "lower", "upper", "lower_both", "upper_both",
    "replications",
    "scheduled_fte_freed", "wages_saved_per_year", "integration_cost_per_year", "binding", "converged",
)  # fmt: skip
HEADER = ("allocation", "integration", "agents needed", "freed", "with unknowns", "FTE freed", "wages saved",
          "integration", "it binds")  # fmt: skip


def in_order(answers: Sequence[Answer], rules: Sequence[str]) -> list[Answer]:
    """By rule as asked, then by level."""
    return sorted(answers, key=lambda answer: (rules.index(answer.rule), answer.level))


def write_worth(path: Path, study: Worth, answers: Sequence[Answer]) -> None:
    """worth.csv: a row for each rule and level; the peaks of the groups are the last columns."""
    n = len(study.baseline.replications)
    rows = [
        [
            each.rule, each.level, each.present, each.agents, each.freed, each.half_width,
            each.freed - each.half_width, each.freed + each.half_width, *(each.both or (math.nan, math.nan)), n,
            each.fte_freed, each.saved_per_year, each.integration_per_year, "; ".join(each.binding),
            each.converged, *each.peaks,
        ]
        for each in in_order(answers, study.asked.allocation)
    ]  # fmt: skip
    write_csv(path, (*FIELDS, *(f"agents_{name}" for name in study.groups.names)), rows)


def worth_table(
    study: Worth,
    answers: Sequence[Answer],
    inputs: WorthInputs | None = None,
    differences: Sequence[Difference] = (),
) -> str:
    """The table, a sentence for each level under the first rule, and what the numbers stand on."""
    ordered = in_order(answers, study.asked.allocation)
    currency = study.config.economics.currency
    table = tabulate([_line(each, currency) for each in ordered], HEADER, tablefmt="simple", disable_numparse=True)
    own = study.config.integration.level
    said = [each.words for each in ordered if each.rule == study.asked.allocation[0] and each.level != own]
    return "\n\n".join([table, "\n".join(said), "\n".join(_foot(study, ordered, inputs, differences))])


def _line(each: Answer, currency: str) -> list[str]:
    binding = ", ".join(name.removeprefix("channel.") for name in each.binding)
    saved, paid = (f"{money:,.0f} {currency}" for money in (each.saved_per_year, each.integration_per_year))
    return [
        each.rule, f"{each.level:g}", f"{each.agents:.1f}", _freed(each),
        "" if each.both is None else "{:.1f} to {:.1f}".format(*each.both),
        f"{each.fte_freed:.1f}", saved, paid,
        binding,
    ]  # fmt: skip


def _freed(each: Answer) -> str:
    """`9.7 ±0.4`; what a search that did not settle has seen is no answer."""
    if not each.converged:
        return f"not found (a plan that frees {each.freed:.1f} is no worse)"
    return f"{each.freed:.1f}" + (f" ±{each.half_width:.1f}" if math.isfinite(each.half_width) else "")


def _foot(
    study: Worth, answers: Sequence[Answer], inputs: WorthInputs | None, differences: Sequence[Difference]
) -> list[str]:
    run, n = study.config.run, len(study.baseline.replications)
    held = ", ".join(name.removeprefix("channel.") for name in study.constraints.names)
    lines = [
        f"Agents: scheduled, at the peak of each group's profile ({', '.join(study.groups.names)}); money a year.",
        f"No worse than integration {study.config.integration.level:g} with {answers[0].present:.0f} agents: {held}.",
        f"No worse: by no more than {margin_words(study.asked.margin)}, at which the search stops.",
        f"{n} replications with common random numbers (seed {run.seed}), {study.runs} staffings simulated.",
        f"Intervals: {run.confidence:.0%}, each alone. ±: simulation noise (delta method).",
    ]
    if inputs is not None:
        lines[-1] += f" With unknowns: noise and {described(inputs.inputs, study.asked.sets)} from their ranges"
        lines.append(
            "(one Newton step for each set); ranges need not be even around today's values, nor is this interval."
        )
    if differences:
        lines.append(
            f"On {n} fresh replications {verdict(differences, study.asked.margin)}; intervals that hold together."
        )
    return lines

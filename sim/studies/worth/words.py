"""What a number is worth in agents, as a planner reads it: a table, sentences, and the file behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from ...reports.files import write_csv
from .answer import Answer
from .confirm import Plan, margin_words, name_of, verdict
from .origins import Connection
from .spread import Spread
from .study import Worth
from .subject import regime
from .unknowns import WorthInputs, described

FIELDS = (
    "rule", "level", "present_agents", "agents", "freed", "half_width", "lower", "upper", "replications",
    "median", "lower_80", "upper_80", "lower_both", "upper_both", "none", "rank_of_today",
    "scheduled_fte_freed", "wages_saved_per_year", "integration_cost_per_year", "prices_per_year", "net_per_year",
    "net_median", "net_lower", "net_upper", "loss", "whole_freed", "whole_net_per_year", "binding", "converged",
)  # fmt: skip
AGENTS = ("allocation", "level", "freed: median", "80 %", "95 %", "none", "at today's inputs", "FTE", "it binds")
MONEY = ("allocation", "level", "wages saved", "it costs", "net a year", "over the unknowns: median", "80 %", "loss",
         "whole agents freed", "net with whole agents")  # fmt: skip
NO_SPREAD = (math.nan,) * 7


def in_order(answers: Sequence[Answer], rules: Sequence[str]) -> list[Answer]:
    """By rule as asked, then by level."""
    return sorted(answers, key=lambda answer: (rules.index(answer.rule), answer.level))


def write_worth(path: Path, study: Worth, answers: Sequence[Answer]) -> None:
    """worth.csv: a row for each rule and level; the peaks of the groups are the last columns."""
    n = len(study.baseline.replications)
    rows = [
        [
            each.rule, each.level, each.present, each.agents, each.freed, each.half_width,
            each.freed - each.half_width, each.freed + each.half_width, n, *_quantiles(each.spread),
            each.fte_freed, each.saved_per_year, each.integration_per_year, each.prices_per_year, each.net_per_year,
            *_money(each.spread), each.whole[0], each.whole[1] - each.cost_per_year, "; ".join(each.binding),
            each.converged, *each.peaks,
        ]
        for each in in_order(answers, study.asked.allocation)
    ]  # fmt: skip
    write_csv(path, (*FIELDS, *(f"agents_{name}" for name in study.groups.names)), rows)


def _quantiles(spread: Spread | None) -> tuple[float, ...]:
    if spread is None:
        return NO_SPREAD
    low, less, middle, more, high = spread.agents
    return middle, less, more, low, high, spread.none, spread.rank


def _money(spread: Spread | None) -> tuple[float, ...]:
    return NO_SPREAD[:4] if spread is None else (spread.net[2], spread.net[0], spread.net[-1], spread.loss)


def worth_table(
    study: Worth,
    answers: Sequence[Answer],
    inputs: WorthInputs | None = None,
    plans: Sequence[Plan] = (),
) -> str:
    """The table, a sentence for each level under the first rule, and what the numbers stand on."""
    ordered = in_order(answers, study.asked.allocation)
    tables = [
        tabulate([line(each) for each in ordered], header, tablefmt="simple", disable_numparse=True)
        for line, header in ((_line, AGENTS), (_paid, MONEY))
    ]
    own = study.own
    said = [each.words for each in ordered if each.rule == study.asked.allocation[0] and each.level != own]
    held = [plans_table(plans)] if plans else []
    return "\n\n".join([*tables, "\n".join(said), *held, "\n".join(_foot(study, ordered, inputs, plans))])


def write_plans(path: Path, study: Worth, plans: Sequence[Plan]) -> None:
    """plans.csv: a row for each plan; the peaks of the groups are the last columns."""
    header = ("rule", "level", "freed", "holds", "rounds", "replications", *(f"agents_{n}" for n in study.groups.names))
    n = study.asked.confirm_replications
    rows = [[p.answer.rule, p.answer.level, p.freed, p.holds, p.rounds, n, *p.peaks] for p in plans]
    write_csv(path, header, rows)


def plans_table(plans: Sequence[Plan]) -> str:
    """What each answer keeps when it has to be shown to hold."""
    lines = [
        [name_of(each.answer), f"{each.answer.freed:.1f}", f"{each.freed:.1f}", "yes" if each.holds else "not shown",
         str(each.rounds)] for each in plans
    ]  # fmt: skip
    header = ("plan", "freed at the limit", "freed by a plan to sign", "it holds", "rounds")
    table = tabulate(lines, header, tablefmt="simple", disable_numparse=True)
    return f"Plans that are shown to hold on replications which nobody has seen:\n{table}"


def write_connections(path: Path, rows: Sequence[Connection]) -> None:
    """connections.csv: a row for each pair and group of pairs, the one that frees most for its price first."""
    money = ("wages_saved_per_year", "integration_cost_per_year", "net_per_year")
    header = ("connection", "pairs", "freed", "freed_last", *money)
    values = [[r.name, r.pairs, r.freed, r.last, r.saved_per_year, r.cost_per_year, r.net_per_year] for r in rows]
    write_csv(path, header, values)


def connections_table(rows: Sequence[Connection]) -> str:
    """Which connection first: each pair and group of pairs alone, by agents freed for its price."""
    lines = [
        [r.name, str(r.pairs), f"{r.freed:.1f}", f"{r.last:.1f}", f"{r.saved_per_year:,.0f}", f"{r.cost_per_year:,.0f}",
         f"{r.net_per_year:,.0f}"] for r in rows
    ]  # fmt: skip
    header = ("connected", "pairs", "freed alone", "freed as the last", "wages saved", "it costs", "net a year")
    table = tabulate(lines, header, tablefmt="simple", disable_numparse=True)
    return f"Which connection first (workload arithmetic at today's inputs; they overlap):\n{table}"


def _line(each: Answer) -> list[str]:
    binding = ", ".join(name.removeprefix("channel.") for name in each.binding)
    spread, none = each.spread, ("",) * 4
    return [
        each.rule, f"{each.level:g}", *(none if spread is None else _ranges(spread.agents, 1, spread.none)),
        _freed(each), f"{each.fte_freed:.1f}", binding,
    ]  # fmt: skip


def _paid(each: Answer) -> list[str]:
    spread, none = each.spread, ("",) * 3
    over = none if spread is None else [text for i, text in enumerate(_ranges(spread.net, 0, spread.loss)) if i != 2]
    money = (each.saved_per_year, each.cost_per_year, each.net_per_year)
    return [
        each.rule, f"{each.level:g}", *(f"{value:,.0f}" for value in money), *over,
        f"{each.whole[0]:.0f}", f"{each.whole[1] - each.cost_per_year:,.0f}",
    ]  # fmt: skip


def _ranges(quantiles: Sequence[float], digits: int, chance: float) -> list[str]:
    low, less, middle, more, high = (f"{value:,.{digits}f}" for value in quantiles)
    return [middle, f"{less} to {more}", f"{low} to {high}", f"{chance:.0%}"]


def _freed(each: Answer) -> str:
    """`9.7 ±0.4`; what a search that did not settle has seen is no answer."""
    if not each.converged:
        return f"not found (a plan that frees {each.freed:.1f} is no worse)"
    return f"{each.freed:.1f}" + (f" ±{each.half_width:.1f}" if math.isfinite(each.half_width) else "")


def _foot(study: Worth, answers: Sequence[Answer], inputs: WorthInputs | None, plans: Sequence[Plan]) -> list[str]:
    run, n = study.config.run, len(study.baseline.replications)
    held = ", ".join(name.removeprefix("channel.") for name in study.constraints.names)
    lines = [
        f"Agents: scheduled, at the peak of each group's profile ({', '.join(study.groups.names)}); money: "
        f"{study.config.economics.currency} a year.",
        f"No worse than {study.asked.name} at {study.own:g} with {answers[0].present:.0f} agents: {held}.",
        f"No worse: by no more than {margin_words(study.asked.margin)}, at which the search stops.",
        f"{n} replications with common random numbers (seed {run.seed}), {study.runs} staffings simulated.",
        f"Intervals: {run.confidence:.0%}, each alone. ±: simulation noise (delta method).",
    ]
    if inputs is not None:
        lines.append(
            f"Median, 80 % and 95 %: over {described(inputs.inputs, study.asked.sets)} from their ranges, "
            "noise included (one Newton step each)."
        )
    if inputs is not None and (curve := inputs.curve) is not None:
        lines.append(curve.words)
    if named := regime(study.config):
        lines.append(f"Customers: {named}. Two sets fit the anchors, calibrated (switchers) and stickers: read both.")
    if plans:
        every = verdict([each for plan in plans for each in plan.differences], study.asked.margin)
        holds, fresh = sum(plan.holds for plan in plans), study.asked.confirm_replications
        lines.append(
            f"{holds} of {len(plans)} plans hold: all their constraints are shown on {fresh} replications that neither "
            f"search nor repair has seen ({run.confidence:.0%}, each plan alone). Of all of them {every}."
        )
    return lines

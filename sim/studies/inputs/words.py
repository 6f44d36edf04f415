"""What guesses matter and how sure headlines are, as a planner reads it: files and plain tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
from tabulate import tabulate

from ...measures.catalogue import describe
from ...reports.files import write_csv, write_parquet
from ...reports.numbers import say
from ...statistics.kpis import Kpi
from .ranges import Input
from .sensitivity import Finding, Sensitivity, ranked
from .uncertainty import Headline, Uncertainty

SHOWN = 12
"""rows of a table on the console; the file has all"""
TITLES = {
    "tornado": "one at a time to the ends of its range",
    "morris": "Morris screening: mean size of the effect of the whole range",
    "sobol": "Sobol indices: share of the variance",
}
HEADERS = {
    "tornado": ("parameter", "low", "change", "high", "change"),
    "morris": ("parameter", "range", "mu*", "interval", "mean (mu)", "spread (sigma)", "noise alone"),
    "sobol": ("parameter", "range", "alone", "interval", "with interactions", "interval"),
}
COLUMNS = tuple(field.name for field in fields(Finding))


def write_findings(folder: Path, findings: Sequence[Finding]) -> list[Path]:
    """sensitivity.csv and .parquet: one row for each method, measure, input and index."""
    paths = [folder / "sensitivity.csv", folder / "sensitivity.parquet"]
    write_csv(paths[0], COLUMNS, ([getattr(each, name) for name in COLUMNS] for each in findings))
    columns = {name: [getattr(each, name) for each in findings] for name in COLUMNS}
    texts = {name: np.array(values, dtype=object if isinstance(values[0], str) else float)
             for name, values in columns.items()}  # fmt: skip
    write_parquet(paths[1], texts)
    return paths


def title_of(measure: str) -> str:
    """A measure in words: `abandoned, phone`."""
    _, name, what = measure.split(".")
    return describe(what).title + ("" if name == "all" else f", {name}")


def asked_of(study: Sensitivity, measure: str) -> str:
    """What a finding is about: a measure of the centre, or how far a change moves it."""
    if not study.of:
        return title_of(measure)
    return f"{title_of(measure)}, change by {', '.join(f'{key}={value}' for key, value in study.of.items())}"


def findings_table(study: Sensitivity, findings: Sequence[Finding]) -> str:
    """A table for each method and measure, the most important inputs first, and what the numbers stand on."""
    inputs = {one.name: one for one in study.inputs}
    currency, blocks = study.config.economics.currency, []
    for method, measure in dict.fromkeys((each.method, each.measure) for each in findings):
        mine = [each for each in findings if (each.method, each.measure) == (method, measure)]
        names = ranked(findings, method, measure)
        rows = [_line(method, inputs[name], _indices(mine, name), currency) for name in names[:SHOWN]]
        head = f"{asked_of(study, measure)}: {TITLES[method]}" + (
            _today(mine[0], currency) if method == "tornado" else ""
        )
        table = tabulate(rows, HEADERS[method], tablefmt="simple", disable_numparse=True)
        rest = f"\nand {len(names) - SHOWN} more in sensitivity.csv" if len(names) > SHOWN else ""
        blocks.append(f"{head}\n\n{table}{rest}")
    return "\n\n".join([*blocks, _foot(study)])


def _indices(mine: Sequence[Finding], name: str) -> dict[str, Finding]:
    return {each.index: each for each in mine if each.input == name}


def _today(each: Finding, currency: str) -> str:
    return f"; today {number(each, each.today, currency=currency)}"


def number(each: Finding, value: float, half: float = float("nan"), currency: str = "") -> str:
    """A value in the finding's unit."""
    return say(Kpi("", "", "", "all", value, half, 0, each.unit), currency)


def change(each: Finding, currency: str = "") -> str:
    """A change with its sign and its interval."""
    text = number(each, each.value, (each.upper - each.lower) / 2, currency).replace(" %", " points")
    return ("+" if each.value > 0 else "") + text


def _line(method: str, one: Input, found: Mapping[str, Finding], currency: str) -> list[str]:
    if method == "tornado":
        low, high = found["low"], found["high"]
        return [one.label, low.at, change(low, currency), high.at, change(high, currency)]
    least, most = (one.said(end) for end in one.range.ends)
    words = [one.label, f"{least} to {most}"]
    if method == "morris":
        main = found["mu_star"]
        rest = [_alike(found[name].value, main, currency) for name in ("mu", "sigma", "noise")]
        words += [_alike(main.value, main, currency), _between(main, currency), *rest]
        return [word.replace(" %", " points") for word in words]
    for name in ("first", "total"):
        words += [_alike(found[name].value, found[name], ""), _between(found[name], "")]
    return words


def _alike(value: float, like: Finding, currency: str) -> str:
    """A number with the digits of another's interval."""
    return _digits_of(value, (like.upper - like.lower) / 2, like.unit, currency)


def _between(each: Finding, currency: str) -> str:
    half = (each.upper - each.lower) / 2
    return " to ".join(_digits_of(end, half, each.unit, currency) for end in (each.lower, each.upper))


def _foot(study: Sensitivity) -> str:
    run, asked = study.config.run, study.asked
    lines = [f"{_count(study.inputs)}, {run.replications} replications at each point with common random "
             f"numbers (seed {run.seed})."]  # fmt: skip
    if "tornado" in asked.methods:
        lines.append(f"Changes: from today's value, {run.confidence:.0%} intervals of simulation noise, paired, each "
                     "alone: one in twenty shows by luck.")  # fmt: skip
    if "morris" in asked.methods:
        lines.append(f"Morris: {asked.trajectories} trajectories, bootstrap intervals over them; an input without any "
                     "effect shows about 'noise alone'.")  # fmt: skip
    if "sobol" in asked.methods:
        lines.append(f"Sobol: {asked.points} points for each index, bootstrap intervals over them.")
    return "\n".join(lines + _left(study.left_out))


def _count(inputs: Sequence[Input]) -> str:
    return f"{len(inputs)} parameter" + ("s" if len(inputs) != 1 else "")


def _left(names: Sequence[str]) -> list[str]:
    return [f"Left out, for this centre has no such part or another value: {', '.join(names)}."] if names else []


def write_headlines(folder: Path, headlines: Sequence[Headline]) -> list[Path]:
    """uncertainty.csv: a row for each measure."""
    names = [field.name for field in fields(Headline)]
    path = folder / "uncertainty.csv"
    write_csv(path, names, ([getattr(each, name) for name in names] for each in headlines))
    return [path]


def headlines_table(study: Uncertainty, headlines: Sequence[Headline]) -> str:
    """The headlines with both intervals."""
    currency, run = study.config.economics.currency, study.config.run
    rows = [_both(each, currency) for each in headlines]
    header = ("measure", "today", "noise alone", "noise and inputs", "of its variance, inputs")
    table = tabulate(rows, header, tablefmt="simple", disable_numparse=True)
    foot = [
        f"Intervals: {run.confidence:.0%}. Noise alone: {run.replications} replications. Noise and inputs: "
        f"{study.asked.sets} sets of {_count(study.inputs)}",
        f"from their ranges (Latin hypercube), {study.asked.replications} replications each, their simulation noise "
        "taken off by analysis of variance;",
        "it holds as far as the ranges do, which need not be even around today's values. `study=sensitivity` says "
        "which parameters are behind it.",
        *([study.together.words()] if study.together else []),
        *_left(study.left_out),
    ]  # fmt: skip
    return "\n\n".join([table, "\n".join(foot)])


def _both(each: Headline, currency: str) -> list[str]:
    ends = (each.value, *each.noise, each.lower, each.upper)
    value, *said = (_digits_of(end, each.half_width, each.unit, currency) for end in ends)
    both = (" to ".join(said[i : i + 2]) for i in (0, 2))
    return [title_of(each.measure), value, *both, f"{each.input_share:.0%}"]


def _digits_of(value: float, half: float, unit: str, currency: str) -> str:
    """A number with the digits that a half width deserves."""
    return say(Kpi("", "", "", "all", value, half, 0, unit), currency).partition(" ±")[0]

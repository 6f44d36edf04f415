"""Which scenario is best, as a planner reads it, and the files behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tabulate import tabulate

from ...measures.catalogue import describe
from ...reports.files import write_columns, write_manifest
from ...reports.numbers import say
from ...runs.replicate import Results
from ...statistics.kpis import Kpi, Kpis
from ...statistics.selection import Selection
from .study import Designs

FIELDS = ("scenario", "scope", "name", "measure", "mean", "replications", "out_after", "chosen")
GUARANTEE = {
    "kn": "Kim and Nelson 2001: if the best leads by that much it is chosen with this probability (proven); that the "
    "chosen one is otherwise within it is shown by experiment (tests/selection).",
    "clark_yang": "Clark and Yang 1986: best or within that of the best with this probability, however close they are.",
}


def selection_words(designs: Designs, found: Selection) -> str:
    """The finding in a sentence, when each scenario was out, the numbers, and what they stand on."""
    config = next(iter(designs.configs.values()))
    order = sorted(range(found.size), key=lambda i: (found.best != i, -found.out.get(i, math.inf), -found.mean(i)))
    rows = [[designs.names[i], _say(designs, designs.sign * found.mean(i)), _fate(found, i)] for i in order]
    header = ("scenario", describe(designs.parts.measure).title, "race")
    table = tabulate(rows, header, tablefmt="simple", colalign=("left", "right", "left"), disable_numparse=True)
    simulated = sum(map(len, found.values.values()))
    foot = (
        f"{simulated} replications with common random numbers (seed {config.run.seed}). "
        f"{GUARANTEE[designs.asked.procedure]}\nMeans are over different numbers of replications: "
        "study=compare compares."
    )
    return "\n\n".join([sentence(designs, found), table, foot])


def sentence(designs: Designs, found: Selection) -> str:
    """`one_digital_channel is best, or within 0.5 points of the best, with 95 % probability.`"""
    config = next(iter(designs.configs.values()))
    close = _close(designs, config.economics.currency)
    if found.best is None:
        left = ", ".join(designs.names[i] for i in found.left)
        return (
            f"No decision after {designs.asked.most} replications between {left}; at most {found.wanted} would decide, "
            f"or a larger difference than {close} (study.select.most, study.select.within)."
        )
    title = describe(designs.parts.measure).title
    return (
        f"{designs.names[found.best]} is best ({title}{_row(designs)}), or within {close} of the best, with "
        f"{config.run.confidence:.0%} probability, after {found.used} replications."
    )


def _close(designs: Designs, currency: str) -> str:
    """The difference that does not matter, as it was typed: `0.5 points`, `15 s`."""
    within, unit = designs.asked.within, describe(designs.parts.measure).unit
    if unit == "share":
        return f"{100 * within:g} point" + ("s" if within != 0.01 else "")
    return f"{within:g} {currency if unit == 'money' else unit}".removesuffix(" 1")


def _row(designs: Designs) -> str:
    return "" if designs.parts.name == "all" else f" {designs.parts.name}"


def _fate(found: Selection, design: int) -> str:
    if design == found.best:
        return "chosen"
    if design in found.close:
        return "in to the end, not better by enough to matter"
    return f"out after {found.out[design]} replications" if design in found.out else "still in"


def _say(designs: Designs, value: float) -> str:
    currency = next(iter(designs.configs.values())).economics.currency
    unit = describe(designs.parts.measure).unit
    digits = 0.001 * max(abs(value), 1e-12)  # three figures or so
    text = say(Kpi("", "", "", "all", value, digits, 0, unit), currency)
    return text.partition(" ±")[0]


def write_selection(
    folder: Path, designs: Designs, found: Selection, container: Mapping[str, Any], overrides: Sequence[str]
) -> None:
    """selection and values (each .csv and .parquet) and manifest.json."""
    value, sign = designs.parts, designs.sign
    rows = [
        [designs.names[i], value.scope, value.name, value.measure, sign * found.mean(i), len(found.values[i]),
         float(found.out.get(i, math.nan)), i == found.best] for i in range(found.size)
    ]  # fmt: skip
    write_columns(folder / "selection", FIELDS, rows)
    every = [
        [designs.names[i], number, sign * each]
        for i in range(found.size)
        for number, each in enumerate(found.values[i])
    ]
    write_columns(folder / "values", ("scenario", "replication", "value"), every)
    config = next(iter(designs.configs.values()))
    numbers = tuple(range(max(map(len, found.values.values()))))
    results = Results(config, Kpis(()), (), numbers, 0.0)
    chosen = None if found.best is None else designs.names[found.best]
    write_manifest(folder, results, container, overrides, study="select", chosen=chosen, asked=dict(designs.asked))

"""What scenarios were expected to do and what was found, as a table in a Markdown page.

Comes in: differences of a comparison whose scenarios said which way measures should go. Goes out: the page, with the
table between its two markers written anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from ...errors import InputError, Problem
from ...measures.catalogue import describe
from ...reports.numbers import say
from ...runs.replicate import Results
from ...statistics.kpis import Kpi
from .study import Difference

BEGIN, END = "<!-- found -->", "<!-- /found -->"
ARROWS = {"up": "up", "down": "down", "same": "no change"}


def check_page(page: Path) -> None:
    """Raises InputError if the page or its markers are missing, before anything is simulated."""
    if not page.is_file():
        raise InputError(Problem("study.page", f"no such file: {page}"))
    text = page.read_text(encoding="utf-8")
    if not -1 < text.find(BEGIN) < text.find(END):
        raise InputError(Problem("study.page", f"{page} has no lines {BEGIN} and {END} to put the table between"))


def write_found(page: Path, baseline: Results, differences: Sequence[Difference]) -> None:
    """Write the table of all differences with an expectation into the page."""
    said = [each for each in differences if each.expected]
    run, currency = baseline.config.run, baseline.config.economics.currency
    head = (
        f"{dt.date.today():%-d %B %Y}, {len(baseline.replications)} replications, seed {run.seed}: scenario minus "
        f"`{baseline.config.scenario.name}`, paired; all {len(differences)} intervals hold together with "
        f"{run.confidence:.0%} confidence."
    )
    lines = ["| scenario | measure | baseline | difference | expected | found |", "|---|---|---|---|---|---|"]
    lines += [_line(each, currency) for each in said]
    before, rest = page.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    table = "\n".join(lines)
    page.write_text(f"{before}{BEGIN}\n{head}\n\n{table}\n{END}{after}", encoding="utf-8")


def _line(each: Difference, currency: str) -> str:
    def kpi(value: float, half_width: float) -> Kpi:
        """The value as a result, for its unit and digits."""
        return Kpi(each.scope, each.name, each.measure, "all", value, half_width, each.n, each.unit)

    title = describe(each.measure).title + (f" {each.name}" if each.name != "all" else "")
    change = say(kpi(each.difference, each.half_width), currency).replace(" %", " points")
    sign = "+" if each.difference > 0 else ""
    found = f"**{each.found}**" if each.found in ("opposite", "different") else each.found
    base = say(kpi(each.baseline, float("nan")), currency)
    return f"| `{each.scenario}` | {title} | {base} | {sign}{change} | {ARROWS[each.expected]} | {found} |"
